"""Faults of the tree that English itself corrects are mended, whichever way the parser took them."""

from __future__ import annotations

from khabar.doc import Doc
from khabar.language import parse
from khabar.trees import straightened


def test_what_is_said_in_a_message_is_what_the_speaker_says() -> None:
    words = ["The", "Front", "said", "in", "a", "message", "posted", "online", "that", "Karsa", "had", "fallen", "."]
    heads = [1, 2, 2, 5, 5, 2, 5, 6, 11, 11, 11, 5, 2]
    deps = ["det", "nsubj", "root", "case", "det", "obl", "acl", "advmod", "mark", "nsubj", "aux", "acl", "punct"]
    pos = ["DET", "PROPN", "VERB", "ADP", "DET", "NOUN", "VERB", "ADV", "SCONJ", "PROPN", "AUX", "VERB", "PUNCT"]
    lemmas = ["the", "Front", "say", "in", "a", "message", "post", "online", "that", "Karsa", "have", "fall", "."]
    doc = Doc(words=words, heads=heads, deps=deps, pos=pos, lemmas=lemmas)
    fallen = straightened(doc)[11]
    assert (fallen.head.text, fallen.dep_) == ("said", "ccomp")


def test_the_clause_of_a_noun_stays_with_its_noun() -> None:
    doc = parse("Officials live with the fear that the town will fall.")
    fall = next(t for t in doc if t.text == "fall")
    assert fall.head.text == "fear"


def test_a_plural_takes_both_names() -> None:
    words = ["Arna", "and", "the", "villages", "of", "Bera", "and", "Cora", "fell", "."]
    heads = [8, 3, 3, 0, 5, 3, 7, 0, 8, 8]
    deps = ["nsubj", "cc", "det", "conj", "case", "nmod", "cc", "conj", "root", "punct"]
    pos = ["PROPN", "CCONJ", "DET", "NOUN", "ADP", "PROPN", "CCONJ", "PROPN", "VERB", "PUNCT"]
    tags = ["NNP", "CC", "DT", "NNS", "IN", "NNP", "CC", "NNP", "VBD", "."]
    doc = Doc(words=words, heads=heads, deps=deps, pos=pos, tags=tags, lemmas=words)
    assert straightened(doc)[7].head.text == "Bera"


def test_a_participle_with_a_subject_tells_what_befell_it() -> None:
    words = ["Ten", "died", "and", "dozens", "wounded", "."]
    heads, deps = [1, 1, 4, 4, 1, 1], ["nsubj", "root", "cc", "nsubj:pass", "conj", "punct"]
    pos, tags = ["NUM", "VERB", "CCONJ", "NOUN", "ADJ", "PUNCT"], ["CD", "VBD", "CC", "NNS", "VBN", "."]
    doc = Doc(words=words, heads=heads, deps=deps, pos=pos, tags=tags, lemmas=words)
    assert straightened(doc)[4].pos_ == "VERB"


def test_a_town_that_is_told_to_have_fallen_does_not_speak() -> None:
    doc = parse("Lieutenant Colonel Kasole denied on Sunday that the town of Karsa had fallen and said fighting went on near Tina.")
    said = next(t for t in doc if t.text == "said")
    assert said.head.text == "denied"


def test_the_word_before_an_act_describes_it() -> None:
    words, heads = ["Federal", "shelling", "hit", "a", "school", "."], [1, 2, 2, 4, 2, 2]
    deps, pos = ["nsubj", "nsubj", "root", "det", "obj", "punct"], ["ADJ", "NOUN", "VERB", "DET", "NOUN", "PUNCT"]
    doc = Doc(words=words, heads=heads, deps=deps, pos=pos, lemmas=words)
    assert straightened(doc)[0].dep_ == "amod"


def test_who_owns_a_gerund_owns_a_noun() -> None:
    words, heads = ["The", "rebels", "'", "shelling", "killed", "nine", "."], [1, 3, 1, 4, 4, 4, 4]
    deps, pos = ["det", "nsubj", "case", "nsubj", "root", "obj", "punct"], ["DET", "NOUN", "PART", "VERB", "VERB", "NUM", "PUNCT"]
    tags = ["DT", "NNS", "POS", "VBG", "VBD", "CD", "."]
    doc = straightened(Doc(words=words, heads=heads, deps=deps, pos=pos, tags=tags, lemmas=words))
    assert (doc[3].pos_, doc[1].dep_) == ("NOUN", "nmod:poss")


