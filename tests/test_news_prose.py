"""Turns of phrase of news from a war, as a reader takes them. All places and bodies are invented but for the country of a war."""

from __future__ import annotations

from datetime import date

import pytest

from khabar.model import Claim, Report, Section
from khabar.reading import load_knowledge, read


def claims_of(text: str, kind: str) -> list[Claim]:
    report = Report("told", text, published=date(2020, 6, 5), sections=(Section("body", 0, len(text)),))
    return [c for c in read(report, load_knowledge()).claims if c.kind == kind]


def places(text: str, kind: str) -> list[str | None]:
    return [c.place.text if c.place else None for c in claims_of(text, kind)]


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        pytest.param(
            "attack",
            "In Karsa, an army unit carried out operations against rebels in Dovo village, 4 km east of Karsa.",
            ["Dovo village"],
            id="town",
        ),
        pytest.param("killing", "Also in Tarva province, a man was executed in Dovo, near the border.", ["Dovo"], id="province"),
        pytest.param(
            "casualties",
            "In the east of Syria, air strikes on Sunday killed 34 civilians in a village held by the Sabra Front.",
            ["village held by the Sabra Front"],
            id="village-without-a-name",
        ),
    ],
)
def test_a_place_within_the_one_that_opens_the_sentence_is_where_it_happened(kind: str, text: str, expected: list[str]) -> None:
    assert places(text, kind) == expected


def test_how_a_war_began_is_background_and_not_of_the_town_of_the_news() -> None:
    raid = "Army warplanes struck Dovo on Friday. "
    began = "The conflict in Syria began in 2011 with protests, and has driven millions from their homes."
    told = claims_of(raid + began, "protest")
    assert [(c.modality, c.place and c.place.text) for c in told] == [("background", "Syria")]


def test_a_toll_of_a_war_is_not_laid_to_whoever_opened_it() -> None:
    text = "At least 280,000 people have been killed since Syria's war started in 2011 with a crackdown on marchers by the Assad regime."
    assert [c.actor for c in claims_of(text, "casualties")] == [None]


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        pytest.param(
            "airstrike",
            "Friday's air raids on Dovo were the most intense in more than a week.",
            (date(2020, 6, 5), date(2020, 6, 5)),
            id="most",
        ),
        pytest.param("shelling", "The shelling was the heaviest since the truce began in May.", (None, date(2020, 6, 5)), id="since"),
        pytest.param(
            "attack",
            "On Thursday the Sabra Party, in power since 1963, sent troops who attacked Dovo.",
            (date(2020, 6, 4), date(2020, 6, 4)),
            id="in-power",
        ),
    ],
)
def test_a_span_that_only_ranks_an_event_does_not_date_it(kind: str, text: str, expected: tuple[date | None, date]) -> None:
    assert [(c.date_start, c.date_end) for c in claims_of(text, kind)] == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "Five civilians were killed in Karsa, three in Tina and one in the town of Dovo, the monitor said.",
            [("Karsa", 5), ("Tina", 3), ("Dovo", 1)],
            id="numbers",
        ),
        pytest.param("Gunmen killed three traders in Tina and two teachers near Dovo.", [("Tina", 3), ("near Dovo", 2)], id="victims"),
        pytest.param("Shelling killed two people in Tina and another in Dovo.", [("Tina", 2), ("Dovo", 1)], id="another"),
        pytest.param("At least 12 people were killed in Karsa, and 30 soldiers attacked Dovo.", [("Karsa", 12)], id="another-verb"),
    ],
)
def test_a_toll_shared_out_among_places_is_one_claim_for_each(text: str, expected: list[tuple[str, int]]) -> None:
    told = claims_of(text, "casualties")
    assert [(c.place.text, c.quantity.low) for c in told if c.place and c.quantity] == expected


def test_the_injured_of_no_number_are_not_those_killed() -> None:
    told = claims_of("At least 17 people were killed and many more injured on Monday by blasts in Dovo.", "casualties")
    assert [c.quantity.low if c.quantity else None for c in told] == [17, None]


