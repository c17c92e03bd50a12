"""`python tests/fuzz [TARGET...] [--n N] [--seed S] [--seconds S] [--one NUMBER] [--atheris]`: hostile inputs for every reader.

For each input: no error but ours, no more than 10 seconds of the processor, no more than 1 GB. What breaks this is kept in runs/fuzz and
told at the end;
`--one NUMBER` tries that input of a target again. Input number i of a target is the same for the same seed.
"""

from __future__ import annotations

import argparse
import faulthandler
import gc
import io
import logging
import random
import re
import resource
import signal
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from pathlib import Path
from types import FunctionType

sys.path[:0] = [str(Path(__file__).parents[1])]

from fuzz.mutations import mutated  # noqa: E402
from fuzz.targets import TARGETS, Target  # noqa: E402
from khabar.errors import KhabarError  # noqa: E402

SECONDS, MEMORY = 10, 1_000_000_000
WAITING = 30  # times as long by the clock, after which an input hangs
TOO_LONG = f"took more than {SECONDS} seconds of the processor"
KEPT = Path("runs/fuzz")
STOPPED = False  # by a signal: what was tried is told all the same


class Hang(BaseException):
    """No `except` of the program may catch it."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *TARGETS], metavar="TARGET", help=", ".join(TARGETS))
    parser.add_argument("--n", type=int, default=10_000, help="inputs in all, shared out among the targets")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop after so many")
    parser.add_argument("--one", type=int, help="this input only, with its traceback")
    parser.add_argument("--atheris", action="store_true", help="let coverage choose the inputs of one target; needs atheris")
    given = parser.parse_args()
    _quiet()
    chosen = {name: TARGETS[name] for name in given.names or TARGETS}
    if given.atheris:
        return _covered(*chosen.popitem(), min(given.seconds, 600))
    if given.one is not None:
        return _one(*chosen.popitem(), given.seed, given.one)
    return _many(chosen, given.n, given.seed, time.monotonic() + given.seconds)


def _many(chosen: dict[str, Target], n: int, seed: int, until: float) -> int:
    """In rounds, so that a run that is stopped has tried every target."""
    shares, tried, broken = sum(target.weight for target in chosen.values()), Counter[str](), Counter[str]()
    spent: Counter[str] = Counter()
    rounds = max(1, n // shares)
    begun = time.monotonic()
    with _folder() as folder, redirect_stderr(io.StringIO()) as said:
        for turn in range(rounds):
            for name, target in chosen.items():
                started = time.monotonic()
                for number in range(turn * target.weight, (turn + 1) * target.weight):
                    if fault := _fault(target, folder, _input(name, target, seed, number)):
                        broken[f"{name}: {fault}"] += 1
                        if broken[f"{name}: {fault}"] == 1:
                            print(f"{name} {number}: {fault}", flush=True)
                            _keep(name, seed, number, target)
                    tried[name] += 1
                spent[name] += time.monotonic() - started
            said.truncate(0)  # what warcio says of each record
            if STOPPED or time.monotonic() > until:
                break
    told = f"{tried.total():,} inputs for {len(tried)} readers in {time.monotonic() - begun:.0f} s, seed {seed}"
    print(f"{told}; peak memory {_peak() / 1e6:.0f} MB")
    print(", ".join(f"{name} {number:,} ({1000 * spent[name] / number:.1f} ms)" for name, number in tried.items()))
    for fault, times in broken.most_common():
        print(f"BROKEN {times} times: {fault}")
    return 1 if broken else 0


def _input(name: str, target: Target, seed: int, number: int) -> bytes:
    return mutated(target.seeds, random.Random(f"{name} {seed} {number}"))


def _fault(target: Target, folder: Path, raw: bytes) -> str | None:
    """What is wrong with how an input was taken; None where it was taken, or refused in our words."""
    path = folder / target.name
    path.write_bytes(raw)
    begun = time.process_time()
    faulthandler.dump_traceback_later(WAITING * SECONDS, exit=True, file=sys.__stderr__)  # for what not even a signal ends, or only waits
    signal.setitimer(signal.ITIMER_PROF, SECONDS)  # of the processor: on a busy machine it may wait long for its turn
    try:
        target.take(path)
    except KhabarError as error:
        return None if str(error).strip() else "an error without a word"
    except Hang:
        return TOO_LONG
    except Exception as error:
        at = [frame for frame in traceback.extract_tb(error.__traceback__) if "khabar" in frame.filename or "fuzz" in frame.filename][-1]
        return f"{type(error).__name__} at {Path(at.filename).name}:{at.lineno}"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        faulthandler.cancel_dump_traceback_later()
    if time.process_time() - begun > SECONDS:
        return TOO_LONG
    return f"took {_peak() / 1e6:.0f} MB" if _peak() > MEMORY else None


def _peak() -> int:
    """Bytes of this process and of the parsers that it started, at their most."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    try:  # what getrusage tells of oneself begins with the memory of the process that one was started from
        own = int(re.search(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text())[1])  # type: ignore[index]
    except (OSError, TypeError):
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return 1024 * max(children, own)


def _keep(name: str, seed: int, number: int, target: Target) -> None:
    KEPT.mkdir(parents=True, exist_ok=True)
    (KEPT / f"{name}-{seed}-{number}-{target.name}").write_bytes(_input(name, target, seed, number))


def _one(name: str, target: Target, seed: int, number: int) -> int:
    with _folder() as folder:
        path = folder / target.name
        path.write_bytes(_input(name, target, seed, number))
        print(target.take(path))
    return 0


def _covered(name: str, target: Target, seconds: float) -> int:
    """What reaches lines of ours that no input has reached is changed further. What a parser in a process of its own does is not seen."""
    import atheris

    chance, folder = random.Random(1), Path(tempfile.mkdtemp(prefix="khabar-fuzz-"))

    def take(raw: bytes) -> None:
        if fault := _fault(target, folder, raw):
            raise AssertionError(fault)

    def changed(raw: bytes, most: int, seed: int) -> bytes:
        chance.seed(seed)
        return mutated((raw or target.seeds[0], *target.seeds), chance)[:most]

    corpus = folder / "corpus"
    corpus.mkdir()
    for number, seed in enumerate(target.seeds):
        (corpus / str(number)).write_bytes(seed)
    for made in gc.get_objects():
        if isinstance(made, FunctionType) and (made.__module__ or "").startswith("khabar"):  # all there are would take minutes
            atheris.instrument_func(made)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    options = [
        "-max_len=200000",
        f"-max_total_time={seconds:.0f}",
        "-rss_limit_mb=1000",
        f"-artifact_prefix={KEPT}/{name}-",
        "-print_final_stats=1",
    ]
    KEPT.mkdir(parents=True, exist_ok=True)
    atheris.Setup([sys.argv[0], str(corpus), *options], take, custom_mutator=changed)
    atheris.Fuzz()
    return 0


@contextmanager
def _folder() -> Iterator[Path]:
    shared = Path("/dev/shm")
    with tempfile.TemporaryDirectory(prefix="khabar-fuzz-", dir=shared if shared.is_dir() else None) as name:
        yield Path(name)


def _quiet() -> None:
    def late(*_: object) -> None:
        raise Hang

    def enough(*_: object) -> None:
        global STOPPED
        STOPPED = True

    signal.signal(signal.SIGPROF, late)
    signal.signal(signal.SIGTERM, enough)
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")


if __name__ == "__main__":
    sys.exit(main())
