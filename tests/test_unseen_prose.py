"""What a reader finds in reports of many wars, in the words of agencies, monitors and local papers. The sentences are invented."""

from __future__ import annotations

from datetime import date

import pytest

from khabar.language import parse
from khabar.model import Claim, Report, Section
from khabar.reading import load_knowledge, read


def claims_of(text: str) -> tuple[Claim, ...]:
    report = Report("example", text, published=date(2020, 6, 9), sections=(Section("body", 0, len(text)),))
    return read(report, load_knowledge()).claims


def told(text: str) -> list[str]:
    """ "kind: actor > recipient @ place", a dash for what is not told."""
    found = []
    for claim in claims_of(text):
        who, whom, where = (part.text if part else "-" for part in (claim.actor, claim.recipient, claim.place))
        found.append(f"{claim.kind}: {who} > {whom} @ {where}")
    return found


def spoken(text: str, kind: str) -> list[tuple[str, list[str]]]:
    return [(claim.modality, [link.text for link in claim.attribution]) for claim in claims_of(text) if claim.kind == kind]


@pytest.mark.parametrize("said", ["rejected accusations", "dismissed claims", "denies allegations"])
def test_who_rejects_an_accusation_denies_what_it_says(said: str) -> None:
    assert spoken(f"Chad {said} that it arms the rebels.", "allied_with") == [("denied", ["Chad"])]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The rebels hold Karsa. Chad's interior ministry said its jets had bombed a camp near Tina.",
            "airstrike: Chad's interior ministry > camp @ camp near Tina",
        ),
        (
            '"We took Karsa," said Omar Sala, a commander of the Marou Front. A deserter said he had shot two guards in Tina.',
            "casualties: deserter > guards @ Tina",
        ),
        (
            '"We took Karsa," said Omar Sala, a commander of the Marou Front. A judge was shot dead by one of his guards in Tina.',
            "killing: guards > judge @ Tina",
        ),
        (
            'Hezbollah fighters stormed a post near Karsa. "Our men killed nine soldiers," said Ali Sala, the group\'s spokesman.',
            "casualties: Hezbollah > soldiers @ Karsa",
        ),
    ],
    ids=["its: the ministry that speaks", "he: the deserter", "his: the judge's", "our: the group's"],
)
def test_a_pronoun_stands_for_whom_the_sentence_speaks_of(text: str, expected: str) -> None:
    assert expected in told(text)


def test_a_dateline_does_not_describe_the_agency_in_it() -> None:
    text = (
        "TINA, Chad (AP) — A Nigerian-led coalition raid hit a market in Karsa on Sunday. Adam Haroun told The Associated Press that two "
        "women died there. The coalition said the raid had killed no civilians."
    )
    assert spoken(text, "casualties")[-1][1] != ["Associated Press"]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Troops killed two gunmen in Karsa, regional commander Maj. Gen. Adam Haroun said.", "Adam Haroun"),
        (
            "A Saudi-led coalition airstrike hit a wedding party in Yemen's northern Hajjah province late Sunday, health officials said.",
            "health officials",
        ),
        (
            "The Syrian Observatory for Human Rights, which is based in Britain, said the strikes killed two men in Karsa.",
            "Syrian Observatory",
        ),
    ],
    ids=["two ranks before a name", "a subject before what is said", "a name told more of"],
)
def test_a_speaker_is_named_whole(text: str, speaker: str) -> None:
    chains = [[link.text for link in claim.attribution] for claim in claims_of(text)]
    assert chains
    assert all(len(chain) == 1 and chain[0].startswith(speaker) for chain in chains)


@pytest.mark.parametrize("who", ["The army denied rebel claims", "Sudan's 28th Brigade denied Chadian claims"])
def test_whose_claims_are_denied_says_nothing(who: str) -> None:
    ((modality, chain),) = spoken(f"{who} that the town of Karsa had fallen.", "capture")
    assert (modality, len(chain)) == ("denied", 1)


def test_a_chief_of_staff_speaks_for_the_army() -> None:
    assert spoken("Army chief of staff Adam Haroun said troops took Karsa.", "capture") == [("asserted", ["Adam Haroun [Army]"])]


