"""Pages that show what a command prints → the same pages with what it prints now (`make reference`).

A comment in a page, `<!-- COMMAND -->` or `<!-- COMMAND | from WORDS | lines N -->`, stands before an indented block: what the command
prints of the demo's record, from the line with those words on, so many lines of it.

    python tests/printed.py docs/tutorial/first-record.md
"""

from __future__ import annotations

import re
import shlex
import sys
import tempfile
from contextlib import chdir
from pathlib import Path

from typer.testing import CliRunner

from khabar.cli import app

ROOT = Path(__file__).parents[1]
_SHOWN = re.compile(
    r"<!-- khabar (?P<words>[^|\n]*?)(?: \| from (?P<start>[^|\n]*?))?(?: \| lines (?P<lines>\d+))? -->\n\n(?:(?: {4}.*)?\n)+"
)


def printed(words: str, folder: Path) -> str:
    """What `khabar WORDS` prints on standard output in a folder with the demo's record, at 80 columns."""
    with chdir(folder):
        found = CliRunner().invoke(app, shlex.split(words), env={"COLUMNS": "80", "TERMINAL_WIDTH": "80", "NO_COLOR": "1"})
    assert found.exit_code == 0, (words, found.output, found.exception)
    return found.stdout


def demo(folder: Path) -> str:
    """Makes the demo's record in a folder, beside a link to the sample, and gives what it printed."""
    (folder / "examples").symlink_to(ROOT / "examples")
    return printed("demo", folder)


def rewritten(page: str, folder: Path, of_the_demo: str) -> str:
    """The page with every block behind a comment as it is printed now."""

    def block(match: re.Match[str]) -> str:
        lines = (of_the_demo if match["words"] == "demo" else printed(match["words"], folder)).strip("\n").splitlines()
        first = next((at for at, line in enumerate(lines) if (match["start"] or "") in line), None)
        assert first is not None, f"khabar {match['words']} prints no line with {match['start']!r}"
        part = lines[first:][: int(match["lines"] or len(lines))]
        cut = ["…"] if first + len(part) < len(lines) else []
        shown = "\n".join(f"    {line}".rstrip() for line in [*part, *cut])
        return f"{match[0].splitlines()[0]}\n\n{shown}\n\n"

    return _SHOWN.sub(block, page)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        told = demo(Path(scratch))
        for path in map(Path, sys.argv[1:]):
            path.write_text(rewritten(path.read_text("utf-8"), Path(scratch).resolve(), told), "utf-8")
