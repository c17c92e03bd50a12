"""Words of speakers → what one says and another denies: the sides of a dispute, with how each speaker stands to what it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from khabar.areas import Area
from khabar.parties import Party
from khabar.record import Told

About = Literal["control", "responsibility", "toll", "date"]
ORDER: tuple[About, ...] = ("control", "responsibility", "toll", "date")  # the most consequential first


@dataclass(frozen=True, slots=True)
class Word:
    """One informant's word for a side: the claim that is shown, and the claims that repeat it, which count no more.

    `speaker`: the party that speaks, None for one that takes no part. `interest`: "own", "against", "independent", "coded", "hearsay",
    "analyst" where one has accepted or corrected the claim.
    """

    told: Told
    informant: str
    speaker: Party | None
    interest: str
    copies: tuple[Told, ...] = ()


@dataclass(frozen=True, slots=True)
class Position:
    """What one side of a dispute says, in words, and who says it."""

    says: str
    words: tuple[Word, ...]

    @property
    def informants(self) -> frozenset[str]:
        return frozenset(word.informant for word in self.words)


@dataclass(frozen=True, slots=True)
class Dispute:
    """Speakers who cannot all be right. `first`, `last`: the days in dispute. `settled`: how the rules settled it, None where they did not;
    `because`: their reasons."""

    about: About
    matter: str
    place: Area | None
    first: date | None
    last: date
    positions: tuple[Position, ...]
    because: tuple[str, ...] = ()
    settled: str | None = None
    gap: float = 0.0

    @property
    def told(self) -> list[Told]:
        return [item for position in self.positions for word in position.words for item in (word.told, *word.copies)]

    @property
    def parties(self) -> set[str]:
        """Keys of the speakers who take part."""
        return {word.speaker.key for position in self.positions for word in position.words if word.speaker}


def apart(told: Sequence[tuple[tuple[Any, Any], Any]]) -> list[tuple[tuple[Any, Any], list[Any]]]:
    """Intervals with what they carry → groups whose intervals do not meet, each with what its members share; fewest groups first fit.

    >>> apart([((1, 2), "a"), ((2, 3), "b"), ((5, 5), "c")])
    [((2, 2), ['a', 'b']), ((5, 5), ['c'])]
    """
    groups: list[tuple[tuple[Any, Any], list[Any]]] = []
    for (low, high), carried in sorted(told, key=lambda pair: (pair[0][1], pair[0][0])):
        for i, ((first, last), members) in enumerate(groups):
            if low <= last and first <= high:
                groups[i] = ((max(first, low), min(last, high)), [*members, carried])
                break
        else:
            groups.append(((low, high), [carried]))
    return groups
