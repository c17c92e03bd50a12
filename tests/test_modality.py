"""A reader of the record must not find an event told that the sentence only asks for, weighs, plans or points at."""

from datetime import date

import pytest

from khabar.model import Report, Section
from khabar.reading import load_knowledge, read
from khabar.sections import split

NOTHING_TOLD = [
    ("See also: Battle of Karsa and Siege of Marou.", "a title that the reader is sent to"),
    ("See also the Karsa offensive (August–October 2012).", "a page that the reader is sent to"),
    ("See also: Karsa camp fighting and southern Marou offensive.", "pages that the reader is sent to"),
    ("The monitor says it determines whose planes carried out the raids on Karsa.", "a question"),
    ("Bomb attacks in Karsa have been rare.", "how common"),
    ("There were no reports of clashes in Karsa.", "no word of it"),
    ("The rebels were on the verge of capturing Karsa.", "nearly"),
    ("The rebels are close to seizing the airport.", "nearly"),
    ("The rebels are unable to capture Karsa.", "not done"),
    ("The rebels are ready to attack Karsa.", "still to come"),
    ("The army is willing to withdraw from Karsa.", "still to come"),
    ("The army is poised to enter Karsa.", "still to come"),
    ("The army is due to withdraw from Karsa on Friday.", "still to come"),
    ("The army prevented the rebels from taking Karsa.", "kept from it"),
    ("No village was captured.", "of none"),
    ("Talks on the withdrawal of foreign troops from Karsa continued.", "talked about"),
    ("Will the town of Karsa fall to the rebels?", "a question"),
    ("The rebels repelled attempts to overrun the town of Karsa.", "tried and kept from it"),
    ("No group has claimed responsibility for the bombing in Karsa.", "told elsewhere"),
    ("There was no immediate claim of responsibility for the attack in Karsa.", "told elsewhere"),
    ("The army described the reports that rebels had captured Karsa as untrue.", "called untrue"),
    ("It is unclear whether the town of Karsa has been captured.", "left open"),
    ("The rebels prepared for an assault on Karsa.", "still to come"),
    ("Militants were plotting to attack a school in Karsa.", "still to come"),
    ("The army suspended its airstrikes on Karsa.", "no longer"),
    ("Rebels fighting to topple the government met in Karsa.", "who they are"),
    ("Had the rebels captured the bridge at Karsa, the city would have starved.", "a condition"),
    ("The army lost four combat vehicles in Karsa.", "a sort of vehicle"),
    ("The town of Karsa is surrounded by hills.", "geography"),
    ("The rebels came close to taking the town of Karsa last week.", "nearly"),
    ("The rebels came within hours of taking the town of Karsa.", "nearly"),
    ("The army was within reach of capturing the town of Karsa.", "nearly"),
    ("The army nearly lost Karsa in the spring.", "nearly"),
    ("The rebels almost took Karsa on Monday.", "nearly"),
    ("The militia stopped short of capturing Karsa.", "nearly"),
    ("Far from losing Karsa, the rebels have gained men.", "not done"),
    ("Instead of attacking Karsa, the army rested.", "not done"),
    ("Rather than attack Karsa, the army rested.", "not done"),
    ("The rebels have yet to take Karsa.", "not done"),
    ("The army has yet to confirm that the town of Karsa was captured.", "left open"),
    ("The minister ruled out a withdrawal from Karsa.", "not done"),
    ("The planned attack on Karsa was postponed.", "put off"),
    ("The army rehearsed an attack on Karsa.", "an exercise"),
    ("The army is capable of retaking Karsa.", "what might be"),
    ("Before the army takes Karsa, it must cross the river.", "still to come"),
    ("The capture of Karsa remains the goal of the army.", "still to come"),
    ("The army's objective was the capture of Karsa.", "still to come"),
    ("It is untrue that the town of Karsa has fallen.", "called untrue"),
    ("Reports that the town of Karsa had fallen were premature.", "called untrue"),
    ("There was nothing to suggest that the army had bombed Karsa.", "no word of it"),
    ("Rumours spread that the army had left Karsa.", "heard"),
    ("Was the town of Karsa captured?", "a question"),
    ("Who bombed the hospital in Karsa?", "a question"),
    ("The bombing of civilians is a war crime.", "of all such"),
    ("The area surrounding the square was shelled.", "geography"),
    ("Any attack on a school in Karsa is a crime.", "said of all such acts"),
    ("The law punishes anyone who attacks a school in Karsa.", "said of all who do so"),
    ("Questions remain on who carried out the attack in Karsa.", "a question"),
    ("The plan is to attack Karsa next week.", "a plan"),
    ("The aim of the move is to capture the town of Karsa.", "an aim"),
    ("They didnt attack Karsa that day.", "denied, its apostrophe lost"),
    ("The drones can attack targets deep inside Karsa.", "what can be"),
    ("The rebels repeated the demand that government forces withdraw from Karsa.", "asked for"),
    ("Rebels Attack School in Northern Karsa Province Army Says The ministry has not replied.", "a title run into the sentence"),
]


