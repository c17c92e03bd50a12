"""Where an event took place, when its own words do not say so by name. All places are invented."""

from __future__ import annotations

from datetime import date

import pytest

from khabar.model import Claim, Report, Section
from khabar.reading import load_knowledge, read
from khabar.scene import Scene
from khabar.sites import IN_WORDS, _end_of_words


def claims_of(text: str, *, title: str | None = None) -> tuple[Claim, ...]:
    report = Report("told", text, title=title, published=date(2020, 6, 5), sections=(Section("body", 0, len(text)),))
    return read(report, load_knowledge()).claims


def places(kind: str, text: str, *, title: str | None = None) -> list[str | None]:
    return [c.place.text if c.place else None for c in claims_of(text, title=title) if c.kind == kind]


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        pytest.param("control_state", "Jets bombed Tel Amara, a town held by the Sabra Front.", ["Tel Amara"], id="apposition"),
        pytest.param("control_state", "Tel Amara is one of the last rebel strongholds in the north.", ["Tel Amara"], id="copula"),
        pytest.param(
            "casualties", "Air strikes on Tel Amara and Karsun killed nine people.", ["Tel Amara and Karsun"], id="toll-of-two-towns"
        ),
        pytest.param(
            "capture", "The army captured villages held by the Sabra Front.", ["villages held by the Sabra Front"], id="its-words"
        ),
        pytest.param(
            "capture",
            "The army captured two villages held by the Sabra Front in the province of Marou.",
            ["two villages held by the Sabra Front in the province of Marou"],
            id="a-number-describes-nothing",
        ),
        pytest.param("airstrike", "Jets bombed towns that they hold.", ["towns that they hold"], id="that-they-hold"),
        pytest.param("attack", "Gunmen attacked a convoy on the road to Tel Amara.", ["road to Tel Amara"], id="where-a-road-leads"),
        pytest.param(
            "advance",
            "Rebels cut the road that links Tel Amara with the port of Karsun.",
            ["road that links Tel Amara with the port of Karsun"],
            id="what-a-road-links",
        ),
        pytest.param(
            "airstrike", "Jets bombed a road from the refinery to Karsun.", ["road from the refinery to Karsun"], id="both-ends-of-a-road"
        ),
        pytest.param("attack", "Gunmen attacked the old city of Aleppo.", ["city of Aleppo"], id="the-old-city-is-a-part"),
        pytest.param("attack", "Gunmen opened fire on army positions at Tel Amara.", ["Tel Amara"], id="object-in-a-town"),
        pytest.param(
            "capture",
            "Rebels entered the villages of Tel Amara and Karsun. The army recaptured those villages on Monday.",
            ["Tel Amara", "Karsun"],
            id="those-villages",
        ),
        pytest.param(
            "agreement", "Shells hit Tel Amara on Monday. The two sides had agreed on a ceasefire.", [None], id="truce-of-no-scene"
        ),
        pytest.param(
            "casualties",
            "Troops shelled Tel Amara in Iraq. The war has killed 40,000 people since 2011.",
            ["Iraq"],
            id="whole-war",
            marks=pytest.mark.rules_alone,
        ),
        pytest.param(
            "casualties",
            "Troops shelled Tel Amara in Iraq. Since then more than a quarter of a million people have been killed.",
            ["Iraq"],
            id="a-toll-no-town-has-seen",
        ),
        pytest.param("airstrike", "Jets bombed Lowland Front strongholds in Tel Amara.", ["Tel Amara"], id="strongholds-in-a-town"),
        pytest.param(
            "airstrike", "Rebel strongholds in seven villages were bombed by army jets.", ["seven villages"], id="hit-in-villages"
        ),
        pytest.param(
            "airstrike", "Jets targeted tens of ISIL positions across the town of Tel Amara.", ["Tel Amara"], id="positions-of-a-body"
        ),
        pytest.param(
            "casualties",
            "An air strike killed 18 members of the militia south of Damascus.",
            ["south of Damascus"],
            id="bearing-beside-the-verb",
        ),
        pytest.param("airstrike", "Jets bombed the Damascus suburb of Tel Amara.", ["Tel Amara"], id="suburb-of"),
        pytest.param("airstrike", "Jets bombed the Aleppo district of Marou.", ["Marou"], id="district-of-a-town-of"),
        pytest.param("airstrike", "Jets bombed the Marou district of Aleppo.", ["Marou district"], id="district-with-a-name"),
        pytest.param("capture", "The army took the former ISIL bastion of Tel Amara.", ["Tel Amara"], id="bastion-of"),
        pytest.param("control_state", "Jets hit Tel Amara a town held by the Sabra Front in the north.", ["Tel Amara"], id="lost-comma"),
        pytest.param(
            "clash",
            "Rebels entered Tel Amara on Sunday. Clashes broke out in the area.",
            ["Tel Amara"],
            id="the-area-is-where-the-story-stands",
        ),
        pytest.param(
            "withdrawal", "Rebels entered Tel Amara on Sunday. The army withdrew from the area.", ["the area"], id="the-area-that-is-left"
        ),
        pytest.param(
            "chemical_attack",
            "Shells hit Tel Amara on Monday. The army has used chemical weapons since 2013.",
            [None],
            id="told-of-no-single-time",
        ),
        pytest.param("casualties", "Syrias war has left more than 320,000 people dead.", ["Syria"], id="lost-apostrophe"),
        pytest.param("bombing", "A bomb went off near a police station in Homs.", ["police station in Homs"], id="beside-a-building"),
        pytest.param("airstrike", "Jets bombed rebel-held areas of Damascus.", ["areas of Damascus"], id="areas-of-a-town"),
        pytest.param("airstrike", "Jets bombed the areas of Tel Amara and Karsun.", ["Tel Amara", "Karsun"], id="areas-by-name"),
        pytest.param(
            "capture",
            "Troops took two rebel-held villages in the Tel Amara valley.",
            ["two rebel-held villages in the Tel Amara valley"],
            id="nameless-with-where",
        ),
        pytest.param("attack", "Soldiers ambushed a group of rebels on the Homs-Hama road.", ["Homs-Hama road"], id="road-between-two"),
        pytest.param("advance", "Rebels advanced along the Homs-Hama highway.", ["Homs-Hama highway"], id="highway"),
        pytest.param(
            "casualties",
            "Jets bombed Tel Amara on Monday. A convoy was bound for rebel-held Karsun. Six people were killed, residents said.",
            ["Tel Amara"],
            id="held-in-passing",
        ),
        pytest.param(
            "casualties",
            "Six people were killed on Monday, residents said. Government warplanes bombed Homs for hours.",
            ["Homs"],
            id="before-it-says-where",
        ),
        pytest.param("casualties", "MOSCOW (Sputnik) The militia killed 17 servicemen.", [None], id="where-the-agency-sits"),
    ],
)
def test_an_event_is_placed(kind: str, text: str, expected: list[str | None]) -> None:
    assert places(kind, text) == expected


