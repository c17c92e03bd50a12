"""Who was killed or hurt, how many and by whom, and what sentences tell of no act at all, in invented sentences of many wars."""

from __future__ import annotations

from datetime import date

import pytest

from khabar.model import Claim, Report, Section
from khabar.reading import load_knowledge, read


def claims_of(text: str) -> tuple[Claim, ...]:
    report = Report("example", text, published=date(2020, 6, 9), sections=(Section("body", 0, len(text)),))
    return read(report, load_knowledge()).claims


def tolls(text: str) -> list[str]:
    """ "doer > sufferer: number unit", a dash for what is not told."""
    found = []
    for claim in claims_of(text):
        if claim.kind in ("casualties", "killing") and claim.modality in ("asserted", "background"):
            who, whom = (part.text if part else "-" for part in (claim.actor, claim.recipient))
            number = claim.quantity
            found.append(f"{who} > {whom}: {number.low} {number.unit}" if number else f"{who} > {whom}: -")
    return found


def asserted(text: str) -> list[str]:
    return [claim.kind for claim in claims_of(text) if claim.modality == "asserted"]


def told(text: str) -> list[str]:
    found = []
    for claim in claims_of(text):
        who, whom, where = (part.text if part else "-" for part in (claim.actor, claim.recipient, claim.place))
        found.append(f"{claim.kind}: {who} > {whom} @ {where}")
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The death toll from Thursday's twin bombings in Maiduguri rose to 31 from 24 after seven people succumbed to their injuries.",
            "- > -: 31 killed",
        ),
        (
            "At least 40 civilians were killed and scores wounded in three days of shelling of Karsa by government forces.",
            "government forces > civilians: 40 injured",
        ),
        (
            "Police fired live rounds to disperse demonstrators in Karsa, killing three and wounding at least 87, a committee said.",
            "Police > -: 87 injured",
        ),
        ("The army raised the toll from the Karsa attack to 71 dead, 12 wounded and several missing.", "- > -: 12 injured"),
        ("At least six people were killed and 14 wounded when gunmen attacked a checkpoint.", "gunmen > people: 14 injured"),
        (
            "Shelling hit the airport of Karsa, leaving six of its defenders dead and 13 with shrapnel wounds.",
            "- > defenders: 13 injured",
        ),
        (
            "Shelling hit the airport of Karsa, leaving six of its defenders dead and 13 with shrapnel wounds.",
            "- > defenders: 6 killed",
        ),
        (
            "Peacekeepers came under attack near Karsa, leaving one soldier dead and four missing.",
            "- > soldier: 4 missing",
        ),
        (
            "A roadside bomb tore through a minibus in Karsa on Monday morning, wounding at least ten, among them three women.",
            "- > -: 10 injured",
        ),
        ("Two of the attackers were killed and one was wounded.", "- > -: 1 injured"),
        ("Shells fell on Karsa, killing one and injuring four.", "- > -: 1 killed"),
        (
            "The truce was broken within hours when shells fell on the northern suburbs of Tripoli, killing one and injuring four, "
            "including a Bangladeshi worker.",
            "- > -: 4 injured",
        ),
        ("Among the wounded were the deputy governor and a correspondent.", "- > correspondent: 1 injured"),
    ],
    ids=[
        "rose to, from",
        "scores wounded",
        "wounding at least",
        "dead and wounded",
        "and 14 wounded",
        "with wounds",
        "six of them dead",
        "and four missing",
        "at least ten",
        "one was",
        "killing one",
        "injuring four",
        "among the wounded",
    ],
)
def test_each_toll_has_its_own_number(text: str, expected: str) -> None:
    assert expected in tolls(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Three soldiers and a contractor were killed when their convoy struck an explosive device near Karsa.",
            ["- > soldiers: 3 killed", "- > contractor: 1 killed"],
        ),
        (
            "Haitian police traded fire with members of the Marou gang in Karsa, leaving two officers dead and one gang member wounded.",
            ["- > officers: 2 killed", "- > gang member: 1 injured"],
        ),
        (
            "Protesters hurled stones at UN peacekeepers in Goma on Tuesday, and the peacekeepers responded with warning shots and tear "
            "gas, injuring about 50 people.",
            ["UN peacekeepers > people: 50 injured"],
        ),
        ("The shooting of two teenagers by soldiers in Karsa set off protests.", ["soldiers > teenagers: 2 people"]),
        (
            "The gunmen spared the women but executed nine men, all of them Hazara miners, after separating them from the others.",
            ["gunmen > men: 9 killed"],
        ),
    ],
    ids=["their own convoy", "what a fight left", "who answered", "the shooting of", "all of them"],
)
def test_who_took_a_toll_and_of_whom(text: str, expected: list[str]) -> None:
    assert tolls(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Heavy rains and floods have killed 62 people across Sudan since June.",
        "A bus plunged into a ravine in Nepal, killing 18 passengers and injuring 20.",
        "A factory fire killed 30 workers in Dhaka.",
        "A cholera outbreak has killed more than 300 people in Sanaa since April.",
        "Children are dying of cold in Karsa.",
        "Three people died and 20 were missing after a boat carrying refugees sank off Teknaf.",
    ],
    ids=["floods", "bus", "fire", "illness", "cold", "boat"],
)
def test_nature_and_mishap_take_no_toll_of_war(text: str) -> None:
    assert tolls(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Two pilots died in a helicopter crash near Karsa.", "- > pilots: 2 killed"),
        ("Six children drowned when their boat was hit by a shell near Karsa.", "- > children: 6 killed"),
    ],
    ids=["aircraft", "shelled"],
)
def test_what_may_have_been_brought_about_is_told(text: str, expected: str) -> None:
    assert expected in tolls(text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("No faction has said that it fired the rounds.", "shelling"),
        ("No one has claimed the blast in Karsa.", "bombing"),
        ("Repair crews wait for a ceasefire in Karsa.", "agreement"),
        ("A photograph of the road near Karsa shows two burnt-out tanks.", "equipment_destroyed"),
        ("Courts in Karsa sentenced three of the generals to death.", "casualties"),
        ("The opposition leader launched a blistering attack on the president's tax bill in parliament.", "attack"),
        ("The ruling party won after a bruising battle for the capital's mayoralty.", "clash"),
        ("The opposition accused the government of losing the battle against inflation.", "clash"),
        ("The finance minister survived a vote after coming under fire from his own party.", "attack"),
        ("The law allows the police to detain suspects for 90 days.", "arrest"),
        ("An exhibition on the siege of Karsa opened at the national museum.", "siege"),
        ("The report lists ways in which armed groups kill and maim children.", "casualties"),
        ("A court-martial acquitted the captain of murdering two prisoners.", "killing"),
        ("The minister denied that his troops were responsible for the deaths of the two nurses.", "casualties"),
        ("The government's campaign against corruption has claimed its first victims: two ministers resigned.", "attack"),
        ("Firefighters battled the blaze for six hours.", "clash"),
        ("He attacked the ruling as an outrage.", "attack"),
        ("The strike by doctors has paralysed hospitals in Harare.", "airstrike"),
        ("Gunmen opened fire on a helicopter; no one was hurt.", "casualties"),
        ("An army spokesman dismissed as propaganda reports that 30 soldiers had been captured near Karsa.", "arrest"),
    ],
    ids=[
        "nobody said",
        "nobody claimed",
        "waited for",
        "burnt-out",
        "sentenced",
        "a bill",
        "mayoralty",
        "inflation",
        "his party",
        "law",
        "exhibition",
        "ways",
        "acquitted",
        "responsible",
        "a campaign",
        "a blaze",
        "a ruling",
        "doctors",
        "no one",
        "as propaganda",
    ],
)
def test_what_nobody_says_to_have_happened(text: str, kind: str) -> None:
    assert kind not in asserted(text)


