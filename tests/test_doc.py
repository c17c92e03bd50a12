"""A Doc answers as spaCy's does: what hangs on a word, how far it reaches, which words characters fall into."""

import pytest

from khabar.doc import Doc, Span

WORDS = ["The", "army", "left", "Karsa", ",", "and", "rebels", "came", ".", "They", "stayed"]
HEADS = [1, 2, 2, 2, 7, 7, 7, 2, 2, 10, 10]
DEPS = ["det", "nsubj", "root", "obj", "punct", "cc", "nsubj", "conj", "punct", "nsubj", "root"]
SPACES = [True, True, True, False, True, True, True, False, True, True, False]


def told(**more: list[str]) -> Doc:
    return Doc(words=WORDS, heads=HEADS, deps=DEPS, spaces=SPACES, **more)


def texts(words: object) -> list[str]:
    return [word.text for word in words]


def test_text_and_offsets() -> None:
    doc = told()
    assert doc.text == "The army left Karsa, and rebels came. They stayed"
    assert all(doc.text[token.idx : token.idx + len(token)] == token.text for token in doc)


def test_a_sentence_is_what_a_root_reaches() -> None:
    doc = told()
    assert [span.text for span in doc.sents] == ["The army left Karsa, and rebels came.", "They stayed"]
    assert doc[9].is_sent_start
    assert doc[10].sent == doc.sents[1]


def test_what_hangs_on_a_word() -> None:
    left = told()[2]
    assert (texts(left.lefts), texts(left.rights)) == (["army"], ["Karsa", "came", "."])
    assert texts(left.children[0].subtree) == ["The", "army"]
    assert (left.left_edge.text, left.right_edge.text) == ("The", ".")
    assert texts(told()[0].ancestors) == ["army", "left"]
    assert left.is_ancestor(left.doc[5])
    assert not left.doc[5].is_ancestor(left)


def test_a_word_moves_with_all_that_hangs_on_it() -> None:
    doc = told()
    doc[7].head = doc[3]
    assert (texts(doc[2].rights), texts(doc[3].children), doc[3].right_edge.text) == (["Karsa", "."], ["came"], "came")
    assert texts(doc[3].subtree) == ["Karsa", ",", "and", "rebels", "came"]
    doc[7].head = doc[2]
    assert (texts(doc[3].children), doc[3].right_edge.text) == ([], "Karsa")


def test_the_root_of_some_words_is_the_highest() -> None:
    doc = told()
    assert [doc[a:b].root.text for a, b in ((0, 2), (0, 4), (4, 7), (5, 7))] == ["army", "left", "and", "and"]


@pytest.mark.parametrize(
    ("span", "mode", "found"),
    [
        ((4, 8), "strict", "army"),
        ((5, 8), "strict", None),
        ((5, 15), "expand", "army left Karsa"),
        ((5, 15), "contract", "left"),
        ((5, 7), "contract", None),
        ((8, 13), "expand", "left"),
        ((40, 99), "expand", None),
    ],
)
def test_characters_fall_into_words(span: tuple[int, int], mode: str, found: str | None) -> None:
    words = told().char_span(*span, alignment_mode=mode)
    assert (words.text if words is not None else None) == found


def test_names_are_runs_of_one_kind() -> None:
    doc = told(ents=["O", "I-ORG", "O", "B-PLACE", "I-ORG", "I-ORG", "O", "O", "O", "O", "B-PERSON"])
    assert [(name.text, name.label_) for name in doc.ents] == [("army", "ORG"), ("Karsa", "PLACE"), (", and", "ORG"), ("stayed", "PERSON")]


def test_spans_are_equal_over_the_same_words() -> None:
    doc = told()
    assert doc[1:3] == Span(doc, 1, 3) != Span(doc, 1, 3, "ORG")
    assert doc[1:9][1:3].text == "left Karsa"
    assert doc[1:3][-1].text == "left"
    assert doc[1] in doc[1:3]
    assert doc[3] not in doc[1:3]
    assert told()[1] not in doc[1:3]


def test_no_word_stands_before_the_first() -> None:
    with pytest.raises(IndexError, match="no word 1 before 'The'"):
        told()[0].nbor(-1)
