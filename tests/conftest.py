"""Makes `tests/invented.py` and `tests/villages.py` importable from every test; a home folder of a test's own."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(autouse=True)
def _rules_alone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Marked `rules_alone`: what a rule makes of a sentence, though of all parties, places and days that a report names the model would
    choose others."""
    if request.node.get_closest_marker("rules_alone"):
        monkeypatch.setattr("khabar.grammar.with_parts_chosen", lambda claims, scene: list(claims))
        monkeypatch.setattr("khabar.grammar.with_days_pointed_at", lambda claims, scene, basis: list(claims))


@pytest.fixture
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An empty data folder; what is compiled once is shared with the other tests."""
    from khabar.gazetteer import forget_lookups

    monkeypatch.delenv("KHABAR_HOME", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    forget_lookups()
    yield
    forget_lookups()


collect_ignore = ["torture"]  # a program of its own, which replaces the reader
