"""sentence → the same sentence as a war report might have written it.

Names of other tongues, names joined into one word, verbs of war, no capitals, all capitals, no full stop, no commas. Invented names are
made from syllables, so that no real person is taught to the model; places come from Natural Earth and parties from the list of actors.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml
from lemminflect import getInflection

from corpora import Sentence, in_name

WAR: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("war.yaml").read_text(encoding="utf-8"))

MARKS = frozenset([",", ";", "'", "''", "``", '"', "“", "”", "‘", "’"])  # scraped texts lose these
BARE = 0.5  # of the sentences lose them


@dataclass(frozen=True)
class Names:
    """Names to put in, and how likely each change is."""

    places: list[str]
    parties: list[str]
    dice: random.Random

    def invented(self) -> str:
        prefixes, firsts, lasts = WAR["syllables"][self.dice.choice(list(WAR["syllables"]))]
        word = (self.dice.choice(firsts) + self.dice.choice(lasts)).capitalize()
        if not prefixes or self.dice.random() < 0.6:
            return word
        prefix = self.dice.choice(prefixes)
        return f"{prefix}-{word}" if prefix == "al" else f"{prefix.capitalize()} {word}"

    def person(self) -> str:
        return " ".join(self.invented() for _ in range(self.dice.choice((1, 2, 2, 3))))

    def place(self) -> str:
        return self.dice.choice(self.places) if self.dice.random() < 0.6 else self.invented()

    def party(self) -> str:
        return self.dice.choice(self.parties) if self.dice.random() < 0.85 else f"{self.invented()} {self.dice.choice(WAR['bodies'])}"

    def any(self) -> str:
        return self.dice.choice((self.person, self.place, self.party))()


def load_names(data: Path, dice: random.Random) -> Names:
    places = json.loads((data / "gazetteer/world_places.geojson").read_text(encoding="utf-8"))["features"]
    names = sorted(
        {
            name
            for f in places
            if (name := next((f["properties"][k] for k in ("name", "NAME", "nameascii") if f["properties"].get(k)), None))
        }
    )
    return Names(names, sorted(set(parties(data / "actors"))), dice)


def parties(folder: Path) -> list[str]:
    found = []
    for path in sorted(folder.glob("*.yaml")):
        for actor in yaml.safe_load(path.read_text(encoding="utf-8")).get("actors", []):
            found += [
                n["text"]
                for n in actor.get("names", [])
                if n.get("script", "Latn") == "Latn" and n["text"][0].isupper() and len(n["text"]) < 40
            ]
    return found


def augment(sentence: Sentence, names: Names) -> Sentence:
    """One random variant; one sentence in three comes back as it was, but for lost marks more than every other."""
    dice = names.dice
    if sentence.heads and dice.random() < 0.12:
        sentence = swap_verb(sentence, dice)
    if sentence.heads and dice.random() < 0.25:
        sentence = swap_names(sentence, names)
    elif sentence.entities and not sentence.heads and dice.random() < 0.5:
        sentence = swap_entities(sentence, names)
    if sentence.heads and dice.random() < 0.06:
        sentence = drop_full_stop(sentence)
    return recase(bare(sentence) if dice.random() < BARE else sentence, dice)


def bare(sentence: Sentence) -> Sentence:
    """Without commas, semicolons and quotation marks, where any other word is left."""
    kept = unmarked(sentence.words)
    return pick(sentence, kept) if not sentence.heads or 0 in (sentence.heads[i] for i in kept) else sentence


def unmarked(words: Sequence[str]) -> list[int]:
    """The numbers of the words that are no such marks; of all where there is no other."""
    return [i for i, word in enumerate(words) if word not in MARKS] or list(range(len(words)))


def recase(sentence: Sentence, dice: random.Random) -> Sentence:
    """Lower case 4 %, capitals 3 %, the rest as written."""
    chance = dice.random()
    if chance < 0.04:
        return replace(sentence, words=[w.lower() for w in sentence.words])
    return replace(sentence, words=[w.upper() for w in sentence.words]) if chance < 0.07 else sentence


def drop_full_stop(sentence: Sentence) -> Sentence:
    last = len(sentence.words)
    if last < 4 or sentence.upos[-1] != "PUNCT" or last in sentence.heads:
        return sentence
    return pick(sentence, list(range(last - 1)))


def swap_verb(sentence: Sentence, dice: random.Random) -> Sentence:
    """A verb with an object or a passive subject becomes a verb of war in the same form; one without either, a verb of movement."""
    verbs = [i for i, tag in enumerate(sentence.xpos) if sentence.upos[i] == "VERB" and tag in ("VBD", "VBN", "VBZ", "VBG", "VB", "VBP")]
    if not verbs:
        return sentence
    at = dice.choice(verbs)
    below = {label for head, label in zip(sentence.heads, sentence.labels, strict=True) if head == at + 1}
    if below & {"ccomp", "xcomp", "csubj", "iobj", "compound:prt", "expl"}:
        return sentence
    stock = WAR["transitive" if below & {"obj", "nsubj:pass"} else "intransitive"]
    tag = "VB" if sentence.xpos[at] == "VBP" else sentence.xpos[at]
    forms = getInflection(dice.choice(stock), tag=tag)
    return with_word(sentence, at, forms[0]) if forms else sentence


def with_word(sentence: Sentence, at: int, word: str) -> Sentence:
    cased = word.capitalize() if sentence.words[at][0].isupper() else word
    return replace(sentence, words=[*sentence.words[:at], cased, *sentence.words[at + 1 :]])


def name_runs(sentence: Sentence) -> list[tuple[int, int]]:
    """Stretches of proper nouns that are one piece of the tree: (first, last), only one of their heads outside."""
    runs, start = [], None
    for i, tag in enumerate([*sentence.xpos, "X"]):
        if in_name(tag) and start is None:
            start = i
        elif not in_name(tag) and start is not None:
            runs.append((start, i - 1))
            start = None
    return [run for run in runs if is_subtree(run, sentence.heads)]


def is_subtree(run: tuple[int, int], heads: list[int]) -> bool:
    start, end = run
    inside = range(start, end + 1)
    tops = [i for i in inside if heads[i] - 1 not in inside]
    return len(tops) == 1 and all(head - 1 not in inside or i in inside or head - 1 == tops[0] for i, head in enumerate(heads))


def swap_names(sentence: Sentence, names: Names) -> Sentence:
    """Each run of proper nouns: left, renamed word by word, or joined into one word (its own, or another name of several words)."""
    for run in reversed(name_runs(sentence)):
        chance = names.dice.random()
        if chance < 0.3:
            sentence = rename(sentence, run, names)
        elif chance < 0.55:
            sentence = join(sentence, run, " ".join(sentence.words[run[0] : run[1] + 1]))
        elif chance < 0.9:
            sentence = join(sentence, run, maker(sentence, run, names)())
    return sentence


def maker(sentence: Sentence, run: tuple[int, int], names: Names) -> Callable[[], str]:
    kinds = {tag[2:] for tag in sentence.entities[run[0] : run[1] + 1] if tag and tag != "O"}
    return {"PERSON": names.person, "ORG": names.party, "PLACE": names.place}.get(kinds.pop() if len(kinds) == 1 else "", names.any)


def rename(sentence: Sentence, run: tuple[int, int], names: Names) -> Sentence:
    words = list(sentence.words)
    for i in range(run[0], run[1] + 1):
        words[i] = names.invented().split()[-1]
    return replace(sentence, words=words)


def join(sentence: Sentence, run: tuple[int, int], name: str) -> Sentence:
    start, end = run
    top = head_in(run, sentence.heads)
    joined = pick(sentence, [*range(start), top, *range(end + 1, len(sentence.words))])
    words = list(joined.words)
    words[start] = name
    entities = list(joined.entities)
    if entities and entities[start]:
        entities[start] = entities[start].replace("I-", "B-")
    return replace(joined, words=words, entities=entities)


def head_in(run: tuple[int, int], heads: list[int]) -> int:
    return next(i for i in range(run[0], run[1] + 1) if not run[0] <= heads[i] - 1 <= run[1])


def pick(sentence: Sentence, kept: list[int]) -> Sentence:
    """The sentence with only these words; words that hung on a lost word hang on its own head."""
    new = {old + 1: i + 1 for i, old in enumerate(kept)} | {0: 0}
    heads = [new[climb(sentence.heads[i], sentence.heads, new)] for i in kept] if sentence.heads else []

    def chosen(items: list) -> list:
        return [items[i] for i in kept] if items else []

    fields = ("words", "upos", "xpos", "labels", "entities", "nominals", "facts", "starts")
    return replace(sentence, heads=heads, text="", **{name: chosen(getattr(sentence, name)) for name in fields})


def climb(head: int, heads: list[int], kept: dict[int, int]) -> int:
    while head not in kept:
        head = heads[head - 1]
    return head


def swap_entities(sentence: Sentence, names: Names) -> Sentence:
    """Names of the entity corpora renamed by kind; half of them joined into one word."""
    words: list[str] = []
    tags: list[str | None] = []
    for start, end, kind in spans(sentence.entities):
        own = sentence.words[start:end]
        if kind in ("PERSON", "ORG", "PLACE") and names.dice.random() < 0.5:
            own = {"PERSON": names.person, "ORG": names.party, "PLACE": names.place}[kind]().split()
        if kind in ("PERSON", "ORG", "PLACE") and names.dice.random() < 0.35:
            own = [" ".join(own)]
        words += own
        tags += [f"{'BI'[i > 0]}-{kind}" for i in range(len(own))] if kind else sentence.entities[start:end]
    return replace(sentence, words=words, entities=tags)


def spans(tags: list[str | None]) -> list[tuple[int, int, str]]:
    """(start, end, kind) covering all words; kind '' for words outside names.

    >>> spans(["B-ORG", "I-ORG", "O", None, "B-PLACE"])
    [(0, 2, 'ORG'), (2, 3, ''), (3, 4, ''), (4, 5, 'PLACE')]
    """
    found: list[tuple[int, int, str]] = []
    for i, tag in enumerate(tags):
        if tag and tag[0] == "I" and found and found[-1][2] == tag[2:]:
            found[-1] = (found[-1][0], i + 1, found[-1][2])
        else:
            found.append((i, i + 1, tag[2:] if tag and tag != "O" else ""))
    return found
