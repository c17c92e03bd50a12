"""What was read → Parquet, and back: `readings`, a row for each report with all that a record keeps, and `claims`, a row for each claim."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from typing import Any

from khabar.bulk.storage import opened
from khabar.contract import Json, canonical, claim_from_json, claim_json, mention_from_json, mention_json, report_from_json, report_json
from khabar.exports.extras import needed
from khabar.exports.tables import Table, claim_row, columns
from khabar.feeds.arrivals import Item
from khabar.feeds.once import Seen
from khabar.model import Claim, Failure, Reading, Report, Span
from khabar.record import Told
from khabar.translations import beside

Outcome = tuple[Reading, tuple[Span, ...]] | Failure

_STRINGS = ("source", "report_id", "outlet", "published", "url", "title", "text", "sha256")
_LISTS = ("report", "mentions", "claims", "sentences", "doubts", "failures")


@dataclass(frozen=True)
class Row:
    """One item of a part, read. `report`: None where there was none; `reading`: None where the reading of it broke. `failures`: why, or the
    warnings that came with it."""

    source: str
    report: Report | None
    reading: Reading | None
    sentences: tuple[Span, ...]
    failures: tuple[Failure, ...]


def row_of(item: Item, read: Callable[[Report], Outcome]) -> Row:
    """What is read of an item."""
    if isinstance(item, Failure):
        return Row(item.source or item.id, None, None, (), (item,))
    outcome = read(item.report)
    if isinstance(outcome, Failure):
        return Row(item.source, item.report, None, (), (*item.warnings, outcome))
    return Row(item.source, item.report, outcome[0], outcome[1], item.warnings)


# -- out -----------------------------------------------------------------------------------------------------------------------------


def readings_file(rows: Sequence[Row]) -> bytes:
    """Parquet of everything that a record keeps of the rows."""
    arrow = needed("pyarrow", "scale")
    schema = arrow.schema(
        [
            *((name, arrow.string()) for name in _STRINGS),
            ("original", arrow.binary()),
            ("rules", arrow.string()),
            *((name, arrow.string()) for name in _LISTS),
        ]
    )
    return _written(arrow.Table.from_pylist([_flat(row) for row in rows], schema=schema))


def claims_file(rows: Sequence[Row]) -> bytes:
    """Parquet of the claims, in the columns of `khabar export --format parquet`."""
    names, read = columns("claims"), [row.reading for row in rows if row.reading]
    told = [claim_row(_told(one.report, claim)) | beside(one.report, claim) for one in read for claim in one.claims]
    return _written(Table("claims", names, [dict.fromkeys(names) | row for row in told]).to_arrow())


def _told(report: Report, claim: Claim) -> Told:
    return Told(claim, report.text[claim.start : claim.end], "", report.outlet, report.published, report.url)


def _written(table: Any) -> bytes:
    arrow, parquet = needed("pyarrow", "scale"), needed("pyarrow.parquet", "scale")
    sink = arrow.BufferOutputStream()
    parquet.write_table(table, sink, compression="zstd")
    return bytes(sink.getvalue().to_pybytes())


def _flat(row: Row) -> Json:
    flat: Json = {"source": row.source, "failures": canonical([asdict(failure) for failure in row.failures])}
    if row.report:
        report = {name: value for name, value in report_json(row.report).items() if name != "text"}
        flat |= {name: report[name] for name in ("outlet", "published", "url", "title", "sha256")}
        flat |= {"report_id": row.report.id, "text": row.report.text, "original": row.report.original, "report": canonical(report)}
    if row.reading:
        flat |= {
            "rules": row.reading.rules,
            "mentions": canonical([mention_json(mention) for mention in row.reading.mentions]),
            "claims": canonical([claim_json(claim) for claim in row.reading.claims]),
            "sentences": canonical(row.sentences),
            "doubts": canonical([asdict(doubt) for doubt in row.reading.doubts]),
        }
    return flat


# -- in ------------------------------------------------------------------------------------------------------------------------------


def outcomes(rows: Iterable[Mapping[str, Any]], skip: Callable[[Report], bool]) -> Iterator[Outcome]:
    """What the rows of `readings` tell, as reading the same reports one after the other would have given it; none for those to skip."""
    with closing(Seen()) as seen:
        for row in rows:
            report = _report(row)
            if report and (again := seen.before(report.id, report.text, row["source"])):
                yield again
                continue
            yield from _failures(row["failures"])
            if report and row["mentions"] is not None and not skip(report):
                yield _reading(report, row), tuple((start, end) for start, end in json.loads(row["sentences"]))


def _report(row: Mapping[str, Any]) -> Report | None:
    if row["report"] is None:
        return None
    return report_from_json({**json.loads(row["report"]), "text": row["text"], "original": row["original"]})


def _reading(report: Report, row: Mapping[str, Any]) -> Reading:
    mentions = tuple(map(mention_from_json, json.loads(row["mentions"])))
    claims = tuple(map(claim_from_json, json.loads(row["claims"])))
    return Reading(report, mentions=mentions, claims=claims, rules=row["rules"], doubts=tuple(_failures(row["doubts"])))


def _failures(words: str) -> list[Failure]:
    return [Failure(**failure) for failure in json.loads(words)]


def length(address: str) -> int:
    """How many rows a file has."""
    with opened(address) as stream:
        return int(needed("pyarrow.parquet", "scale").ParquetFile(stream).metadata.num_rows)


def rows_of(address: str) -> Iterator[Mapping[str, Any]]:
    """The rows of a file, some at a time."""
    with opened(address) as stream:
        for batch in needed("pyarrow.parquet", "scale").ParquetFile(stream).iter_batches(batch_size=64):
            yield from batch.to_pylist()
