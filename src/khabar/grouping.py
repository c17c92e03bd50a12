"""Tellings → accounts of one happening each: first within a report, then across reports, in time that grows as their number does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice

from khabar.accounts import Account, Places, Reasons
from khabar.areas import Area, bare
from khabar.judging import Judge
from khabar.matters import Matters
from khabar.spellings import normal
from khabar.tellings import Telling, words


def group(tellings: Sequence[Telling], judge: Judge) -> list[Account]:
    """Accounts that cannot be told apart, joined. The same for tellings in any order; what is far away in place or time changes nothing."""
    places = Places({telling.area for telling in tellings if telling.area})
    reports: dict[str, list[Telling]] = defaultdict(list)
    for telling in tellings:
        reports[telling.version].append(telling)
    accounts = [account for told in reports.values() for account in within_report(told, judge, places)]
    return across_reports(accounts, Judge.across(judge.ties, tellings))


def within_report(tellings: Iterable[Telling], judge: Judge, places: Places) -> list[Account]:
    """One report's accounts: mentions of one happening, its toll and what was denied of it join the one told nearest before."""
    found: list[Account] = []
    for telling in sorted(tellings, key=lambda one: (one.start, one.trigger, one.claim_id)):
        account = account_of(telling, places)
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


def account_of(telling: Telling, places: Places) -> Account:
    """What one claim alone tells of."""
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
    return Account(telling, places.root(area), "place", province + country)


def _is_nameless(area: Area) -> bool:
    """Is it only described: "the northern entrance", "a church"? Two reports may mean two of them."""
    made_up = area.id is None or area.id.startswith("name:")
    return made_up and area.parent is None and area.latitude is None and area.name == area.name.casefold()


# --- across reports


Drawer = dict[Account, None]  # in the order in which they were filed


class Index:
    """Incidents by place or party and day, so that an account is weighed against few of them."""

    def __init__(self, matters: Matters) -> None:
        self.matters = matters
        self.days: dict[Hashable, dict[int, Drawer]] = defaultdict(dict)  # known to the day
        self.spans: dict[Hashable, dict[int, Drawer]] = defaultdict(dict)  # a length of time, or a time within, by its last day
        self.undated: dict[Hashable, Drawer] = defaultdict(dict)
        self.copies: dict[int, Drawer] = defaultdict(dict)
        self.dead: dict[str, Drawer] = defaultdict(dict)  # by the last of their names

    def add(self, incident: Account, said: Account) -> None:
        """File an incident under what an account of it says."""
        for key in (*_keys(said), *_clues(said), *self._names(said)):
            if said.last is None or said.shape == "past":
                self.undated[key][incident] = None
            elif said.shape == "day" and said.first is not None:
                for day in range(said.first, said.last + 1):
                    self.days[key].setdefault(day, {})[incident] = None
            else:
                self.spans[key].setdefault(said.last, {})[incident] = None
        for letters in said.letters:
            self.copies[letters][incident] = None
        for name in said.dead:
            self.dead[name][incident] = None

    def near(self, account: Account) -> Iterable[Account]:
        """Those that may tell of the same happening, each once."""
        found = [one for letters in account.letters for one in self.copies.get(letters, ())]
        found += [one for name in sorted(account.dead) for one in self.dead.get(name, ())]
        inside = _inside(account) if account.level != "place" else []
        for key in (*_keys(account), *inside, *self._names(account)):
            found += self._of_days(key, account)
        return dict.fromkeys(found)

    def _names(self, account: Account) -> list[Hashable]:
        """What has no day or no place is sought by the rarest names of its report."""
        if account.level in ("place", "province") and account.last is not None:
            return []
        return [(name, family) for name in self.matters.keys(account.head.version) for family in sorted(account.families)]

    def _of_days(self, key: Hashable, account: Account) -> Iterator[Account]:
        days, spans, far = self.days.get(key, {}), self.spans.get(key, {}), words()["news_days"]
        if account.last is None or account.first is None:
            before = sorted((day for day in days if account.last is None or day < account.last), reverse=True)
            yield from islice((one for day in before for one in days[day] if one.kinds & account.kinds), words()["remembered"])
            yield from islice(reversed(self.undated.get(key, {})), words()["remembered"])
            return
        if account.whole:
            again = words()["restated_days"]
            yield from (one for day in _common(account.first - again, account.last + again, days) for one in days[day] if one.whole)
        if account.shape != "lasting":
            alike = (
                one
                for day in _common(account.first, account.last, days)
                for one in days[day]
                if one.kinds & account.kinds or day >= account.last - far
            )
            yield from islice(alike, words()["remembered"] if account.shape == "within" else None)
        if account.shape != "day":
            yield from (one for day in _common(account.first, account.last + far, spans) for one in spans[day])


