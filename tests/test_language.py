"""What the grammar may rely on in every `Doc`: offsets, whole trees, the same answer in any company, and who did what to whom."""

from __future__ import annotations

import math
import random
from operator import attrgetter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from khabar.doc import Doc, Token
from khabar.encoder import read
from khabar.language import parse
from khabar.spanning import best_tree, is_tree
from khabar.tokens import paragraphs

REPORT = """Fighters of the Black River Brigade overran Tel Masud and two hamlets on Monday, a spokesman said. "We hold the bridge," \
Col. Idris Hamdan told reporters. The army did not comment.

- Shelling killed 12 civilians in Qasr Nadim
- Two medics were wounded

By evening the village had been recaptured by government troops."""

ODD = {
    "empty": "",
    "blanks": "  \n\t ",
    "leading blanks": "\n\n  Rebels left.",
    "emoji": "Army 🚀 hits port 🔥🔥!!",
    "arabic": "سيطر الجيش على مدينة حلب. وقال متحدث إن القتال مستمر",
    "no-break space": "The town\u00a0fell.\r\n\r\nRebels fled.",
    "bullets": "• one dead\n• two hurt\n* three held",
    "headline": "BRIDGE DOWN AT DAWN",
    "no full stops": "rebels took the town the army left it they fled to the hills " * 40,
    "one long sentence": "the army, which held the hill " * 300,
    "one long word": "x" * 20_000,
    "many quotes": '"' * 300 + " he said",
    "dots": "... . .. .... no. 5 . . .",
}


def root_of(doc: Doc) -> Token:
    return next(iter(doc.sents)).root


def child(token: Token, label: str) -> str | None:
    return next((c.text for c in token.children if c.dep_ == label), None)


def check_trees(doc: Doc) -> None:
    """One root a sentence, every head in the same sentence, no cycle."""
    for sentence in doc.sents:
        assert [t for t in sentence if t.head is t or t.head.i == t.i] == [sentence.root]
        for token in sentence:
            assert sentence.start <= token.head.i < sentence.end
            assert sentence.root in (token, *token.ancestors)


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_odd_text_keeps_its_characters_and_has_whole_trees(text: str) -> None:
    doc = parse(text)
    assert doc.text == text
    assert len(doc.user_data["factuality"]) == len(doc.user_data["nominals"]) == len(doc)
    check_trees(doc)


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet=st.sampled_from("ab AB.,!?\"'’“”()-–…\n\r\t0é\u00a0ع🔥"), max_size=120))
def test_any_text_keeps_its_characters_and_has_whole_trees(text: str) -> None:
    doc = parse(text)
    assert doc.text == text
    check_trees(doc)


def test_white_space_is_marked_and_roots_nothing() -> None:
    spaces = [t for t in parse(REPORT) if t.is_space]
    assert spaces
    assert all(t.pos_ == "SPACE" and t.dep_ == "dep" and t.head is not t for t in spaces)


def test_a_megabyte_without_a_line_break_is_read_in_parts() -> None:
    text = "x" * 1_000_000
    assert parse(text).text == text


def test_a_sentence_reads_the_same_alone_and_in_any_company() -> None:
    sentences = [[t.text for t in s if not t.is_space] for s in parse(REPORT * 3).sents]
    alone = [read([words])[0] for words in sentences]
    order = random.Random(5).sample(range(len(sentences)), len(sentences))
    together = dict(zip(order, read([sentences[i] for i in order]), strict=True))
    for i, reading in enumerate(alone):
        for name in ("upos", "xpos", "heads", "labels", "entities", "nominals", "facts"):
            np.testing.assert_array_equal(getattr(reading, name), getattr(together[i], name), err_msg=f"{name} of {sentences[i]}")


def test_reading_twice_changes_nothing() -> None:
    first, second = parse(REPORT), parse(REPORT)
    columns = ("text", "pos_", "tag_", "dep_", "head.i", "lemma_", "ent_iob_", "ent_type_", "sent.start")
    for one, other in zip(first, second, strict=True):
        assert attrgetter(*columns)(one) == attrgetter(*columns)(other)
    np.testing.assert_array_equal(first.user_data["factuality"], second.user_data["factuality"])


def test_a_name_of_several_words_is_one_token() -> None:
    text = "Jaysh al Nahrayn seized Umm al Qasab from Liwa Saqr."
    names = [(0, 16), (24, 36), (42, 51)]
    doc = parse(text, names=names)
    assert [doc[i].text for i in (0, 2, 4)] == ["Jaysh al Nahrayn", "Umm al Qasab", "Liwa Saqr"]
    assert [(t.idx, t.idx + len(t)) for t in (doc[0], doc[2], doc[4])] == names
    assert (doc[0].dep_, doc[1].pos_, doc[2].dep_) == ("nsubj", "VERB", "obj")


@pytest.mark.parametrize(
    ("names", "joined"),
    [
        pytest.param([(4, 13)], ["Tal Hamra"], id="exact"),
        pytest.param([(5, 11)], ["Tal Hamra"], id="inside words: widened"),
        pytest.param([(4, 13), (8, 18)], ["Hamra fell"], id="two that overlap: the longer one"),
        pytest.param([(8, 40)], [], id="over a border between blocks: left"),
        pytest.param([(4, 7)], [], id="one word: nothing to join"),
        pytest.param([(7, 8)], [], id="only a blank"),
        pytest.param([(90, 99)], [], id="beyond the text"),
    ],
)
def test_names_are_fitted_to_words(names: list[tuple[int, int]], joined: list[str]) -> None:
    doc = parse("Now Tal Hamra fell.\n\nThe army left the hill.", names=names)
    assert [t.text for t in doc if " " in t.text] == joined


