"""Which claims tell of one happening, in stories labelled by hand (tests/stories/incidents.yaml), and what must hold of any claims."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
import yaml

import invented
from khabar.evidence import Ties
from khabar.incidents import Incident, incidents
from khabar.record import Told

BOOK: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "stories/incidents.yaml").read_text("utf-8"))
SETTING = {name: BOOK[name] for name in ("world", "reports", "places")}
STORIES = [pytest.param(story, id=story["name"].replace(" ", "-")) for story in BOOK["stories"]]


def told(story: dict[str, Any]) -> list[Told]:
    return invented.told(invented.readings(story["claims"], **SETTING))


def grouped(found: list[Told]) -> list[Incident]:
    return incidents(found, Ties(invented.registry(BOOK["world"]), found))


def numbers(story: dict[str, Any]) -> dict[str, int]:
    """Claim id → the number of its row."""
    rows: dict[str, list[int]] = {}
    for number, row in enumerate(story["claims"]):
        rows.setdefault(row[0], []).append(number)
    return {
        claim.claim_id: rows[reading.report.id][i]
        for reading in invented.readings(story["claims"], **SETTING)
        for i, claim in enumerate(reading.claims)
    }


@pytest.mark.parametrize("story", STORIES)
def test_a_story_is_grouped(story: dict[str, Any]) -> None:
    number = numbers(story)
    found = {min(group): (group, one) for one in grouped(told(story)) for group in [sorted(number[claim.claim_id] for claim in one.claims)]}
    why = [(sorted(number[claim.claim_id] for claim in one.claims), one.why) for one in grouped(told(story))]
    assert sorted(group for group, _ in found.values()) == sorted(story["groups"]), why
    for group, wanted in zip(story["groups"], story.get("is", []), strict=False):
        assert shown(found[min(group)][1], wanted) == wanted


def shown(one: Incident, wanted: dict[str, Any]) -> dict[str, Any]:
    seen: dict[str, Any] = {
        "kind": one.kind,
        "title": one.title,
        "informants": one.informants,
        "place": one.place.name if one.place else None,
    }
    seen["days"] = one.date_start if one.date_start == one.date_end else (one.date_start, one.date_end)
    seen["actors"] = sorted(party.name for party in one.actors)
    seen["recipients"] = sorted(party.name for party in one.recipients)
    seen["figures"] = [[figure.unit, figure.low, figure.best, figure.high] for figure in one.figures]
    seen["because"] = wanted.get("because") if wanted.get("because", "") in " ".join(one.because) else list(one.because)
    return {name: seen[name] for name in wanted}


ALL = [item for i, story in enumerate(BOOK["stories"]) for item in told(story)]


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_the_claims_changes_nothing(seed: int) -> None:
    shuffled = list(ALL)
    random.Random(seed).shuffle(shuffled)
    ties = Ties(invented.registry(BOOK["world"]), ALL)
    assert incidents(shuffled, ties) == incidents(ALL, ties)
