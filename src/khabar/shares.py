"""Places told by a phrase → the same, with what the text goes on to call "the east" or "the other half" as a part of the same town."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from khabar.model import PlaceMention
from khabar.placewords import forms


def with_other_shares(text: str, mentions: Sequence[PlaceMention]) -> list[PlaceMention]:
    """ "The army holds the west of A and the rebels the eastern half", "… and the rebels the east": a part of A too."""
    shares = [m for m in mentions if m.parent and m.id is None and _share().match(m.text)]
    bare = [found.span(1) for m in shares for found in _BARE_SIDE.finditer(text, m.end, m.end + FAR_SHARE)]
    others = {span: PlaceMention(*span, text[slice(*span)], precision="district", form="generic") for span in bare}
    told = [*mentions, *(m for m in others.values() if not any(o.start < m.end and m.start < o.end for o in mentions))]

    def placed(m: PlaceMention) -> PlaceMention:
        before = max((s for s in shares if s.end <= m.start <= s.end + FAR_SHARE), key=lambda s: s.end, default=None)
        if m.parent or m.id or before is None or not _share().fullmatch(m.text):
            return m
        return replace(m, parent=before.parent, country=before.country, admin1=before.admin1)

    return [placed(m) for m in told] if shares else list(mentions)


FAR_SHARE = 120  # characters
_BARE_SIDE = re.compile(r"\bthe ((?:north|south)-?(?:east|west)|north|south|east|west|rest)(?=[.,;]| and\b| but\b| while\b| by\b)")


@cache
def _share() -> re.Pattern[str]:
    directions = "|".join(sorted(forms()["directions"], key=len, reverse=True))
    return re.compile(
        rf"(?:the )?(?:(?:{directions}|other)(?: (?:half|part|side|bank|end|third|quarters?))?|half|rest|remainder)\b", re.IGNORECASE
    )
