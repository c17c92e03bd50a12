"""Two accounts → how much speaks for their telling of one happening, in named reasons; or that something excludes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations, islice, product

from khabar.accounts import Account, Reasons, is_full
from khabar.kinship import RELATIONS, Kinship, Relation, described
from khabar.matters import Matters
from khabar.parties import Party
from khabar.tellings import Telling, words
from khabar.ties import Ties


class Judge:
    """Weighs what speaks for two accounts' telling of one happening, by the weights of incidents.yaml. What all reports show of names is
    known to the one that judges `across` them; what becomes of one report, or of one incident, rests on nothing else."""

    def __init__(self, ties: Ties) -> None:
        self.ties, self.kinship, self.matters = ties, Kinship(ties), Matters.of(())
        self.enough: float = words()["enough"]
        self._weights: Mapping[str, float] = words()["weights"]
        self._kept: dict[Reasons, Reasons] = {}
        self._sums: dict[Reasons, float] = {}

    @classmethod
    def across(cls, ties: Ties, tellings: Sequence[Telling]) -> Judge:
        """The one for accounts of these reports."""
        parties = described(party for telling in tellings for party in (telling.actor, telling.recipient))
        return cls.knowing(ties, parties, Matters.of(tellings))

    @classmethod
    def knowing(cls, ties: Ties, parties: frozenset[str], matters: Matters) -> Judge:
        """The one that knows what all reports show: `parties` that some write without a capital, and their `matters`."""
        made = cls(ties)
        made.kinship, made.matters = Kinship(ties, parties), matters
        return made

    def with_ties(self, ties: Ties) -> Judge:
        """One that knows the same, but of whom belongs to whom."""
        return Judge.knowing(ties, self.kinship.described, self.matters)

    def weigh(self, one: Account, other: Account, *, in_report: bool = False) -> tuple[float, Reasons] | None:
        """The sum and its reasons; None where something excludes it, or it cannot be enough whoever the sides are."""
        shared = one.families & other.families
        if not shared or (not in_report and _are_told_apart(one, other)):
            return None
        alike = bool(one.kinds & other.kinds)
        copied = alike and not in_report and not {*other.letters}.isdisjoint(one.letters)  # of the two, an incident may have very many
        days, place = _days(one, other, in_report=in_report, copied=copied), _place(one, other, shared, in_report=in_report)
        same_victim = bool(one.victims and other.victims) and self._befell_one(one, other, shared, in_report=in_report)
        if same_victim:  # whatever the reports make of the day and the place
            days, place = days or ["days unknown"], place or ["no place"]
        if days is None or place is None or (days == ["days apart"] and self.are_opposed(one, other)):
            return None
        if not alike and days == ["same days"] and _overlap(one, other)[1] > words()["campaign_days"]:
            return None
        if shared <= words()["momentary"] and days != ["same day"] and not copied:
            return None
        reasons = [*days, *place, _kind(one, other, certain=in_report or days in (["same day"], ["same days"]))]
        number = _number(one, other)
        unsure = {"no place", "other place", "within the days", "days unknown"} & {*place, *days}
        matter = self._matter(one, other, shared) if unsure and not in_report else []
        if same_victim:  # nor does it count against a victim by name that the reports share few other names
            matter = [reason for reason in matter if reason == "same matter"]
        if not in_report and not same_victim and not copied:
            without_sides = self._sum((*reasons, *matter, *([number] if number else ())))
            sides = ("same actor",) if shared <= words()["two_sided"] else ("same actor", "same recipient")
            if without_sides + self._sum(sides) < self.enough - 1e-6:  # sums of tenths
                return None
        reasons += [reason for reason in (*self._sides(one, other, shared), number) if reason]
        if same_victim:
            reasons.append("same victim")
        if copied:
            reasons.append("same sentence")
        if in_report:
            reasons.append("same report")
            if abs(one.tellings[-1].start - other.head.start) < BESIDE:
                reasons.append("beside it")
        reasons += matter
        told = tuple(reasons)
        return self._sum(told), self._kept.setdefault(told, told)

    def _sum(self, reasons: Reasons) -> float:
        """Of their weights; the same few reasons come together a million times."""
        if reasons not in self._sums:
            self._sums[reasons] = sum(self._weights[reason] for reason in reasons)
        return self._sums[reasons]

    def _befell_one(self, one: Account, other: Account, shared: frozenset[str], *, in_report: bool) -> bool:
        """Did it befall one person, by a full name or in one report, within some days of each other where both are known? Who was
        seized may be seized again: of that it is enough to know some time in which each was."""
        shapes = {one.shape, other.shape}
        dated = not shapes & {"unknown", "past"} if shared <= words()["repeatable"] else shapes == {"day"}
        if dated and -_overlap(one, other)[0] >= words()["news_days"]:
            return False
        pairs = product(one.victims.values(), other.victims.values())
        return any(
            self.kinship.relation(mine, his, None) == "same" and (in_report or (is_full(mine.name) and is_full(his.name)))
            for mine, his in pairs
        )

    def _matter(self, one: Account, other: Account, shared: frozenset[str]) -> list[str]:
        """What is told without a day, or without a place, is known by the names around it; else, what happens often is not known again."""
        shapes = {one.shape, other.shape}
        asked = "past" not in shapes and (one.kinds & other.kinds or "unknown" in shapes)
        pairs = product(islice(one.versions, FIRST), islice(other.versions, FIRST)) if asked else ()
        found = [self.matters.are_one(ours, theirs) for ours, theirs in pairs]
        if True in found:
            return ["same matter"]
        other_matter = ["other matter"] if False in found else []
        return other_matter + (["frequent"] if (one.kinds & other.kinds or one.kinds) <= words()["frequent"] else [])

    def _sides(self, one: Account, other: Account, shared: frozenset[str]) -> tuple[str | None, str | None]:
        on = other.last if other.last is not None else one.last
        if shared <= words()["two_sided"]:
            return self._opponents(one, other, on), None
        actor = self._best(one.actors, other.actors, on)
        recipient = self._best(one.recipients, other.recipients, on)
        said = {"same": "same actor", "may be": "actor may be the same", "opposed": "other actor", "other": "other actor"}
        suffered = {"same": "same recipient", "opposed": "other recipient"}
        return said.get(actor or ""), suffered.get(recipient or "")

    def _opponents(self, one: Account, other: Account, on: int | None) -> str | None:
        """Either side may be named first, and a report may name only one: an opponent of the known side is the other side."""
        ours, theirs = {**one.actors, **one.recipients}, {**other.actors, **other.recipients}
        if len(theirs) == 1 and _shares_name(theirs, ours):
            return "same actor"
        table = [[self.kinship.relation(mine, his, on) for mine in ours.values()] for his in theirs.values()]
        if len(ours) > 1 and self._third(ours, table, on):
            return "other actor"
        if len(theirs) > 1 and self._third(theirs, [*zip(*table, strict=True)], on):
            return "other actor"
        found = {relation for row in table for relation in row}
        if "same" in found:
            return "same actor"
        if found & {"may be", "opposed"}:
            return "actor may be the same"
        return "other actor" if found == {"other"} else None

    def _third(self, ours: Mapping[str, Party], table: Sequence[Sequence[Relation]], on: int | None) -> bool:
        """Where both sides are named: is one of the others a party that is neither? `table`: for each of the others, how each of ours
        stands to him."""
        strangers = any(all(relation in APART for relation in row) for row in table)
        return strangers and any(self.kinship.relation(one, other, on) in APART for one, other in combinations(ours.values(), 2))

    def are_opposed(self, one: Account, other: Account) -> bool:
        """Are the two told of doers who are none of each other's?"""
        pairs = product(one.actors.values(), other.actors.values())
        return bool(one.actors and other.actors) and all(self.kinship.relation(mine, his, other.last) in APART for mine, his in pairs)

    def _best(self, ours: Mapping[str, Party], theirs: Mapping[str, Party], on: int | None) -> Relation | None:
        if len(ours) == len(theirs) == 1:  # as nearly always
            (mine,), (his,) = ours.values(), theirs.values()
            return self.kinship.relation(mine, his, on)
        if _shares_name(theirs, ours):
            return "same"
        found = {self.kinship.relation(mine, his, on) for mine in ours.values() for his in theirs.values()}
        return next((relation for relation in RELATIONS if relation in found), None)


