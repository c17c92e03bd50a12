"""A document of Word or OpenDocument is read as it would be printed: each test makes the file that it reads."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from khabar import cli
from khabar.errors import QuestionError
from khabar.feeds import read_inputs
from khabar.feeds.package import MAX_PART_BYTES
from khabar.model import Failure, Reading, Report
from khabar.record import Record
from khabar.redaction import redact

FILES = Path(__file__).parent / "feeds"
USUAL, STRICT = "http://schemas.openxmlformats.org/wordprocessingml/2006/main", "http://purl.oclc.org/ooxml/wordprocessingml/main"
LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
OF_PARTS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name.replace("draw", "drawing")}:1.0"'
    for name in ("office", "text", "table", "draw", "style", "manifest")
)
STYLES = """
  <w:style w:styleId="Titel"><w:name w:val="Title"/></w:style>
  <w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>
  <w:style w:styleId="Own"><w:name w:val="Our heads"/><w:basedOn w:val="berschrift1"/></w:style>
  <w:style w:styleId="Beschriftung"><w:name w:val="caption"/></w:style>
  <w:style w:styleId="Verzeichnis1"><w:name w:val="toc 1"/></w:style>
  <w:style w:styleId="Points"><w:name w:val="List Bullet"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
  <w:style w:styleId="Loop"><w:name w:val="Loop"/><w:basedOn w:val="Loop"/></w:style>
"""
NUMBERING = """
  <w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum>
  <w:abstractNum w:abstractNumId="8"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/></w:lvl></w:abstractNum>
  <w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>
  <w:num w:numId="2"><w:abstractNumId w:val="8"/></w:num>
