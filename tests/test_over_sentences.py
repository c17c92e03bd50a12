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
        pytest.param(
            "The Sabra Front fought the Dera Brigade near Karsa. The former killed nine men, while the latter seized a mill.",
            ["casualties: Sabra Front > men @ -", "capture: Dera Brigade > - @ mill"],
            marks=pytest.mark.rules_alone,
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
        (
            "The PKK, the Anadolu agency reported citing the governor's office, fired mortars at a gendarmerie post in Şemdinli.",
            "shelling",
            ["Anadolu agency", "governor's office"],
        ),
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
    text = "The Interior Ministry later corrected the figure: nine officers, not twelve, were killed in the bombing in Mogadishu, it said."
    assert [c.quantity.low for c in claims_of(text) if c.quantity] == [9]


def test_a_first_name_in_ys_has_lost_no_apostrophe() -> None:
    assert speakers('"The enemy shelled Karsa," wrote the commander, Denys Marenko, on Telegram.', "shelling") == [["Denys Marenko"]]


def test_who_is_asked_says_it_and_asks_for_nothing() -> None:
    text = "The army, asked for comment, said rebels had shelled Karsa. The ministry declined to comment."
    assert speakers(text, "shelling") == [["army"]]
    assert "statement" not in {claim.kind for claim in claims_of(text)}


def test_a_station_with_a_persons_name_is_not_he() -> None:
    text = "Hezbollah's deputy leader told al-Mayadeen that the party had withdrawn from Zabadani. He said fighters remained in Madaya."
    assert speakers(text, "control_state") == [["al-Mayadeen", "Hezbollah's deputy leader"]]


@pytest.mark.parametrize(
    ("line", "expected", "chain"),
    [
        ("Rebels capture Karsa - army source", "capture: Rebels > - @ Karsa", ["army source"]),
        ("Iraqi forces enter central Fallujah – state TV", "advance: Iraqi forces > - @ central Fallujah", ["state TV"]),
        ("At least five dead in Karsa - police", "casualties: - > - @ Karsa", ["police"]),
        ("🇺🇦 General Staff: our defenders shelled Karsa.", "shelling: defenders > - @ Karsa", ["General Staff"]),
        ("#Iraq: #ISF liberate #AlBaghdadi from #ISIS.", "capture: ISF > ISIS @ AlBaghdadi", []),
    ],
    ids=["source", "state TV", "dead", "flag", "tags"],
)
def test_a_line_of_the_ticker_tells_who_says_it(line: str, expected: str, chain: list[str]) -> None:
    assert expected in told(line)
    assert speakers(line, expected.split(":")[0]) == [chain]


def test_what_was_corrected_is_not_told() -> None:
    text = "An earlier version of this article said that 30 people had been killed in Karsa.\n\nAir strikes hit Karsa, killing 13 people."
    assert [c.quantity.low for c in claims_of(text) if c.kind == "casualties" and c.quantity] == [13]


def test_what_a_correction_puts_right_is_told() -> None:
    text = "Rebels entered Karsa.\n\nCorrection: an earlier version of this article said that Karsa fell on 22 April. It fell on 25 April."
    assert ("capture", date(2016, 4, 25)) in [(claim.kind, claim.date_start) for claim in claims_of(text)]


def days(text: str, kind: str) -> list[tuple[str, str]]:
    return [(f"{c.date_start or ''}"[5:], f"{c.date_end or ''}"[5:]) for c in claims_of(text) if c.kind == kind]


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("A truce was signed on 1 June. A week after the truce, shelling resumed in Karsa.", "shelling", ("06-08", "06-08")),
        ("The rebels took Karsa on 1 June. Three days after the town fell, jets bombed Dovo.", "airstrike", ("06-04", "06-04")),
        ("Chadian forces entered Bosso five days after Boko Haram attacked the town on 3 June.", "advance", ("06-08", "06-08")),
        ("In the second half of May the army lost the town of Karsa.", "capture", ("05-16", "05-31")),
        ("In the first 10 days of May, rebels shelled Karsa.", "shelling", ("05-01", "05-10")),
        ("In May, rebels took Karsa. By the end of the month they had also shelled Dovo.", "shelling", ("", "05-31")),
        ("Rebels entered Karsa last Friday, and shelled Dovo 48 hours later.", "shelling", ("06-12", "06-12")),
        pytest.param(
            "Fighting went on in Karsa until Friday. That evening rebels shelled Dovo.",
            "shelling",
            ("06-10", "06-10"),
            marks=pytest.mark.rules_alone,
        ),
        ("June 10: Rebels take Khalsa.\nJune 12: The army bombs Khalsa.\nJune 14: Rebels take Humayra.", "airstrike", ("06-12", "06-12")),
        ("On 1 June jets bombed Karsa. The following Sunday rebels shelled Dovo.", "shelling", ("06-05", "06-05")),
        ("Troops entered Karsa on Saturday. By Sunday morning the rebels were gone.", "withdrawal", ("06-12", "06-12")),
        ("No later than 10 June the army had left Karsa.", "withdrawal", ("", "06-10")),
    ],
    ids=[
        "a week after the truce",
        "three days after it fell",
        "five days after, on 3 June",
        "second half",
        "first ten days",
        "the end of the month",
        "48 hours later",
        "until Friday, that evening",
        "entries without a year",
        "the following Sunday",
        "by Sunday they were gone",
        "no later than",
    ],
)
def test_the_days_go_on_from_those_told(text: str, kind: str, expected: tuple[str, str]) -> None:
    assert expected in days(text, kind)