def test_who_died_did_not_kill_himself_with_the_rest() -> None:
    told = claims_of("The suicide bomber and all the militants near the car were killed in Dovo.", "casualties")
    assert [c.actor for c in told] == [None, None]


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        pytest.param("airstrike", "The air attacks by the army on Dovo are aimed at cutting the road.", ["asserted"], id="aimed-at"),
        pytest.param("casualties", "The body of a man lay in a street of Dovo.", ["asserted"], id="lay"),
        pytest.param("branch_of", "Dovo is held by a jihadist group formerly affiliated with Al-Qaeda.", ["background"], id="formerly"),
        pytest.param("advance", "The car was destroyed before it managed to enter Dovo.", [], id="before-it-managed"),
        pytest.param("casualties", "The agency did not give a death toll for the ambush in Dovo.", [], id="gave-no-toll"),
        pytest.param(
            "casualties", "The group released a video purporting to show the killing of two men in Dovo.", ["possible"], id="purporting"
        ),
        pytest.param("agreement", "Army and rebel forces soon violated the truce in Dovo.", [], id="violated"),
        pytest.param("bombing", "They train recruits in Dovo and make car bombs.", [], id="bombs-made"),
        pytest.param("bombing", "The army destroyed a car bomb and a machine gun in Dovo.", [], id="bomb-destroyed"),
        pytest.param("statement", "The Watch is a monitoring group opposed to President Omar Sala.", [], id="opposed"),
        pytest.param("displacement", "Rescue workers rushed to evacuate the injured from the market of Dovo.", [], id="helpers"),
        pytest.param("shelling", "Their weapons and ammunition were destroyed in Dovo.", [], id="ammunition"),
    ],
)
def test_what_is_told_as_fact_and_what_is_not(kind: str, text: str, expected: list[str]) -> None:
    assert [c.modality for c in claims_of(text, kind)] == expected


def test_a_name_is_not_cut_at_its_hyphen() -> None:
    assert places("Armed men executed a councillor at In-Tillit on 2 June.", "killing") == ["In-Tillit"]


def test_a_road_that_is_only_described_keeps_its_name() -> None:
    text = "The monitor reported strikes on the Karsa road, a key rebel supply route out of Dovo."
    assert places(text, "airstrike") == ["Karsa road"]


def test_a_measured_part_of_a_town_is_the_town() -> None:
    assert places("The militia holds 80 percent of Karsa and two thirds of Dovo.", "control_state") == ["Karsa", "Dovo"]


def test_men_of_one_body_fight_the_other() -> None:
    told = claims_of("Clashes broke out on Sunday between rebels from the Army of Islam and ISIL near Dovo.", "clash")
    assert [(c.actor and c.actor.text, c.recipient and c.recipient.text) for c in told] == [("Army of Islam", "ISIL")]


def test_their_vehicles_are_what_is_destroyed() -> None:
    told = claims_of("The unit clashed with the rebels in Dovo, killing ten of them and destroying their vehicles.", "equipment_destroyed")
    assert [c.recipient and c.recipient.text for c in told] == ["vehicles"]


def test_whom_a_deal_excludes_is_no_party_to_it() -> None:
    told = claims_of("The deal excludes the Sabra Front and the Tina Brigade.", "agreement")
    assert all(c.actor is None and c.recipient is None for c in told)


def test_what_is_told_of_the_town_of_the_news_long_ago_is_still_of_it() -> None:
    assert places("Army warplanes struck Dovo on Friday. In 2013 troops shelled the town for weeks.", "shelling") == ["Dovo"]


