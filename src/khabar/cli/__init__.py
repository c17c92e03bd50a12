"""The command line → reports read, records built, questions answered. Each module holds a group of commands."""

from khabar.cli import demo, events, exports, places, questions, reports, serve
from khabar.cli.app import app

__all__ = ["app", "demo", "events", "exports", "places", "questions", "reports", "serve"]
