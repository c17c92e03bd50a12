"""Makes `serving.py` importable, skips where there is no browser with the reason why, and serves one invented war."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from serving import GL, missing, opened, served
from war import war

from khabar.server.tokens import make

collect_ignore = ["screenshots.py"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skipped with the reason; where a browser was asked for (`make browser`), its lack is a fault."""
    reason = missing()
    if reason and not os.environ.get("KHABAR_BROWSER"):
        for item in items:
            if Path(__file__).parent in item.path.parents:
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    from serving import BROWSER

    playwright = pytest.importorskip("playwright.sync_api", reason="no Playwright here: pip install --group browser")
    with playwright.sync_playwright() as running:
        started = running.chromium.launch(executable_path=BROWSER, args=GL)
        yield started
        started.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The war, served to the public."""
    with served(war(tmp_path_factory.mktemp("record") / "war.khabar")) as address:
        yield address


@pytest.fixture
def tab(browser: Any, address: str) -> Iterator[Any]:
    with opened(browser, address, "on=2031-05-06") as page:
        yield page


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[tuple[str, str, Path]]:
    """The war on a desk of its own: address, token, record."""
    record, token = war(tmp_path / "war.khabar"), make(tmp_path / "tokens", "A. Analyst")
    with served(record, public=False, tokens=tmp_path / "tokens") as address:
        yield address, token, record
