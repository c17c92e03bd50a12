"""The incidents kept beside a record are those that all its claims give, however it grew, and as known by any day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khabar import bearings, chronicle, joining, workers
from khabar.areas import Area
from khabar.chronicle import Chronicle
from khabar.contract import line
from khabar.events import events, explain
from khabar.figures import Count, Figure
from khabar.grouping import best
from khabar.hearing import of_incidents
from khabar.histories import Histories
from khabar.incidents import Incident, incident_json, incidents
from khabar.keeping import incident_of, incident_row
from khabar.model import Quantity, Reading
from khabar.parties import Party
from khabar.record import Record
from khabar.reviews import signed
from khabar.tellings import Telling, words
from khabar.view import View
from test_histories import DAYS, FIRST, MANY, NEXT, REGISTRY, START, kept, readings_of
from test_histories import ROWS as SAID

# As of the histories, with more that meets across reports: tolls, what has no place, what lies days back, sides that a report describes.
MORE = st.tuples(
    st.sampled_from(["clash", "casualties", "attack", "airstrike", "agreement", "membership"]),
    st.sampled_from(["Red Army", "Blue", "Gunmen", "gunmen", "Mary Hale", "Hale", None]),
    st.sampled_from(["Green Front", "Blue Brigade", None]),
    st.sampled_from(["Oakford", "Oak Ford", "Oakford mill", "Westmark", None]),
    st.one_of(DAYS.map(str), DAYS.map(lambda day: f"..{day}"), st.none()),
    st.sampled_from([[], ["Blue"], ["Hale"], ["Wire Agency", "military source"]]),
    st.fixed_dictionaries(
        {"modality": st.sampled_from(["asserted", "asserted", "denied", "background", "possible"])},
        optional={
            "actor_id": st.just("blue"),
            "quantity": st.integers(2, 5).map(lambda n: {"low": n, "high": n, "unit": "killed"}),
            "sentence": st.just("On the road to Pinewell General Hale of Hill Post and his men were met by fire, all who saw it say."),
        },
    ),
)
REPORTS = st.tuples(
    st.sampled_from(["Harbour Post", "Hill Gazette", "State Voice"]),
    st.one_of(DAYS, DAYS, DAYS, st.none()),
    st.integers(0, 8),
    st.lists(st.one_of(MORE, MORE, SAID), min_size=1, max_size=5),
)


def by_hand(record: Record, known_by: date | None = None) -> list[str]:
    """All incidents, from all claims together, in memory."""
    view = View(record, REGISTRY, known_by)
    found = incidents(record.told_by(known_by, *of_incidents()), view.ties, view.regroupings)
    return [line(incident_json(one)) for one in found]


def kept_beside(record: Record, known_by: date | None = None) -> list[str]:
    return [line(incident_json(one)) for one in View(record, REGISTRY, known_by).chronicle.all()]


def test_a_day_of_publication_told_by_an_analyst_dates_all_that_the_report_says(tmp_path: Path) -> None:
    """Whatever the kind of the claim that he ruled on: a membership told beside an agreement is known from that day too."""
    joined = ("Harbour Post", None, 0, [
        ("agreement", "Red Army", "Green Front", "Oakford", "2031-04-28", [], {}),
        ("membership", "Blue", "Red Army", None, None, [], {}),
    ])  # fmt: skip
    fights = [("Hill Gazette", date(2031, 4, 29), n, [("clash", who, "Green Front", "Oakford", "2031-04-28", [], {})])
              for n, who in enumerate(("Blue", "Red Army"), 1)]  # fmt: skip
    with Record.create(tmp_path / "war.khabar") as record:
        for reading in readings_of([joined, *fights]):
            record.add(reading)
        agreement = next(told.claim for told in record.told() if told.claim.kind == "agreement")
        fields = {"published": "2031-05-02"}
        record.add_review(
            signed(agreement.claim_id, "correct", by="J. Doe", reason="seen", fields=fields, at=datetime(2031, 5, 1, tzinfo=UTC))
        )
        day = date(2031, 5, 10)
        assert View(record, REGISTRY, day).bearing.ties.said
        assert kept_beside(record, day) == by_hand(record, day)


def test_who_is_bound_otherwise_is_judged_anew_though_one_went_later(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An incident that a later report left, and whose parties belong to others now, is so for all that came between."""
    monkeypatch.setattr(joining, "MANY", 0)
    met = {"sentence": "On the road to Pinewell General Hale of Hill Post and his men were met by fire, all who saw it say."}
    by_all = ("Red Army", "Green Front", "Oakford")
    told = [
        (None, 0, [
            ("capture", "Red Army", "Red Army", "Pinewell", "2031-04-28", [], {}),
            ("clash", *by_all, None, [], {}),
            ("clash", "Red Army", "Green Front", "Westmark", "2031-04-28", [], met),
        ]),
        (date(2031, 4, 28), 0, [
            ("clash", "gunmen", "Blue Brigade", "Oakford", "2031-05-17", [], {"modality": "denied", **met}),
            ("airstrike", "Red Army", "Green Front", "Oak Ford", None, [], met),
        ]),
        (date(2031, 5, 13), 2, [("clash", *by_all, "2031-05-12", [], met)]),
        (date(2031, 4, 28), 0, [("clash", *by_all, "2031-04-28", [], {})]),
        (date(2031, 4, 28), 0, [
            ("clash", "Red Army", "Green Front", "Oak Ford", "2031-04-28", [], {}),
            ("membership", "Blue Brigade", "Red Army", "Oakford", "2031-04-28", [], {}),
        ]),
    ]  # fmt: skip
    with Record.create(tmp_path / "war.khabar") as record:
        for number, reading in enumerate(readings_of([("Harbour Post", *report) for report in told])):
            record.add(reading)
            if number == 2:
                fields, at = {"published": "2031-05-02"}, datetime(2031, 5, 3, tzinfo=UTC)
                record.add_review(signed(reading.claims[0].claim_id, "correct", by="J. Doe", reason="seen", fields=fields, at=at))
            if number == 3:
                assert kept_beside(record) == by_hand(record)
        assert kept_beside(record) == by_hand(record)


