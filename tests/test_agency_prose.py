"""Sentences as agencies and papers write them, of several wars and with all their commas → what is claimed."""

from __future__ import annotations

from datetime import date

import pytest

from khabar.model import Claim, Report
from khabar.reading import load_knowledge, read
from khabar.sections import split

Said = tuple[str, str, str | None, str | None, str | None]


def claims_of(text: str) -> tuple[Claim, ...]:
    return read(Report(id="r", text=text, published=date(2025, 12, 1), sections=split(text)), load_knowledge()).claims


def said(text: str) -> list[Said]:
    return [
        (c.kind, c.modality, c.actor and c.actor.text, c.place and c.place.text, c.attribution[-1].text if c.attribution else None)
        for c in claims_of(text)
    ]


TOLD: list[tuple[str, list[Said]]] = [
    (
        "Wazalendo fighters entered Mweso on Sunday after militiamen had withdrawn from the town, according to Barza, a civil monitor.",
        [
            ("advance", "asserted", "Wazalendo fighters", "Mweso", "Barza"),
            ("withdrawal", "asserted", "militiamen", "Mweso", "Barza"),
        ],
    ),
    (
        "The rebels captured a string of hilltop positions west of Karsa on Saturday.",
        [("capture", "asserted", "rebels", "hilltop positions west of Karsa", None)],
    ),
    (
        "A missile hit a camp in Karsa, wounding seven, including two children, aid workers said.",
        [
            ("shelling", "asserted", None, "Karsa", "aid workers"),
            ("casualties", "asserted", None, "Karsa", "aid workers"),
            ("casualties", "asserted", None, "Karsa", "aid workers"),
        ],
    ),
    (
        "The army did not confirm the loss but reported 14 assaults repelled near Karsa.",
        [("repelled_attack", "asserted", None, "near Karsa", "army")],
    ),
    (
        "Soldiers have withdrawn from several streets on the eastern edge of Karsa.",
        [("withdrawal", "asserted", "Soldiers", "several streets on the eastern edge of Karsa", None)],
    ),
    (
        "Gunmen killed 15 soldiers in an attack on a detachment at Namissiguima, in the north of Burkina Faso.",
        [
            ("casualties", "asserted", "Gunmen", "Namissiguima", None),
            ("attack", "asserted", "Gunmen", "Namissiguima", None),
        ],
    ),
    (
        "Russian forces control most of the north of Karsa.",
        [("control_state", "asserted", "Russian forces", "most of the north of Karsa", None)],
    ),
    (
        "Gunmen attacked a convoy on the road from Karsa to Tina.",
        [("attack", "asserted", "Gunmen", "road from Karsa to Tina", None)],
    ),
    (
        "Gunmen raided a post in Karsa. The army said 40 rebels had been killed during the counter-offensive.",
        [("attack", "asserted", "Gunmen", "Karsa", None), ("casualties", "asserted", None, "Karsa", "army")],
    ),
    (
        "The army said it had entered Malkan, a market town on the road from El Obeid to Bara, and driven the rebels out.",
        [("advance", "asserted", "army", "Malkan", "army"), ("capture", "asserted", "army", "Malkan", "army")],
    ),
    (
        "The army said that its men had found 30 bodies in a school in Karsa.",
        [("casualties", "asserted", None, "school in Karsa", "army")],
    ),
    (
        "The base lost 20 soldiers in the raid.",
        [("casualties", "asserted", None, "base", None)],
    ),
    ("Some 3,000 people crossed into Chad.", [("displacement", "asserted", None, "Chad", None)]),
    ("A drone struck a market in El Obeid on Sunday.", [("airstrike", "asserted", None, "El Obeid", None)]),
    (
        "Two North Korean brigades are to be deployed to Kursk, state media reported.",
        [("redeployment", "planned", None, "Kursk", "state media")],
    ),
    ("The regime has not confirmed the loss of the outpost.", []),
    (
        "More than 40,000 people have fled North Kordofan, according to the International Organization for Migration.",
        [("displacement", "asserted", None, "North Kordofan", "International Organization for Migration")],
    ),
    ("The alliance launched Operation Thunder near Bira.", [("attack", "asserted", "alliance", "near Bira", None)]),
    (
        'The general said there was "no question of Russian control of the city".',
        [("control_state", "denied", "Russian", "city", "general")],
    ),
    (
        "The army took Bira before losing it again.",
        [("capture", "asserted", "army", "Bira", None), ("capture", "asserted", None, "Bira", None)],
    ),
    ("The army shot down five of the six missiles.", []),
    (
        "The army is in full control of Bira, state TV said, but activists said fighting continued in its eastern districts.",
        [
            ("clash", "asserted", None, "eastern districts", "activists"),
            ("control_state", "asserted", "army", "Bira", "state TV"),
        ],
    ),
    (
        "Analysts warn that rebels could cut off the capital if they keep control of the highways.",
        [("siege", "predicted", "rebels", "capital", "Analysts")],
    ),
    (
        "Forces loyal to the internationally recognised government captured Jabal Murad.",
        [
            ("capture", "asserted", "Forces loyal to the internationally recognised government", "Jabal Murad", None),
            ("allied_with", "asserted", "Forces", None, None),
        ],
    ),
    (
        "Rebels captured Bira. A colonel said fighting was under way around the town and denied that it had fallen.",
        [
            ("capture", "asserted", "Rebels", "Bira", None),
            ("clash", "asserted", None, "Bira", "colonel"),
            ("capture", "denied", "Rebels", "Bira", "colonel"),
        ],
    ),
    (
        "The attack on the camp was claimed by the group known as JNIM. It said that it had seized Bira.",
        [("attack", "asserted", "JNIM", "camp", None), ("capture", "asserted", "JNIM", "Bira", "JNIM")],
    ),
    ("The commander-in-chief, Omar Hadid, visited troops near Bira.", []),
]


