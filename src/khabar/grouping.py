"""Tellings → accounts of one happening each: first within a report, then across reports, in time that grows as their number does."""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Literal

from khabar.accounts import Account, Places, Reasons
from khabar.areas import Area, bare
from khabar.judging import Judge
from khabar.matters import Matters
from khabar.spellings import normal
from khabar.tellings import Telling, akin, words


def group(tellings: Sequence[Telling], judge: Judge) -> list[Account]:
    """Accounts that cannot be told apart, joined. The same for tellings in any order; what is far away in place or time changes nothing."""
    places = Places({telling.area for telling in tellings if telling.area})
    reports: dict[str, list[Telling]] = defaultdict(list)
    for telling in tellings:
        reports[telling.version].append(telling)
    accounts = [account for told in reports.values() for account in within_report(told, judge, places.root)]
    return across_reports(accounts, Judge.across(judge.ties, tellings))


def within_report(tellings: Iterable[Telling], judge: Judge, root: Callable[[Area], str]) -> list[Account]:
    """One report's accounts: mentions of one happening, its toll and what was denied of it join the one told nearest before."""
    found: list[Account] = []
    for telling in sorted(tellings, key=lambda one: (one.start, one.trigger, one.claim_id)):
        account = account_of(telling, root(telling.area) if telling.area else None)
        fitting = [
            (weighed[0], bool(earlier.kinds & account.kinds), earlier.head.start, earlier, weighed[1])
            for earlier in islice(reversed(found), REMEMBERED)
            if not (telling.is_apart and earlier.kinds & account.kinds)
            and (weighed := judge.weigh(earlier, account, in_report=True))
            and weighed[0] >= judge.enough
            and not ("days apart" in weighed[1] and _lost_between(earlier, account, found, judge))
        ]
        if fitting:
            *_, earlier, why = max(fitting, key=lambda fit: fit[:3])
            earlier.absorb(account, why)
        else:
            found.append(account)
    return found


REMEMBERED = 60  # accounts of one report: a digest of a month has more, and does not come back to its beginning


def account_of(telling: Telling, root: str | None) -> Account:
    """What one claim alone tells of. `root`: what stands for its place (see `Places`)."""
    area = telling.area
    if area is None:
        return Account(telling, "", "none", ())
    if telling.is_vague or _is_nameless(area):
        return Account(telling, area.key, "vague", ())
    if area.precision == "country":
        return Account(telling, f"country {area.country or normal(area.name)}", "country", ())
    country = (f"country {area.country}",) if area.country else ()
    if area.precision in ("province", "region"):
        return Account(telling, f"province {bare(area.name)}", "province", country)
    province = (f"province {bare(area.admin1)}",) if area.admin1 else ()
    return Account(telling, root or area.key, "place", province + country)


def _is_nameless(area: Area) -> bool:
    """Is it only described: "the northern entrance", "a church"? Two reports may mean two of them."""
    made_up = area.id is None or area.id.startswith("name:")
    return made_up and area.parent is None and area.latitude is None and area.name == area.name.casefold()


# --- across reports


Drawer = dict[Account, None]  # in the order in which they were filed
Kinds = frozenset[str]
NO_DRAWER: Drawer = {}


class Shelves(ABC):
    """Incidents by place or party and day, so that an account is weighed against few of them. What tells of none of the kinds that are
    asked for may be left out."""

    @abstractmethod
    def keys(self, account: Account) -> Sequence[str]:
        """The rarest names of its report."""

    @abstractmethod
    def of_days(self, key: Hashable, first: int, last: int, kinds: Kinds, most: int | None = None) -> Iterable[tuple[int, Drawer]]:
        """What is known to the day, of these days, the first day first. `most`: how many of all kinds are counted off."""

    @abstractmethod
    def of_spans(self, key: Hashable, first: int, last: int, kinds: Kinds) -> Iterable[Drawer]:
        """Lengths of time, and times within, that end on these days."""

    @abstractmethod
    def before(self, key: Hashable, last: int | None, kinds: Kinds) -> Iterable[Drawer]:
        """What is known to the day, of the days before, the last day first; of all days where none is given."""

    @abstractmethod
    def undated(self, key: Hashable) -> Drawer: ...

    def near(self, account: Account) -> Iterable[Account]:
        """Those that may tell of the same happening, each once."""
        found = [one for key in marks(account) for one in self.undated(key)]
        for key in sought(account, self.keys(account)):
            found += self._of_days(key, account)
        return dict.fromkeys(found)

    def _of_days(self, key: Hashable, account: Account) -> Iterator[Account]:
        far = words()["news_days"]
        if account.last is None or account.first is None:
            alike = (one for drawer in self.before(key, account.last, account.kinds) for one in drawer if one.kinds & account.kinds)
            yield from islice(alike, words()["remembered"])
            yield from islice(reversed(self.undated(key)), words()["remembered"])
            return
        kinds = akin(account.families)
        if account.whole:
            again, whole = words()["restated_days"], words()["whole"]
            around = self.of_days(key, account.first - again, account.last + again, whole)
            yield from (one for _, drawer in around for one in drawer if one.whole)
            kinds |= whole
        if account.shape != "lasting":
            most = words()["remembered"] if account.shape == "within" else None
            alike = (
                one
                for day, drawer in self.of_days(key, account.first, account.last, kinds, most)
                for one in drawer
                if one.kinds & account.kinds or day >= account.last - far
            )
            yield from islice(alike, most)
        if account.shape != "day":
            yield from (one for drawer in self.of_spans(key, account.first, account.last + far, kinds) for one in drawer)