def test_no_sentence_crosses_a_block() -> None:
    text = "Fighting went on in the north and the army sent more troops"
    doc = parse(text, blocks=[(0, 29), (30, len(text))])
    assert any(t.is_sent_start for t in doc if t.idx == 30)


def test_paragraphs_part_at_lines_unless_they_are_wrapped() -> None:
    separate = "Army retakes town\nTwo killed in blast"
    wrapped = (
        "The army said on Monday that its troops had entered the\ntown after a week of fighting in which dozens of people\nwere killed."
    )
    assert len(paragraphs(separate)) == 2
    assert paragraphs(wrapped) == [(0, len(wrapped))]


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        pytest.param("Gen. Adel Hanna spoke. He left.", [0, 23], id="title"),
        pytest.param("The U.S. Army came. It left.", [0, 20], id="abbreviation"),
        pytest.param("U.S. warplanes carried out strikes on Karsa. They left.", [0, 45], id="a small letter behind it"),
        pytest.param('"We won." The army left.', [0, 10], id="closing quote stays"),
        pytest.param("Battalion No. 5 took 3.5 km of road. It stopped.", [0, 37], id="numbers"),
        pytest.param("J. K. Omar was held. He is free.", [0, 21], id="initials"),
        pytest.param("They fled... The town fell.", [0, 13], id="ellipsis"),
        pytest.param("سيطر الجيش على حلب. وقال متحدث ذلك", [0, 20], id="a script without capitals"),
    ],
)
def test_sentences_begin_where_they_should(text: str, starts: list[int]) -> None:
    assert [s.start_char for s in parse(text).sents] == starts


def test_who_did_what_to_whom() -> None:
    root = root_of(parse("Militants overran Qaryat Zayn on Sunday.", names=[(18, 29)]))
    assert (root.lemma_, root.pos_, child(root, "nsubj"), child(root, "obj")) == ("overrun", "VERB", "Militants", "Qaryat Zayn")


@pytest.mark.parametrize("verb", ["stormed", "shelled", "besieged", "recaptured", "torched", "seized", "retook"])
def test_verbs_of_war_are_verbs(verb: str) -> None:
    root = root_of(parse(f"Rebels {verb} the town of Darun on Friday."))
    assert (root.text, root.tag_, child(root, "nsubj"), child(root, "obj")) == (verb, "VBD", "Rebels", "town")


def test_the_passive_names_what_suffered_and_who_did_it() -> None:
    root = root_of(parse("The village was recaptured by government troops on Tuesday."))
    assert (root.lemma_, child(root, "nsubj:pass"), child(root, "obl:agent")) == ("recapture", "village", "troops")
    assert root.morph == "Tense=Past|VerbForm=Part"


def test_a_headline_has_its_verb() -> None:
    root = root_of(parse("Army shells Marat Dibsan", names=[(12, 24)]))
    assert (root.text, root.pos_, child(root, "obj")) == ("shells", "VERB", "Marat Dibsan")


def test_what_is_said_hangs_on_the_verb_of_saying() -> None:
    root = root_of(parse("The army said it had captured the airport."))
    assert (root.text, child(root, "ccomp")) == ("said", "captured")


@pytest.mark.parametrize(
    ("word", "text", "lemma"),
    [
        ("fell", "The town fell to rebels.", "fall"),
        ("found", "Police found three bodies.", "find"),
        ("left", "The army left the town.", "leave"),
        ("shot", "Gunmen shot two guards.", "shoot"),
        ("wounded", "The blast wounded six people.", "wound"),
        ("fled", "Residents fled the city.", "flee"),
        ("troops", "The troops fled.", "troop"),
    ],
)
def test_lemmas_of_war(word: str, text: str, lemma: str) -> None:
    assert next(t.lemma_ for t in parse(text) if t.text == word) == lemma


def test_what_happened_scores_above_what_did_not() -> None:
    facts = []
    for text in ("Rebels captured the town.", "Rebels did not capture the town.", "Rebels may capture the town."):
        doc = parse(text)
        facts.append(float(doc.user_data["factuality"][next(t.i for t in doc if t.lemma_ == "capture")]))
    assert facts[0] > max(facts[1:]) + 0.5


def test_only_predicates_have_a_factuality() -> None:
    doc = parse("Rebels captured the town.")
    assert [not math.isnan(f) for f in doc.user_data["factuality"]] == [False, True, False, False, False]


def test_names_have_their_kind() -> None:
    doc = parse("Omar Haddad of the United Nations spoke in Damascus to Syrian officers.")
    assert {(e.text, e.label_) for e in doc.ents} >= {
        ("Omar Haddad", "PERSON"),
        ("United Nations", "ORG"),
        ("Damascus", "PLACE"),
        ("Syrian", "NORP"),
    }


def test_common_nouns_have_their_kind() -> None:
    doc = parse("Troops entered the village on Friday.")
    kinds = dict(zip((t.text for t in doc), doc.user_data["nominals"], strict=True))
    assert (kinds["Troops"], kinds["village"], kinds["Friday"], kinds["entered"]) == ("person", "place", "time", "")


def test_a_cycle_is_mended_by_the_best_tree() -> None:
    arcs = np.array([[1.0, -9, 5, 0], [2.0, 6, -9, 0], [0.0, 0, 3, -9]], np.float32)  # words 1 and 2 prefer each other
    heads = best_tree(arcs)
    assert is_tree(heads)
    assert heads.tolist() == [2, 0, 2]
