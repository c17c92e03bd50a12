"""A record → its incidents, kept beside it: what does not change is not worked out again.

    reports ─► tellings and accounts of each (kept) ─► incidents (kept)

A new report is read; of the others, those are read again that rest on what it changed: a spelling, a membership, a place. All accounts are
then joined anew, as accounts far apart may meet through a third, and the incidents that come out as they were are left as they are. As
known by an earlier day, incidents are worked out from the claims of that day, and kept until something arrives. Tables: derived.sql.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import blake2b
from typing import Any

from khabar import beside
from khabar.accounts import Account, Places
from khabar.bearings import CLAIMS, Bearings, Index, spread
from khabar.copies import Tellers
from khabar.grouping import account_of, across_reports, within_report
from khabar.imports import BY_CODER
from khabar.incidents import Incident, Joined, incident, incidents, no_collection, ruled
from khabar.judging import Judge
from khabar.keeping import (
    Outline,
    Row,
    Shelf,
    incident_of,
    incident_row,
    outline_of,
    outline_row,
    telling_of,
    telling_row,
    unshelved,
    written,
)
from khabar.parties import Party
from khabar.record import Told, locked_or_full, told_of
from khabar.roles import is_coded
from khabar.rulings import regroupings
from khabar.spellings import normal
from khabar.tellings import Teller, Telling, is_told, words
from khabar.ties import Ties


class Chronicle:
    """The incidents of a record, as known by a day (None: today); `reported`: by what reports tell alone, without the rows of datasets."""

    def __init__(self, index: Index, known_by: date | None = None, *, reported: bool = False) -> None:
        self.index, self.known_by, self.reported = index, known_by, reported
        self.run = index.run
        self._day = (known_by.isoformat() if known_by else "") + (" reported" if reported else "")
        self._rulings = regroupings(self.run, known_by)
        self._update()

    def outlines(self) -> list[tuple[int, Outline]]:
        """What a question asks of each, with the number under which `read` finds it; in the order of their days."""
        rows = self.run.execute(
            "SELECT incident, id, first, last, informants, outline FROM derived.incidents WHERE known_by = ? "
            "ORDER BY last IS NULL, last, first, id", (self._day,)
        )  # fmt: skip
        return [(number, outline_of(*columns)) for number, *columns in rows]

    def read(self, numbers: Iterable[int]) -> list[Incident]:
        """Those of that number, in that order."""
        query = "SELECT body FROM derived.incident_bodies WHERE incident = ?"
        return [incident_of(self.run.execute(query, (number,)).fetchone()[0]) for number in numbers]

    def all(self) -> list[Incident]:
        """All of them, in the order of their days."""
        rows = self.run.execute(
            "SELECT body FROM derived.incidents JOIN derived.incident_bodies USING (incident) WHERE known_by = ? "
            "ORDER BY last IS NULL, last, first, id", (self._day,)
        )  # fmt: skip
        return [incident_of(row[0]) for row in rows]

    def called(self, id: str) -> Incident | None:
        """The incident of that id."""
        query = "SELECT incident FROM derived.incidents WHERE known_by = ? AND id = ? ORDER BY last IS NULL, last, first"
        found = self.run.execute(query, (self._day, id)).fetchone()
        return self.read([found[0]])[0] if found else None

    # --- keeping up with the record

    def _update(self) -> None:
        if self._is_current():
            return
        with locked_or_full(beside.NAME), self.run, no_collection():
            self.run.execute("BEGIN IMMEDIATE")
            if not self._is_current():
                made = self._as_known() if self._day else self._today()
                self._write(made)
                beside.note(self.run, **{f"incidents {self._day}": self.journal})

    def _is_current(self) -> bool:
        return beside.facts(self.run).get(f"incidents {self._day}") == self.journal

    @property
    def journal(self) -> str:
        """How far the record has come, as the index knows it."""
        return beside.journal(self.run, self._rulings)

    def _write(self, made: Iterable[Written]) -> None:
        for made_of, outline, body in made:
            query = "INSERT INTO derived.incidents (known_by, id, first, last, informants, outline, made_of) VALUES (?, ?, ?, ?, ?, ?, ?)"
            number = self.run.execute(query, (self._day, *outline, made_of)).lastrowid
            self.run.execute("INSERT INTO derived.incident_bodies VALUES (?, ?)", (number, body))

    def _as_known(self) -> Iterator[Written]:
        """All that were known by that day; what is kept of other days, where it is too much or outdated, goes."""
        journal = self.journal
        held = {name.partition(" ")[2]: value for name, value in beside.facts(self.run).items() if name.startswith("incidents ")}
        old = sorted(day for day, value in held.items() if day and (value != journal or len(held) > DAYS))
        for day in {*old, self._day}:
            self._forget("known_by = ?", day)
            self.run.execute("DELETE FROM derived.facts WHERE name = ?", (f"incidents {day}",))
        every = self.index.record.told_by(self.known_by, *of_incidents())
        told = [item for item in every if not (self.reported and is_coded(item.claim))]
        for one in incidents(told, self.index.as_known_by(self.known_by).ties, self._rulings):
            yield "", outline_row(one), incident_row(one)

    def _today(self) -> Iterator[Written]:
        """Those that are new or not what they were; the others stay, and what is no more goes."""
        bearings = self.index.as_known_by(None)
        reports = Reports(self.index, bearings)
        across = Judge.across(bearings.ties, [telling for report in reports.found for telling in report.tellings])
        accounts = [account for report in reports.found for account in report.accounts]
        editions = {report.version: report.edition for report in reports.found}
        made = {_made_of(joined, editions): joined for joined in ruled(across_reports(accounts, across), self._rulings)}
        held = {row[0] for row in self.run.execute("SELECT made_of FROM derived.incidents WHERE known_by = ''")}
        for gone in sorted(held - set(made)):
            self._forget("known_by = '' AND made_of = ?", gone)
        new = [(key, joined) for key, joined in made.items() if key not in held]
        batches = [new[start : start + 10 * BATCH] for start in range(0, len(new), 10 * BATCH)]
        for rows in spread(bearings, _rows_of, batches, many=len(new) >= 10 * MANY):
            yield from rows

    def _forget(self, where: str, value: str) -> None:
        self.run.execute(
            f"DELETE FROM derived.incident_bodies WHERE incident IN (SELECT incident FROM derived.incidents WHERE {where})", (value,)
        )
        self.run.execute(f"DELETE FROM derived.incidents WHERE {where}", (value,))


Written = tuple[str, tuple[str, int | None, int | None, int, str], str]  # what it is made of, its outline, its body


def _rows_of(bearings: Bearings, new: Sequence[tuple[str, Sequence[Joined]]]) -> list[Written]:
    judge = Judge(bearings.ties)
    found = ((key, incident(joined, judge)) for key, joined in new)
    return [(key, outline_row(one), incident_row(one)) for key, one in found]


DAYS = 8  # of knowledge, whose incidents are kept


def of_incidents() -> tuple[str, Sequence[str]]:
    """The condition on claims that may be part of an incident."""
    kinds: Sequence[str] = words()["naming"]
    return f"kind IN ({', '.join('?' * len(kinds))})", kinds


def _made_of(joined: Sequence[Joined], editions: dict[str, int]) -> str:
    parts = [(editions[told.version], told.claim_id, why) for told, why in joined]
    return blake2b(repr(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


# --- what each report tells


@dataclass(slots=True)
class Report:
    """What one report tells. `keys`: of its tellings, and of the claims of plans and forecasts after them, what is the same where another
    file says the same in the same words. `grouped`: as kept, what the accounts rest on, and what they are made of."""

    number: int
    version: str
    edition: int
    tellings: list[Telling]
    keys: list[tuple[Any, ...]]
    grouped: Row | None
    accounts: list[Account] = field(default_factory=list)


class Reports:
    """All reports that stand today, in the order of publication: from the rows that are kept, or else from their claims."""

    def __init__(self, index: Index, bearings: Bearings) -> None:
        self.run, self.ties = index.run, bearings.ties
        self._read_missing(bearings)
        self.found = [_report(*row) for row in self.run.execute(_KEPT)]
        self._group(self._said_before())

    def _read_missing(self, bearings: Bearings) -> None:
        missing = [tuple(row) for row in self.run.execute(_MISSING)]
        if not missing:
            return
        edition = int(beside.facts(self.run).get("edition", 0)) + 1
        beside.note(self.run, edition=str(edition))
        batches = [missing[start : start + BATCH] for start in range(0, len(missing), BATCH)]
        for made in spread(bearings, _heard, batches, many=len(missing) >= MANY):
            for number, row, marks in made:
                self.run.execute("INSERT INTO derived.tellings VALUES (?, ?, ?, NULL)", (number, edition, row))
                self.run.execute("DELETE FROM derived.tells WHERE number = ?", (number,))
                self.run.executemany("INSERT INTO derived.tells VALUES (?, ?)", [(mark, number) for mark in marks])

    def _said_before(self) -> list[set[int]]:
        """For each report which of its claims another has in the same words, as `record.once` chooses between them."""
        found: list[set[int]] = [set() for _ in self.found]
        kept: dict[tuple[Any, ...], tuple[int, int, bool]] = {}
        for place, report in enumerate(self.found):
            for number, (*key, by_coder) in enumerate(report.keys):
                held = kept.setdefault(tuple(key), (place, number, by_coder))
                if held[:2] != (place, number):
                    one, other = (held, (place, number, by_coder)) if held[2] else ((place, number, by_coder), held)
                    found[one[0]].add(one[1])
                    kept[tuple(key)] = other
            report.keys.clear()
        return found

    def _group(self, said_before: Sequence[set[int]]) -> None:
        """The accounts of each report: as they are kept, but where a place is a part of another now, or something was said before."""
        for report, before in zip(self.found, said_before, strict=True):
            report.tellings = [telling for number, telling in enumerate(report.tellings) if number not in before]
        places = Places({telling.area for report in self.found for telling in report.tellings if telling.area})
        judge = Judge(self.ties)
        for report, before in zip(self.found, said_before, strict=True):
            basis = [sorted(before), [places.root(telling.area) if telling.area else None for telling in report.tellings]]
            if report.grouped and report.grouped[:2] == basis:
                report.accounts = [_account(report.tellings, group, places) for group in report.grouped[2]]
                continue
            report.accounts = within_report(report.tellings, judge, places)
            at = {id(telling): number for number, telling in enumerate(report.tellings)}
            groups = [[[at[id(telling)] for telling in one.tellings], one.why] for one in report.accounts]
            self.run.execute("UPDATE derived.tellings SET grouped = ? WHERE number = ?", (written([*basis, groups]), report.number))


BATCH = 200  # reports, or 10 times as many incidents, to be worked out at a time
MANY = 3000  # reports for which it pays to start processes

Heard = tuple[int, str, list[str]]  # number of the version, what it tells, marks of what that rests on


def _heard(bearings: Bearings, missing: Sequence[tuple[int, str]]) -> list[Heard]:
    """What some reports tell, from their claims."""
    teller, tellers = Teller(bearings.ties), Tellers(bearings.index.run)
    return [(number, *_heard_in(reading, bearings, teller, tellers)) for number, reading in missing]


def _heard_in(reading: str, bearings: Bearings, teller: Teller, tellers: Tellers) -> tuple[str, list[str]]:
    condition, kinds = of_incidents()
    rows = bearings.index.run.execute(
        f"{CLAIMS} WHERE claims.reading = ? AND {condition} ORDER BY start, trigger_start, claim_id", (reading, *kinds)
    )
    every = (told_of(row, bearings.standings, bearings.index.decided, tellers.of(reading, row["sentence"])) for row in rows.fetchall())
    told = [bearings.rulings.applied(item) for item in every]
    heard = [(item, teller.telling(item)) for item in told if is_told(item.claim)]
    silent = [item for item in told if not is_told(item.claim)]
    keys = [_key(item) for item, _ in heard] + [_key(item) for item in silent]
    shelf = Shelf()
    row = [[telling_row(telling, shelf) for _, telling in heard], shelf.row(), keys]
    return written(row), sorted({mark for pair in heard for mark in _rests_on(*pair, bearings.ties)})


_MISSING = (
    "SELECT versions.number, reading FROM derived.versions AS versions LEFT JOIN derived.tellings AS tellings USING (number) "
    "WHERE outdated = '' AND told IS NULL ORDER BY reading"
)
_KEPT = (
    "SELECT number, versions.version, edition, told, grouped FROM derived.tellings JOIN derived.versions AS versions USING (number) "
    "JOIN reports ON reports.version = versions.version WHERE outdated = '' "
    "ORDER BY published IS NULL, published, report_id, reports.version"
)


def _report(number: int, version: str, edition: int, told: str, grouped: str | None) -> Report:
    rows, shelf, keys = json.loads(told)
    things = unshelved(shelf)
    tellings = [telling_of(row, things) for row in rows]
    return Report(number, version, edition, tellings, [tuple(key) for key in keys], json.loads(grouped) if grouped else None)


def _account(tellings: Sequence[Telling], group: Row, places: Places) -> Account:
    """The account of one report that `within_report` had made of these."""
    (first, *others), why = group
    account = account_of(tellings[first], places)
    for number, reasons in zip(others, why[1:], strict=True):
        account.absorb(account_of(tellings[number], places), tuple(reasons))
    return account


def _key(item: Told) -> Row:
    """What is the same in two files that say the same in the same words (see `record.once`); and whether it is another coder's."""
    sentence = blake2b(item.sentence.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
    return [item.claim.claim_id, item.known.toordinal() if item.known else None, sentence, item.claim.rule.startswith(BY_CODER)]


def _rests_on(item: Told, telling: Telling, ties: Ties) -> Iterator[str]:
    """Marks of what it was made from (see `bearings.marks_of`)."""
    claim = item.claim
    for participant in (claim.actor, claim.recipient):
        if participant and participant.id is None:
            yield from (f"actor {normal(text)}" for text in (participant.text, participant.name or participant.text))
    if claim.place and (claim.place.id is None or claim.place.id.startswith("name:")):
        yield f"place {normal(claim.place.name or claim.place.text)}"
    for party in (telling.actor, telling.recipient):
        if party:
            yield from _of_party(party, ties)
    if claim.attribution and claim.attribution[-1].id is None:
        spelling = claim.attribution[-1].text
        yield from (f"party {normal(text)}" for text in (spelling, spelling.rpartition("[")[2].strip("] ")))


def _of_party(party: Party, ties: Ties) -> Iterable[str]:
    return (f"party {key}" for key in (party.key, *ties.above(party, None)))
