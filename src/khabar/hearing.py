"""A record → what each of its reports tells of incidents, kept beside it: read again where something that it rests on changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b

from khabar import beside
from khabar.bearings import CLAIMS, Bearings, Spreading
from khabar.copies import Tellers
from khabar.imports import BY_CODER
from khabar.keeping import Row, Shelf, fields_of, telling_row, written
from khabar.parties import Party
from khabar.record import Told, told_of
from khabar.spellings import normal
from khabar.tellings import Teller, Telling, is_told, words
from khabar.ties import Ties


def hear(bearings: Bearings, spread: Spreading) -> None:
    """Read the reports that stand today and are not read, or no longer: what they tell, and what that rests on. Within the caller's
    transaction."""
    run = bearings.index.run
    missing = [tuple(row) for row in run.execute(_MISSING)]
    if not missing:
        return
    edition = beside.next_edition(run)
    batches = [missing[start : start + BATCH] for start in range(0, len(missing), BATCH)]
    with beside.filling(run, "tells") as is_first:
        for made in spread(_heard, batches, many=len(missing) >= MANY):
            run.executemany(
                "INSERT INTO derived.tellings VALUES (?, ?, ?, ?)", [(number, edition, told, shows) for number, told, shows, _ in made]
            )
            if not is_first:
                run.executemany("DELETE FROM derived.tells WHERE number = ?", [(number,) for number, *_ in made])
            marked = sorted((mark, number) for number, *_, marks in made for mark in marks)
            run.executemany("INSERT INTO derived.tells VALUES (?, ?)", marked)


def of_incidents() -> tuple[str, Sequence[str]]:
    """The condition on claims that may be part of an incident."""
    kinds: Sequence[str] = words()["naming"]
    return f"kind IN ({', '.join('?' * len(kinds))})", kinds


BATCH = 200  # reports to be read at a time
MANY = 3000  # reports for which it pays to start processes

Heard = tuple[int, str, str, list[int]]  # number of the version, what it tells, what that shows, marks of what it rests on


def _heard(bearings: Bearings, missing: Sequence[tuple[int, str]]) -> list[Heard]:
    """What some reports tell, from their claims."""
    teller, tellers = Teller(bearings.ties), Tellers(bearings.index.run)
    return [(number, *_heard_in(reading, bearings, teller, tellers)) for number, reading in missing]


def _heard_in(reading: str, bearings: Bearings, teller: Teller, tellers: Tellers) -> tuple[str, str, list[int]]:
    condition, kinds = of_incidents()
    rows = bearings.index.run.execute(
        f"{CLAIMS} WHERE claims.reading = ? AND {condition} ORDER BY start, trigger_start, claim_id", (reading, *kinds)
    )
    every = (told_of(row, bearings.standings, tellers, bearings.index.decided) for row in rows.fetchall())
    told = [bearings.rulings.applied(item) for item in every]
    heard = [(item, teller.telling(item)) for item in told if is_told(item.claim)]
    silent = [item for item in told if not is_told(item.claim)]
    keys = [_key(item) for item, _ in heard] + [_key(item) for item in silent]
    shelf = Shelf()
    row = [[telling_row(telling, shelf) for _, telling in heard], shelf.row(), keys]
    shows = written(shown_by([telling for _, telling in heard]))
    return written(row), shows, [*map(beside.number_of, {mark for pair in heard for mark in _rests_on(*pair, bearings.ties)})]


def shown_by(tellings: Sequence[Telling]) -> list[str]:
    """What tellings of one report add to what all reports together show."""
    areas = {f"{AREA}{written(fields_of(area))}" for area in {telling.area for telling in tellings if telling.area}}
    parties = {party for telling in tellings for party in (telling.actor, telling.recipient) if party}
    spelt = {f"{DESCRIBED}{party.key}" for party in parties if party.id is None and party.is_generic}
    names = {f"{NAME}{name}" for telling in tellings for name in telling.names}
    return sorted(areas | spelt | names | ({NAMED} if names else set()))


AREA, DESCRIBED, NAME, NAMED = "area ", "described ", "name ", "named"  # the last, of a report that uses any names


_MISSING = (
    "SELECT versions.number, reading FROM derived.versions AS versions LEFT JOIN derived.tellings AS tellings USING (number) "
    "WHERE outdated = '' AND told IS NULL ORDER BY reading"
)


def _key(item: Told) -> Row:
    """What is the same in two files that say the same in the same words (see `record.once`); and whether it is another coder's."""
    sentence = blake2b(item.sentence.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
    return [item.claim.claim_id, item.known.toordinal() if item.known else None, sentence, item.claim.rule.startswith(BY_CODER)]


def _rests_on(item: Told, telling: Telling, ties: Ties) -> Iterator[str]:
    """Marks of what it was made from (see `bearing_rows.marks_of`); of a speaker, what a party is marked by."""
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
        yield from (f"speaker {normal(text)}" for text in (spelling, spelling.rpartition("[")[2].strip("] ")))


def _of_party(party: Party, ties: Ties) -> Iterable[str]:
    return (f"party {key}" for key in (party.key, *ties.above(party, None)))
