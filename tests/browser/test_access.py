"""Every view, light and dark, wide and narrow: nothing serious for axe, nothing to scroll sideways, the time always in sight."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from serving import AXE, opened

VIEWS = [
    "map",
    "changes",
    "incidents",
    "alliances",
    "disputes",
    "sources",
    "search&search=Oakford",
    "coverage",
    "review",
    "map&place=x:oakford",
]
SIZES = {"wide": (1440, 900), "laptop": (1024, 768), "phone": (390, 844)}


@pytest.mark.skipif(not AXE.exists(), reason="no axe-core here: npm ci in web/, or make browser")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_nothing_serious(browser: Any, desk: tuple[str, str, Path], view: str, scheme: str) -> None:
    address, token, _ = desk
    with opened(browser, address, f"view={view}&on=2031-05-09", token=token, color_scheme=scheme, bypass_csp=True) as page:
        settle(page)
        page.add_script_tag(path=str(AXE))
        found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    serious = [one for one in found["violations"] if one["impact"] in ("serious", "critical")]
    assert [(one["id"], [node["html"][:120] for node in one["nodes"][:3]]) for one in serious] == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("view", VIEWS)
def test_no_view_scrolls_sideways_or_hides_its_time(browser: Any, desk: tuple[str, str, Path], view: str, size: str) -> None:
    address, token, _ = desk
    width, height = SIZES[size]
    with opened(browser, address, f"view={view}&on=2031-05-09", token=token, viewport={"width": width, "height": height}) as page:
        settle(page)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width
        box = page.locator("footer").bounding_box()
        assert 0 <= box["y"] <= height - box["height"] + 1


def settle(page: Any) -> None:
    """Until the view has drawn what it asked for."""
    page.wait_for_function("() => !document.querySelector('#list[aria-busy]')")
    page.wait_for_timeout(400)