class Calendar:
    """Drawers by day, in the order of the days."""

    __slots__ = ("days", "drawers")

    def __init__(self) -> None:
        self.days: list[int] = []
        self.drawers: dict[int, Drawer] = {}

    def file(self, day: int, incident: Account) -> None:
        if day not in self.drawers:
            insort(self.days, day)
            self.drawers[day] = {}
        self.drawers[day][incident] = None

    def between(self, first: int, last: int) -> Iterator[tuple[int, Drawer]]:
        for at in range(bisect_left(self.days, first), len(self.days)):
            if (day := self.days[at]) > last:
                return
            yield day, self.drawers[day]

    def before(self, day: int | None) -> Iterator[Drawer]:
        end = len(self.days) if day is None else bisect_left(self.days, day)
        return (self.drawers[self.days[at]] for at in range(end - 1, -1, -1))


class Index(Shelves):
    """As they are filed one after the other, in memory."""

    def __init__(self, matters: Matters, accounts: Iterable[Account]) -> None:
        """`accounts`: all that will be filed or sought. What none, or none but the one filed there, seeks is not filed."""
        self.matters = matters
        self._days: dict[Hashable, Calendar] = defaultdict(Calendar)
        self._spans: dict[Hashable, Calendar] = defaultdict(Calendar)
        self._undated: dict[Hashable, Drawer] = defaultdict(dict)
        self._clues, self._marks = set[Hashable](), set[Hashable]()
        met: set[Hashable] = set()
        for account in accounts:
            self._clues.update(asked(account))
            for mark in marks(account):
                (self._marks if mark in met else met).add(mark)

    def add(self, incident: Account, said: Account) -> None:
        """File an incident under what an account of it says."""
        shelf, days = shelf_of(said), days_of(said)
        wanted = (clue for clue in clues(said) if clue in self._clues) if self._clues else ()
        for key in (*wanted, *filed_openly(said, self.keys(said))):
            if shelf == "undated":
                self._undated[key][incident] = None
            elif shelf == "day":
                for day in days:
                    self._days[key].file(day, incident)
            else:
                self._spans[key].file(days[0], incident)
        for mark in marks(said):
            if mark in self._marks:
                self._undated[mark][incident] = None

    def keys(self, account: Account) -> Sequence[str]:
        return self.matters.keys(account.version) if is_sought_by_names(account) else ()

    def of_days(self, key: Hashable, first: int, last: int, kinds: Kinds, most: int | None = None) -> Iterable[tuple[int, Drawer]]:
        return self._days[key].between(first, last) if key in self._days else ()

    def of_spans(self, key: Hashable, first: int, last: int, kinds: Kinds) -> Iterable[Drawer]:
        return (drawer for _, drawer in self._spans[key].between(first, last)) if key in self._spans else ()

    def before(self, key: Hashable, last: int | None, kinds: Kinds) -> Iterable[Drawer]:
        return self._days[key].before(last) if key in self._days else ()

    def undated(self, key: Hashable) -> Drawer:
        return self._undated.get(key, NO_DRAWER)


def shelf_of(account: Account) -> Literal["day", "span", "undated"]:
    """Is it known to the day, a length of time or a day within a time, or without a day?"""
    if account.last is None or account.shape == "past":
        return "undated"
    return "day" if account.shape == "day" and account.first is not None else "span"


def days_of(account: Account) -> Sequence[int]:
    """The days under which it is filed: each on which it can have happened, or the last of a time."""
    shelf = shelf_of(account)
    if shelf == "undated":
        return ()
    assert account.last is not None
    return range(account.first, account.last + 1) if shelf == "day" and account.first is not None else (account.last,)


def marks(account: Account) -> list[Hashable]:
    """What joins it to others whatever their place and day: a sentence that it has in common, the last name of a victim."""
    copies: list[Hashable] = [("copy", letters, "") for letters in account.letters]
    return [*copies, *(("victim", name, "") for name in sorted(account.stricken))] if account.victims else copies


def filed(account: Account, keys: Sequence[str]) -> list[Hashable]:
    """Under what it is filed; `keys`: the rarest names of its report."""
    return [*clues(account), *filed_openly(account, keys)]


def filed_openly(account: Account, keys: Sequence[str]) -> list[Hashable]:
    """The same, but for its clues."""
    return [*_keys(account), *_names(account, keys)]


def sought(account: Account, keys: Sequence[str]) -> list[Hashable]:
    """Under what it looks for others, by day; `keys`: the rarest names of its report."""
    return [*_keys(account), *asked(account), *_names(account, keys)]


