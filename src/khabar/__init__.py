"""Khabar reads news reports on armed conflict and keeps a record in which every fact names its sentence and its speaker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from khabar.asking import demo as demo
    from khabar.asking import open as open
    from khabar.asking import read as read

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """`khabar.open`, `khabar.read`, `khabar.demo`: imported when they are first asked for, so that `import khabar` costs nothing."""
    if name not in ("demo", "open", "read"):
        raise AttributeError(f"module 'khabar' has no attribute {name!r}; it offers khabar.open, khabar.read and khabar.demo")
    from khabar import asking

    return getattr(asking, name)