def test_no_newspaper_tells_of_what_happened_before_dawn() -> None:
    assert spoken("Officials in Karsa reported explosions before dawn.", "bombing") == [("asserted", ["Officials in Karsa"])]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Soldiers shot dead nine herders near Karsa.", ["killing: Soldiers > herders @ near Karsa"]),
        ("A glide bomb hit a warehouse in Karsa.", ["airstrike: - > warehouse @ Karsa"]),
        ("The raiders took six herders with them.", ["abduction: raiders > herders @ -"]),
        (
            "Al-Qaida fighters had taken nine policemen prisoner in neighbouring Karsa.",
            ["abduction: Al-Qaida fighters > policemen @ Karsa"],
        ),
        (
            "A nun and four orderlies were kidnapped in Karsa.",
            ["abduction: - > nun @ Karsa", "abduction: - > orderlies @ Karsa"],
        ),
        ("Clashes broke out between villagers and herders in Karsa.", ["clash: villagers > herders @ Karsa"]),
        ("Eleven IS detainees escaped from a prison in Karsa on Saturday.", []),
        ("The government deployed two battalions to Karsa.", ["redeployment: government > battalions @ Karsa"]),
        ("The mission confirmed the attack on social media.", []),
        (
            "An army helicopter crashed in Karsa, killing two mechanics.",
            ["casualties: - > mechanics @ Karsa"],
        ),
        ("The minister insisted that the town of Karsa had not fallen.", ["capture: - > - @ Karsa"]),
        pytest.param(
            "Their vehicle hit a landmine near Karsa, killing four.",
            ["bombing: - > landmine @ near Karsa", "casualties: - > - @ near Karsa"],
            marks=pytest.mark.rules_alone,
        ),
        ("MiG-29s bombed Karsa.", ["airstrike: MiG-29s > - @ Karsa"]),
        ("Captured soldiers were shown on television.", []),
        ("A survivor saw it all. The boy said he counted about 40 attackers.", []),
    ],
    ids=[
        "shot dead",
        "glide bomb",
        "took with them",
        "prisoner",
        "two abducted",
        "herders fight",
        "escaped",
        "deployed to",
        "on social media",
        "crashed",
        "insisted",
        "hit a mine",
        "aircraft by type",
        "captured men",
        "counted",
    ],
)
def test_an_act_is_told_once_and_with_its_parties(text: str, expected: list[str]) -> None:
    assert told(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rebel fighters from the Patriotic Forces for Peace attacked Karsa.", "attack: Patriotic Forces for Peace > - @ Karsa"),
        ("Hundreds of gunmen marched into Karsa city and took over the governor's office.", "advance: gunmen > - @ Karsa city"),
        ("After it captured Tina, the army moved on Karsa.", "capture: army > - @ Tina"),
        (
            "Gunmen attacked a post at Inata; at least 49 gendarmes and four civilians died.",
            "casualties: Gunmen > gendarmes @ Inata",
        ),
        (
            "Soldiers of the Marou Brigade and allied militiamen took Karsa.",
            "capture: Soldiers of the Marou Brigade and allied militiamen > - @ Karsa",
        ),
        (
            "Gunmen killed nine people in the assault, which residents blamed on the Lion gang led by Omar Sala.",
            "attack: Lion gang > - @ -",
        ),
        ("A commander of the Marou Front, Omar Sala, was wounded in Karsa.", "commands: Omar Sala > Marou Front @ -"),
        ("Omar Sala was killed together with nine fighters in Karsa.", "casualties: - > fighters @ Karsa"),
        ("The 777 Brigade took Karsa.", "capture: 777 Brigade > - @ Karsa"),
        ("The Two Rivers Alliance took Karsa.", "capture: Two Rivers Alliance > - @ Karsa"),
        ("Volunteers for the Liberation of Marou took Karsa.", "capture: Volunteers for the Liberation of Marou > - @ Karsa"),
    ],
    ids=[
        "for behind a body",
        "gunmen march",
        "it, named later",
        "a subject behind a semicolon",
        "people beside a body",
        "which: the raid",
        "a name between commas",
        "together with",
        "a number in a name",
        "a number before a name",
        "volunteers for",
    ],
)
def test_a_party_is_told_in_its_words(text: str, expected: str) -> None:
    assert expected in told(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Gunmen killed five people in Mexico's Guerrero state.", "casualties: Gunmen > people @ Mexico's Guerrero state"),
        ("The militia sent reinforcements from Karsa.", "redeployment: militia > reinforcements @ -"),
        (
            "Rebels attacked a base in Tina on Monday. An army officer in Karsa put the number of dead soldiers at nine.",
            "casualties: - > dead soldiers @ Tina",
        ),
        (
            "Rebels attacked a camp in Tina, days after they had taken over the Karsa barracks. Nine people were killed, residents said.",
            "casualties: - > people @ Tina",
        ),
    ],
    ids=["a state of a country", "from where they come", "where the teller is", "what came before"],
)
def test_a_place_is_where_it_happened(text: str, expected: str) -> None:
    assert expected in told(text)


def test_a_rank_keeps_its_full_stop() -> None:
    assert "Maj." in [token.text for token in parse("Maj. Gen. Adam Haroun took command.")]


def test_who_was_shot_is_not_said_to_be_dead() -> None:
    text = "The 16-year-old was among six Palestinians shot by Israeli troops during a raid on Jenin refugee camp on Monday."
    assert [c.quantity.unit for c in claims_of(text) if c.kind == "casualties" and c.quantity] == ["people"]


