"""A text → "en", or InputError that names its language: the parts after this one read English only."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from khabar.errors import InputError

_LETTER_RUN = re.compile(r"[^\W\d_]+")

# Words of English that are none in other languages in Latin letters ("in", "is", "was", "on", "a" are), and the share of a text that they
# make up: 0.21 to 0.26 at the median of seven sets of reports, 0.06 or more in 99 of 100; what has less is left to the identifier.
_ENGLISH = frozenset(
    """the of and to that for with from by are were has have been its they their which this but not said who""".split()  # noqa: SIM905
)
_ENOUGH_ENGLISH = 0.06
# Measured with both: of some 15,000 English texts in fourteen sets none is refused, while one sentence of another language is.
_ENOUGH_LETTERS = 80


def language_of(text: str, declared: str | None) -> str:
    """ "en". Raises InputError for a text that is surely something else; a text too short to be sure of is read."""
    words = [word.lower() for word in _LETTER_RUN.findall(text[:20_000])]
    if len(words) >= 5 and sum(word in _ENGLISH for word in words) >= _ENOUGH_ENGLISH * len(words):
        return "en"
    found = _other_language(words) or _declared_other(words, declared)
    if found:
        message = (
            f"the text is in another language ({found}); only English is read now: "
            "give a translation as text, and this as original_text, in a row of JSON lines"
        )
        raise InputError(message, code="language")
    return "en"


def _other_language(words: list[str]) -> str | None:
    letters = "".join(words)
    foreign = sum(letter > "\u024f" for letter in letters)
    sure = len(letters) >= _ENOUGH_LETTERS
    if not letters or not (sure or foreign > 0.5 * len(letters)):
        return None
    name, probability = _identifier().classify(" ".join(words))
    if name != "en" and (probability >= 0.95 or foreign > 0.5 * len(letters)):
        return str(name)
    return f"in letters that are not Latin, perhaps {name}" if foreign > 0.5 * len(letters) else None


def _declared_other(words: list[str], declared: str | None) -> str | None:
    """What the row says of itself decides where the text has too few English words to deny it."""
    if not declared or declared.lower().startswith("en") or any(word in _ENGLISH for word in words):
        return None
    return declared


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # English text seldom needs it

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
