"""The registry's YAML → the same registry, unpickled in milliseconds: a question must not wait for nineteen YAML files and their indexes.

The compiled file lies in the user's cache folder under a name that changes with every file it was made from. It can be deleted at any time.
"""

from __future__ import annotations

import os
import pickle
import sys
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from khabar import actorfiles, registry, spellings
from khabar.folders import cache_folder
from khabar.registry import Registry, load_registry

_INDEXES = ("name_index", "_loose_index", "_generic_index", "_relations_of", "_by_rule", "_country_words", "_demonyms", "fingerprint")


@lru_cache(maxsize=1)
def compiled_registry() -> Registry:
    """As `load_registry()`; compiled the first time, and again when a file has changed."""
    path = cache_folder() / f"registry-{_state()}.pickle"
    try:
        loaded = pickle.loads(path.read_bytes())
    except (OSError, EOFError, AttributeError, pickle.UnpicklingError):  # not there yet, or cut off
        loaded = load_registry()
        _write(path, loaded)
    assert isinstance(loaded, Registry)
    return loaded


def _state() -> str:
    """A name for the files and the Python that the registry is made from."""
    here = Path(registry.__file__)
    code = [Path(str(module.__file__)) for module in (actorfiles, registry, spellings)]
    files = [*code, *sorted(here.parent.glob("actors/*.yaml")), here.parent / "knowledge/countries.yaml"]
    stats = [(file.name, (stat := file.stat()).st_size, stat.st_mtime_ns) for file in files]
    return sha256(repr((str(here), sys.version, stats)).encode()).hexdigest()[:16]


def _write(path: Path, made: Registry) -> None:
    """Where the folder cannot be written to, the next question loads the YAML again."""
    for name in _INDEXES:
        getattr(made, name)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for old in path.parent.glob("registry-*.pickle"):
            old.unlink(missing_ok=True)
        half = path.with_suffix(f".{os.getpid()}")
        half.write_bytes(pickle.dumps(made, protocol=pickle.HIGHEST_PROTOCOL))
        half.replace(path)  # at once: two questions may compile at the same time
    except OSError:
        return
