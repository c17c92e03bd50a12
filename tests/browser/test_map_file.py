"""The page as a reader meets it: a real browser opens the file, where one is installed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from khabar import page
from khabar.page.frame import Page
from test_page import HOSTILE, SOUTH, claim, collection, feature


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Iterator[tuple[Any, list[str]]]:
    before = collection(feature("alfa", on="2031-05-01"), feature("bravo", on="2031-05-01", longitude=20.2))
    after = collection(
        feature("alfa", on="2031-05-08", holder=SOUTH, **{"for": ["c"]}),
        feature("bravo", on="2031-05-08", longitude=20.2, status="contested", previous=SOUTH),
        feature("nowhere", on="2031-05-08", latitude=None, longitude=None, **{"for": ["c"]}),
    )
    file = tmp_path / "map.html"
    file.write_text(page.render(before, after, {"c": claim(HOSTILE)}), encoding="utf-8")
    tab = browser.new_page(viewport={"width": 1280, "height": 900})
    trouble: list[str] = []
    tab.on("pageerror", lambda error: trouble.append(str(error)))
    tab.on("dialog", lambda dialog: trouble.append(dialog.message))
    tab.on("request", lambda request: trouble.append(request.url) if not request.url.startswith("file:") else None)
    tab.goto(file.as_uri())
    yield tab, trouble
    assert trouble == []
    tab.close()


def test_a_dot_opens_its_evidence_by_mouse_and_by_keyboard(opened: tuple[Any, list[str]]) -> None:
    tab, _ = opened
    tab.click('.after [data-place="alfa"]')
    assert HOSTILE in tab.inner_text("#panel .claim blockquote")
    assert "The Herald → Agency → a colonel" in tab.inner_text("#panel .claim .chain")
    tab.keyboard.press("Escape")
    assert tab.is_hidden("#panel")
    tab.focus('.after [data-place="bravo"]')
    tab.keyboard.press("Enter")
    assert tab.inner_text("#panel h2") == "Bravo"


def test_a_place_without_coordinates_has_the_same_panel(opened: tuple[Any, list[str]]) -> None:
    tab, _ = opened
    assert tab.locator('.after [data-place="nowhere"]').count() == 0
    tab.click('#places [data-place="nowhere"]')
    assert HOSTILE in tab.inner_text("#panel .claim blockquote")


def test_the_slider_uncovers_the_day_after(opened: tuple[Any, list[str]]) -> None:
    tab, _ = opened
    tab.check("input[value=slider]")
    tab.locator("input[type=range]").fill("0")
    assert tab.evaluate("getComputedStyle(document.getElementById('frames')).getPropertyValue('--cut')") == "0%"


def test_labels_do_not_overlap(opened: tuple[Any, list[str]]) -> None:
    tab, _ = opened
    boxes = tab.eval_on_selector_all(
        ".after .place-name", "names => names.map(n => n.getBBox()).map(b => [b.x, b.y, b.x + b.width, b.y + b.height])"
    )
    assert len(boxes) == 2
    (a, b) = boxes
    assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


def test_a_phone_needs_no_sideways_scrolling(opened: tuple[Any, list[str]]) -> None:
    tab, _ = opened
    tab.set_viewport_size({"width": 390, "height": 844})
    tab.click('#places [data-place="alfa"]')
    assert not tab.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_in_a_notebook_the_map_of_one_day_works_inside_its_sandbox(browser: Any, tmp_path: Path) -> None:
    day = collection(feature("alfa", on="2031-05-08", holder=SOUTH, **{"for": ["c"]}))
    notebook = tmp_path / "notebook.html"
    notebook.write_text(f"<!doctype html><title>mine</title>{Page(page.render(day, day, {'c': claim(HOSTILE)}))._repr_html_()}", "utf-8")
    tab = browser.new_page(viewport={"width": 1000, "height": 700})
    trouble: list[str] = []
    tab.on("pageerror", lambda error: trouble.append(str(error)))
    tab.on("dialog", lambda dialog: trouble.append(dialog.message))
    tab.goto(notebook.as_uri())
    inside = tab.frames[1]
    inside.click('.after [data-place="alfa"]')
    assert HOSTILE in inside.inner_text("#panel .claim blockquote")
    assert inside.locator("#frames figure:visible").count() == 1
    assert inside.locator("#panel .days > section").count() == 1
    assert trouble == []
    tab.close()
