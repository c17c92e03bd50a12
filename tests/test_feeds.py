"""What must be true of feeds: every input is answered for, in order, and one bad input never costs another."""

from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khabar.errors import InputError
from khabar.feeds import MAX_CHARACTERS, passed_over, read_inputs
from khabar.feeds.arrivals import MAX_BYTES
from khabar.model import Failure, Report

TEXT = "Fighters of the Northern Front took the town of Qalam on Monday, and the army left for the harbour."
PAGE = """<!DOCTYPE html><html><head><title>Fighters take Qalam</title>
<meta property="og:site_name" content="The Harbour Post"><meta name="author" content="Ana Roe">
<meta property="article:published_time" content="2019-03-04T23:30:00+02:00">
<script type="application/ld+json">{"@type": "NewsArticle", "dateModified": "2024-01-01"}</script></head>
<body><nav><a href="/">Home</a></nav><article><h1>Fighters take Qalam</h1>
<p>Fighters of the Northern Front took the town of Qalam on Monday, residents said, after a night of shelling in the old quarter.</p>
<p>The army said that its units had left the town to spare civilians. It gave no further details on the number of the dead.</p></article>
<div id="comments"><ol><li class="comment"><div class="comment-author vcard"><cite class="fn">Jo Smith</cite> <span>says:</span></div>
<p>I read that they have taken the whole valley, not only the town. That is a lot of land.</p>
<p>And this is a second paragraph of the same comment, on the harbour.</p></li>
<li class="comment"><p>That is not what the others say at all, and nobody signed this comment.</p></li></ol></div></body></html>"""


def rows(*lines: object, **options: Any) -> list[Report | Failure]:
    """Standard input of one JSON value a line; a string or bytes is a line as it stands."""
    raw = [line if isinstance(line, bytes) else line.encode() if isinstance(line, str) else json.dumps(line).encode() for line in lines]
    return list(read_inputs(["-"], stdin=io.BytesIO(b"\n".join(raw)), **options))


def one_file(tmp_path: Path, content: bytes | str, name: str = "report.txt", **options: Any) -> list[Report | Failure]:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(read_inputs([path], **options))


def reports(items: list[Report | Failure]) -> list[Report]:
    return [item for item in items if isinstance(item, Report)]


def errors(items: list[Report | Failure]) -> list[Failure]:
    return [item for item in items if isinstance(item, Failure) and not item.warning]


def warnings(items: list[Report | Failure]) -> list[Failure]:
    return [item for item in items if isinstance(item, Failure) and item.warning]


# -- what a report is ----------------------------------------------------------------------------------------------------------------


def test_plain_text_takes_what_it_lacks_from_the_options(tmp_path: Path) -> None:
    [report] = reports(one_file(tmp_path, f"Talks fail\n\n{TEXT}\n", outlet="Harbour Post", published="2014-05-03", url="http://x.test/1"))
    assert (report.title, report.outlet, report.published, report.url) == (
        "Talks fail",
        "Harbour Post",
        date(2014, 5, 3),
        "http://x.test/1",
    )
    assert report.text == f"Talks fail\n\n{TEXT}\n"
    assert (
        report.sha256 == hashlib.sha256(report.original).hexdigest() == hashlib.sha256((tmp_path / "report.txt").read_bytes()).hexdigest()
    )


def test_id_is_the_hash_of_outlet_published_url_and_text() -> None:
    [report] = reports(rows({"text": TEXT, "published": "2014-05-03", "outlet": "Póst"}))
    assert report.id == hashlib.sha256(f'["Póst","2014-05-03",null,"{TEXT}"]'.encode()).hexdigest()


def test_a_row_keeps_its_own_fields_and_echoes_its_id() -> None:
    row = {
        "id": "r1",
        "text": TEXT,
        "title": "T",
        "url": "http://x.test",
        "outlet": "Own",
        "published": "2014-05-03T22:10:00Z",
        "author": "A",
    }
    [report] = rows(row, outlet="Other", published="2020-01-01", url="http://y.test")
    assert isinstance(report, Report)
    assert (report.id, report.title, report.outlet, report.url, report.author) == ("r1", "T", "Own", "http://x.test", "A")
    assert (report.published, report.language) == (date(2014, 5, 3), "en")
    assert report.sha256 == hashlib.sha256(json.dumps(row).encode()).hexdigest()


