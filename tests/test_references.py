"""Words that point back lead a reader to the name in the same report. Docs are built by hand, so that no model decides a test."""

import re
from datetime import date
from itertools import accumulate

import pytest

from khabar.doc import Doc
from khabar.model import ActorMention, PlaceMention, Report, Section
from khabar.reading import load_knowledge, read
from khabar.references import find_references
from khabar.sections import split


def parsed(rows: str) -> Doc:
    """A Doc from cells "word|TAG|relation|head": heads count the words of the sentence from 1, a blank line ends a sentence."""
    sentences = [sentence.split() for sentence in rows.strip().split("\n\n")]
    firsts = [0, *accumulate(len(sentence) for sentence in sentences)]
    words, tags, relations, heads = [], [], [], []
    for first, sentence in zip(firsts, sentences, strict=False):
        for number, cell in enumerate(sentence):
            word, tag, relation, head = re.fullmatch(r"(.+)\|(\w+)\|([\w:]+)\|(\d+)", cell).groups()
            words.append(word)
            tags.append(tag)
            relations.append(relation)
            heads.append(first + (int(head) - 1 if head != "0" else number))
    spaces = [i + 1 < len(words) and words[i + 1] not in (".", ",") for i in range(len(words))]
    lemmas = [{"said": "say", "captured": "capture", "is": "be"}.get(word.lower(), word.lower()) for word in words]
    return Doc(words=words, spaces=spaces, pos=tags, deps=relations, heads=heads, lemmas=lemmas)


def call_person(doc: Doc, name: str) -> None:
    at = doc.text.index(name)
    for k, token in enumerate(doc.char_span(at, at + len(name))):
        token.ent_iob_, token.ent_type_ = "I" if k else "B", "PERSON"


def actor(doc: Doc, words: str, **more: object) -> ActorMention:
    start = doc.text.index(words)
    return ActorMention(start, start + len(words), words, **more)  # type: ignore[arg-type]


def place(doc: Doc, words: str, **more: object) -> PlaceMention:
    start = doc.text.index(words)
    return PlaceMention(start, start + len(words), words, **more)  # type: ignore[arg-type]


def pointing(doc: Doc, *mentions: ActorMention | PlaceMention, sections: tuple[Section, ...] = ()) -> list[tuple[str, str]]:
    """Each word that points back, with the words that it stands for."""
    found = find_references(doc, Report("r", doc.text, sections=sections), mentions)
    assert all(m.form == "reference" for m in found)
    assert all(doc.text[m.start : m.end] == m.text for m in found)
    return [(m.text, doc.text[slice(*m.antecedent)]) for m in found if m.antecedent]


LEAGUE = "Desert|PROPN|compound|2 League|PROPN|nsubj|3 attacked|VERB|root|0 Tarn|PROPN|obj|3 .|PUNCT|punct|3\n\n"


def after_attack(rows: str, *, precision: str = "town") -> list[tuple[str, str]]:
    doc = parsed(LEAGUE + rows)
    return pointing(doc, actor(doc, "Desert League", id="league"), place(doc, "Tarn", id="tarn", precision=precision))


POINTING = [
    ("The|DET|det|2 group|NOUN|nsubj|3 withdrew|VERB|root|0 .|PUNCT|punct|3", "group", "Desert League"),
    ("They|PRON|nsubj|2 withdrew|VERB|root|0 .|PUNCT|punct|2", "They", "Desert League"),
    ("It|PRON|nsubj|2 withdrew|VERB|root|0 .|PUNCT|punct|2", "It", "Desert League"),
    ("Its|PRON|nmod:poss|2 fighters|NOUN|nsubj|3 withdrew|VERB|root|0 .|PUNCT|punct|3", "Its", "Desert League"),
    ("The|DET|det|2 town|NOUN|nsubj|3 burned|VERB|root|0 .|PUNCT|punct|3", "town", "Tarn"),
    ("Shops|NOUN|nsubj|2 closed|VERB|root|0 there|ADV|advmod|2 .|PUNCT|punct|2", "there", "Tarn"),
    ("Its|PRON|nmod:poss|2 outskirts|NOUN|nsubj|3 burned|VERB|root|0 .|PUNCT|punct|3", "Its", "Tarn"),
    ("The|DET|det|2 city|NOUN|nmod:poss|4 's|PART|case|2 bakery|NOUN|nsubj|5 burned|VERB|root|0 .|PUNCT|punct|5", "city", "Tarn"),
    ("Loyalists|NOUN|nsubj|2 captured|VERB|root|0 it|PRON|obj|2 .|PUNCT|punct|2", "it", "Tarn"),
]


@pytest.mark.parametrize(("rows", "words", "name"), POINTING, ids=[row[1] + " → " + row[2] for row in POINTING])
def test_a_word_points_back_to_the_name_it_stands_for(rows: str, words: str, name: str) -> None:
    assert after_attack(rows) == [(words, name)]