def test_what_has_until_friday_to_be_done_is_planned() -> None:
    assert [c.modality for c in claims_of("The army has until Friday to withdraw from Karsa.")] == ["planned"]


def test_a_month_beside_a_year_long_past_is_of_that_year() -> None:
    text = "The militia captured Walikale in August 2010. It lost the town in September."
    assert [(c.date_start, c.date_end) for c in claims_of(text)][-1] == (date(2010, 9, 1), date(2010, 9, 30))


def test_a_seat_of_government_where_something_happened_is_a_place() -> None:
    assert "casualties: - > people @ Baghdad" in told("Two car bombs killed 11 people in Baghdad.")


def test_each_place_told_with_its_own_day_is_of_that_day() -> None:
    taken = claims_of("Rebels captured Karsa on 3 May, Tina on 5 May and Dovo a week later.")
    assert [(c.place and c.place.text, f"{c.date_start}"[5:]) for c in taken] == [("Karsa", "05-03"), ("Tina", "05-05"), ("Dovo", "05-12")]


def test_what_is_listed_beside_a_place_belongs_to_it() -> None:
    text = "Rebels under the command of the Farouq Brigades and Ahrar al-Sham entered the Menagh air base and its control tower."
    assert [line for line in told(text) if line.startswith("advance")][:1] == ["advance: Rebels > - @ Menagh air base"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Soldiers cleared the Sabra Front from its last holdout in Karsa.",
            ["capture: Soldiers > Sabra Front @ Karsa", "control_state: Sabra Front > - @ Karsa"],
        ),
        ("Shells fell on Karsa. Calm returned to the town on Monday.", ["shelling: - > - @ Karsa"]),
        (
            "Soldiers retook Karsa on Thursday, after it fell to the Sabra Front on Monday.",
            ["capture: Soldiers > - @ Karsa", "capture: Sabra Front > - @ Karsa"],
        ),
        (
            "The army withdrew from Karsa, which the Sabra Front said it had captured on Monday.",
            ["withdrawal: army > - @ Karsa", "capture: Sabra Front > - @ Karsa"],
        ),
        ("The army withdrew to prepared lines on the Dera ridge.", ["withdrawal: army > prepared lines @ Dera ridge"]),
        ("The rebels pulled out of Karsa under a deal with the army.", ["withdrawal: rebels > army @ Karsa"]),
    ],
)
def test_who_left_what_to_whom(text: str, expected: list[str]) -> None:
    assert [claim for claim in told(text) if not claim.startswith("agreement")] == expected


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Soldiers retook Karsa on Sunday, nine months after it was captured by rebels.", (date(2015, 9, 1), date(2015, 9, 30))),
        ("Soldiers retook Karsa on Sunday, a year after rebels captured it.", (date(2015, 1, 1), date(2015, 12, 31))),
    ],
)
def test_so_many_months_before_the_day_of_the_story(text: str, days: tuple[date, date]) -> None:
    assert days in [(claim.date_start, claim.date_end) for claim in claims_of(text) if claim.kind == "capture"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Gunmen ambushed an army convoy near Karsa on Monday. Three soldiers died in the attack.",
            "casualties: Gunmen > soldiers @ near Karsa",
        ),
        (
            "Al-Shabaab fighters overran Karsa, 130 km south of Mogadishu. Troops stationed there fell back to Barawe.",
            "withdrawal: Troops > Barawe @ Karsa",
        ),
        (
            "Boko Haram fighters attacked Bama. They killed the village chief and burned his house, a security source said.",
            "casualties: Boko Haram > village chief @ Bama",
        ),
        (
            "Nine civilians were killed in a raid by CODECO militiamen on Drodro. They attacked the camp first, a nurse said.",
            "attack: CODECO militiamen > camp @ Drodro",
        ),
        (
            "Russian warplanes renewed their raids on the outskirts of Ihsim and al-Bara in Jabal al-Zawiya.",
            "airstrike: Russian warplanes > - @ al-Bara",
        ),
    ],
    ids=[
        "what happened near a town goes on there",
        "a town told by its distance from another",
        "their deeds, as others say",
        "they are not whom they killed",
        "their raids are those of planes",
    ],
)
def test_the_story_stands_where_the_last_act_was(text: str, expected: str) -> None:
    assert expected in told(text)


def test_what_follows_a_semicolon_is_no_aim_of_the_noun_before_it() -> None:
    text = '"They are in the market and at the mission; the soldiers left towards Karsa," a trader told the Courier by telephone.'
    assert [claim.modality for claim in claims_of(text) if claim.kind == "withdrawal"] == ["asserted"]