@pytest.mark.parametrize(("text", "why"), NOTHING_TOLD, ids=[text[:40] for text, _ in NOTHING_TOLD])
def test_what_is_not_told_as_fact_is_not_asserted(text: str, why: str) -> None:
    kinds = {"capture", "siege", "withdrawal", "clash", "bombing", "airstrike", "attack"}
    report = Report("r", text, published=date(2020, 6, 5), sections=(Section("body", 0, len(text)),))
    told = [claim for claim in read(report, load_knowledge()).claims if claim.kind in kinds and claim.modality == "asserted"]
    assert not told, why


def test_who_is_sent_to_see_an_attack_is_told_of_it() -> None:
    text = "See also how the army shelled Karsa on Monday."
    report = Report("r", text, published=date(2020, 6, 5), sections=(Section("body", 0, len(text)),))
    assert [claim.kind for claim in read(report, load_knowledge()).claims] == ["shelling"]


def test_what_caused_an_event_is_asked_and_the_event_told() -> None:
    text = "It was not clear what had caused the blast in Karsa."
    report = Report("r", text, published=date(2020, 6, 5), sections=(Section("body", 0, len(text)),))
    assert [(claim.kind, claim.modality) for claim in read(report, load_knowledge()).claims] == [("bombing", "asserted")]


WAYS_OF_TELLING = [
    ("Government troops were quick to storm the camp at Karsa.", "attack", "asserted"),
    ("It was not immediately clear if warplanes had bombed Karsa.", "airstrike", "possible"),
    ("The blast not only killed two guards in Karsa but also wounded a child.", "casualties", "asserted"),
    ("The council called for an inquiry into the shelling of a school in Karsa by the army.", "shelling", "asserted"),
    ("The militia denied responsibility for the attack in Karsa.", "attack", "denied"),
    ("The rebels vowed to fight on in the army bastion of Karsa.", "control_state", "asserted"),
    ("Last month a bombing in Karsa killed nine people.", "bombing", "background"),
    ("Earlier this year the rebels captured Karsa.", "capture", "background"),
    ("More than 90,000 people have been killed in Sudan, the monitor said.", "casualties", "background"),
]


@pytest.mark.parametrize(("text", "kind", "modality"), WAYS_OF_TELLING, ids=[text[:40] for text, _, _ in WAYS_OF_TELLING])
def test_an_event_has_the_modality_of_its_telling(text: str, kind: str, modality: str) -> None:
    report = Report("r", text, published=date(2020, 6, 5), sections=(Section("body", 0, len(text)),))
    assert {claim.modality for claim in read(report, load_knowledge()).claims if claim.kind == kind} == {modality}


def test_a_denial_of_what_was_told_before_is_a_denied_claim() -> None:
    text = "Warplanes bombed a market in Karsa on Monday. The army denied involvement."
    report = Report("r", text, published=date(2020, 6, 5), sections=(Section("body", 0, len(text)),))
    denied = [claim for claim in read(report, load_knowledge()).claims if claim.modality == "denied"]
    assert [(claim.kind, claim.actor.text if claim.actor else None) for claim in denied] == [("airstrike", "army")]


