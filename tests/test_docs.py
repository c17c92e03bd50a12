"""The documentation can be followed: its links lead somewhere, its commands exist, no command is left out."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import printed
from khabar.cli.reference import reference

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/**/*.md")])
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
COMMAND = re.compile(r"^ {4}khabar ([a-z]+)(?: ([a-z]+)(?=\s|$))?", re.MULTILINE)


def commands() -> dict[str, set[str]]:
    """Names of the program's commands, each with its subcommands."""
    typer_main = pytest.importorskip("typer.main")
    cli = pytest.importorskip("khabar.cli")
    root = typer_main.get_command(cli.app)
    return {name: set(getattr(command, "commands", {})) for name, command in root.every().items()}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_files(page: Path) -> None:
    targets = [target.split("#")[0] for target in LINK.findall(page.read_text(encoding="utf-8"))]
    local = [target for target in targets if target and not target.startswith(("http://", "https://", "mailto:"))]
    missing = [target for target in local if not (page.parent / target).exists()]
    assert missing == []


def test_every_page_is_reached_from_the_front() -> None:
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        reached.add(page)
        waiting += [found for found in linked(page) if found.suffix == ".md" and found not in reached]
    assert {str(page.relative_to(ROOT)) for page in PAGES if ROOT / "docs" in page.parents} <= {
        str(page.relative_to(ROOT)) for page in reached
    }


def linked(page: Path) -> Iterator[Path]:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        found = (page.parent / target.split("#")[0]).resolve()
        if not target.startswith("http") and found.is_file() and ROOT in found.parents:
            yield found


def test_the_front_page_can_be_read_at_once() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) < 150


def test_the_reference_of_the_commands_is_up_to_date() -> None:
    """The words only: how help is laid out differs between versions of the library that prints it."""
    kept, now = ((ROOT / "docs" / "reference" / "cli.md").read_text(encoding="utf-8"), reference())
    assert set(re.findall(r"[\w-]{3,}", now)) <= set(re.findall(r"[\w-]{3,}", kept)), "run make reference"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_command_that_is_shown_exists(page: Path) -> None:
    known = commands()
    shown = COMMAND.findall(page.read_text(encoding="utf-8"))
    assert [name for name, _ in shown if name not in known] == []
    assert [(name, sub) for name, sub in shown if known.get(name) and sub not in known[name]] == []


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder with the demo's record, and what the demo printed."""
    folder = tmp_path_factory.mktemp("demo")
    return folder, printed.demo(folder)


def test_the_tutorial_shows_what_is_printed(demo: tuple[Path, str]) -> None:
    page = (ROOT / "docs/tutorial/first-record.md").read_text("utf-8")
    assert printed.rewritten(page, *demo) == page, "run make reference"


ASKED = re.compile(r"^ {4}(khabar [^\n]*idlib-2015\.khabar[^\n]*)$", re.MULTILINE)


@pytest.mark.parametrize("page", [page for page in PAGES if ASKED.search(page.read_text("utf-8"))], ids=lambda page: page.stem)
def test_a_command_that_asks_the_record_of_the_demo_runs_as_printed(page: Path, demo: tuple[Path, str], tmp_path: Path) -> None:
    shutil.copytree(demo[0], tmp_path / "demo", symlinks=True)
    for command in ASKED.findall(page.read_text("utf-8")):
        words, _, _ = command.removeprefix("khabar ").partition(" > ")
        if not re.search(r"^serve |\b(ID|DECISION)\b", words):
            printed.printed(words.partition("  #")[0], tmp_path / "demo")


def test_the_targets_that_the_front_page_names_are_there() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"^ {4}make ([a-z]+)", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE))
    assert named
    assert named <= targets
