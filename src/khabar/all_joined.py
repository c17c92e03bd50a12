"""The accounts of all reports, packed → to which of them each is joined: by another process, where the caller has other work meanwhile."""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from khabar.accounts import Account, Reasons
from khabar.bearings import Bearings
from khabar.grouping import joins
from khabar.judging import Judge
from khabar.matters import Answer, Matters
from khabar.workers import no_collection

Join = tuple[int, int, Reasons, int]
"""An account, the one that came first in its incident, what joined it to that, and how many it fitted (see `grouping.best`)."""


@dataclass(frozen=True, slots=True)
class AllAccounts:
    """The accounts of a record of which none is joined yet, numbered from 1, and what all reports together show (see `Judge.knowing`)."""

    packed: Sequence[bytes]
    described: frozenset[str]
    matters: Matters


def packed(accounts: Sequence[Account]) -> bytes:
    """A fifth of a kilobyte for each, packed into a third of that: those of a million claims wait in two processes."""
    return zlib.compress(pickle.dumps(accounts, pickle.HIGHEST_PROTOCOL), 1)


def unpacked(accounts: bytes) -> list[Account]:
    found: list[Account] = pickle.loads(zlib.decompress(accounts))
    return found


def all_joined(bearings: Bearings, every: AllAccounts) -> tuple[list[Join], dict[tuple[str, str], Answer]]:
    """The joins of all, in the order in which they are joined; and what was asked of pairs of reports for it."""
    with no_collection():
        accounts = [account for some in every.packed for account in unpacked(some)]
        judge = Judge.knowing(bearings.ties, every.described, every.matters)
        return joins_of(dict(zip(accounts, range(1, len(accounts) + 1), strict=True)), judge), judge.matters.answers


def joins_of(accounts: dict[Account, int], judge: Judge) -> list[Join]:
    """The same of accounts by number."""
    return [
        (accounts[account], accounts[found[0]] if found else accounts[account], found[1] if found else (), fitted)
        for account, found, fitted in joins(accounts, judge)
    ]
