"""An analyst reviews in the page with the keyboard alone: nothing here touches a mouse."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
from serving import opened
from typer.testing import CliRunner

from khabar.cli import app

Desk = tuple[str, str, Path]


def decided(record: Path) -> list[dict[str, Any]]:
    """What the terminal says was decided, the first first."""
    printed = CliRunner().invoke(app, ["review", str(record), "--decided", "--json"]).stdout
    return [json.loads(line) for line in printed.splitlines()][::-1]


def said(page: Any, words: str) -> None:
    page.wait_for_function("words => document.querySelector('#said')?.textContent.includes(words)", arg=words)


def seek(page: Any, why: str) -> str:
    """Go down the queue to the first row of that reason; its name."""
    for _ in range(30):
        if page.inner_text("#card .tag") == why:
            return str(page.inner_text("#card h3 > :first-child, #card h3")).split(" evidence")[0].strip()
        page.keyboard.press("j")
    raise AssertionError(f"nothing awaits because: {why}")


def held(page: Any) -> int:
    """How many places the legend counts for one side."""
    return int(re.search(r"Green Front \((\d+)\)", page.locator("#legend").evaluate("one => one.textContent"))[1])  # type: ignore[index]


def tab_to(page: Any, selector: str, most: int = 60) -> None:
    for _ in range(most):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {selector}")


def test_a_whole_review_by_keyboard_only(browser: Any, desk: Desk) -> None:
    address, token, record = desk
    with opened(browser, address, "on=2031-05-06") as page:
        tab_to(page, "#views button:last-child")
        assert page.evaluate("document.activeElement.textContent") == "Review"
        page.keyboard.press("Enter")
        page.wait_for_selector("#card")
        tab_to(page, "#token")
        page.keyboard.type(token)
        page.keyboard.press("Enter")
        said(page, "A. Analyst")

        first = page.inner_text("#card blockquote")
        page.keyboard.press("a")
        page.keyboard.type("two videos")
        page.keyboard.press("Enter")
        said(page, "Accept")
        assert page.inner_text("#card blockquote") != first
        page.keyboard.press("u")
        said(page, "Taken back")
        assert page.inner_text("#card blockquote") == first

        page.keyboard.press("r")
        page.keyboard.type("another Oakford")
        page.keyboard.press("Enter")
        said(page, "Reject")

        seek(page, "claimed by its own side only")
        page.keyboard.press("c")
        tab_to(page, "#form input[type=date]")
        page.keyboard.type("05042031")
        page.keyboard.press("Enter")
        said(page, "Correct")

        seek(page, "the place is on no map")
        page.keyboard.press("p")
        page.keyboard.type("10.25, 20.5")
        page.keyboard.press("Enter")
        said(page, "Place")
    made = decided(record)
    assert [row["verdict"] for row in made] == ["accept", "withdraw", "reject", "correct", "place"]
    assert {row["signed_by"] for row in made} == {"A. Analyst"}
    assert [row["reason"] for row in made][:3] == ["two videos", "decided by mistake", "another Oakford"]
    assert made[3]["said"]["fields"] == {"date_start": "2031-05-04"}
    assert (made[4]["said"]["place"]["latitude"], made[4]["said"]["place"]["longitude"]) == (10.25, 20.5)


def test_a_decision_takes_a_few_seconds(browser: Any, desk: Desk) -> None:
    address, token, _ = desk
    with opened(browser, address, "view=review", token=token) as page:
        page.wait_for_selector("#card")
        start = time.monotonic()
        page.keyboard.press("a")
        page.keyboard.press("Enter")
        said(page, "Accept")
        assert time.monotonic() - start < 3


def test_what_was_decided_shows_on_the_map_that_one_returns_to(browser: Any, desk: Desk) -> None:
    address, token, _ = desk
    with opened(browser, address, "view=review&on=2031-05-09", token=token) as page:
        page.wait_for_selector("#card")
        before = held(page)
        seek(page, "the place is on no map")
        page.keyboard.press("p")
        page.keyboard.type("10.25, 20.5")
        page.keyboard.press("Enter")
        said(page, "Place")
        page.click("#views button:first-child")
        page.wait_for_function("words => document.querySelector('#legend').textContent.includes(words)", arg=f"Green Front ({before + 1})")


def test_incidents_are_merged_and_come_apart_again_by_keyboard(browser: Any, desk: Desk) -> None:
    address, token, record = desk
    with opened(browser, address, "view=incidents&on=2031-05-20", token=token) as page:
        page.wait_for_selector("#list td button")
        tab_to(page, "#list td button", 80)
        page.keyboard.press("Enter")
        page.wait_for_selector("[data-verdict=merge]")
        tab_to(page, "[data-verdict=merge]", 120)
        page.keyboard.press("Enter")
        page.wait_for_selector(".incidentdesk select")
        tab_to(page, ".incidentdesk .decision input")
        page.keyboard.type("one and the same day")
        page.keyboard.press("Enter")
        page.wait_for_selector(".incidentdesk [role=status]")
        assert [row["verdict"] for row in decided(record)] == ["merge"]
        page.keyboard.press("Enter")
        page.wait_for_function("() => document.querySelector('.incidentdesk [role=status]').textContent.includes('Taken back')")
    assert [row["verdict"] for row in decided(record)] == ["merge", "withdraw"]


def test_without_a_token_one_may_look_and_not_decide(browser: Any, desk: Desk) -> None:
    address, _, record = desk
    with opened(browser, address, "view=review") as page:
        page.wait_for_selector("#card")
        assert page.locator(".actions button:not([disabled])").count() == 0
        page.keyboard.press("a")
        assert page.locator("#form form").count() == 0
    assert decided(record) == []


def test_the_public_has_no_review(tab: Any) -> None:
    assert "Review" not in tab.inner_text("#views")


@pytest.mark.parametrize("key", ["Escape"])
def test_a_decision_that_was_begun_can_be_left(browser: Any, desk: Desk, key: str) -> None:
    address, token, record = desk
    with opened(browser, address, "view=review", token=token) as page:
        page.wait_for_selector("#card")
        page.keyboard.press("r")
        page.keyboard.press(key)
        assert page.locator("#form form").count() == 0
        page.keyboard.press("j")
        assert "2 of" in page.inner_text("#card .why")
    assert decided(record) == []
