"""`python tests/torture [NAME...] [--n N] [--seed S] [--small]`: the record under kill -9, full disks, power cuts; its server under attack.

What each promise is, and what is not promised: docs/explanation/trust.md. A failure ends the run with what was found.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1])]

from torture import desk, engines, faults, forms, kills, sameness, server  # noqa: E402

CHECKS = {
    "kills": kills.run,
    "full": faults.full,
    "power": faults.power,
    "writers": faults.writers,
    "refused": faults.refused,
    "clock": faults.clock,
    "forms": forms.run,
    "load": server.load,
    "malice": server.malice,
    "sameness": sameness.run,
    "engines": engines.run,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *CHECKS], metavar="NAME", help=", ".join(CHECKS))
    parser.add_argument("--n", type=int, default=200, help="how often, at random moments or sizes; seconds of load; cells of sameness")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--small", action="store_true", help="two cells of the matrix of sameness, a few requests")
    parser.add_argument("--record", type=Path, help="for load: ask a copy of this record instead of an invented one")
    given = parser.parse_args()
    desk.warm_up()
    for name in given.names or CHECKS:
        begun = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="khabar-torture-") as folder:
            Path(folder).chmod(0o755)
            more = {"of": given.record} if name == "load" else {}
            for line in CHECKS[name](Path(folder), n=given.n, seed=given.seed, small=given.small, **more):
                print(f"{name}: {line}", flush=True)
        print(f"{name}: holds ({time.monotonic() - begun:.0f} s)", flush=True)


if __name__ == "__main__":
    main()
