"""The brief as a reader meets it: footnotes open by mouse, by touch and by keyboard in a browser that runs no script."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from khabar.page import brief as page
from test_brief import ROWS, made, write


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("brief")
    path = folder / "may.html"
    path.write_text(page.render(made(write(folder / "war.khabar", ROWS))), encoding="utf-8")
    return path


@pytest.fixture(params=[1440, 390], ids=["wide", "phone"])
def tab(request: pytest.FixtureRequest, browser: Any, file: Path) -> Iterator[Any]:
    context = browser.new_context(java_script_enabled=False, viewport={"width": request.param, "height": 844})
    opened = context.new_page()
    asked: list[str] = []
    opened.on("request", lambda found: asked.append(found.url))
    opened.goto(file.as_uri())
    yield opened
    assert asked == [file.as_uri()]
    context.close()


def shown(tab: Any, note: str) -> bool:
    """Is it on the screen, with room for its quotation?"""
    box, size = tab.locator(f"#{note}").bounding_box(), tab.viewport_size
    return (
        box is not None and box["y"] >= 0 and box["y"] + box["height"] <= size["height"] and 0 <= box["x"] <= size["width"] - box["width"]
    )


def test_a_number_opens_its_footnote_beside_it(tab: Any) -> None:
    number = tab.locator(".ref").first
    assert not shown(tab, "n1")
    number.click()
    assert shown(tab, "n1")
    assert "Green Front" in tab.inner_text("#n1 blockquote")
    tab.keyboard.press("Escape")
    tab.mouse.move(1, 1)
    assert not shown(tab, "n1")
    tab.keyboard.press("Tab")
    tab.keyboard.press("Shift+Tab")
    tab.keyboard.press("Enter")
    assert shown(tab, "n1")


def test_pointing_at_a_number_is_enough(tab: Any) -> None:
    tab.locator(".ref").first.hover()
    assert shown(tab, "n1")


def test_nothing_runs_out_of_the_screen(tab: Any) -> None:
    for element in tab.locator("p, h1, h2, li").all():
        box = element.bounding_box()
        assert box is None or box["x"] + box["width"] <= tab.viewport_size["width"]