def test_a_town_that_is_first_described_gets_its_name_in_every_claim() -> None:
    text = "Jets bombed a rebel-held town in the north on Monday. The strikes on Tel Amara went on for hours, residents said."
    claims = claims_of(text)
    assert {c.place.text for c in claims if c.place} == {"Tel Amara"}
    assert {c.kind for c in claims} >= {"airstrike", "control_state"}


def test_a_title_outside_the_text_says_where_the_story_begins() -> None:
    text = "Nine people were killed on Monday. Residents of Tel Amara buried them."
    assert places("casualties", text, title="Shelling of Tel Amara") == ["Tel Amara"]
    assert places("casualties", text) == [None]


def test_the_province_of_a_town_is_no_second_place_of_the_fighting() -> None:
    text = (
        "GOMA, 14 March (Lakes Wire) - M23 fighters seized the hilltop town of Nyabiondo in North Kivu on Thursday after two days of "
        "clashes with the Congolese army and allied Wazalendo militiamen, residents and a local official said."
    )
    assert [c.place and c.place.text for c in claims_of(text) if c.kind == "clash"] == ["Nyabiondo"]


def test_a_charge_that_the_sentence_tells_is_not_of_the_shelling_told_before() -> None:
    text = (
        "Shells hit a market in Nyabiondo on Wednesday, residents said. The spokesman accused Rwanda of sending reinforcements to the "
        "rebels, a charge Kigali has repeatedly rejected."
    )
    assert [c.kind for c in claims_of(text) if c.modality == "denied" and c.kind != "statement"] == []


