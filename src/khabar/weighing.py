"""Claims → Admiralty grades: how far the source is relied on (A–F), how credible what it says is (1–6), with a because for each; and odds.

The source is the innermost speaker (rule chain), by the registry's kind of it and its side on the day of the report. What others say of
the same happening makes a statement more credible or less; that is shown, and in the odds it is the sum over informants instead.
The table is weights.yaml.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from khabar.actorfiles import SPEAKERS
from khabar.chains import Standing, chain, is_name, standing
from khabar.evidence import Evidence
from khabar.lexicon import table
from khabar.parties import Party
from khabar.record import Told
from khabar.roles import is_coded
from khabar.ties import Ties

ROLES = {"gain", "presence", "loss"}


@dataclass(frozen=True, slots=True)
class Grade:
    """An Admiralty grade, "B2", and what made it so."""

    reliability: str
    credibility: int
    because: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.reliability}{self.credibility}"


def odds(piece: Evidence, ties: Ties) -> float:
    """What one piece of evidence adds to the log-odds that the holder is right."""
    known = table("weights")
    reliability = known["sources"][_sort(piece.told, piece.speaker, piece.standing, ties)]["grade"]
    return float((known["odds"]["reliability"][reliability] + known["odds"]["interest"][piece.standing]) * known["reach"][piece.reach])


def grade(told: Told, ties: Ties, *, others: Collection[str] = (), deniers: Collection[str] = ()) -> Grade:
    """The grade of a claim. `others`: independent informants who say so too; `deniers`: who say that it was not so."""
    letter, why = reliability(told, ties)
    number, reasons = credibility(told, ties, others, deniers)
    return Grade(letter, number, (f"{letter}: {why}", f"{number}: {'; '.join(reasons)}"))


# --- the source


def reliability(told: Told, ties: Ties) -> tuple[str, str]:
    """The letter, and why."""
    row = table("weights")["sources"][sort_of_source(told, ties)]
    return row["grade"], f"{teller(told, ties)}: {row['because']}"


def sides(told: Told, ties: Ties) -> tuple[str, ...]:
    """The sides that its innermost speaker was on when the report was published."""
    party = chain(told, _parties(told, ties), ties)[0]
    return ties.registry.sides(party.id, told.known) if party and party.id else ()


def sort_of_source(told: Told, ties: Ties) -> str:
    """The row of `sources` that a claim's innermost speaker belongs to."""
    party, _, hearsay = chain(told, _parties(told, ties), ties)
    how = "analyst" if told.review and not told.is_rejected else "hearsay" if hearsay else None
    return _sort(told, party, how, ties)


def _sort(told: Told, party: Party | None, how: str | None, ties: Ties) -> str:
    if how in ("analyst", "hearsay"):
        return "analyst" if how == "analyst" else "nobody"
    if is_coded(told.claim):
        return "dataset"
    last = told.claim.attribution[-1] if told.claim.attribution else None
    named = last is None or last.id or is_name(last.text) or "[" in last.text
    if party and named:
        return _sort_of_party(party, ties, told.known)
    if last is None:
        return "unknown"
    return "person" if is_name(last.text) else "unnamed"


def _sort_of_party(party: Party, ties: Ties, on: date | None) -> str:
    kind = ties.kind(party)
    if party.id and kind in SPEAKERS and any(not side.startswith("world/") for side in ties.registry.sides(party.id, on)):
        return "partisan"
    return next((sort for sort, kinds in table("weights")["kinds"].items() if kind in kinds), "party")


def teller(told: Told, ties: Ties) -> str:
    """The name of the innermost speaker."""
    links = told.claim.attribution
    party = chain(told, _parties(told, ties), ties)[0]
    if links:
        return party.name if party and links[-1].id else links[-1].text
    return party.name if party else told.outlet or f"report {told.claim.report_id[:12]}"


# --- what it says


def credibility(told: Told, ties: Ties, others: Collection[str], deniers: Collection[str]) -> tuple[int, list[str]]:
    """The number, and why."""
    known, claim = table("weights"), told.claim
    if claim.modality not in known["judged"]:
        return 6, [f"it is {claim.modality}, and cannot be judged yet"]
    row = known["credibility"][interest(told, ties)]
    number, reasons = int(row["grade"]), [str(row["because"])]
    if number == 6 and others:
        number = 4
    if claim.modality == "possible":
        number, reasons = number + 1, [*reasons, "it is said to be possible only"]
    if len(claim.attribution) >= known["relayed"]:
        number, reasons = number + 1, [*reasons, f"it was told through {len(claim.attribution) - 1} others"]
    if deniers:
        number, reasons = number + 1, [*reasons, f"denied by {', '.join(sorted(deniers))}"]
    if others:
        number = 1 if len(others) >= known["confirmed"] and not deniers else number - 1
        reasons.append(
            f"said by {len(others)} other independent informant{'' if len(others) == 1 else 's'} too: {', '.join(sorted(others))}"
        )
    elif number != 6:
        reasons.append("no other independent informant says so")
    least = 1 if row["grade"] == 1 or len(others) >= known["confirmed"] else 2
    return (6 if row["grade"] == 6 and not others else max(least, min(number, 5))), reasons


def interest(told: Told, ties: Ties) -> Standing:
    """How the speaker stands to what it says (rules own-side, against-interest); one who is a party to it speaks for itself."""
    claim = told.claim
    if told.review and not told.is_rejected:
        return "analyst"
    if is_coded(claim):
        return "coded"
    speaker, _, hearsay = chain(told, _parties(told, ties), ties)
    party, other = ties.party(claim.actor), ties.party(claim.recipient)
    if hearsay:
        return "hearsay"
    role = table("control")["roles"].get(claim.kind)
    if role in ROLES:
        lost = role == "gain" and party is None
        losing = lost or role == "loss"
        parties = (other if lost else party, None if losing else other)
        return standing("loss" if lost else role, *parties, speaker, ties, told.known, denied=claim.modality == "denied")
    involved = [one for one in (party, other) if one]
    return (
        "own"
        if speaker and any(ties.aligned(speaker, one, told.known) or ties.opposed(speaker, one, told.known) for one in involved)
        else "independent"
    )


def _parties(told: Told, ties: Ties) -> list[Party]:
    return [one for one in (ties.party(told.claim.actor), ties.party(told.claim.recipient)) if one]
