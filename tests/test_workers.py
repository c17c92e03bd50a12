"""What several processes make comes back in the order of the work, and what went wrong in one of them goes to whoever asked."""

from __future__ import annotations

from functools import partial
from operator import floordiv, mul

import pytest

from khabar import workers
from khabar.workers import Crew

pytestmark = pytest.mark.usefixtures("two_processes")


@pytest.fixture
def two_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "at_hand", lambda: 2)


def test_what_is_made_comes_in_the_order_of_the_work_step_after_step() -> None:
    with Crew(partial(int, "3")) as crew:
        assert list(crew.made(mul, range(40))) == [3 * n for n in range(40)]
        assert list(crew.made(mul, ["a", "b"])) == ["aaa", "bbb"], "by the same processes"
        assert list(crew.made(mul, [])) == []


def test_no_more_is_handed_out_than_is_taken_back() -> None:
    handed: list[int] = []
    with Crew(partial(int, "1")) as crew:
        made = crew.made(mul, (handed.append(n) or n for n in range(100)))
        assert [next(made), next(made)] == [0, 1]
    assert len(handed) <= 3 + 2 * workers.AHEAD


def test_an_error_is_the_one_that_is_got_without_processes() -> None:
    with Crew(partial(int, "3")) as crew, pytest.raises(ZeroDivisionError):
        list(crew.made(floordiv, [1, 0]))