SILENT = [
    ("It|PRON|expl|3 is|AUX|cop|3 unclear|ADJ|root|0 .|PUNCT|punct|3", "an empty it"),
    ("A|DET|det|2 group|NOUN|nsubj|3 withdrew|VERB|root|0 .|PUNCT|punct|3", "a new group"),
    ("The|DET|det|2 towns|NOUN|nsubj|3 burned|VERB|root|0 .|PUNCT|punct|3", "several towns"),
    ("The|DET|det|2 province|NOUN|nsubj|3 burned|VERB|root|0 .|PUNCT|punct|3", "a province where only a town was named"),
    ("The|DET|det|2 coalition|NOUN|nsubj|3 withdrew|VERB|root|0 .|PUNCT|punct|3", "a coalition where none was named"),
    ("The|DET|det|2 bridge|NOUN|nsubj|3 fell|VERB|root|0 .|PUNCT|punct|3", "a bridge where none was named"),
    ("The|DET|det|2 jihadists|NOUN|nsubj|3 fled|VERB|root|0 .|PUNCT|punct|3", "plurals that the named body is not called"),
    ("It|PRON|nsubj|2 said|VERB|root|0 so|ADV|advmod|2 .|PUNCT|punct|2", "a speaker where none has spoken"),
]


@pytest.mark.parametrize(("rows", "why"), SILENT, ids=[row[1] for row in SILENT])
def test_nothing_is_said_where_nothing_fits(rows: str, why: str) -> None:
    assert after_attack(rows) == []


def test_a_coalition_is_what_the_report_calls_one() -> None:
    doc = parsed(
        "Desert|PROPN|compound|2 League|PROPN|nsubj|9 ,|PUNCT|punct|5 an|DET|det|5 alliance|NOUN|appos|2"
        " of|ADP|case|7 clans|NOUN|nmod|5 ,|PUNCT|punct|5"
        " fought|VERB|root|0 Hill|PROPN|compound|11 Guard|PROPN|obj|9 .|PUNCT|punct|9\n\n"
        "The|DET|det|2 alliance|NOUN|nsubj|3 won|VERB|root|0 .|PUNCT|punct|3"
    )
    assert pointing(doc, actor(doc, "Desert League", id="league"), actor(doc, "Hill Guard", id="guard")) == [("alliance", "Desert League")]


def test_the_fullest_name_in_the_report_is_given() -> None:
    doc = parsed(
        "Free|PROPN|amod|3 Desert|PROPN|compound|3 League|PROPN|nsubj|4 rose|VERB|root|0 .|PUNCT|punct|4\n\n"
        "League|PROPN|nsubj|2 won|VERB|root|0 .|PUNCT|punct|2\n\nThey|PRON|nsubj|2 left|VERB|root|0 .|PUNCT|punct|2"
    )
    start = doc.text.rindex("League")
    again = ActorMention(start, start + 6, "League", id="league")
    assert pointing(doc, actor(doc, "Free Desert League", id="league"), again) == [("They", "Free Desert League")]


def test_the_name_is_copied_to_what_points_back() -> None:
    doc = parsed(LEAGUE + POINTING[0][0])
    [reference] = find_references(doc, Report("r", doc.text), (actor(doc, "Desert League", id="league", name="Desert League of Kalam"),))
    assert (reference.id, reference.name) == ("league", "Desert League of Kalam")


def test_a_comment_never_points_into_the_article() -> None:
    doc = parsed(LEAGUE + POINTING[0][0])
    start = doc.text.index("The group")
    sections = (Section("body", 0, start), Section("comment", start, len(doc.text)))
    assert pointing(doc, actor(doc, "Desert League", id="league"), sections=sections) == []


def test_an_agency_that_only_speaks_is_not_who_acts() -> None:
    doc = parsed(
        "Kalam|PROPN|compound|3 News|PROPN|compound|3 Agency|PROPN|nsubj|4 reported|VERB|root|0 that|SCONJ|mark|8"
        " Desert|PROPN|compound|7 League|PROPN|nsubj|8"
        " advanced|VERB|ccomp|4 .|PUNCT|punct|4\n\nThey|PRON|nsubj|2 withdrew|VERB|root|0 .|PUNCT|punct|2"
    )
    assert pointing(doc, actor(doc, "Kalam News Agency", id="agency"), actor(doc, "Desert League", id="league")) == [
        ("They", "Desert League")
    ]


def test_a_body_that_speaks_goes_on_speaking() -> None:
    doc = parsed(
        "Desert|PROPN|compound|2 League|PROPN|nsubj|3 said|VERB|root|0 Hill|PROPN|compound|5 Guard|PROPN|nsubj|6"
        " fled|VERB|ccomp|3 .|PUNCT|punct|3\n\n"
        "It|PRON|nsubj|2 said|VERB|root|0 so|ADV|advmod|2 .|PUNCT|punct|2"
    )
    assert pointing(doc, actor(doc, "Desert League", id="league"), actor(doc, "Hill Guard", id="guard")) == [("It", "Desert League")]


