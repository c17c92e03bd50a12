"""What people really have can be read: each way in with a file of its own in `tests/feeds`, made by us about an invented war."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from khabar.feeds import READERS, read_inputs
from khabar.feeds.pages import visible_text
from khabar.feeds.pdf import _joined
from khabar.model import Failure, Report

FILES = Path(__file__).parent / "feeds"


def read(*names: str, **options: object) -> list[Report | Failure]:
    return list(read_inputs([FILES / name for name in names], **options))  # type: ignore[arg-type]


def reports(*names: str, **options: object) -> list[Report]:
    return [item for item in read(*names, **options) if isinstance(item, Report)]


def kinds(report: Report) -> list[tuple[str, str | None, str]]:
    return [(s.kind, s.author, report.text[s.start : s.end].strip()[:20]) for s in report.sections]


def test_every_format_has_a_real_file() -> None:
    there = {"".join(path.suffixes[-2:]) if path.name.endswith(".warc.gz") else path.suffix for path in FILES.rglob("*.*")}
    elsewhere = {".text", ".md", ".html", ".htm", ".xhtml", ".mhtml", ".ndjson", ".warc", ".xml", ".tsv", ".url"}
    assert set(READERS) <= there | elsewhere


@pytest.mark.parametrize(
    ("name", "outlet", "published", "begins"),
    [
        ("press-release.eml", "Ceasefire Commission", date(2019, 5, 9), "Daily report no. 74"),
        ("box.mbox", "Wire Agency", date(2019, 5, 7), "Fighters of the Northern Front entered"),
        ("archive.warc.gz", "Harbour Post", date(2019, 5, 9), "Oakford falls"),
        ("feed.rss", "Harbour Post & Gazette", date(2019, 5, 9), "Fighters take the town hall"),
        ("feed.atom", "War Watch", date(2019, 5, 9), "Four dead in Lower Marsh"),
        ("texts.csv", "Harbour Post", date(2019, 5, 9), "Fighters of the Northern Front"),
        ("links.xlsx", "Harbour Post", date(2019, 5, 9), "Fighters of the Northern Front"),
        ("saved.mht", "Harbour Post", date(2019, 5, 9), "Ceasefire monitors"),
        ("telegram", "Northern Front Media", date(2019, 5, 9), "Our fighters captured the town hall of Oakford"),
        ("x/tweets.js", "War Watch", date(2019, 5, 9), "Four people were killed"),
        ("x/answer.json", "Harbour Post", date(2019, 5, 10), "The army has left"),
    ],
)
def test_a_way_in_gives_text_outlet_and_day(name: str, outlet: str, published: date, begins: str) -> None:
    first = reports(name)[0]
    assert (first.outlet, first.published) == (outlet, published)
    assert first.text.startswith(begins)


@pytest.mark.parametrize(
    "name", ["two-columns.pdf", "press-release.eml", "archive.warc.gz", "feed.rss", "box.mbox", "saved.mht", "sitrep.docx"]
)
def test_standard_input_is_told_by_its_beginning(name: str) -> None:
    with (FILES / name).open("rb") as stream:
        piped = [item.text for item in read_inputs(["-"], stdin=stream) if isinstance(item, Report)]
    assert piped == [report.text for report in reports(name)]


# -- PDF -----------------------------------------------------------------------------------------------------------------------------


def test_a_pdf_in_columns_is_running_text_without_heads_page_numbers_and_hyphens() -> None:
    [report] = reports("two-columns.pdf")
    assert report.title == "Fighters take Oakford after a week of siege"
    assert "Harbour Post Weekly" not in report.text
    assert "Page " not in report.text
    paragraphs = report.text.split("\n\n")
    assert len(paragraphs) == 14
    assert paragraphs[3] == (
        "The army acknowledged that its units had withdrawn from the administrative headquarters, and described the withdrawal as a "
        "redeployment to better fortified positions southwest of the town. A spokesman of the counter-terrorism service said that the "
        "commanders had acted to spare civilians."
    )
    assert "an anti-tank unit told" in report.text


def test_a_page_printed_by_a_browser_keeps_caption_and_text_apart() -> None:
    [report] = reports("printed.pdf")
    assert [text for kind, _, text in kinds(report) if kind == "caption"] == ["Smoke rises over Whi"]
    assert "Monitors of the ceasefire commission counted nineteen explosions around Whitmere on Thursday night, the" in report.text


@pytest.mark.parametrize(
    ("before", "line", "joined"),
    [
        ("its with-", "drawal", "its withdrawal"),
        ("the al-", "Nusra front", "the al-Nusra front"),
        ("an anti-", "tank unit", "an anti-tank unit"),
        ("a cease-", "fire", "a cease-fire"),
        ("the ad\u00ad", "vance", "the advance"),
        ("on 5-", "6 May", "on 5- 6 May"),
    ],
)
def test_words_parted_at_the_end_of_a_line(before: str, line: str, joined: str) -> None:
    assert _joined(before, line, {"cease-fire"}) == joined


@pytest.mark.parametrize(("name", "code", "hint"), [("locked.pdf", "encrypted", "password"), ("scan.pdf", "empty", "ocrmypdf")])
def test_a_pdf_that_has_no_text_to_give_says_what_to_do(name: str, code: str, hint: str) -> None:
    [failure] = read(name)
    assert isinstance(failure, Failure)
    assert failure.code == code
    assert hint in failure.message


# -- letters -------------------------------------------------------------------------------------------------------------------------


def test_a_letter_gives_the_better_alternative_and_names_what_it_does_not_open() -> None:
    items = read("press-release.eml")
    assert [item.message for item in items if isinstance(item, Failure)] == [
        f"{FILES / 'press-release.eml'}: the attachment {name!r} is not opened (--attachments opens PDF, .docx, .odt, HTML and text)"
        for name in ("annex.html", "whitmere.jpg")
    ]
    [report] = reports("press-release.eml")
    assert "The commission accused both sides" in report.text
    assert "nobody sees" not in report.text
    assert report.original == (FILES / "press-release.eml").read_bytes()


def test_attachments_are_opened_when_asked_for() -> None:
    _, annex = reports("press-release.eml", attachments=True)
    assert (annex.title, annex.outlet, annex.published) == (
        "Annex: explosions by village",
        "Ceasefire Commission",
        date(2019, 5, 9),
    )


def test_a_forward_speaks_for_the_one_who_wrote_it_on_the_day_of_that() -> None:
    [report] = reports("forwarded.eml")
    assert (report.title, report.outlet, report.published) == ("Army statement on Oakford", "Army Press Office", date(2019, 5, 7))
    assert kinds(report) == [
        ("body", None, "Our units left the t"),
        ("comment", "Ana Roe", "Can you confirm that"),
        ("comment", "Jo Smith", "I think this is a li"),
    ]


OUTLOOK = """From: Jo Smith <jo@reader.example>
Subject: {mark}: Army statement
Date: Fri, 10 May 2019 08:00:00 +0000