def test_front_matter_is_no_part_of_the_text(tmp_path: Path) -> None:
    raw = f"---\ntitle: Talks fail\noutlet: Harbour Post\npublished: 2014-05-03\nlanguage: en\n---\n\n{TEXT}\n"
    [report] = one_file(tmp_path, raw, outlet="Option")
    assert isinstance(report, Report)
    assert (report.text, report.title, report.outlet, report.published) == (f"{TEXT}\n", "Talks fail", "Harbour Post", date(2014, 5, 3))
    assert report.original == raw.encode()


@pytest.mark.parametrize(("line", "day"), [("2014-05-03", date(2014, 5, 3)), ("2014-13-03", None), ("null", None)])
def test_front_matter_with_a_bad_date_keeps_its_other_fields(tmp_path: Path, line: str, day: date | None) -> None:
    found = one_file(tmp_path, f"---\nid: 2014-01\ntitle: 5\npublished: {line}\nauthor: null\n---\n{TEXT}")
    [report] = reports(found)
    assert (report.id, report.title, report.author, report.published, report.text) == ("2014-01", "5", None, day, TEXT)
    assert [w.code for w in warnings(found)] == ([] if day else ["date"])


@pytest.mark.parametrize("head", ["title: " + "[" * 3000, "title: {", "\ttitle: x", "title: x\n? [a]\n: b"])
def test_front_matter_that_is_no_yaml_is_read_as_text_with_a_warning(tmp_path: Path, head: str) -> None:
    found = one_file(tmp_path, f"---\n{head}\n---\n{TEXT}", published="2014-05-03")
    assert [r.text.endswith(TEXT) for r in reports(found)] == [True]
    assert {w.code for w in warnings(found)} <= {"type"}


def test_front_matter_that_nothing_ends_is_read_as_text_with_a_warning(tmp_path: Path) -> None:
    found = one_file(tmp_path, f"---\noutlet: Harbour Post\npublished: 2014-05-03\n{TEXT}", published="2014-05-03")
    assert [w.message.split(": ", 1)[1] for w in warnings(found)] == [
        "the lines after --- at its top are read as text, because no line of --- ends them"
    ]


def test_lines_that_end_in_cr_alone_are_lines(tmp_path: Path) -> None:
    path = tmp_path / "old.txt"
    path.write_bytes(b"---\rtitle: Village falls\rpublished: 2031-05-02\r---\rThe army took Oakford.\r\rRebels fled.\r")
    [report] = read_inputs([path])
    assert isinstance(report, Report)
    assert (report.title, report.published, report.text) == ("Village falls", date(2031, 5, 2), "The army took Oakford.\n\nRebels fled.\n")
    rows = tmp_path / "old.jsonl"
    rows.write_bytes(b'{"text": "One."}\r{"text": "Two."}\r')
    [failure] = read_inputs([rows])
    assert isinstance(failure, Failure)
    assert "end in CR alone" in failure.message


def test_dashes_that_are_no_front_matter_are_text(tmp_path: Path) -> None:
    [report] = reports(one_file(tmp_path, f"---\n{TEXT}\n---\n{TEXT}"))
    assert report.text.startswith("---")


def test_html_gives_text_metadata_and_comments_with_their_authors(tmp_path: Path) -> None:
    [report] = one_file(tmp_path, PAGE, "page.html")
    assert isinstance(report, Report)
    assert (report.title, report.author, report.outlet) == ("Fighters take Qalam", "Ana Roe", "The Harbour Post")
    assert report.published == date(2019, 3, 4)
    comments = [(s.author, report.text[s.start : s.end].split()[0]) for s in report.sections if s.kind == "comment"]
    assert comments == [("Jo Smith", "I"), (None, "That")]
    assert "Home" not in report.text
    assert "".join(report.text[s.start : s.end] for s in report.sections) == report.text


def test_a_row_may_hold_html_and_its_own_fields_stand() -> None:
    [report] = rows({"id": "h", "html": PAGE, "published": "2019-03-05", "title": "Own title"})
    assert isinstance(report, Report)
    assert (report.published, report.title, report.outlet) == (date(2019, 3, 5), "Own title", "The Harbour Post")


def test_a_date_in_the_text_of_a_page_is_not_its_date_of_publication(tmp_path: Path) -> None:
    page = PAGE.replace("2019-03-04T23:30:00+02:00", "").replace("on Monday", "on 3 May 2014")
    [report] = reports(one_file(tmp_path, page, "page.html"))
    assert report.published is None


