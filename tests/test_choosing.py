"""Who, to whom and where is chosen among all that the report names, by how well each fits the claim."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from khabar import choosing
from khabar.choosing import Chooser
from khabar.encoder import fits, model
from khabar.model import Report
from khabar.reading import load_knowledge, read
from khabar.scene import Scene
from khabar.storywindows import STORY
from modelled import claims

Marks = Mapping[str, float]
SURE, UNSURE = 10.0, 0.5


def by_likelihood(rows: Sequence[Marks]) -> NDArray[np.float32]:
    """What the model holds for likely fits."""
    return np.array([[SURE * row["likely"]] * len(STORY) for row in rows], np.float32).reshape(-1, len(STORY))


@pytest.fixture
def likeliest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing, "fits", by_likelihood)


def rows_of(text: str, role: str, n: int = 0) -> dict[str, dict[str, float]]:
    """What is known of each option for a role of a report's claim as it was read, by its key."""
    reading = read(Report("r", text), load_knowledge())
    scene = Scene(reading.report, reading.tree, reading.mentions)
    chooser = Chooser(reading.claims, scene)
    options = chooser.options(n, role)
    return dict(zip(options, chooser.rows(n, role, options), strict=True))


@pytest.mark.usefixtures("likeliest")
class TestWhatFitsIsTaken:
    @pytest.mark.parametrize(("likely", "doer"), [(0.9, "Sabra Front"), (0.5, None)])
    def test_who_took_a_toll_may_stand_in_another_sentence(self, likely: float, doer: str | None) -> None:
        text = "A market in Karsa was hit on Monday. The Sabra Front is active there. At least 14 people were killed."
        [toll] = claims(text, "killed", actor={"Front": likely, None: 1 - likely})
        assert (toll.kind, toll.actor and toll.actor.text) == ("casualties", doer)

    def test_words_of_one_party_count_together(self) -> None:
        text = "The army said rebels in Karsa were hit. Rebels left. At least 14 people were killed."
        [toll] = claims(text, "killed", actor={"rebels": 0.35, "Rebels": 0.35, "army": 0.3})
        assert toll.actor
        assert toll.actor.text.lower() == "rebels"

    def test_nobody_kills_himself(self) -> None:
        [toll] = claims("Rebels hold Karsa. Fourteen rebels were killed on Monday.", "killed", actor={"Rebels": 0.99})
        assert toll.actor is None

    def test_the_place_of_a_capture_is_left_to_the_rules(self) -> None:
        text = "The army shelled Karsa on Monday. On Tuesday rebels captured the town."
        [capture] = claims(text, "captured", place={None: 0.99})
        assert capture.place
        assert capture.place.text == "Karsa"

    def test_what_one_word_tells_of_several_places_stays(self) -> None:
        told = claims("The army shelled Karsa and Oakford on Monday.", "shelled", place={None: 0.99})
        assert {c.place.text for c in told if c.place} == {"Karsa", "Oakford"}

    def test_where_two_say_that_they_hold_it_each_does(self) -> None:
        text = "Both the army and the rebels said that they held Karsa. The Sabra Front left."
        assert "Sabra Front" not in {c.actor.text for c in claims(text, "held", actor={"Front": 0.99}) if c.actor}

    @pytest.mark.parametrize(("likely", "place"), [(0.9, None), (0.4, "Karsa")])
    def test_a_place_of_another_sentence_may_be_left_out(self, likely: float, place: str | None) -> None:
        text = "The army shelled Karsa on Monday. Dozens of people were killed."
        [toll] = claims(text, "killed", place={None: likely, "Karsa": 1 - likely})
        assert (toll.place and toll.place.text) == place

    def test_of_two_places_told_before_one_fits_better(self) -> None:
        text = "The army shelled Dovo on Monday. It shelled Karsa on Tuesday. Nine people were killed."
        [toll] = claims(text, "killed", place={"Dovo": 0.9, "Karsa": 0.05})
        assert toll.place
        assert toll.place.text == "Dovo"

    def test_what_fits_little_better_does_not_go_before_the_rules(self) -> None:
        [toll] = claims("Rebels killed 14 soldiers in Karsa. The army left.", "killed", actor={"Rebels": 0.45, "army": 0.5})
        assert toll.actor
        assert toll.actor.text == "Rebels"

    def test_from_whom_a_place_was_taken_may_stand_before(self) -> None:
        text = "Rebels hold Karsa. The army captured the town on Monday."
        [capture] = claims(text, "captured", actor={"army": 0.9}, recipient={"Rebels": 0.9, None: 0.1})
        assert capture.recipient
        assert capture.recipient.text == "Rebels"

    def test_whoever_fits_both_roles_is_not_told_twice(self) -> None:
        [capture] = claims("The army captured Karsa on Monday.", "captured", actor={"army": 0.9}, recipient={"army": 0.9, None: 0.1})
        assert capture.recipient is None

    @pytest.mark.parametrize(
        "text",
        [
            "The army captured Karsa in March. Rebels were hit on Monday. Karsa was retaken in June.",
            "The army left Karsa on Monday. Rebels were hit on Monday. Karsa was retaken on Tuesday.",
        ],
    )
    def test_a_place_is_taken_by_others_than_those_who_had_it(self, text: str) -> None:
        [capture] = claims(text, "retaken", actor={"army": 0.99})
        assert capture.actor is None or capture.actor.text != "army"