def is_sought_by_names(account: Account) -> bool:
    """What has no day or no place is sought by the rarest names of its report."""
    return account.level not in ("place", "province") or account.last is None


def _names(account: Account, keys: Sequence[str]) -> list[Hashable]:
    families = sorted(account.families) if is_sought_by_names(account) else ()
    return [(name, family) for name in keys for family in families]


def _keys(account: Account) -> list[Hashable]:
    """Where it is looked for: its place, by family where that is wide; without a place, its parties."""
    if account.level == "place":
        return [account.root]
    if account.level in ("province", "country"):
        return [(account.root, family) for family in sorted(account.families)]
    parties = (*account.actors.values(), *account.recipients.values())
    return [(party.key, family) for party in parties if not party.is_generic for family in sorted(account.families)]


def clues(account: Account) -> list[Hashable]:
    """By what one that names only the province, or no place, may find it: that and a party or a number."""
    if account.level != "place":
        return []
    parties = [party.key for party in (*account.actors.values(), *account.recipients.values()) if not party.is_generic]
    return [
        ("in", area, clue)
        for area in (*account.within, "")
        for clue in (*(parties if area.startswith("province") else ()), *sorted(account.numbers))
    ]


def asked(account: Account) -> list[Hashable]:
    """The clues of an account that names no place or a wide one."""
    if account.level == "place":
        return []
    parties = [party.key for party in (*account.actors.values(), *account.recipients.values()) if not party.is_generic]
    root = "" if account.level == "vague" else account.root
    return [("in", root, clue) for clue in (*parties, *sorted(account.numbers))]


def across_reports(accounts: Iterable[Account], judge: Judge) -> list[Account]:
    """The accounts of all reports, joined."""
    return [account for account, joined, _ in joins(accounts, judge) if joined is None]


Joined = tuple[Account, Reasons] | None  # to whom an account was joined, and why; None where it begins an incident


def joins(accounts: Iterable[Account], judge: Judge) -> Iterator[tuple[Account, Joined, int]]:
    """The accounts of all reports joined, those that say most first, so that a vague one finds what it may belong to; each when it is, and
    how many it fitted (see `best`)."""
    in_order = sorted(accounts, key=order)
    index = Index(judge.matters, in_order)
    for account in in_order:
        joined, fitted = best(account, index, judge)
        index.add(joined[0] if joined else account, account)
        if joined:
            joined[0].absorb(account, joined[1])
        yield account, joined, fitted


def best(account: Account, shelves: Shelves, judge: Judge) -> tuple[Joined, int]:
    """The one that it fits best, and how many it fits: none, one (others much less), or SEVERAL. One that fits two happenings equally well,
    and is not known to the day, stays by itself."""
    near = shelves.near(account)
    fitting = [(weighed[0], one, weighed[1]) for one in near if (weighed := judge.weigh(one, account)) and weighed[0] >= judge.enough]
    return _best(fitting, account, near, judge) if fitting else (None, 0)


SEVERAL = 2


def _best(fitting: list[tuple[float, Account, Reasons]], account: Account, near: Iterable[Account], judge: Judge) -> tuple[Joined, int]:
    rivals: list[tuple[float, Account, Reasons]] = []  # those that fit best, or nearly so
    for fit in sorted(fitting, key=lambda fit: -fit[0]):
        if rivals and fit[0] <= rivals[0][0] - words()["margin"]:
            break
        if "days apart" not in fit[2] or not _lost_between(fit[1], account, near, judge):
            rivals.append(fit)
    if not rivals:
        return None, SEVERAL
    best = rivals[0]
    if len(rivals) > 1 and not CERTAIN.isdisjoint(best[2]):
        best = max(rivals, key=lambda fit: fit[1].size)  # what a matter is about is told most; nobody dies twice
    elif len(rivals) > 1 and (account.shape != "day" or account.level != "place"):
        return None, SEVERAL
    return (best[1], best[2]), min(len(rivals), SEVERAL)


CERTAIN = frozenset({"same matter", "same victim"})  # of two incidents that fit so, the larger is it, and the other is told apart from it


def _lost_between(one: Account, other: Account, others: Iterable[Account], judge: Judge) -> bool:
    """Did someone else take the place between two captures of it?"""
    if one.last is None or other.last is None:
        return False
    first, last = sorted((one.last, other.last))
    return any(
        first <= taken.last <= last and judge.are_opposed(taken, one)
        for taken in others
        if taken is not one and taken.whole & one.whole and taken.last is not None
    )


Order = tuple[int, int, int, int, date, str, int, str, str]  # ends as `Account.told_first`
_SPECIFIC = {"day": 0, "lasting": 0, "within": 1, "unknown": 2, "past": 3}
_NARROW = {"place": 0, "province": 1, "country": 2, "vague": 3, "none": 4}


def order(account: Account) -> Order:
    """What is known to the day and to the town first, day by day: whether a place was lost between two captures is seen by then."""
    told = -len(account.actors) - len(account.recipients) - len(account.numbers)
    return (_SPECIFIC[account.shape], _NARROW[account.level], account.last or 0, told, *account.told_first)
