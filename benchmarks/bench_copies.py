"""Copies that we make of real articles → how well they are found again; and time and memory at 10⁴ and more reports.

    python benchmarks/bench_copies.py [INPUTS.jsonl] [--seed N]
    python benchmarks/bench_copies.py --reports 10000 100000

The set is made when it is run, of articles that share nothing with each other (by brute force: no two sentences of eight words and more
with half of the words of one in the order of the other; the true copies among the articles would otherwise count as mistakes). Of some of
them copies are made, as papers make them: relabelled, with a headline of their own, cut from the end or in the middle, spliced into a
report on something else, and reworded. Rewording a share of the words: a synonym of a table here, or else a word of some other
article, which to a method that knows no meanings is as far away as a synonym; numbers written out or changed; words dropped; the end of a
sentence moved to its beginning.

Scored is the adjusted Rand index (Hubert and Arabie 1985) of the groups: of sentences, each with those copied from one, and of reports,
each with those from which most of it was copied.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import resource
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path

from rapidfuzz.distance import Indel

from khabar.copies import bring_up_to_date
from khabar.model import Reading, Report
from khabar.record import Record

ARTICLES = Path(__file__).parent.parent.parent / "shared" / "data" / "raw" / "fakes" / "inputs.jsonl"
# fmt: off
SYNONYMS = {
    "captured": "seized", "seized": "took", "killed": "slain", "said": "stated", "attack": "assault", "town": "township",
    "soldiers": "troops", "rebels": "insurgents", "fighters": "militants", "wounded": "injured", "injured": "hurt",
    "people": "persons", "regime": "government", "destroyed": "wrecked", "strikes": "raids", "raids": "strikes", "area": "zone",
    "near": "close", "began": "started", "fighting": "combat", "reported": "related", "groups": "factions", "group": "faction",
    "told": "informed", "including": "among", "war": "conflict", "also": "too", "against": "versus", "several": "various",
    "many": "numerous", "large": "big", "left": "quit", "however": "but", "after": "following",
}
# fmt: on
NUMBERS = dict(enumerate(["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]))
LEVELS = (0.0, 0.1, 0.2, 0.3)  # share of the words that a rewording touches
Marked = tuple[str, Hashable]  # a sentence, and which sentence of which article it truly is


@dataclass
class Item:
    outlet: str
    published: date
    sentences: list[Marked]
    truth: Hashable
    how: str = "own"
    level: float = 0.0


# --- the set


def sentences_of(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"(?<=[.!?])[\"”]?\s+", text) if part.strip()]


def said_once(article: list[str]) -> list[str]:
    """Without sentences that the article says again, as titles are, and without mere scraps."""
    kept: list[str] = []
    for sentence in article:
        words = words_of(sentence)
        if len(words) >= 3 and not any(Indel.normalized_similarity(words, words_of(other)) >= 0.7 for other in kept):
            kept.append(sentence)
    return kept


def words_of(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def unrelated(articles: Sequence[list[str]]) -> list[int]:
    """The articles that share no sentence with an earlier one of the list."""
    spread: dict[str, list[tuple[int, list[str]]]] = defaultdict(list)
    kept = []
    for number, article in enumerate(articles):
        own = [found for found in map(words_of, article) if len(found) >= 8]
        if any(_shared(sentence, spread) for sentence in own):
            continue
        kept.append(number)
        for sentence in own:
            for word in set(sentence):
                spread[word].append((number, sentence))
    return kept


def _shared(sentence: list[str], spread: dict[str, list[tuple[int, list[str]]]]) -> bool:
    near: Counter[int] = Counter()
    told = {}
    for word in {word for word in sentence if len(word) > 3}:
        for _, other in spread.get(word, ()):
            near[id(other)] += 1
            told[id(other)] = other
    return any(Indel.normalized_similarity(sentence, told[key]) >= 0.5 for key, number in near.items() if number >= 4)


def made(articles: Sequence[list[str]], chance: random.Random) -> list[Item]:
    """One report for each article, and copies of a third of them."""
    items, pool = (
        [],
        [word for article in articles for sentence in article for word in sentence.split() if word.islower() and len(word) > 3],
    )
    start = date(2031, 1, 1)
    hosts = []
    for number, article in enumerate(articles):
        told = [(sentence, (number, i)) for i, sentence in enumerate(article)]
        item = Item(f"Outlet {number % 17}", start + timedelta(days=chance.randrange(300)), told, number)
        (hosts if number % 3 == 2 else items).append(item)
    for item in [item for item in items if chance.random() < 0.5]:
        for i in range(chance.choice((1, 1, 2, 3, 5))):
            items.append(_copy(item, i, hosts, pool, chance))
    return items + hosts


def _copy(item: Item, number: int, hosts: list[Item], pool: list[str], chance: random.Random) -> Item:
    level = chance.choice(LEVELS)
    told = [(reworded(sentence, level, pool, chance), key) for sentence, key in item.sentences]
    day = item.published + timedelta(days=chance.choice((1, 1, 2)))
    outlet = f"Paper {number} of {item.outlet}"
    how = chance.choice(("whole", "cut", "holed", "spliced", "lifted"))
    if how == "cut":
        told = told[: max(3, round(len(told) * chance.uniform(0.3, 0.8)))]
    elif how == "holed":
        told = [one for one in told if chance.random() < 0.7] or told
    elif how in ("spliced", "lifted") and hosts:
        host = hosts.pop(chance.randrange(len(hosts)))
        part = told[: max(2, len(told) // 2)] if how == "spliced" else chance.sample(told, min(2, len(told)))
        at = chance.randrange(len(host.sentences) + 1)
        told = [*host.sentences[:at], *part, *host.sentences[at:]]
        words = Counter()
        for sentence, key in told:
            words[key[0]] += len(sentence.split())  # type: ignore[index]
        return Item(host.outlet, max(day, host.published), told, words.most_common(1)[0][0], how, level)
    headline = (" ".join(chance.sample(pool, 7)).capitalize() + ".", ("headline", outlet, item.truth))
    return Item(outlet, day, [headline, *told], item.truth, how, level)


def reworded(sentence: str, level: float, pool: list[str], chance: random.Random) -> str:
    found = []
    for word in sentence.split():
        if chance.random() >= level:
            found.append(word)
        elif word.strip(".").isdigit():
            found.append(NUMBERS.get(int(word.strip(".")), str(int(word.strip(".")) + chance.randrange(1, 9))))
        elif chance.random() < 0.25:
            continue
        elif word[0].islower():
            found.append(SYNONYMS.get(word) or (chance.choice(pool) if len(word) > 3 else word))
        else:
            found.append(word)
    if level and len(found) > 12 and chance.random() < level:
        cut = len(found) - chance.randrange(2, 5)
        found = [*found[cut:], *found[:cut]]
    return " ".join(found) or sentence


# --- the score


def rand_index(truth: Sequence[Hashable], found: Sequence[Hashable]) -> float:
    """The adjusted Rand index."""

    def pairs(counts: Iterable[int]) -> float:
        return sum(n * (n - 1) / 2 for n in counts)

    both = pairs(Counter(zip(truth, found, strict=True)).values())
    one, other, every = pairs(Counter(truth).values()), pairs(Counter(found).values()), pairs([len(truth)])
    chance = one * other / every
    return (both - chance) / ((one + other) / 2 - chance)


def kept(items: Iterable[Item], folder: Path) -> Record:
    record = Record.create(folder / "bench.khabar")
    record.connection.execute("PRAGMA synchronous = OFF")
    _keep(record, items)
    return record


def _keep(record: Record, items: Iterable[Item], prefix: str = "") -> None:
    for number, item in enumerate(items):
        text, spans = "", []
        for sentence, _ in item.sentences:
            spans.append((len(text), len(text) + len(sentence)))
            text += f"{sentence}\n"
        report = Report(f"{prefix}r{number}", text, outlet=item.outlet, published=item.published)
        record.add(Reading(report), sentences=spans)


def accuracy(articles: Path, seed: int) -> None:
    rows = [json.loads(line) for line in articles.open(encoding="utf-8")]
    chance = random.Random(seed)
    told = [said_once(sentences_of(row["text"])) for row in rows]
    told = [article for article in told if 4 <= len(article) <= 60]
    alone = [told[number] for number in unrelated(told)]
    items = made(alone, chance)
    with tempfile.TemporaryDirectory() as folder, kept(items, Path(folder)) as record:
        bring_up_to_date(record.connection)
        origins = origins_in(record)
    copies = [item for item in items if item.how != "own"]
    print(f"{len(rows)} articles, {len(alone)} that share nothing; {len(items)} reports, {len(copies)} of them copies; seed {seed}")
    truth = [key for item in items for _, key in item.sentences]
    found = [origin for number in range(len(items)) for origin, _ in origins[number]]
    print(f"sentences: adjusted Rand index {rand_index(truth, found):.3f} (n = {len(truth)})")
    mostly = [_mostly(item, origins[number]) for number, item in enumerate(items)]
    print(f"reports:   adjusted Rand index {rand_index([item.truth for item in items], mostly):.3f} (n = {len(items)})")
    by_kind(items, origins)


def origins_in(record: Record) -> list[list[tuple[int, int]]]:
    """For each report, for each of its sentences: the sentence and the report in which it stood first."""
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    rows = record.connection.execute(
        "SELECT substr(r.report_id, 2), o.sentence, substr(orr.report_id, 2) FROM sentences AS s JOIN readings USING (reading) "
        "JOIN reports AS r USING (version) LEFT JOIN copied ON copied.sentence = s.sentence "
        "JOIN sentences AS o ON o.sentence = ifnull(copied.origin, s.sentence) JOIN readings AS ord ON ord.reading = o.reading "
        "JOIN reports AS orr ON orr.version = ord.version ORDER BY s.reading, s.start"
    )
    for report, origin, home in rows:
        found[int(report)].append((origin, int(home)))
    return [found[number] for number in range(len(found))]


def _mostly(item: Item, origins: list[tuple[int, int]]) -> int:
    """The report in which most of the words of this one stood first."""
    words: Counter[int] = Counter()
    for (sentence, _), (_, home) in zip(item.sentences, origins, strict=True):
        words[home] += len(sentence.split())
    return words.most_common(1)[0][0]


def by_kind(items: Sequence[Item], origins: list[list[tuple[int, int]]]) -> None:
    """Of the sentences that stand in two reports, how many were joined to their like; of all, how many to another."""
    told = [
        (item, sentence, key, origin)
        for n, item in enumerate(items)
        for (sentence, key), (origin, _) in zip(item.sentences, origins[n], strict=True)
    ]
    times = Counter(key for *_, key, _ in told)
    both = Counter((key, origin) for *_, key, origin in told)
    sizes = Counter(origin for *_, origin in told)
    count: dict[tuple[str, float], Counter[str]] = defaultdict(Counter)
    for item, sentence, key, origin in told:
        one = count[item.how, item.level]
        length = "short" if len(words_of(sentence)) < 8 else "long"
        one["all"] += 1
        one[f"{length} twice"] += times[key] > 1
        one[f"{length} joined"] += both[key, origin] > 1
        one["astray"] += sizes[origin] > both[key, origin] and 2 * both[key, origin] <= sizes[origin]
    for (how, level), one in sorted(count.items()):
        parts = (f"{length} {one[f'{length} joined']}/{one[f'{length} twice']}" for length in ("long", "short"))
        print(
            f"  {how:8} {level:3.0%} of the words reworded: joined to their like {', '.join(parts)}; to others {one['astray']}/{one['all']}"
        )


# --- the size


def size(number: int) -> None:
    """Made-up reports of a dozen sentences: a third of them copies of an earlier one, a fifth with a phrase that all of them use."""
    chance = random.Random(number)
    vocabulary = ["".join(chance.choices("abcdefghiklmnoprstu", k=chance.randrange(4, 11))) for _ in range(50_000)]
    usual = list(accumulate(1 / (rank + 10) for rank in range(len(vocabulary))))
    phrase = " ".join(chance.choices(vocabulary, cum_weights=usual, k=18))
    with tempfile.TemporaryDirectory() as folder, kept(_made_up(number, vocabulary, usual, phrase, chance), Path(folder)) as record:
        before, bytes_before = _memory(), _bytes(folder)
        begun, busy = time.perf_counter(), time.process_time()
        bring_up_to_date(record.connection)
        spent, busy = time.perf_counter() - begun, time.process_time() - busy
        joined = record.connection.execute("SELECT count(*) FROM copied").fetchone()[0]
        print(
            f"{number} reports: {spent:.1f} s, {busy:.1f} s of the processor, {1e6 * busy / number:.0f} µs a report, "
            f"{joined} sentences joined, "
            f"{_memory() - before:.0f} MB more memory, {(_bytes(folder) - bytes_before) / 1e6:.0f} MB more file"
        )
        for label, day in (("latest", date(2035, 1, 1)), ("earliest", date(2030, 1, 1))):
            items = list(_made_up(100, vocabulary, usual, phrase, chance, day))
            _keep(record, items, f"{label} ")
            begun = time.perf_counter()
            bring_up_to_date(record.connection)
            print(f"  100 reports more, the {label}: {time.perf_counter() - begun:.2f} s")


def _made_up(
    number: int, vocabulary: list[str], usual: Sequence[float], phrase: str, chance: random.Random, day: date | None = None
) -> Iterator[Item]:
    recent: list[list[Marked]] = []
    for i in range(number):
        if recent and chance.random() < 1 / 3:
            source = recent[chance.randrange(len(recent))]
            told = [(reworded(sentence, 0.1, vocabulary, chance), None) for sentence, _ in source if chance.random() < 0.8] or source
        else:
            told = [(" ".join(chance.choices(vocabulary, cum_weights=usual, k=chance.randrange(6, 35))), None) for _ in range(12)]
            recent = [*recent[-99:], told]
        if chance.random() < 0.2:
            told = [*told, (phrase, None)]
        yield Item(f"Outlet {i % 50}", day or date(2031, 1, 1) + timedelta(days=1000 * i // number), told, None)


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _bytes(folder: str) -> int:
    return sum(file.stat().st_size for file in Path(folder).iterdir())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("inputs", nargs="?", type=Path, default=ARTICLES)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--reports", type=int, nargs="*", default=[])
    options = parser.parse_args()
    for number in options.reports:
        size(number)
    if not options.reports:
        accuracy(options.inputs, options.seed)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
