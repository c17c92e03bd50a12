"""What Khabar stands on is locked with hashes, may be used, and is what it was."""

from __future__ import annotations

import importlib.util
import re
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
CORE = PROJECT["project"]["dependencies"]
EXTRAS = [line for lines in PROJECT["project"]["optional-dependencies"].values() for line in lines]


def audit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit", ROOT / "locks/audit.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(("lock", "asked"), [("core.txt", CORE), ("all.txt", [*CORE, *EXTRAS, *PROJECT["dependency-groups"]["dev"]])])
def test_everything_that_is_asked_for_is_locked_in_a_version_that_will_do(lock: str, asked: list[str]) -> None:
    locked = {canonicalize_name(name): version for name, version in audit().locked(lock).items()}
    wanted = [one for one in map(Requirement, asked) if one.name != "khabar"]
    assert [str(one) for one in wanted if locked.get(canonicalize_name(one.name)) not in one.specifier] == [], "run make lock"


@pytest.mark.parametrize("lock", ["core.txt", "all.txt"])
def test_every_locked_package_has_hashes(lock: str) -> None:
    text = (ROOT / "locks" / lock).read_text("utf-8")
    pins = re.split(r"^(?=[\w.-]+(?:\[[\w,-]+\])?==)", text, flags=re.MULTILINE)[1:]
    assert len(pins) > 50
    assert [pin.split()[0] for pin in pins if "--hash=sha256:" not in pin] == []
    assert "://" not in text, "no registry is named"


def test_no_package_binds_who_uses_khabar_to_the_gpl() -> None:
    rows = [line for line in (ROOT / "docs/reference/licences.md").read_text("utf-8").splitlines() if line.startswith("| ")][2:]
    bound = [row for row in rows if re.search(r"\bA?GPL|GNU (Affero )?General", row) and not re.search(r" OR |Lesser", row)]
    assert len(rows) > 50
    assert bound == []


def test_the_model_and_the_data_are_the_pinned_ones() -> None:
    kept = dict(reversed(line.split("  ", 1)) for line in (ROOT / "locks/data.sha256").read_text("utf-8").splitlines())
    assert any(name.endswith("model.onnx") for name in kept)
    assert audit().pins() == kept, "the model or the data changed: make audit writes the new hashes down, to be seen in the change"