@pytest.mark.parametrize(
    ("at_most", "remembered"),
    [(joining.MANY, words()["remembered"]), (0, words()["remembered"]), (0, 1), (0, 2)],
    ids=["by_size", "joined_one_by_one", "that_remember_the_last", "that_remember_the_last_two"],
)
@MANY
@given(reports=st.lists(REPORTS, min_size=2, max_size=9), data=st.data())
def test_a_record_that_grew_keeps_the_incidents_of_all_its_claims(
    at_most: int, remembered: int, reports: list[Any], data: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with pytest.MonkeyPatch.context() as patch, Record.create(tmp_path_factory.mktemp("r") / "war.khabar") as record:
        patch.setattr(joining, "MANY", at_most)
        patch.setitem(words(), "remembered", remembered)  # type: ignore[arg-type]  # a dict, and nobody else may alter it
        for number, reading in enumerate(readings_of(reports)):
            record.add(reading)
            if data.draw(st.integers(0, 3), label="reviewed") == 0:
                verdict = data.draw(st.sampled_from(["accept", "reject", "correct"]))
                fields = {"published": "2031-05-02"} if verdict == "correct" else None
                at = datetime(2031, 5, 1 + number, tzinfo=UTC)
                record.add_review(signed(reading.claims[0].claim_id, verdict, by="J. Doe", reason="seen", fields=fields, at=at))
            if data.draw(st.booleans(), label=f"asked after {number}"):
                assert kept_beside(record) == by_hand(record)
        assert kept_beside(record) == by_hand(record)
        day = data.draw(DAYS, label="known by")
        assert kept_beside(record, day) == by_hand(record, day)
        assert kept_beside(record, day) == by_hand(record, day), "as it is kept"


def bombing(by: str | None, day: str, killed: tuple[int, int] = (3, 3), whom: str | None = None, **more: str) -> tuple[Any, ...]:
    """A row of a report, as `readings_of` takes it."""
    toll = {"low": killed[0], "high": killed[1], "unit": "killed"}
    return ("bombing", by, whom, "Oakford", day, [], {"quantity": toll, **more})


def day_by_day(told: list[list[tuple[Any, ...]]], addresses: list[int]) -> list[Reading]:
    """Reports of these rows and addresses, one a day."""
    found = zip(told, addresses, strict=True)
    return readings_of([("Harbour Post", START + timedelta(10 + n), address, rows) for n, (rows, address) in enumerate(found)])


MEMBER = ("membership", "Blue Brigade", "Green Front", None, None, [], {})


def sizes(record: Record) -> list[int]:
    return sorted(len(one.claims) for one in View(record, REGISTRY).chronicle.all())


@pytest.mark.parametrize("is_altered", [False, True], ids=["as_it_was", "told_once_more"])
def test_who_fitted_two_is_asked_again_when_one_is_judged_otherwise(
    is_altered: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bombing within some days may be that of the Front or that of the Brigade, which belongs to it; once an analyst rejects that it
    does, it is the Front's."""
    monkeypatch.setattr(joining, "MANY", 0)
    days = [str(START + timedelta(n)) for n in range(11)]
    told = [
        [bombing("Green Front", days[4])],
        [bombing("Blue Brigade", days[6])],
        [bombing("Green Front", f"{days[4]}..{days[6]}")],
        [MEMBER],
        [bombing("Blue Brigade", days[6])],
    ]
    readings = day_by_day(told, [0, 1, 2, 3, 4])
    with kept(tmp_path / "war.khabar", readings[:4]) as record:
        assert sizes(record) == [1, 1, 1]
        if is_altered:
            record.add(readings[4])
        at = datetime(2031, 6, 1, tzinfo=UTC)
        record.add_review(signed(readings[3].claims[0].claim_id, "reject", by="J. Doe", reason="seen", at=at))
        assert sizes(record) == ([2, 2] if is_altered else [1, 2])
        assert kept_beside(record) == by_hand(record)


def test_an_incident_is_told_in_other_words_once_one_side_belongs_to_the_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joining, "MANY", 0)
    day, toll = str(START), {"quantity": {"low": 3, "high": 3, "unit": "killed"}}
    dead = ("casualties", None, "Blue Brigade", "Oakford", day, [], toll)
    readings = day_by_day([[bombing("Green Front", day), dead], [MEMBER]], [0, 1])
    with kept(tmp_path / "war.khabar", readings[:1]) as record:
        (before,) = View(record, REGISTRY).chronicle.all()
        record.add(readings[1])
        (after,) = View(record, REGISTRY).chronicle.all()
        assert [party.name for party in before.recipients] == ["Blue Brigade"]
        assert [party.name for party in after.recipients] == []
        assert kept_beside(record) == by_hand(record)


def test_who_belongs_to_a_body_belongs_to_what_that_joins_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bombing by the Front and one by Grey Fighters on one day are one, once a report tells that the Brigade, of which the Fighters were
    known to be, belongs to the Front."""
    monkeypatch.setattr(joining, "MANY", 0)
    day = str(START)
    told = [
        [bombing("Grey Fighters", day, (30, 30))],
        [bombing("Green Front", day)],
        [("membership", "Grey Fighters", "Blue Brigade", None, None, [], {})],
        [MEMBER],
    ]
    readings = day_by_day(told, [0, 1, 2, 3])
    with kept(tmp_path / "war.khabar", readings[:2]) as record:
        for reading in readings[2:]:
            assert sizes(record) == [1, 1]
            record.add(reading)
        assert sizes(record) == [2]
        assert kept_beside(record) == by_hand(record)


@pytest.mark.parametrize(
    ("day", "first", "asked"), [(3, "Green Front", 0), (5, "Green Front", 1), (5, "Blue Brigade", 2)], ids=["before", "last", "first"]
)
def test_a_membership_as_of_a_day_asks_nobody_again_of_the_days_before(
    day: int, first: str, asked: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a later day the Brigade's bombing is asked again, and, if it comes after that, the Front's, which may be the same."""
    monkeypatch.setattr(joining, "MANY", 0)
    on = str(START + timedelta(day))
    told = [
        [bombing(first, on, (30, 30))],
        [bombing("Blue Brigade" if first == "Green Front" else "Green Front", on)],
        [("membership", "Blue Brigade", "Green Front", None, str(START + timedelta(4)), [], {})],
    ]
    readings = day_by_day(told, [0, 1, 2])
    with kept(tmp_path / "war.khabar", readings[:2]) as record:
        assert sizes(record) == [1, 1]
        record.add(readings[2])
        met: list[Any] = []
        monkeypatch.setattr("khabar.rejoining.best", lambda *given: met.append(given) or best(*given))
        assert sizes(record) == ([2] if asked else [1, 1])
        assert len(met) == asked
        assert kept_beside(record) == by_hand(record)


def test_who_speaks_is_known_once_he_belongs_to_somebody(tmp_path: Path) -> None:
    """Nobody knows the Grey Fighters, who count three dead, until a report tells to whom they belong: then others' count goes before."""
    five, three = bombing(None, str(START), (5, 5)), bombing(None, str(START))
    said = (*three[:5], ["Grey Fighters"], three[6])
    readings = day_by_day([[five], [said], [("membership", "Grey Fighters", "Green Front", None, None, [], {})]], [0, 1, 2])
    with kept(tmp_path / "war.khabar", readings[:2]) as record:
        (before,) = View(record, REGISTRY).chronicle.all()
        record.add(readings[2])
        (after,) = View(record, REGISTRY).chronicle.all()
        assert [one.figures[0].best for one in (before, after)] == [3, 5]
        assert kept_beside(record) == by_hand(record)


def test_what_went_had_taken_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the days of a bombing two others are all that it looks at; when both are taken back, it finds a later one, which it fits."""
    monkeypatch.setattr(joining, "MANY", 0)
    monkeypatch.setitem(words(), "remembered", 2)  # type: ignore[arg-type]
    days = [str(START + timedelta(n)) for n in range(11)]
    others = [bombing("Red Army", days[4], (900, 900)), bombing("Red Army", days[5], (1, 1))]
    told = [others, [bombing("Green Front", days[6])], [bombing("Green Front", f"{days[3]}..{days[7]}")], [MEMBER]]
    readings = day_by_day(told, [0, 1, 2, 0])  # the last in the place of the first
    with kept(tmp_path / "war.khabar", readings[:3]) as record:
        assert sizes(record) == [1, 1, 1, 1]
        record.add(readings[3])
        assert sizes(record) == [2]
        assert kept_beside(record) == by_hand(record)


def test_what_leaves_room_lets_another_be_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two bombings of one day are all that a background without a day looks at, and it fits neither; a later report shows that they are
    one, and so an earlier one comes into sight, which fits."""
    monkeypatch.setattr(joining, "MANY", 0)
    monkeypatch.setitem(words(), "remembered", 2)  # type: ignore[arg-type]
    days = [str(START + timedelta(n)) for n in range(11)]
    told = [
        bombing("Red Army", days[5], (30, 30)),
        bombing(None, days[8], (3, 3)),
        bombing(None, days[8], (900, 900)),
        bombing("Red Army", f"..{days[10]}", (30, 30), modality="background"),
        bombing(None, days[8], (3, 900)),
    ]
    readings = readings_of([("Harbour Post", START + timedelta(10), n, [row]) for n, row in enumerate(told)])
    with kept(tmp_path / "war.khabar", readings[:4]) as record:
        assert [len(one.claims) for one in View(record, REGISTRY).chronicle.all()] == [1, 1, 1, 1]
        record.add(readings[4])
        assert [len(one.claims) for one in View(record, REGISTRY).chronicle.all()] == [2, 3]
        assert kept_beside(record) == by_hand(record)


def test_however_many_processes_work_the_incidents_are_those_of_all_claims(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Accounts go between processes without their claims; a second file of a report leaves out what the first says in the same words."""
    day = START + timedelta(2)
    told = [
        ("capture", "Green Front", "Red Army", "Oakford", str(day), [], {}),
        ("casualties", "Red Army", None, "Oakford", str(day), ["Blue"], {"quantity": {"low": 3, "high": 3, "unit": "killed"}}),
        ("casualties", None, "Mary Hale", None, None, [], {"quantity": {"low": 1, "high": 1, "unit": "killed"}}),
        ("clash", "Gunmen", "Red Army", "Oakford", f"..{day}", [], {"modality": "background"}),
        ("airstrike", None, "Green Front", "Westmark", None, ["Wire Agency", "military source"], {"modality": "denied"}),
    ]
    outlets = ["Harbour Post", "Hill Gazette", "State Voice"]
    reports = [(outlets[n % 3], day + timedelta(n % 2), n % 6, told[n % 5 :] + told[: n % 3]) for n in range(9)]
    monkeypatch.setattr(workers, "at_hand", lambda: 2)
    monkeypatch.setattr(bearings, "at_hand", lambda: 2)
    for name in ("hearing.MANY", "joining.MANY_REPORTS", "chronicle.MANY"):
        monkeypatch.setattr(f"khabar.{name}", 0)
    for module in ("hearing", "joining", "chronicle"):
        monkeypatch.setattr(f"khabar.{module}.BATCH", 2)
    readings = readings_of([*FIRST, *reports, NEXT])
    printed = replace(readings[4], report=replace(readings[4].report, url="https://example.org/to-print"))
    with kept(tmp_path / "war.khabar", [*readings, printed]) as record:
        assert kept_beside(record) == by_hand(record)
        assert record.connection.execute("SELECT count(*) FROM derived.joined WHERE before <> '[]'").fetchone()[0] == 1
        assert any(one.informants > 1 and len(one.claims) > 3 for one in View(record, REGISTRY).chronicle.all())


def test_accounts_are_filed_while_what_else_was_begun_is_worked_out(tmp_path: Path) -> None:
    """Whoever writes has that to do while all accounts are joined, and so others begin before it."""
    filed: list[int] = []
    with kept(tmp_path / "war.khabar", readings_of([*FIRST, NEXT])) as record:

        def look() -> None:
            filed.append(record.connection.execute("SELECT count(*) FROM derived.shelves").fetchone()[0])

        def meanwhile() -> Callable[[], None]:
            look()
            return look

        Chronicle(Histories(record, REGISTRY).index, meanwhile=meanwhile)
        look()
    assert filed[0] == 0 < filed[1] == filed[2]


def test_what_was_asked_as_known_by_a_day_is_right_after_a_late_report(tmp_path: Path) -> None:
    day = START + timedelta(5)
    late = ("Hill Gazette", day, 9, [("capture", "Red Army", None, "Pinewell", str(day), [], {})])
    readings = readings_of([*FIRST, NEXT, late])
    with kept(tmp_path / "war.khabar", readings[:3]) as record:
        before = kept_beside(record, day)
        record.add(readings[3])
        assert kept_beside(record, day) == by_hand(record, day) != before


def test_of_many_days_of_knowledge_a_few_are_kept(tmp_path: Path) -> None:
    with kept(tmp_path / "war.khabar", readings_of([*FIRST, NEXT])) as record:
        for n in range(chronicle.beside.DAYS + 3):
            kept_beside(record, START + timedelta(n))
        days = [row[0] for row in record.connection.execute("SELECT DISTINCT known_by FROM derived.incidents")]
        assert len(days) <= chronicle.beside.DAYS + 1
        assert kept_beside(record, START) == by_hand(record, START)


def test_a_new_report_leaves_the_incidents_elsewhere_as_they_lie(tmp_path: Path) -> None:
    readings = readings_of([*FIRST, NEXT])
    with kept(tmp_path / "war.khabar", readings[:2]) as record:
        kept_beside(record)
        rows = set(map(tuple, record.connection.execute("SELECT incident, id FROM derived.incidents")))
        record.add(readings[2])
        kept_beside(record)
        assert rows < set(map(tuple, record.connection.execute("SELECT incident, id FROM derived.incidents")))


def test_an_unchanged_record_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with kept(tmp_path / "war.khabar", readings_of([*FIRST, NEXT])) as record:
        found = events(View(record, REGISTRY))
        monkeypatch.setattr(Record, "every_told", lambda *_, **__: pytest.fail("read again"))
        assert events(View(record, REGISTRY)) == found


def test_an_incident_comes_back_as_it_was_written() -> None:
    count = Count("Wire Agency", False, True, START, 2, None, ("a", "b"))
    place = Area("p1", "p1", "Oakford", 1.0, 2, "town", "YY", "Westmark", None)
    one, other = Party("red", "red", "Red Army"), Party("mary hale", None, "Mary Hale")
    told = Telling(
        "a", "r0", "v0", 0, 9, (1, 2), "clash", "denied", None, START, START, one, other, place, Quantity(2, None, "killed", True),
        "Wire Agency", True, 7, True, True, frozenset({"hale", "oakford"}), True, True, True,
    )  # fmt: skip
    figure = Figure("killed", 2, 2, 5, (count,))
    whole = Incident("i-a", "Clash", "clash", None, START, place, (one,), (other,), (figure,), 2, (told,), (("same day",),), ("so",))
    assert incident_of(incident_row(whole)) == whole
    assert all(getattr(told, field.name) != field.default for field in fields(Telling)), "a field with its default value proves nothing"


def test_an_incident_is_explained_from_what_is_kept(tmp_path: Path) -> None:
    with kept(tmp_path / "war.khabar", readings_of([*FIRST, NEXT])) as record:
        view = View(record, REGISTRY)
        one = events(view)[0]
        told = explain(view, one.id)
        assert told["title"] == one.title
        assert [claim["sentence"] for claim in told["claims"]] == ["(0) Green Front capture Red Army Oakford 2031-04-28 (R0)"]