def test_nobody_and_what_the_claim_has_come_into_question_first() -> None:
    found = rows_of("The Sabra Front shelled Karsa on Monday. The army fled to Oakford.", "actor")
    assert next(iter(found)) == ""
    assert found[""]["nobody"] == 1
    assert [name for name, marks in found.items() if "own" in marks] == [[*found][1]]


def test_parties_of_the_sentences_around_come_into_question() -> None:
    texts = ["Gunmen hid in the hills.", *["The weather was dry."] * 4, "Soldiers slept.", "Nine men were killed in Karsa.", "Rebels fled."]
    found = rows_of(" ".join(texts), "actor")
    assert {"soldiers", "rebels"} <= {name.lower() for name in found}
    assert found[next(name for name in found if name.lower() == "rebels")]["sentence 1"] == 1


def test_what_is_told_of_a_place_elsewhere_is_counted() -> None:
    text = "Rebels shelled Karsa on Monday. Rebels shelled Karsa on Tuesday. Rebels shelled Oakford on Friday. Rebels shelled Karsa last."
    found = rows_of(text, "place")
    assert found["karsa"]["told of kind"] > found["oakford"]["told of kind"] > 0
    assert "told of kind" not in found[""]


def test_marks_have_the_names_that_the_network_was_shown() -> None:
    text = "The Sabra Front shelled Karsa, killing 14 people, on Monday, the army said. Nine soldiers died near Oakford. The rebels fled."
    known = set(model().marks)
    for role in STORY:
        named = {name for marks in rows_of(text, role).values() for name in marks}
        assert len(named & known) > 25
    assert all(name in known for name in ("own", "other", "nobody", "likely", "log likely", "told here", "sentence 0", "own casualties"))


def test_the_network_weighs_each_option_by_itself() -> None:
    rows = [*rows_of("The Sabra Front shelled Karsa on Monday. The army fled.", "actor").values()]
    together = fits(rows)
    assert together.shape == (len(rows), len(STORY))
    for row, own in zip(rows, together, strict=True):
        assert np.allclose(fits([row])[0], own, atol=1e-5)
    assert fits([{"a mark of nothing": 1.0}]).shape == (1, len(STORY))


def test_the_likelier_fits_better() -> None:
    likely, unlikely = ({"other": 1.0, "likely": p, "log likely": float(np.log(p + 0.01)), "likely other": p} for p in (0.95, 0.05))
    better, worse = fits([likely, unlikely])
    assert (better > worse).all()