def test_a_total_suffers_nothing() -> None:
    text = "The army announced the death of two soldiers in battles in Karsa. The blast brought the total killed to 30."
    assert "casualties: - > total @ Karsa" not in told(text)


def test_an_age_counts_nobody() -> None:
    tolls = [c.quantity for c in claims_of("A shell wounded a boy of 12 and a woman of 40 in Karsa.") if c.kind == "casualties"]
    assert [quantity.low for quantity in tolls if quantity] == [1, 1]


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("The militia fought the army in Karsa until late on Saturday.", date(2020, 6, 6)),
        ("The truce in Karsa was extended until Saturday.", date(2020, 6, 13)),
    ],
    ids=["over", "to come"],
)
def test_what_went_on_until_a_day_is_over(text: str, end: date) -> None:
    assert [claim.date_end for claim in claims_of(text)] == [end]


@pytest.mark.parametrize(
    ("text", "kind", "modalities"),
    [
        ("He was not hurt but killed two guards.", "casualties", ["asserted"]),
        ("Rebels had not taken Tina and were shelling Karsa.", "shelling", ["asserted"]),
        ("The army did not attack and kill herders in Karsa.", "casualties", ["denied"]),
    ],
    ids=["but killed", "and were shelling", "not attack and kill"],
)
def test_a_negation_ends_before_a_finite_verb(text: str, kind: str, modalities: list[str]) -> None:
    assert [claim.modality for claim in claims_of(text) if claim.kind == kind] == modalities


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The Houthis hoisted a flag on Jebel Sarsa on Monday. A spokesman said the rebels lost the hill by evening.",
            "capture: - > Houthis @ Jebel Sarsa",
        ),
        (
            "Soldiers attacked Gate 27, a checkpoint west of the capital of Libya. Militiamen took back the post at dawn.",
            "capture: Militiamen > - @ Gate 27",
        ),
        (
            "The rebels overran the Dera barracks in Karsa. The army retook the barracks on Sunday.",
            "capture: army > - @ Dera barracks",
        ),
        (
            "The army held the town of Karsa and the hill of Sarsa. According to elders, the hill was taken by rebels on Sunday.",
            "capture: rebels > - @ hill of Sarsa",
        ),
        (
            "Soldiers took the Dera bridge in Karsa. The militants blew up the bridge on Saturday.",
            "bombing: militants > bridge @ Dera bridge",
        ),
        (
            "The army recaptured the 17th Infantry Division base in Singa, Sudan. The RSF said it still held the base.",
            "control_state: RSF > - @ 17th Infantry Division base",
        ),
        ("Rebels took Karsa on Monday. In Tina, the airport remained with the army.", "control_state: army > - @ airport"),
    ],
    ids=[
        "a hill by its name",
        "a post by what it is called",
        "barracks",
        "hill of",
        "a bridge, and not its name",
        "a division's base",
        "airport",
    ],
)
def test_the_hill_the_post_and_the_base_are_those_named_before(text: str, expected: str) -> None:
    assert expected in told(text)


def test_no_hill_is_the_town() -> None:
    text = "Rebels shelled Karsa, in Sudan. They hoisted a flag on Jebel Sarsa. The army holds the town."
    assert "control_state: army > - @ Karsa" in told(text)


@pytest.mark.parametrize(
    ("text", "kind", "chains"),
    [
        (
            "Two residents of the town of Karsa and a military source said rebels had taken the hill.",
            "capture",
            [["Two residents of the town of Karsa and a military source"]],
        ),
        ("Tel Rifaat, further east, stays with the YPG, a resident there said.", "control_state", [["resident"]]),
        ("Fighters from Karsa took back the post at dawn.", "capture", [[]]),
        ("Sudan, which Chad accuses of arming the Sabra Front, closed the border.", "allied_with", [["Chad"]]),
        ("Sudan, accused by Chad of arming the Sabra Front, closed the border.", "allied_with", [["Chad"]]),
    ],
    ids=["both who speak", "there", "a post that is taken", "which it accuses", "accused by"],
)
def test_who_says_so_is_told_whole(text: str, kind: str, chains: list[list[str]]) -> None:
    assert [chain for _, chain in spoken(text, kind)] == chains


@pytest.mark.parametrize(
    "text",
    [
        '"We have withdrawn from Jowhar for tactical reasons," Abdi Sala, a spokesman for the Sabra Front, acknowledged.',
        "The jihadists also have the villages of Siftek and Girik, in Syria.",
        "The Sarsa strip remains in Libyan hands.",
    ],
    ids=["we have withdrawn", "have", "hands"],
)
def test_a_rule_and_not_the_model_alone_tells_who_holds_or_left(text: str) -> None:
    claims = claims_of(text)
    assert claims
    assert not any(claim.rule.endswith(".learnt") for claim in claims)


