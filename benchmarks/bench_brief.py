"""A synthetic record → seconds for a brief of a month and for its disputes.

    python benchmarks/bench_brief.py [CLAIMS ...]

A year of one war: reports of ten claims, a fifth of them copies, places of which few are told of often and most once, speakers of both
sides, agencies and monitors. Invented throughout; the same for every run.
"""

from __future__ import annotations

import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from khabar.answers import View
from khabar.brief import brief
from khabar.compiled import compiled_registry
from khabar.contract import claim_id
from khabar.disputes import disputes
from khabar.model import Claim, Participant, Place, Quantity, Reading, Report, Speaker
from khabar.record import Record

KINDS = {"capture": 12, "control_state": 10, "withdrawal": 4, "clash": 12, "attack": 10, "airstrike": 12, "shelling": 10, "casualties": 18}
KINDS |= {"siege": 3, "redeployment": 4, "displacement": 2, "membership": 2, "agreement": 1}
SIDES = [("syrian-arab-army", "Syrian Arab Army"), ("ahrar-al-sham", "Ahrar al-Sham"), ("islamic-state", "Islamic State"), (None, "rebels")]
SPEAKERS = [(), (), (), ("SANA",), ("a military source",), ("Syrian Observatory for Human Rights",), ("Reuters", "residents")]
SPEAKERS += [("Ahrar al-Sham",)]
OUTLETS = [f"Outlet {i}" for i in range(40)]
PER_REPORT = 10


def readings(claims: int, chance: random.Random) -> Iterator[Reading]:
    """Readings of a year, ten claims each."""
    towns = max(50, claims // 20)
    last: list[Reading] = []
    for number in range(claims // PER_REPORT):
        day = date(2031, 1, 1) + timedelta(days=number * PER_REPORT * 365 // claims)
        found = _copied(chance.choice(last), number, day) if last and chance.random() < 0.2 else _read(number, day, towns, chance)
        last = [*last[-20:], found]
        yield found


def _read(number: int, day: date, towns: int, chance: random.Random) -> Reading:
    id, text, claims = f"r{number}", "", []
    for _ in range(PER_REPORT):
        kind = chance.choices(list(KINDS), list(KINDS.values()))[0]
        (actor, recipient), town = chance.sample(SIDES, 2), int(chance.paretovariate(0.8)) % towns
        sentence = f"{actor[1]} {kind} {recipient[1]} in Town {town} {chance.randrange(10**6)} times as they told us on that day."
        span = (len(text), len(text) + len(sentence))
        text += sentence + "\n"
        claims.append(_claim(id, kind, actor, recipient, town, span, day, chance))
    outlet = chance.choice(OUTLETS)
    return Reading(Report(id, text, outlet=outlet, published=day, url=f"https://example.org/{id}"), claims=tuple(claims))


def _claim(
    report: str,
    kind: str,
    actor: tuple[str | None, str],
    recipient: tuple[str | None, str],
    town: int,
    span: tuple[int, int],
    day: date,
    chance: random.Random,
) -> Claim:
    name, chain = f"Town {town}", chance.choice(SPEAKERS)
    place = Place(name, *span, f"t{town}", name, 35 + town % 100 / 50, 36 + town % 70 / 30, "town", "SY", f"Province {town % 14}")
    when = day - timedelta(days=chance.choice([0, 0, 1, 1, 2, 5]))
    modality = chance.choices(["asserted", "denied", "background", "planned"], [85, 5, 7, 3])[0]
    low = chance.randrange(1, 60)
    return Claim(
        claim_id(report, kind, span, span, actor[1], recipient[1], name, list(chain)),
        report,
        *span,
        "body",
        kind,
        span,
        Participant(actor[1], *span, *actor),
        Participant(recipient[1], *span, *recipient),
        place,
        None if chance.random() < 0.3 else when,
        when,
        quantity=Quantity(low, low, "killed") if kind == "casualties" else None,
        modality=modality,  # type: ignore[arg-type]
        attribution=tuple(Speaker(text) for text in chain),
        rule="synthetic",
    )


def _copied(found: Reading, number: int, day: date) -> Reading:
    """The same text under another outlet's name."""
    id = f"r{number}"
    report = replace(found.report, id=id, outlet=OUTLETS[number % len(OUTLETS)], published=day, url=f"https://example.org/{id}")
    claims = tuple(replace(claim, report_id=id, claim_id=f"{claim.claim_id[:8]}{number:08x}") for claim in found.claims)
    return Reading(report, claims=claims)


def main() -> int:
    registry = compiled_registry()
    for size in [int(text) for text in sys.argv[1:]] or [10_000, 100_000]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "war.khabar"
            with Record.create(path) as kept:
                for reading in readings(size, random.Random(size)):
                    kept.add(reading)
            first, last = date(2031, 6, 1), date(2031, 6, 30)
            with Record.open(path) as kept:
                started = time.perf_counter()
                made = brief(View(kept, registry), first, last)
                briefed = time.perf_counter()
                found = disputes(View(kept, registry), first=first, last=last)
                done = time.perf_counter()
        print(f"{size} claims: brief of a month {briefed - started:.1f} s ({len(made.notes)} footnotes), ", end="")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"its disputes {done - briefed:.1f} s ({len(found)}), peak {peak} MB", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
