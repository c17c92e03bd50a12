"""The content of a rule file → what is wrong with it, each fault with its line.

The form is described in rules.py; docs/how-to/add-a-verb.md shows it. Whether a rule does what its example says is asked by linting.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any

import yaml

from khabar import plainyaml
from khabar.lexicon import Loader, words
from khabar.slots import STEPS

PARTS = {
    "verb": ("VERB",),
    "noun": ("NOUN", "PROPN"),
    "adjective": ("ADJ", "VERB"),
    "suffix": (),
    "preposition": ("ADP",),
    "adverb": ("ADV",),
    "pronoun": ("PRON",),
}
ROLES = ("actor", "recipient", "place", "quantity")
SWITCHES = ("standing", "scene", "shown", "focus", "again")
MODALITIES = ("asserted", "denied", "possible", "planned", "predicted", "background")
TOLLS = ("killed", "injured", "missing", "detained", "displaced")
UNITS = (*TOLLS, "people", "fighters", "strikes", "attacks", "places", "vehicles", "weapons")
OPTIONS = ("name", *PARTS, *ROLES, "when", "without", "needs", "each", "unit", "modality", "echoes", *SWITCHES, "example", "claims")
HEAD = ("kind", "means", "rules", "words")
CLASSES = (
    "actor",
    "place",
    "people",
    "named",
    "local",
    "proper",
    "person-name",
    "pronoun",
)  # beside those of knowledge/nouns.yaml; see Scene.is_class
BY_THEMSELVES = ("where",)  # what slots.follow knows beside its steps and the prepositions

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in a rule file that must be mended: where, and what was found, expected, and is to be done. `line`: 0 where unknown."""

    path: Path
    message: str
    line: int = 0


@dataclass(frozen=True)
class Known:
    """What a rule file may speak of: the kinds of claim, and the parts of speech of the rules that are there already."""

    kinds: tuple[str, ...]
    rules: Mapping[str, tuple[str, ...]]


