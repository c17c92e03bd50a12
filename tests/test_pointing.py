"""Through a window of the report the model points at words, or at nobody; of the days so pointed at the claim takes them within bounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from khabar import grammar
from khabar.contract import with_parties
from khabar.encoder import claims_feed, model, read
from khabar.explaining import explain
from khabar.model import Report
from khabar.reading import load_knowledge
from khabar.reading import read as read_report
from khabar.sections import split
from khabar.storywindows import BEFORE, BY_TIME, LEAD, OWN, STORY, UNTIMED, windows
from khabar.trace import BY_MODEL
from modelled import TOLD_ON, claims

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


def test_what_the_model_dated_or_took_back_is_explained_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grammar, "with_days_pointed_at", lambda claims, *_: [replace(c, date_start=None) for c in claims])
    monkeypatch.setattr(grammar, "with_parts_chosen", lambda claims, *_: [with_parties(c, None, c.recipient) for c in claims])
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
