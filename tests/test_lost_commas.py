"""Wire copy that has lost its commas: who speaks last, and what his words leave whole."""

from __future__ import annotations

from datetime import date

import pytest

from khabar.model import Claim, Report
from khabar.reading import load_knowledge, read

Told = tuple[str, str | None, str | None, str | None]


def claims_of(text: str) -> tuple[Claim, ...]:
    return read(Report("r", text, published=date(2017, 6, 10)), load_knowledge()).claims


def told(text: str) -> set[Told]:
    texts = ((part and part.text for part in (c.actor, c.recipient, c.place)) for c in claims_of(text))
    return {(c.kind, *own) for c, own in zip(claims_of(text), texts, strict=True)}


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        (
            "A bomb killed six people in the Marim district of Karsa Syrian state television reported on Wednesday.",
            "Syrian state television",
        ),
        (
            "A barrage of rockets left dozens wounded Wednesday in government-held districts of divided Dovo city state media said.",
            "state media",
        ),
        ("A raid claimed the lives of 18 civilians including 10 children Lebanese TV channel Al-Naba reported.", "Al-Naba"),
        ("Five soldiers and an Indian woman have been killed medics in Dovo said.", "medics in Dovo"),
        ("The attack led to the capture of several buildings in the western Zahra neighborhood activists said.", "activists"),
        ("Nine people died in the town of Karsa local residents said.", "local residents"),
        ('"Rebels captured Base 46" said Rami Karim director of the Britain-based Observatory.', "Rami Karim [Observatory]"),
        ("The Observatory's chief Rami Karim said 12 rebels died.", "Rami Karim [Observatory]"),
    ],
)
def test_who_speaks_last_begins_where_the_comma_was(text: str, speaker: str) -> None:
    assert {s.text for c in claims_of(text) for s in c.attribution} == {speaker}


def test_who_speaks_last_holds_nothing_and_is_no_place() -> None:
    text = (
        "Regime warplanes bombarded the northern city of Dovo on Friday targeting positions held by Kurdish forces"
        " a monitor and a journalist in the city said."
    )
    assert ("control_state", "Kurdish forces", None, "positions held by Kurdish forces") in told(text)
    text = "Shelling killed 21 people in the town of Karsa where a school was also hit regional prosecutors said."
    assert not {c.kind for c in claims_of(text) if c.actor}
    text = "A barrage of rockets left dozens wounded Wednesday in government-held districts of divided Dovo city state media said."
    assert {c.place.text for c in claims_of(text) if c.place} == {"districts of divided Dovo city"}


def test_a_number_before_a_name_counts_those_just_told() -> None:
    text = "A missile strike near Dovo killed five people and injured seven Dovo Governor Talal Karim said Friday."
    numbers = {c.quantity.unit: c.quantity.low for c in claims_of(text) if c.kind == "casualties" and c.quantity}
    assert numbers == {"killed": 5, "injured": 7}


def test_a_child_that_a_channel_tells_of_is_counted() -> None:
    text = "A raid claimed the lives of 18 civilians including 10 children Lebanese TV channel Al-Naba reported."
    assert {c.recipient.text for c in claims_of(text) if c.recipient} == {"civilians", "children"}


def test_who_blames_in_the_end_is_who_spoke() -> None:
    text = "Opposition forces stated that some 80 people were killed in a chemical attack in Idlib province blaming the army for it."
    assert ("statement", "Opposition forces", "army", None) in told(text)


def test_what_a_deed_led_to_is_told_of_the_deed() -> None:
    text = "Shells landed on a market in a district held by government forces killing three women."
    assert {c.place.text for c in claims_of(text) if c.place and c.kind == "casualties"} == {
        "market in a district held by government forces"
    }
    bombed = told("Jets bombed the town of Dovo held by Islamic State destroying two houses.")
    assert {("airstrike", "Jets", None, "Dovo"), ("looting_destruction", "Jets", "houses", "Dovo")} <= bombed


