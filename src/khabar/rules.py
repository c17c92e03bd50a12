"""YAML rule files → rules that the grammar applies.

A rule file holds one kind of claim; `docs/how-to/add-a-verb.md` shows how to write one:

    kind: capture
    means: One party takes a place from another, by force or threat of it.
    rules:
      - name: verb
        verb: [capture, seize, overrun]     # lemmas of the trigger, by part of speech: verb, noun, adjective
        actor: subject                      # slots (see clauses.py), the best first
        place: object
        recipient: from
        needs: [place]                      # the rule does not apply without
        example: Northern Brigade fighters captured the village of Tel Amara from the army.
        claims: [Northern Brigade fighters | army | village of Tel Amara]

A user's own file may also, or only, give words to rules that are there: `words: {capture.verb: [bulldoze]}`. What may stand in a file, and
what is said of a mistake in it, is in ruleform.py; what the kinds are in other codebooks, in knowledge/codebooks.yaml.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from khabar.errors import KnowledgeError
from khabar.lexicon import load, words
from khabar.ruleform import PARTS, ROLES, Fault, Known, key_faults, parse


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
    `again`: it tells of an act of violence told before, and takes its kind.
    `own`: it is the user's, and comes before a shipped one of as many conditions. `added`: part of speech → words of `words` that the
    user gave to a shipped one.
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
    again: bool = False
    examples: tuple[Example, ...] = ()
    own: bool = False
    added: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Kind:
    """A kind of claim."""

    name: str
    means: str
    rules: tuple[Rule, ...]


@lru_cache(maxsize=4)
def load_rules(extra: Path | None = None) -> tuple[Kind, ...]:
    """All kinds, from the files shipped in `khabar/rules` and the user's own, a file or a folder of them; sorted by name.

    Raises KnowledgeError with file and line where one does not follow the form.
    """
    kinds = {kind.name: kind for kind in (_kind(source) for source in _shipped())}
    for source in own_files(extra) if extra else ():
        content, faults = checked(source, known(kinds.values()))
        if faults:
            told = "\n".join(f"  {source}:{fault.line}: {fault.message}" for fault in faults)
            raise KnowledgeError(f"{source} cannot be used as a rule file; mend it and see with: khabar lint {source}\n{told}")
        kinds = with_own(kinds, content)
    return tuple(kinds[name] for name in sorted(kinds))


def _shipped() -> list[Traversable]:
    return sorted((f for f in (files("khabar") / "rules").iterdir() if f.name.endswith(".yaml")), key=lambda f: f.name)


def own_files(path: Path) -> list[Path]:
    """The rule files under a path that a user gave, by name. Raises KnowledgeError where there is none."""
    found = [path] if path.is_file() else sorted(f for f in path.glob("*") if f.suffix in (".yaml", ".yml"))
    if not found:
        told = "is a folder without any .yaml file" if path.is_dir() else "is not there"
        raise KnowledgeError(f"{path} {told}; give a rule file, or a folder of them")
    return found


def checked(source: Path, known: Known) -> tuple[Any, list[Fault]]:
    """The content of a user's rule file, and what is wrong with its form."""
    try:
        text = source.read_text("utf-8")
    except OSError as error:
        return None, [Fault((), f"it cannot be read: {error}")]
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        return None, [Fault((), f"found the byte {error.object[error.start]:#04x}, which is no UTF-8; save the file as UTF-8", line)]
    return parse(text, known)


def known(kinds: Iterable[Kind]) -> Known:
    """What a user's rule file may speak of: the kinds and rules that are there."""
    kinds = list(kinds)
    return Known(tuple(k.name for k in kinds), {r.name: tuple(r.words) for k in kinds for r in k.rules})


def with_own(kinds: Mapping[str, Kind], content: Mapping[str, Any]) -> dict[str, Kind]:
    """The kinds with the rules and words of a user's file that has no fault."""
    more = dict(kinds)
    if "rules" in content:
        kind = more[content["kind"]]
        own = tuple(replace(_rule(kind.name, entry), own=True) for entry in content["rules"])
        more[kind.name] = replace(kind, rules=(*kind.rules, *own))
    for name, entry in content.get("words", {}).items():
        kind = more[name.partition(".")[0]]
        more[kind.name] = replace(kind, rules=tuple(_with_words(r, entry) if r.name == name else r for r in kind.rules))
    return more


def _with_words(rule: Rule, entry: Any) -> Rule:
    """A shipped rule with more words; a bare list is of the one part of speech that the rule has."""
    entry = entry if isinstance(entry, dict) else {next(iter(rule.words)): entry}
    added = {part: _lemmas(entry[part]) for part in PARTS if part in entry}
    return replace(rule, words=_joined(rule.words, added), added=_joined(rule.added, added), examples=(*rule.examples, *_examples(entry)))


def _joined(words: Mapping[str, frozenset[str]], more: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    return {part: words.get(part, frozenset()) | more.get(part, frozenset()) for part in {**words, **more}}


def _kind(source: Traversable) -> Kind:
    content = load(source)
    missing = {"kind", "means", "rules"} - set(content)
    if missing:
        raise KnowledgeError(f"{source.name}: found no {', '.join(sorted(missing))}; a shipped rule file says kind, means and rules")
    for entry in content["rules"]:
        fault = next(key_faults(entry), None)
        if fault:
            raise KnowledgeError(f"{source.name}, rule {entry.get('name', '?')}: {fault.message}")
    return Kind(content["kind"], content["means"], tuple(_rule(content["kind"], entry) for entry in content["rules"]))


def _rule(kind: str, entry: Mapping[str, Any]) -> Rule:
    return Rule(
        name=f"{kind}.{entry['name']}",
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
        again=entry.get("again", False),
        examples=_examples(entry),
    )


def _examples(entry: Mapping[str, Any]) -> tuple[Example, ...]:
    return (Example(entry["example"], tuple(_listed(entry["claims"]))),) if "example" in entry else ()


def _lemmas(value: object) -> frozenset[str]:
    """The lemmas of a list; "@aircraft" stands for a class of knowledge/nouns.yaml."""
    listed = frozenset(_listed(value))
    return listed.union(*(words("nouns.yaml")[name[1:]] for name in listed if name.startswith("@")))


def _slot(text: str) -> Slot:
    path, _, of_class = text.partition(":")
    return Slot(path.strip().rstrip("!"), of_class.strip(), path.strip().endswith("!"))


def _listed(value: object) -> Iterable[Any]:
    return value if isinstance(value, list | tuple) else [value]
