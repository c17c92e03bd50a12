"""The sample is whole: every hand-coded claim points at words that stand in a report, and no report is left uncoded."""

from __future__ import annotations

import json
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml

from khabar import sample
from khabar.model import Claim, Place, Report

UNSEEN = {"title", "style", "script", "nav", "cite"}
BLOCKS = {"p", "h1", "h2", "h3", "li", "figcaption"}


class Blocks(HTMLParser):
    """The text blocks of a page, read without any extractor, so that the coding does not depend on one."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[str] = []
        self.unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.unseen += tag in UNSEEN
        if tag in BLOCKS:
            self.blocks.append("")

    def handle_endtag(self, tag: str) -> None:
        self.unseen -= tag in UNSEEN

    def handle_data(self, data: str) -> None:
        if self.blocks and not self.unseen:
            self.blocks[-1] += data


def texts() -> dict[str, str]:
    found: dict[str, str] = {}
    for path in sorted(sample.reports().iterdir()):
        found.update(texts_of(path))
    return found


def texts_of(path: Path) -> dict[str, str]:
    content = path.read_text(encoding="utf-8")
    if path.suffix == ".jsonl":
        return {row["id"]: row["text"] for row in map(json.loads, content.splitlines())}
    if path.suffix == ".html":
        page = Blocks()
        page.feed(content)
        return {"idlib-06": "\n\n".join(block.strip() for block in page.blocks if block.strip())}
    _, head, body = content.split("---\n", 2)
    return {yaml.safe_load(head)["id"]: body}


def gold() -> list[dict[str, Any]]:
    return [json.loads(line) for line in (sample.folder() / "gold.jsonl").read_text(encoding="utf-8").splitlines()]


def test_every_report_is_coded_and_every_coding_has_a_report() -> None:
    assert {row["id"] for row in gold()} == set(texts())
    assert 12 <= len(gold()) <= 15


@pytest.mark.parametrize("row", gold(), ids=lambda row: row["id"])
def test_spans_are_whole_sentences(row: dict[str, Any]) -> None:
    text = texts()[row["id"]]
    for coded in [*row["claims"], *row["not_claims"], *row["ignore"]]:
        start, end = coded["span"]
        assert text[start:end] == text[start:end].strip() != ""
        assert start == 0 or text[start - 1].isspace()
        assert end == len(text) or text[end].isspace()


@pytest.mark.parametrize("row", gold(), ids=lambda row: row["id"])
def test_names_are_spelled_as_in_the_report(row: dict[str, Any]) -> None:
    text = texts()[row["id"]]
    for claim in row["claims"]:
        for field in ("actor", "target", "place"):
            assert claim[field] is None or claim[field] in text, (claim["n"], field)


@pytest.mark.parametrize("row", gold(), ids=lambda row: row["id"])
def test_dates_run_forward_and_an_undated_report_dates_nothing(row: dict[str, Any]) -> None:
    for claim in row["claims"]:
        start, end = (day and date.fromisoformat(day) for day in (claim["date_start"], claim["date_end"]))
        assert start is None or end is None or start <= end
        assert row["anchor"] or (start is None and end is None)


def test_reports_have_newsroom_length() -> None:
    lengths = {name: len(text.split()) for name, text in texts().items()}
    assert all(120 <= n <= 330 for n in lengths.values()), lengths


def claim(sentence: tuple[int, int], kind: str = "capture", place: str | None = None) -> Claim:
    return Claim("c", "r", *sentence, "body", kind, (sentence[0], sentence[0] + 1), place=Place(place) if place else None)


def coded(sentence: tuple[int, int], kind: str = "capture", place: str | None = None) -> dict[str, Any]:
    return {"contract_kind": kind, "span": list(sentence), "place": place, "actor": None}


def test_a_miss_is_shown_beside_the_hits() -> None:
    mine = [coded((0, 10), place="Alfa"), coded((0, 10), place="Bravo"), coded((20, 30))]
    found = sample.compare(mine, [claim((0, 10), place="village of Bravo"), claim((20, 30), "clash")])
    assert [pair[0]["place"] for pair in found.found] == ["Bravo"]
    assert list(found.missed) == [mine[0], mine[2]]
    assert [extra.kind for extra in found.extra] == ["clash"]


def test_the_coding_of_a_page_follows_its_sentences() -> None:
    quote = gold()[5]["claims"][0]["quote"]
    report = Report("any", f"Some other extraction.\n{quote}", url="https://orontespost.example.org/2015/04/26/jisr")
    start, end = sample.coding([report])["any"][0]["span"]
    assert report.text[start:end] == quote


def test_a_stranger_s_report_has_no_coding() -> None:
    assert sample.coding([Report("other", "text")]) == {}
