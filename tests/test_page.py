"""The page is one file that needs no network, loses no place, and never runs what a report wrote."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from math import cos, radians
from typing import Any

import pytest

from khabar import page
from khabar.page.outlines import Box, clipped, outlines_in, towns_in

NORTH = {"id": "north", "name": "Northern Army"}
SOUTH = {"id": "south", "name": "Southern Front"}
HOSTILE = 'They took it </script><script>alert("owned")</script><img src=x onerror=alert(1)> & left.'


def feature(id: str, *, on: str, status: str = "held", holder: dict[str, str] | None = NORTH, **more: Any) -> dict[str, Any]:
    where = {
        "id": id,
        "name": more.pop("name", id.title()),
        "latitude": more.pop("latitude", 10.0),
        "longitude": more.pop("longitude", 20.0),
    }
    where["precision"] = more.pop("precision", "town")
    state = {"place": where, "on": on, "known_by": "2031-05-09", "status": status, "holder": holder, "standing": "assessed", **more}
    return {"type": "Feature", "geometry": None, "properties": state}


def collection(*features: dict[str, Any]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}


def claim(sentence: str = "The Northern Army took Alfa.", **more: Any) -> dict[str, Any]:
    start = 40
    report = {"title": "T", "outlet": "The Herald", "published": "2031-05-02", "url": "https://herald.example.org/1"}
    base = {"start": start, "end": start + len(sentence), "trigger": [start + 18, start + 22], "kind": "capture", "modality": "asserted"}
    return {
        **base,
        "sentence": sentence,
        "attribution": [{"text": "Agency", "id": None}, {"text": "a colonel", "id": None}],
        "report": report,
        **more,
    }


def payload_of(html: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="evidence">(.*?)</script>', html, re.DOTALL)
    assert found
    payload: dict[str, Any] = json.loads(found.group(1))
    return payload


class Elements(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_a_hostile_sentence_stays_text() -> None:
    alfa = feature("alfa", on="2031-05-02", name="<script>alert(1)</script>", because=[HOSTILE], **{"for": ["c"]})
    html = page.render(collection(), collection(alfa), {"c": claim(HOSTILE)}, title=HOSTILE, credits=[HOSTILE])
    tags = Elements(html).tags
    assert [tag for tag, _ in tags].count("script") == 2
    assert "img" not in [tag for tag, _ in tags]
    assert not any(name.startswith("on") for _, attributes in tags for name in attributes)
    assert payload_of(html)["claims"]["c"]["sentence"] == HOSTILE


def test_a_link_that_is_code_is_dropped() -> None:
    bad = claim(report={"outlet": "X", "url": "JavaScript:alert(1)"})
    html = page.render(collection(), collection(feature("alfa", on="2031-05-02", **{"for": ["c"]})), {"c": bad})
    assert payload_of(html)["claims"]["c"]["url"] is None
    assert "alert(1)" not in html


def test_a_learnt_claim_says_how_likely_the_model_holds_it_and_a_rules_claim_does_not() -> None:
    told = {"c": claim(rule="capture.learnt", confidence=0.97), "d": claim(rule="capture.take")}
    html = page.render(collection(), collection(feature("alfa", on="2031-05-02", **{"for": [*told]})), told)
    assert {id: (one["rule"], one["confidence"]) for id, one in payload_of(html)["claims"].items()} == {
        "c": ("capture.learnt", 0.97),
        "d": ("capture.take", None),
    }


def test_the_file_asks_nothing_of_the_network() -> None:
    html = page.render(collection(), collection(feature("alfa", on="2031-05-02")), {})
    for _, attributes in Elements(html).tags:
        assert "src" not in attributes
        assert "href" not in attributes
    assert "default-src 'none'" in html
    assert not re.search(r"@import|url\(\s*['\"]?(?!#)[a-z]|fetch\(|XMLHttpRequest|import\(", html.replace("`url(#${id})`", ""))


def test_every_place_is_listed_with_or_without_coordinates() -> None:
    before = collection(feature("alfa", on="2031-05-01"), feature("gone", on="2031-05-01"))
    after = collection(feature("alfa", on="2031-05-08", holder=SOUTH), feature("nowhere", on="2031-05-08", latitude=None, longitude=None))
    html = page.render(before, after, {})
    listed = {attributes["data-place"] for tag, attributes in Elements(html).tags if tag == "button" and "data-place" in attributes}
    assert listed == {"alfa", "gone", "nowhere"}
    assert {place["key"]: place["drawn"] for place in payload_of(html)["places"]}["nowhere"] == "beside"


@pytest.mark.parametrize(
    ("precision", "drawn"),
    [
        ("exact", "spot"),
        ("town", "spot"),
        (None, "spot"),
        ("near_town", "around"),
        ("road", "beside"),
        ("province", "beside"),
        ("country", "beside"),
    ],
)
def test_only_a_place_with_a_point_of_its_own_is_a_dot(precision: str | None, drawn: str) -> None:
    found = page.evidence(collection(), collection(feature("alfa", on="2031-05-08", precision=precision)), {})
    assert found["places"][0]["drawn"] == drawn


def test_what_lies_around_a_town_does_not_bear_its_name() -> None:
    found = page.evidence(collection(), collection(feature("alfa", on="2031-05-08", precision="near_town")), {})
    assert found["places"][0]["name"] == "around Alfa"


def test_a_day_without_a_state_is_unknown_not_held() -> None:
    found = page.evidence(collection(), collection(feature("alfa", on="2031-05-08")), {})
    assert found["places"][0]["before"]["status"] == "unknown"
    assert found["places"][0]["before"]["holder"] is None
    assert found["places"][0]["changed"]


def test_changed_places_come_first() -> None:
    before = collection(feature("alfa", on="2031-05-01"), feature("zulu", on="2031-05-01"))
    after = collection(feature("alfa", on="2031-05-08"), feature("zulu", on="2031-05-08", holder=SOUTH))
    assert [place["key"] for place in page.evidence(before, after, {})["places"]] == ["zulu", "alfa"]


def test_a_holder_keeps_its_colour_on_both_maps() -> None:
    before = collection(feature("alfa", on="2031-05-01"), feature("bravo", on="2031-05-01"))
    after = collection(feature("alfa", on="2031-05-08", holder=SOUTH), feature("bravo", on="2031-05-08"))
    assert [actor["id"] for actor in page.evidence(before, after, {})["holders"]] == ["north", "south"]


def test_the_panel_gets_the_chain_and_the_words_that_made_the_claim() -> None:
    found = page.evidence(collection(), collection(feature("alfa", on="2031-05-08", **{"for": ["c"]})), {"c": claim()})["claims"]["c"]
    assert (found["outlet"], found["speakers"], found["published"]) == ("The Herald", ["Agency", "a colonel"], "2031-05-02")
    start, end = found["trigger"]
    assert found["sentence"][start:end] == "took"


def test_the_same_states_give_the_same_bytes() -> None:
    alfa, bravo = feature("alfa", on="2031-05-08"), feature("bravo", on="2031-05-08", holder=SOUTH)
    assert page.render(collection(), collection(alfa, bravo), {}) == page.render(collection(), collection(bravo, alfa), {})


def test_a_record_without_any_place_still_gives_a_page() -> None:
    html = page.render(collection(), collection(), {})
    assert payload_of(html)["base"]["view"] is None


def test_one_far_place_does_not_shrink_the_war() -> None:
    near = [feature(f"p{i}", on="2031-05-08", latitude=10 + i / 10, longitude=20 + i / 10) for i in range(6)]
    found = page.evidence(collection(), collection(*near, feature("far", on="2031-05-08", latitude=60.0, longitude=-100.0)), {})
    assert found["base"]["view"] == pytest.approx([20, 10, 20.5, 10.5])


@pytest.mark.parametrize(("width", "height"), [(365, 300), (670, 480), (1340, 480)])
@pytest.mark.parametrize("box", [Box(22, 10, 34, 14), Box(36, 35, 37, 36), Box(36, 30, 37, 37), Box(30, 46, 38, 49)], ids=str)
def test_no_frame_that_shows_all_places_shows_where_the_outlines_end(box: Box, width: int, height: int) -> None:
    """As map.js fits a view: a margin of 30 % of the width, at most 150 pixels, and of 90 pixels of the height."""
    shrink, held = cos(radians((box.south + box.north) / 2)), box.framed().widened(3.0)
    wide, tall = (width - min(150, 0.3 * width)) / ((box.east - box.west) * shrink), (height - 90) / (box.north - box.south)
    scale = min(wide, tall)
    middle = ((box.west + box.east) / 2, (box.south + box.north) / 2)
    for side in (-1, 1):
        assert held.holds(middle[0] + side * width / 2 / scale / shrink, middle[1] + side * height / 2 / scale)


def test_outlines_end_at_the_box() -> None:
    box = Box(35.0, 35.0, 38.0, 37.0)
    names = {country["name"] for country in outlines_in(box)}
    assert {"Syria", "Turkey"} <= names
    for country in outlines_in(box):
        for ring in country["rings"]:
            assert all(box.west <= x <= box.east for x in ring[::2])
            assert all(box.south <= y <= box.north for y in ring[1::2])
    assert "Aleppo" in {town["name"] for town in towns_in(box)}


def test_a_ring_around_the_whole_box_is_the_box() -> None:
    ring = [(-9.0, -9.0), (9.0, -9.0), (9.0, 9.0), (-9.0, 9.0)]
    assert set(clipped(ring, Box(-1, -1, 1, 1))) == {(-1, -1), (1, -1), (1, 1), (-1, 1)}