I have seen them in Whitmere on Thursday, the army is still there.

________________________________
From: Army Press Office <press@army.example>
Sent: Tuesday, 7 May 2019 18:12
To: Jo Smith
Subject: Army statement

Our units left the town of Oakford on Monday and have taken up better positions.
"""


@pytest.mark.parametrize(
    ("mark", "outlet", "day", "other"), [("FW", "Army Press Office", 7, "Jo Smith"), ("RE", "Jo Smith", 10, "Army Press Office")]
)
def test_an_answer_speaks_for_its_writer_and_a_forward_for_the_first(tmp_path: Path, mark: str, outlet: str, day: int, other: str) -> None:
    (tmp_path / "a.eml").write_text(OUTLOOK.format(mark=mark))
    [report] = read_inputs([tmp_path / "a.eml"])
    assert isinstance(report, Report)
    assert (report.outlet, report.published, report.title) == (outlet, date(2019, 5, day), "Army statement")
    assert [(kind, author) for kind, author, _ in kinds(report)] == [("body", None), ("comment", other)]
    assert report.text.startswith("Our units" if mark == "FW" else "I have seen")


def test_a_newsletter_is_a_report_for_each_of_its_items() -> None:
    found = reports("newsletter.eml")
    assert [(report.title, report.url) for report in found] == [
        ("Fighters take the town hall of Oakford", "https://harbour.example/oakford"),
        ("Shelling kills two soldiers near Whitmere", "https://harbour.example/whitmere"),
        ("Bridge at Alderbridge reopens after repairs", "https://harbour.example/bridge"),
    ]
    assert kinds(found[-1])[-1][0] == "boilerplate"


PLAIN_NEWSLETTER = b"""From: Harbour Post <post@harbour.example>
Subject: Morning briefing
Date: Fri, 10 May 2019 06:00:00 +0200

