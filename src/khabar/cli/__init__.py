"""The command line → reports read, records built, questions answered. Each module holds a group of commands (`app.GROUPS`)."""

import atexit
import gc

# A question makes some hundred thousand objects, almost none of them in circles: looking for those as often as Python does by itself, and
# once more of all at the end, took a fifth of the time of a command. Before the imports, which make most of them.
gc.set_threshold(100_000)
atexit.register(gc.disable)

from khabar.cli.app import app  # noqa: E402

__all__ = ["app"]
