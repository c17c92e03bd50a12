"""What was found of the sample's claims → a table report by report, and those that were missed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from khabar.printing import SHOWN, table_of

if TYPE_CHECKING:
    from khabar.sample import Comparison


FIELDS = ("contract_kind", "actor", "place", "date_end")


def comparison(compared: Mapping[str, Comparison]) -> RenderableType:
    """What was found of the claims that a person coded, report by report, and the ones that were missed."""
    table = table_of("report", "coded by hand", "found", "missed", "not coded")
    for id, one in sorted(compared.items()):
        counts = (len(one.found) + len(one.missed), len(one.found), len(one.missed), len(one.extra))
        table.add_row(id[:24], *(str(count) for count in counts))
    missed = [claim for _, one in sorted(compared.items()) for claim in one.missed]
    shown = [claim for claim in missed if claim["contract_kind"] in ("capture", "transfer", "withdrawal")][:SHOWN]
    lines = [Text(f"missed: {' · '.join(str(claim[name]) for name in FIELDS if claim.get(name))}", style="dim") for claim in shown]
    return Group(table, *lines, Text(f"… and {len(missed) - len(shown)} more", style="dim"))
