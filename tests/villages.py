"""Invented villages, and a gazetteer of them, for the tests."""

from __future__ import annotations

from pathlib import Path

from khabar.gazetteer import Entry, Gazetteer
from khabar.gazetteer_store import Row, write_places


def village(
    id: str, name: str, latitude: float, longitude: float, *names: str, country: str = "SY", admin1: str = "North", population: int = 0
) -> Row:
    return Row(f"test:{id}", name, latitude, longitude, country, admin1, "town", population, list(names))


def gazetteer(folder: Path) -> Gazetteer:
    """Two villages of one name 300 km apart, a town, and a namesake abroad."""
    rows = [
        village("1", "Tell al-Ward", 35.0, 36.0, "تل الورد", admin1="North"),
        village("2", "Tal Ward", 32.5, 36.5, admin1="South"),
        village("3", "Qal'at Zarqa", 35.1, 36.1, population=40_000),
        village("4", "Qasr", 35.2, 36.2),
        village("5", "Zarzur", 30.0, 20.0, country="LY", population=90_000),
        village("6", "Zarzur", 35.3, 36.3, country="SY"),
    ]
    write_places(folder / "places.sqlite", rows, source="invented", licence="none")
    return Gazetteer([folder / "places.sqlite"])


def ids(*entries: Entry | None) -> list[str | None]:
    return [entry.id if entry else None for entry in entries]
