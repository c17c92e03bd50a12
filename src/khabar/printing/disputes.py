"""Disputes → paragraphs for the terminal: the matter, each side's claims under what they say, what the rules made of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from khabar.positions import Dispute, Position, Word
from khabar.wording import counted, plain

SHOWN = 4  # claims of one side; the others are counted
INTEREST = {
    "own": "for its own side",
    "against": "against its own interest",
    "independent": "independent",
    "coded": "a dataset, coded from reports",
    "hearsay": "hearsay",
    "analyst": "accepted by an analyst",
}


def disputes(found: Sequence[Dispute]) -> RenderableType:
    """All of them, in their order."""
    if not found:
        return Text("no speakers are known to disagree")
    return Group(*(row for one in found for row in _rows(one)))


def _rows(one: Dispute) -> Iterator[RenderableType]:
    yield Text.assemble((f"{one.matter}", "bold"), (f"  [{one.about}]", "dim"))
    for position in one.positions:
        yield from _position(position)
    yield Padding(
        Text(f"settled: {one.settled}" if one.settled else "not settled", style="green" if one.settled else "yellow"), (0, 0, 0, 2)
    )
    yield from (Padding(Text(reason, style="dim"), (0, 0, 0, 4)) for reason in one.because)
    yield Text()


def _position(position: Position) -> Iterator[RenderableType]:
    yield Padding(Text.assemble((position.says, "cyan"), (f"  ({counted(len(position.informants), 'informant')})", "dim")), (0, 0, 0, 2))
    yield from (Padding(_word(word), (0, 0, 0, 4)) for word in position.words[:SHOWN])
    if len(position.words) > SHOWN:
        yield Padding(Text(f"… and {counted(len(position.words) - SHOWN, 'more informant')}", style="dim"), (0, 0, 0, 4))


def _word(word: Word) -> Text:
    told = word.told
    line = Text(f"“{plain(told.sentence)}”")
    chain = [plain(told.outlet or f"report {told.claim.report_id[:12]}"), *(plain(link.text) for link in told.claim.attribution)]
    line.append(f" — {' → '.join(chain)}, {told.known or 'no date'}", style="magenta")
    party = word.speaker.name if word.speaker and word.interest in ("own", "against") else None
    side = f", of {party}" if party and party != chain[-1] else ""
    line.append(f"  {INTEREST[word.interest]}{side}", style="green")
    if word.copies:
        line.append(f"  repeated {len(word.copies)}×", style="dim")
    line.append(f"  {told.claim.claim_id}", style="dim")
    return line
