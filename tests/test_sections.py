"""What must be true of sections: nothing but the story speaks in the outlet's voice, and nothing of the story is lost."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from khabar.blocks import paragraphs
from khabar.sections import split

SEEDS = Path(__file__).parents[2] / "shared" / "seeds"

LEAD = "Fighters of the Northern Front took the town of Qalam on Monday, residents said."
MORE = "The army said that its units had left the town in order to spare the civilians in it."


def kinds(text: str, *, title: str | None = None) -> list[tuple[str, str]]:
    return [(section.kind, text[section.start : section.end].strip()) for section in split(text, title=title)]


def page(*blocks: str) -> str:
    return "\n\n".join(blocks)


def kind_of(words: str, text: str, *, title: str | None = None) -> str:
    at = text.index(words)
    return next(section.kind for section in split(text, title=title) if section.start <= at < section.end)


LINES = st.sampled_from(
    [
        LEAD,
        MORE,
        "Talks resume",
        "• Jo Smith says:",
        "• no name here",
        "    indented words of somebody.",
        "Reply",
        "12 Comments",
        "Share Tweet",
        "Related stories",
        "Please subscribe to our newsletter.",
        "IMG_2041",
        "This image shows the bridge:",
        "The bridge. REUTERS/Ana Roe",
        "Ana Roe is a senior fellow at the Harbour Institute.",
        "",
        " ",
        "\t",
        "العربية",
        "\u2028",
        "14:35",
    ]
)


@given(st.one_of(st.text(max_size=200), st.lists(LINES, max_size=25).map("\n".join), st.lists(LINES, max_size=25).map("\r\n\r\n".join)))
def test_sections_tile_the_text(text: str) -> None:
    sections = split(text, title="Talks resume")
    assert "".join(text[section.start : section.end] for section in sections) == text
    assert all(section.start < section.end for section in sections)
    assert all(section.author is None or section.kind == "comment" for section in sections)


@given(st.lists(LINES, max_size=25).map("\n".join))
def test_paragraphs_hold_every_word_once_and_cross_no_section(text: str) -> None:
    sections = split(text)
    spans = paragraphs(text, sections)
    assert "".join("".join(text[a:b] for a, b in spans).split()) == "".join(text.split())
    assert all(text[a:b] == text[a:b].strip() for a, b in spans)
    assert all(any(s.start <= a and b <= s.end for s in sections) for a, b in spans)


def cues() -> list[tuple[str, str, str]]:
    raw = yaml.safe_load(files("khabar").joinpath("knowledge/sections.yaml").read_text("utf-8"))
    return [(name, e["pattern"], e["example"]) for name, entries in raw.items() for e in entries if isinstance(e, dict)]


@pytest.mark.parametrize(("name", "pattern", "example"), cues(), ids=lambda value: str(value)[:30])
def test_each_cue_matches_its_own_example(name: str, pattern: str, example: str) -> None:
    begins, within = ("appeal", "biography", "caption_start"), ("credit", "no_biography", "footer_opens", "footer_closes", "lost_stop")
    how = re.match if name in begins else re.search if name in within else re.fullmatch
    assert how(pattern, example, re.I)


@pytest.mark.parametrize("example", [example for name, _, example in cues() if name in ("appeal", "line")])
def test_appeals_and_navigation_are_boilerplate_after_a_story(example: str) -> None:
    assert kind_of(example, page(LEAD, MORE, example)) == "boilerplate"


@pytest.mark.parametrize(
    "sentence",
    [
        "The minister asked people to support our army and to share what they know with the police.",
        "Read on state television, the statement said that the army had left the harbour.",
        '"Help us," one of the wounded fighters cried as the shelling went on.',
        "Donations from abroad paid for the weapons that the brigade took to the front.",
        "Images released by the group show its fighters inside the base at Qalam.",
        "Related fighting in the north killed eleven soldiers on Sunday, the monitor said.",
        "Colonel Adel Omran is the director of the prison that the rebels seized.",
        "Residents said:",
        "Harbour Rights Watch reports that twelve people were killed in the shelling.",
        "Karim Hadi was a photographer who died when the army shelled the bridge.",
        "Karim Hadi is a journalist captured by the brigade in March.",
        "By Sunday evening the rebels had taken the bridge.",
    ],
)
def test_sentences_of_the_story_stay_body(sentence: str) -> None:
    assert kind_of(sentence, page("Rebels take Qalam", LEAD, sentence, MORE)) == "body"
    assert kind_of(sentence, page("Rebels take Qalam", LEAD, MORE, sentence)) == "body"


def test_named_comments_run_on_to_the_next_and_keep_their_authors() -> None:
    text = page(
        LEAD,
        "Thank you for reading.",
        "  • harbour rat says:",
        "    Good news for the valley.",
        "    And a second thought.",
        "  • Nobody gave a name with this one.\n    It has two lines.",
        "  • Jo Smith says:",
        "    I doubt it.",
        "\n\nAll wars",
        "Northern Front",
    )
    found = [(s.kind, s.author) for s in split(text)]
    assert found == [
        ("body", None),
        ("boilerplate", None),
        ("comment", "harbour rat"),
        ("comment", None),
        ("comment", "Jo Smith"),
        ("boilerplate", None),
    ]
    assert kind_of("And a second thought", text) == "comment"
    assert kind_of("It has two lines", text) == "comment"


@pytest.mark.parametrize(
    "opening",
    ["Posted by Jo Smith on 3 May 2014", "Jo Smith wrote on 3 May 2014:", "Jo Smith • 3 days ago", "Jo Smith said...", "• Jo Smith says:"],
)
def test_forms_of_comments(opening: str) -> None:
    text = page(LEAD, MORE, "Leave a Reply", opening, "They never took the bridge.", opening.replace("Jo Smith", "Ana Roe"), "They did.")
    assert [s.author for s in split(text) if s.kind == "comment"] == ["Jo Smith", "Ana Roe"]


def test_after_a_comments_header_a_name_on_a_line_is_the_author() -> None:
    text = page(
        LEAD,
        MORE,
        "2 Comments",
        "Jo Smith",
        "3 days ago",
        "They never took the bridge at all.",
        "Reply",
        "Ana Roe",
        "They did take it, I was there.",
    )
    assert [s.author for s in split(text) if s.kind == "comment"] == ["Jo Smith", "Ana Roe"]


def test_bulleted_statements_of_the_parties_are_no_comments() -> None:
    text = page(
        LEAD, "What the Front and the Council say.", "• Front says:", "The town is ours.", "• Council says:", "The town is not lost.", MORE
    )
    assert {s.kind for s in split(text)} == {"body"}


def test_comment_form_and_other_stories_after_comments_are_not_comments() -> None:
    text = page(
        LEAD, "Thank you for reading.", "• Jo Smith says:", "No.", "Leave a Reply", "Name", "Related stories", "Rebels take the harbour"
    )
    assert [s.kind for s in split(text)] == ["body", "boilerplate", "comment", "boilerplate"]


def test_pictures_their_captions_and_credits() -> None:
    text = page(
        "Rebels take Qalam",
        "Fighters by the harbour\nFighters by the harbour. REUTERS/Ana Roe",
        LEAD,
        "This map shows the front in May:",
        "Before map",
        "Fighters on the old bridge of Qalam:",
        "IMG_2041",
        MORE,
    )
    captions = [words for kind, words in kinds(text) if kind == "caption"]
    assert captions == [
        "Fighters by the harbour",
        "Fighters by the harbour. REUTERS/Ana Roe",
        "This map shows the front in May:",
        "Before map",
        "Fighters on the old bridge of Qalam:",
        "IMG_2041",
    ]
    assert kind_of(MORE, text) == "body"


def test_biography_counts_only_for_people_the_story_does_not_speak_of() -> None:
    about = "Ana Roe is a senior fellow at the Harbour Institute."
    assert kind_of(about, page("Rebels take Qalam", LEAD, MORE, about)) == "boilerplate"
    assert kind_of(about, page("Rebels take Qalam", LEAD, MORE, "The bridge is lost, said Roe.", about)) == "body"


def test_subheading_is_a_headline_but_a_list_of_places_is_body() -> None:
    text = page("Rebels take Qalam", LEAD, "A long siege", MORE, "Taken on Monday:", "Qalam", "Old Mill", "Tell Sabra")
    assert kinds(text)[0] == ("headline", "Rebels take Qalam")
    assert kind_of("A long siege", text) == "headline"
    assert kind_of("Tell Sabra", text) == "body"


def test_time_stamps_of_a_live_page_are_body() -> None:
    assert kind_of("14:35", page(LEAD, "14:35", MORE)) == "body"


def test_one_line_alone_is_body_even_without_a_full_stop() -> None:
    assert kinds("Rebels take Qalam") == [("body", "Rebels take Qalam")]


@pytest.mark.parametrize("head", ["", "Mon 5 May 2014 ", "Monday 5 May 2014 14:20 "])
def test_a_known_title_is_the_headline_of_a_text_without_line_breaks(head: str) -> None:
    text = f"{head}Rebels take Qalam. {LEAD}"
    assert kinds(text, title="Rebels take Qalam") == [("headline", f"{head}Rebels take Qalam."), ("body", LEAD)]
    assert paragraphs(text, split(text, title="Rebels take Qalam"))[1] == (len(text) - len(LEAD), len(text))


def test_a_sentence_that_only_begins_like_the_title_is_body() -> None:
    text = "Rebels take Qalam after a night of fighting. " + MORE
    assert kinds(text, title="Rebels take Qalam") == [("body", text)]


def test_a_line_break_is_a_border_unless_the_text_is_wrapped() -> None:
    assert len(paragraphs(f"{LEAD}\n{MORE}")) == 2
    wrapped = (
        "The fighters took the town of Qalam\non Monday and went on to the bridge\nwhich the army had left a day before\n"
        "the talks in the harbour town began.\n\nNobody was hurt in the old quarter\nof the town, its mayor said later."
    )
    assert [wrapped[a:b][:12] for a, b in paragraphs(wrapped)] == ["The fighters", "Nobody was h"]


def test_a_sentence_broken_by_a_link_stays_whole() -> None:
    text = f"{LEAD}\n\nThe town was held by the\nNorthern Front\nuntil spring."
    assert len(paragraphs(text)) <= 3
    assert text[slice(*paragraphs(text)[1])].startswith("The town was held by the\nNorthern Front")


def test_a_million_characters_without_a_break_take_no_time() -> None:
    assert [s.kind for s in split("a (by: " * 140_000)] == ["body"]


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the two seed reports are not here")
def test_seed_reports() -> None:
    by_name = {path.name: path.read_text("utf-8") for path in SEEDS.glob("*.txt")}
    lwj, f24 = by_name["seed_lwj.txt"], by_name["seed_f24.txt"]
    comments = [s for s in split(lwj) if s.kind == "comment"]
    assert len(comments) == lwj.count("  • ") == 6
    assert [s.author is None for s in comments] == [False, False, False, True, False, False]
    assert all(kind_of(m, lwj) == "caption" for m in re.findall(r"Screen Shot.*", lwj))
    for words in ("Are you a dedicated", "Senior Fellow at", "Boko Haram"):
        assert kind_of(words, lwj) == "boilerplate"
    assert kind_of("newsletter", f24) == kind_of("Take international", f24) == "boilerplate"
    assert [s.kind for s in split(f24)[:4]] == ["headline", "caption", "caption", "body"]
