"""A record → a server in a thread, and a real browser that opens its page: for the tests of the page and for its pictures."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import uvicorn

from khabar.server import application
from khabar.server.pages import VENDOR

ROOT = Path(__file__).parents[2]
AXE = ROOT / "web/node_modules/axe-core/axe.min.js"
BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
GL = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"]


def missing() -> str | None:
    """Why no page can be opened here, and what to do; None where it can."""
    if BROWSER is None:
        return "no Chromium here: apt-get install chromium"
    if not (VENDOR / "maplibre-gl.mjs").exists():
        return "built without npm's packages: install Khabar again where npm can be reached"
    return None


@contextmanager
def served(record: Path, **options: Any) -> Iterator[str]:
    """The address of a server on that record, long after its war."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    app = application(record, **options)
    app.state.desk.today = lambda: date(2040, 1, 1)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(5)


def go(page: Any, address: str, state: str) -> None:
    """Open a view, and wait until it is there."""
    page.goto(f"{address}/#{state}")
    page.reload()
    page.wait_for_selector("body[data-ready]", timeout=30_000)


@contextmanager
def opened(browser: Any, address: str, state: str, *, token: str | None = None, **context: Any) -> Iterator[Any]:
    """A page of a context of its own, on which nothing may go wrong and nothing may be asked of another host."""
    held = browser.new_context(**({"viewport": {"width": 1280, "height": 860}} | context))
    page = held.new_page()
    page.trouble = []
    page.on("pageerror", lambda error: page.trouble.append(str(error)))
    page.on("dialog", lambda dialog: page.trouble.append(dialog.message))
    page.on("console", lambda said: page.trouble.append(said.text) if said.type == "error" else None)
    page.on("request", lambda asked: page.trouble.append(asked.url) if not asked.url.startswith((address, "blob:", "data:")) else None)
    if token:
        page.add_init_script(f"sessionStorage.setItem('token', {token!r})")
    go(page, address, state)
    yield page
    held.close()
    assert page.trouble == []