@pytest.mark.parametrize(
    "text", ["The rebels have Karsa surrounded.", "The army has Karsa in its sights.", "ln May, Karsa was under fire."]
)
def test_who_has_a_town_in_his_sights_does_not_hold_it(text: str) -> None:
    assert not any(claim.startswith("control_state") for claim in told(text))


def test_to_whom_those_who_speak_say_that_a_town_belongs_is_another() -> None:
    text = 'Soldiers stumbled into Tina. "The town of Karsa belongs to them since yesterday," said one, Vadym.'
    assert not any(claim.startswith("control_state: Soldiers") for claim in told(text))


def test_what_would_slip_from_somebody_s_grasp_has_not() -> None:
    text = "Rebels entered Karsa. If the city is lost, it would be only the second provincial capital to slip from the government's grasp."
    assert spoken(text, "capture") in ([], [("predicted", [])])


def test_who_speaks_behind_a_semicolon_speaks_for_himself() -> None:
    text = "Karsa fell on Monday, a minister told the paper; a rebel who would not be named said the minister had dreamt it."
    assert spoken(text, "capture") == [("asserted", ["minister"])]


def test_what_lies_near_a_town_does_not_make_it_the_town() -> None:
    text = (
        "Clashes broke out in Karsa after gunmen attacked a post near Tina. By evening the militants had expelled the police from the town."
    )
    assert "capture: militants > police @ Karsa" in told(text)


def test_whom_another_accuses_is_the_doer() -> None:
    assert "allied_with: Sudan > Sabra Front @ -" in told("Sudan, accused by Chad of arming the Sabra Front, closed the border.")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Both the army and the rebels said they controlled Karsa.", "control_state"),
        ("Residents said both the army and the rebels claimed to hold Karsa.", "control_state"),
        ("The army and the rebels both say they have taken Karsa.", "capture"),
        ("09.15 Karsa: a nurse of the clinic writes that both the army and the rebels say they control Karsa.", "control_state"),
        ("The army and the rebels each claimed control of Karsa.", "capture"),
    ],
    ids=["both said", "claimed to hold", "both say", "writes that both say", "each claimed"],
)
def test_two_who_claim_the_same_place_claim_it_each_for_himself(text: str, kind: str) -> None:
    held = [(c.actor.text, c.attribution[-1].text) for c in claims_of(text) if c.kind == kind and c.actor]
    assert held == [("army", "army"), ("rebels", "rebels")]


def test_who_took_a_place_together_with_another_took_it_with_him() -> None:
    assert len(told("The army and its allies said they had taken Karsa.")) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The army holds the north of Karsa, the rebels the south.",
            ["control_state: army > - @ north of Karsa", "control_state: rebels > - @ south"],
        ),
        (
            "French soldiers hold the south bank of Karsa, Sabra militiamen the north.",
            ["control_state: French soldiers > - @ south bank of Karsa", "control_state: Sabra militiamen > - @ north"],
        ),
        (
            "The army holds the market quarter of Singa, in Sudan; the rest is held by the rebels.",
            ["control_state: army > - @ quarter of Singa", "control_state: rebels > - @ rest"],
        ),
    ],
    ids=["the south", "the north", "the rest"],
)
def test_a_town_that_is_shared_out_has_two_holders(text: str, expected: list[str]) -> None:
    assert [claim for claim in told(text) if claim.startswith("control_state")] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The town of Karsa is still with the army.", "control_state: army > - @ Karsa"),
        ("Since May, the town of Karsa has been under the army.", "control_state: army > - @ Karsa"),
        ("The town of Karsa has been the army's since January.", "control_state: army > - @ Karsa"),
        ("The town of Karsa went over to the rebels on Thursday.", "transfer: rebels > - @ Karsa"),
        ("The town of Karsa slipped from the grip of the army.", "capture: - > army @ Karsa"),
        ("The Taliban had Karsa by mid-morning on Sunday, a councillor said.", "control_state: Taliban > - @ Karsa"),
        ("Since May, the town of Karsa belongs to the rebels.", "control_state: rebels > - @ Karsa"),
        ("The Marada hold east Beirut.", "control_state: Marada > - @ east Beirut"),
        ("The port of Karsa remains in Libyan hands.", "control_state: Libyan > - @ port of Karsa"),
        (
            '"We have withdrawn from Karsa," said Omar Sala, a spokesman for the Sabra Front.',
            "withdrawal: Sabra Front > - @ Karsa",
        ),
        (
            "Sabra Front spokesman Omar Sala said the airport in Karsa was under control.",
            "control_state: Sabra Front > - @ airport in Karsa",
        ),
        ("The Marou Front says that Karsa is theirs.", "control_state: Marou Front > - @ Karsa"),
        (
            '"The Sabra hills are ours again," said Omar Sala, a commander of the Marou Front.',
            "control_state: Marou Front > - @ Sabra hills",
        ),
        ("Gharyan, in government hands since May, was shelled.", "control_state: government > - @ Gharyan"),
        ("The town of Karsa is under the administration of the rebels.", "control_state: rebels > - @ Karsa"),
        ("The army surrendered Karsa to the rebels on Friday.", "transfer: rebels > army @ Karsa"),
        ("The town of Karsa has passed to the rebels.", "transfer: rebels > - @ Karsa"),
        ("The army gave up Karsa without a fight.", "withdrawal: army > - @ Karsa"),
        ("The rebels control the whole of Karsa.", "control_state: rebels > - @ Karsa"),
    ],
    ids=[
        "with",
        "under",
        "whose",
        "went over",
        "slipped",
        "had",
        "belongs",
        "the Marada",
        "hands",
        "we have withdrawn",
        "a spokesman's body",
        "theirs",
        "ours",
        "in hands, beside the name",
        "administration",
        "on a day",
        "passed to",
        "gave up",
        "the whole of",
    ],
)
def test_whose_a_town_is_may_be_told_without_a_verb_of_holding(text: str, expected: str) -> None:
    assert expected in told(text)