"""


def zipped(parts: dict[str, str | bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return held.getvalue()


def docx(body: str, *, space: str = USUAL, title: str = "", footnotes: str = "", endnotes: str = "", **parts: str) -> bytes:
    """A document with that body, the styles and the lists above."""
    inner = {"styles": STYLES, "numbering": NUMBERING, "footnotes": footnotes, "endnotes": endnotes, **parts}
    links = "".join(f'<Relationship Id="{name}" Type="{OF_PARTS}/{name}" Target="{name}.xml"/>' for name in inner)
    core = f'<c:coreProperties xmlns:c="core" xmlns:dc="dc" xmlns:dcterms="t"><dc:title>{title}</dc:title><dc:creator>HP</dc:creator>'
    core += "<dcterms:created>2017-01-01T00:00:00Z</dcterms:created><dcterms:modified>2019-06-30T00:00:00Z</dcterms:modified>"
    core += "</c:coreProperties>"
    whole = f'<Relationship Id="a" Type="{OF_PARTS}/officeDocument" Target="word/document2.xml"/>'
    whole += f'<Relationship Id="b" Type="{LINKS}/metadata/core-properties" Target="docProps/core.xml"/>'
    return zipped(
        {
            "_rels/.rels": f'<Relationships xmlns="{LINKS}">{whole}</Relationships>',
            "docProps/core.xml": core,
            "word/_rels/document2.xml.rels": f'<Relationships xmlns="{LINKS}">{links}</Relationships>',
            "word/document2.xml": f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>',
            **{f"word/{name}.xml": f'<w:{name} xmlns:w="{space}">{content}</w:{name}>' for name, content in inner.items()},
        }
    )


def odt(body: str, *, automatic: str = "", title: str = "", **parts: str) -> bytes:
    content = f"<office:automatic-styles>{automatic}</office:automatic-styles><office:body><office:text>{body}</office:text></office:body>"
    meta = f'<office:meta><d:title xmlns:d="d">{title}</d:title><d:date xmlns:d="d">2019-06-30</d:date></office:meta>'
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f"<office:document-content {SPACES}>{content}</office:document-content>",
            "meta.xml": f"<office:document-meta {SPACES}>{meta}</office:document-meta>",
            **parts,
        }
    )


def p(words: str, properties: str = "") -> str:
    """A paragraph of Word."""
    return f'<w:p><w:pPr>{properties}</w:pPr><w:r><w:t xml:space="preserve">{words}</w:t></w:r></w:p>'


def run(words: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{words}</w:t></w:r>'


def table(*rows: tuple[str, ...]) -> str:
    """A table of Word; a cell is words, or elements."""
    cells = ["".join(f"<w:tc>{cell if cell.startswith('<') else p(cell)}</w:tc>" for cell in row) for row in rows]
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"


def read(tmp_path: Path, content: bytes, name: str, **options: object) -> list[Report | Failure]:
    (tmp_path / name).write_bytes(content)
    return list(read_inputs([tmp_path / name], **options))  # type: ignore[arg-type]


def report(tmp_path: Path, content: bytes, name: str = "a.docx") -> Report:
    return next(item for item in read(tmp_path, content, name) if isinstance(item, Report))


def lines(tmp_path: Path, body: str, **parts: str) -> list[str]:
    """The paragraphs that are read of a document of Word with that body."""
    return report(tmp_path, docx(body, **parts)).text.split("\n\n")


def odt_lines(tmp_path: Path, body: str, automatic: str = "") -> list[str]:
    return report(tmp_path, odt(body, automatic=automatic), "a.odt").text.split("\n\n")


def sections(found: Report) -> list[tuple[str, str]]:
    return [(section.kind, found.text[section.start : section.end].strip()) for section in found.sections]


# -- Word ----------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("space", [USUAL, STRICT])
def test_words_are_joined_as_they_are_printed_whatever_their_type(tmp_path: Path, space: str) -> None:
    town = "<w:r><w:tab/><w:t>Oak</w:t><w:noBreakHyphen/><w:t>ford</w:t><w:br/><w:t>on Mon\u00adday.</w:t></w:r>"
    body = f"<w:p>{run('The ar')}{run('my left')}{town}</w:p>"
    assert lines(tmp_path, body + p("  ") + p("Nobody  stayed.\n"), space=space) == ["The army left Oak-ford\non Monday.", "Nobody stayed."]


def test_what_was_deleted_is_left_out_and_what_was_inserted_is_kept(tmp_path: Path) -> None:
    gone = "<w:del><w:r><w:delText>all of </w:delText><w:t>every part of </w:t></w:r></w:del>"
    moved = f"<w:moveFrom>{run('on Sunday ')}</w:moveFrom>", f"<w:moveTo>{run(' on Monday')}</w:moveTo>"
    body = f"<w:p>{run('Rebels took ')}{gone}{moved[0]}<w:ins>{run('the town of ')}</w:ins>{run('Oakford')}{moved[1]}{run('.')}</w:p>"
    row = "<w:tr><w:trPr><w:del/></w:trPr><w:tc>" + p("Three women were killed.") + "</w:tc></w:tr>"
    rows = table(("4 May", "A raid"), ("5 May", "A mine")).replace("</w:tbl>", f"{row}</w:tbl>")
    warning, _, found = read(tmp_path, docx(body + rows), "a.docx")
    assert isinstance(found, Report)
    assert found.text.split("\n\n") == ["Rebels took the town of Oakford on Monday.", "4 May | A raid", "5 May | A mine"]
    assert isinstance(warning, Failure)
    assert (warning.code, warning.warning) == ("draft", True)


def test_a_paragraph_whose_end_was_deleted_runs_on(tmp_path: Path) -> None:
    first = p("The army denied that ", "<w:rPr><w:del/></w:rPr>")
    assert lines(tmp_path, first + p("it had left Oakford.")) == ["The army denied that it had left Oakford."]
    assert lines(tmp_path, first + table(("a", "b"), ("c", "d"))) == ["The army denied that", "a | b", "c | d"]
    assert lines(tmp_path, p("Kept.", '<w:rPr><w:del w:val="0"/></w:rPr>') + p("Both.")) == ["Kept.", "Both."]


def test_styles_tell_title_headings_captions_and_lists_whatever_the_language_of_the_menus(tmp_path: Path) -> None:
    def set_as(style: str, words: str) -> str:
        return p(words, f'<w:pStyle w:val="{style}"/>')

    heading = "Fighting goes on around Oakford and along the road to the harbour, where the front has moved little."
    body = set_as("Titel", "Situation report no. 74") + p("The week was quiet, the network said on Thursday.")
    body += set_as("Own", heading) + set_as("Points", "Rebels took Whitmere.") + set_as("Loop", "Residents fled from it on Monday.")
    body += set_as("Beschriftung", "The bridge of Whitmere after the raid") + p("The army said nothing.")
    found = report(tmp_path, docx(body))
    assert found.title == "Situation report no. 74"
    assert sections(found) == [
        ("headline", "Situation report no. 74"),
        ("body", "The week was quiet, the network said on Thursday."),
        ("headline", heading),
        ("body", "• Rebels took Whitmere.\n\nResidents fled from it on Monday."),
        ("caption", "The bridge of Whitmere after the raid"),
        ("body", "The army said nothing."),
    ]


def test_a_story_that_somebody_set_as_a_heading_is_body(tmp_path: Path) -> None:
    story = "Fighters of the Northern Front took the town of Oakford on Monday, residents said. The army left it by night for the harbour, "
    story += "where it holds the customs house and two streets around it. Nobody spoke for either side on Tuesday."
    body = p("Report") + p(story, '<w:pStyle w:val="berschrift1"/>') + p("The army left.")
    assert sections(report(tmp_path, docx(body)))[1] == ("body", f"{story}\n\nThe army left.")


def test_a_heading_never_makes_readers_of_the_writers(tmp_path: Path) -> None:
    story = p("Rebels took Oakford on Monday, residents said.") + p("The army left it for the harbour.")
    body = p("Report") + story + p("Comments", '<w:pStyle w:val="berschrift1"/>') + p("The army will come back by June.")
    assert [kind for kind, _ in sections(report(tmp_path, docx(body)))] == ["headline", "body", "headline", "body"]


def test_bullets_mark_what_is_listed_and_numbers_that_word_counts_are_no_words(tmp_path: Path) -> None:
    def listed(words: str, number: int) -> str:
        return p(words, f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>')

    off = p("No point.", '<w:pStyle w:val="Points"/><w:numPr><w:numId w:val="0"/></w:numPr>')
    assert lines(tmp_path, listed("One.", 1) + listed("Two.", 2) + listed("Three.", 99) + off) == ["• One.", "Two.", "Three.", "No point."]


def test_a_row_is_a_line_and_a_table_that_only_places_words_is_none(tmp_path: Path) -> None:
    long = "Fighters of the Northern Front entered the town of Oakford on Monday, and the army left it by night for the port."
    rows = table(("Place", "Killed", "Hurt"), ("Oakford", "", "3"), ("Whitmere", p("Two") + p("men."), ""))
    assert lines(tmp_path, rows) == ["Place | Killed | Hurt", "Oakford |  | 3", "Whitmere | Two; men."]
    assert lines(tmp_path, table(("Press office", "Port Ash, 8 May"))) == ["Press office", "Port Ash, 8 May"]
    assert lines(tmp_path, table(("One.",), ("Two.",))) == ["One.", "Two."]
    assert lines(tmp_path, table((p(long) + p(long), "Contact"), ("", "us"))) == [long, long, "Contact", "us"]
    nested = table((table(("4 May", "A raid"), ("5 May", "A mine")) + p("So far."), "Beside it"))
    assert lines(tmp_path, nested) == ["4 May | A raid", "5 May | A mine", "So far.", "Beside it"]


def test_a_day_or_a_place_that_spans_several_rows_is_said_of_each_and_longer_words_once(tmp_path: Path) -> None:
    def spans(words: str, more: str = "") -> str:
        return f'<w:tc><w:tcPr>{more}<w:vMerge w:val="restart"/></w:tcPr>{p(words)}</w:tc>'

    goes_on, story = "<w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc>", "Two men were killed there by a mine."
    rows = (
        f"<w:tc><w:tcPr><w:gridSpan w:val='2'/></w:tcPr>{p('When')}</w:tc><w:tc>{p('What')}</w:tc>",
        f"<w:tc>{p('Monday')}</w:tc>{spans('3 May')}{spans(story)}",
        f"<w:tc>{p('noon')}</w:tc>{goes_on}{goes_on}",
        f"<w:tc>{p('night')}</w:tc><w:tc>{p('4 May')}</w:tc><w:tc>{p('A raid')}</w:tc>",
    )
    body = f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"
    assert lines(tmp_path, body) == ["When | What", f"Monday | 3 May | {story}", "noon | 3 May", "night | 4 May | A raid"]
    cell = "<table:table-cell{}><text:p>{}</text:p></table:table-cell>".format
    of_two = ' table:number-rows-spanned="2"'
    first, second = (cell("", "a") + cell(of_two, "3 May") + cell(of_two, story), cell("", "b") + "<table:covered-table-cell/>" * 2)
    third = cell(' table:number-columns-spanned="2"', "c") + "<table:covered-table-cell/>" + cell("", "d")
    body = f"<table:table>{''.join(f'<table:table-row>{row}</table:table-row>' for row in (first, second, third))}</table:table>"
    assert odt_lines(tmp_path, body) == [f"a | 3 May | {story}", "b | 3 May", "c | d"]


def test_notes_stand_at_the_end_in_the_order_of_their_marks(tmp_path: Path) -> None:
    def mark(number: int, kind: str = "footnote") -> str:
        return f'<w:r><w:{kind}Reference w:id="{number}"/></w:r>'

    def note(number: int, words: str, kind: str = "footnote") -> str:
        return f'<w:{kind} w:id="{number}">{p(words)}</w:{kind}>'

    body = f"<w:p>{run('Rebels took Oakford')}{mark(2)}{run('.')}{mark(1)}<w:del>{mark(3)}</w:del>{mark(1, 'endnote')}</w:p>" + p(
        "The army left."
    )
    notes = note(0, "Separator.") + note(1, "Residents said so.") + note(2, "A town in the west.") + note(3, "Nobody said so.")
    found = lines(tmp_path, body, footnotes=notes, endnotes=note(1, "Last seen in May.", "endnote"))
    assert found == ["Rebels took Oakford.", "The army left.", "A town in the west.", "Residents said so.", "Last seen in May."]


def test_a_box_of_text_stands_once_after_what_it_hangs_on(tmp_path: Path) -> None:
    box = f"<w:txbxContent>{p('Nine dead.')}{table(('a', 'b'), ('c', 'd'))}</w:txbxContent>"
    both = f'<w:r><m:AlternateContent xmlns:m="m"><m:Choice>{box}</m:Choice><m:Fallback>{box}</m:Fallback></m:AlternateContent></w:r>'
    assert lines(tmp_path, f"<w:p>{run('Rebels took ')}{both}{run('Oakford.')}</w:p>" + p("The army left.")) == [
        "Rebels took Oakford.", "Nine dead.", "a | b", "c | d", "The army left.",
    ]  # fmt: skip


def test_what_is_not_printed_as_words_of_the_report_is_left_out(tmp_path: Path) -> None:
    body = (
        "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>Hidden. </w:t></w:r>" + run("Seen.") + "<w:r><w:instrText>DATE</w:instrText></w:r></w:p>"
    )
    body += f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{p('Click here to write.')}</w:sdtContent></w:sdt>"
    body += f"<w:sdt><w:sdtPr/><w:sdtContent>{p('Written.')}</w:sdtContent></w:sdt>"
    body += p("Rebels take Oakford 3", '<w:pStyle w:val="Verzeichnis1"/>') + "<w:sectPr/>"
    aside = {"comments": p("Are we sure?"), "header1": p("Not for quotation"), "footer1": p("Page 1 of 9")}
    assert lines(tmp_path, body, **aside) == ["Seen.", "Written."]


def test_no_day_name_or_old_title_is_taken_from_the_properties_of_a_file(tmp_path: Path) -> None:
    body = p("Weekly report on Oakford") + p("The army left on Monday.")
    old, printed = (report(tmp_path, docx(body, title=title)) for title in ("Report on the floods of March", "weekly report on  Oakford"))
    assert (old.title, old.author, old.published, old.revised) == ("Weekly report on Oakford", None, None, None)
    assert printed.title == "weekly report on Oakford"


# -- OpenDocument --------------------------------------------------------------------------------------------------------------------


def test_an_open_document_gives_its_words_as_they_are_printed(tmp_path: Path) -> None:
    body = "<text:p>The <text:span>army</text:span>\n   left<text:tab/>Oak<text:s text:c='2'/>Hill<text:line-break/>on Monday.</text:p>"
    body += "<text:p/><text:section><text:h>Needs</text:h></text:section>"
    body += "<text:section text:display='none'><text:p>Not shown.</text:p></text:section>"
    assert odt_lines(tmp_path, body) == ["The army left Oak Hill\non Monday.", "Needs"]


def test_changes_notes_boxes_and_remarks_in_an_open_document(tmp_path: Path) -> None:
    deleted = "<text:changed-region><text:deletion><text:p>Nobody was hurt.</text:p></text:deletion></text:changed-region>"
    note = "<text:note-citation>1</text:note-citation><text:note-body><text:p>Residents said so.</text:p></text:note-body>"
    box = "<draw:frame><draw:text-box><text:p>Nine dead.</text:p></draw:text-box></draw:frame>"
    remark = "<office:annotation><text:p>Are we sure?</text:p></office:annotation>"
    body = f"<text:tracked-changes>{deleted}</text:tracked-changes><text:table-of-content><text:p>Needs 3</text:p></text:table-of-content>"
    body += f"<text:p>Rebels took<text:change-start/> Oakford<text:note>{note}</text:note><text:change-end/>{box}{remark}.</text:p>{box}"
    body += "<text:p>The army left.</text:p>"
    found = read(tmp_path, odt(body), "a.odt")
    assert [item.code for item in found if isinstance(item, Failure)] == ["draft", "date"]
    assert isinstance(found[-1], Report)
    assert found[-1].text.split("\n\n") == ["Rebels took Oakford.", "Nine dead.", "Nine dead.", "The army left.", "Residents said so."]


def test_styles_lists_and_tables_of_an_open_document(tmp_path: Path) -> None:
    automatic = (
        '<style:style style:name="P1" style:parent-style-name="Title"/><style:style style:name="P2" style:parent-style-name="Figure"/>'
    )
    automatic += '<style:style style:name="H"><style:text-properties text:display="none"/></style:style>'
    levels = '<text:list-level-style-bullet text:level="1"/><text:list-level-style-number text:level="2"/>'
    automatic += f'<text:list-style style:name="L">{levels}</text:list-style>'
    inner = "<text:list><text:list-item><text:p>Two.</text:p></text:list-item></text:list>"
    body = '<text:p text:style-name="P1">Daily report no. 9</text:p><text:p>Fighting went on, the mission said.</text:p>'
    body += (
        f'<text:list text:style-name="L"><text:list-item><text:p>One.</text:p><text:p>More.</text:p>{inner}</text:list-item></text:list>'
    )
    body += '<text:p text:style-name="H">Hidden.</text:p><text:p><text:span text:style-name="H">Hidden.</text:span>Seen.</text:p>'
    cells = [
        "".join(f"<table:table-cell><text:p>{words}</text:p></table:table-cell>" for words in row)
        for row in (("Day", "What"), ("4 May", "A raid"))
    ]
    body += f"<table:table><table:table-header-rows><table:table-row>{cells[0]}</table:table-row></table:table-header-rows>"
    body += f"<table:table-row>{cells[1]}<table:covered-table-cell/></table:table-row></table:table>"
    body += '<text:p text:style-name="P2">A bridge</text:p>'
    found = report(tmp_path, odt(body, automatic=automatic, title="Some other report"), "a.odt")
    assert found.text.split("\n\n")[2:] == ["• One.", "More.", "Two.", "Seen.", "Day | What", "4 May | A raid", "A bridge"]
    assert (found.title, found.author, found.published) == ("Daily report no. 9", None, None)
    assert sections(found)[-1] == ("caption", "A bridge")


# -- what cannot be read -------------------------------------------------------------------------------------------------------------

OLD = b"\xd0\xcf\x11\xe0" + bytes(600)
DOCTYPE = '<!DOCTYPE w [<!ENTITY a "ha">]>'
LOCKED = f"<manifest:manifest {SPACES}><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>"


@pytest.mark.parametrize(
    ("content", "name", "code", "told"),
    [
        (OLD + "EncryptedPackage".encode("utf-16-le"), "a.docx", "encrypted", "open it with its password and save it without one"),
        (odt("", **{"META-INF/manifest.xml": LOCKED}), "a.odt", "encrypted", "open it with its password and save it without one"),
        (zipped({"mimetype": "application/vnd.oasis.opendocument.text", "encrypted-package": "x"}), "a.odt", "encrypted", "password"),
        (
            OLD,
            "a.docx",
            "broken",
            "is a document, sheet or letter of old Office (.doc, .xls, .msg); save it as .docx, PDF, HTML or plain text",
        ),
        (b"{\\rtf1 The army left.}", "a.docx", "broken", "is a document in RTF; save it as .docx, PDF, HTML or plain text"),
        (b"Word", "a.docx", "broken", "is no document of Word or OpenDocument; open it in its own program and save it again"),
        (b"", "a.odt", "broken", "is no document of Word or OpenDocument"),
        (docx(p("The army left."))[:-200], "a.docx", "broken", "is damaged, or no zip file"),
        (zipped({"word/other.xml": "<a/>"}), "a.docx", "broken", "has no part word/document.xml"),
        (zipped({"word/document.xml": "<a"}), "a.docx", "broken", "its part word/document.xml is damaged"),
        (zipped({"word/document.xml": f"{DOCTYPE}<w>&a;</w>"}), "a.docx", "broken", "has a DOCTYPE, which no word processor writes"),
        (zipped({"word/document.xml": b" " * (MAX_PART_BYTES + 1)}), "a.docx", "size", "unpacks to more than 50,000,000 bytes"),
        (docx(p("The army left Oakford. ") * 50_000), "a.docx", "size", "expected one report of at most 1,000,000"),
        (docx(p("")), "a.docx", "empty", "make their text readable first"),
        (zipped({"xl/workbook.xml": "x"}), "a.docx", "unsupported", "is a workbook; let its name end in .xlsx"),
        (zipped({"ppt/slides.xml": "x"}), "a.docx", "unsupported", "is a presentation; save it as PDF"),
        (zipped({"mimetype": "application/epub+zip"}), "a.odt", "unsupported", "is a book"),
        (zipped({"a.txt": "x"}), "a.docx", "unsupported", "is a zip archive; unpack it and name the folder"),
        (docx(p("The army left.")), "a.xlsx", "unsupported", "is a document of Word; let its name end in .docx"),
        (odt("<text:p>x</text:p>"), "a.xlsx", "unsupported", "is a document of OpenOffice; let its name end in .odt"),
        (docx(p("The army left.")), "a.txt", "binary", "let its name end in .docx or .odt"),
    ],
)
def test_what_is_no_readable_document_says_what_it_is_and_what_to_do(
    tmp_path: Path, content: bytes, name: str, code: str, told: str
) -> None:
    [failure] = read(tmp_path, content, name)
    assert isinstance(failure, Failure)
    assert failure.code == code
    assert told in failure.message


def test_a_part_with_a_password_of_the_archive_is_told(tmp_path: Path) -> None:
    raw = bytearray(docx(p("The army left.")))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = -1
        while (start := raw.find(mark, start + 1)) >= 0:
            raw[start + at] |= 1
    [failure] = read(tmp_path, bytes(raw), "a.docx")
    assert isinstance(failure, Failure)
    assert failure.code == "encrypted"


# -- ways in -------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["sitrep.docx", "sitrep.odt"])
def test_a_document_under_another_name_or_on_standard_input_is_told_by_its_contents(tmp_path: Path, name: str) -> None:
    raw = (FILES / name).read_bytes()
    known = report(tmp_path, raw, name).text
    assert report(tmp_path, raw, "sitrep.docm").text == report(tmp_path, raw, "sitrep").text == known
    [piped] = [item for item in read_inputs(["-"], stdin=io.BytesIO(raw)) if isinstance(item, Report)]
    assert piped.text == known


def test_a_document_attached_to_a_letter_speaks_for_the_sender_on_the_day_of_the_letter(tmp_path: Path) -> None:
    from email.message import EmailMessage

    letter = EmailMessage()
    letter["From"], letter["Date"], letter["Subject"] = "Relief Network <a@relief.example>", "Fri, 10 May 2019 10:00:00 +0000", "Report"
    letter.set_content("Attached is our situation report of this week.")
    letter.add_attachment((FILES / "sitrep.docx").read_bytes(), maintype="application", subtype="octet-stream", filename="Sitrep 74.DOCX")
    *_, attached = read(tmp_path, letter.as_bytes(), "a.eml", attachments=True)
    assert isinstance(attached, Report)
    assert (attached.outlet, str(attached.published), attached.title) == (
        "Relief Network",
        "2019-05-10",
        "Lakeland: Situation Report No. 74",
    )


def test_a_folder_reads_documents_among_others_and_a_bad_one_costs_no_other(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name, content in (
        ("a.docx", (FILES / "sitrep.docx").read_bytes()),
        ("b.docx", b"Word"),
        ("c.odt", (FILES / "sitrep.odt").read_bytes()),
    ):
        (tmp_path / "in" / name).write_bytes(content)
    found = [item for item in read_inputs([tmp_path / "in"]) if not (isinstance(item, Failure) and item.warning)]
    assert [type(item).__name__ for item in found] == ["Report", "Failure", "Report"]


def test_a_record_keeps_the_file_as_it_came_answers_from_it_and_can_be_verified(tmp_path: Path) -> None:
    path = str(tmp_path / "war.khabar")
    words = ["build", str(FILES / "sitrep.docx"), "--record", path, "--outlet", "Relief Network", "--published", "2019-05-10"]
    for command, said in ((words, "1 report read (1 new)"), (words, "1 report read (0 new)"), (["verify", path], "all hold")):
        result = CliRunner().invoke(cli.app, command)
        assert result.exit_code == 0, result.output
        assert said in result.output
    with Record.open(Path(path)) as record:
        [(name, kept)] = record.connection.execute("SELECT sha256, bytes FROM originals").fetchall()
    assert kept == (FILES / "sitrep.docx").read_bytes()
    assert name == hashlib.sha256(kept).hexdigest()
    asked = CliRunner().invoke(cli.app, ["claims", path, "--kind", "capture"])
    assert "Fighters of the Northern Front captured the town of Oakford on 7 May, residents said." in asked.output.replace("\n", " ")


@pytest.mark.parametrize("name", ["Ana Roe", "Jo Smith", "HP Lodge", "Kim Poe"])
def test_a_name_that_stands_only_in_what_no_report_takes_is_blanked(tmp_path: Path, name: str) -> None:
    margin = f"<w:p>{run('Ask A')}{run('na')}<w:r><w:br/></w:r>{run(' Roe')}</w:p><w:p>{run('Kim')}<w:r><w:tab/></w:r>{run('Poe')}</w:p>"
    body = p("The army left Oakford on Monday.") + '<w:p><w:del w:author="Jo Smith"><w:r><w:delText>all</w:delText></w:r></w:del></w:p>'
    found = report(tmp_path, docx(body, comments=margin, title="By HP Lodge"))
    with Record.create(tmp_path / "war.khabar") as record:
        record.add(Reading(found))
        with pytest.raises(QuestionError, match="stands in no report"):
            redact(record, "all", name="Oak Tree", reason="so", by="Jo")
        redact(record, "all", name=name, reason="a witness in danger", by="Jo")
        assert record.connection.execute("SELECT bytes FROM originals").fetchone()[0] == b""
