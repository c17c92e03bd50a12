"""What is known of an incident → one line in plain prose."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from khabar.areas import Area
from khabar.figures import Figure
from khabar.parties import Party
from khabar.tellings import words


def title(
    kind: str, place: Area | None, actors: Sequence[Party], recipients: Sequence[Party], figures: Sequence[Figure], *, mode: str
) -> str:
    """ "Green Front captured Oakford from Red Army; 12 to 30 killed". `mode`: asserted, or what all that is said of it amounts to."""
    known, unknown = words()["titles"][kind]
    parts = {
        "actor": _names(actors),
        "recipient": _names(recipients),
        "place": place.name if place else None,
        "in": f"{_preposition(place)} {place.name}" if place else None,
    }
    line = _filled(known if parts["actor"] else unknown, parts)
    line = line[:1].upper() + line[1:]
    toll = ", ".join(_toll(figure) for figure in figures if figure.unit in words()["tolls"])
    return f"{_MODES.get(mode, '')}{line}{f'; {toll}' if toll else ''}"


_MODES = {"denied": "Denied: ", "possible": "Possibly: ", "rejected": "Rejected by an analyst: "}


def _filled(pattern: str, parts: Mapping[str, str | None]) -> str:
    """The pattern with its parts; a bracket whose part is unknown goes, or gives its other words."""

    def bracket(found: re.Match[str]) -> str:
        inside, _, other = found[1].partition("|")
        return other if any(parts[name] is None for name in re.findall(r"\{(\w+)\}", inside)) else inside

    words_left = re.sub(r"\[([^\]]*)\]", bracket, pattern)
    return words_left.format_map({name: value or "a place not named" for name, value in parts.items()})


def _names(parties: Sequence[Party]) -> str | None:
    """The first two, descriptions only where there is no name; what is long is cut."""
    parties = [party for party in parties if not party.is_generic] or list(parties)
    names = [party.name if len(party.name) <= LONG else f"{party.name[: LONG - 2].rsplit(' ', 1)[0]} …" for party in parties[:2]]
    more = " and others" if len(parties) > 2 else ""
    return (" and ".join(names) if not more else ", ".join(names)) + more if names else None


LONG = 48  # characters


def _preposition(place: Area) -> str:
    return "in" if place.precision in ("town", "district", "province", "country", "region", None) else "at"


def _toll(figure: Figure) -> str:
    """The best estimate, and the range where there is one."""
    span = "" if figure.low == figure.high else f" ({figure.low} to {figure.high})"
    return f"{figure.best} {figure.unit}{span}"
