"""Records that a page is seldom tried on: other scripts, originals beside translations, long sentences, thousands of claims, none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from serving import AXE, opened, served
from war import BOOK, actors

import invented
from khabar.naming import keep_files
from khabar.record import Record

ARABIC = "سيطرت الجبهة الخضراء على بلدة عين الزيتون، بحسب مصدر ميداني."
ENGLISH = "🔴🔴 The Green Front took the town of Ayn al-Zaytun, a field source said."
BEFORE, AFTER = "On the northern road, where nothing had moved for weeks, " * 60, ", as was said again and again" * 90
LONG = f"{BEFORE}the Green Front captured Longford{AFTER}."
PLACES = {
    "عين الزيتون": {"latitude": 35.6, "longitude": 36.7, "id": "x:ayn", "precision": "town", "country": "SY"},
    "Longford": {"latitude": 35.9, "longitude": 36.9, "id": "x:longford", "precision": "town", "country": "SY"},
    "Milltown": {"latitude": 35.7, "longitude": 37.1, "id": "x:milltown", "precision": "town", "country": "SY"},
}
MANY = 5000
ROWS: list[list[Any]] = [
    ["post-5", "capture", "Green Front", "Red Army", "عين الزيتون", "2031-05-05", ["مصدر ميداني"], {"sentence": ENGLISH}],
    ["green-6", "capture", "Green Front", None, "Longford", "2031-05-06", [], {"sentence": LONG}],
    *(
        ["post-8", "control_state", "Red Army", None, "Milltown", "2031-05-08", [], {"sentence": f"Line {n}: the Red Army holds Milltown."}]
        for n in range(MANY)
    ),
]


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    path = tmp_path_factory.mktemp("odd") / "odd.khabar"
    with Record.create(path) as kept:
        keep_files(kept.connection, [("invented.yaml", actors())])
        for reading in invented.readings(ROWS, world=BOOK["world"], reports=BOOK["reports"], places=PLACES):
            report = reading.report
            for word in ("took", "captured"):
                if word in report.text:
                    at = report.text.index(word)
                    reading = replace(reading, claims=tuple(replace(one, trigger=(at, at + len(word))) for one in reading.claims))
            if report.id == "post-5":
                report = replace(report, original_text=f"{ARABIC}\n", translated_by="A. Translator")
            kept.add(replace(reading, report=report))
    with served(path, public=False) as address:
        yield address


@pytest.mark.parametrize("width", [1440, 390])
def test_a_translation_stands_beside_its_original_each_in_its_direction(browser: Any, odd: str, width: int) -> None:
    with opened(browser, odd, "on=2031-05-06&place=x:ayn", viewport={"width": width, "height": 900}) as page:
        page.wait_for_selector("#panel .claim .original")
        translated, original = page.locator("#panel .claim .both blockquote").all()[:2]
        assert (translated.inner_text(), original.inner_text()) == (ENGLISH, ARABIC)
        assert [one.evaluate("one => getComputedStyle(one).direction") for one in (translated, original)] == ["ltr", "rtl"]
        assert page.locator("#panel .claim mark").first.inner_text() == "took"  # after signs that take two characters of JavaScript
        assert "مصدر ميداني" in page.locator("#panel .chain bdi").all_inner_texts()
        assert "مصدر ميداني" in page.locator("#panel li bdi").all_inner_texts()
        assert page.locator("#panel h2").evaluate("one => getComputedStyle(one).direction") == "rtl"
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width


def test_a_very_long_sentence_is_shown_around_its_words_and_whole_when_asked_for(browser: Any, odd: str) -> None:
    with opened(browser, odd, "on=2031-05-06&place=x:longford") as page:
        page.wait_for_selector("#panel .claim mark")
        quoted = page.locator("#panel .claim blockquote").first
        assert len(quoted.inner_text()) < 600
        assert quoted.inner_text().startswith("… ")
        quoted.locator("button").click()
        assert quoted.inner_text().strip() == LONG
        assert page.locator("#panel .claim mark").first.inner_text() == "captured"


def test_a_place_with_thousands_of_claims_shows_them_page_by_page(browser: Any, odd: str) -> None:
    asked: list[str] = []
    with opened(browser, odd, "on=2031-05-09") as page:
        page.on("request", lambda request: asked.append(request.url))
        page.evaluate("() => { location.hash = 'on=2031-05-09&place=x:milltown' }")
        page.wait_for_selector("#panel .claim")
        page.get_by_text("All claims about this place").click()
        page.wait_for_selector("#panel .every .claim")
        assert f"Claims ({MANY:,})" in page.inner_text("#panel .every")
        drawn = page.locator("#panel .claim").count()
        assert drawn <= 3 * 40
        page.locator("#panel button.more:visible").last.click()
        page.wait_for_function("n => document.querySelectorAll('#panel .claim').length === n", arg=drawn + 40)
    assert all("limit=40" in url for url in asked if "claims?" in url)


WITHOUT = """
const made = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...more) { return /webgl/.test(kind) ? null : made.call(this, kind, ...more) };
"""


def test_a_browser_without_webgl_is_told_and_has_lists_and_evidence(browser: Any, odd: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 860})
    page = context.new_page()
    page.add_init_script(WITHOUT)
    page.goto(f"{odd}/#on=2031-05-06")
    page.wait_for_selector("body[data-ready]")
    assert "draws no WebGL" in page.inner_text("#map")
    page.get_by_role("button", name="Longford").first.click()
    page.wait_for_selector("#panel .claim")
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_empty_record_says_so_in_every_view(browser: Any, tmp_path: Path, scheme: str) -> None:
    Record.create(tmp_path / "empty.khabar").connection.close()
    with served(tmp_path / "empty.khabar", public=False) as address:
        for view in ("map", "changes", "incidents", "alliances", "disputes", "sources", "coverage"):
            with opened(browser, address, f"view={view}", color_scheme=scheme, bypass_csp=True) as page:
                page.wait_for_function("() => !document.querySelector('#list[aria-busy]')")
                page.wait_for_timeout(300)
                assert "holds no claims yet" in page.inner_text("#notice")
                assert not any(word in page.inner_text("body") for word in ("undefined", "NaN", "Infinity", "Invalid"))
                if AXE.exists():
                    page.add_script_tag(path=str(AXE))
                    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
                    assert [one["id"] for one in found["violations"] if one["impact"] in ("serious", "critical")] == []