@pytest.mark.parametrize(
    ("text", "kind", "modalities"),
    [
        ("The town of Karsa is no longer in rebel hands.", "control_state", ["denied"]),
        ("Karsa is outside the control of the army.", "control_state", ["denied"]),
        ("Soldiers entered areas of Karsa outside rebel control.", "control_state", ["denied"]),
        ("The Taliban's white flag has come down in Karsa.", "control_state", []),
        ("The last of the three battalions stationed in Karsa surrendered.", "control_state", []),
        ("The rebels pulled down the statue of the king in Karsa.", "withdrawal", []),
        ("An official conceded that the town was lost.", "statement", []),
        ("The minister must have dreamt it, the rebels said.", "statement", []),
    ],
    ids=["no longer", "outside", "areas outside", "come down", "surrendered", "a statue", "conceded", "must have"],
)
def test_nobody_is_said_to_hold_or_do_what_he_does_not(text: str, kind: str, modalities: list[str]) -> None:
    assert [claim.modality for claim in claims_of(text) if claim.kind == kind] == modalities


@pytest.mark.parametrize(
    "text",
    [
        "Gharyan, the ministry said, was captured by the army this morning.",
        "Gharyan was in army hands on Tuesday night.",
    ],
    ids=["captured", "in hands"],
)
def test_a_place_is_known_by_what_is_done_to_it(text: str) -> None:
    assert [claim.split("@ ")[1] for claim in told(f"TRIPOLI, Libya - Troops fired shells. {text}")][-1] == "Gharyan"


def test_both_words_of_a_name_are_its_place() -> None:
    text = (
        "BEIRUT - Jaish al-Fatah, the alliance that overran Khan Tuman last week, said its men were inside Humayrah and mopping up. Khan "
        "Tuman, a dozen kilometres from Aleppo, is held by the rebels except for its grain silos, which the army never gave up, the "
        "monitor said."
    )
    assert "capture: Jaish al-Fatah > - @ Khan Tuman" in told(text)


def test_small_towns_tell_the_country_of_the_army() -> None:
    text = "MARAWI CITY - The army has Camp Sala. At Bangolo 13 marines died. Marantao was cleared in a day. In Butig nobody wants to talk."
    army = next(claim.actor for claim in claims_of(text) if claim.kind == "control_state")
    assert army
    assert army.name == "Armed forces of Philippines"


def test_who_is_told_not_to_have_done_it_has_not() -> None:
    assert told("It was Chad and not the militia that had invaded Karsa.") == ["attack: Chad > - @ Karsa"]


def test_what_is_excepted_is_not_held() -> None:
    assert not any(claim.endswith("@ airfield") for claim in told("The Taliban had everything in Karsa but the airfield."))


def test_no_alliance_of_states_is_the_guerrillas() -> None:
    text = "NATO said its soldiers were in Karsa. The guerrillas have moved into the police station."
    assert "advance: guerrillas > - @ police station" in told(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Fighters from Gharyan shelled Tripoli.", "shelling: Fighters from Gharyan > - @ Tripoli"),
        ("Troops retook the bridge at Gharyan along with the town of Karsa.", "capture: Troops > - @ Karsa"),
        ("Control of the port of Karsa passed to the rebels.", "transfer: rebels > - @ port of Karsa"),
        ("The rebels hold the western half of the city of Sirte.", "control_state: rebels > - @ western half of the city of Sirte"),
        pytest.param(
            "Warplanes struck targets in and around Gharyan.",
            "airstrike: Warplanes > targets @ in and around Gharyan",
            marks=pytest.mark.rules_alone,
        ),
        ("The army rolled back into Gharyan on Friday.", "capture: army > - @ Gharyan"),
        ("The army got Gharyan back six days after the rebels had seized it.", "capture: army > rebels @ Gharyan"),
    ],
    ids=["from a town", "along with", "control passes", "half of", "in and around", "back into", "two doers"],
)
def test_who_did_what_where(text: str, expected: str) -> None:
    assert expected in told(text)


