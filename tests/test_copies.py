"""Whoever prints a text, its origin is counted once: stories of copies, and what must hold of them in any order."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import invented
from khabar import copies, fingerprints, workers
from khabar.chains import chain
from khabar.copies import bring_up_to_date
from khabar.credits import credited
from khabar.fingerprints import Sentence, Sketches, degrees, marks_of, may_be_alike, may_be_like, sentences
from khabar.model import Claim, Participant, Place, Reading, Report, Section, Speaker
from khabar.record import Record
from khabar.ties import Ties

WORLD: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "stories/control.yaml").read_text("utf-8"))["world"]
REGISTRY = invented.registry(WORLD)

FALL = "The Green Front captured the hill town of Oakford on Monday after three days of shelling that emptied its market quarter."
REWORDED = "The Green Front seized the hill town of Oakford on Monday, after three days of shelling which emptied its old market quarter."
OWN = "Fighters of the Green Front entered Oakford at dawn on Monday, and by noon the last soldiers had driven off towards the river."
BRIDGE = "Two spans of the river bridge fell into the water and the road to the coast has been closed since Sunday evening."
MILLS = "Flour has doubled in price because the mills stand in the part of the valley that nobody dares to cross by daylight."
SCHOOL = "In the school of the lower town some four hundred people were sleeping on the floor, a teacher said."
PHRASE = "The war, now in its fifth year, has driven more than half of the people of the province from their homes."


def report(id: str, outlet: str | None, day: int, *sentences: str, chains: dict[int, list[str]] | None = None, **more: Any) -> Reading:
    """A report whose every sentence claims that the Green Front took Oakford, said by the chain of that sentence."""
    text, claims = "", []
    for number, sentence in enumerate(sentences):
        start, end = len(text), len(text) + len(sentence)
        speakers = tuple(Speaker(name, invented.id_of(name, WORLD)) for name in (chains or {}).get(number, []))
        party = Participant("Green Front", id="green-front", name="Green Front")
        where = Place("Oakford", start, end, name="Oakford")
        claims.append(
            Claim(f"{id}-{number}", id, start, end, "body", "capture", (start, start + 1), party, place=where, attribution=speakers)
        )
        text += f"{sentence}\n"
    return Reading(Report(id, text, outlet=outlet, published=date(2031, 5, day), **more), claims=tuple(claims))


def kept(*readings: Reading) -> Record:
    record = Record.scratch()
    for reading in readings:
        record.add(reading)
    return record


def informants(*readings: Reading) -> dict[str, str]:
    """Who is counted for each claim."""
    told = kept(*readings).told()
    ties = Ties(REGISTRY, told)
    return {item.claim.claim_id: chain(item, [], ties)[1] for item in told}


def copied(record: Record) -> set[tuple[str, ...]]:
    """The copied sentences, as (words, words of the original, report of the original)."""
    bring_up_to_date(record.connection)
    rows = record.connection.execute(
        "SELECT s.text, o.text, report_id FROM copied JOIN sentences AS s USING (sentence) JOIN sentences AS o ON o.sentence = of "
        "JOIN readings ON readings.reading = o.reading JOIN reports USING (version)"
    )
    return {tuple(row) for row in rows}


def test_an_agency_and_the_five_papers_that_print_it_are_one_informant() -> None:
    papers = [report(f"paper-{i}", f"Paper {i}", 5 + i % 2, FALL if i < 4 else REWORDED) for i in range(5)]
    assert set(informants(report("agency", "Wire Agency", 5, FALL), *papers).values()) == {"wire"}


def test_two_desks_that_write_of_one_event_are_two_informants() -> None:
    found = informants(report("agency", "Wire Agency", 5, FALL), report("paper", "Harbour Post", 5, OWN))
    assert found == {"agency-0": "wire", "paper-0": "harbour post"}


def test_what_a_paper_adds_to_a_copy_is_its_own() -> None:
    found = informants(report("agency", "Wire Agency", 5, FALL, BRIDGE), report("paper", "Harbour Post", 6, FALL, BRIDGE, SCHOOL))
    assert found["paper-0"] == found["paper-1"] == "wire"
    assert found["paper-2"] == "harbour post"


def test_an_unnamed_source_in_a_copy_is_the_agency_s_and_one_man() -> None:
    said = {0: ["military source"]}
    found = informants(
        report("agency", "Wire Agency", 5, FALL, chains=said),
        report("copy", "Harbour Post", 6, REWORDED, chains=said),
        report("quote", "Hill Gazette", 6, OWN, chains={0: ["Wire Agency", "military source"]}),
        report("other", "Hill Gazette", 6, MILLS, chains=said),
    )
    assert found["agency-0"] == found["copy-0"] == found["quote-0"] == "wire/military source"
    assert found["other-0"] == "hill gazette/military source"


def test_one_informant_by_two_routes_counts_once() -> None:
    found = informants(
        report("agency", "Wire Agency", 5, FALL, chains={0: ["War Watch"]}),
        report("paper", "Harbour Post", 5, OWN, chains={0: ["Red Army", "War Watch"]}),
        report("monitor", "War Watch", 4, MILLS),
    )
    assert set(found.values()) == {"watch"}


def test_a_man_with_a_name_is_one_man_whoever_quotes_him() -> None:
    found = informants(
        report("a", "Harbour Post", 5, FALL, chains={0: ["Tomas Reed"]}), report("b", "Hill Gazette", 5, OWN, chains={0: ["Tomas Reed"]})
    )
    assert len(set(found.values())) == 1


def test_a_boast_told_ten_times_stays_the_boast_of_one() -> None:
    told = kept(report("a", "Green Radio", 5, FALL), *(report(f"p{i}", f"Paper {i}", 5 + i % 3, FALL) for i in range(9))).told()
    parties = {chain(item, [], Ties(REGISTRY, told))[:2] for item in told}
    assert [(party.id if party else None, informant) for party, informant in parties] == [("green-radio", "green-radio")]


def test_an_agency_named_in_the_dateline_speaks() -> None:
    found = informants(
        report("a", "Harbour Post", 5, f"OAKFORD (Wire Agency) - {FALL}"), report("b", "Hill Gazette", 5, OWN, "— War Watch")
    )
    assert found["a-0"] == "wire"
    assert found["b-0"] == "watch"


@pytest.mark.parametrize(
    ("head", "tail", "who"),
    [
        ("PORT ASH, May 3 (Reuters) - Rebels left.", "", "Reuters"),
        ("(AFP) – Rebels left.", "", "AFP"),
        ("Oakford, SANA - Rebels left.", "", "SANA"),
        ("Reuters — Rebels left.", "", "Reuters"),
        ("The Bridge Falls PORT ASH (Sputnik) Rebels left.", "", "Sputnik"),
        ("Rebels left.", "It was quiet again. — Reuters", "Reuters"),
        ("Rebels left.", "It was quiet again. (AFP)", "AFP"),
        ("Rebels left.", "It was quiet.\nSource: AFP", "AFP"),
        ("Rebels left (and came back) - again and again.", "Nothing is known of the others.", None),
    ],
)
def test_the_one_whose_text_it_is_stands_at_the_edges(head: str, tail: str, who: str | None) -> None:
    assert credited(head, tail) == who


def test_a_later_report_changes_nothing_that_was_known_before() -> None:
    first = report("paper", "Harbour Post", 5, FALL)
    alone = kept(first).told()
    later = kept(first, report("agency", "Wire Agency", 6, FALL), report("more", "Hill Gazette", 7, REWORDED, BRIDGE)).told()
    assert [item for item in later if item.is_known_by(date(2031, 5, 5))] == alone


def test_a_phrase_that_every_report_has_does_not_make_copies_of_the_rest() -> None:
    found = copied(kept(report("a", "Harbour Post", 5, FALL, PHRASE), report("b", "Hill Gazette", 6, OWN, PHRASE)))
    assert found == {(PHRASE, PHRASE, "a")}


def test_two_tolls_in_one_set_phrase_are_two_reports() -> None:
    first = "Shelling on the town of Oakford killed 12 people and wounded many others on Monday, the mayor said."
    second = "Shelling on the town of Pinewell killed 31 people and wounded many others on Friday, the mayor said."
    assert copied(kept(report("a", "Harbour Post", 5, first), report("b", "Hill Gazette", 9, second))) == set()


def test_a_sentence_much_reworded_is_known_by_its_company() -> None:
    changed = "In the school of the lower town several hundred persons slept on floors, one teacher said."
    alone = copied(kept(report("a", "Harbour Post", 5, SCHOOL), report("b", "Hill Gazette", 6, changed)))
    together = copied(kept(report("a", "Harbour Post", 5, FALL, BRIDGE, SCHOOL), report("b", "Hill Gazette", 6, FALL, BRIDGE, changed)))
    assert alone == set()
    assert (changed, SCHOOL, "a") in together


def test_what_surrounds_a_report_is_no_copy() -> None:
    first, second = (report(id, id, 5, MILLS) for id in ("a", "b"))
    apart = (Section("boilerplate", 0, len(MILLS)),)
    around = [
        Reading(Report(r.report.id, r.report.text, outlet=r.report.outlet, published=r.report.published, sections=apart))
        for r in (first, second)
    ]
    with Record.scratch() as record:
        for reading in around:
            record.add(reading, sentences=[(0, len(MILLS))])
        assert copied(record) == set()


def test_a_page_that_was_changed_is_no_origin_of_what_stood_elsewhere_before() -> None:
    url = "https://example.org/page"
    pages = [report("old", "Wire Agency", 1, OWN, url=url), report("new", "Wire Agency", 1, FALL, url=url, revised=date(2031, 5, 10))]
    assert {item.tellers for item in kept(*pages, report("paper", "Harbour Post", 5, FALL)).told("report_id = 'paper'")} == {
        (("Harbour Post", None),)
    }


def test_a_page_seen_again_changed_is_put_in_its_place() -> None:
    """The first text arrives after the changed one, which only then is known from the day of its change."""
    url = "https://example.org/page"
    with kept(
        report("new", "Wire Agency", 1, FALL, url=url, revised=date(2031, 5, 10)), report("paper", "Harbour Post", 5, FALL)
    ) as record:
        bring_up_to_date(record.connection)
        record.add(report("old", "Wire Agency", 1, OWN, url=url))
        assert record.told("report_id = 'paper'")[0].tellers == (("Harbour Post", None),)
        assert record.told("report_id = 'new'")[0].tellers == (("Harbour Post", None),)


SENTENCES = (FALL, REWORDED, OWN, BRIDGE, MILLS, SCHOOL, PHRASE)
REPORTS = st.lists(
    st.tuples(st.integers(1, 6), st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=5, unique=True)), min_size=2, max_size=8
)


@settings(max_examples=40, deadline=None)
@given(rows=REPORTS, order=st.randoms(use_true_random=False), pause=st.integers(0, 8))
def test_what_is_worked_out_bit_by_bit_is_what_is_worked_out_at_once(rows: list[Any], order: Any, pause: int) -> None:
    readings = [report(f"r{i}", f"Paper {i}", day, *sentences) for i, (day, sentences) in enumerate(rows)]
    at_once = copied(kept(*readings))
    order.shuffle(readings)
    with Record.scratch() as record:
        for number, reading in enumerate(readings):
            record.add(reading)
            if number >= pause:
                bring_up_to_date(record.connection)
        assert copied(record) == at_once


PRINTED = [report(f"r{n}", f"Paper {n}", 1 + n % 3, *SENTENCES[n % 4 : n % 4 + 3]) for n in range(7)]


def on_disk(path: Path) -> Record:
    record = Record.create(path)
    for reading in PRINTED:
        record.add(reading)
    return record


def test_however_many_processes_compare_the_copies_are_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tables = [f"SELECT * FROM {table} ORDER BY 1, 2, 3" for table in ("sketched", "sketches", "copied")]
    monkeypatch.setattr(copies, "at_hand", lambda: 2)
    monkeypatch.setattr(workers, "at_hand", lambda: 2)
    for name, number in (("PART", 2), ("BATCH", 3), ("PAIRS", 1), ("SKETCHES", 1)):
        monkeypatch.setattr(copies, name, number)
    found = []
    for many in (len(PRINTED) + 1, len(PRINTED)):
        monkeypatch.setattr(copies, "MANY", many)
        with on_disk(tmp_path / f"{many}.khabar") as record:
            bring_up_to_date(record.connection)
            found.append([[tuple(row) for row in record.connection.execute(query)] for query in tables])
    assert found[0] == found[1]
    assert all(found[0])


def test_processes_that_do_not_see_yet_what_is_gone_find_no_copies_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, paper, gazette = (
        report("wire", "Wire Agency", 5, FALL),
        report("paper", "Harbour Post", 6, FALL),
        report("hill", "Gazette", 7, FALL),
    )
    read_again = Reading(first.report, claims=report("wire", "Wire Agency", 5, FALL[:40]).claims)
    monkeypatch.setattr(copies, "MANY", 1)
    for module in (copies, workers):
        monkeypatch.setattr(module, "at_hand", lambda: 2)
    with Record.create(tmp_path / "war.khabar") as record:
        record.add(first)
        bring_up_to_date(record.connection)
        for later in (read_again, paper, gazette):
            record.add(later)
        assert copied(record) == copied(kept(read_again, paper, gazette)) == {(FALL, FALL, "paper")}


def test_what_another_program_works_in_meanwhile_is_left_to_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "BATCH", 2)
    begun = []

    def traced(statement: str) -> None:
        if statement.startswith("BEGIN IMMEDIATE"):
            begun.append(statement)
            if len(begun) == 2:
                with Record.create(tmp_path / "war.khabar") as other:
                    bring_up_to_date(other.connection)

    with on_disk(tmp_path / "war.khabar") as record:
        record.connection.set_trace_callback(traced)
        found = copied(record)
        record.connection.set_trace_callback(None)
    assert len(begun) == 4
    assert found == copied(kept(*PRINTED)) != set()


def test_a_record_that_may_not_be_written_to_is_answered_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "war.khabar"
    with Record.create(path) as record:
        record.add(report("a", "Wire Agency", 5, FALL))
        record.add(report("b", "Harbour Post", 6, FALL))
    with Record.open(path) as record:
        assert [item.tellers for item in record.told()] == [(("Wire Agency", None),)] * 2


WORDS = st.lists(
    st.sampled_from(["seventy", "soldiers", "left", "the", "mill", "town", "before", "rain", "fell", "on", "Oakford", "3", "5"]),
    min_size=1,
    max_size=40,
)


@given(one=WORDS, other=WORDS)
def test_nothing_that_is_alike_is_passed_over(one: list[str], other: list[str]) -> None:
    first, second = Sentence.of(" ".join(one)), Sentence.of(" ".join(other))
    if degrees(first, second)[1]:
        assert may_be_like(first.shape, second.shape)
        assert may_be_like(second.shape, first.shape)


def test_most_sentences_that_share_no_more_than_a_phrase_are_not_even_compared() -> None:
    chance = Random(1)
    own = [["Green", "Front", "and", "Red", "Brigade", "near", *(f"word{chance.randrange(9000)}" for _ in range(15))] for _ in range(200)]
    shapes = [one.shape for one in sentences([" ".join(words) for words in own])]
    assert sum(map(may_be_like, shapes[::2], shapes[1::2])) < 20  # of 100 pairs


@given(texts=st.lists(WORDS.map(" ".join), min_size=1, max_size=30))
def test_what_may_be_alike_is_found_at_once_as_it_is_one_by_one(texts: list[str]) -> None:
    told = [(number // 3, number, one) for number, one in enumerate(sentences(texts))]  # three to a report
    sketches = Sketches.of(told)
    columns = marks_of(sketches)
    marks = list(zip(*columns.tolist(), strict=True))
    assert marks == sorted((mark, rank, id, *one.shape) for rank, id, one in told for mark in one.sketch)
    expected = []
    for rank, id, one in told:
        near = [[row for row in marks if row[0] == mark and row[1] < rank][:2] for mark in one.sketch]
        found = {(row[1], row[2]) for rows in near for row in rows if may_be_like(one.shape, row[3:])}
        expected += [[rank, id, *pair] for pair in sorted(found)]
    assert may_be_alike(sketches, columns, 2).tolist() == expected


def test_words_beyond_the_letters_of_unicode_are_compared_as_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    def none_left(number: int) -> str:
        raise ValueError(number)

    spelt = [Sentence.of(text) for text in (FALL, REWORDED)]
    monkeypatch.setattr(fingerprints, "_letters", fingerprints._Letters())
    monkeypatch.setattr(fingerprints, "chr", none_left, raising=False)
    numbered = [Sentence.of(text) for text in (FALL, REWORDED)]
    assert (type(numbered[0].letters), type(spelt[0].letters)) == (tuple, str)
    assert degrees(*numbered) == degrees(spelt[0], numbered[1]) == degrees(*spelt) != (0, 0)
    assert [one.sketch for one in numbered] == [one.sketch for one in spelt]


def test_a_record_sketched_by_an_earlier_program_is_sketched_anew_once_a_report_comes() -> None:
    agency, paper = report("agency", "Wire Agency", 5, FALL), report("paper", "Harbour Post", 6, REWORDED)
    record = kept(agency, paper)
    found = copied(record)
    record.connection.executescript("DROP TABLE sketches; CREATE TABLE sketches (hash, rank, sentence)")
    assert copied(record) == found != set()
    late = report("gazette", "Hill Gazette", 7, FALL)
    record.add(late)
    assert copied(record) == copied(kept(agency, paper, late)) > found
