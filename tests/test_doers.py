"""Who is told to have done an act, to whom: found through the clause, through what is told before, and never guessed."""

from __future__ import annotations

from datetime import date

import pytest

from khabar.contract import claim_id
from khabar.model import Claim, Report, Section
from khabar.reading import load_knowledge, read


def claims_of(text: str) -> tuple[Claim, ...]:
    report = Report("example", text, published=date(2020, 6, 5), sections=(Section("body", 0, len(text)),))
    return read(report, load_knowledge()).claims


def doers(text: str, kind: str) -> list[str | None]:
    return [claim.actor and claim.actor.text for claim in claims_of(text) if claim.kind == kind]


IN_THE_CLAUSE = {
    "means": ("Boko Haram killed more than 50 people in an attack on two villages in Borno.", "attack", "Boko Haram"),
    "weapon": ("Unknown gunmen injured several civilians in mortar attacks in Karsa.", "shelling", "Unknown gunmen"),
    "attempt": ("Russian troops attempted an assault on Vuhledar.", "attack", "Russian troops"),
    "response": ("The army responded with heavy bombardment of the suburb of Douma.", "shelling", "army"),
    "led": ("US-led strikes on Raqqa killed more than 20 jihadists.", "airstrike", "US-led"),
    "nation": ("An Israeli air strike on a village in Syria killed five soldiers.", "airstrike", "Israeli"),
    "claimed": ("Islamic State claimed responsibility for the bombing in Kabul.", "bombing", "Islamic State"),
    "blamed on": ("In a chemical attack blamed on the regime, 100 civilians were killed in Karsa.", "chemical_attack", "regime"),
    "which was blamed": ("A drone strike, which the army blamed on the rebels, hit an oil depot.", "airstrike", "rebels"),
    "accused": ("Medics accused the regime and its allies of using chemical weapons in Hama.", "chemical_attack", "regime and its allies"),
    "whose": ("The army fought jihadists, whose three-week assault on Karsa has left hundreds dead.", "attack", "jihadists"),
    "launched by": ("Two drones launched by the Houthis struck a refinery in Riyadh.", "airstrike", "Houthis"),
    "elided": ("Syrian regime or Russian air strikes in Idlib killed 26 people.", "airstrike", "Syrian regime or Russian"),
    "purpose": ("Regime forces have embarked on a campaign aimed at recapturing Karsa.", "capture", "Regime forces"),
    "body of men": ("Fighters from the al-Nusra Front and Faylaq al-Sham seized Karsa.", "capture", "al-Nusra Front and Faylaq al-Sham"),
    "name after its noun": ("The militant group Boko Haram attacked Bama.", "attack", "Boko Haram"),
    "ally by name": (
        "Intense bombardment by the regime and its ally Russia killed 80 people in Karsa.",
        "shelling",
        "regime and its ally Russia",
    ),
    "behind it": ("The Dera Front was behind a series of car bomb attacks in Karsa.", "bombing", "Dera Front"),
    "responsible": ("The minister said the junta was responsible for an airstrike on Karsa.", "airstrike", "junta"),
    "imposed": ("Residents of Karsa face a government-imposed blockade.", "siege", "government"),
    "in which": ("Doctors in Karsa described a raid by army troops in which 35 civilians were killed.", "casualties", "army troops"),
    "fired from": ("Missiles fired from an army helicopter wounded 25 people in Karsa.", "casualties", "army helicopter"),
    "believed": ("Airstrikes believed to have been carried out by the Eritrean air force hit Karsa.", "airstrike", "Eritrean air force"),
    "blamed for it": (
        "Some 80 people were killed in a chemical attack in Karsa, doctors said, blaming the army for the incident.",
        "casualties",
        "army",
    ),
    "believed, under a verb": ("Ten people died in air strikes believed to be carried out by Eritrea on Karsa.", "casualties", "Eritrea"),
    "its planes": ("The Syrian army denied that its planes had hit the hospital in Karsa.", "airstrike", "Syrian army"),
    "its guns": ("Hezbollah said that its artillery had shelled the post at Karsa.", "shelling", "Hezbollah"),
    "its aircraft": (
        "The Russian Ministry of Defence stated that its aircraft had struck a depot in Karsa.",
        "airstrike",
        "Russian Ministry of Defence",
    ),
    "nation's guns": ("Turkish howitzers opened up on the village of Karsa.", "shelling", "Turkish"),
    "people without a plural": ("The French killed four men in a pickup near Gao.", "casualties", "French"),
    "two peoples": ("The French and the Malians took Gao on Monday.", "capture", "French and the Malians"),
    "common noun's": ("The coalition's strikes hit the town of Karsa.", "airstrike", "coalition"),
    "goal of his": ("General Omar Hadid repeated his goal of retaking Karsa.", "capture", "General Omar Hadid"),
    "asked for leave": ("The army asked for permission to shell Karsa.", "shelling", "army"),
    "agreed by": ("A truce agreed by Chad and Sudan collapsed in Karsa.", "agreement", "Chad and Sudan"),
    "behind a massacre": ("The militia was behind a massacre in Karsa.", "killing", "militia"),
    "its allies": ("Government troops and their Chadian allies hold Karsa.", "control_state", "Government troops and their Chadian allies"),
    "using": ("The attack on Karsa, in which the militia used gas, killed nine people.", "casualties", "militia"),
    "used to": ("The ministry accused rebels of having used the pause to launch attacks on Karsa.", "attack", "rebels"),
    "assault of": ("An assault led by the Northern Army captured Karsa.", "capture", "Northern Army"),
    "bomber's side": ("A Boko Haram car bomb killed 26 people in Karsa.", "bombing", "Boko Haram"),
    "dubbed": ("The party's military wing, dubbed the Dera Brigades, seized Karsa.", "capture", "Dera Brigades"),
    "of a person": ("The government of President Omar Sala bombed Karsa.", "airstrike", "government of President Omar Sala"),
    "side and allies": (
        "Over 60 militants were killed in clashes with the army and its allies in Karsa.",
        "casualties",
        "army and its allies",
    ),
    "lost apostrophe": ("The regime denied it. The regimes shelling of Karsa killed six people.", "casualties", "regime"),
    "aircraft": ("Helicopters dropped barrel bombs on Karsa.", "airstrike", "Helicopters"),
    "enemy": ("The enemy fired a rocket at the town of Karsa.", "shelling", "enemy"),
    "formations": ("Armed formations fired rockets at the town of Karsa.", "shelling", "Armed formations"),
    "adjective of an act": ("Russian shelling hit a residential area of Karsa.", "shelling", "Russian"),
    "forces of a leader": (
        "Ramzan Kadyrov, leader of the Chechen forces, said his forces had seized Marinka.",
        "capture",
        "Chechen forces",
    ),
}