def test_standard_input_may_be_plain_text_or_html() -> None:
    [text] = reports(list(read_inputs(["-"], stdin=io.BytesIO(TEXT.encode()))))
    [page] = reports(list(read_inputs(["-"], stdin=io.BytesIO(PAGE.encode()))))
    assert (text.text, page.title) == (TEXT, "Fighters take Qalam")


# -- order, streams, folders ---------------------------------------------------------------------------------------------------------

GOOD = st.integers(0, 10**6).map(lambda n: json.dumps({"text": f"{TEXT} Report {n}.", "published": "2014-05-03"}))
BAD = st.sampled_from(
    ['{"text": 5}', '{"title": "no text"}', "{oops", "[1]", "7", '{"text": ""}', '{"text": "\\u0000 "}', '{"text": "a"', "NaN", '"x"']
)


@given(st.lists(st.one_of(GOOD, BAD), max_size=12))
def test_every_row_is_answered_for_in_order_whatever_stands_beside_it(lines: list[str]) -> None:
    found = rows('{"id": "first", "text": "The town fell.", "published": "2014-05-03"}', *lines)
    assert len(found) == len(lines) + 1
    good = {json.loads(line)["text"] for line in lines if "Report" in line}
    assert {r.text for r in reports(found)} == good | {"The town fell."}
    for line, item in zip(lines, found[1:], strict=True):
        assert item.text == json.loads(line)["text"] if isinstance(item, Report) else line not in good


def test_rows_are_read_one_by_one() -> None:
    class Endless(io.RawIOBase):
        count = 0

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            self.count += 1
            line = json.dumps({"text": f"{TEXT} {self.count}.", "published": "2014-05-03"}).encode() + b"\n"
            buffer[: len(line)] = line
            return len(line)

    stream = Endless()
    assert len(list(islice(read_inputs(["-"], stdin=stream), 3))) == 3  # type: ignore[arg-type]
    assert stream.count <= 4


def test_a_folder_is_walked_in_sorted_order_and_passes_over_what_is_no_report(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.md", "a/b.html", "README.md", ".hidden.txt", "picture.png", "c.pdf", "list.csv", "package.json"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(PAGE if name.endswith("html") else f"{TEXT} {name}.")
    found = [item for item in read_inputs([tmp_path]) if not (isinstance(item, Failure) and item.warning)]
    assert [item.code if isinstance(item, Failure) else item.text[-8:] for item in found[:2]] == [f"{TEXT} b.txt."[-8:], "broken"]
    assert [isinstance(item, Report) for item in found] == [True, False, True, True]


def test_what_a_folder_holds_and_is_not_read_there_can_be_told(tmp_path: Path) -> None:
    for name in ("b.txt", "note.doc", "a/list.csv", "a/photo.jpg", "style.css", "README.doc", ".hidden.doc", "tweets.js", "untitled"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    assert [path.relative_to(tmp_path).as_posix() for path in passed_over([tmp_path, tmp_path / "note.doc"])] == [
        "note.doc",
        "untitled",
        "a/list.csv",
    ]


def zipped(*names: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return held.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (zipped("a.txt"), "all.zip", "is a zip archive; unpack it and name the folder"),
        (zipped("a.txt"), "sheet.xlsx", "is a zip archive; unpack it and name the folder"),
        (b"{\\rtf1 The army took Oakford.}", "note.rtf", "is a document in RTF; save it as .docx, PDF, HTML or plain text"),
        (
            b"\xd0\xcf\x11\xe0" + bytes(600),
            "note.doc",
            "is a document, sheet or letter of old Office (.doc, .xls, .msg); save it as .docx, PDF, HTML or plain text",
        ),
        (b"\xff\xd8\xff\xe0" + bytes(600), "a.txt", "is a picture; make its text readable first (for example with ocrmypdf)"),
    ],
)
def test_a_file_of_another_program_is_named_with_what_to_do(tmp_path: Path, content: bytes, name: str, told: str) -> None:
    [failure] = one_file(tmp_path, content, name)
    assert isinstance(failure, Failure)
    assert failure.message.endswith(f"{name}: {told}")


def test_inputs_keep_their_order(tmp_path: Path) -> None:
    for name in "zam":
        (tmp_path / f"{name}.txt").write_text(f"{TEXT} {name}")
    paths = [tmp_path / "z.txt", tmp_path / "nowhere.txt", tmp_path / "a.txt", tmp_path / "m.txt"]
    found = list(read_inputs(paths, published="2014-05-03"))
    assert [item.code if isinstance(item, Failure) else item.text[-1] for item in found] == ["z", "missing", "a", "m"]


# -- bad input -----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "a.txt", "empty"),
        (b" \n\t\n", "a.txt", "empty"),
        (b"\x00\x01\x02\xff" * 500, "a.txt", "binary"),
        (b"%PDF-1.4\n%text", "a.txt", "binary"),
        (bytes(range(256)) * 20, "a", "binary"),
        (b"\x00\x01\x02\xff" * 500, "a.html", "binary"),
        (b"<html><body></body></html>", "a.html", "empty"),
        (b"x" * (MAX_BYTES + 1), "a.txt", "size"),
        (b"The town fell. " * 700_000, "a.txt", "size"),
        (b"The town fell. " * 70_000, "a.txt", "size"),
        (b"[InternetShortcut]", "a.url", "empty"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, content: bytes, name: str, code: str) -> None:
    [failure] = one_file(tmp_path, content, name)
    assert isinstance(failure, Failure)
    assert (failure.code, failure.warning) == (code, False)
    assert name in failure.message


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (
            "Les rebelles ont pris la ville lundi, selon des habitants, et les soldats se sont retirés après une longue nuit de combats.",
            "fr",
        ),
        ("قال الجيش إن قواته انسحبت من البلدة يوم الاثنين بعد معارك عنيفة استمرت طوال الليل.", "ar"),
        ("Повстанцы заняли город в понедельник, сообщили жители, а армия отошла к порту после ночного боя.", "ru"),
        (
            "Los rebeldes tomaron la ciudad el lunes, según los vecinos, y los soldados se retiraron tras una noche de combates.",
            "es",
        ),
    ],
)
def test_another_language_is_named_and_refused(text: str, language: str) -> None:
    [failure] = rows({"id": "r", "text": text, "published": "2014-05-03"})
    assert isinstance(failure, Failure)
    assert failure.code == "language"
    assert f"({language}" in failure.message
    assert "English" in failure.message


