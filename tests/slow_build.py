"""A build with a toy reader and a pause after each report, for a test that kills it in the middle."""

import sys
import time
from pathlib import Path

from khabar.build import build
from khabar.feeds import read_inputs
from khabar.record import Record
from test_cli import toy_reader

if __name__ == "__main__":
    with Record.create(Path(sys.argv[2])) as record:
        for _ in build(record, read_inputs([sys.argv[1]]), reader=toy_reader):
            time.sleep(0.1)
