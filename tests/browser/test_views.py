"""The page of `khabar serve` as a reader meets it, view by view, in a real browser."""

from __future__ import annotations

from typing import Any

import pytest
from serving import go, opened
from war import HOSTILE


def test_the_map_and_its_legend_say_who_holds_what(tab: Any) -> None:
    assert tab.locator("#map canvas.dots").count() == 1
    legend = tab.inner_text("#legend")
    assert "Green Front (2)" in legend
    assert "Red Army (1)" in legend


def test_a_place_opens_its_evidence_for_and_against(tab: Any, address: str) -> None:
    go(tab, address, "on=2031-05-06&place=x:oakford")
    tab.wait_for_selector("#panel .claim")
    panel = tab.inner_text("#panel")
    assert "Green Front (assessed) on 6 May 2031" in panel
    assert "Harbour Post → Wire Agency → [a] source" in panel
    assert "own-side" in panel or "denial" in panel


def test_the_words_of_a_report_are_words(tab: Any, address: str) -> None:
    go(tab, address, "on=2031-05-06&place=x:oakford")
    tab.wait_for_selector("#panel .claim")
    assert HOSTILE in [text.strip() for text in tab.locator("#panel blockquote").all_inner_texts()]
    assert tab.locator("#panel img").count() == 0


def test_the_slider_moves_the_day_and_the_address_keeps_it(tab: Any) -> None:
    slider = tab.locator('input[aria-label="Day"][type=range]')
    slider.focus()
    for _ in range(3):
        tab.keyboard.press("ArrowLeft")
    assert "on=2031-05-03" in tab.url
    tab.wait_for_function("() => document.querySelector('#legend').innerText.includes('Red Army (2)')")


def test_knowledge_can_be_taken_back(tab: Any, address: str) -> None:
    go(tab, address, "on=2031-05-06&known=2031-05-04")
    assert "Red Army (2)" in tab.inner_text("#legend")
    assert tab.locator('input[aria-label="As known on"]').get_attribute("aria-valuetext") == "4 May 2031"


@pytest.mark.parametrize(
    ("view", "words"),
    [
        ("changes", "Oakford"),
        ("incidents", "Red Army"),
        ("alliances", "fought"),
        ("disputes", "Oakford"),
        ("sources", "Wire Agency"),
        ("coverage", "Harbour Post"),
    ],
)
def test_each_view_shows_what_the_record_holds(tab: Any, address: str, view: str, words: str) -> None:
    go(tab, address, f"view={view}&on=2031-05-10")
    tab.wait_for_function("word => document.querySelector('#list').innerText.includes(word)", arg=words)


def test_search_finds_sentences_by_keyboard_alone(tab: Any) -> None:
    tab.keyboard.press("/")
    tab.keyboard.type("Pinewell")
    tab.keyboard.press("Enter")
    tab.wait_for_selector("#list .claim")
    assert all("Pinewell" in text for text in tab.locator("#list blockquote").all_inner_texts())


def test_before_and_after_stand_side_by_side(tab: Any) -> None:
    tab.click("#compare")
    tab.wait_for_selector("#other canvas.dots")
    assert tab.is_visible("#map canvas.dots")
    assert "before=2031-05-01" in tab.url
    tab.wait_for_selector("#panel .between li")
    assert "Red Army → Green Front" in tab.inner_text("#panel .between")


def test_before_and_after_are_swiped_by_keyboard_and_the_address_keeps_it(tab: Any) -> None:
    tab.click("#compare")
    tab.wait_for_selector("#other canvas.dots")
    beside = [tab.locator(one).bounding_box() for one in ("#other", "#map")]
    assert beside[0]["x"] + beside[0]["width"] <= beside[1]["x"]
    tab.click("#swipe")
    tab.wait_for_function("() => document.querySelector('#map').clientWidth === document.querySelector('#maps').clientWidth")
    above, below = (tab.locator(one).bounding_box() for one in ("#other", "#map"))
    assert above == below
    tab.focus("#parting")
    for _ in range(10):
        tab.keyboard.press("ArrowRight")
    assert "swipe=60" in tab.url
    wide = below["width"]
    shown = [shown_at(tab, below["x"] + wide * share, below["y"] + below["height"] / 4) for share in (0.55, 0.65)]
    assert shown == ["other", "map"]
    tab.reload()
    tab.wait_for_selector("#maps.swiped #other canvas.dots")
    assert tab.locator("#parting").get_attribute("aria-valuetext") == "60 % 1 May 2031"
    tab.click("#swipe")
    tab.wait_for_function("() => !document.querySelector('#maps.swiped')")
    assert "swipe" not in tab.url


def shown_at(tab: Any, x: float, y: float) -> str:
    """The map that lies uppermost there."""
    return str(tab.evaluate("([x, y]) => document.elementFromPoint(x, y).closest('.map').id", [x, y]))


def test_for_and_against_stand_opposite_each_other(tab: Any, address: str) -> None:
    go(tab, address, "on=2031-05-06&place=x:oakford")
    tab.wait_for_selector("#panel .sides .claim")
    left, right = (one.bounding_box() for one in tab.locator("#panel .sides > *").all())
    assert left["y"] == right["y"]
    assert left["x"] + left["width"] <= right["x"]


