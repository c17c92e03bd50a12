"""Pages whose line breaks, commas or apostrophes a scraper has lost, and the prose that stands on them → what is claimed."""

from __future__ import annotations

from datetime import date

import pytest

from khabar.apostrophes import lost_apostrophes
from khabar.blocks import paragraphs
from khabar.model import Claim, Report
from khabar.reading import load_knowledge, read
from khabar.sections import split

STORY = "Rebels shelled Karsa on Monday killing ten people. The mayor fled."


def claims_of(text: str) -> tuple[Claim, ...]:
    return read(Report(id="r", text=text, published=date(2016, 10, 7), sections=split(text)), load_knowledge()).claims


def said(text: str) -> list[tuple[str, str | None, str | None, str | None, str]]:
    texts = ((c.kind, *(part and part.text for part in (c.actor, c.recipient, c.place)), c.modality) for c in claims_of(text))
    return sorted(texts, key=str)


def heads(text: str) -> list[str]:
    return [text[s.start : s.end].strip() for s in split(text) if s.kind == "headline"]


# -- standfirsts -----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("standfirst", "story"),
    [
        (
            "Date of publication 4 October 2016 Shells killed ten people in Karsa on Monday residents said.",
            f"Tags Karsa shelling rebels In the north {STORY}",
        ),
        ("7 October 2016 Rebels have shelled Karsa killing at least ten people on Monday.", f"Ten people died. {STORY}"),
        ("Rebels shelled Karsa on Monday killing ten people.", STORY),
    ],
    ids=["before-tags", "told-again", "word-for-word"],
)
def test_a_standfirst_claims_nothing(standfirst: str, story: str) -> None:
    text = f"{standfirst} {story}"
    assert heads(text) == [standfirst]
    assert all(c.start >= len(standfirst) for c in claims_of(text))
    assert [c.kind for c in claims_of(text) if "shelled" in text[c.start : c.end]] == ["shelling", "casualties"]


@pytest.mark.parametrize(
    ("tags", "story"),
    [
        ("Syria Karsa regime forces the Northern Front", "Syrian troops and pro-government gunmen repelled an attack by rebels on Karsa."),
        ("Karsa shelling rebels UK Parliament", "Eleven people were killed by shells in Karsa."),
        ("Karsa siege Tina Northern Front", "Rebels led by a colonel stormed the prison of Karsa."),
        ("Karsa Syrian regime war planes", "Nearly 60 people have died in Karsa."),
    ],
)
def test_tags_end_where_the_story_begins(tags: str, story: str) -> None:
    text = f"Date of publication 4 October 2016 Syrian shells hit Karsa in the night to Monday. Tags {tags} {story} The mayor fled."
    assert {text[c.start : c.end] for c in claims_of(text) if c.kind != "withdrawal"} == {story}


@pytest.mark.parametrize(
    "headline",
    [
        "7 October 2016 Ten killed as shells hit town in north.",
        "Fri Oct 7 2016 Rebels Deny Role in the Shelling of Karsa.",
        "07-10-2016 Mayor of Karsa flees the country after shelling.",
    ],
    ids=["without-articles", "in-capitals", "told-in-part"],
)
def test_behind_a_printed_day_a_line_in_headlinese_claims_nothing(headline: str) -> None:
    text = f"{headline} {STORY}"
    assert heads(text) == [headline]
    assert all(c.start >= len(headline) for c in claims_of(text))


@pytest.mark.parametrize(
    "text",
    [
        "7 October 2016 Rebels shelled Karsa killing ten people on Friday. The mayor fled and asked for help from abroad.",
        "7 October 2016 Rebels shelled the town of Karsa. A mayor fled.",
        "7 October 2016 Karsa fell. A mayor fled and asked for help.",
    ],
    ids=["with-its-day", "with-articles", "too-short"],
)
def test_a_sentence_behind_a_printed_day_is_no_headline_by_that_alone(text: str) -> None:
    assert heads(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "7 October 2016 Rebels shelled Karsa on Monday. The mayor spoke of ten dead and asked for help from the capital.",
        "Rebels shelled Karsa on Monday killing ten people. At least ten people were killed when the shells fell on Karsa, a doctor said.",
        "7 October 2016 Karsa NWS- Rebels shelled Karsa killing ten on Monday. Rebels killed ten on Monday as they shelled Karsa.",
    ],
    ids=["no-echo", "no-printed-day", "filed"],
)
def test_a_first_sentence_of_the_story_is_none(text: str) -> None:
    assert heads(text) == []


def test_a_story_that_follows_its_tags_begins_where_a_sentence_does() -> None:
    text = "3 May 2014 Shells fell on Karsa overnight. Tags Karsa North Front shelling Hundreds of people fled from Karsa. They walked."
    body = next(s for s in split(text) if s.kind == "body")
    assert text[body.start :].startswith("Hundreds of people")


# -- apostrophes -----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "owners"),
    [
        ("Syrias army took the citys northern quarter.", ["Syria", "city"]),
        ("The regimes shelling of Karsa killed six.", ["regime"]),
        ("Karsas mayor left Karsa.", ["Karsa"]),
        ("Syria's army took Syrias capital.", []),
        ("Hamas fighters left Hama.", []),
        ("Syrians and Rebels fled. The towns fell. NGOs left.", []),
        ("The United States bombed the Islamic State.", []),
    ],
)
def test_only_what_can_be_nothing_else_is_a_lost_possessive(text: str, owners: list[str]) -> None:
    found = lost_apostrophes(text, load_knowledge().registry)
    assert [text[:at].rpartition(" ")[2] for at in sorted(found)] == owners