def test_a_capital_that_speaks_is_not_the_city_meant() -> None:
    doc = parsed(
        LEAGUE + "Kalam|PROPN|nsubj|2 said|VERB|root|0 Desert|PROPN|compound|4 League|PROPN|nsubj|5 left|VERB|ccomp|2"
        " the|DET|det|7 town|NOUN|obj|5 .|PUNCT|punct|2"
    )
    capital = place(doc, "Kalam", id="kalam", precision="town")
    state = actor(doc, "Kalam", id="kalam-government")
    assert pointing(doc, actor(doc, "Desert League", id="league"), place(doc, "Tarn", id="tarn", precision="town"), capital, state) == [
        ("town", "Tarn")
    ]


def test_he_is_the_person_named_last() -> None:
    doc = parsed(
        "Omar|PROPN|nsubj|3 Hadid|PROPN|flat|1 arrived|VERB|root|0 .|PUNCT|punct|3\n\nHe|PRON|nsubj|2 spoke|VERB|root|0 .|PUNCT|punct|2"
    )
    call_person(doc, "Omar Hadid")
    assert pointing(doc) == [("He", "Omar Hadid")]


def test_he_goes_on_over_sentences_and_is_never_who_she_was() -> None:
    doc = parsed(
        "Omar|PROPN|nsubj|3 Hadid|PROPN|flat|1 arrived|VERB|root|0 .|PUNCT|punct|3\n\n"
        "He|PRON|nsubj|2 met|VERB|root|0 Anna|PROPN|obj|2 Khan|PROPN|flat|3 .|PUNCT|punct|2\n\n"
        "He|PRON|nsubj|2 left|VERB|root|0 .|PUNCT|punct|2\n\n"
        "She|PRON|nsubj|2 stayed|VERB|root|0 .|PUNCT|punct|2\n\n"
        "He|PRON|nsubj|2 wrote|VERB|root|0 .|PUNCT|punct|2"
    )
    call_person(doc, "Omar Hadid")
    call_person(doc, "Anna Khan")
    assert pointing(doc) == [("He", "Omar Hadid"), ("He", "Omar Hadid"), ("She", "Anna Khan"), ("He", "Omar Hadid")]


def test_a_clause_behind_the_speaker_goes_on_with_what_he_told() -> None:
    doc = parsed(
        """
        Rebels|NOUN|nsubj|2 entered|VERB|ccomp|5 Karsa|PROPN|obj|2 residents|NOUN|nsubj|5 said|VERB|root|0 after|SCONJ|mark|8
        they|PRON|nsubj|8 took|VERB|advcl|2 Dorn|PROPN|obj|8 .|PUNCT|punct|5
        """
    )
    assert pointing(doc, actor(doc, "Rebels", id="rebels", form="generic"), actor(doc, "residents", id="residents")) == [("they", "Rebels")]


def test_they_are_all_who_were_named_together() -> None:
    doc = parsed(
        """
        Both|CCONJ|cc:preconj|3 the|DET|det|3 army|NOUN|nsubj|7 and|CCONJ|cc|6 the|DET|det|6 militia|NOUN|conj|3 took|VERB|root|0
        Karsa|PROPN|obj|7 .|PUNCT|punct|7

        They|PRON|nsubj|2 left|VERB|root|0 .|PUNCT|punct|2
        """
    )
    army, militia = actor(doc, "army", id="army", form="generic"), actor(doc, "militia", form="generic")
    assert pointing(doc, army, militia) == [("They", "army and the militia")]


@pytest.mark.parametrize("comma", [", ", " "])
@pytest.mark.parametrize(
    ("told", "words", "name"),
    [
        ("Rebels took Oakford on 3 May. The coalition{0}which includes Chad{0}retook the place on 6 May.", "place", "Oakford"),
        ("Troops entered Oakford. Militiamen abandoned the place at dawn.", "place", "Oakford"),
        ("We took it at noon{0}the commander said of Oakford.", "it", "Oakford"),
        ("They bombed it twice{0}a resident said of the hospital in Oakford.", "it", "hospital in Oakford"),
    ],
)
def test_a_place_is_meant_by_these_words(comma: str, told: str, words: str, name: str) -> None:
    assert (words, name) in references_of(told.format(comma))


@pytest.mark.parametrize(
    "text",
    [
        "The regime shelled Oakford, said a local radio, which said it could not verify the toll.",
        "The regime shelled Oakford, a news site reported, adding it could not confirm the toll.",
        "The regime shelled Oakford. A student newspaper said it could not check the figure.",
        "Rebels entered Oakford. Captain Sala took the place of the governor.",
    ],
)
def test_an_outlet_without_a_name_is_not_who_fights_and_a_seat_is_no_town(text: str) -> None:
    assert [words for words, _ in references_of(text) if words in ("it", "place")] == []


def references_of(text: str) -> list[tuple[str, str]]:
    found = read(Report("r", text, published=date(2014, 6, 10), sections=split(text)), load_knowledge()).mentions
    named = (m for m in found if isinstance(m, ActorMention | PlaceMention) and m.form == "reference" and m.antecedent)
    return [(m.text, text[slice(*m.antecedent)]) for m in named if m.antecedent]