@pytest.mark.parametrize(("text", "kind", "doer"), IN_THE_CLAUSE.values(), ids=IN_THE_CLAUSE.keys())
def test_the_doer_is_found_wherever_the_clause_names_it(text: str, kind: str, doer: str) -> None:
    assert doers(text, kind) == [doer]


def test_who_watches_rescues_or_is_suspected_of_an_act_has_not_done_it() -> None:
    assert doers("The suspected attack in Karsa killed 87 people.", "casualties") == [None]
    assert doers("Twelve people were killed in the strike, said the Civil Rescue Agency in Karsa.", "casualties") == [None]


def test_who_flees_from_an_act_moves_by_himself() -> None:
    assert doers("The army shelled a camp for civilians who had fled Karsa.", "displacement") == [None]


def test_an_attack_that_somebody_says_killed_is_what_killed() -> None:
    assert doers("The army denied a raid on Karsa that activists say killed 12 people.", "casualties") != ["activists"]


@pytest.mark.rules_alone
@pytest.mark.parametrize("verb", ["suffered an attack", "faced an offensive"])
def test_who_undergoes_an_act_is_not_its_doer(verb: str) -> None:
    (claim,) = [c for c in claims_of(f"The militia {verb} in Karsa.") if c.kind == "attack"]
    assert claim.actor is None
    assert claim.recipient is not None
    assert claim.recipient.text == "militia"


