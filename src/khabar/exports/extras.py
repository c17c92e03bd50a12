"""The name of an optional library → the library, or an error that says how to get it."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from khabar.errors import InputError


def needed(module: str, extra: str) -> Any:
    """The module; InputError where the extra that brings it is not installed."""
    try:
        return import_module(module)
    except ImportError as error:
        raise InputError(
            f"this needs {module.split('.')[0]}, which is not installed; get it with: pip install 'khabar[{extra}]'", code="extra"
        ) from error
