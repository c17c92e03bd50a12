"""Whose "our troops", "his men", "we" and "the terrorists" are: read from whole reports of wars that the registry knows."""

from __future__ import annotations

from datetime import date

import pytest

from khabar.model import Claim, Report
from khabar.reading import load_knowledge, read
from khabar.sections import split


def claims_of(text: str, *, kind: str, published: date = date(2024, 3, 4)) -> list[Claim]:
    report = Report("r", text, published=published, sections=split(text))
    return [claim for claim in read(report, load_knowledge()).claims if claim.kind == kind]


SUDAN = "KHARTOUM, Sudan (AP) — "

OWN = [
    ('"Our troops are still inside Malkan," an RSF spokesman said.', "RSF"),
    ('The army took Malkan on Friday. "Our troops control Malkan," an RSF spokesman said on Sunday.', "RSF"),
    ('The Rapid Support Forces denied it. "Our forces control Malkan," a spokesman for the group said.', "Rapid Support Forces"),
    ('The Rapid Support Forces denied it. "Our fighters control Malkan," the group\'s spokesman told AFP.', "Rapid Support Forces"),
    ('"Our fighters control Malkan," said Omar Sala, who speaks for the Rapid Support Forces.', "Rapid Support Forces"),
    ("An RSF spokesman said its forces control Malkan.", "RSF"),
    ("An RSF commander said his men control Malkan.", "RSF"),
    ('"We control Malkan," an RSF spokesman said.', "RSF"),
]


@pytest.mark.parametrize(("text", "body"), OWN, ids=[text[-45:] for text, _ in OWN])
def test_what_a_speaker_calls_his_own_is_his_bodys(text: str, body: str) -> None:
    claim = claims_of(SUDAN + text, kind="control_state")[-1]
    assert claim.actor is not None
    assert (claim.actor.text, claim.actor.id) == (body, "rapid-support-forces")


def test_a_body_that_no_list_has_is_found_in_the_words_of_the_speaker() -> None:
    (claim,) = claims_of(SUDAN + "A Red Army commander said his troops had seized Malkan.", kind="capture")
    assert claim.actor is not None
    assert (claim.actor.text, claim.actor.id) == ("Red Army", None)


@pytest.mark.parametrize("text", ['"Our soldiers seized Malkan," a teacher said.', '"Their troops seized Malkan," an RSF spokesman said.'])
def test_forces_that_are_not_the_speakers_stay_as_they_are_told(text: str) -> None:
    (claim,) = claims_of(SUDAN + text, kind="capture")
    assert claim.actor is not None
    assert claim.actor.text in ("soldiers", "troops")
    assert claim.actor.id is None


def test_a_we_of_nobody_in_the_war_is_nobody() -> None:
    (claim,) = claims_of(SUDAN + '"They attacked us in Malkan," a teacher said.', kind="attack")
    assert claim.recipient is None


def test_the_country_is_no_we() -> None:
    (claim,) = claims_of("Ten militants were killed in US airstrikes on Malkan in Somalia.", kind="airstrike")
    assert claim.actor is not None
    assert claim.actor.text == "US"


def test_who_speaks_for_a_body_speaks_as_it() -> None:
    claims = claims_of(SUDAN + 'The Rapid Support Forces left. "The army shelled Malkan," the group\'s spokesman said.', kind="shelling")
    assert [(link.text, link.id) for claim in claims for link in claim.attribution] == [("group's spokesman", "rapid-support-forces")]


def test_of_two_wars_in_a_report_the_army_is_that_of_the_country_told_of() -> None:
    text = (
        "Sudan's war went on in Khartoum, Omdurman and Nyala on Sunday, and Sudan's people fled. Sudan is hungry. "
        "In the Democratic Republic of Congo, Congolese villagers left. "
        '"The rebels attacked Goma," the army spokesman said.'
    )
    speakers = [link for claim in claims_of(text, kind="attack") for link in claim.attribution]
    assert [link.id for link in speakers] == ["fardc"]


def test_the_rebels_are_the_only_ones_that_were_named() -> None:
    text = "GOMA, Congo — The March 23 Movement took Sake on Friday. Families left the town. On Sunday the rebels attacked Goma."
    (claim,) = claims_of(text, kind="attack")
    assert claim.actor is not None
    assert (claim.actor.text, claim.actor.id) == ("March 23 Movement", "m23")


def test_of_two_groups_that_were_named_neither_is_the_rebels() -> None:
    text = (
        "GOMA, Congo — The March 23 Movement took Sake, and the Allied Democratic Forces took Katale. On Sunday the rebels attacked Goma."
    )
    (claim,) = claims_of(text, kind="attack")
    assert claim.actor is not None
    assert claim.actor.text == "rebels"


SYRIA = "DAMASCUS, Syria — "