def test_what_could_be_seen_was() -> None:
    claims = claims_of("Rebel fighters could be seen in the streets of Gharyan.")
    assert [(claim.kind, claim.modality) for claim in claims] == [("control_state", "asserted")]


def test_a_remark_on_a_toll_is_nobody_killed() -> None:
    text = "The army says it killed 20 rebels in Karsa, a figure that could not be confirmed."
    assert told(text) == ["casualties: army > rebels @ Karsa"]


def test_a_toll_that_rose_is_the_last() -> None:
    (toll,) = claims_of("The death toll in Karsa has risen from 20 to 31.")
    assert toll.quantity
    assert (toll.quantity.low, toll.quantity.high) == (31, 31)


def test_who_is_shot_at_on_the_way_out_is_no_army_that_leaves() -> None:
    claims = told("Gunmen opened fire on worshippers leaving a mosque in Karsa.")
    assert not any(claim.startswith("withdrawal") for claim in claims)


def test_what_factions_merged_to_form_is_formed() -> None:
    claims = claims_of("Three factions merged to form the Karsa Military Council.")
    assert [(claim.kind, claim.modality) for claim in claims] == [("coalition_formed", "asserted")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Gunmen took six guards prisoner, an official said.", ["abduction: Gunmen > guards @ -"]),
        ("The militia captured nine officers prisoner in Karsa.", ["abduction: militia > officers @ Karsa"]),
        ("The army said it took nine rebel fighters prisoner near Karsa.", ["abduction: army > rebel fighters @ near Karsa"]),
        ("Captured officers were shown in a video.", []),
        ("The detained men were taken to Karsa.", []),
    ],
    ids=["took", "captured", "told once", "captured before", "detained before"],
)
def test_men_are_taken_prisoner_once(text: str, expected: list[str]) -> None:
    assert told(text) == expected


@pytest.mark.parametrize(
    ("text", "halves"),
    [
        (
            "The west of Karsa is controlled by the rebels and the east by the army.",
            ["control_state: rebels > - @ west of Karsa", "control_state: army > - @ east"],
        ),
        ("The hills are held by the rebels and the plain by the army.", ["control_state: rebels > - @ hills"]),
    ],
    ids=["two halves", "no half of a town"],
)
def test_who_holds_one_half_does_not_hold_the_other(text: str, halves: list[str]) -> None:
    assert told(text) == halves


def test_a_prisoner_of_two_words_is_taken_all_the_same() -> None:
    (taken,) = claims_of("The M23 said it had taken 31 Congolese soldiers prisoner at Kibumba.")
    assert taken.actor
    assert taken.recipient
    assert taken.quantity
    assert (taken.actor.text, taken.recipient.text, taken.quantity.low) == ("M23", "Congolese soldiers", 31)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("There were no casualties in the rocket attack on Karsa.", ("shelling", "asserted")),
        ("There was no word on casualties from the air strike near Tina.", ("airstrike", "asserted")),
        ("The army said none of its soldiers had been hurt in Karsa.", ("casualties", "denied")),
        ("None of the guards was killed in Karsa.", ("casualties", "denied")),
        ("Chad considers the Dera Brigade a branch of the Sabra Front.", ("branch_of", "asserted")),
        ("The rebels agreed to leave Karsa under a deal brokered by Chad.", ("agreement", "asserted")),
        ("The truce is set to take effect in Karsa.", ("agreement", "planned")),
        ("A three-day ceasefire is due to begin on Friday at dawn.", ("agreement", "planned")),
    ],
    ids=["no casualties", "no word", "none of its", "none of the", "considers", "under a deal", "set to", "due to"],
)
def test_what_is_said_to_be_so(text: str, expected: tuple[str, str]) -> None:
    assert expected in [(claim.kind, claim.modality) for claim in claims_of(text)]


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("Eighty people were killed in Karsa, 62 of them soldiers.", [80, 62]),
        ("Police detained 400 protesters in Karsa and 60 in Tina.", [400, 60]),
        ("The army lost a helicopter, two tanks and 15 men in Karsa.", [15, 2]),
        ("The army put the losses of the militia in Karsa at 30.", [30]),
    ],
    ids=["of them", "shared out", "men and tanks", "put at"],
)
def test_a_toll_is_counted_part_by_part(text: str, counts: list[int]) -> None:
    assert [claim.quantity.low for claim in claims_of(text) if claim.quantity] == counts