def _shares_name(ours: Mapping[str, Party], theirs: Mapping[str, Party]) -> bool:
    """Is one of ours named among theirs, so that nothing more needs to be asked?"""
    return any(key in theirs and not party.is_generic and not theirs[key].is_generic for key, party in ours.items())


APART = frozenset({"opposed", "other"})
FIRST = 5  # reports of an incident, by which its matter is known
BESIDE = 400  # characters: about two sentences


def _are_told_apart(one: Account, other: Account) -> bool:
    """Does one report tell two of a kind? The attack and its toll may be one although it does not say so itself."""
    if one.versions.keys().isdisjoint(other.versions):
        return False
    both = one.versions.keys() & other.versions.keys()
    return any(one.versions[version] & other.versions[version] for version in both)


def _days(one: Account, other: Account, *, in_report: bool, copied: bool) -> list[str] | None:
    """How the days agree: nothing to say, a reason, or None where they exclude each other."""
    shapes = {one.shape, other.shape}
    if in_report and one.is_background != other.is_background and shapes != {"day"}:
        return None  # a new attack, and the old one that it recalls
    if "unknown" in shapes:
        return [] if in_report else ["days unknown"]
    if "past" in shapes:
        return _past(one, other)
    common, whole = _overlap(one, other)
    if common <= 0:
        if copied and -common < words()["copied_days"]:
            return ["within the days"]
        return ["days apart"] if one.whole & other.whole and -common < words()["restated_days"] else None
    if shapes == {"day"}:
        return ["same day"]
    if "lasting" not in shapes:
        return ["within the days"]
    alike = shapes == {"lasting"} and (one.first == other.first or 2 * common > whole)
    return ["same days"] if alike or copied else None