def test_a_title_that_ran_into_the_first_sentence_tells_nothing() -> None:
    text = "Rebels Seize Two Villages Near Karsa After Fierce Battle MORTAY (News) The army said on Monday that it had lost two soldiers."
    report = Report("r", text, published=date(2020, 6, 5), sections=split(text))
    assert not [claim for claim in read(report, load_knowledge()).claims if claim.kind in ("capture", "clash")]


@pytest.mark.parametrize("comma", [", ", " "])
@pytest.mark.parametrize(
    "text",
    [
        "Had the marines not arrived{0}Oakford would have fallen.",
        "Had it not rained{0}the rebels would have taken Oakford.",
        "Without the marines{0}Oakford would have fallen to the rebels.",
        "If the army had not come{0}the rebels would have captured Oakford.",
        "Were it not for the bridge{0}the rebels would have seized Oakford.",
    ],
)
def test_what_would_have_come_about_did_not(text: str, comma: str) -> None:
    assert kinds_told(text.format(comma)) == []


def kinds_told(text: str) -> list[str]:
    report = Report(id="r", text=text, published=date(2014, 6, 10), sections=split(text))
    return [claim.kind for claim in read(report, load_knowledge()).claims]


@pytest.mark.parametrize(
    "text",
    [
        "The rebels said the army was lying when it claimed that it had recaptured Oakford.",
        "The rebels said the army lied when it claimed to have recaptured Oakford.",
        "The rebels said the army had lied when it announced that it had recaptured Oakford.",
    ],
)
def test_who_is_said_to_have_lied_is_not_quoted_but_denied(text: str) -> None:
    report = Report(id="r", text=text, published=date(2014, 6, 10), sections=split(text))
    [claim] = read(report, load_knowledge()).claims
    assert (claim.kind, claim.modality, [link.text for link in claim.attribution]) == ("capture", "denied", ["rebels"])


def test_a_lie_about_a_denial_is_the_deed() -> None:
    text = "The rebels said the army had lied when it denied that it had shelled Oakford."
    [claim] = read(Report(id="r", text=text, published=date(2014, 6, 10), sections=split(text)), load_knowledge()).claims
    assert (claim.kind, claim.modality) == ("shelling", "asserted")


@pytest.mark.parametrize(
    "text", ["RSF denies, 40 dead in Oakford.", "Rebels deny; 30 dead in Oakford.", "Ministry denies, 20 killed in Oakford."]
)
def test_a_denial_before_a_comma_denies_what_was_told_before(text: str) -> None:
    [claim] = read(Report(id="r", text=text, published=date(2014, 6, 10), sections=split(text)), load_knowledge()).claims
    assert (claim.kind, claim.modality, claim.attribution) == ("casualties", "asserted", ())


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Al-Shabaab bombed a convoy near Oakford.", "bombing"),
        ("Al-Shabaab or the Lions bombed a convoy near Oakford.", "bombing"),
        ("A bridge near Oakford was bombed by insurgents.", "bombing"),
        ("The army bombed a convoy near Oakford.", "airstrike"),
        ("The Islamic State group bombed a convoy near Oakford with drones.", "airstrike"),
    ],
)
def test_who_has_no_aircraft_bombs_from_the_ground(text: str, kind: str) -> None:
    assert kinds_told(text) == [kind]


@pytest.mark.parametrize(
    "text", ["A nurse said the soldiers, she believed, had shot nine men.", "A nurse said 40 men, she feared, had been shot."]
)
def test_what_a_speaker_only_believes_is_possible(text: str) -> None:
    [claim] = read(Report(id="r", text=text, published=date(2014, 6, 10), sections=split(text)), load_knowledge()).claims
    assert (claim.modality, [link.text for link in claim.attribution]) == ("possible", ["nurse"])