TERRORISTS = [
    ("The army shelled positions of ISIS near Tal Marun on Monday. Ten terrorists were killed.", "islamic-state"),
    ("The army shelled positions of ISIS near Tal Marun on Monday. In Tal Zahra ten terrorists were killed.", None),
    ("The army shelled positions of ISIS and the al-Nusra Front on Monday. Ten terrorists were killed.", None),
    (
        "ISIS took Tal Marun. ISIS men looted shops. Families left. Roads were closed. Ten terrorists were killed on Sunday.",
        "islamic-state",
    ),
    ("ISIS took Tal Marun. ISIS men looted shops. Rebels left. Roads were closed. Ten terrorists were killed on Sunday.", None),
    ("ISIS and other armed groups fought near Tal Marun on Monday. Ten terrorists were killed.", None),
    ("The army fought the al-Nusra Front, al-Qaeda's branch, on Monday. Ten terrorists were killed.", "al-nusra-front"),
    ("Hezbollah fought ISIS near Tal Marun on Monday. Ten extremists were killed.", "islamic-state"),
    ("The army fought ISIS on Monday. Ten al-Qaeda-linked militants were killed.", None),
    ("The army fought ISIS on Monday. Ten jihadist fighters were killed.", "islamic-state"),
    ("The army fought (ISIS) fighters on Monday. Ten (ISIS) fighters were killed.", "islamic-state"),
    ("ISIS fought on near Tal Marun on Monday. Ten rival jihadists were killed.", "syria-jihadists-generic"),
]


@pytest.mark.parametrize(("text", "id"), TERRORISTS, ids=[text[-60:] for text, _ in TERRORISTS])
def test_terrorists_are_the_holy_warriors_named_just_before(text: str, id: str | None) -> None:
    (claim,) = claims_of(SYRIA + text, kind="casualties", published=date(2016, 3, 1))
    assert claim.recipient is not None
    assert claim.recipient.id == id


IDS = [
    ("The army attacked the last ISIS gatherings in Tal Marun.", "islamic-state"),
    ("The army attacked gatherings and movements of al-Nusra terrorists in Tal Marun.", "al-nusra-front"),
]


@pytest.mark.parametrize(("text", "id"), IDS)
def test_gatherings_of_men_are_their_body(text: str, id: str) -> None:
    (claim,) = claims_of(SYRIA + text, kind="attack", published=date(2016, 3, 1))
    assert claim.recipient is not None
    assert claim.recipient.id == id


PARTIES = [
    ("An army unit shelled Tal Marun on Monday.", "shelling", "syrian-arab-army"),
    ("The armys air force bombed Tal Marun on Monday.", "airstrike", "syrian-arab-air-force"),
    ("The army left Tal Sabra. Helicopters bombed Tal Marun on Monday.", "airstrike", "syrian-arab-air-force"),
    ("The army left Tal Sabra with Russian troops. Helicopters bombed Tal Marun on Monday.", "airstrike", None),
    ("The government of President Bashar al-Assad took Tal Marun on Monday.", "capture", "syrian-government"),
    ("The US-led coalition aircraft bombed Tal Marun on Monday.", "airstrike", "us-led-coalition"),
    ("Assads air force bombed Tal Marun on Monday.", "airstrike", "syrian-arab-air-force"),
    ("Militants from the al-Qaeda-linked Nusra Front group took Tal Marun on Monday.", "capture", "al-nusra-front"),
    ("The Kurdish Peoples Protection Units took Tal Marun on Monday.", "capture", "ypg"),
    ("Members of the US-backed Syrian Democratic Forces took Tal Marun on Monday.", "capture", "syrian-democratic-forces"),
    ("The Islamic State (IS) group took Tal Marun on Monday.", "capture", "islamic-state"),
    ("The Takfiri group ISIL took Tal Marun on Monday.", "capture", "islamic-state"),
    (
        "Opposition shelling of Tal Marun went on; four people died in opposition attacks on the town.",
        "attack",
        "syrian-opposition-generic",
    ),
    ("The army left Tal Sabra. A suicide bomber blew himself up in Tal Marun.", "suicide_bombing", None),
]


@pytest.mark.parametrize(("text", "kind", "id"), PARTIES)
def test_whom_common_words_mean(text: str, kind: str, id: str | None) -> None:
    actors = [claim.actor for claim in claims_of(SYRIA + text, kind=kind, published=date(2016, 3, 1))]
    assert [actor and actor.id for actor in actors] == [id]


def test_soldiers_are_those_of_the_only_state_that_is_named() -> None:
    text = "The army held Tal Marun. The al-Nusra Front killed ten soldiers in Tal Marun on Monday."
    (claim,) = claims_of(SYRIA + text, kind="casualties", published=date(2016, 3, 1))
    assert claim.recipient is not None
    assert claim.recipient.id == "syrian-arab-army"


def test_a_government_whose_apostrophe_was_lost_is_the_countrys() -> None:
    (claim,) = claims_of("Turkish jets shelled Tal Marun. Syrias government took Tal Marun.", kind="capture", published=date(2016, 3, 1))
    assert claim.actor is not None
    assert claim.actor.id == "syrian-government"


def test_an_abdel_rahman_is_no_legion() -> None:
    text = "DAMASCUS, Syria — Rockets fell on Tal Marun, said Rami Abdel Rahman. Rahman said the rebels had fired on Damascus."
    mentions = read(Report("r", text, published=date(2016, 3, 1), sections=split(text)), load_knowledge()).mentions
    assert "al-rahman-legion" not in {getattr(mention, "id", None) for mention in mentions}


def test_whoever_attacks_is_not_the_one_attacked() -> None:
    (claim,) = claims_of(SUDAN + "The army attacked them in Malkan after the RSF seized the town.", kind="attack")
    assert claim.recipient is None