def parse(text: str, known: Known) -> tuple[Any, list[Fault]]:
    """The content of a user's rule file and all that is wrong with it, in the order of its lines."""
    try:
        content = plainyaml.load(text, Loader)
        tree = yaml.compose(text, Loader=Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        told = str(getattr(error, "problem", None) or error)
        message = f"this is not YAML: {told}; is a bracket, a quotation mark or a blank at the start of a line missing?"
        if mark and "\t" in "".join(text.splitlines()[mark.line : mark.line + 1])[: mark.column + 1]:
            message = "this is not YAML: found a tab at the start of the line; write blanks"
        return None, [Fault((), message, mark.line + 1 if mark else 0)]
    found = [Fault(f.path, f.message, _line(tree, f.path)) for f in _faults(content, known)]
    return content, sorted([*found, *_written_twice(tree)], key=lambda f: f.line)


def _written_twice(node: yaml.Node | None) -> Iterator[Fault]:
    """Keys that stand twice in one mapping, of which YAML keeps the last without a word."""
    if isinstance(node, yaml.MappingNode):
        first: dict[str, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if key.value in first:
                yield Fault((), f"found {key.value} again, after line {first[key.value]}; only one of them counts: write it once", line)
            first.setdefault(key.value, line)
            yield from _written_twice(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _written_twice(value)


def line_of(text: str, path: Path) -> int:
    """The line of a sound rule file that a path leads to."""
    return _line(yaml.compose(text, Loader=Loader), path)


def _line(node: yaml.Node | None, path: Path) -> int:
    """The line of the node that a path leads to; of the last one on the way that is there."""
    line = node.start_mark.line + 1 if node else 1
    for step in path:
        if isinstance(node, yaml.MappingNode):
            pairs = [(key, value) for key, value in node.value if key.value == str(step)]
            key, node = pairs[0] if pairs else (None, None)
            line = key.start_mark.line + 1 if key else line
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            node = node.value[step]
            line = node.start_mark.line + 1
        if node is None:
            break
    return line


def _faults(content: Any, known: Known) -> Iterator[Fault]:
    if not isinstance(content, dict):
        yield Fault((), f"found {_kind_of(content)}; a rule file holds kind and rules, or words (docs/how-to/add-a-verb.md)")
        return
    for key in content:
        if key not in HEAD:
            yield Fault((key,), f"found {key}; {_instead(str(key), HEAD, 'a rule file may hold')}")
    if not {"rules", "words"} & set(content):
        yield Fault((), "found neither rules nor words; write rules of your own under rules, or words for rules that are there under words")
    if "rules" in content:
        yield from _kind_faults(content, known)
    yield from _word_faults(content.get("words", {}), known)


def _kind_faults(content: Mapping[str, Any], known: Known) -> Iterator[Fault]:
    kind = content.get("kind")
    if kind is None:
        yield Fault(("rules",), "found no kind; say above the rules what they claim, for instance kind: capture")
    elif kind not in known.kinds:
        yield Fault(("kind",), f"found kind {kind}; {_instead(str(kind), known.kinds, 'the kinds are')}")
    if not isinstance(content["rules"], list):
        yield Fault(("rules",), f"found {_kind_of(content['rules'])}; rules is a list, each rule begins with a dash")
        return
    names: set[str] = set()
    for i, entry in enumerate(content["rules"]):
        if not isinstance(entry, dict):
            yield Fault(("rules", i), f"found {_kind_of(entry)}; a rule is a set of lines like name: …, verb: […]")
            continue
        yield from _under(("rules", i), str(entry.get("name", i + 1)), rule_faults(entry))
        full = f"{kind}.{entry.get('name')}"
        if full in known.rules:
            yield Fault(
                ("rules", i, "name"),
                f"the name {full} belongs to a rule that is there; choose another, or give that rule more words: words: {{{full}: […]}}",
            )
        if full in names:
            yield Fault(("rules", i, "name"), f"the name {full} stands twice in this file; each rule needs its own")
        names.add(full)


def _under(path: Path, name: str, faults: Iterable[Fault]) -> Iterator[Fault]:
    for fault in faults:
        yield Fault((*path, *fault.path), f"rule {name}: {fault.message}")


def rule_faults(entry: Mapping[str, Any]) -> Iterator[Fault]:
    """What is wrong with the form of one rule."""
    yield from key_faults(entry)
    for part in (part for part in PARTS if part in entry):
        yield from _list_faults((part,), entry[part], "lemmas")
    for role in (role for role in ROLES if role in entry):
        yield from _slot_faults((role,), entry[role])
    for key in (key for key in ("when", "without") if key in entry):
        yield from _condition_faults(key, entry[key])
    yield from _value_faults(entry)
    yield from _example_faults(entry)


def key_faults(entry: Mapping[str, Any]) -> Iterator[Fault]:
    """What a rule holds that it may not, and what it lacks."""
    for key in entry:
        if key not in OPTIONS:
            yield Fault((key,), f"found {key}; {_instead(str(key), OPTIONS, 'a rule may hold')}")
    if not isinstance(entry.get("name"), str):
        yield Fault((), "found no name; give it one of its own in this file")
    if not any(part in entry for part in PARTS):
        yield Fault((), f"found no trigger; give the words that set it off under one of {_listing(PARTS)}")
    if not isinstance(entry.get("example"), str) or not entry["example"].strip():
        yield Fault((), "found no example; every rule shows a sentence, invented, and under claims what it yields")


def _slot_faults(path: Path, value: Any) -> Iterator[Fault]:
    for slot in _list(value):
        if not isinstance(slot, str):
            yield Fault(path, f"found {_kind_of(slot)}; a slot is written like object, from|off or object.of:place")
            continue
        steps, _, of_class = slot.partition(":")
        yield from _path_faults(path, steps.strip().rstrip("!"))
        for one in of_class.strip().split("|") if of_class.strip() else ():
            if one not in (*CLASSES, *words("nouns.yaml")):
                known = (*CLASSES, *words("nouns.yaml"))
                yield Fault(path, f"found the class {one}; {_instead(one, known, 'the classes are')}")


def _path_faults(path: Path, steps: str) -> Iterator[Fault]:
    prepositions = words("prepositions.yaml")
    named = (*STEPS, *BY_THEMSELVES)
    known = {*named, *prepositions["prepositions"], *prepositions["joined"], *prepositions["like_prepositions"]}
    for step in steps.split("."):
        for word in step.split("|") if step not in named else ():
            if word.replace("_", " ") not in known:
                instead = _instead(word, known, "a slot is a preposition or one of", listed=named)
                yield Fault(path, f"found the slot {word or '(nothing)'}; {instead}")


def _condition_faults(key: str, value: Any) -> Iterator[Fault]:
    if not isinstance(value, dict):
        yield Fault((key,), f"found {_kind_of(value)}; write the slot and its words: {key}: {{object: [control, hold]}}")
        return
    for steps, lemmas in value.items():
        yield from _path_faults((key, steps), str(steps))
        yield from _list_faults((key, steps), lemmas, "lemmas")


def _list_faults(path: Path, value: Any, what: str) -> Iterator[Fault]:
    """Faults of a list of words: no list, not words, a class that is not there."""
    listed = _list(value)
    if not listed or not all(isinstance(word, str) and word for word in listed):
        odd = next((word for word in listed if isinstance(word, int | float | date)), None)
        instead = f'put it between quotation marks: "{odd}"' if odd is not None else f"expected a list of {what}, like [seize, overrun]"
        yield Fault(path, f"found {_kind_of(value if odd is None else odd)}; {instead}")
        return
    known = words("nouns.yaml")
    for name in (word[1:] for word in listed if word.startswith("@")):
        if name in CLASSES and name not in known:
            yield Fault(path, f"found @{name} among words; {name} is asked of a slot that fills a role, like actor: subject:{name}")
        elif name not in known:
            yield Fault(path, f"found the class @{name}; {_instead(name, known, 'the classes are')}")


def _value_faults(entry: Mapping[str, Any]) -> Iterator[Fault]:
    choices: dict[str, Sequence[str]] = {"needs": ROLES, "each": (*ROLES, "pair"), "unit": UNITS, "modality": MODALITIES}
    for key, allowed in choices.items():
        for value in _list(entry[key]) if key in entry else ():
            if value not in allowed:
                yield Fault((key,), f"found {key}: {value}; {_instead(str(value), allowed, 'expected')}")
    for role in _list(entry.get("needs", [])):
        if role in ROLES and role not in entry:
            yield Fault(("needs",), f"needs {role}, and no slot fills it: it can never apply; say where it stands, like {role}: object")
    for key in SWITCHES:
        if not isinstance(entry.get(key, True), bool):
            yield Fault((key,), f"found {key}: {entry[key]}; expected true or false")


def _example_faults(entry: Mapping[str, Any]) -> Iterator[Fault]:
    if entry.get("example") and not entry.get("claims"):
        yield Fault(("example",), 'found an example without claims; say what it yields: claims: ["actor | recipient | place"]')
    yield from _claim_faults(entry.get("claims", []))


def _claim_faults(value: Any) -> Iterator[Fault]:
    for claim in _list(value):
        if not isinstance(claim, str) or claim.count("|") not in (2, 3):
            yield Fault(
                ("claims",), f"found the claim {claim!r}; expected actor | recipient | place [| number], with - for what is not told"
            )


def _word_faults(entries: Any, known: Known) -> Iterator[Fault]:
    if not isinstance(entries, dict):
        yield Fault(("words",), f"found {_kind_of(entries)}; write the rule and its new words: words: {{capture.verb: [bulldoze]}}")
        return
    for name, entry in entries.items():
        if name not in known.rules:
            near = _instead(str(name), known.rules, "expected a rule of docs/reference/codebook.md, like", listed=["capture.verb"])
            yield Fault(("words", name), f"found no rule {name}; {near}")
            continue
        yield from _under(("words", name), name, _addition_faults(entry, known.rules[name]))


def _addition_faults(entry: Any, parts: Sequence[str]) -> Iterator[Fault]:
    if isinstance(entry, dict):
        for key in entry:
            if key not in (*PARTS, "example", "claims"):
                yield Fault((key,), f"found {key}; {_instead(str(key), (*PARTS, 'example', 'claims'), 'expected')}")
        for part in (part for part in PARTS if part in entry):
            yield from _list_faults((part,), entry[part], "lemmas")
        if "example" in entry or "claims" in entry:
            yield from _example_faults(entry)
        return
    yield from _list_faults((), entry, "lemmas")
    if len(parts) > 1:
        yield Fault((), f"it is set off by {_listing(parts)}; say which the new words are, like {{{parts[0]}: [bulldoze]}}")


def _list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else [value]


def _listing(names: Iterable[str]) -> str:
    return ", ".join(names)


def _instead(name: str, known: Iterable[str], expected: str, *, listed: Iterable[str] = ()) -> str:
    """What to write instead: the nearest of what is known, else all of it (or `listed`)."""
    known = list(known)
    near = get_close_matches(name, known, n=2, cutoff=0.7)
    return f"did you mean {' or '.join(near)}?" if near else f"{expected} {_listing(listed or known)}"


def _kind_of(value: Any) -> str:
    """What a value is, in words that a writer of YAML has."""
    if value is None or value in ("", [], {}):
        return "nothing"
    if isinstance(value, dict):
        return "names with values (name: value)"
    return "a list" if isinstance(value, list) else f"“{value}”"