def test_the_strike_is_the_one_told_before_and_an_air_strike_is_another() -> None:
    told = "Israeli jets hit a building in Gaza. "
    assert doers(told + "The strike also killed three people.", "casualties") == ["Israeli jets"]
    assert doers(told + "Separately, an air strike killed three people in Rafah.", "casualties") == [None]


def test_a_war_is_nobodys_deed() -> None:
    told = "Government jets bombed a market in Karsa. "
    assert doers(told + "The war has killed 300,000 people.", "casualties") == [None]


def test_victims_did_not_kill_themselves() -> None:
    assert doers("Ten soldiers were killed when they attacked a village near Karsa.", "casualties") == [None]


@pytest.mark.parametrize(
    "text",
    [
        "Clashes broke out on Friday in Karsa between the army and the insurgents.",
        "Clashes pitting the army against the insurgents erupted in Karsa.",
        "The army took Karsa after weeks of clashes with the insurgents.",
    ],
)
def test_both_sides_of_a_fight_are_found(text: str) -> None:
    (clash,) = [c for c in claims_of(text) if c.kind == "clash"]
    assert [side and side.text for side in (clash.actor, clash.recipient)] == ["army", "insurgents"]


def test_who_besieges_a_place_is_who_is_told_to_elsewhere_in_the_report() -> None:
    claims = [c for c in claims_of("The army has besieged Karsa since May. Aid reached the besieged town of Karsa.") if c.kind == "siege"]
    assert [c.actor and c.actor.text for c in claims] == ["army", "army"]
    last = claims[-1]
    texts = [part.text if part else None for part in (last.actor, last.recipient, last.place)]
    chain = [link.text for link in last.attribution]
    assert last.claim_id == claim_id(last.report_id, last.kind, (last.start, last.end), last.trigger, *texts, chain)


def test_a_town_taken_twice_has_two_takers() -> None:
    text = "The militia captured Karsa on 2 March. Karsa was retaken on 1 June."
    assert doers(text, "capture") == ["militia", None]


def test_a_place_is_taken_from_whoever_holds_it() -> None:
    (capture,) = [c for c in claims_of("The army seized the rebel-held town of Karsa.") if c.kind == "capture"]
    assert capture.recipient is not None
    assert capture.recipient.text == "rebel"


@pytest.mark.parametrize(
    ("text", "kind", "other"),
    [
        ("The army recaptured the hills held by the militia near Karsa.", "capture", "militia"),
        ("The jets bombed residential areas in Karsa.", "airstrike", "residential areas"),
        ("Heavy clashes erupted between the army and members of the Dera Front in Karsa.", "clash", "Dera Front"),
        ("On Thursday the militia mounted a counterattack against government forces in Karsa.", "attack", "government forces"),
    ],
)
def test_against_whom_is_found(text: str, kind: str, other: str) -> None:
    assert [c.recipient and c.recipient.text for c in claims_of(text) if c.kind == kind] == [other]


def test_a_town_that_is_hit_is_no_recipient() -> None:
    (strike,) = [c for c in claims_of("The jets bombed the town of Karsa.") if c.kind == "airstrike"]
    assert strike.recipient is None


@pytest.mark.parametrize(
    ("text", "victims"),
    [
        ("Wagner mercenaries killed dozens of civilians in Moura.", "civilians"),
        ("Children were among those killed in the strike on Karsa.", "Children"),
        ("The brigade suffered at least 50 dead in Karsa.", "brigade"),
        ("The jets inflicted major losses on the militants near Karsa.", "militants"),
    ],
)
def test_who_suffered_is_found(text: str, victims: str) -> None:
    assert victims in [c.recipient.text for c in claims_of(text) if c.kind == "casualties" and c.recipient]