def test_an_owner_without_its_apostrophe_is_read_as_one() -> None:
    (raid,) = [c for c in claims_of("The army launched eight air raids on the citys northern neighbourhoods.") if c.kind == "airstrike"]
    assert raid.place is not None
    assert raid.place.text == "citys northern neighbourhoods"


# -- prose -----------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The army launched an operation aimed at seizing Karsa.",
            [("attack", "army", None, "Karsa", "asserted"), ("capture", "army", None, "Karsa", "planned")],
        ),
        (
            "The Sham Legion launched an offensive in Sabra seizing vast areas.",
            [("attack", "Sham Legion", None, "Sabra", "asserted"), ("capture", "Sham Legion", None, "vast areas", "asserted")],
        ),
        ("The party voted against bombing Syria.", []),
        ("The truce did not take hold in Karsa.", [("agreement", None, None, "Karsa", "denied")]),
        ("The brokered truce does not include areas of the north.", [("agreement", None, None, None, "asserted")]),
        ("Facilities of the militia were also hit in Karsa.", [("attack", None, "Facilities of the militia", "Karsa", "asserted")]),
        (
            "Six civilians were killed and others were injured in Karsa.",
            [("casualties", None, "civilians", "Karsa", "asserted"), ("casualties", None, "others", "Karsa", "asserted")],
        ),
        ("About 30 people were affected in Karsa.", []),
        (
            "Outside Sabra, ten people were killed in army shelling on Karsa.",
            [("casualties", "army", "people", "Karsa", "asserted"), ("shelling", "army", None, "Karsa", "asserted")],
        ),
        (
            "More than 1,000 people have been killed in Syria's conflict.",
            [("casualties", None, "people", "Syria", "background")],
        ),
        (
            "Ten people were killed in the strikes on the villages which also wounded dozens.",
            [
                ("airstrike", None, None, "villages", "asserted"),
                ("casualties", None, "people", "villages", "asserted"),
                ("casualties", None, None, "villages", "asserted"),
            ],
        ),
        (
            "Two suicide bombers blew themselves up near the police building on Monday.",
            [("suicide_bombing", "suicide bombers", "police building", "near the police building", "asserted")],
        ),
    ],
)
def test_prose_of_scraped_pages(text: str, expected: list[tuple[str, str | None, str | None, str | None, str]]) -> None:
    assert said(text) == sorted(expected, key=str)


def test_a_suicide_bomber_is_no_aircraft() -> None:
    (claim,) = [c for c in claims_of("A Syrian suicide bomber killed ten soldiers in Karsa.") if c.kind == "casualties"]
    assert claim.actor is not None
    assert claim.actor.id is None


def test_those_killed_who_were_from_a_party_were_not_killed_by_it() -> None:
    claims = claims_of("Witnesses said most of the fighters killed in the attack were from the Sham Legion.")
    assert all(c.actor is None for c in claims)


# -- footers ---------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("footer", "kinds"),
    [
        ("Related News Air strike kills ten in Sabra Follow us on Instagram.", ["body", "boilerplate"]),
        ("Tags Karsa rebels shelling Community standards Comment via Harbour News", ["body", "boilerplate"]),
        ("Related Companies said rebels had shelled Sabra.", ["body"]),
    ],
    ids=["links", "tags", "a-sentence"],
)
def test_a_footer_that_ran_into_the_story_claims_nothing(footer: str, kinds: list[str]) -> None:
    text = f"Rebels took Karsa on Monday. The mayor spoke of a black day for the town and for the country. {footer}"
    assert [s.kind for s in split(text)] == kinds
    assert {c.kind for c in claims_of(text)} <= ({"capture"} if len(kinds) > 1 else {"capture", "shelling"})


@pytest.mark.rules_alone
def test_a_name_that_says_who_somebody_is_is_no_place() -> None:
    claims = claims_of("Air strikes hit a senior commander, Taysir al-Haddad, in a tower in Gaza City on Friday.")
    assert [c.place and c.place.text for c in claims if c.kind == "airstrike"] == ["Gaza City"]


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("Rebels had fled to the hills of Rif Sabra The town was retaken by the army on Monday.", "The town"),
        ("Karsa was captured by rebels in June 2015 Retaken by the army on 4 September 2016.", "Retaken"),
        ("A monitor watched the siege of Karsa (2014) Captured by rebels in mid-April 2014.", "Captured"),
        ("The bridge was lost and the guards went home The mayor stayed in Karsa.", "The mayor"),
    ],
    ids=["the", "after-a-year", "after-brackets", "no-name"],
)
def test_a_full_stop_that_was_lost_ends_its_sentence(text: str, cut: str) -> None:
    assert text.index(cut) in [start for start, _ in paragraphs(text, split(text))]


@pytest.mark.parametrize(
    "text",
    [
        "The monitor said The town was quiet.",
        "Rebels went into The town of Karsa.",
        "Rebels Seize Two Villages In Northern Karsa The ministry has not replied.",
        "He wrote for The Karsa Times.",
    ],
    ids=["said", "into", "title", "a-name"],
)
def test_a_capital_alone_ends_no_sentence(text: str) -> None:
    assert len(paragraphs(text, split(text))) == 1


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("The army stormed Sabra on Monday. Rebel commanders said they had pulled out of the town.", "Rebel commanders"),
        ("The rebels stormed Sabra on Monday. Army officers said that they withdrew from the town.", "Army officers"),
        ("The army stormed Sabra on Monday. Rebel leaders reported that they pulled out of the town.", "Rebel leaders"),
    ],
)
def test_those_who_speak_for_a_body_tell_of_themselves(text: str, who: str) -> None:
    left = [claim.actor.text for claim in claims_of(text) if claim.kind == "withdrawal" and claim.actor]
    assert left == [who]