def test_what_is_protested_against_took_place() -> None:
    assert "casualties" in asserted("Activists called for protests on Friday against the killing of the cleric.")


def test_how_many_died_is_asked() -> None:
    assert claims_of("Officials did not say how many soldiers were killed.") == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Missiles struck a power station in Lviv and an ammunition depot in Ternopil.",
            ["shelling: - > power station @ Lviv", "shelling: - > ammunition depot @ Ternopil"],
        ),
        (
            "Drone strikes on a fuel depot in Tina and an airfield near Kursk caused fires.",
            ["airstrike: - > fuel depot @ Tina", "airstrike: - > airfield @ airfield near Kursk"],
        ),
        ("Four guards fled when rebels ambushed their patrol in Karsa.", ["attack: rebels > patrol @ Karsa"]),
        ("The bus was full when it was hit by gunfire near Karsa.", ["attack: - > bus @ near Karsa"]),
        ("The hostages taken at the gas plant of Karsa were freed.", ["abduction: - > hostages @ gas plant of Karsa"]),
        ("Gunmen seized nine pupils in Karsa.", ["abduction: Gunmen > pupils @ Karsa"]),
        (
            "Militants blew up the tomb of a Sufi saint and burned three churches in Karsa.",
            ["bombing: Militants > tomb of a Sufi saint @ Karsa"],
        ),
        (
            "Nineteen people, including four policemen, were killed and 40 wounded in two suicide bombings in Karsa blamed on Boko Haram.",
            ["suicide_bombing: Boko Haram > - @ Karsa"],
        ),
    ],
    ids=["each in its place", "list of strikes", "their patrol", "gunfire", "taken", "seized", "tomb", "blamed on"],
)
def test_what_was_hit_and_where(text: str, expected: list[str]) -> None:
    found = told(text)
    assert all(claim in found for claim in expected)