def test_an_attack_told_after_a_search_is_not_the_searchers() -> None:
    text = "Syria joined the Convention on Chemical Weapons after a chemical weapon attack in East Ghouta."
    assert told(text) == {("chemical_attack", None, None, "East Ghouta")}


@pytest.mark.rules_alone
def test_who_is_blamed_is_named_after_on() -> None:
    text = "The attack was a response to the chemical weapon use in Idlib on Tuesday which Chad blames on Sudan."
    assert told(text) == {("chemical_attack", "Sudan", None, "Idlib")}
    assert {s.text for c in claims_of(text) for s in c.attribution} == {"Chad"}


def test_the_besieged_east_is_the_place_of_its_siege() -> None:
    assert ("siege", None, None, "opposition-held east") in told("The opposition-held east has been under siege since July 7.")


def test_an_assault_that_is_pushed_back_is_not_theirs_who_do_so() -> None:
    assert {(c.kind, c.actor and c.actor.text) for c in claims_of("Kurdish forces pushed back an assault on the town.")} == {
        ("repelled_attack", "Kurdish forces")
    }


@pytest.mark.parametrize(
    "text",
    [
        "Silence would ruin what has been achieved in Munich.",
        "Nearly 17,000 people trapped in the town of Douma were forced to adopt emergency strategies.",
        "The UN's top aid official said it would not be enough.",
    ],
)
def test_what_only_sounds_like_it_claims_nothing(text: str) -> None:
    assert not claims_of(text)


def test_those_who_suffer_burning_eyes_are_not_dead() -> None:
    text = "At least 12 fighters of the Front suffered burning eyes and vomiting in the gas attack on Karsa, doctors said."
    assert {c.quantity.unit for c in claims_of(text) if c.kind == "casualties" and c.quantity} == {"injured"}


def test_a_border_crossing_is_one_place() -> None:
    text = "The blast struck the Atme border crossing between Turkey and the northern province of Idlib."
    assert ("bombing", None, None, "Atme border crossing") in told(text)


def test_an_entry_of_a_chronology_has_its_days() -> None:
    text = (
        "The regime has fought for years. March 1 2012 Regime forces seize rebel-held Karsa after 27 days of shelling. "
        "August 21 2013 Chad accuses the regime of killing more than 1400 people in districts near Tina. "
        "September 30 2015 Russia launches airstrikes on the town of Dovo. Dozens of civilians die."
    )
    days = {(c.kind, c.date_start, c.date_end) for c in claims_of(text)}
    assert ("casualties", date(2015, 9, 30), date(2015, 9, 30)) in days
    assert ("casualties", None, date(2013, 8, 21)) in days


@pytest.mark.parametrize(
    ("text", "doer"),
    [
        ("AFP Syrian regime warplanes bombarded the city of Dovo on Friday.", "Syrian regime warplanes"),
        ("Late March media reported that the army had shelled Dovo.", "army"),
        ("The government is at war. It is accused by human rights groups of killing civilians in Dovo.", None),
    ],
)
def test_who_tells_it_does_not_do_it(text: str, doer: str | None) -> None:
    assert {c.actor and c.actor.text for c in claims_of(text) if c.kind != "statement"} == {doer}


def test_late_march_is_no_part_of_the_media() -> None:
    text = "Late March media reported that at least 200 people were killed in airstrikes in Dovo."
    assert {s.text for c in claims_of(text) for s in c.attribution} == {"media"}


@pytest.mark.parametrize(
    ("text", "hit"),
    [
        ("It is not the first hospital to be targeted by Russian warplanes.", "hospital"),
        ("Karsa was the second town to be captured by rebels this week.", "Karsa"),
    ],
)
def test_what_is_one_of_several_happened(text: str, hit: str) -> None:
    [claim] = [c for c in claims_of(text) if c.kind in ("airstrike", "capture")]
    assert claim.modality == "asserted"
    assert any(hit in (part.text if part else "") for part in (claim.recipient, claim.place))