@pytest.mark.parametrize(
    "text", ["Qalam falls", "Jaysh al-Shamal, Liwa al-Wadi, Qalam, Tell Sabra", "Army: Qalam lost", TEXT + " «Заря» (الفجر)"]
)
def test_a_text_that_may_be_english_is_read(text: str) -> None:
    assert len(reports(rows({"text": text}))) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_encodings_that_are_certain_are_read_without_a_warning(tmp_path: Path, encoding: str) -> None:
    [report] = one_file(tmp_path, f"“{TEXT}” – café".encode(encoding), published="2014-05-03")
    assert isinstance(report, Report)
    assert report.text == f"“{TEXT}” – café"


def test_windows_1252_is_read_and_said(tmp_path: Path) -> None:
    warning, report = one_file(tmp_path, f"“{TEXT}” – café".encode("cp1252"), published="2014-05-03")
    assert isinstance(warning, Failure)
    assert (warning.code, warning.warning) == ("encoding", True)
    assert isinstance(report, Report)
    assert report.text == f"“{TEXT}” – café"


@pytest.mark.parametrize("published", ["June 2015", "2015-13-01", 20150608, "08/06/2015", ["2015"]])
def test_a_malformed_date_is_a_warning_and_leaves_the_date_unknown(published: object) -> None:
    warning, report = rows({"id": "r", "text": TEXT, "published": published})
    assert isinstance(warning, Failure)
    assert isinstance(report, Report)
    assert (warning.id, warning.code, warning.warning, report.published) == ("r", "date", True, None)
    assert repr(published) in warning.message


def test_no_date_is_a_warning_and_the_text_is_not_searched_for_one() -> None:
    [report] = reports(found := rows({"text": f"3 May 2014 {TEXT}"}))
    assert report.published is None
    assert [w.code for w in warnings(found)] == ["date"]


def test_a_malformed_date_among_the_options_is_the_callers_error() -> None:
    with pytest.raises(InputError, match="expected a day"):
        read_inputs([], published="yesterday")


