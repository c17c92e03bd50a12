"""Content → flat tables of claims, incidents, holdings and reports, as CSV, Parquet or a workbook."""

from __future__ import annotations

import csv
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from khabar.contract import Json
from khabar.exports.content import Content
from khabar.exports.extras import needed
from khabar.exports.losses import Losses
from khabar.incidents import Incident
from khabar.lexicon import table as table_of
from khabar.model import Participant, Report
from khabar.record import Told

Row = Mapping[str, Any]


@dataclass(frozen=True, repr=False)
class Table:
    """Rows under fixed columns, each row with a value for every column: None where it is unknown.

    In Python a day is a `date` and a list a list; in CSV and Excel a list within a cell is joined by "; ".
    """

    name: str
    columns: tuple[str, ...]
    rows: Sequence[Row]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __repr__(self) -> str:
        return f"<{self.name}: {len(self.rows)} rows of {len(self.columns)} columns; .rows, .to_pandas(), .to_arrow()>"

    def to_arrow(self) -> Any:
        """A `pyarrow.Table`; InputError where pyarrow is not installed."""
        arrow = needed("pyarrow", "parquet")
        return arrow.Table.from_pylist([dict(row) for row in self.rows], schema=_schema(arrow, self))

    def to_pandas(self) -> Any:
        """A `pandas.DataFrame`: days as `datetime64`, whole numbers as `Int64`; InputError where pandas is not installed."""
        pandas = needed("pandas", "pandas")
        found = pandas.DataFrame([dict(row) for row in self.rows], columns=list(self.columns))
        for name in found.columns:
            if name in DAYS:
                found[name] = np.array(list(found[name]), "datetime64[s]")  # pandas' own reading ends at the year 2262
            elif name in NUMBERS:
                found[name] = found[name].astype(_PANDAS[NUMBERS[name]])
        return found


@cache
def columns(name: str) -> tuple[str, ...]:
    """The columns of a table, from columns.yaml."""
    return tuple(table_of("columns")[name])


def tables(content: Content) -> list[Table]:
    """The four tables of a record."""
    return [table(content, name) for name in ROWS]


def table(content: Content, name: str) -> Table:
    """One of them."""
    return Table(name, columns(name), [dict.fromkeys(columns(name)) | dict(row) for row in ROWS[name](content)])


def claim_row(item: Told) -> dict[str, Any]:
    """A claim as one flat row; `trigger` is the words themselves. What a translation has beside them is of its report."""
    claim, place, quantity = item.claim, item.claim.place, item.claim.quantity
    names = ("claim_id", "report_id", "section", "start", "end", "kind", "date_start", "date_end", "date_text", "modality", "rule")
    row: dict[str, Any] = {name: getattr(claim, name) for name in (*names, "confidence")}
    row |= {"outlet": item.outlet, "published": item.known, "url": item.url, "sentence": item.sentence}
    row |= {"trigger": item.sentence[claim.trigger[0] - claim.start : claim.trigger[1] - claim.start]}
    row |= _participant("actor", claim.actor) | _participant("recipient", claim.recipient)
    if place:
        row |= {"place_text": place.text, "place_id": place.id, "place": place.name}
        row |= {name: getattr(place, name) for name in ("latitude", "longitude", "precision", "country", "admin1")}
    if quantity:
        row |= {f"quantity_{name}": getattr(quantity, name) for name in ("low", "high", "unit", "approximate")}
    ids = [speaker.id or "" for speaker in claim.attribution]
    return row | {"attribution": [speaker.text for speaker in claim.attribution], "attribution_ids": ids if any(ids) else []}


def _participant(role: str, participant: Participant | None) -> dict[str, Any]:
    return {f"{role}_text": participant.text, f"{role}_id": participant.id, role: participant.name} if participant else {}


def _incident_row(one: Incident) -> Row:
    place = one.place
    row: dict[str, Any] = {name: getattr(one, name) for name in ("id", "title", "kind", "date_start", "date_end", "informants")}
    if place:
        row |= {"place_id": place.id, "place": place.name}
        row |= {name: getattr(place, name) for name in ("latitude", "longitude", "precision", "country", "admin1")}
    for role, parties in (("actor", one.actors), ("recipient", one.recipients)):
        row |= {f"{role}_ids": [party.id or "" for party in parties], f"{role}s": [party.name for party in parties]}
    row["figures"] = [f"{figure.unit} {figure.low}..{figure.high}, best {figure.best}" for figure in one.figures]
    return row | {"claim_ids": [telling.claim_id for telling in one.claims]}


def _holding_row(state: Json) -> Row:
    place, since = state["place"], state["since"] or {}
    row = {name: state[name] for name in ("date_start", "date_end", "status", "standing", "probability", "informants", "because")}
    row |= {"place_id": place["id"], "place": place["name"]} | {name: place[name] for name in ("latitude", "longitude", "precision")}
    for name in ("holder", "previous"):
        row |= {f"{name}_id": (state[name] or {}).get("id"), name: (state[name] or {}).get("name")}
    row |= {"besieged_by": (state["besieged_by"] or {}).get("name"), "disputed_by": [party["name"] for party in state["disputed_by"]]}
    row |= {"since_start": since.get("date_start"), "since_end": since.get("date_end")}
    return row | {"claims_for": state["for"], "claims_against": state["against"]}


def _report_row(report: Report) -> Row:
    return {name: getattr(report, name, report.id) for name in columns("reports")}


