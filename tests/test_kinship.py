"""How two parties stand to each other is the same on a day, whatever days were asked of before it."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from khabar.kinship import Kinship
from khabar.parties import Party
from khabar.ties import Tie, Ties
from test_histories import REGISTRY

START = date(2031, 4, 28)
BRIGADE, FRONT, HOST = (Party(name.lower(), None, name) for name in ("Birch Brigade", "Larch Front", "Grey Host"))


def on(day: int) -> date:
    return START + timedelta(day)


TIES = Ties(
    REGISTRY,
    (),
    said=[
        Tie("member_of", BRIGADE, FRONT, None, on(4)),
        Tie("member_of", BRIGADE, HOST, on(3), on(6)),
        Tie("member_of", BRIGADE, FRONT, on(8), None),
    ],
)
ASKED = st.lists(st.tuples(st.sampled_from([FRONT, HOST]), st.booleans(), st.none() | st.integers(0, 11)), max_size=30)


@given(ASKED)
def test_what_was_asked_before_changes_no_answer(asked: list[tuple[Party, bool, int | None]]) -> None:
    together = Kinship(TIES)
    for body, is_turned, day in asked:
        pair, when = ((body, BRIGADE) if is_turned else (BRIGADE, body)), None if day is None else on(day).toordinal()
        assert together.relation(*pair, when) == Kinship(TIES).relation(*pair, when)


def test_the_answer_is_another_from_the_day_on_which_the_tie_is() -> None:
    kinship = Kinship(TIES)
    for body, days in ((FRONT, {0, 1, 2, 3, 4, 8, 9, 10}), (HOST, {3, 4, 5, 6})):
        assert {day for day in range(11) if kinship.relation(BRIGADE, body, on(day).toordinal()) == "same"} == days
