"""The name of a way in → seeds for it, and what takes the bytes: it may raise an error of ours and nothing else."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path, PurePath

from khabar import actorfiles, bundling, coders, datasets, gazetteer, importing, place_imports, registry, reviews, ruleform, rules
from khabar.contract import canonical, reading_json
from khabar.feeds import MAX_CHARACTERS, fetching, read_inputs
from khabar.model import Failure, Reading, Report
from khabar.record import Record

FILES = Path(__file__).parents[1] / "feeds"

fetching._resolved = lambda host, port: ["127.0.0.1"]  # so that every address is refused, and none is asked


@dataclass(frozen=True)
class Target:
    """`take`: what is done with an input, which lies in a file of that name. `weight`: its share of a whole run."""

    seeds: tuple[bytes, ...]
    take: Callable[[Path], object]
    name: str = "input"
    weight: int = 1


def _feed(path: Path) -> None:
    """Every item is a report that can be written down, or a failure in one short line that names the file."""
    for item in read_inputs([path]):
        if isinstance(item, Failure):
            item.message.encode()
            assert 0 < len(item.message) <= len(item.source or "") + 1100
            assert "\n" not in item.message
        else:
            assert item.text.strip()
            assert len(item.text) <= MAX_CHARACTERS
            assert all(0 <= section.start <= section.end <= len(item.text) for section in item.sections), item.sections
            canonical(reading_json(Reading(replace(item, original=b"")))).encode()


def _part_of(document: str, part: str) -> Callable[[Path], None]:
    """An input as one part of a zipped document, which reaches further than a damaged zip file."""

    def take(path: Path) -> None:
        whole = path.with_suffix(PurePath(document).suffix)
        with zipfile.ZipFile(FILES / document) as old, zipfile.ZipFile(whole, "w") as new:
            for entry in old.namelist():
                new.writestr(entry, path.read_bytes() if entry == part else old.read(entry))
        _feed(whole)

    return take


def _registry(path: Path) -> None:
    for name, text in actorfiles.own_files(path):
        actorfiles.read_war(text, name)


def _rules(path: Path) -> None:
    content, faults = rules.checked(path, _known())
    if not faults:
        rules.with_own({kind.name: kind for kind in rules.load_rules()}, content)


@cache
def _known() -> ruleform.Known:
    return rules.known(rules.load_rules())


def _places(path: Path) -> None:
    store = path.with_name("places.sqlite")
    store.unlink(missing_ok=True)
    place_imports.import_places(path, store=store)


def _coding(path: Path) -> None:
    text = "Reds took Oakford on Monday, the Wire said. Greens left Pinewell."
    coders.read_coding(path, coders.Source({"r1": {"v1": text}}, frozenset({"the Wire"})), coder="a")


def _import(path: Path) -> None:
    """Rows that are kept are kept whole: the record they come into can be dumped, and what they claim stands where it is said to stand."""
    with Record.scratch() as record:
        record.add(Reading(Report("r1", "Reds took Oakford on Monday, the Wire said. Greens left Pinewell.", outlet="Post")))
        importing.take_in(record, path, _registry_of_all(), gazetteer.Gazetteer([]), speaker="a")
        for item in record.told():
            assert item.sentence
        canonical(list(record.dump())).encode()


@cache
def _registry_of_all() -> registry.Registry:
    return registry.load_registry()


def _review(path: Path) -> None:
    parts = path.read_bytes().decode("utf-8", "surrogateescape").split("\n")
    verdict, name, value, by, reason = [*parts, *[""] * 5][:5]
    made = reviews.signed("c1", verdict, by=by, reason=reason, fields={name: value} if name else None)
    with Record.scratch() as record:
        record.reviews()
        reviews.in_force([made], date(2031, 5, 5))
    canonical(vars_of(made)).encode("utf-8", "surrogateescape")


def vars_of(review: object) -> dict[str, object]:
    return {name: getattr(review, name) for name in review.__dataclass_fields__}  # type: ignore[attr-defined]


def _bundle(path: Path) -> None:
    with bundling.unpacked(path) as record, Record.open(record) as kept:
        kept.failures()


TEXT = (
    "---\ntitle: Village changes hands\npublished: 2031-05-02\n---\n"
    "Fighters took the town of Qalam on Monday, and the army left.\n\nMore soon."
)
RULES = """kind: capture
add:
  - rule: capture
    verbs: [steamroll]
    examples:
      - "Militia fighters steamrolled the town of Oakford.": Militia fighters | - | Oakford
"""
ACTORS = """conflict: Invented war
countries: [XA]
ambiguous: [front]
actors:
  - id: red-front
    kind: armed_group
    name: Red Front
    names: [Reds, {text: RF, from: 2030-01, to: 2031}]
    relations: [{type: part_of, of: green-army, from: 2030}]
    sides: [{of: red, to: 2031-02-03}]
    source: [invented]
generic:
  - {text: rebels, actor: red-front, from: 2030-01-02}
