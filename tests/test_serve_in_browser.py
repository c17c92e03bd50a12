"""The page of `khabar serve` as a reader meets it: a real browser, where one is installed."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import uvicorn
import yaml

import invented
from khabar.record import Record
from khabar.server import application
from khabar.server.pages import VENDOR

playwright = pytest.importorskip("playwright.sync_api")
BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.skipif(BROWSER is None, reason="no browser here"),
    pytest.mark.skipif(not (VENDOR / "maplibre-gl.mjs").exists(), reason="built without npm's packages"),
]
GL = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"]
BOOK: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "stories/control.yaml").read_text("utf-8"))
PLACES = {
    "Oakford": {"latitude": 10.1, "longitude": 20.4, "id": "x:oakford", "precision": "town", "country": "SY"},
    "Pinewell": {"latitude": 10.3, "longitude": 20.7, "id": "x:pinewell", "precision": "town", "country": "SY"},
}
HOSTILE = '<img src=x onerror="alert(1)"> Green Front took Oakford </script><script>alert(2)</script>'
ROWS: list[list[Any]] = [
    ["post-1", "control_state", "Red Army", None, "Oakford", "2031-05-01", []],
    ["post-1", "control_state", "Red Army", None, "Pinewell", "2031-05-01", []],
    ["post-5", "capture", "Green Front", "Red Army", "Oakford", "2031-05-05", ["Wire Agency", "[a] source"], {"sentence": HOSTILE}],
    ["red-6", "capture", "Green Front", None, "Oakford", "2031-05-05", [], {"modality": "denied"}],
    ["post-8", "clash", "Red Army", "Green Front", "Pinewell", "2031-05-08", []],
]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    path = tmp_path_factory.mktemp("record") / "war.khabar"
    with Record.create(path) as kept:
        for reading in invented.readings(ROWS, world=BOOK["world"], reports=BOOK["reports"], places=PLACES):
            kept.add(reading)
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    app = application(path)
    app.state.desk.today = lambda: date(2040, 1, 1)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join(5)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as running:
        opened = running.chromium.launch(executable_path=BROWSER, args=GL)
        yield opened
        opened.close()


@pytest.fixture
def tab(browser: Any, address: str) -> Iterator[Any]:
    """A page that is open, and on which nothing went wrong and nothing was asked of another host."""
    page = browser.new_page(viewport={"width": 1280, "height": 860})
    trouble: list[str] = []
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("dialog", lambda dialog: trouble.append(dialog.message))
    page.on("console", lambda said: trouble.append(said.text) if said.type == "error" else None)
    page.on("request", lambda asked: trouble.append(asked.url) if not asked.url.startswith((address, "blob:", "data:")) else None)
    go(page, address, "on=2031-05-06")
    yield page
    page.close()
    assert trouble == []


def go(page: Any, address: str, state: str) -> None:
    page.goto(f"{address}/#{state}")
    page.reload()
    page.wait_for_selector("body[data-ready]", timeout=20_000)


def test_the_map_and_its_legend_say_who_holds_what(tab: Any) -> None:
    assert tab.locator("#map canvas").count() == 1
    legend = tab.inner_text("#legend")
    assert "Green Front (1)" in legend
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
    tab.wait_for_function("document.querySelector('#legend').innerText.includes('Red Army (2)')")


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
    tab.wait_for_selector("#other canvas")
    assert tab.is_visible("#map canvas")
    assert "before=2031-05-01" in tab.url


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
    page = browser.new_page(viewport={"width": 390, "height": 844})
    go(page, address, "on=2031-05-06&place=x:oakford")
    page.wait_for_selector("#panel .claim")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()
