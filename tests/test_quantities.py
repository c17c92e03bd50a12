"""How many, of what: the numbers that a reader will find in a claim. Docs are built by hand, so that no model decides a test."""

import re
from datetime import date

import pytest

from khabar.doc import Doc
from khabar.model import QuantityMention, Report
from khabar.quantities import find_quantities

TAGS = {
    "N": "NOUN",
    "P": "PROPN",
    "A": "ADJ",
    "V": "VERB",
    "X": "AUX",
    "D": "DET",
    "#": "NUM",
    "I": "ADP",
    ".": "PUNCT",
    "C": "CCONJ",
    "R": "PRON",
    "S": "ADV",
}


def parsed(tagged: str) -> Doc:
    """ "3/# men/N died/V ./." → a Doc whose numbers depend on the noun that follows them."""
    pairs = [token.rsplit("/", 1) for token in tagged.split()]
    tags = [TAGS[tag] for _, tag in pairs]
    heads, labels = list(range(len(pairs))), ["dep"] * len(pairs)
    for i, tag in enumerate(tags):
        nouns = [j for j in range(i + 1, len(tags)) if tags[j] in ("NOUN", "PROPN") and "VERB" not in tags[i:j]]
        while len(nouns) > 1 and nouns[0] + 1 == nouns[1]:
            nouns.pop(0)
        if tag == "NUM" and nouns:
            heads[i], labels[i] = nouns[0], "nummod"
    words = [word for word, _ in pairs]
    spaces = [i + 1 < len(words) and tags[i + 1] != "PUNCT" for i in range(len(words))]
    lemmas = [re.sub(r"men$", "man", word.lower()).removesuffix("s") for word in words]
    return Doc(words=words, spaces=spaces, pos=tags, heads=heads, deps=labels, lemmas=lemmas)


def read(tagged: str) -> tuple[Doc, tuple[QuantityMention, ...]]:
    doc = parsed(tagged)
    return doc, find_quantities(doc, Report("r", doc.text, published=date(2003, 3, 25)))


ONE = [
    ("At/S least/S 5/# soldiers/N died/V ./.", "At least 5", 5, None, False, "fighters", "soldiers"),
    ("Some/D 2,000/# gunmen/N came/V ./.", "Some 2,000", 2000, 2000, True, "fighters", "gunmen"),
    ("Nearly/S 150/# air/N strikes/N hit/V it/R ./.", "Nearly 150", 150, 150, True, "strikes", "air strikes"),
    ("20-odd/# men/N died/V ./.", "20-odd", 20, 20, True, "people", "men"),
    ("Dozens/N of/I civilians/N fled/V ./.", "Dozens of", 24, 99, False, "people", "civilians"),
    ("Scores/N of/I civilians/N fled/V ./.", "Scores of", 40, None, False, "people", "civilians"),
    ("Hundreds/N of/I civilians/N fled/V ./.", "Hundreds of", 200, 999, False, "people", "civilians"),
    ("Several/A villages/N burned/V ./.", "Several", 3, None, False, "places", "villages"),
    ("Between/I thirty/# and/C two/# hundred/# men/N left/V ./.", "Between thirty and two hundred", 30, 200, False, "people", "men"),
    ("Between/I eight/# and/C more/A than/I 30/# men/N died/V ./.", "Between eight and more than 30", 8, None, False, "people", "men"),
    (
        "At/S least/S 18/# and/C possibly/S over/I 25/# men/N died/V ./.",
        "At least 18 and possibly over 25",
        18,
        None,
        False,
        "people",
        "men",
    ),
    ("They/R hit/V 20/# to/I 90/# tanks/N ./.", "20 to 90", 20, 90, False, "vehicles", "tanks"),
    ("More/A than/I 40/# rockets/N fell/V ./.", "More than 40", 40, None, False, "weapons", "rockets"),
    ("At/I least/A 11/# and/C up/I to/I 15/# men/N fell/V ./.", "At least 11 and up to 15", 11, 15, False, "people", "men"),
    ("A/D quarter/N of/I a/D million/# people/N fled/V ./.", "A quarter of a million", 250000, 250000, False, "people", "people"),
    ("Up/I to/I 40/# rockets/N fell/V ./.", "Up to 40", None, 40, False, "weapons", "rockets"),
    ("Fewer/A than/I 900/# residents/N stayed/V ./.", "Fewer than 900", None, 900, False, "people", "residents"),
    ("No/D fewer/A than/I seven/# bombings/N followed/V ./.", "No fewer than seven", 7, None, False, "attacks", "bombings"),
    ("A/D dozen/N trucks/N left/V ./.", "A dozen", 12, 12, False, "vehicles", "trucks"),
    ("Half/D a/D dozen/N trucks/N left/V ./.", "Half a dozen", 6, 6, False, "vehicles", "trucks"),
    ("About/S 1.5/# million/# people/N fled/V ./.", "About 1.5 million", 1500000, 1500000, True, "people", "people"),
    ("Seventy-six/# raids/N followed/V ./.", "Seventy-six", 76, 76, False, "strikes", "raids"),
    ("One/# soldier/N died/V ./.", "One", 1, 1, False, "fighters", "soldier"),
    ("They/R took/V five/# military/A bases/N ./.", "five", 5, 5, False, "places", "military bases"),
    ("They/R lost/V 12/# crates/N ./.", "12", 12, 12, False, None, "crates"),
]


@pytest.mark.parametrize(("tagged", "words", "low", "high", "approximate", "unit", "noun"), ONE, ids=[row[1] + " " + row[6] for row in ONE])
def test_a_number_has_its_bounds_and_what_it_counts(
    tagged: str, words: str, low: int | None, high: int | None, approximate: bool, unit: str | None, noun: str
) -> None:
    doc, [mention] = read(tagged)
    assert (mention.text, mention.low, mention.high, mention.approximate, mention.unit) == (words, low, high, approximate, unit)
    assert mention.noun is not None
    assert doc.text[slice(*mention.noun)] == noun
    assert doc.text[mention.start : mention.end] == mention.text


def test_one_that_is_killed_is_counted() -> None:
    _, mentions = read("One/# killed/V and/C two/# injured/V ./.")
    assert [m.low for m in mentions] == [1, 2]


NONE = [
    "A/D soldier/N died/V ./.",
    "Brigade/P 52/# left/V ./.",
    "They/R took/V Hill/P 105/# ./.",
    "The/D 35-year-old/A man/N died/V ./.",
    "The/D 40-/# or/C 41-year-old/A man/N died/V ./.",
    "It/R fell/V on/I 12/# May/P 1999/# ./.",
    "The/D first/A attack/N failed/V ./.",
    "It/R lost/V a/D T-72/P ./.",
    "One/# of/I the/D villages/N fell/V ./.",
]


@pytest.mark.parametrize("tagged", NONE)
def test_names_dates_ages_ordinals_and_articles_are_no_quantities(tagged: str) -> None:
    assert read(tagged)[1] == ()


def test_money_and_shares_count_nothing_of_the_units() -> None:
    _, mentions = read("They/R paid/V $40/# million/# for/I 30/# percent/N ./.")
    assert [(m.low, m.unit) for m in mentions] == [(40000000, None), (30, None)]


def test_a_toll_that_splits_gives_each_number_its_own_noun() -> None:
    doc, mentions = read("It/R killed/V 40/# soldiers/N and/C 12/# civilians/N ./.")
    assert [(m.low, m.unit, doc.text[slice(*m.noun)]) for m in mentions if m.noun] == [
        (40, "fighters", "soldiers"),
        (12, "people", "civilians"),
    ]
