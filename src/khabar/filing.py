"""Accounts of reports → rows that are kept of them, and under which keys and days they are filed and sought (table: derived.shelves)."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from sqlite3 import Connection
from struct import Struct
from typing import NamedTuple

from khabar.accounts import Account, Reasons
from khabar.areas import Area
from khabar.beside import number_of
from khabar.grouping import Order, account_of, asked, days_of, filed, is_sought_by_names, marks, order, shelf_of, within_report
from khabar.judging import Judge
from khabar.keeping import Shelf, telling_of, telling_row, unshelved, written
from khabar.tellings import Telling, words
from khabar.ties import Ties

DAY, WHOLE_DAY, SPAN, WHOLE_SPAN, LONG, UNDATED = range(6)
"""Shelves: what is known to the day, a time of few days by its last, a longer one, and what has no day; apart, of the first two, what tells
of a whole place, as that is sought some days around."""


@dataclass(slots=True)
class Kept:
    """An account as it is kept, which absorbs no other as long as its order is asked for. `told`: its row; `keys`: the rarest names of its
    report; `incident`: the account that came first in its incident; `fitted`: how many it fitted (see `grouping.best`)."""

    id: int
    account: Account
    told: str
    keys: Sequence[str]
    incident: int
    why: Reasons
    fitted: int
    _order: Order | None = None

    @property
    def order(self) -> Order:
        """Not asked for where all are joined, and a million of them held."""
        if self._order is None:
            self._order = order(self.account)
        return self._order


def kept(id: int, told: str, keys: Sequence[str], incident: int, why: str, fitted: int) -> Kept:
    return Kept(id, account_from(told), told, keys, incident, tuple(json.loads(why)), fitted)


class Made(NamedTuple):
    """What is kept of an account as it is made of what a report tells. `kinds`: a bit for each; `heard`: does it assert anything? `told`:
    its row; `content`, `bonds`: see `content_of`; `shelves`: see `rows_of`, packed."""

    kinds: int
    heard: bool
    told: str
    content: bytes
    bonds: bytes
    shelves: bytes


def made_of(tellings: Iterable[Telling], keys: Sequence[str], judge: Judge, root: Callable[[Area], str]) -> Iterator[tuple[Account, Made]]:
    """The accounts of one report, and what is kept of each."""
    for account in within_report(tellings, judge, root):
        told = account_row(account, root)
        content, bonds = content_of(account, told, keys, judge.ties)
        yield account, Made(bits(account.kinds), account.counts, told, content, bonds, rows_packed(rows_of(account, keys)))


def account_row(account: Account, root: Callable[[Area], str]) -> str:
    shelf = Shelf()
    rows = [telling_row(telling, shelf) for telling in account.tellings]
    return written([rows, shelf.row(), account.why, [telling.area and root(telling.area) for telling in account.tellings]])


def account_from(text: str) -> Account:
    rows, shelf, why, roots = json.loads(text)
    things = unshelved(shelf)
    (first, *others) = (account_of(telling_of(row, things), root) for row, root in zip(rows, roots, strict=True))
    for other, reasons in zip(others, why[1:], strict=True):
        first.absorb(other, tuple(reasons))
    return first


def told_from(text: str) -> tuple[list[Telling], list[Reasons]]:
    """The tellings of an account that is kept, and what joined each."""
    rows, shelf, why, _ = json.loads(text)
    things = unshelved(shelf)
    return [telling_of(row, things) for row in rows], [tuple(reasons) for reasons in why]


def content_of(account: Account, told: str, keys: Sequence[str], ties: Ties) -> tuple[bytes, bytes]:
    """Hashes of all that decides to what it is joined, but for what all reports together show: of what it tells, and of to whom its parties
    belong."""
    parties = {*account.actors.values(), *account.recipients.values(), *account.victims.values()}
    names = list(keys) if is_sought_by_names(account) else []
    return _hash([told, names]), _hash_of_bonds(tuple(sorted(ties.bonds(party.key) for party in parties)))


@lru_cache(maxsize=50_000)  # the same few parties meet again and again, and their bonds are many words
def _hash_of_bonds(bonds: tuple[tuple[str, ...], ...]) -> bytes:
    return _hash([*bonds])


def _hash(content: object) -> bytes:
    return blake2b(repr(content).encode("utf-8", "surrogatepass"), digest_size=16).digest()


# --- the keys


Row = tuple[int, int, int]  # key, shelf, day
LAST = 1 << 30  # later than any day
ALL_KINDS = -1  # all bits


def rows_of(account: Account, keys: Sequence[str]) -> set[Row]:
    """Where it stands for those that seek it, and for those that ask who seeks what they tell."""
    at = _shelves(account)
    found = {(number_of(key), *one) for key in filed(account, keys) for one in at}
    found |= {(number_of(("asked", key)), *one) for key in asked(account) for one in at}
    return found | {(number_of(key), UNDATED, 0) for key in marks(account)}


_ROW = Struct("qqq")


def rows_packed(rows: Iterable[Row]) -> bytes:
    """Three million of them are held for a while."""
    return b"".join(_ROW.pack(*row) for row in rows)


def rows_in(rows: bytes) -> Iterator[tuple[int, ...]]:
    return _ROW.iter_unpack(rows)


Sight = tuple[Hashable, int]  # under which key and day something is seen by what has no day: it looks at the last of these alone


def seekers(run: Connection, account: Account, keys: Sequence[str], *, whole: bool) -> Iterator[tuple[int, Sight | None]]:
    """Accounts that may find one that tells this; `whole`: as part of an incident that tells of a whole place. More than needed does no
    harm. What has no day looks at nothing that lasts, and of what is known to the day only at some: for that, its sight is given."""
    for key in marks(account):
        yield from ((id, None) for id in _undated_seekers(run, number_of(key)))
    for key in filed(account, keys):
        number = number_of(("asked", key) if isinstance(key, tuple) and key[0] == "in" else key)
        for shelf, day in _shelves(account):
            if shelf in (DAY, WHOLE_DAY, UNDATED):
                sight = None if shelf == UNDATED else (key, day)
                yield from ((id, sight) for id in _undated_seekers(run, number))
            if shelf != UNDATED:
                yield from ((id, None) for id in _dated_seekers(run, number, shelf, day, whole=whole))


def _undated_seekers(run: Connection, key: int) -> list[int]:
    return [row[0] for row in run.execute(_ON_SHELVES.format(f"shelf = {UNDATED}"), (key,))]


def _dated_seekers(run: Connection, key: int, shelf: int, day: int, *, whole: bool) -> list[int]:
    again, far, long = words()["restated_days"], words()["news_days"], _short()
    known = shelf in (DAY, WHOLE_DAY)
    around = again if whole else 0
    days = {  # first and last, by shelf
        **({DAY: (day, day), WHOLE_DAY: (day - around, day + around)} if known else {}),
        SPAN: (day - (0 if known else far), day + long),
        WHOLE_SPAN: (day - max(again, far), day + long + again),
        LONG: (day - max(again, far), LAST),
    }
    query = _KNOWN_SEEKERS if known else _LASTING_SEEKERS
    return [row[0] for row in run.execute(query, (key, *(bound for some in days.values() for bound in some)))]


_ON_SHELVES = "SELECT account FROM derived.shelves WHERE key = ?1 AND {}"
_LASTING_SEEKERS, _KNOWN_SEEKERS = (
    " UNION ALL ".join(
        _ON_SHELVES.format(f"shelf = {shelf} AND day BETWEEN ?{2 * at + 2} AND ?{2 * at + 3}") for at, shelf in enumerate(some)
    )
    for some in ((SPAN, WHOLE_SPAN, LONG), (DAY, WHOLE_DAY, SPAN, WHOLE_SPAN, LONG))
)


def _short() -> int:
    """Days between the first and the last of what is no long time: as long as news without a day."""
    return int(words()["news_days"]) + 1


def _shelves(account: Account) -> list[tuple[int, int]]:
    shelf, days = shelf_of(account), days_of(account)
    if shelf == "undated":
        return [(UNDATED, 0)]
    if shelf == "day":
        return [(WHOLE_DAY if account.whole else DAY, day) for day in days]
    if account.first is None or account.last is None or account.last - account.first > _short():
        return [(LONG, days[0])]
    return [(WHOLE_SPAN if account.whole else SPAN, days[0])]


def filed_on(
    run: Connection, key: Hashable, shelves: Sequence[int], first: int = 0, last: int = LAST, kinds: int = ALL_KINDS
) -> list[tuple[int, int]]:
    """Accounts filed there, with their days, as they come; of incidents of which no account tells of any of these kinds, none."""
    query = (_FILED if kinds == ALL_KINDS else _FILED_OF_KINDS).format(", ".join(map(str, shelves)))
    return [(row[0], row[1]) for row in run.execute(query, (number_of(key), first, last, kinds))]


_FILED = "SELECT day, account FROM derived.shelves WHERE key = ?1 AND shelf IN ({}) AND day BETWEEN ?2 AND ?3 AND ?4"
_OF_KINDS = "EXISTS (SELECT 1 FROM derived.accounts AS other WHERE other.incident = one.incident AND other.kinds & {})"
_FILED_OF_KINDS = (
    "SELECT day, account FROM derived.shelves CROSS JOIN derived.accounts AS one USING (account) "
    f"WHERE key = ?1 AND shelf IN ({{}}) AND day BETWEEN ?2 AND ?3 AND {_OF_KINDS.format('?4')}"
)


def days_before(run: Connection, key: Hashable, last: int | None, kinds: int) -> Iterator[tuple[int, int]]:
    """As `filed_on`, of what is known to the day, before that day, the last day first."""
    return run.execute(_BEFORE, (number_of(key), LAST if last is None else last, kinds))


_ON_SHELF = (
    "SELECT day, account FROM derived.shelves CROSS JOIN derived.accounts AS one USING (account) "
    f"WHERE key = ?1 AND shelf = {{}} AND day < ?2 AND {_OF_KINDS.format('?3')}"
)
_BEFORE = " UNION ALL ".join(_ON_SHELF.format(shelf) for shelf in (DAY, WHOLE_DAY)) + " ORDER BY day DESC"  # each lies in that order


def number_on(run: Connection, key: Hashable, shelves: Sequence[int], first: int = 0, last: int = LAST) -> int:
    """How many accounts of those days are filed there."""
    query = f"SELECT count(*) FROM derived.shelves WHERE key = ? AND shelf IN ({', '.join(map(str, shelves))}) AND day BETWEEN ? AND ?"
    return int(run.execute(query, (number_of(key), first, last)).fetchone()[0])


def days_told(run: Connection, key: Hashable, kinds: int, until: int) -> list[int]:
    """Days on which an account filed there, of those before the account `until`, asserts one of the kinds."""
    return [row[0] for row in run.execute(_DAYS_TOLD, (number_of(key), kinds, until))]


_DAYS_TOLD = (
    f"SELECT DISTINCT day FROM derived.shelves CROSS JOIN derived.accounts USING (account) WHERE key = ? AND shelf IN ({DAY}, {WHOLE_DAY}) "
    "AND kinds & ? AND heard AND account < ? ORDER BY day"
)


@lru_cache(maxsize=10_000)
def bits(kinds: frozenset[str]) -> int:
    return sum(1 << words()["naming"].index(kind) for kind in kinds)
