"""YAML rule files → rules that the grammar applies.

A rule file holds one kind of claim; `docs/how-to/add-a-verb.md` shows how to write one:

    kind: capture
    means: One party takes a place from another, by force or threat of it.
    acled: Battles / Government regains territory, Non-state actor overtakes territory
    plover: ASSAULT
    cameo: "19"
    rules:
      - name: verb
        verb: [capture, seize, overrun]     # lemmas of the trigger, by part of speech: verb, noun, adjective
        actor: subject                      # slots (see clauses.py), the best first
        place: object
        recipient: from
        needs: [place]                      # the rule does not apply without
        example: Northern Brigade fighters captured the village of Tel Amara from the army.
        claims: [Northern Brigade fighters | army | village of Tel Amara]
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from khabar.errors import KnowledgeError
from khabar.lexicon import load, words

PARTS = {"verb": ("VERB",), "noun": ("NOUN", "PROPN"), "adjective": ("ADJ", "VERB"), "suffix": (), "preposition": ("ADP",)}
ROLES = ("actor", "recipient", "place", "quantity")
OPTIONS = {
    "name",
    "when",
    "without",
    "needs",
    "unit",
    "modality",
    "standing",
    "example",
    "claims",
    "each",
    "echoes",
    "scene",
    "shown",
    "focus",
    *PARTS,
    *ROLES,
}


@dataclass(frozen=True, slots=True)
class Slot:
    """One place to look for a filler: a path of clauses.py, and the word class it must be of ("" for any). `alone`: without what is joined
    to it by "and" (written ``between!``)."""

    path: str
    of_class: str = ""
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence written for this rule and the claims it must yield, "actor | recipient | place [| quantity]" each."""

    text: str
    claims: tuple[str, ...]


@dataclass(frozen=True)
class Rule:
    """One way to say one kind of claim.

    `words`: part of speech → lemmas that trigger it. `when`: slots of which a word of the given lemmas must stand. `without`: slots that
    must be empty of the given lemmas. `needs`: roles without which it does not apply. `unit`: of the quantity.
    `modality`: the least that holds.
    `standing`: a lasting fact without a date of its own. `each`: roles whose list gives one claim per member. `scene`: an event that, told
    without a place, took place where the story stands. `echoes`: kinds that a bare, definite noun ("the strikes", "the attack") takes over
    from the last event told. `shown`: the actor shows it and is its speaker ("fighters posted pictures of themselves in A"). `focus`:
    without a recipient it is the coalition spoken of last.
    """

    name: str
    kind: str
    words: Mapping[str, frozenset[str]]
    roles: Mapping[str, tuple[Slot, ...]]
    when: Mapping[str, frozenset[str]] = field(default_factory=dict)
    without: Mapping[str, frozenset[str]] = field(default_factory=dict)
    needs: frozenset[str] = frozenset()
    unit: str | None = None
    modality: str | None = None
    standing: bool = False
    each: frozenset[str] = frozenset({"place"})
    scene: bool = True
    echoes: frozenset[str] = frozenset()
    shown: bool = False
    focus: bool = False
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True)
class Kind:
    """A kind of claim and its equivalents in the field's other codebooks."""

    name: str
    means: str
    acled: str
    plover: str
    cameo: str
    rules: tuple[Rule, ...]


@lru_cache(maxsize=4)
def load_rules(extra: Path | None = None) -> tuple[Kind, ...]:
    """All kinds, from the files shipped in `khabar/rules` and those of the user's folder, sorted by name.

    Raises KnowledgeError with file and rule where one does not follow the form.
    """
    shipped: list[Traversable] = [f for f in (files("khabar") / "rules").iterdir() if f.name.endswith(".yaml")]
    own: list[Traversable] = [*extra.glob("*.yaml")] if extra else []
    return tuple(_kind(source) for source in sorted([*shipped, *own], key=lambda f: f.name))


def _kind(source: Traversable) -> Kind:
    content = load(source)
    missing = {"kind", "means", "acled", "plover", "cameo", "rules"} - set(content)
    if missing:
        raise KnowledgeError(
            f"{source.name}: found no {', '.join(sorted(missing))}; a rule file says kind, means, acled, plover, cameo and rules"
        )
    kind = content["kind"]
    rules = tuple(_rule(kind, entry, source.name) for entry in content["rules"])
    return Kind(kind, content["means"], content["acled"], content["plover"], str(content["cameo"]), rules)


def _rule(kind: str, entry: Mapping[str, Any], file: str) -> Rule:
    name = entry.get("name", "?")
    unknown = set(entry) - OPTIONS
    if unknown or "name" not in entry:
        raise KnowledgeError(
            f"{file}, rule {name}: found {', '.join(sorted(unknown)) or 'no name'}; a rule may hold {', '.join(sorted(OPTIONS))}"
        )
    if not any(part in entry for part in PARTS):
        raise KnowledgeError(f"{file}, rule {name}: found no trigger; give one of {', '.join(PARTS)}")
    if "example" not in entry:
        raise KnowledgeError(f"{file}, rule {name}: found no example; every rule shows a sentence and the claims it yields")
    return Rule(
        name=f"{kind}.{name}",
        kind=kind,
        words={part: _lemmas(entry[part]) for part in PARTS if part in entry},
        roles={role: tuple(_slot(s) for s in _listed(entry[role])) for role in ROLES if role in entry},
        when={path: _lemmas(lemmas) for path, lemmas in entry.get("when", {}).items()},
        without={path: _lemmas(lemmas) for path, lemmas in entry.get("without", {}).items()},
        needs=frozenset(_listed(entry.get("needs", []))),
        unit=entry.get("unit"),
        modality=entry.get("modality"),
        standing=entry.get("standing", False),
        each=frozenset(_listed(entry.get("each", ["place"]))),
        scene=entry.get("scene", True),
        echoes=frozenset(_listed(entry.get("echoes", []))),
        shown=entry.get("shown", False),
        focus=entry.get("focus", False),
        examples=(Example(entry["example"], tuple(_listed(entry.get("claims", [])))),),
    )


def _lemmas(value: object) -> frozenset[str]:
    """The lemmas of a list; "@aircraft" stands for a class of knowledge/nouns.yaml."""
    listed = frozenset(_listed(value))
    return listed.union(*(words("nouns.yaml")[name[1:]] for name in listed if name.startswith("@")))


def _slot(text: str) -> Slot:
    path, _, of_class = text.partition(":")
    return Slot(path.strip().rstrip("!"), of_class.strip(), path.strip().endswith("!"))


def _listed(value: object) -> Iterable[Any]:
    return value if isinstance(value, list | tuple) else [value]