def test_who_tells_of_a_shelling_did_not_do_it_and_whom_he_blames_did_by_his_word() -> None:
    text = "Shells hit a market in Sabra, said Omar Haddad, who blamed the army for the shelling."
    told = {(c.actor and c.actor.text, tuple(link.text for link in c.attribution)) for c in claims_of(text) if c.kind == "shelling"}
    assert told == {(None, ("Omar Haddad",)), ("army", ("Omar Haddad",))}


def test_who_tells_it_does_not_say_where() -> None:
    text = "Shells hit Tel Amara on Monday. The governor of Karsun said that nine people were killed."
    assert places("casualties", text) == ["Tel Amara"]


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        pytest.param(
            "shelling", "Rebels fired shells on Sabra and Karsun neighbourhoods of the city.", ["Sabra", "Karsun"], id="of-one-plural-noun"
        ),
        pytest.param(
            "casualties",
            "Four people were killed in a rocket attack on Sabra and Karsun neighbourhoods.",
            ["Sabra and Karsun"],
            id="toll-of-a-list",
            marks=pytest.mark.rules_alone,
        ),
        pytest.param("withdrawal", "The army withdrew from the Sabra and Karsun areas.", ["Sabra", "Karsun"], id="areas-by-name"),
        pytest.param(
            "casualties", "Hundreds of people died in a gas attack in Sabra on the outskirts of Damascus.", ["Sabra"], id="first-of-two"
        ),
        pytest.param(
            "clash", "In Syria the Lowland Front is fighting to recapture the town of Karsun.", ["Karsun"], id="what-fighting-is-for"
        ),
        pytest.param(
            "casualties",
            "In Damascus three women were wounded in a mortar attack on Karsun neighbourhood.",
            ["Karsun neighbourhood"],
            id="within-what-the-sentence-opens-with",
        ),
        pytest.param("airstrike", "Three air strikes hit the market in Karsun west of Aleppo.", ["Karsun"], id="a-bearing-of-the-town"),
        pytest.param("airstrike", "Three air strikes hit a market near Karsun.", ["market near Karsun"], id="near-is-not-in"),
    ],
)
def test_of_several_places_told_the_one_of_the_event_is_taken(kind: str, text: str, expected: list[str]) -> None:
    assert places(kind, text) == expected


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        pytest.param("attack", "A convoy was attacked twice between Tel Amara and Karsun.", ["between Tel Amara and Karsun"], id="between"),
        pytest.param(
            "casualties",
            "A convoy was bombed on the road between Tel Amara and Karsun and three drivers were killed.",
            ["road between Tel Amara and Karsun"],
            id="road-between",
        ),
        pytest.param("airstrike", "Shells hit Karsun on Monday. Later two bombs fell on a school.", ["school"], id="where-a-bomb-fell"),
        pytest.param("attack", "Gunmen fired on a depot in Tel Amara.", ["Tel Amara"], id="what-is-an-enemy's-is-hit"),
        pytest.param("attack", "Gunmen attacked an NLA post at Tel Amara.", ["Tel Amara"], id="whose-post"),
        pytest.param("bombing", "A car bomb blew up in the Sabra quarter of Marou.", ["Sabra quarter"], id="quarter-with-a-name"),
        pytest.param("capture", "The rebels took the base, known as Hill 20, on Sunday night.", ["Hill 20"], id="known-as"),
        pytest.param("casualties", "In the Tel Amara raid 33 soldiers lost their lives.", ["Tel Amara"], id="named-with-the-act"),
        pytest.param(
            "casualties",
            "Fourteen fighters were killed as they attempted to enter the villages of Tel Amara and Karsun.",
            ["Tel Amara and Karsun"],
            id="all-of-a-list",
        ),
        pytest.param("capture", "Rebels seized the airstrip at Tel Amara.", ["airstrip at Tel Amara"], id="site-at-a-town"),
        pytest.param("capture", "Rebels took the hills above Karsun.", ["hills above Karsun"], id="site-above-a-town"),
        pytest.param("casualties", "Shells hit Karsun on Monday. Three nuns died in the monastery.", ["monastery"], id="site-of-a-toll"),
        pytest.param(
            "casualties",
            "Shells hit Karsun on Monday, and one of them killed eight people in a church.",
            ["church"],
            id="site-beside-its-act",
        ),
    ],
)
def test_the_smallest_place_is_taken(kind: str, text: str, expected: list[str]) -> None:
    assert places(kind, text) == expected


