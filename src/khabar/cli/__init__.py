"""The command line → reports read, records built, questions answered. Each module holds a group of commands."""

from khabar.cli import actors, demo, events, exports, places, questions, reports, serve, sources
from khabar.cli.app import app

__all__ = ["actors", "app", "demo", "events", "exports", "places", "questions", "reports", "serve", "sources"]
