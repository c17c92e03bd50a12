"""Claims of short reports in which the model says what a test has it say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from khabar.columns import Told
from khabar.learnt import bounds
from khabar.model import Claim, Reading, Report
from khabar.reading import STEPS, coded, load_knowledge

Likely = Mapping[str | None, float]
TOLD_ON = date(2024, 5, 10)


def claims(text: str, word: str, times: Mapping[tuple[str, str | None], float] | None = None, **pointed: Likely) -> list[Claim]:
    """The claims that a word makes where the model points from it at these words (None: at nobody), the last of each name."""
    reading, knowledge = Reading(Report("r", text, published=TOLD_ON)), load_knowledge()
    for step in STEPS[:-1]:
        reading = step(reading, knowledge)
    doc = reading.tree
    at = {t.text: t.i for t in doc}
    story = {role: {None if name is None else at[name]: p for name, p in likely.items()} for role, likely in pointed.items()}
    dated = {(way, None if name is None else at[name]): p for (way, name), p in (times or {}).items()}
    unsure = dict.fromkeys(["any", *bounds()["judged"]], 0.3)  # no claim of its own, and rules' claims stand
    doc.user_data["told"] = {t.i: Told(unsure, {}) for t in doc} | {at[word]: Told(unsure, {}, story, dated)}
    return [claim for claim in coded(reading, knowledge).claims if claim.trigger and text[slice(*claim.trigger)].endswith(word)]
