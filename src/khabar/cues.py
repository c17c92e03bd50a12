"""knowledge/speech.yaml → the words with which English says that somebody says something."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from khabar.errors import KnowledgeError
from khabar.model import Modality

FORMS = frozenset({"clause", "infinitive", "object", "whole", "quote", "figure"})


@dataclass(frozen=True, slots=True)
class Cue:
    """What a word of saying takes as its content, and what it does to it (see the head of speech.yaml)."""

    takes: frozenset[str]
    stance: Modality
    link: bool = True
    with_modal: Modality | None = None
    of_media: bool = False

    @property
    def prepositions(self) -> frozenset[str]:
        return self.takes - FORMS


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The word lists of speech.yaml by the name of their block."""

    verbs: Mapping[str, tuple[Cue, ...]]
    nouns: Mapping[str, tuple[Cue, ...]]
    words: Mapping[str, frozenset[str]]
    prepositions: tuple[tuple[str, ...], ...]
    bodies: Mapping[str, tuple[str, ...]]
    idioms: Mapping[str, frozenset[str]]
    continuing: re.Pattern[str]
    unnamed: str
    commenter: str


@cache
def lexicon() -> Lexicon:
    """The lists of speech.yaml. KnowledgeError where a block is missing or not of its form."""
    raw = yaml.safe_load(files("khabar").joinpath("knowledge/speech.yaml").read_text(encoding="utf-8"))
    try:
        hearsay = {f"hearsay_{name}": words for name, words in raw["hearsay"].items()}
        lists = {name: words for name, words in raw.items() if isinstance(words, list) and name not in ("verbs", "nouns")} | hearsay
        return Lexicon(
            verbs=_cues(raw["verbs"]),
            nouns=_cues(raw["nouns"]),
            words={name: frozenset(str(word).lower() for word in words) for name, words in lists.items()},
            prepositions=tuple(tuple(phrase.split()) for phrase in raw["prepositions"]),
            bodies={noun: tuple(names) for noun, names in raw["bodies"].items()},
            idioms={verb: frozenset(nouns) for verb, nouns in raw["idioms"].items()},
            continuing=re.compile(raw["continuing"], re.IGNORECASE),
            unnamed=raw["unnamed"],
            commenter=raw["commenter"],
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise KnowledgeError(f"knowledge/speech.yaml: {error!r}; expected the blocks that its first lines describe") from error


def _cues(blocks: list[dict[str, Any]]) -> dict[str, tuple[Cue, ...]]:
    """word → its cues, in the order of the file: the first whose content is found in the sentence holds."""
    cues: dict[str, tuple[Cue, ...]] = {}
    for block in blocks:
        cue = Cue(
            frozenset(block["takes"]), block["stance"], block.get("link", True), block.get("with_modal"), block.get("of_media", False)
        )
        for word in dict.fromkeys(block["words"]):
            cues[word] = (*cues.get(word, ()), cue)
    return cues
