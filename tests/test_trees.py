"""Faults of the tree that English itself corrects are mended, whichever way the parser took them."""

from __future__ import annotations

from spacy.tokens import Doc

from khabar.language import parse, tokenizer
from khabar.trees import straightened


def test_what_is_said_in_a_message_is_what_the_speaker_says() -> None:
    words = ["The", "Front", "said", "in", "a", "message", "posted", "online", "that", "Karsa", "had", "fallen", "."]
    heads = [1, 2, 2, 5, 5, 2, 5, 6, 11, 11, 11, 5, 2]
    deps = ["det", "nsubj", "root", "case", "det", "obl", "acl", "advmod", "mark", "nsubj", "aux", "acl", "punct"]
    pos = ["DET", "PROPN", "VERB", "ADP", "DET", "NOUN", "VERB", "ADV", "SCONJ", "PROPN", "AUX", "VERB", "PUNCT"]
    lemmas = ["the", "Front", "say", "in", "a", "message", "post", "online", "that", "Karsa", "have", "fall", "."]
    doc = Doc(tokenizer().vocab, words=words, heads=heads, deps=deps, pos=pos, lemmas=lemmas)  # type: ignore[attr-defined]
    fallen = straightened(doc)[11]
    assert (fallen.head.text, fallen.dep_) == ("said", "ccomp")


def test_the_clause_of_a_noun_stays_with_its_noun() -> None:
    doc = parse("Officials live with the fear that the town will fall.")
    fall = next(t for t in doc if t.text == "fall")
    assert fall.head.text == "fear"