def test_where_somebody_went_is_not_where_it_happened() -> None:
    told = "Shells hit Tel Amara on Monday. Two villagers died, and a third who was taken to Karsun has lost a leg."
    assert set(places("casualties", told)) == {"Tel Amara"}
    assert places("withdrawal", "Shells hit Tel Amara on Monday. By noon the rebels had pulled back to Karsun.") == ["Tel Amara"]


def test_a_bulletin_names_its_place_before_a_colon() -> None:
    text = "Karsun: a patrol fired on.\n\nTel Amara (north): two guards killed, a lorry burned.\n\n30/06 – Sabra: one farmer shot dead."
    assert places("casualties", text)[:1] == ["Tel Amara"]
    assert "Sabra" in places("killing", text)


@pytest.mark.parametrize(
    ("kind", "text", "place"),
    [
        ("killing", "14/08 – Karsa: two herders shot dead.", "Karsa"),
        ("abduction", "21/03 – Oakford: a nurse was abducted.", "Oakford"),
    ],
)
def test_an_entry_of_a_bulletin_has_its_day_its_place_and_what_happened(kind: str, text: str, place: str) -> None:
    assert places(kind, text) == [place]


@pytest.mark.parametrize(
    ("kind", "text", "place"),
    [
        ("capture", "The militia that overran Khan Sabra last week left on Sunday.", "Khan Sabra"),
        ("siege", "The rebels besieged Omar Salam for nine days.", "Omar Salam"),
        ("attack", "The army stormed Hassan Kale on Sunday.", "Hassan Kale"),
    ],
)
def test_what_is_overrun_is_a_place_though_a_man_may_be_called_so(kind: str, text: str, place: str) -> None:
    assert places(kind, text) == [place]


def test_a_doers_own_toll_does_not_go_on_from_the_last_town() -> None:
    text = "Shells hit Tel Amara on Monday. The Sabra Front has killed dozens of teachers."
    assert places("casualties", text) == [None]


def test_a_dateline_that_has_lost_its_dash_is_no_place() -> None:
    text = "BEIRUT Thirteen civilians were killed in aerial attacks, a monitor said."
    assert places("casualties", text) == [None]
    assert places("casualties", "Thirteen civilians were killed in aerial attacks on BEIRUT on Monday.") == ["BEIRUT"]


def test_a_foreign_capital_that_is_only_named_beside_is_no_scene() -> None:
    text = "Shells hit Aleppo on Monday. Shells hit Homs on Tuesday. The president and his allies in Moscow denied bombing hospitals."
    assert "Moscow" not in places("airstrike", text)


def test_words_too_far_behind_a_place_are_no_part_of_it() -> None:
    text = "A camp was shelled by men who had come down from the hills in the night with two old guns from Karsa."
    reading = read(Report("r", text), load_knowledge())
    camp, guns = (next(t for t in reading.tree if t.text == word) for word in ("camp", "guns"))
    assert guns.left_edge.i - camp.i > IN_WORDS
    assert _end_of_words(Scene(reading.report, reading.tree, reading.mentions), camp, guns) is None