def test_kidnappers_seized_more_than_they_killed() -> None:
    claims = claims_of("Kidnappers have killed three of the 16 students they seized in Karsa.")
    assert [claim.quantity.low for claim in claims if claim.quantity] == [3, 16]


def test_a_lorry_is_not_as_many_as_the_stalls_beside_it() -> None:
    claims = claims_of("The raid destroyed 14 stalls and a fuel truck in Karsa.")
    assert [claim.quantity for claim in claims if claim.recipient and claim.recipient.text == "fuel truck"] == [None]


def test_by_whose_account_it_is_stands_before_what_follows() -> None:
    claims = claims_of(
        "A coalition airstrike in Saada killed at least 87 people, according to MSF, making it the deadliest in three years."
    )
    assert {link.text for claim in claims for link in claim.attribution} == {"MSF"}


def test_who_fled_is_counted_apart_from_who_was_killed() -> None:
    claims = claims_of("In all, 205 people have been killed including 18 civilians and more than 25,000 have fled their homes.")
    assert [claim.quantity.low for claim in claims if claim.kind == "displacement" and claim.quantity] == [25_000]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Twin suicide attacks on a market in Baga Sola killed 37 people and left 52 injured.",
            ["- > people: 37 killed", "- > people: 52 injured"],
        ),
        (
            "Ten days of bombardment have killed at least 132, 80 of them civilians, and wounded several hundred, the Observatory said.",
            ["- > -: 132 killed", "- > civilians: 80 killed", "- > -: 300 injured"],
        ),
        (
            "Two schoolgirls were among five people killed by stray bullets in Karsa.",
            ["- > people: 5 killed", "- > schoolgirls: 2 killed"],
        ),
        pytest.param(
            "The suspected bomber, a 19-year-old student, was shot and died in hospital.",
            ["- > suspected bomber: -", "- > suspected bomber: 1 killed"],
            marks=pytest.mark.rules_alone,
        ),
        (
            "The bombing claimed the lives of 16 people and left another 34 in hospital.",
            ["- > people: 16 killed", "- > -: 34 injured"],
        ),
        (
            "Gunmen killed 13 policemen in Guerrero, and in neighbouring Michoacan four soldiers died in a shoot-out with a cartel.",
            ["Gunmen > policemen: 13 killed", "- > soldiers: 4 killed"],
        ),
        (
            "Two people were reported killed and at least two others injured in a strike on the town of Karsa.",
            ["- > people: 2 killed", "- > others: 2 injured"],
        ),
        ("Two bombers killed 23 people as well as themselves in Karsa.", ["bombers > people: 23 killed"]),
    ],
    ids=["left injured", "80 of them", "among five people", "one man", "in hospital", "where before how many", "two others", "themselves"],
)
def test_all_tolls_of_a_sentence(text: str, expected: list[str]) -> None:
    assert tolls(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The rebels captured 43 government soldiers and two armoured cars in Karsa.",
            ["equipment_captured: rebels > armoured cars @ Karsa", "arrest: rebels > government soldiers @ Karsa"],
        ),
        (
            "The raid destroyed 14 stalls and a fuel truck in Karsa.",
            ["equipment_destroyed: - > fuel truck @ Karsa", "looting_destruction: - > stalls @ Karsa"],
        ),
        (
            "Paramilitaries looted the market, the hospital and hundreds of homes in Wad Madani, residents said.",
            [f"looting_destruction: Paramilitaries > {what} @ Wad Madani" for what in ("market", "hospital", "homes")],
        ),
        ("Two ambulances were hit by sniper fire in Karsa.", ["attack: - > ambulances @ Karsa"]),
        ("Troops backed by jets and tanks took Karsa.", ["capture: Troops > - @ Karsa"]),
    ],
    ids=["men and cars", "stalls and a lorry", "a list of buildings", "sniper fire", "their own arms"],
)
def test_all_that_a_sentence_tells(text: str, expected: list[str]) -> None:
    found = told(text)
    assert all(claim in found for claim in expected)
    assert len([claim for claim in found if not claim.startswith(("attack", "bombing", "clash"))]) <= len(expected)
