"""One part in a hundred of `make fuzz`, or what twenty seconds allow; and bombs, in bounded time and memory."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

from fuzz.targets import TARGETS
from khabar import plainyaml
from khabar.actorfiles import read_war
from khabar.errors import KnowledgeError
from khabar.feeds import read_inputs
from khabar.model import Report
from khabar.sections import split

ROOT = Path(__file__).parent


def test_no_input_breaks_a_reader() -> None:
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    words = [sys.executable, str(ROOT / "fuzz"), "--n", "10000", "--seconds", "20"]
    ran = subprocess.run(words, env=env, capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stdout
    assert f"for {len(TARGETS)} readers" in ran.stdout


@pytest.mark.parametrize("name", TARGETS)
def test_what_the_inputs_are_made_from_is_taken(name: str, tmp_path: Path) -> None:
    for seed in TARGETS[name].seeds:
        (tmp_path / TARGETS[name].name).write_bytes(seed)
        TARGETS[name].take(tmp_path / TARGETS[name].name)


LAUGHS = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 10))
YAML = {
    "names for names": LAUGHS,
    "a thousand brackets": "a: " + "[" * 100_000,
    "deep blocks": "".join(f"{' ' * i}a:\n" for i in range(3000)),
    "a 13th month": "actors: [{id: 2031-13-99}]",
    "5,000 digits": "actors: [{id: " + "9" * 5000 + "}]",
    "merged keys": "a0: &a0 {x: 1}\n" + "".join(f"a{i}: &a{i}\n  <<: [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 12)),
}


@pytest.mark.parametrize("name", YAML)
def test_yaml_made_to_do_harm_is_refused_at_once(name: str) -> None:
    begun = time.monotonic()
    with pytest.raises(KnowledgeError):
        read_war(YAML[name], "a.yaml")
    for loader in (yaml.BaseLoader, plainyaml.FAST):
        if loader is plainyaml.FAST or name not in ("a 13th month", "5,000 digits"):
            with pytest.raises(yaml.YAMLError):
                plainyaml.load(YAML[name], loader)
    assert time.monotonic() - begun < 5


def test_fields_at_the_head_of_a_text_cannot_stand_for_gigabytes(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(f"---\n{LAUGHS}outlet: *a9\n---\nFighters took the town of Qalam on Monday, and the army left.")
    *_, found = read_inputs([path])
    assert isinstance(found, Report)
    assert found.outlet is None


HOSTILE_WORDS = (
    "a" * 50_000,
    "-" * 50_000,
    "'" * 50_000,
    " " * 50_000,
    "a " * 25_000,
    "1," * 25_000,
    "(" * 50_000,
    "A. " * 16_000,
    "—\n" * 20_000,
)


def patterns() -> list[tuple[str, re.Pattern[str]]]:
    """Every regular expression that a module of ours holds, by its name."""
    import importlib
    import pkgutil

    import khabar

    found = {}
    for module in pkgutil.walk_packages(khabar.__path__, "khabar."):
        if ".__main__" not in module.name:
            for name, value in vars(importlib.import_module(module.name)).items():
                if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
                    found[f"{module.name}.{name}"] = value
    return sorted(found.items())


def test_no_expression_of_ours_is_slow_on_text_made_for_it() -> None:
    """The slowest takes .2 s: what grows with the square of a text is for names and lines; what grows faster would take minutes."""
    slow = []
    for name, pattern in patterns():
        for words in HOSTILE_WORDS:
            begun = time.process_time()
            for text in (words[:1000], words[:1000] + "!x"):
                pattern.search(text)
                pattern.match(text)
            if time.process_time() - begun > 2:
                slow.append((name, words[:6], round(time.process_time() - begun, 1)))
                break
    assert slow == []


def test_a_title_that_nearly_stands_at_the_head_takes_no_time() -> None:
    begun = time.monotonic()
    split("-- '-' " * 5000 + "x", title="- -' " * 50 + "y")
    assert time.monotonic() - begun < 2
