"""150 actor mentions judged by hand → ids right among those in the registry, wrong ids, and which ids a reading of today changes.

    python benchmarks/check_actors.py [--data FOLDER]

`checks/actors.csv`: actors and recipients of claims, drawn at random (seed 31415) from those read in claims_train and re3d on
2026-11-21, each with the id it got and a verdict: right, wrong, missed (the registry has who is meant), rightly none (nobody in the
registry, or two parties at once, which have no id). The sentences are not kept. A row whose id a reading of today changes must be
judged again.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections import Counter
from datetime import date
from pathlib import Path

from khabar.model import Report
from khabar.reading import Knowledge, load_knowledge, read
from khabar.sections import split

HERE = Path(__file__).parent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", type=Path, default=HERE.parent.parent / "shared" / "data")
    data = parser.parse_args().data
    rows = list(csv.DictReader((HERE / "checks" / "actors.csv").open(encoding="utf-8")))
    verdicts = Counter(row["verdict"] for row in rows)
    known = verdicts["right"] + verdicts["wrong"] + verdicts["missed"]
    print(f"judged {len(rows)}: {dict(verdicts)}")
    print(f"id right among those in the registry  {verdicts['right'] / known:.3f}  n={known}")
    print(f"wrong among the ids given             {verdicts['wrong'] / (verdicts['right'] + verdicts['wrong']):.3f}")
    if not data.is_dir():
        print(f"no development data at {data}: today's ids are not compared")
        return
    ids = {key: id for folder in sorted({row["set"] for row in rows}) for key, id in ids_of(data / folder, rows).items()}
    for row in rows:
        now = ids.get((row["report_id"], row["start"], row["end"]), "no longer in a claim")
        if now != row["id"]:
            print(
                f"judge again: {row['text']!r} in {row['report_id'][:16]}, was {row['id'] or 'none'} ({row['verdict']}), is {now or 'none'}"
            )


def ids_of(folder: Path, rows: list[dict[str, str]]) -> dict[tuple[str, str, str], str]:
    """The ids that actors and recipients have today, by report and offsets; of the reports that were judged only."""
    judged, knowledge = {row["report_id"] for row in rows}, load_knowledge()
    found: dict[tuple[str, str, str], str] = {}
    for line in (folder / "inputs.jsonl").open(encoding="utf-8"):
        row = json.loads(line)
        if row["id"] in judged:
            found |= _read(row, knowledge)
    return found


def _read(row: dict[str, str], knowledge: Knowledge) -> dict[tuple[str, str, str], str]:
    published = date.fromisoformat(row["published"][:10]) if row.get("published") else None
    sections = split(row["text"], title=row.get("title"))
    report = Report(row["id"], row["text"], title=row.get("title"), outlet=row.get("outlet"), published=published, sections=sections)
    named = [who for claim in read(report, knowledge).claims for who in (claim.actor, claim.recipient) if who]
    return {(row["id"], str(who.start), str(who.end)): who.id or "" for who in named}


if __name__ == "__main__":
    main()
