"""What goes on from sentence to sentence: who is meant, where it is, who speaks on, and on which day. The texts are invented."""

from __future__ import annotations

from datetime import date

import pytest

from khabar.model import Claim, Report
from khabar.reading import load_knowledge, read
from khabar.sections import split


def claims_of(text: str) -> tuple[Claim, ...]:
    return read(Report("example", text, published=date(2016, 6, 15), sections=split(text)), load_knowledge()).claims


def told(text: str) -> list[str]:
    """ "kind: actor > recipient @ place", a dash for what is not told."""
    parts = ((c.kind, *(part.text if part else "-" for part in (c.actor, c.recipient, c.place))) for c in claims_of(text))
    return [f"{kind}: {who} > {whom} @ {where}" for kind, who, whom, where in parts]


def speakers(text: str, kind: str) -> list[list[str]]:
    return [[link.text for link in claim.attribution] for claim in claims_of(text) if claim.kind == kind]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The Sabra Front fought the Dera Brigade near Karsa. The former killed nine men, while the latter seized a mill.",
            ["casualties: Sabra Front > men @ -", "capture: Dera Brigade > - @ mill"],
        ),
        (
            "The Sabra Front and the Dera Brigade attacked Karsa. The two groups captured a hill.",
            ["capture: Sabra Front and the Dera Brigade > - @ hill"],
        ),
        (
            "The Sabra Front and the Dera Brigade fell out. Clashes between the two sides resumed near Karsa.",
            ["clash: Sabra Front > Dera Brigade @ near Karsa"],
        ),
        (
            "Shells fell on Foua and Kafraya. Three people died in the former and two in the latter.",
            ["casualties: - > people @ Foua", "casualties: - > people @ Kafraya"],
        ),
        ("M23 fighters seized Ishasha. The group also took Jomba.", ["capture: M23 fighters > - @ Jomba"]),
        ("Boko Haram gunmen raided Bama. They burned dozens of houses.", ["looting_destruction: Boko Haram > houses @ Bama"]),
        ("The rebels took Brigade 52. The base, one of the largest, fell to the army in May.", ["capture: army > - @ Brigade 52"]),
        ("Seleka fighters left Bambari. French troops arrived there a few hours later.", ["redeployment: French troops > - @ Bambari"]),
    ],
    ids=["former and latter", "two groups", "two sides of a clash", "two places", "a name of letters", "They", "the base", "there"],
)
def test_words_that_point_back_stand_for_what_was_told(text: str, expected: list[str]) -> None:
    assert set(expected) <= set(told(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Islamic State seized Brigade 93 near Karsa.", "capture: Islamic State > - @ Brigade 93"),
        ("Turkey's allies pushed into Karsa. 15 soldiers were killed by ISIS mines in the city.", "casualties: ISIS > soldiers @ Karsa"),
        ("Twelve kidnapped schoolgirls were freed by the army in Bama.", "abduction: - > kidnapped schoolgirls @ Bama"),
    ],
    ids=["a base called by its unit", "mines that kill are no pits", "who frees did not abduct"],
)
def test_what_is_taken_and_who_took_it(text: str, expected: str) -> None:
    assert expected in told(text)


def test_a_teller_at_the_end_tells_what_went_before_too() -> None:
    text = "The town was taken overnight after the rebels withdrew to Rankous, a military source told Reuters."
    assert speakers(text, "withdrawal") == [["Reuters", "military source"]]


def test_a_body_is_called_by_its_whole_name() -> None:
    assert speakers("The Military Council of Manbij said its men took a mill.", "capture") == [["Military Council of Manbij"]]


@pytest.mark.parametrize(
    ("text", "kind", "chain"),
    [
        ("The army, SANA quoted a source as saying, entered Karsa on Friday.", "advance", ["SANA", "source"]),
        ("The PKK, the Anadolu agency reported, fired mortars at a police post in Karsa.", "shelling", ["Anadolu agency"]),
        ("The army, which cited residents, said the rebels had burned 30 houses in Karsa.", "looting_destruction", ["army", "residents"]),
        ("Residents interviewed by AFP said RSF fighters looted the market.", "looting_destruction", ["AFP", "Residents"]),
        ("RSF fighters looted Karsa, residents quoted by Radio Dabanga said.", "looting_destruction", ["Radio Dabanga", "residents"]),
        ("According to residents quoted by SANA, rebels looted the market.", "looting_destruction", ["SANA", "residents"]),
        ("A UN report seen by Reuters said Rwandan troops attacked Karsa.", "attack", ["Reuters", "UN"]),
        ("Nine people were killed in Karsa, the provincial governor, Omar Sala, told Reuters.", "casualties", ["Reuters", "Omar Sala"]),
        ("Russian forces shelled Karsa. This was stated by the ministry.", "shelling", ["ministry"]),
        ("Russian forces shelled Karsa. Governor Omar Sala announced this on Telegram.", "shelling", ["Omar Sala"]),
        ("Russian forces shelled Karsa. This was denied by the mayor.", "shelling", []),
    ],
    ids=[
        "quoted within",
        "told within",
        "which cited",
        "interviewed by",
        "quoted by, at the end",
        "according to those quoted",
        "seen by",
        "role, name, told",
        "This was stated",
        "announced this",
        "This was denied",
    ],
)
def test_the_chain_leads_to_all_who_tell_it(text: str, kind: str, chain: list[str]) -> None:
    assert speakers(text, kind)[0] == chain


def test_he_is_the_general_by_his_name() -> None:
    text = "Army spokesman General Omar Sala said troops had entered Karsa. He said the enemy shelled Dovo."
    assert speakers(text, "shelling") == [["Omar Sala [Army]"]]


def test_the_same_source_speaks_through_the_same_agency() -> None:
    text = "SANA, citing a source in Karsa, reported that troops took Dovo. The same source said rebels shelled Tina."
    assert [chain[0] for chain in speakers(text, "shelling")] == ["SANA"]


def test_a_number_that_is_taken_back_is_no_toll() -> None:
    assert [c.quantity.low for c in claims_of("Nine officers, not twelve, were killed in Karsa.") if c.quantity] == [9]


def test_a_first_name_in_ys_has_lost_no_apostrophe() -> None:
    assert speakers('"The enemy shelled Karsa," wrote the commander, Denys Marenko, on Telegram.', "shelling") == [["Denys Marenko"]]


def test_who_is_asked_says_it_and_asks_for_nothing() -> None:
    text = "The army, asked for comment, said rebels had shelled Karsa. The ministry declined to comment."
    assert speakers(text, "shelling") == [["army"]]
    assert "statement" not in {claim.kind for claim in claims_of(text)}


def test_a_station_with_a_persons_name_is_not_he() -> None:
    text = "Hezbollah's deputy leader told al-Mayadeen that rebels shelled Karsa. He said fighters remained in Dovo."
    assert speakers(text, "control_state") == [["al-Mayadeen", "Hezbollah's deputy leader"]]