def test_play_moves_the_day_to_the_last(tab: Any) -> None:
    tab.keyboard.press("Escape")
    before = tab.locator('input[aria-label="Day"][type=range]').get_attribute("aria-valuetext")
    tab.click('[aria-label="Play"]')
    tab.wait_for_function(
        "before => document.querySelector('input[aria-label=Day][type=range]').getAttribute('aria-valuetext') !== before", arg=before
    )
    tab.wait_for_selector('[aria-label="Play"]')  # on the last day it stops by itself


def test_the_picture_is_a_png_of_map_legend_day_and_sources(tab: Any) -> None:
    with tab.expect_download() as waited:
        tab.click("#picture")
    assert waited.value.suggested_filename.endswith(".png")
    picture = waited.value.path().read_bytes()
    assert picture.startswith(b"\x89PNG")
    wide, high = (int.from_bytes(picture[at : at + 4], "big") for at in (16, 20))
    box = tab.locator("#map").bounding_box()
    assert (wide, high) == (round(box["width"]), round(box["height"]) + 120)  # below the map: day, legend, sources


def test_a_print_has_the_map_its_legend_and_its_day_and_no_buttons(tab: Any) -> None:
    tab.emulate_media(media="print")
    assert [tab.locator(name).is_visible() for name in ("#map", "#legend", "#time output >> nth=0")] == [True, True, True]
    assert [tab.locator(name).is_visible() for name in ("#mapbar", "#views", "#find")] == [False, False, False]
    tab.emulate_media(media="screen")


def test_each_outlet_has_its_weeks(tab: Any, address: str) -> None:
    go(tab, address, "view=coverage&on=2031-05-10")
    tab.wait_for_selector("#list svg.weeks rect")
    assert tab.locator("#list svg.weeks").count() == tab.locator("#list tbody tr").count()


def test_a_step_of_the_slider_asks_the_server_nothing(tab: Any) -> None:
    tab.wait_for_timeout(400)
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    slider = tab.locator('input[aria-label="Day"][type=range]')
    slider.focus()
    tab.keyboard.press("ArrowLeft")
    tab.wait_for_timeout(400)
    assert asked == []


def test_who_waits_sees_how_far_the_server_is(browser: Any, address: str) -> None:
    tab = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    held: list[Any] = []
    tab.route("**/api/v1/periods*", lambda route: held.append(route))
    tab.route("**/api/v1/progress", lambda route: route.fulfill(json={"seconds": 12.3, "left": 2000, "places": 9000}))
    tab.goto(f"{address}/")
    tab.wait_for_selector("#working:not([hidden])")
    assert "7,000 of 9,000 places" in tab.inner_text("#working")
    tab.wait_for_selector("#map canvas.maplibregl-canvas")  # the map of the world stands meanwhile
    held[0].continue_()
    tab.wait_for_selector("body[data-ready]")
    assert tab.locator("#working").is_hidden()
    assert "Green Front (2)" in tab.inner_text("#legend")
    tab.context.close()


NO_WEBGL = """const before = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
  return kind.startsWith("webgl") ? null : before.call(this, kind, ...more);
};"""


def test_without_webgl_the_places_are_a_list(browser: Any, address: str) -> None:
    page = browser.new_page()
    page.add_init_script(NO_WEBGL)
    go(page, address, "on=2031-05-06")
    assert "Oakford" in page.inner_text("#legend")
    assert "WebGL" in page.inner_text("#map")
    page.close()


def test_a_phone_shows_map_time_and_evidence(browser: Any, address: str) -> None:
    with opened(browser, address, "on=2031-05-06&place=x:oakford", viewport={"width": 390, "height": 844}) as page:
        page.wait_for_selector("#panel .claim")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_place_is_reached_without_a_mouse(tab: Any) -> None:
    tab.focus("#legend details:last-of-type summary")
    tab.keyboard.press("Enter")
    tab.focus("#legend details:last-of-type li:first-child button")
    tab.keyboard.press("Enter")
    tab.wait_for_selector("#panel .summary")


def test_a_click_on_a_symbol_opens_its_place(tab: Any) -> None:
    box = tab.locator("#map canvas.dots").bounding_box()
    for step in range(3, 30):
        tab.mouse.click(box["x"] + box["width"] * step / 32, box["y"] + box["height"] * (32 - step) / 32)
        if "place=" in tab.url:
            break
    tab.wait_for_selector("#panel .summary")


def test_a_road_and_what_lies_around_a_town_are_drawn_and_named_in_the_legend(tab: Any, address: str) -> None:
    go(tab, address, "on=2031-05-06")
    assert "lines: roads" in tab.inner_text("#legend")
    asked = "() => fetch('/api/v1/periods?short=true').then(found => found.json())"
    drawn = [(place["shape"] or {}).get("type") for place in tab.evaluate(asked)["places"]]
    assert {"LineString", "Polygon"} <= set(drawn)


def test_labels_come_in_the_script_of_the_reader(browser: Any, address: str) -> None:
    with opened(browser, address, "on=2031-05-06", locale="ar-SY") as page:
        assert page.locator("#labels").input_value() == "arabic"