def test_who_dies_does_not_tell_the_toll() -> None:
    tolls = claims_of("Two soldiers died in Karsa, raising the toll to 12.")
    assert [(claim.quantity and claim.quantity.low, claim.attribution) for claim in tolls] == [(2, ()), (12, ())]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Chad and Niger prolonged their truce.", "agreement: Chad and Niger > - @ -"),
        ("Rebels lay siege to Karsa.", "siege: Rebels > - @ Karsa"),
        (
            "The Islamic Movement of Uzbekistan is a Central Asian militant group allied with the Taliban.",
            "allied_with: Islamic Movement of Uzbekistan > Taliban @ -",
        ),
    ],
    ids=["their own", "lay siege", "is a group"],
)
def test_who_is_meant(text: str, expected: str) -> None:
    assert expected in told(text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Troops killed 14 rebels, among them the commander of the Sabra Front, in Karsa.", "commands"),
        ("Gen. Johnson Olony, who switched sides in 2015, is now allied with Machar.", "split"),
        ("Ukraine and the rebels swapped 222 prisoners for 145 near Luhansk on Friday.", "arrest"),
        ("A prisoner swap deal between Chad and Niger fell through.", "agreement"),
        ("The monks welcomed a freeze in fighting in Karsa.", "clash"),
        ("With only a few old people left behind, Karsa was quiet.", "displacement"),
    ],
    ids=["one of them", "sides", "swapped", "fell through", "freeze", "left behind"],
)
def test_what_is_not_told(text: str, kind: str) -> None:
    assert kind not in [claim.kind for claim in claims_of(text)]


@pytest.mark.parametrize(
    ("text", "tolls"),
    [
        (
            "The raid left two guards dead and nine villagers wounded in Karsa.",
            [("guards", 2, "killed"), ("villagers", 9, "injured")],
        ),
        (
            "The strike left three fighters dead and eight others missing.",
            [("fighters", 3, "killed"), ("others", 8, "missing")],
        ),
        (
            "Some 60 people, including 20 soldiers, were killed and 150 wounded in Karsa.",
            [("people", 60, "killed"), ("soldiers", 20, "killed"), ("people", 150, "injured")],
        ),
    ],
    ids=["dead and wounded", "dead and missing", "and a number"],
)
def test_each_suffers_what_is_said_behind_him(text: str, tolls: list[tuple[str, int, str]]) -> None:
    found = [claim for claim in claims_of(text) if claim.kind == "casualties"]
    assert [(c.recipient and c.recipient.text, c.quantity and c.quantity.low, c.quantity and c.quantity.unit) for c in found] == tolls