def test_what_happens_days_after_an_attack_is_not_its_toll() -> None:
    assert doers("Three people were killed after a rebel attack on Karsa.", "casualties") == ["rebel"]
    assert doers("A woman was killed in Sabra two days after a rebel attack on Karsa.", "casualties") == [None]


@pytest.mark.rules_alone
def test_of_two_sides_that_both_suffered_each_is_told_to_have_killed_the_other() -> None:
    claims = claims_of("Some 30 army and 39 rebel fighters have been killed in battles around Karsa, the ministry said.")
    tolls = {(c.recipient and c.recipient.text, c.actor and c.actor.text) for c in claims if c.kind == "casualties"}
    assert tolls == {("army", "rebel"), ("rebel fighters", "army")}


def test_a_party_and_its_own_allies_are_held_to_be_that_party() -> None:
    taken = next(c for c in claims_of("In Syria, government troops and their Hezbollah allies captured Yabroud.") if c.kind == "capture")
    assert taken.actor is not None
    assert (taken.actor.text, taken.actor.id) == ("government troops and their Hezbollah allies", "syrian-arab-army")


def test_doers_told_of_in_full_before_are_these() -> None:
    told = "Rebels of the Northern Brigade attacked Karsa on Monday. "
    assert doers(told + "On Tuesday the rebels killed nine people in Sabra.", "casualties") == ["Rebels of the Northern Brigade"]
    assert doers(told + "On Tuesday rebels killed nine people in Sabra.", "casualties") == ["rebels"]


def test_the_attackers_are_whoever_attacked() -> None:
    assert doers("Gunmen attacked Karsa on Monday. The attackers killed nine people.", "casualties") == ["Gunmen"]
    assert doers("The attackers killed nine people in Karsa.", "casualties") == ["attackers"]


def test_parties_named_in_two_sentences_are_not_all_the_words_between() -> None:
    text = "The Dera Front seized Karsa on Monday. It and the army, which came later, have shelled Tina since."
    assert doers(text, "shelling") == ["Dera Front and the army"]


def test_the_militia_is_what_was_called_a_militia() -> None:
    text = "Two posts of the Kataib Hezbollah militia were hit. The Pentagon said jets struck it on Sunday. The militia shelled Karsa."
    assert doers(text, "shelling") == ["Kataib Hezbollah militia"]


@pytest.mark.parametrize(
    ("text", "holder"),
    [
        ("Kurdish fighters seized Karsa, which Islamic State had held since August.", "Islamic State"),
        ("Rebels seized the town of Karsa, which had been controlled by the army since May.", "army"),
        ("Troops retook the town the Dera Front had seized in May.", "Dera Front"),
        ("The Dera Front seized Karsa, which it held for two days.", None),  # not from itself
        pytest.param("Troops retook Karsa, which the Dera Front lost in May.", None, marks=pytest.mark.rules_alone),
        ("The Dera Front seized Karsa, which controls the road to Tina.", None),
    ],
)
def test_a_place_is_taken_from_whoever_is_told_to_have_held_it(text: str, holder: str | None) -> None:
    taken = next(claim for claim in claims_of(text) if claim.kind == "capture")
    assert (taken.recipient and taken.recipient.text) == holder


def test_them_are_not_whose_arms_are_told_to_have_struck_them() -> None:
    base = "Rebels overran an army base at Djibo in Burkina Faso, killing 30 soldiers. The attackers left at noon."
    text = f"{base} The army said its drones had struck the assailants and killed dozens of them."
    tolls = [c for c in claims_of(text) if c.kind == "casualties"]
    assert [(c.actor and c.actor.text, c.recipient and c.recipient.text) for c in tolls][-1] == ("army", "assailants")