@pytest.mark.parametrize(("text", "expected"), TOLD, ids=[text[:40] for text, _ in TOLD])
def test_what_is_claimed(text: str, expected: list[Said]) -> None:
    assert said(text) == expected


def test_a_number_without_a_noun_counts_those_of_the_verb_before() -> None:
    text = "A Russian attack on Kyiv overnight killed four people and wounded at least 27, the mayor said."
    tolls = {c.quantity.unit: (c.quantity.low, c.quantity.high) for c in claims_of(text) if c.quantity}
    assert tolls == {"killed": (4, 4), "injured": (27, None)}


def test_some_of_many_are_counted() -> None:
    shot = [c for c in claims_of("The army downed 405 of 430 drones over Kyiv.") if c.kind == "equipment_destroyed"]
    assert [(c.quantity.low, c.place and c.place.text) for c in shot if c.quantity] == [(405, "Kyiv")]


def test_a_platform_is_not_the_group_that_posts_there() -> None:
    text = "Rapid Support Forces captured Babanusa. In a statement on Telegram, the group said its fighters had seized weapons in Bara."
    assert {c.actor and c.actor.id for c in claims_of(text)} == {"rapid-support-forces"}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The rebels were helped by the SPLM-N faction led by Abdelaziz al-Hilu.", "Abdelaziz al-Hilu"),
        ("The faction led by Abu Musab al-Barnawi is allied with Islamic State.", "Abu Musab al-Barnawi"),
    ],
)
def test_a_name_goes_on_behind_the_article(text: str, name: str) -> None:
    (led,) = (c for c in claims_of(text) if c.kind == "commands")
    assert led.actor
    assert led.actor.text == name


def test_the_group_is_not_whoever_has_group_in_its_name() -> None:
    text = (
        "Mercenaries from the Africa Corps, which replaced the Wagner Group, left the base. Analysts warn that JNIM could cut off the "
        "capital. The group has imposed a blockade on the town of Kayes."
    )
    sieges = [(c.actor and c.actor.text, c.place and c.place.text, c.modality) for c in claims_of(text) if c.kind == "siege"]
    assert sieges == [("JNIM", "capital", "predicted"), ("JNIM", "Kayes", "asserted")]


def test_whoever_says_so_is_not_among_the_dead() -> None:
    text = "Militants attacked a camp on Thursday, killing at least 21 soldiers, the army and a local official said."
    assert [c.recipient and c.recipient.text for c in claims_of(text) if c.kind == "casualties"] == ["soldiers"]