def test_who_is_believed_to_be_holding_somebody_plans_nothing() -> None:
    held = claims_of("The Houthis are believed to be holding some 1,500 prisoners of war in Sanaa.")
    assert [claim.modality for claim in held] == ["possible"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("An army patrol hit a roadside bomb near Karsa.", ["bombing: - > army patrol @ near Karsa"]),
        ("In Zabul province a bus ran over a roadside mine.", ["bombing: - > bus @ Zabul province"]),
        (
            "Soldiers from Light Infantry Division 33 detained 20 men in Karsa.",
            ["arrest: Soldiers from Light Infantry Division 33 > men @ Karsa"],
        ),
        ("Infantry Battalion 101 shelled Karsa.", ["shelling: Infantry Battalion 101 > - @ Karsa"]),
        (
            "The 53rd Division led by Brigadier Kamal Perera entered Karsa.",
            ["advance: 53rd Division > - @ Karsa", "commands: Brigadier Kamal Perera > 53rd Division @ -"],
        ),
        ("Ukrainian soldiers held back the enemy near Robotyne.", ["repelled_attack: Ukrainian soldiers > enemy @ near Robotyne"]),
        (
            "The army and popular committees thwarted an attack by the mercenaries near Haradh.",
            ["repelled_attack: army and popular committees > mercenaries @ near Haradh"],
        ),
        ("Navy vessels shelled villages along the Dalet stream.", ["shelling: Navy vessels > - @ villages along the Dalet stream"]),
        ("Security agents stormed a house in Karsa.", ["attack: Security agents > house @ Karsa"]),
        (
            "An attack on Karsa was thwarted by defenders from the 14th Mechanised Brigade.",
            ["repelled_attack: 14th Mechanised Brigade > - @ Karsa"],
        ),
        (
            "The raiders handed a post in Karsa over to the Taliban. Militants attacked fuel tankers near Tina.",
            ["transfer: Taliban > raiders @ post in Karsa", "attack: Militants > fuel tankers @ near Tina"],
        ),
        ("Rebels slipped out of Komsomolskoye under cover of fog, a spokesman said.", ["withdrawal: Rebels > - @ Komsomolskoye"]),
        ("Armed men made off with 40 cows in Karsa.", ["looting_destruction: Armed men > cows @ Karsa"]),
        pytest.param(
            "At least six soldiers were killed and 11 others wounded when a booby-trapped car exploded at a checkpoint in Yemen's southern "
            "province of Abyan, a security official said.",
            ["casualties: - > soldiers @ Abyan", "casualties: - > others @ Abyan", "bombing: - > checkpoint @ Abyan"],
            marks=pytest.mark.rules_alone,
        ),
    ],
    ids=[
        "who hits a bomb",
        "who runs over a mine",
        "a unit by its number",
        "a battalion by its number",
        "who leads a unit is not a part of it",
        "held back",
        "popular committees",
        "navy vessels",
        "security agents",
        "defenders from a brigade",
        "a name ends with its sentence",
        "slipped out of",
        "made off with",
        "others wounded when",
    ],
)
def test_who_did_it_and_to_whom(text: str, expected: list[str]) -> None:
    assert told(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "In Karsa, gunmen killed a commander of the Sabra Front on the road leading to Tina.",
            ["casualties: gunmen > commander of the Sabra Front @ road leading to Tina"],
        ),
        ("In Karsa, gunmen killed a judge on the road to Tina.", ["casualties: gunmen > judge @ road to Tina"]),
        (
            "In Tarva, gunmen killed 12 people with machetes at a camp for displaced people in Djugu territory.",
            ["casualties: gunmen > people @ camp for displaced people in Djugu territory"],
        ),
        ("The advance was repulsed by brigades from Misrata.", ["repelled_attack: brigades > - @ -"]),
        ("Army jets pounded a Sea Tiger base at Chalai.", ["airstrike: Army jets > Sea Tiger base @ Sea Tiger base at Chalai"]),
        ("The army captured positions at Karsa and Tina.", ["capture: army > - @ positions at Karsa", "capture: army > - @ Tina"]),
        ("The army captured a post between Karsa and Tina.", ["capture: army > - @ post between Karsa and Tina"]),
        (
            "Troops clashed with members of the Sabra Front in Barangay Pagatin, Datu Salibo town, Maguindanao.",
            ["clash: Troops > Sabra Front @ Barangay Pagatin"],
        ),
        ("Gang members set at least 45 houses and 34 vehicles on fire.", ["looting_destruction: Gang members > houses @ -"]),
        ("Militiamen regained the northern approaches to Sake.", ["capture: Militiamen > - @ northern approaches to Sake"]),
        ("Mortar rounds crashed into the Butmir suburb of Sarajevo.", ["shelling: - > - @ Butmir suburb"]),
        ("Mortar rounds crashed into the Damascus suburb of Douma.", ["shelling: - > - @ Douma"]),
        ("Clashes broke out in the Dand-e-Ghori area of Karsa.", ["clash: - > - @ Dand-e-Ghori area"]),
        (
            "Gunmen killed a former member of the council in the Valai bazaar.",
            ["casualties: Gunmen > former member of the council @ Valai bazaar"],
        ),
        ("Gunmen attacked Fort Dera's defenders on Monday.", ["attack: Gunmen > Fort Dera's defenders @ Fort Dera"]),
        ("The mercenaries bombed Kilo 16 with 23 shells.", ["airstrike: mercenaries > - @ Kilo 16"]),
        ("The fighters took three villages of Sangin district.", ["capture: fighters > - @ villages of Sangin district"]),
        ("Militants blew up a railway bridge across the Sunzha.", ["bombing: Militants > railway bridge @ railway bridge"]),
        ("Jets hit a corvette at the mouth of the Danube.", ["airstrike: Jets > corvette @ mouth of the Danube"]),
        (
            "Rebels from Mindanao burned heavy equipment owned by a road contractor in Barangay San Isidro, Baganga, Davao Oriental.",
            ["equipment_destroyed: Rebels > heavy equipment @ San Isidro"],
        ),
    ],
    ids=[
        "the road leading to",
        "the road to",
        "a camp for those in it",
        "who comes from a town",
        "a base by whose it is",
        "posts at two towns",
        "between two towns",
        "a village, a town in a province",
        "least is no place",
        "the approaches to a town",
        "a suburb by its own name",
        "a suburb by the name after of",
        "a name with a small word between dashes",
        "a bazaar",
        "whose fort it is",
        "a name of a word and a number",
        "some villages of a district",
        "a bridge across a river",
        "the mouth of a river",
        "of places in one breath the first",
    ],
)
def test_where_it_was(text: str, expected: list[str]) -> None:
    found = told(text)
    assert all(line in found for line in expected)
    assert {line.rpartition(" @ ")[2] for line in found} == {line.rpartition(" @ ")[2] for line in expected}