def test_a_malformed_line_is_named_by_line_and_column() -> None:
    found = rows(
        {"id": "a", "text": TEXT, "published": "2014-05-03"}, '{"id": "b", text}', {"id": "c", "text": TEXT, "published": "2014-05-03"}
    )
    assert [item.id for item in reports(found)] == ["a", "c"]
    [failure] = errors(found)
    assert (failure.code, failure.source) == ("json", "standard input:2")
    assert "column 13" in failure.message


def test_a_field_that_stands_twice_in_a_row_is_told() -> None:
    found = list(read_inputs(["-"], stdin=io.BytesIO(b'{"text": "One fell.", "text": "Two fell.", "published": "2031-05-02"}\n')))
    assert [r.text for r in reports(found)] == ["Two fell."]
    assert [f.message for f in found if isinstance(f, Failure)] == ["standard input:1: text stands twice in it; the last is read"]


def test_a_row_whose_text_is_null_says_so() -> None:
    [failure] = errors(rows({"id": "a", "text": None}))
    assert "found the text null" in failure.message


def test_a_deep_line_is_only_a_failure() -> None:
    assert [f.code for f in errors(rows('{"text": ' + "[" * 100_000, {"text": TEXT}))] == ["json"]


def test_a_line_too_long_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("khabar.feeds.rows.MAX_BYTES", 300)
    found = rows({"text": TEXT, "published": "2014-05-03"}, {"text": TEXT * 20}, {"text": "The army left.", "published": "2014-05-03"})
    assert [r.text for r in reports(found)] == [TEXT, "The army left."]
    assert [(f.code, f.source) for f in errors(found)] == [("size", "standard input:2")]


@pytest.mark.parametrize("row", [{"text": 5}, {"text": ["a"]}, {"title": "x"}, {"text": None}, {"html": 3}, {"id": [1], "text": TEXT}])
def test_a_row_of_the_wrong_types_says_what_was_found(row: dict[str, object]) -> None:
    [failure] = errors(rows(row))
    assert failure.code == "type"
    assert "expected" in failure.message


def test_a_wrong_optional_field_is_left_unknown_with_a_warning() -> None:
    found = rows({"text": TEXT, "outlet": 5, "published": "2014-05-03"})
    assert [r.outlet for r in reports(found)] == [None]
    assert [w.code for w in warnings(found)] == ["type"]


def test_half_characters_and_control_characters_keep_every_offset() -> None:
    text = f"\ud800 and \x00 and \x07: {TEXT}"
    [report] = reports(found := rows({"text": text, "published": "2014-05-03"}))
    assert len(report.text) == len(text)
    assert report.text.index(TEXT) == text.index(TEXT)
    report.text.encode()
    assert "\x00" not in report.text
    assert [w.code for w in warnings(found)] == ["encoding"]


@pytest.mark.parametrize(
    "row", [b'{"id": "\\ud800", "text": 5}', b'{"\\ud800": 5}', b'{"id": "\\ud800", "text": "The town fell.", "url": "\\udfff"}']
)
def test_half_characters_anywhere_can_be_written_out_again(row: bytes) -> None:
    for item in rows(row):
        json.dumps([item.id, getattr(item, "message", ""), getattr(item, "url", "")], ensure_ascii=False).encode()


def test_the_same_row_twice_is_skipped_and_another_text_under_its_id_refused() -> None:
    row = {"id": "r", "text": TEXT, "published": "2014-05-03"}
    found = rows(row, row, {**row, "text": "The army took it back."})
    assert [(type(item).__name__, getattr(item, "warning", None)) for item in found] == [
        ("Report", None),
        ("Failure", True),
        ("Failure", False),
    ]
    assert {item.code for item in found if isinstance(item, Failure)} == {"duplicate"}
    [failure] = errors(found)
    assert "standard input:1" in failure.message
    assert "standard input:3" in failure.message


def test_missing_unreadable_and_empty_folders(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "shut.txt").write_text(TEXT)
    (tmp_path / "shut.txt").chmod(0)
    found = list(read_inputs([tmp_path / "empty", tmp_path / "none.txt", tmp_path / "shut.txt"]))
    codes = [item.code for item in found if isinstance(item, Failure) and not item.warning]
    # The superuser may read what is shut.
    assert codes == ["folder", "missing"] if os.access(tmp_path / "shut.txt", os.R_OK) else codes == ["folder", "missing", "unreadable"]


def test_a_text_at_the_limit_is_read() -> None:
    text = (TEXT + "\n") * (MAX_CHARACTERS // (len(TEXT) + 1))
    assert len(reports(rows({"text": text}))) == 1
