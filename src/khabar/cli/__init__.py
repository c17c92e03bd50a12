"""The command line → reports read, records built, questions answered. Each module holds a group of commands (`app.GROUPS`)."""

from khabar.cli.app import app

__all__ = ["app"]