def _common(first: int, last: int, days: Mapping[int, object]) -> list[int]:
    """The days of a stretch under which something is filed."""
    if last - first > len(days):
        return sorted(day for day in days if first <= day <= last)
    return [day for day in range(first, last + 1) if day in days]


def _keys(account: Account) -> list[Hashable]:
    """Where it is looked for: its place, by family where that is wide; without a place, its parties."""
    if account.level == "place":
        return [account.root]
    if account.level in ("province", "country"):
        return [(account.root, family) for family in sorted(account.families)]
    parties = (*account.actors.values(), *account.recipients.values())
    return [(party.key, family) for party in parties if not party.is_generic for family in sorted(account.families)]


def _clues(account: Account) -> list[Hashable]:
    """By what one that names only the province, or no place, may find it: that and a party or a number."""
    if account.level != "place":
        return []
    parties = [party.key for party in (*account.actors.values(), *account.recipients.values()) if not party.is_generic]
    return [
        (area, clue)
        for area in (*account.within, "")
        for clue in (*(parties if area.startswith("province") else ()), *sorted(account.numbers))
    ]


def _inside(account: Account) -> list[Hashable]:
    """The clues of an account that names no place or a wide one."""
    parties = [party.key for party in (*account.actors.values(), *account.recipients.values()) if not party.is_generic]
    root = "" if account.level == "vague" else account.root
    return [(root, clue) for clue in (*parties, *sorted(account.numbers))]


def across_reports(accounts: Iterable[Account], judge: Judge) -> list[Account]:
    """The accounts of all reports, joined: those that say most first, so that a vague one finds what it may belong to."""
    index, found = Index(judge.matters), []
    for account in sorted(accounts, key=_order):
        best = _best(account, index, judge)
        if best:
            best[0].absorb(account, best[1])
        else:
            found.append(account)
        index.add(best[0] if best else account, account)
    return found


def _best(account: Account, index: Index, judge: Judge) -> tuple[Account, Reasons] | None:
    """The one that it fits best. One that fits two happenings equally well, and is not known to the day, stays by itself."""
    near = index.near(account)
    fitting = [(weighed[0], one, weighed[1]) for one in near if (weighed := judge.weigh(one, account)) and weighed[0] >= judge.enough]
    fitting = [fit for fit in fitting if "days apart" not in fit[2] or not _lost_between(fit[1], account, near, judge)]
    fitting.sort(key=lambda fit: -fit[0])
    if not fitting:
        return None
    rivals = [fit for fit in fitting if fit[0] > fitting[0][0] - words()["margin"]]
    if len(rivals) > 1 and "same matter" in fitting[0][2]:
        fitting = sorted(rivals, key=lambda fit: -len(fit[1].tellings))  # what a matter is about is told most
    elif len(rivals) > 1 and (account.shape != "day" or account.level != "place"):
        return None
    return fitting[0][1], fitting[0][2]


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


_SPECIFIC = {"day": 0, "lasting": 0, "within": 1, "unknown": 2, "past": 3}
_NARROW = {"place": 0, "province": 1, "country": 2, "vague": 3, "none": 4}


def _order(account: Account) -> tuple[int, int, int, int, date, str, int, str]:
    """What is known to the day and to the town first, day by day: whether a place was lost between two captures is seen by then."""
    head, told = account.head, -len(account.actors) - len(account.recipients) - len(account.numbers)
    known = (_SPECIFIC[account.shape], _NARROW[account.level], account.last or 0)
    return (*known, told, head.known or date.max, head.report_id, head.start, head.claim_id)
