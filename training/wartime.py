"""our own patterns of war reporting → invented sentences with tags, trees and names.

The treebanks have few headlines, hardly a verb of war, and no list of captured villages. Each pattern of `war.yaml` is written word by
word as `word/Penn tag/head/label`; `{A}` is a party, `{P}` a place, `{N}` a person, `{F}` a facility, `{D}` an adjective, `{T:VBD}` a
transitive verb of war in that form, `{I:VBD}` an intransitive one, `{W:VBD}` a verb of saying, `{#}` a number, `{G}` people under arms,
`{C}` civilians, `{L}` a kind of place, `{M}` a day. A name of several words may stay one joined word.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from lemminflect import getInflection

from augment import WAR, Names
from corpora import Sentence

UNIVERSAL_TAGS = {
    "NOUN": "NN NNS",
    "PROPN": "NNP NNPS",
    "ADJ": "JJ JJR JJS",
    "ADV": "RB WRB",
    "ADP": "IN RP",
    "DET": "DT",
    "NUM": "CD",
    "PRON": "PRP PRP$ WDT WP",
    "VERB": "VBD VBN VBZ VBP VBG VB",
    "PART": "TO POS",
    "CCONJ": "CC",
    "PUNCT": ". , : `` '' HYPH NFP",
    "AUX": "MD",
}
UNIVERSAL = {penn: universal for universal, tags in UNIVERSAL_TAGS.items() for penn in tags.split()}
LABEL_TAGS = {"aux": "AUX", "aux:pass": "AUX", "cop": "AUX", "mark": "SCONJ", "advmod:not": "PART"}


def patterns() -> list[list[tuple[str, str, int, str]]]:
    """The patterns as (word, Penn tag, head, label); a pattern whose heads are no tree is an error of ours."""
    found = []
    for line in WAR["patterns"].splitlines():
        cells = [cell.rsplit("/", 3) for cell in line.split()]
        pattern = [(word, tag, int(head), label) for word, tag, head, label in cells]
        assert [head for _, _, head, _ in pattern].count(0) == 1, line
        assert all(head <= len(pattern) for _, _, head, _ in pattern), line
        found.append(pattern)
    return found


def sentence(names: Names, pattern: list[tuple[str, str, int, str]]) -> Sentence:
    words, entities = zip(*(filled(word, names) for word, *_ in pattern), strict=True)
    upos = [LABEL_TAGS.get(label, UNIVERSAL.get(tag, "X")) for _, tag, _, label in pattern]
    upos = ["PART" if word == "not" else tag for (word, *_), tag in zip(pattern, upos, strict=True)]
    first = words[0] if words[0][0].isupper() or not words[0][0].isalpha() else words[0][0].upper() + words[0][1:]
    return Sentence(
        [first, *words[1:]],
        upos,
        xpos=[tag for _, tag, _, _ in pattern],
        heads=[head for _, _, head, _ in pattern],
        labels=[label for *_, label in pattern],
        entities=list(entities),
        nominals=[nominal(word) for word, *_ in pattern],
    )


NOMINAL = {"A": "organization", "P": "place", "N": "person", "F": "place", "G": "person", "C": "person", "L": "place", "M": "time"}


def nominal(word: str) -> str | None:
    return NOMINAL.get(word[1]) if word.startswith("{") and word[1] != "#" else "O" if word.islower() and len(word) < 4 else None


def filled(word: str, names: Names) -> tuple[str, str | None]:
    """The word of a slot and its entity tag."""
    if not word.startswith("{"):
        return word, "O"
    slot, _, form = word.strip("{}").partition(":")
    if form:
        return verb(slot, form, names.dice), "O"
    if slot in NAMED:
        maker, kind = NAMED[slot]
        return maker(names), f"B-{kind}"
    return str(names.dice.choice(WAR[STOCK[slot]])), "O"


def verb(slot: str, form: str, dice: random.Random) -> str:
    stock = WAR[VERBS[slot]]
    forms: tuple[str, ...] = ()
    while not forms:
        forms = getInflection(dice.choice(stock), tag="VB" if form == "VBP" else form)
    return forms[0]


def facility(names: Names) -> str:
    return f"{names.place()} {names.dice.choice(WAR['facilities']).title()}"


NAMED: dict[str, tuple[Callable[[Names], str], str]] = {
    "A": (Names.party, "ORG"),
    "P": (Names.place, "PLACE"),
    "N": (Names.person, "PERSON"),
    "F": (facility, "FACILITY"),
    "D": (lambda names: names.dice.choice(WAR["peoples"]), "NORP"),
}
VERBS = {"T": "transitive", "I": "intransitive", "W": "saying"}
STOCK = {"#": "numbers", "G": "armed", "C": "civilians", "L": "localities", "M": "days"}


def split_names(made: Sentence, dice: random.Random) -> Sentence:
    """Half of the people and places of several words as several words (`flat` under the first); other names stay one joined word, since
    the treebanks give an English name of a party the tree of a noun phrase."""
    words, upos, xpos, labels, entities, nominals = [], [], [], [], [], []
    place, parents = {0: 0}, []
    for i, word in enumerate(made.words):
        tag = made.entities[i]
        parts = word.split() if tag in ("B-PERSON", "B-PLACE") and dice.random() < 0.5 else [word]
        place[i + 1] = len(words) + 1
        for k, part in enumerate(parts):
            words.append(part)
            upos.append(made.upos[i])
            xpos.append(made.xpos[i])
            labels.append(made.labels[i] if k == 0 else "flat")
            entities.append(tag if k == 0 else f"I-{tag[2:]}" if tag else None)
            nominals.append(made.nominals[i] if k == 0 else "O")
            parents.append((made.heads[i], None) if k == 0 else (0, place[i + 1]))
    heads = [place[old] if fixed is None else fixed for old, fixed in parents]
    return Sentence(words, upos, xpos, heads, labels, entities, nominals)


def wartime(names: Names, count: int) -> list[Sentence]:
    """`count` invented sentences; the parser must not come to think that all language is like them, so keep them few."""
    stock = patterns()
    return [split_names(sentence(names, names.dice.choice(stock)), names.dice) for _ in range(count)]