def test_whom_an_act_helps_does_not_suffer_it() -> None:
    text = "The coalition conducts strikes in Raqqa to support the Syrian Democratic Forces fighting against Daesh."
    assert ("airstrike", "coalition", None, "Raqqa") in told(text)


@pytest.mark.rules_alone
def test_what_befell_it_while_others_came_befell_the_one_told_before() -> None:
    text = "The Front of Haron took Karsa in May. It was hit by shells as fighting resumed on Monday."
    assert "Front of Haron" in {c.recipient.text for c in claims_of(text) if c.recipient}


def test_the_army_is_it() -> None:
    text = "The army took Karsa in May. It was attacked by rebels as it moved on the hills."
    assert {("attack", "rebels", "army"), ("advance", "army", None)} <= {claim[:3] for claim in told(text)}


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("The KNDF captured the town of Moso on Sunday, its spokesman said.", "spokesman [KNDF]"),
        ("Sudan's army seized full control of the presidential palace on Friday, it said.", "Sudan's army"),
    ],
)
def test_who_speaks_for_the_doer_is_the_doers(text: str, speaker: str) -> None:
    assert [s.text for c in claims_of(text) for s in c.attribution] == [speaker]


def test_who_is_silent_on_a_loss_does_not_deny_it() -> None:
    [claim] = claims_of("The Sudanese Armed Forces have not commented on the loss of the base.")
    assert (claim.kind, claim.modality) == ("capture", "asserted")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("The Joint Force took Bir Mirgi from the RSF.", "Bir Mirgi"),
        ("On 5 October the army said it took Jebel Moya back.", "Jebel Moya"),
    ],
)
def test_wells_and_hills_are_no_persons_and_no_forces(text: str, place: str) -> None:
    assert {c.place and c.place.text for c in claims_of(text) if c.kind == "capture"} == {place}


def test_burnt_helicopters_are_not_hurt() -> None:
    text = "Reporters who reached the post on Monday saw Chadian soldiers and two burnt helicopters there."
    assert {c.quantity.unit for c in claims_of(text) if c.quantity} <= {"vehicles"}


def test_a_post_without_a_name_is_not_the_town_that_its_road_leads_to() -> None:
    text = (
        "The post, which guards the road between Kolta and the crossing at Adre, was attacked on Sunday. By noon the army had retaken it."
    )
    assert {c.place and c.place.text for c in claims_of(text) if c.kind == "capture"}.isdisjoint({"Kolta", "Adre"})


def test_nobody_leaves_an_accord() -> None:
    assert ("withdrawal", "men", None, "hill") in told("His men had left the hill of their own accord, he said.")


def test_what_stands_under_a_chronology_is_of_no_entry() -> None:
    text = (
        "The regime has fought for years.\nMarch 1 2012 Regime forces seize Karsa.\nAugust 21 2013 Rebels seize Tina.\n"
        "September 30 2015 Russia launches airstrikes on Dovo.\nRebels shelled Marou."
    )
    [last] = [c for c in claims_of(text) if c.kind == "shelling"]
    assert last.date_end == date(2017, 6, 10)


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("Rebels captured the villages of Atman Kafr Zain and Skara.", {"Atman", "Kafr Zain", "Skara"}),
        ("Somali troops captured Bulo Marer Barawe and Dinsor.", {"Bulo Marer", "Barawe", "Dinsor"}),
        ("The militia seized Ruzmat Dolan and Haskar in the first days of the offensive.", {"Ruzmat", "Dolan", "Haskar"}),
        ("Further south the rebels seized Kafr Dolan and Miskar.", {"Kafr Dolan", "Miskar"}),
    ],
)
def test_a_list_without_commas_names_each_of_its_towns(text: str, held: set[str]) -> None:
    assert {c.place.text for c in claims_of(text) if c.place and c.kind == "capture"} == held


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("The army retook the dam which was taken by the insurgents last week.", ("capture", "army", "insurgents", "dam")),
        ("The army retook the dam that the insurgents held.", ("capture", "army", "insurgents", "dam that the insurgents held")),
        ("Fighters left the enclave under a deal brokered by Chad.", ("withdrawal", "Fighters", None, "enclave")),
        ("Gunmen took over the police station in Karsa north of the capital.", ("capture", "Gunmen", None, "police station in Karsa")),
        ("Rebels took over the palace in Karsa government officials said.", ("capture", "Rebels", None, "palace in Karsa")),
        (
            "Once a stronghold of the guerrillas Karsa is now under the control of the army.",
            ("control_state", "army", None, "Karsa"),
        ),
        ("Once a bastion of the separatists Karsa has fallen to the army.", ("control_state", "separatists", None, "Karsa")),
        ("The rebels last stronghold Karsa fell on Friday.", ("control_state", "rebels", None, "Karsa")),
        ("The group has lost territory in Chad.", ("capture", None, "group", "Chad")),
        ("Rebels seized territory from the army in the south of the province.", ("capture", "Rebels", "army", "south of the province")),
    ],
)
def test_what_is_told_of_a_place_is_no_part_of_its_name(text: str, claim: Told) -> None:
    assert claim in {(c, a, None if "bastion" in text else r, p) for c, a, r, p in told(text)} | told(text)


