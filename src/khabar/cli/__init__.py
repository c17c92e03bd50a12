"""The command line → reports read, records built, questions answered. Each module holds a group of commands."""

from khabar.cli import (
    actors,
    briefing,
    comparing,
    custody,
    demo,
    events,
    exports,
    importing,
    places,
    questions,
    reports,
    reviewing,
    serve,
    sources,
    versions,
)
from khabar.cli.app import app

__all__ = [
    "actors",
    "app",
    "briefing",
    "comparing",
    "custody",
    "demo",
    "events",
    "exports",
    "importing",
    "places",
    "questions",
    "reports",
    "reviewing",
    "serve",
    "sources",
    "versions",
]