def test_a_gerund_with_an_object_of_its_own_stays_a_verb() -> None:
    doc = parse("The army pressed on, bombing the town.")
    assert next(t for t in doc if t.text == "bombing").pos_ == "VERB"


def test_nothing_before_a_verb_describes_a_noun_behind_it() -> None:
    words = ["Rebels", "accused", "government", "forces", "of", "bombing", "Karsa", "."]
    heads, deps = [3, 1, 3, 5, 5, 1, 5, 1], ["compound", "root", "compound", "nsubj", "mark", "ccomp", "obj", "punct"]
    pos, tags = (
        ["NOUN", "VERB", "NOUN", "NOUN", "SCONJ", "VERB", "PROPN", "PUNCT"],
        ["NNS", "VBD", "NN", "NNS", "IN", "VBG", "NNP", "."],
    )
    lemmas = ["rebel", "accuse", "government", "force", "of", "bomb", "Karsa", "."]
    doc = straightened(Doc(words=words, heads=heads, deps=deps, pos=pos, tags=tags, lemmas=lemmas))
    assert [(doc[i].head.text, doc[i].dep_) for i in (0, 3)] == [("accused", "nsubj"), ("accused", "obj")]


def test_what_went_on_meanwhile_is_not_what_is_said() -> None:
    words = ["Karsa", "fell", "activists", "said", "as", "rebels", "fled", "."]
    heads, deps = [1, 1, 3, 1, 6, 6, 3, 1], ["nsubj", "root", "nsubj", "parataxis", "mark", "nsubj", "ccomp", "punct"]
    pos, tags = (
        ["PROPN", "VERB", "NOUN", "VERB", "SCONJ", "NOUN", "VERB", "PUNCT"],
        ["NNP", "VBD", "NNS", "VBD", "IN", "NNS", "VBD", "."],
    )
    lemmas = ["Karsa", "fall", "activist", "say", "as", "rebel", "flee", "."]
    assert straightened(Doc(words=words, heads=heads, deps=deps, pos=pos, tags=tags, lemmas=lemmas))[6].dep_ == "advcl"


def test_the_counted_who_died_are_one_with_their_verb() -> None:
    words = ["Officials", "said", "25", "civilians", "died", "and", "that", "Karsa", "burns", "."]
    heads, deps = [1, 1, 3, 1, 1, 8, 8, 8, 1, 1], ["nsubj", "root", "nummod", "ccomp", "ccomp", "cc", "mark", "nsubj", "conj", "punct"]
    pos, tags = (
        ["NOUN", "VERB", "NUM", "NOUN", "VERB", "CCONJ", "SCONJ", "PROPN", "VERB", "PUNCT"],
        ["NNS", "VBD", "CD", "NNS", "VBD", "CC", "IN", "NNP", "VBZ", "."],
    )
    lemmas = ["official", "say", "25", "civilian", "die", "and", "that", "Karsa", "burn", "."]
    doc = straightened(Doc(words=words, heads=heads, deps=deps, pos=pos, tags=tags, lemmas=lemmas))
    assert [(doc[i].head.text, doc[i].dep_) for i in (3, 8)] == [("died", "nsubj"), ("died", "conj")]


def test_a_part_is_of_what_follows_it() -> None:
    words = ["They", "hold", "most", "of", "the", "roads", "."]
    heads = [1, 1, 1, 5, 5, 1, 1]
    deps = ["nsubj", "root", "obj", "case", "det", "obl", "punct"]
    pos = ["PRON", "VERB", "ADJ", "ADP", "DET", "NOUN", "PUNCT"]
    doc = straightened(Doc(words=words, heads=heads, deps=deps, pos=pos, lemmas=["they", "hold", "most", "of", "the", "road", "."]))
    assert (doc[5].head.text, doc[5].dep_) == ("most", "nmod")


def test_a_number_at_the_very_end_is_read() -> None:
    doc = Doc(
        words=["on", "Flight", "17"],
        heads=[1, 1, 1],
        deps=["case", "root", "nummod"],
        pos=["ADP", "PROPN", "NUM"],
        tags=["IN", "NNP", "CD"],
    )
    assert straightened(doc)[2].dep_ == "nummod"


def test_no_word_hangs_on_what_hangs_on_it() -> None:
    doc = Doc(words=["half", "people", "fled"], heads=[2, 0, 2], deps=["nsubj", "compound", "root"], pos=["NOUN", "NOUN", "VERB"])
    doc[0].head = doc[1]
    assert doc[0].head.text == "fled"
