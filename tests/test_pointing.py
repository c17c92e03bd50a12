"""Of what only the whole report tells the model points at the word, or at nobody, and the claim takes it within bounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from khabar import grammar
from khabar.columns import Told
from khabar.contract import with_parties
from khabar.encoder import claims_feed, model, read
from khabar.explaining import explain
from khabar.learnt import bounds
from khabar.model import Claim, Reading, Report
from khabar.reading import STEPS, coded, load_knowledge
from khabar.reading import read as read_report
from khabar.sections import split
from khabar.storywindows import BEFORE, BY_TIME, LEAD, OWN, STORY, UNTIMED, windows
from khabar.trace import BY_MODEL

Likely = Mapping[str | None, float]


TOLD_ON = date(2024, 5, 10)


def claims(text: str, word: str, times: Mapping[tuple[str, str | None], float] | None = None, **pointed: Likely) -> list[Claim]:
    """The claims that a word makes where the model points from it at these words (None: at nobody), the last of each name."""
    reading, knowledge = Reading(Report("r", text, published=TOLD_ON)), load_knowledge()
    for step in STEPS[:-1]:
        reading = step(reading, knowledge)
    doc = reading.tree
    at = {t.text: t.i for t in doc}
    story = {role: {None if name is None else at[name]: p for name, p in likely.items()} for role, likely in pointed.items()}
    dated = {(way, None if name is None else at[name]): p for (way, name), p in (times or {}).items()}
    unsure = dict.fromkeys(["any", *bounds()["judged"]], 0.3)  # no claim of its own, and rules' claims stand
    doc.user_data["told"] = {t.i: Told(unsure, {}) for t in doc} | {at[word]: Told(unsure, {}, story, dated)}
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


FIRED = "Rebels shelled Karsa on 3 May. The army fired at Oakford."


@pytest.mark.parametrize(
    ("times", "days"),
    [
        ({("today", None): 0.5, ("on", "May"): 0.1}, (TOLD_ON, TOLD_ON)),
        ({("before", None): 0.5, ("on", "May"): 0.1}, (None, TOLD_ON)),
        ({("since", "3"): 0.3, ("since", "May"): 0.3, ("on", "May"): 0.1}, (date(2024, 5, 3), TOLD_ON)),  # the words of a time together
        ({("till", "May"): 0.9}, (None, date(2024, 5, 3))),
        ({("never", None): 0.9}, (None, None)),
        ({("today", None): 0.5, ("on", "May"): 0.4}, (date(2024, 5, 3), date(2024, 5, 3))),  # not that much likelier
        ({("today", None): 0.1}, (date(2024, 5, 3), date(2024, 5, 3))),
        ({("on", "Karsa"): 0.9}, (date(2024, 5, 3), date(2024, 5, 3))),  # no time
    ],
)
def test_days_that_the_model_holds_for_much_likelier_take_the_place_of_the_rules(
    times: Mapping[tuple[str, str | None], float], days: object
) -> None:
    [fire] = claims(FIRED, "fired", times)
    assert (fire.date_start, fire.date_end) == days


def test_a_capture_keeps_the_day_of_its_clause() -> None:
    [capture] = claims("Rebels captured Karsa on 3 May. The army left.", "captured", {("before", None): 0.9})
    assert (capture.date_start, capture.date_end) == (date(2024, 5, 3), date(2024, 5, 3))


@pytest.mark.parametrize("times", [{("today", None): 0.9}, {("on", "July"): 0.9}])
def test_in_a_history_nothing_took_place_today_or_on_a_day_told_further_on(times: Mapping[tuple[str, str | None], float]) -> None:
    text = "Rebels shelled Karsa on 3 May 2012. The army fired at Oakford. On 6 July 2012 the army retook Karsa."
    [fire] = claims(text, "fired", times)
    assert (fire.date_start, fire.date_end) == (date(2012, 5, 3), date(2012, 5, 3))


@pytest.mark.parametrize("way", ["on", "since"])
def test_what_has_happened_did_not_on_a_day_to_come(way: str) -> None:
    text = "Rebels shelled Karsa on 3 May, a month before the vote of 3 June. The army fired at Oakford."
    [fire] = claims(text, "fired", {(way, "June"): 0.9})
    assert (fire.date_start, fire.date_end) == (date(2024, 5, 3), date(2024, 5, 3))


def test_what_stands_has_no_days_whatever_the_model_says() -> None:
    [tie] = claims("The Sabra Front is a branch of the Karsa Army. Rebels shelled Oakford on 3 May.", "branch", {("on", "May"): 0.9})
    assert (tie.kind, tie.date_start, tie.date_end) == ("branch_of", None, None)


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


def test_the_rows_of_sentences_are_told_from_padding() -> None:
    rows = [{"ids": [1, 7, 8, 2], "first": [1, 2]}, {"ids": [1, 9, 2], "first": [1]}]
    told = claims_feed(np.zeros((7, 3), np.float32), rows)
    assert told["grid"].tolist() == [[0, 1, 2, 3], [4, 5, 6, -1]]
    assert told["places"].tolist() == [0, 1, 2, 3, 4, 5, 6]
    assert told["first"].tolist() == [1, 2, 5]
    wide = np.arange(30, dtype=np.float32).reshape(2, 5, 3)  # as a graph gives them that was not packed
    assert claims_feed(wide, rows)["below"][:, 0].tolist() == [0, 3, 6, 9, 15, 18, 21]


WORDS = [s.split() for s in ("Rebels shelled Karsa on Monday .", "At least 14 people were killed .")]


def test_pointers_of_a_word_make_up_one_and_reach_other_sentences() -> None:
    readings = read(WORDS)
    killed = readings[1].story[WORDS[1].index("killed")]
    assert set(killed) == set(STORY)
    for likely in killed.values():
        assert 0.5 < sum(likely.values()) < 1.001
    assert any(at is not None and at[0] == 0 for likely in killed.values() for at in likely)


def test_days_of_a_word_make_up_one() -> None:
    dated = read(WORDS)[1].times[WORDS[1].index("killed")]
    assert set(UNTIMED) <= {way for way, at in dated if at is None}
    assert {way for way, at in dated if at is not None} <= set(BY_TIME)
    assert 0.5 < sum(dated.values()) < 1.001


def test_what_a_sentence_claims_does_not_depend_on_its_company_and_of_whom_does() -> None:
    alone, beside = read(WORDS[1:])[0], read(WORDS)[1]
    killed = WORDS[1].index("killed")
    assert (alone.heads == beside.heads).all()
    assert (alone.upos == beside.upos).all()
    assert (alone.claims == beside.claims).all()
    assert alone.claims.shape == (len(WORDS[1]), len(model().classes["claims"]))
    assert alone.story[killed] != beside.story[killed]


def test_from_whom_a_place_was_taken_is_who_the_model_points_at() -> None:
    text = "Rebels hold Karsa. The army captured the town on Monday."
    [capture] = claims(text, "captured", recipient={"Rebels": 0.9, None: 0.1})
    assert capture.recipient
    assert capture.recipient.text == "Rebels"


def test_whoever_the_model_has_for_both_is_not_told_twice() -> None:
    [capture] = claims("The army captured Karsa on Monday.", "captured", recipient={"army": 0.9, None: 0.1})
    assert capture.recipient is None


@pytest.mark.parametrize(("nobody", "doer"), [(0.95, None), (0.7, "Rebels")])
def test_who_is_told_to_have_killed_goes_where_the_model_holds_that_nobody_is(nobody: float, doer: str | None) -> None:
    [toll] = claims("Rebels said 14 soldiers were killed by the Rebels in Karsa.", "killed", actor={None: nobody, "Rebels": 0.05})
    assert (toll.actor and toll.actor.text) == doer


def test_of_two_places_told_before_the_model_chooses() -> None:
    text = "The army shelled Dovo on Monday. It shelled Karsa on Tuesday. Nine people were killed."
    [toll] = claims(text, "killed", place={"Dovo": 0.9, "Karsa": 0.05})
    assert toll.place
    assert toll.place.text == "Dovo"


def test_what_the_model_dated_or_took_back_is_explained_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grammar, "with_days_pointed_at", lambda claims, *_: [replace(c, date_start=None) for c in claims])
    monkeypatch.setattr(grammar, "with_doers_pointed_at", lambda claims, *_: [with_parties(c, None, c.recipient) for c in claims])
    report = Report("r", "Rebels killed 14 soldiers in Karsa on Monday.", published=TOLD_ON)
    explained = str(explain(report, load_knowledge()))
    assert f"'dates': '{BY_MODEL}: “Monday”'" in explained
    assert f"'actor': '“Rebels”, taken back by {BY_MODEL}'" in explained


@pytest.mark.parametrize("comma", [", ", " "])
@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("The militia{0}which has captured three villages{0}freed a driver on Monday.", "captured"),
        ("The rebels{0}who have shelled Oakford{0}left the hill on Sunday.", "shelled"),
        ("The army{0}which has killed 300 people in Oakford{0}met the mayor on Sunday.", "killed"),
        ("Rebels{0}who had captured Oakford{0}attacked a bridge on Sunday.", "captured"),
        ("Three men were wounded in Oakford{0}a village which rebels had entered on Sunday.", "wounded"),
        ("Two soldiers were killed in Oakford{0}a town that had been retaken on Sunday.", "killed"),
    ],
)
def test_what_is_told_besides_has_no_day_of_the_clause_beside_it(text: str, word: str, comma: str) -> None:
    text = text.format(comma)
    report = Report("r", text, published=date(2014, 6, 10), sections=split(text))
    told = [c for c in read_report(report, load_knowledge()).claims if text[slice(*c.trigger)] == word]
    assert told
    assert all((c.date_start, c.date_end) == (None, date(2014, 6, 10)) for c in told)