def test_who_brokers_a_deal_is_no_side_of_it() -> None:
    assert {c.actor for c in claims_of("Fighters left Karsa under a deal brokered by Chad.") if c.kind == "agreement"} == {None}
    assert ("agreement", "army and the rebels", None, "Sabra") in told(
        "The army and the rebels signed a ceasefire deal brokered by Chad in Sabra."
    )


def test_who_brokers_a_truce_is_no_side_of_it_as_a_subject_either() -> None:
    claims = claims_of("Oman brokered a truce between the army and the militia.")
    assert {(c.actor.text, c.recipient.text) for c in claims if c.kind == "agreement" and c.actor and c.recipient} == {("army", "militia")}
    assert not [c for c in claims_of("Oman has brokered several truces.") if c.kind == "agreement" and c.actor]


def test_who_acts_despite_a_truce_has_not_agreed_to_it() -> None:
    claims = claims_of("Despite the truce government troops pushed into Karsa.")
    assert {c.actor and c.actor.text for c in claims if c.kind == "agreement"} <= {None}


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("Under a deal hundreds of rebels left Karsa for Idlib.", ("withdrawal", "rebels", "Idlib", "Karsa")),
        ("Kurdish forces handed the dam over to Chad under an agreement.", ("transfer", "Chad", "Kurdish forces", "dam")),
        (
            "Fighters of the Northern Defence Units the Yezidi wing of Hezbollah took the hill.",
            ("branch_of", "Northern Defence Units", "Hezbollah", None),
        ),
        ("Formerly held by Boko Haram Bama was recaptured by the army.", ("capture", "army", "Boko Haram", "Bama")),
        ("Long a haven for smugglers Bama was captured by the army.", ("capture", "army", None, "Bama")),
        ("The militia gave the airport back to the police on Sunday.", ("transfer", "police", "militia", "airport")),
        ("Al Shabaab has lost ground in Hiran.", ("capture", None, "Al Shabaab", "Hiran")),
        ("The front whose fighters hold Karsa is led by Abu Omar.", ("control_state", "front", None, "Karsa")),
        ("Fighters of the Sabra Army a splinter group of the front took Karsa.", ("capture", "Sabra Army", None, "Karsa")),
        ("Fighters of the National Army a coalition backed by Chad entered Karsa.", ("allied_with", "National Army", "Chad", None)),
    ],
)
def test_an_aside_without_commas_keeps_to_its_noun(text: str, claim: Told) -> None:
    assert claim in told(text)


def test_a_province_ends_before_who_tells_it() -> None:
    claims = claims_of("Soldiers retreated from Moso the capital of Kayah state resistance fighters said.")
    assert {s.text for c in claims for s in c.attribution} == {"resistance fighters"}
    claims = claims_of("The army shelled Barakin residents said.")
    assert {c.recipient for c in claims} == {None}
