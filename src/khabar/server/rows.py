"""Rows of answers → the same as bytes, told once for all pages that show them and for as long as what they tell stays as it is."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from khabar.contract import Json, line
from khabar.model import Review

MOST = 20_000  # rows, of some kilobytes each

Asked = tuple[Hashable, Hashable]
"""A row, and the state of all that it tells but reviews."""


@dataclass(frozen=True)
class Told:
    """A row as it was told. `state`: of what it tells; `ruled`: the reviews of its claims."""

    state: Hashable
    claims: tuple[str, ...]
    ruled: tuple[str | None, ...]
    content: bytes


@dataclass
class Rows:
    """Those that were told last."""

    most: int = MOST
    held: dict[Hashable, Told] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.held)

    def told(
        self, asked: Sequence[Asked], reviews: Mapping[str, Review], make: Callable[[list[int]], Iterable[tuple[Json, Sequence[str]]]]
    ) -> list[bytes]:
        """All that are asked for, in their order. `make`: of the rows of these numbers, what they tell, and of which claims."""
        new = [number for number, (key, state) in enumerate(asked) if not self._holds(key, state, reviews)]
        for number, (row, claims) in zip(new, make(new), strict=True):
            key, state = asked[number]
            ids = tuple(claims)
            self.held[key] = Told(state, ids, _ruled(ids, reviews), line(row).encode("utf-8", "replace"))
        found = [self.held[key].content for key, _ in asked]
        if len(self.held) > self.most:
            self.held = {key: self.held[key] for key, _ in asked}
        return found

    def _holds(self, key: Hashable, state: Hashable, reviews: Mapping[str, Review]) -> bool:
        held = self.held.get(key)
        return held is not None and held.state == state and held.ruled == _ruled(held.claims, reviews)


def _ruled(claims: Iterable[str], reviews: Mapping[str, Review]) -> tuple[str | None, ...]:
    return tuple(review.review_id if (review := reviews.get(id)) else None for id in claims)


def page(rows: Sequence[bytes], total: int, following: int | None) -> bytes:
    """A page of an answer, with these rows on it."""
    return b'{"items":[%s],"total":%d,"next":%s}' % (b",\n".join(rows), total, b"null" if following is None else b"%d" % following)
