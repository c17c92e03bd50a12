"""The sample → pictures of every view of its page, wide, narrow and on a phone, by day and by night, and the docs' page of them.

python tests/browser/screenshots.py docs/pictures/views
"""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright
from serving import BROWSER, GL, ROOT, missing, opened, served

from khabar.server.tokens import make

SIZES = {"1440": (1440, 900), "1024": (1024, 768), "phone": (390, 844)}
VIEWS = {
    "map": ("Map", "who holds what on a day; areas and roads where no point is told"),
    "place": ("Evidence", "one place: its states over time, why, each sentence with its speakers"),
    "before": ("Before and after", "two days side by side"),
    "changes": ("Changes", "what changed hands, from whom to whom"),
    "incidents": ("Incidents", "what happened, as all reports together tell it"),
    "alliances": ("Alliances", "who belonged to whom, who fought whom"),
    "disputes": ("Disputes", "where speakers disagree"),
    "sources": ("Sources", "who says what, how far each is relied on, how often others bore it out"),
    "search": ("Search", "sentences that hold some words"),
    "coverage": ("Coverage", "who reported on what: silence is not calm"),
    "review": ("Review", "what awaits a decision"),
}
STATES = {
    "map": "on=2015-06-08",
    "place": "on=2015-06-08&place=geonames:172994",
    "before": "on=2015-06-08&before=2015-03-25",
    "search": "view=search&search=airbase&on=2015-06-08",
}


def main(folder: Path) -> int:
    if reason := missing():
        print(reason, file=sys.stderr)
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        subprocess.run([sys.executable, "-m", "khabar", "demo"], cwd=scratch, check=True, stdout=subprocess.DEVNULL)
        tokens = Path(scratch) / "tokens"
        token = make(tokens, "A. Analyst")
        with served(Path(scratch) / "idlib-2015.khabar", public=False, tokens=tokens) as address, sync_playwright() as running:
            browser = running.chromium.launch(executable_path=BROWSER, args=GL)
            for view in VIEWS:
                for size in SIZES:
                    for scheme in ("light", "dark"):
                        take(browser, address, view, size, scheme, token, folder / f"{view}-{size}-{scheme}.webp")
            browser.close()
    (ROOT / "docs/reference/views.md").write_text(page(folder.relative_to(ROOT / "docs")), "utf-8")
    return 0


def take(browser: Any, address: str, view: str, size: str, scheme: str, token: str, file: Path) -> None:
    width, height = SIZES[size]
    state = STATES.get(view, f"view={view}&on=2015-06-08")
    with opened(browser, address, state, token=token, viewport={"width": width, "height": height}, color_scheme=scheme) as tab:
        tab.wait_for_function("() => !document.querySelector('#list[aria-busy]')")
        tab.wait_for_timeout(900)
        if size == "phone" and view == "place":
            tab.evaluate("() => document.querySelector('#panel').scrollIntoView()")
        picture = Image.open(io.BytesIO(tab.screenshot()))
    picture.save(file, quality=42, method=6)


def page(folder: Path) -> str:
    lines = [
        "# What the page looks like",
        "",
        "Every view of [`khabar serve`](../how-to/serve.md) on the sample, as `make screenshots` takes them.",
        "",
    ]
    for view, (title, words) in VIEWS.items():
        lines += [f"## {title}", "", f"{words[0].upper()}{words[1:]}.", "", "| 1440 × 900 | 1024 × 768 | phone |", "|---|---|---|"]
        for scheme in ("light", "dark"):
            cells = [f"![{title}, {size}, {scheme}](../{folder}/{view}-{size}-{scheme}.webp)" for size in SIZES]
            lines.append(f"| {' | '.join(cells)} |")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve()))