@pytest.mark.parametrize(
    ("text", "tolls"),
    [
        (
            "At least 18 civilians, among them five women and three children, were killed in Karsa.",
            {"civilians": 18, "women": 5, "children": 3},
        ),
        ("Eight civilians five of them children were killed on Tuesday.", {"civilians": 8, "children": 5}),
        ("Eight civilians, five of them children, were killed on Tuesday.", {"civilians": 8, "children": 5}),
        ("Eight civilians, most of them children, were killed on Tuesday.", {"civilians": 8}),
        ("Nine people were killed, with three women among them.", {"people": 9, "women": 3}),
        ("Eight children and three women were among those who died in the raid.", {"children": 8, "women": 3}),
        ("The toll stands at 30 soldiers and 18 gunmen, officials said.", {"soldiers": 30, "gunmen": 18}),
        ("Three of the dead were soldiers and two were policemen.", {"soldiers": 3, "policemen": 2}),
        ("The Sabra Front said 14 soldiers and two of its own men had been killed.", {"soldiers": 14, "Sabra Front": 2}),
        ("In all 527 civilians have been killed in one week among them 129 children.", {"civilians": 527, "children": 129}),
        ("The ministry said 24 people were brought in with wounds, two of them policemen.", {"people": 24, "policemen": 2}),
        (
            "At least 40 of the gunmen have been killed in Karsa as well as 20 soldiers and 19 civilians, the army said.",
            {"gunmen": 40, "soldiers": 20, "civilians": 19},
        ),
        (
            "The monitor said 28 rebels 18 members of the security forces and five civilians had lost their lives in Karsa.",
            {"rebels": 28, "members of the security forces": 18, "civilians": 5},
        ),
    ],
)
def test_each_part_of_a_toll_is_told_with_its_number(text: str, tolls: dict[str, int]) -> None:
    told = claims_of(text, "casualties")
    assert {c.recipient.text: c.quantity.low for c in told if c.recipient and c.quantity} == tolls
    assert len(told) == len(tolls)


@pytest.mark.parametrize(
    ("text", "tolls"),
    [
        ("The monitor put the number of the dead at 69, of whom 17 were children.", [(None, 69), ("children", 17)]),
        (
            "The toll of the bombs that struck Karsa on Sunday has risen to 134 including more than 90 civilians the monitor reported.",
            [(None, 134), ("civilians", 90)],
        ),
        ("Two soldiers were killed; the army took twelve rebels, two of them officers.", [("soldiers", 2)]),
    ],
)
def test_a_part_is_told_beside_a_whole_that_is_a_mere_number(text: str, tolls: list[tuple[str | None, int]]) -> None:
    told = claims_of(text, "casualties")
    assert [(c.recipient and c.recipient.text, c.quantity and c.quantity.low) for c in told] == tolls


def test_a_part_of_several_places_does_not_stand_for_all() -> None:
    assert places("The army took ten villages, three of them Christian hamlets.", "capture") == ["ten villages"]


def test_who_surrendered_later_is_no_noun() -> None:
    assert [c.quantity.low for c in claims_of("Nine rebels were captured, two of them surrendered later.", "arrest") if c.quantity] == [9]


def test_where_a_road_begins_is_nobody_from_whom_a_place_was_taken() -> None:
    told = claims_of("Rebel fighters captured a hill post overlooking the road from Idlib to Hama on Tuesday.", "capture")
    assert [c.recipient for c in told] == [None]


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("attack", "Gunmen attacked a post held by the police in the town of Karsa, killing two of its officers.", ["Karsa"]),
        ("shelling", "Shells hit a school used by displaced families in Karsa and killed three children.", ["Karsa"]),
        (
            "clash",
            "Rebels clashed with the army in the villages of Karsa and Dovo in the northern countryside of Tarva.",
            ["Karsa", "Dovo"],
        ),
        (
            "casualties",
            "Army units killed dozens of terrorists in Kafr Nabudah and al-Lataminah in northern Hama.",
            ["Kafr Nabudah", "al-Lataminah"],
        ),
    ],
)
def test_what_says_where_it_lies_is_no_place_of_its_own(kind: str, text: str, expected: list[str]) -> None:
    assert places(text, kind) == expected


def test_the_words_of_a_nameless_place_end_with_a_noun() -> None:
    text = "A car bomb exploded near a checkpoint manned by the Kurdish Sabra forces in the city of Karsa killing four of its members."
    assert places(text, "bombing") == ["checkpoint manned by the Kurdish Sabra forces"]


