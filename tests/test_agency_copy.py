"""What agencies' own turns of phrase claim, and what they do not. The sentences are invented."""

from __future__ import annotations

from datetime import date

import pytest

from khabar.model import Report, Section
from khabar.reading import load_knowledge, read
from test_unseen_prose import claims_of, told


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        (
            '"Ten people were killed in Karsa" the Monitor said adding that a rebel commander was among the dead.',
            [["Monitor"], ["Monitor"]],
        ),
        ("According to the United Nations there are currently 592700 people living under siege in Sudan.", [["United Nations"]]),
        ("The army took the town of Karsa from the rebels MENA reports.", [["MENA"]]),
        (
            "The hospital which was under the control of government forces was targeted by a radical rebel group Sudanese"
            " state TV reports.",
            [["Sudanese state TV"]] * 2,
        ),
        (
            "One person was killed in central Khartoum on Wednesday by rebel fire from its outskirts the state SUNA news agency reported.",
            [["SUNA"], ["SUNA"]],
        ),
        (
            "The fighters are within a few hundred metres of Karsa, said Observatory head Rami Abdel Rahman.",
            [["Rami Abdel Rahman [Observatory]"]],
        ),
        (
            "On Saturday mortar rounds struck near the Russian embassy said the Sudanese Observatory for Human Rights a"
            " Britain-based monitor.",
            [["Sudanese Observatory for Human Rights"]],
        ),
        ("The Karsa Media Center said a hospital in Karsa was hit by unidentified aircraft.", [["Karsa Media Center"]]),
        (
            "The Monitor said that rebels in Tarm had shelled army positions around the nearby rebel-held town of Umm"
            " Sharif as fighting raged around it.",
            [["Monitor"], ["Monitor"], []],
        ),
        (
            "An injured child waits after treatment in a government-held neighbourhood following reported rebel fire on"
            " government-held parts of Karsa.",
            [[], ["unnamed reports"], [], []],
        ),
        (
            "The jets hit 33 posts in Arta, security sources said on Monday on the condition of anonymity due to restrictions on speaking"
            " with the media.",
            [["security sources"]],
        ),
        (
            '"We leave," Turkish Foreign Minister Mevlut Cavusoglu said. Cavusoglu also said he told his Russian counterpart that the army'
            " had shelled Karsa.",
            [["Mevlut Cavusoglu"]],
        ),
        (
            "Regime helicopters dropped four barrel bombs on an opposition-held town of Dael in the southern province of Daraa killing 10"
            " people including a child the UK-based Syrian Observatory for Human Rights (SOHR) reported.",
            [*[["Syrian Observatory for Human Rights"]] * 3, []],
        ),
        (
            "Russia has also called for an emergency UN Security Council meeting after claiming over 60 regime fighters were"
            " killed in Dael.",
            [["Russia"], []],
        ),
        (
            "On Sunday Russian Defence Ministry spokesman Major-General Igor Konashenkov accused the opposition of shelling Dael.",
            [["Igor Konashenkov [Russian Defence Ministry]"]],
        ),
    ],
)
def test_who_says_so(text: str, speakers: list[list[str]]) -> None:
    assert [[link.text for link in claim.attribution] for claim in claims_of(text)] == speakers


def test_who_speaks_last_leaves_the_doer_his_deed() -> None:
    told_of = told("The hospital was targeted by a radical rebel group Sudanese state TV reports.")
    assert told_of == ["attack: radical rebel group > hospital @ hospital"]


