"""The text of a page that has lost its apostrophes → where they stood: "Syrias capital", "the regimes shelling", "the citys hospital".

Read as they stand, such words are plurals or new names to the parser. Only what can be nothing else is told: a name that the text has
without its "s", or a country's; what no plural is spelt like; words for what a report has one of.
"""

from __future__ import annotations

import re

from khabar.lexicon import words
from khabar.names import is_ordinary
from khabar.registry import Registry

_KEPT = re.compile(r"[A-Za-z][’'ʼ´`]s\b")
_WORD = re.compile(r"[^\W_](?:[\w-]*[^\W_])?")
_OWNER = re.compile(r"(?<![\w@/.-])(?P<owner>[A-Za-z](?:[\w-]*\w)?)s(?= (?P<next>[A-Za-z][\w-]*))")
_NO_PLURAL = re.compile(r"[b-df-hj-np-tv-z]y")  # "citys": its plural would be "cities"


def lost_apostrophes(text: str, registry: Registry) -> frozenset[int]:
    """Offsets of the "s" of possessives that have lost their apostrophe; none where the text has kept any."""
    if _KEPT.search(text):
        return frozenset()
    told = frozenset(_WORD.findall(text))
    found = (m for m in _OWNER.finditer(text) if m["next"].lower() not in words("apostrophes.yaml")["unowned"])
    return frozenset(m.end("owner") for m in found if _is_possessive(m["owner"], m["next"], told, registry))


def _is_possessive(owner: str, owned: str, told: frozenset[str], registry: Registry) -> bool:
    if owner.islower():
        return _NO_PLURAL.fullmatch(owner[-2:]) is not None or owner in words("nouns.yaml")["single"]
    if _NO_PLURAL.fullmatch(owner[-2:]) and is_ordinary(owner) and owned.islower():
        return True  # "the Observatorys chief", and not "Denys Omarenko"
    if registry.is_demonym(owner) or not owner[-1].islower() or is_ordinary(owner):
        return False  # "Syrians", "IDPs", "Rebels"
    named = registry.resolve(f"{owner}s")
    if named is not None and named != registry.resolve(owner):
        return False  # "Hamas", of "Hama"
    return owner in told or registry.country_of(owner) is not None