def test_a_lead_s_nameless_town_is_the_one_that_troops_enter() -> None:
    text = "Syrian forces captured a strategic town on Monday. Troops entered Douma after insurgents withdrew. The army also took Ariha."
    assert places(text, "capture") == ["Douma", "Ariha"]


def test_what_a_thing_came_days_after_is_of_no_day() -> None:
    text = (
        "Russian planes bombed Douma on Monday. The advance came days after a Russian airstrike on a hospital in Ariha killed 10 civilians."
    )
    assert [(c.date_start, c.date_end) for c in claims_of(text, "casualties")] == [(None, date(2020, 6, 5))]


def test_the_country_is_not_where_the_teller_sits() -> None:
    text = "Shells hit Douma in Syria. The monitor which is based in Britain said that 26 soldiers had been killed across the country."
    assert places(text, "casualties") == ["Syria"]


def test_those_counted_are_told_once() -> None:
    text = "Most of the deaths were in Damascus and its suburbs where 17 people were killed when a missile hit a building in Douma."
    assert [(c.quantity.low, c.place.text) for c in claims_of(text, "casualties") if c.quantity and c.place] == [(17, "Douma")]


def test_who_says_what_his_country_may_do_speaks_of_nobody_else() -> None:
    [warning] = claims_of("The president warned that his country could attack the rebels.", "statement")
    assert warning.recipient is None


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("airstrike", "A bunker was hit by an Su-24M near Raqqa.", (None, "bunker")),
        ("shelling", "Turkish artillery returned fire.", ("Turkish artillery", None)),
        (
            "casualties",
            "Hezbollah announced the death of a commander Hassan al-Haj who was killed while fighting near Idlib.",
            (None, "Hassan al-Haj"),
        ),
        ("casualties", "At least 35 patients and medical staff had died in Hama.", (None, "patients and medical staff")),
        ("attack", "The Islamic State seized Palmyra. The hardline group launched an attack on Tadmur.", ("Islamic State", None)),
        (
            "killing",
            "Islamic State militants hit Palmyra. The United Nations urged a truce. Last year the group beheaded two journalists.",
            ("Islamic State", "journalists"),
        ),
        (
            "shelling",
            "Fighters of the Rapid Support Forces overran El Obaya. The army said its men had left. "
            "The paramilitary group then shelled Tina.",
            ("Fighters of the Rapid Support Forces", None),
        ),
    ],
    ids=[
        "a model",
        "fire returned",
        "a man and his rank",
        "staff",
        "hardline",
        "no group",
        "paramilitary",
    ],
)
def test_who_and_whom(kind: str, text: str, expected: tuple[str | None, str | None]) -> None:
    assert {(c.actor.text if c.actor else None, c.recipient.text if c.recipient else None) for c in claims_of(text, kind)} == {expected}


def test_no_plane_is_arrested() -> None:
    assert not claims_of("Turkish jets intercepted a Russian fighter near Yayladagi.", "arrest")


def test_who_is_known_by_a_name_speaks_by_it() -> None:
    text = "The Local Coordination Committees told of fighting. The insurgent coalition known as Jaish al-Fatah said it had taken Idlib."
    assert [[link.text for link in c.attribution] for c in claims_of(text, "capture")] == [["Jaish al-Fatah"]]


def test_a_mother_of_four_is_one() -> None:
    assert [c.quantity for c in claims_of("Umm Ahmad, a mother of four, fled Kobani last week.", "displacement")] == [None]


def test_a_rule_and_not_the_model_alone_tells_who_holds_a_quarter_or_is_encircled() -> None:
    assert places("The group controls the northeast.", "control_state") == ["northeast"]
    text = "In Deir al-Zor, where government forces have been encircled, rebels shelled the airport."
    assert [c.rule for c in claims_of(text, "siege")] == ["siege.trap"]


@pytest.mark.parametrize("aircraft", ["TB2s", "Su-24Ms", "F-16s"])
def test_aircraft_are_known_by_their_models(aircraft: str) -> None:
    assert [c.actor.text for c in claims_of(f"{aircraft} struck a depot in Karsa.", "airstrike") if c.actor] == [aircraft]