def test_who_made_a_drone_does_not_fly_it() -> None:
    (strike,) = claims_of("Turkish-supplied drones bombed the militants' hideouts in the village of Elma.")
    assert strike.actor
    assert strike.actor.id is None


def test_what_lasted_until_an_event_had_that_end() -> None:
    text = "The town of Elma was a base of the militants until the army took it in December 2022."
    assert [(c.actor and c.actor.text, c.place and c.place.text) for c in claims_of(text) if c.kind == "capture"] == [("army", "Elma")]


def test_of_two_tolls_each_has_its_speaker_and_its_number() -> None:
    text = "Officials put the death toll at 45, while the rebels said that more than 100 people had died."
    told = [([link.text for link in c.attribution], c.quantity and c.quantity.low) for c in claims_of(text)]
    assert told == [(["Officials"], 45), (["rebels"], 100)]


def test_each_who_took_a_town_is_told_by_itself() -> None:
    text = "The town of Bira, captured by rebels in 2013 and retaken by the army in 2016, was shelled again on Sunday."
    told = [(c.kind, c.actor and c.actor.text, c.recipient and c.recipient.text) for c in claims_of(text)]
    assert told == [("capture", "rebels", None), ("capture", "army", None), ("shelling", None, None)]


def test_an_oath_has_its_year() -> None:
    (oath,) = claims_of("The Red Brigade pledged allegiance to the Islamic State in 2014.")
    assert (oath.date_start, oath.date_end) == (date(2014, 1, 1), date(2014, 12, 31))


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("On Sunday the Ombudsman's Office said nine people had been killed in Bira.", "Ombudsman's Office"),
        ("Nine people were killed in Bira, Sudan's Sovereign Council said.", "Sovereign Council"),
    ],
)
def test_whose_office_it_is_belongs_to_its_name(text: str, speaker: str) -> None:
    (toll,) = (c for c in claims_of(text) if c.kind == "casualties")
    assert [link.text for link in toll.attribution] == [speaker]


def test_of_two_participles_each_has_its_own_number() -> None:
    text = "The channel reported about 40 farmers killed and more than 150 herders injured in the raid on Karsa."
    tolls = [
        (c.recipient and c.recipient.text, c.quantity and (c.quantity.low, c.quantity.unit))
        for c in claims_of(text)
        if c.kind == "casualties"
    ]
    assert tolls == [("farmers", (40, "killed")), ("herders", (150, "injured"))]


def test_a_toll_of_the_injured_counts_no_dead() -> None:
    tolls = [c.quantity for c in claims_of("The hospital put the injury toll at more than 110.")]
    assert [(q.low, q.unit) for q in tolls if q] == [(110, "injured")]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Prices of bread shot up in Mweso on Monday.", []),
        ("Police seized guns and medicines in Mweso.", ["equipment_captured"]),
        ("The ministry rebuffed attempts to isolate its ally.", ["statement"]),
        ("The army has established a total of 56 military observation points in Mweso.", ["base_established"]),
        ("Many pupils took part in peaceful marches in Mweso.", ["protest"]),
        ("Armoured police vehicles patrolled central Mweso on Sunday.", ["redeployment"]),
        ("A guard was shot at a checkpoint in Mweso.", ["casualties"]),
        ("Families in Mweso were hit by an air raid with poison gas.", ["chemical_attack"]),
    ],
)
def test_what_is_told_is_told_as_its_own_kind(text: str, kinds: list[str]) -> None:
    assert [c.kind for c in claims_of(text)] == kinds


def test_our_forces_are_the_body_that_the_speaker_speaks_for() -> None:
    text = 'GOMA, Congo (AP) — "Our forces are in control of Sake," the army\'s spokesman in the province, Omar Bisimwa, told AFP.'
    (claim,) = [c for c in claims_of(text) if c.kind == "control_state"]
    assert claim.actor is not None
    assert (claim.actor.id, claim.attribution[-1].id) == ("fardc", "fardc")


def test_forces_that_nobody_calls_ours_are_not_the_speakers() -> None:
    text = 'GOMA, Congo (AP) — "Their forces are in control of Sake," the army\'s spokesman in the province, Omar Bisimwa, told AFP.'
    assert [c.actor and c.actor.id for c in claims_of(text) if c.kind == "control_state"] == [None]
