"""A small part of `make torture`: what the record promises (docs/explanation/trust.md), under faults and in odd surroundings."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TORTURE = Path(__file__).parent / "torture"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
@pytest.mark.parametrize(
    "words",
    [
        ["kills", "full", "power", "writers", "refused", "clock", "forms", "--n", "1"],
        ["load", "malice", "--small"],
        ["sameness", "--small"],
    ],
    ids=lambda words: words[0],
)
def test_the_record_keeps_what_it_promises(words: list[str]) -> None:
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    ran = subprocess.run([sys.executable, str(TORTURE), *words], env=env, capture_output=True, text=True, timeout=300, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    promised = [word for word in words if word.isalpha()]
    assert [line.split(":")[0] for line in ran.stdout.splitlines() if ": holds" in line] == promised
