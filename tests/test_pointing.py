"""Of what only the whole report tells the model points at the word, or at nobody, and the claim takes it within bounds."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from khabar.columns import Told
from khabar.encoder import model, read
from khabar.model import Claim, Reading, Report
from khabar.reading import STEPS, coded, load_knowledge
from khabar.storywindows import BEFORE, LEAD, OWN, STORY, inputs, windows

Likely = Mapping[str | None, float]


def claims(text: str, word: str, **pointed: Likely) -> list[Claim]:
    """The claims that a word makes where the model points from it at these words (None: at nobody), the last of each name."""
    reading, knowledge = Reading(Report("r", text)), load_knowledge()
    for step in STEPS[:-1]:
        reading = step(reading, knowledge)
    doc = reading.tree
    at = {t.text: t.i for t in doc}
    story = {role: {None if name is None else at[name]: p for name, p in likely.items()} for role, likely in pointed.items()}
    doc.user_data["told"] = {at[word]: Told({"any": 0.9}, {}, story)}
    return [claim for claim in coded(reading, knowledge).claims if claim.trigger and text[slice(*claim.trigger)].endswith(word)]


@pytest.mark.parametrize(("likely", "doer"), [(0.9, "Sabra Front"), (0.5, None)])
def test_who_took_a_toll_is_who_the_model_points_at_where_it_is_sure(likely: float, doer: str | None) -> None:
    text = "A market in Karsa was hit on Monday. The Sabra Front is active there. At least 14 people were killed."
    [toll] = claims(text, "killed", actor={"Front": likely, None: 1 - likely})
    assert (toll.kind, toll.actor and toll.actor.text) == ("casualties", doer)


def test_words_of_one_party_are_counted_together() -> None:
    text = "The army said rebels in Karsa were hit. Rebels left. At least 14 people were killed."
    [toll] = claims(text, "killed", actor={"rebels": 0.35, "Rebels": 0.35, "army": 0.3})
    assert toll.actor
    assert toll.actor.text.lower() == "rebels"


def test_a_doer_that_a_rule_found_stays() -> None:
    [toll] = claims("Rebels killed 14 soldiers in Karsa. The army left.", "killed", actor={"army": 0.99})
    assert toll.actor
    assert toll.actor.text == "Rebels"


def test_nobody_kills_himself() -> None:
    text = "Rebels hold Karsa. Fourteen rebels were killed on Monday."
    [toll] = claims(text, "killed", actor={"Rebels": 0.99})
    assert toll.actor is None


def test_of_its_own_sentence_the_rules_know_better() -> None:
    [toll] = claims("Witnesses said the fighters killed on Monday were from the Sabra Front.", "killed", actor={"Front": 0.99})
    assert toll.actor is None


def test_the_place_of_a_capture_is_left_to_the_rules() -> None:
    text = "The army shelled Karsa on Monday. On Tuesday rebels captured the town."
    [capture] = claims(text, "captured", place={None: 0.99})
    assert capture.place
    assert capture.place.text == "Karsa"


@pytest.mark.parametrize(("likely", "place"), [(0.9, None), (0.3, "Karsa")])
def test_a_place_of_another_sentence_is_left_out_where_the_model_holds_that_there_is_none(likely: float, place: str | None) -> None:
    text = "The army shelled Karsa on Monday. Dozens of people were killed in the province last year."
    [toll] = claims(text.replace(" in the province last year", ""), "killed", place={None: likely, "Karsa": 1 - likely})
    assert (toll.place and toll.place.text) == place


def test_another_place_of_the_sentence_takes_the_place_of_an_unlikely_one() -> None:
    text = "Rebels from Oakford fought in Karsa as the army attacked."
    [attack] = claims(text, "attacked", place={"Karsa": 0.05, "Oakford": 0.9})
    assert attack.place
    assert attack.place.text == "Oakford"


def test_each_sentence_is_read_for_claims_in_one_window_whatever_their_sizes() -> None:
    for sizes in ([10], [500, 500], [40] * 30, [OWN, 1, OWN + 1, 3], [LEAD + 1, 300, 300], [2] * 400):
        found = list(windows(sizes))
        assert [k for window in found for k in window.own] == list(range(len(sizes)))
        for window in found:
            company = [k for k in window.all if k not in window.own]
            assert list(window.all) == sorted(set(window.all))
            assert sum(sizes[k] for k in window.own) <= OWN or len(window.own) == 1
            assert sum(sizes[k] for k in company) <= BEFORE + LEAD


def test_the_first_sentence_of_a_report_comes_along() -> None:
    last = list(windows([50] * 30))[-1]
    assert last.all[0] == 0
    assert last.all[1] > 1


def test_the_model_is_told_which_words_are_asked_of_which_sentence() -> None:
    window = next(w for w in windows([4, 300, 3, 60]) if 3 in w.own)
    told = inputs(window, {0: 4, 2: 3, 3: 60}, {0: [1, 2], 2: [1], 3: [1, 5]})
    assert window.all == (0, 2, 3)
    assert window.own == (3,)
    assert told["first"].tolist() == [1, 2, 5, 8, 12]
    assert told["asked"].tolist() == [3, 4]
    assert told["numbers"].tolist() == [0, 2, 3]


WORDS = [s.split() for s in ("Rebels shelled Karsa on Monday .", "At least 14 people were killed .")]


def test_pointers_of_a_word_make_up_one_and_reach_other_sentences() -> None:
    readings = read(WORDS)
    killed = readings[1].story[WORDS[1].index("killed")]
    assert set(killed) == set(STORY)
    for likely in killed.values():
        assert 0.5 < sum(likely.values()) < 1.001
    assert any(at is not None and at[0] == 0 for likely in killed.values() for at in likely)


def test_what_a_sentence_claims_depends_on_its_company_and_its_tree_does_not() -> None:
    alone, beside = read(WORDS[1:])[0], read(WORDS)[1]
    assert (alone.heads == beside.heads).all()
    assert (alone.upos == beside.upos).all()
    assert alone.claims.shape == beside.claims.shape == (len(WORDS[1]), len(model().classes["claims"]))
    assert not (alone.claims == beside.claims).all()