def _overlap(one: Account, other: Account) -> tuple[int, int]:
    """Days that both may mean, below one where none is; days that either may."""
    if one.first is not None and other.first is not None and one.last is not None and other.last is not None:  # asked a million times
        return min(one.last, other.last) - max(one.first, other.first) + 1, max(one.last, other.last) - min(one.first, other.first) + 1
    firsts = [account.first for account in (one, other) if account.first is not None]
    lasts = [account.last for account in (one, other) if account.last is not None]
    return min(lasts) - max(firsts) + 1, max(lasts) - min(firsts) + 1


def _past(one: Account, other: Account) -> list[str] | None:
    """Background without a day: it was before the other report, if that is the one with the day."""
    past, dated = (one, other) if one.shape == "past" else (other, one)
    before = dated.first is not None and past.last is not None and dated.first < past.last
    return ["days unknown"] if dated.shape == "past" or before else None


def _place(one: Account, other: Account, shared: frozenset[str], *, in_report: bool) -> list[str] | None:
    """How the places agree: nothing to say, a reason, or None where they exclude each other."""
    if one.whole and other.whole and {kind for kind, _ in one.whole} & {kind for kind, _ in other.whole} and not one.whole & other.whole:
        return None  # a building in a town is taken, and the town
    levels = {one.level, other.level}
    if "vague" in levels and in_report:
        apart = (levels == {"vague"} or one.whole or other.whole) and not one.areas & other.areas
        return None if apart or all(telling.start != other.head.start for telling in one.tellings) else []
    if levels & {"none", "vague"}:
        return [] if in_report or shared & words()["placeless"] else ["no place"]
    if one.root == other.root:
        return _within_place(one, other)
    if one.whole and other.whole:
        return None
    if one.root in other.within or other.root in one.within:
        return ["place within"]
    if {one.shape, other.shape} != {"unknown"} or in_report:
        return None
    return ["other place" if one.is_on_map and other.is_on_map else "no place"]  # one that no gazetteer has may lie in the other


def _within_place(one: Account, other: Account) -> list[str] | None:
    if one.level != "place":
        return [f"same {one.level}"]
    ours, theirs = one.areas - {one.root}, other.areas - {other.root}
    if ours and theirs and not ours & theirs:
        return None  # two quarters of one city
    return ["same place" if one.areas & other.areas else "part of the place"]


def _kind(one: Account, other: Account, *, certain: bool) -> str:
    """`certain`: told of the same days, so that a clash may well be the capture's; of some day in a week, it may be any."""
    if one.kinds & other.kinds:
        return "same kind"
    return "same family" if certain and one.families == other.families else "may be the same"


def _number(one: Account, other: Account) -> str | None:
    if one.numbers & other.numbers:
        return "same number"
    times = [max(n, m) / min(n, m) for unit, n in one.numbers for there, m in other.numbers if unit == there]
    if not times or min(times) <= MUCH:
        return None
    return "other number" if min(times) <= VASTLY else "number of another order"


MUCH, VASTLY = 5, 50  # times: tolls of one happening grow and differ, seldom by more, and never by so much; not measured
