"""The compiled registry answers as the YAML does, and never stands in the way when it cannot."""

from __future__ import annotations

from pathlib import Path

import pytest

from khabar.compiled import compiled_registry
from khabar.registry import load_registry


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KHABAR_HOME", str(tmp_path))
    compiled_registry.cache_clear()
    load_registry.cache_clear()
    return tmp_path / "cache"


def again() -> object:
    compiled_registry.cache_clear()
    return compiled_registry()


def test_the_second_question_reads_no_yaml_and_gets_the_same_registry(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = compiled_registry()
    monkeypatch.setattr("khabar.compiled.load_registry", lambda: pytest.fail("the YAML was read again"))
    second = again()
    assert second.actors == first.actors  # type: ignore[attr-defined]
    assert second.resolve("Red Cross") == first.resolve("Red Cross")  # type: ignore[attr-defined]
    assert len(list(cache.glob("registry-*"))) == 1


def test_a_file_that_was_cut_off_is_made_again(cache: Path) -> None:
    first = compiled_registry()
    path = next(cache.glob("registry-*"))
    path.write_bytes(path.read_bytes()[:1000])
    assert again().actors == first.actors  # type: ignore[attr-defined]


def test_a_folder_that_may_not_be_written_to_does_no_harm(cache: Path) -> None:
    cache.parent.mkdir(exist_ok=True)
    cache.write_text("a file where the folder should be")
    assert compiled_registry().actors