def test_a_body_is_not_named_by_the_headline_over_it() -> None:
    headline, story = (
        "Suicide Bomber Kills Five Harar Police in Ethiopia",
        "Four others were wounded, according to Jowan Ibrahim, the commander of the Harar police.",
    )
    text = f"{headline}\n\n{story}"
    sections = (Section("headline", 0, len(headline)), Section("body", len(headline) + 2, len(text)))
    claims = read(Report("example", text, published=date(2020, 6, 9), sections=sections), load_knowledge()).claims
    assert not any("Bomber" in link.text for claim in claims for link in claim.attribution)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The militia carried out public beheadings in Karsa.", ["killing: militia > - @ Karsa"]),
        ("The rebels freed nine villagers held hostage in Arta.", ["abduction: - > villagers @ Arta"]),
        (
            "The terrorists have massacred 250 Sudanese troops taken hostage in Arta.",
            ["killing: terrorists > Sudanese troops @ Arta", "abduction: - > Sudanese troops @ Arta"],
        ),
        ("The army pushed the militants back from the village of Karsa.", ["advance: army > militants @ Karsa"]),
        (
            "Homemade land mines have killed and wounded hundreds of civilians in a town recently freed of the militants.",
            [
                "bombing: - > - @ town recently freed of the militants",
                "casualties: - > civilians @ town recently freed of the militants",
                "casualties: - > civilians @ town recently freed of the militants",
                "capture: - > militants @ town recently freed of the militants",
            ],
        ),
        ("The massacre carried out by the militia against villagers in Karsa was condemned.", ["killing: militia > villagers @ Karsa"]),
        ("Military strikes hit Karsa on Monday.", ["airstrike: - > - @ Karsa"]),
        ("A suicide bomb attack in Karsa killed 43.", ["suicide_bombing: - > - @ Karsa", "casualties: - > - @ Karsa"]),
        (
            '"A [IS] suicide bomber detonated his belt in Karsa, killing 14 fighters," Omar Haddad said.',
            ["suicide_bombing: suicide bomber > - @ Karsa", "casualties: suicide bomber > fighters @ Karsa"],
        ),
    ],
)
def test_an_act_is_told_with_its_parties(text: str, expected: list[str]) -> None:
    assert told(text) == expected


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("The army has seen some of the worst attacks in years.", {"repelled_attack"}),
        ("Sudan said it was keeping to a moratorium on air strikes in Karsa.", {"airstrike"}),
        ("The attack took place as students were leaving school.", {"displacement"}),
        ("The internal security forces facilitated the movement of ambulances, which rushed to the site of the explosion.", {"attack"}),
        ("The Democrats control 54 seats in the Senate.", {"control_state"}),
        ("Some rebels believed that the front would help topple the president.", {"allied_with"}),
        ("The militia hanged the bodies of three men from crosses in Karsa.", {"killing"}),
        ("The militia shot 41 men on the first day of Eid al-Fitr.", {"place"}),
    ],
)
def test_what_is_not_told(text: str, kinds: set[str]) -> None:
    claims = claims_of(text)
    assert not kinds & {claim.kind for claim in claims}
    assert "place" not in kinds or not any(claim.place for claim in claims)


@pytest.mark.parametrize(
    ("text", "kind", "modality"),
    [
        ("Rockets struck Karsa, setting off successive explosions in a weapons depot that killed 40 people.", "bombing", "asserted"),
        ("The army and the rebels agreed a truce in Karsa last week.", "agreement", "asserted"),
        ("Congress gave authorization for air strikes on Karsa.", "airstrike", "planned"),
        ("The spokeswoman called on Chad to weigh in on the coalition airstrike in Karsa.", "airstrike", "asserted"),
        ("The cabinet debated the option of air strikes on Karsa.", "airstrike", "planned"),
    ],
)
def test_what_is_told_as_a_fact(text: str, kind: str, modality: str) -> None:
    assert [claim.modality for claim in claims_of(text) if claim.kind == kind] == [modality]


def test_who_holds_a_town_is_named_whole() -> None:
    held = [
        c
        for c in claims_of("Bodies were pulled from the rubble in the Islamic State group-dominated town of Karsa.")
        if c.kind == "control_state"
    ]
    assert [claim.actor and claim.actor.text for claim in held] == ["Islamic State"]


def test_a_toll_is_counted_once() -> None:
    text = "Monday's downing brought the toll for Sudanese soldiers killed in the conflict to 18."
    assert [(c.kind, c.quantity and c.quantity.low) for c in claims_of(text)] == [("casualties", 18)]
    assert [c.kind for c in claims_of("The air force struck Karsa, inflicting major casualties on the militants.")] == [
        "airstrike",
        "casualties",
    ]
