"""A rule tried on a word → what it looked for, what it found, and why no claim came of it; kept only where a reader asks for it.

The engine (matching.py, grammar.py, modality.py) writes here as it goes, so that `khabar read --explain` tells what happened and not what
a second reading of the rules would do. Nothing here decides anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from khabar.rules import Rule, Slot

if TYPE_CHECKING:
    from khabar.doc import Token

BY_MODEL = "the model, which read the whole report"  # what filled a field, or took it back (pointing.py)


@dataclass(frozen=True, slots=True)
class Look:
    """One slot looked into for a role: the words found there, each with why it was refused ("" where it was taken)."""

    role: str
    slot: Slot
    found: tuple[tuple[Token, str], ...]

    @property
    def taken(self) -> tuple[Token, ...]:
        return tuple(word for word, refused in self.found if not refused)


@dataclass(slots=True)
class Attempt:
    """A rule tried on a word that may trigger it.

    `failed`: what it lacked, ("when", path), ("without", path), ("needs", role) or ("part", ""): the word is of another part of speech.
    `behind`: the rule that fitted the same word and came first. `filled`: how a field was filled where no slot of the rule did it.
    `judged`: words of the clause that bear on the modality, with what they make of it. `claims`: ids; `dropped`: why one was not kept.
    """

    rule: Rule
    trigger: Token
    looks: list[Look] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)
    behind: str = ""
    filled: dict[str, str] = field(default_factory=dict)
    judged: list[tuple[Token, str]] = field(default_factory=list)
    claims: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A claim that a learnt head proposed. `dropped`: why it was not made, "" where it was."""

    kind: str
    start: int
    end: int
    confidence: float
    dropped: str = ""


@dataclass(slots=True)
class Trace:
    """All attempts on the words of a report, in the order in which they were made, and the candidates of learnt heads."""

    attempts: list[Attempt] = field(default_factory=list)
    learnt: list[Candidate] = field(default_factory=list)

    def attempt(self, rule: Rule, trigger: Token) -> Attempt:
        self.attempts.append(Attempt(rule, trigger))
        return self.attempts[-1]

    def not_its_part(self, rules: Sequence[Rule], trigger: Token) -> None:
        """Rules that know the word, as another part of speech."""
        self.attempts += [Attempt(rule, trigger, failed=[("part", "")]) for rule in rules]

    def of(self, rule: str, trigger: tuple[int, int]) -> Attempt | None:
        """The attempt that made a claim, by the claim's rule and trigger; None where the claim was not made by this reading."""
        fitting = (a for a in reversed(self.attempts) if a.rule.name == rule and not a.failed)
        return next((a for a in fitting if trigger[0] <= a.trigger.idx < trigger[1]), None)