ROWS: Mapping[str, Callable[[Content], Iterable[Row]]] = {
    "claims": lambda content: (claim_row(item) | content.view.translations.beside(item) for item in content.told),
    "incidents": lambda content: map(_incident_row, content.incidents),
    "holdings": lambda content: map(_holding_row, content.holdings),
    "reports": lambda content: map(_report_row, content.reports),
}
"""The tables by name, and what makes their rows."""


# --- files


def cell(value: Any) -> Any:
    """A value as a cell: lists joined, days in ISO, nothing for what is unknown."""
    if isinstance(value, (list, tuple)):
        return "; ".join(str(item) for item in value)
    return value.isoformat() if hasattr(value, "isoformat") else value


def safe(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula: a report's words may begin with "=".

    >>> safe("=HYPERLINK(1)"), safe(-3), safe("plain")
    ("'=HYPERLINK(1)", -3, 'plain')
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value


def write_rows(path: Path, columns: Sequence[str], rows: Sequence[Row]) -> None:
    """One CSV file, UTF-8, with a heading."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([safe(cell(row.get(name))) for name in columns] for row in rows)


def write_csv(content: Content, folder: Path) -> Losses:
    """A folder with claims.csv, incidents.csv, holdings.csv and reports.csv."""
    folder.mkdir(parents=True, exist_ok=True)
    found = tables(content)
    for table in found:
        write_rows(folder / f"{table.name}.csv", table.columns, table.rows)
    return _losses("csv", found)


def write_excel(content: Content, path: Path) -> Losses:
    """A workbook, one sheet a table."""
    book = needed("openpyxl", "sheets").Workbook(write_only=True)
    found = tables(content)
    losses = _losses("excel", found)
    for table in found:
        sheet = book.create_sheet(table.name)
        sheet.append(table.columns)
        for row in table.rows[:MOST_ROWS]:
            sheet.append([_short(safe(cell(row.get(name))), table, row, losses) for name in table.columns])
        for row in table.rows[MOST_ROWS:]:
            losses.lose(f"{table.name} beyond a million", "a sheet ends there", _key(row))
    book.save(path)
    return losses


MOST_ROWS, LONGEST_CELL = 1_048_575, 32_767  # of Excel's format


def _short(value: Any, table: Table, row: Row, losses: Losses) -> Any:
    if isinstance(value, str) and len(value) > LONGEST_CELL:
        losses.lose(f"the end of a cell of {table.name}", "a cell ends at 32,767 characters", _key(row))
        return value[:LONGEST_CELL]
    # Control characters other than tab and line break are not allowed in its XML.
    return "".join(c for c in value if c >= " " or c in "\t\n\r") if isinstance(value, str) else value


def write_parquet(content: Content, folder: Path) -> Losses:
    """A folder with one Parquet file a table; incidents and holdings as GeoParquet, their points in well-known binary."""
    arrow, parquet = needed("pyarrow", "parquet"), needed("pyarrow.parquet", "parquet")
    folder.mkdir(parents=True, exist_ok=True)
    found = tables(content)
    for table in found:
        parquet.write_table(_with_points(arrow, table, table.to_arrow()), folder / f"{table.name}.parquet")
    return Losses("parquet", {table.name: len(table.rows) for table in found})


LISTS = frozenset({"attribution", "attribution_ids", "disputed_by", "claims_for", "claims_against", "because", "figures", "claim_ids"}) | {
    f"{role}{ending}" for role in ("actor", "recipient") for ending in ("_ids", "s")
}
NUMBERS = (
    dict.fromkeys(("latitude", "longitude", "probability", "confidence"), "float64")
    | {"quantity_approximate": "bool_"}
    | dict.fromkeys(("start", "end", "quantity_low", "quantity_high", "informants"), "int64")
)
_PANDAS = {"float64": "float64", "int64": "Int64", "bool_": "boolean"}  # the last two know what is missing
DAYS = frozenset({"published", "date_start", "date_end"})


def _schema(arrow: Any, table: Table) -> Any:
    def kind(name: str) -> Any:
        if name in LISTS:
            return arrow.list_(arrow.string())
        return arrow.date32() if name in DAYS else getattr(arrow, NUMBERS.get(name, "string"))()

    return arrow.schema([(name, kind(name)) for name in table.columns])


def _with_points(arrow: Any, table: Table, made: Any) -> Any:
    if "latitude" not in table.columns:
        return made
    points = [point_wkb(row.get("longitude"), row.get("latitude")) for row in table.rows]
    meta = '{"version":"1.1.0","primary_column":"geometry","columns":{"geometry":{"encoding":"WKB","geometry_types":["Point"]}}}'
    made = made.append_column("geometry", arrow.array(points, arrow.binary()))
    return made.replace_schema_metadata({"geo": meta})


def point_wkb(longitude: float | None, latitude: float | None) -> bytes | None:
    """A point in well-known binary, little-endian; None where there is none."""
    return None if longitude is None or latitude is None else struct.pack("<BIdd", 1, 1, longitude, latitude)


def _key(row: Row) -> str:
    """What names a row in a report of losses."""
    return str(next(row[name] for name in ("claim_id", "id", "place_id", "place", "report_id") if row.get(name)))


def _losses(name: str, found: Sequence[Table]) -> Losses:
    losses = Losses(name, {table.name: len(table.rows) for table in found})
    for table in found:
        for row in table.rows:
            for column in LISTS & set(table.columns):
                if any(";" in str(item) for item in row.get(column) or ()):
                    losses.lose(f"where the items of {column} end", "they are joined by semicolons and hold one", _key(row))
    return losses
