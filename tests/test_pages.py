"""Of a page as content systems lay it out, the story, its captions and its readers' comments are told apart, and the rest is left out."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from khabar.feeds import read_inputs
from khabar.model import Report

PAGES = Path(__file__).parent / "feeds/pages"
STORY = ("captured the town hall of Oakford on Thursday", "acknowledged that its units had left", "At least eleven people were killed")
COMMENTS = ("You forgot the reservoir", "This is propaganda")
FURNITURE = ("Home", "Sport", "Recent Posts", "Bridge at Alderbridge", "Twitter", "MORE FROM WIRE", "Oil falls", "Leave a Reply", "cookies")


def page(name: str) -> Report:
    [report] = (item for item in read_inputs([PAGES / f"{name}.html"]) if isinstance(item, Report))
    return report


def sections(report: Report, kind: str) -> list[str]:
    return [report.text[s.start : s.end].strip() for s in report.sections if s.kind == kind]


@pytest.mark.parametrize("name", ["wordpress", "agency", "monitor", "live", "blog", "tables"])
def test_the_story_is_whole_in_the_outlets_voice_and_nothing_else_is(name: str) -> None:
    report = page(name)
    body = "\n".join(sections(report, "body"))
    assert [words for words in STORY[1 if name == "monitor" else 0 :] if words not in body] == []
    assert [words for words in (*COMMENTS, *FURNITURE) if words in body] == []
    assert "".join(report.text[s.start : s.end] for s in report.sections) == report.text


@pytest.mark.parametrize("name", ["wordpress", "blog"])
def test_readers_speak_under_their_own_names(name: str) -> None:
    found = [(s.author, page(name).text[s.start : s.end].strip()[:18]) for s in page(name).sections if s.kind == "comment"]
    assert found == [("Jo Smith", COMMENTS[0][:18]), ("observer77", COMMENTS[1])]


@pytest.mark.parametrize(
    ("name", "headline"),
    [
        ("wordpress", "Fighters take town hall of Oakford"),
        ("agency", "Northern Front captures Oakford town hall"),
        ("monitor", "Daily monitoring report, 9 May 2019"),
        ("live", "Live: the battle for Oakford"),
        ("blog", "Oakford: what we know"),
    ],
)
def test_the_headline_stands_once_at_the_head(name: str, headline: str) -> None:
    report = page(name)
    assert report.title == headline
    assert report.text.startswith(headline)
    assert report.text.count(headline) == 1
    assert sections(report, "headline")[0] == headline


@pytest.mark.parametrize(("name", "caption"), [("wordpress", "Smoke rises over"), ("agency", "A soldier walks past")])
def test_captions_are_kept_as_captions(name: str, caption: str) -> None:
    assert [words[: len(caption)] for words in sections(page(name), "caption")] == [caption]


def test_what_a_page_says_of_itself() -> None:
    report = page("wordpress")
    assert (report.url, report.outlet, report.author) == ("https://harbour.example/2019/05/09/oakford/", "Harbour Post", "Ana Roe")
    assert (report.published, report.revised) == (date(2019, 5, 9), date(2019, 5, 10))
    assert "eleven killed, nineteen wounded" in report.text
    assert page("blog").author is None


COMMENT_PAGES = {
    "nested replies": "<ol class=comment-list><li class=comment><b class=fn>A</b><p>First words of one.</p>"
    "<ol class=children><li class=comment><p>Unsigned answer here.</p></li></ol></li></ol>",
    "two paragraphs": "<div id=comments><div class=comment-item><span class=username>A</span>"
    "<p>First words of one.</p><p>More of it.</p></div></div>",
    "no paragraphs": "<div class=comments><div class=comment__item><cite>A</cite>"
    "<div class=comment-text>First words of one.</div></div></div>",
}  # fmt: skip


@pytest.mark.parametrize("name", COMMENT_PAGES)
def test_comments_in_other_forms(tmp_path: Path, name: str) -> None:
    story = f"<p>{'The army left the town of Oakford on Thursday, residents told the Harbour Post. ' * 3}</p>"
    (tmp_path / "a.html").write_text(
        f"<!DOCTYPE html><html><body><article><h1>Oakford</h1>{story * 2}</article>{COMMENT_PAGES[name]}</body></html>"
    )
    [report] = (item for item in read_inputs([tmp_path / "a.html"]) if isinstance(item, Report))
    found = [(s.author, report.text[s.start : s.end].strip()) for s in report.sections if s.kind == "comment"]
    assert found[0][0] == "A"
    assert found[0][1].startswith("First words of one.")
    assert found[1:] == ([(None, "Unsigned answer here.")] if name == "nested replies" else [])
    assert "First words" not in "".join(sections(report, "body"))


def test_a_page_whose_body_is_called_comments_keeps_its_story(tmp_path: Path) -> None:
    story = "<p>The army left the town of Oakford on Thursday, residents told the Harbour Post, and took its guns along.</p>"
    article = f"<div class=comment-count>3</div><article class='comment'><h1>Oakford</h1>{story * 3}</article>"
    (tmp_path / "a.html").write_text(f"<!DOCTYPE html><html><body class='comments'>{article}</body></html>")
    [report] = (item for item in read_inputs([tmp_path / "a.html"]) if isinstance(item, Report))
    assert "took its guns along" in "".join(sections(report, "body"))