"""
CODED = [
    {"claim_id": "1", "report_id": "r1", "kind": "capture", "start": 0, "end": 43, "trigger": [5, 9], "section": "body",
     "actor": {"text": "Reds", "start": 0, "end": 4}, "place": {"text": "Oakford"}, "attribution": [{"text": "the Wire"}]},
]  # fmt: skip
ACLED = (
    "event_id_cnty,event_date,event_type,latitude,longitude,actor1,fatalities\n"
    "X1,2031-05-05,Battles,35.1,36.2,Reds,3\nX2,05 May 2031,Riots,35,36,,\n"
)
GED = "id,date_start,date_end,latitude,longitude,best,low,high\n1,2031-05-05,2031-05-06,35.1,36.2,3,1,9\n"
PLACES = "name,latitude,longitude,country,admin1\nOakford,35.1,36.2,SY,Idlib\nPinewell,35.2,36.3,SY,\n"
GEOJSON = {
    "type": "FeatureCollection",
    "features": [
        {"type": "Feature", "properties": {"name": "Oakford"}, "geometry": {"type": "Point", "coordinates": [36.2, 35.1]}},
        {"type": "Feature", "properties": {"name": "Vale"},
         "geometry": {"type": "Polygon", "coordinates": [[[36, 35], [37, 35], [37, 36], [36, 35]]]}},
    ],
}  # fmt: skip
GEONAMES = (
    "\t".join(
        ["1", "Oakford", "Oakford", "Okford,أوك", "35.1", "36.2", "P", "PPL", "SY", "", "IB", "", "", "", "100", "", "5", "Asia", "x"]
    )
    + "\n"
)
REVIEW = "correct\nactor\nReds\nA\nso\n"


def _file(name: str) -> bytes:
    return (FILES / name).read_bytes()


def _part(document: str, part: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(_file(document))) as opened:
        return opened.read(part)


def _files(*names: str) -> tuple[bytes, ...]:
    return tuple(map(_file, names))


WARC = gzip.decompress(_file("archive.warc.gz"))
WORD, LISTS = "word/document.xml", "word/numbering.xml"
PAGES = tuple(path.read_bytes() for path in sorted((FILES / "pages").iterdir()))

TARGETS: Mapping[str, Target] = {
    "text": Target((TEXT.encode(), TEXT.encode("utf-16"), TEXT.encode("cp1256", "replace"), _file("addresses.txt")), _feed, "a.txt", 8),
    "html": Target(PAGES, _feed, "a.html", 8),
    "saved": Target(_files("saved.mht"), _feed, "a.mht", 6),
    "pdf": Target(_files("two-columns.pdf", "scan.pdf", "locked.pdf"), _feed, "a.pdf", 8),
    "warc": Target((WARC,), _feed, "a.warc", 8),
    "warc-gz": Target(_files("archive.warc.gz"), _feed, "a.warc.gz", 15),
    "mail": Target(_files("press-release.eml", "newsletter.eml", "forwarded.eml"), _feed, "a.eml", 10),
    "mailbox": Target(_files("box.mbox"), _feed, "a.mbox", 6),
    "lines": Target(
        (_file("translated.jsonl"), b'{"id": "a", "html": "<p>Reds took Oakford.</p>"}\n{"text": "b c d"}\n'), _feed, "a.jsonl", 40
    ),
    "posts": Target(_files("telegram/result.json", "x/answer.json"), _feed, "result.json", 40),
    "tweets": Target(_files("x/tweets.js", "x/account.js"), _feed, "tweets.js", 40),
    "csv": Target(_files("texts.csv"), _feed, "a.csv", 15),
    "sheet": Target(_files("links.xlsx"), _feed, "a.xlsx", 8),
    "document": Target(_files("sitrep.docx", "sitrep.odt"), _feed, "a.docx", 8),
    "word-body": Target((_part("sitrep.docx", WORD),), _part_of("sitrep.docx", WORD), "a", 6),
    "word-lists": Target((_part("sitrep.docx", LISTS),), _part_of("sitrep.docx", LISTS), "a", 4),
    "odt-body": Target((_part("sitrep.odt", "content.xml"),), _part_of("sitrep.odt", "content.xml"), "a", 6),
    "feed": Target(_files("feed.rss", "feed.atom"), _feed, "a.rss", 15),
    "unnamed": Target((*PAGES, WARC, TEXT.encode(), *_files("box.mbox", "feed.rss", "press-release.eml")), _feed, "a", 6),
    "parquet": Target(_files("texts.parquet"), _feed, "a.parquet", 8),
    "registry": Target((ACTORS.encode(),), _registry, "a.yaml", 40),
    "rules": Target((RULES.encode(),), _rules, "a.yaml", 10),
    "places": Target((PLACES.encode(),), _places, "a.csv", 1),
    "geojson": Target((json.dumps(GEOJSON).encode(),), _places, "a.geojson", 1),
    "geonames": Target((GEONAMES.encode(),), _places, "a.txt", 1),
    "acled": Target((ACLED.encode(), GED.encode()), datasets.read_dataset, "a.csv", 20),
    "coding": Target((json.dumps(CODED).encode(), json.dumps({"report": {"id": "r1"}, "claims": CODED}).encode()), _coding, "a.json", 20),
    "rows": Target((ACLED.encode(), GED.encode()), _import, "a.csv", 3),
    "claims": Target((json.dumps(CODED).encode(), json.dumps({"report": {"id": "r1"}, "claims": CODED}).encode()), _import, "a.json", 3),
    "review": Target((REVIEW.encode(), b"accept\n\n\nA\nso"), _review, "a", 10),
}
