"""our own patterns of war reporting → invented sentences with tags, trees and names.

The treebanks have few headlines, hardly a verb of war, and no list of captured villages. Each pattern is written word by word as
`word/XPOS/head/label`; `{A}` a party, `{P}` a place, `{N}` a person, `{F}` a facility, `{D}` a people's adjective, `{T:VBD}` a transitive verb of war in that form,
`{I:VBD}` an intransitive one, `{W:VBD}` a verb of saying, `{#}` a number, `{G}` a common noun for people under arms, `{C}` one for civilians,
`{L}` a kind of place, `{M}` a day. Slots of names take the tag of the pattern and may hold several words: then they are one joined word.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from augment import INTRANSITIVE, TRANSITIVE, Names
from corpora import Sentence
from lemminflect import getInflection

SAYING = "say claim report announce confirm declare add state warn deny".split()
ARMED = "rebels troops forces fighters militants soldiers militiamen gunmen insurgents jihadists paratroopers police commandos units".split()
CIVILIANS = "civilians people children villagers residents women soldiers fighters protesters refugees medics journalists".split()
KINDS = "town village city district hill crossroads airbase checkpoint province area road bridge border neighbourhood port camp".split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
PEOPLES = "Syrian Iraqi Kurdish Turkish Russian Ukrainian Sudanese Malian Nigerian Burmese Yemeni Houthi Afghan Libyan Israeli Palestinian Somali Ethiopian French Chadian Lebanese Iranian Saudi Congolese Rwandan Sunni Shiite Alawite".split()
FACILITY_ENDS = "airport,airbase,hospital,military base,bridge,mosque,dam,refinery,prison,power plant,barracks,crossing".split(",")
UNIVERSAL = {
    "NN": "NOUN", "NNS": "NOUN", "NNP": "PROPN", "NNPS": "PROPN", "JJ": "ADJ", "JJR": "ADJ", "RB": "ADV", "IN": "ADP", "DT": "DET", "CD": "NUM", "PRP": "PRON", "PRP$": "PRON",
    "WDT": "PRON", "WP": "PRON", "VBD": "VERB", "VBN": "VERB", "VBZ": "VERB", "VBP": "VERB", "VBG": "VERB", "VB": "VERB", "TO": "PART", "CC": "CCONJ",
    ".": "PUNCT", ",": "PUNCT", ":": "PUNCT", "``": "PUNCT", "''": "PUNCT", "MD": "AUX", "POS": "PART", "RP": "ADP", "HYPH": "PUNCT", "NFP": "PUNCT", "WRB": "ADV", "JJS": "ADJ",
}  # fmt: skip
LABEL_TAGS = {"aux": "AUX", "aux:pass": "AUX", "cop": "AUX", "mark": "SCONJ", "advmod:not": "PART"}

PATTERNS = """
{A}/NNP/2/nsubj {T:VBD}/VBD/0/root {P}/NNP/2/obj ././2/punct
{A}/NNP/2/nsubj {T:VBZ}/VBZ/0/root {P}/NNP/2/obj
{A}/NNP/2/nsubj {T:VBP}/VBP/0/root {P}/NNP/2/obj
{D}/JJ/2/amod {G}/NNS/3/nsubj {T:VBP}/VBP/0/root {P}/NNP/3/obj
{G}/NNS/2/nsubj {T:VBP}/VBP/0/root {P}/NNP/2/obj in/IN/6/case {D}/JJ/6/amod push/NN/2/obl
army/NN/2/nsubj {T:VBZ}/VBZ/0/root {P}/NNP/2/obj
army/NN/2/nsubj {T:VBZ}/VBZ/0/root {L}/NN/2/obj near/IN/5/case {P}/NNP/3/nmod
{A}/NNP/2/nsubj {T:VBZ}/VBZ/0/root {P}/NNP/2/obj from/IN/5/case {A}/NNP/2/obl
{#}/CD/2/nsubj:pass {T:VBN}/VBN/0/root in/IN/5/case {P}/NNP/5/compound blast/NN/2/obl
{#}/CD/2/nummod {C}/NNS/3/nsubj:pass {T:VBN}/VBN/0/root in/IN/5/case {P}/NNP/3/obl
{#}/CD/2/nsubj:pass killed/VBN/0/root in/IN/5/case {P}/NNP/5/compound clashes/NNS/2/obl
At/IN/2/case least/JJS/3/nmod {#}/CD/4/nummod {C}/NNS/6/nsubj:pass were/VBD/6/aux:pass {T:VBN}/VBN/0/root when/WRB/9/advmod {A}/NNP/9/nsubj {T:VBD}/VBD/6/advcl {P}/NNP/9/obj ././6/punct
{P}/NNP/2/nsubj falls/VBZ/0/root to/IN/4/case {A}/NNP/2/obl
{P}/NNP/2/nsubj fell/VBD/0/root to/IN/4/case {A}/NNP/2/obl on/IN/6/case {M}/NNP/2/obl ././2/punct
{A}/NNP/2/nsubj {I:VBD}/VBD/0/root from/IN/4/case {P}/NNP/2/obl ././2/punct
{A}/NNP/2/nsubj {I:VBZ}/VBZ/0/root from/IN/4/case {P}/NNP/2/obl
{D}/JJ/2/amod {G}/NNS/3/nsubj {I:VBD}/VBD/0/root from/IN/6/case the/DT/6/det {L}/NN/3/obl of/IN/8/case {P}/NNP/6/nmod ././3/punct
{G}/NNS/2/nsubj {I:VBP}/VBP/0/root near/IN/4/case {P}/NNP/2/obl
The/DT/2/det {L}/NN/6/nsubj:pass of/IN/4/case {P}/NNP/2/nmod was/VBD/6/aux:pass {T:VBN}/VBN/0/root by/IN/8/case {A}/NNP/6/obl:agent ././6/punct
{P}/NNP/3/nsubj:pass was/VBD/3/aux:pass {T:VBN}/VBN/0/root by/IN/6/case {D}/JJ/6/amod {G}/NNS/3/obl:agent on/IN/8/case {M}/NNP/3/obl ././3/punct
{P}/NNP/5/nsubj:pass and/CC/3/cc {P}/NNP/1/conj were/VBD/5/aux:pass {T:VBN}/VBN/0/root by/IN/7/case {A}/NNP/5/obl:agent ././5/punct
{P}/NNP/2/nsubj:pass {T:VBN}/VBN/0/root by/IN/4/case {A}/NNP/2/obl:agent
{A}/NNP/2/nsubj {W:VBD}/VBD/0/root it/PRP/5/nsubj had/VBD/5/aux {T:VBN}/VBN/2/ccomp {P}/NNP/5/obj ././2/punct
{A}/NNP/2/nsubj {W:VBD}/VBD/0/root its/PRP$/4/nmod:poss {G}/NNS/5/nsubj {T:VBD}/VBD/2/ccomp the/DT/7/det {L}/NN/5/obj of/IN/9/case {P}/NNP/7/nmod ././2/punct
{A}/NNP/2/nsubj {T:VBD}/VBD/7/ccomp {P}/NNP/2/obj ,/,/2/punct a/DT/6/det spokesman/NN/7/nsubj {W:VBD}/VBD/0/root ././7/punct
{A}/NNP/2/nsubj {T:VBD}/VBD/6/ccomp {P}/NNP/2/obj ,/,/2/punct {N}/NNP/6/nsubj {W:VBD}/VBD/0/root ././6/punct
According/VBG/3/case to/IN/1/fixed {N}/NNP/6/obl ,/,/6/punct {A}/NNP/6/nsubj {T:VBD}/VBD/0/root {P}/NNP/6/obj ././6/punct
{A}/NNP/2/nsubj {T:VBD}/VBD/0/root the/DT/4/det {L}/NN/2/obj of/IN/6/case {P}/NNP/4/nmod after/IN/9/mark {A}/NNP/9/nsubj {I:VBD}/VBD/2/advcl ././2/punct
{A}/NNP/2/nsubj {T:VBD}/VBD/0/root {P}/NNP/2/obj ,/,/5/punct {P}/NNP/3/conj and/CC/7/cc {P}/NNP/3/conj ././2/punct
{A}/NNP/2/nsubj {T:VBD}/VBD/0/root the/DT/4/det villages/NNS/2/obj of/IN/6/case {P}/NNP/4/nmod ,/,/8/punct {P}/NNP/6/conj and/CC/10/cc {P}/NNP/6/conj ././2/punct
{A}/NNP/2/nsubj {T:VBD}/VBD/0/root {P}/NNP/2/obj from/IN/5/case {A}/NNP/2/obl and/CC/7/cc {T:VBD}/VBD/2/conj {P}/NNP/7/obj ././2/punct
{A}/NNP/4/nsubj did/VBD/4/aux not/RB/4/advmod {T:VB}/VB/0/root {P}/NNP/4/obj ././4/punct
{A}/NNP/3/nsubj will/MD/3/aux {T:VB}/VB/0/root {P}/NNP/3/obj ,/,/3/punct {N}/NNP/7/nsubj {W:VBD}/VBD/3/parataxis ././3/punct
{A}/NNP/3/nsubj has/VBZ/3/aux {T:VBN}/VBN/0/root {P}/NNP/3/obj ,/,/6/punct killing/VBG/3/advcl {#}/CD/8/nummod {C}/NNS/6/obj ././3/punct
{A}/NNP/2/nsubj {T:VBD}/VBD/0/root {P}/NNP/2/obj ,/,/5/punct killing/VBG/2/advcl {#}/CD/7/nummod {C}/NNS/5/obj ././2/punct
{A}/NNP/2/compound {G}/NNS/3/nsubj {T:VBD}/VBD/0/root {F}/NNP/3/obj in/IN/6/case {P}/NNP/3/obl ././3/punct
{D}/JJ/2/amod warplanes/NNS/3/nsubj {T:VBD}/VBD/0/root {F}/NNP/3/obj ././3/punct
{D}/JJ/2/amod jets/NNS/3/nsubj {T:VBP}/VBP/0/root {P}/NNP/3/obj
{G}/NNS/5/nsubj loyal/JJ/1/amod to/IN/4/case {N}/NNP/2/obl {T:VBD}/VBD/0/root {F}/NNP/5/obj ././5/punct
Control/NN/4/nsubj of/IN/3/case {P}/NNP/1/nmod passed/VBD/0/root to/IN/6/case {A}/NNP/4/obl ././4/punct
{P}/NNP/5/nsubj is/VBZ/5/cop under/IN/5/case the/DT/5/det control/NN/0/root of/IN/7/case {A}/NNP/5/nmod ././5/punct
{A}/NNP/2/nsubj controls/VBZ/0/root {P}/NNP/2/obj and/CC/6/cc the/DT/6/det {L}/NN/3/conj ././2/punct
{G}/NNS/2/nsubj {I:VBD}/VBD/0/root from/IN/7/case {A}/NNP/6/compound -/HYPH/6/punct held/VBN/7/amod {P}/NNP/2/obl ././2/punct
Clashes/NNS/2/nsubj erupted/VBD/0/root between/IN/4/case {A}/NNP/2/obl and/CC/6/cc {A}/NNP/4/conj in/IN/8/case {P}/NNP/2/obl ././2/punct
Clashes/NNS/0/root between/IN/3/case {A}/NNP/1/nmod and/CC/5/cc {A}/NNP/3/conj in/IN/7/case {P}/NNP/1/nmod
{N}/NNP/5/nsubj:pass of/IN/3/case {A}/NNP/1/nmod was/VBD/5/aux:pass {T:VBN}/VBN/0/root near/IN/7/case {P}/NNP/5/obl ././5/punct
{N}/NNP/3/nsubj:pass was/VBD/3/aux:pass {T:VBN}/VBN/0/root in/IN/5/case {F}/NNP/3/obl on/IN/7/case {M}/NNP/3/obl ././3/punct
{N}/NNP/7/nsubj ,/,/4/punct who/WP/4/nsubj leads/VBZ/1/acl:relcl {A}/NNP/4/obj ,/,/4/punct {W:VBD}/VBD/0/root {A}/NNP/9/nsubj {T:VBD}/VBD/7/ccomp {P}/NNP/9/obj ././7/punct
On/IN/2/case {M}/NNP/5/obl ,/,/5/punct {A}/NNP/5/nsubj {T:VBD}/VBD/0/root {P}/NNP/5/obj ././5/punct
Fighters/NNS/4/nsubj from/IN/3/case {A}/NNP/1/nmod {T:VBD}/VBD/0/root {P}/NNP/4/obj ././4/punct
{A}/NNP/4/nsubj and/CC/3/cc {A}/NNP/1/conj {T:VBD}/VBD/0/root {P}/NNP/4/obj and/CC/7/cc {P}/NNP/5/conj ././4/punct
-/NFP/3/punct {A}/NNP/3/nsubj {T:VBD}/VBD/0/root {P}/NNP/3/obj
{P}/NNP/4/dep :/:/1/punct {A}/NNP/4/nsubj {T:VBP}/VBP/0/root {L}/NN/4/obj
{A}/NNP/2/nsubj {T:VBZ}/VBZ/0/root {#}/CD/4/nummod {C}/NNS/2/obj in/IN/6/case {P}/NNP/2/obl ,/,/9/punct {N}/NNP/9/nsubj says/VBZ/2/parataxis
"""


def patterns() -> list[list[tuple[str, str, int, str]]]:
    """The patterns as (word, Penn tag, head, label); a pattern whose heads are no tree is an error of ours."""
    found = []
    for line in PATTERNS.strip().splitlines():
        cells = [cell.rsplit("/", 3) for cell in line.split()]
        pattern = [(word, tag, int(head), label) for word, tag, head, label in cells]
        assert [head for _, _, head, _ in pattern].count(0) == 1 and all(head <= len(pattern) for _, _, head, _ in pattern), line
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
    return str(names.dice.choice(STOCK[slot])), "O"


def verb(slot: str, form: str, dice: random.Random) -> str:
    stock = {"T": TRANSITIVE, "I": INTRANSITIVE, "W": SAYING}[slot]
    forms: tuple[str, ...] = ()
    while not forms:
        forms = getInflection(dice.choice(stock), tag="VB" if form == "VBP" else form)
    return forms[0]


def facility(names: Names) -> str:
    return f"{names.place()} {names.dice.choice(FACILITY_ENDS).title()}"


NAMED: dict[str, tuple[Callable[[Names], str], str]] = {
    "A": (Names.party, "ORG"),
    "P": (Names.place, "PLACE"),
    "N": (Names.person, "PERSON"),
    "F": (facility, "FACILITY"),
    "D": (lambda names: names.dice.choice(PEOPLES), "NORP"),
}
STOCK = {"#": ["two", "three", "12", "20", "dozens", "five", "35", "a dozen"], "G": ARMED, "C": CIVILIANS, "L": KINDS, "M": DAYS}


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