Good morning.

----------------------------------------
Fighters take the town hall of Oakford

Fighters of the Northern Front captured the town hall of Oakford on Thursday, residents said, and the army has not denied it.
Read more: https://harbour.example/oakford

----------------------------------------
Shelling near Whitmere

Two soldiers were killed near Whitmere when mortar bombs hit a checkpoint on the road to the reservoir, the army said on Thursday.
https://harbour.example/whitmere
"""


def test_a_plain_newsletter_is_parted_at_its_lines(tmp_path: Path) -> None:
    (tmp_path / "letter.eml").write_bytes(PLAIN_NEWSLETTER)
    found = [item for item in read_inputs([tmp_path / "letter.eml"]) if isinstance(item, Report)]
    assert [(report.title, report.url) for report in found] == [
        ("Fighters take the town hall of Oakford", "https://harbour.example/oakford"),
        ("Shelling near Whitmere", "https://harbour.example/whitmere"),
    ]
    assert all("http" not in report.text for report in found)


def test_a_press_release_with_headings_stays_one_report(tmp_path: Path) -> None:
    body = (
        "<h1>Report no. 75</h1><p>Nothing happened on Friday in Oakford.</p><h2>Background to it all</h2><p>It has been so since May.</p>"
    )
    (tmp_path / "a.eml").write_bytes(b"From: a@b.example\nSubject: x\nContent-Type: text/html\n\n" + body.encode())
    assert len([item for item in read_inputs([tmp_path / "a.eml"]) if isinstance(item, Report)]) == 1


def test_letters_within_letters_are_read_up_to_a_depth(tmp_path: Path) -> None:
    letter = b"From: Army <a@army.example>\nDate: Thu, 9 May 2019 10:00:00 +0000\nSubject: Oakford\n\nThe army left Oakford on Thursday.\n"
    for depth in range(8):
        edge = f"edge{depth}".encode()
        letter = (
            b'From: x@y.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="' + edge + b'"\n\n--' + edge
            + b"\nContent-Type: message/rfc822\n\n" + letter + b"\n--" + edge + b"--\n"
        )  # fmt: skip
        (tmp_path / f"{depth}.eml").write_bytes(letter)
    shallow, deep = (list(read_inputs([tmp_path / f"{depth}.eml"])) for depth in (2, 7))
    assert [item.outlet for item in shallow if isinstance(item, Report)] == ["Army"]
    assert [item.code for item in deep if isinstance(item, Failure)] == ["size"]


# -- archives, feeds, sheets, exports ------------------------------------------------------------------------------------------------


def test_an_archive_gives_its_pages_with_address_charset_and_the_day_of_saving() -> None:
    oakford, cafe = reports("archive.warc.gz")
    assert (oakford.url, oakford.published, oakford.revised) == ("https://harbour.example/oakford", date(2019, 5, 9), date(2019, 5, 11))
    assert "“We bake for both sides,” she said" in cafe.text
    assert "café" in cafe.text


def test_a_feed_gives_its_longest_text_in_the_day_of_its_own_zone() -> None:
    first, second = reports("feed.rss")
    assert (first.author, first.published, first.url) == ("Ana Roe", date(2019, 5, 9), "https://harbour.example/oakford")
    assert "alert" not in first.text
    assert second.text.endswith("The bridge at Alderbridge, which was damaged in an air strike in February, has been opened again.")


def test_visible_text_leaves_out_what_nobody_sees_and_keeps_words_whole() -> None:
    assert (
        visible_text("<p>The <b>ar</b>my<br>left</p><style>p{}</style><div style='display: none'>x</div>tail") == "The army\n\nleft\n\ntail"
    )


def test_columns_of_a_sheet_are_told_by_their_headings() -> None:
    first, second = reports("texts.csv")
    assert (first.title, second.outlet, second.published) == ("Oakford falls", "War Watch", date(2019, 5, 10))
    assert first.text.endswith("\n\nThe army denied it.")


def test_a_sheet_without_texts_or_addresses_says_which_columns_it_has(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Name,Born\nx,1\n")
    [failure] = read_inputs([tmp_path / "a.csv"])
    assert isinstance(failure, Failure)
    assert "found Name, Born" in failure.message


def test_a_channel_is_the_outlet_and_a_forward_speaks_for_its_origin() -> None:
    items = read("telegram")
    own, forward = (item for item in items if isinstance(item, Report))
    assert own.text == "Our fighters captured the town hall of Oakford on Thursday. #Oakford"
    assert own.url == "https://t.me/c/1234567890/2"
    assert (forward.outlet, forward.published, forward.revised) == ("Whitmere Brigade", date(2019, 5, 10), date(2019, 5, 11))
    assert [item.message.split(": ", 1)[1] for item in items if isinstance(item, Failure)] == [
        "posts without text, passed over (pictures and films are not fetched): 2"
    ]


def test_an_account_with_many_chats_gives_its_channels_only(tmp_path: Path) -> None:
    message = {"id": 1, "type": "message", "date": "2019-05-09T10:00:00", "text": "The army left the town of Oakford."}
    chats = [
        {"name": name, "type": kind, "id": 5, "messages": [message]} for name, kind in (("A", "personal_chat"), ("B", "public_channel"))
    ]
    (tmp_path / "result.json").write_text(json.dumps({"about": "x", "chats": {"about": "y", "list": chats}}))
    items = list(read_inputs([tmp_path]))
    assert [item.outlet for item in items if isinstance(item, Report)] == ["B"]
    assert any("personal chat, not read" in item.message for item in items if isinstance(item, Failure))


def test_posts_of_an_archive_have_their_owner_their_addresses_and_their_origin() -> None:
    own, passed_on = reports("x/tweets.js")
    assert own.text.endswith("More: https://warwatch.example/1")
    assert (own.outlet, own.url) == ("War Watch", "https://x.com/warwatch/status/100")
    assert (passed_on.outlet, passed_on.text[:22]) == ("@HarbourPost", "Fighters & residents a")


def test_a_list_of_rows_in_json_is_read_like_json_lines(tmp_path: Path) -> None:
    rows = [{"text": f"The army left the town of Oakford on day {n}.", "published": "2019-05-09", "outlet": "A"} for n in range(3)]
    (tmp_path / "rows.json").write_text(json.dumps(rows, indent=1))
    assert [item.text for item in read_inputs([tmp_path / "rows.json"]) if isinstance(item, Report)] == [row["text"] for row in rows]


def test_a_folder_reads_exports_and_passes_over_other_json(tmp_path: Path) -> None:
    for name in ("result.json", "package.json", "table.csv"):
        (tmp_path / name).write_bytes((FILES / "telegram/result.json").read_bytes())
    assert len([item for item in read_inputs([tmp_path]) if isinstance(item, Report)]) == 2


def test_a_translation_keeps_its_original() -> None:
    [report] = reports("translated.jsonl")
    assert report.translated_by == "Jo Smith"
    assert (report.original_text or "").startswith("دخل")


def test_addresses_in_a_folder_are_not_fetched() -> None:
    found = [item for item in read_inputs([FILES]) if isinstance(item, Failure) and "addresses.txt" in item.message]
    assert [item.code for item in found] == ["url", "url"]
    assert "by its own name" in found[0].message
