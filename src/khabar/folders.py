"""environment → the folders of this user."""

from __future__ import annotations

import os
from pathlib import Path


def data_folder() -> Path:
    """Where the user's own gazetteers lie: $KHABAR_HOME, or the XDG data folder."""
    home = os.environ.get("KHABAR_HOME")
    return Path(home) if home else Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share") / "khabar"


def cache_folder() -> Path:
    """Where compiled files lie, which can be deleted at any time."""
    home = os.environ.get("KHABAR_HOME")
    return Path(home) / "cache" if home else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "khabar"
