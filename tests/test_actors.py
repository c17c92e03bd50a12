"""Which words of a report are actors, how far the mention reaches, and whom it means."""

from __future__ import annotations

from datetime import date

import pytest

from khabar.actorids import setting_of
from khabar.actors import early_names, find_actors
from khabar.gazetteer import load_gazetteer
from khabar.identities import identified
from khabar.language import parse
from khabar.model import ActorMention, Claim, Participant, Reading, Report
from khabar.names import find_names
from khabar.registry import load_registry

REGISTRY, GAZETTEER = load_registry(), load_gazetteer()


def actors(text: str, published: date | None = date(2015, 6, 8)) -> list[ActorMention]:
    doc = parse(text, names=find_names(text, REGISTRY, GAZETTEER))
    found = find_actors(doc, Report("r", text, published=published), REGISTRY, GAZETTEER)
    assert all(text[m.start : m.end] == m.text for m in found)
    return list(found)


def meant(text: str, published: date | None = date(2015, 6, 8)) -> dict[str, str | None]:
    return {mention.text: mention.id for mention in actors(text, published)}


@pytest.mark.parametrize(
    ("text", "mention", "id"),
    [
        ("Syrian troops left the town of Ariha.", "Syrian troops", "syrian-arab-army"),
        ("Russian warplanes bombed the town of Ariha in Syria.", "Russian warplanes", "russian-aerospace"),
        ("The army withdrew from Ariha in Syria.", "army", "syrian-arab-army"),
        ("Government forces shelled Ariha in Syria.", "Government forces", "syrian-arab-army"),
        ("Forces loyal to President Bashar al-Assad left Ariha in Syria.", "Forces loyal to President Bashar al-Assad", "syrian-arab-army"),
        ("Assad's forces left Ariha in Syria.", "Assad's forces", "syrian-arab-army"),
        ("Ahrar al-Sham fighters entered Ariha.", "Ahrar al-Sham fighters", "ahrar-al-sham"),
        ("Islamic State militants entered Ariha.", "Islamic State militants", "islamic-state"),
        ("The Israeli army raided a house near Ramallah.", "Israeli army", "israel-defense-forces"),
        ("French police searched a house in Lyon.", "French police", "fr-police"),
        ("The Syrian regime lost Ariha.", "Syrian regime", "syrian-government"),
        ("Moscow denied the report from Aleppo in Syria.", "Moscow", "russia-government"),
        ("Syrian regime jets bombed Ariha.", "Syrian regime jets", "syrian-arab-air-force"),
        (
            "The US-backed Syrian Democratic Forces took a village in Syria.",
            "US-backed Syrian Democratic Forces",
            "syrian-democratic-forces",
        ),
        ("Kurdish YPG militia entered a village in Syria.", "Kurdish YPG militia", "ypg"),
        ("Syrian rebel forces took Ariha in Syria.", "Syrian rebel forces", "syrian-opposition-generic"),
        ("Jihadists attacked Ariha in Syria.", "Jihadists", "syria-jihadists-generic"),
        ("Russian units entered Kharkiv in Ukraine.", "Russian units", "russian-armed-forces"),
    ],
)
def test_who_is_meant(text: str, mention: str, id: str) -> None:
    assert meant(text).get(mention, "not found") == id


@pytest.mark.parametrize(
    ("text", "mention"),
    [
        ("Some 2,000 jihadists attacked Ariha in Syria.", "jihadists"),
        ("Several moderate rebel groups left Ariha in Syria.", "moderate rebel groups"),
        ("Gunmen who failed to take Ariha fled.", "Gunmen"),
        ("The Kurdish fighters took Ariha.", "Kurdish fighters"),
        ("The revolutionaries took Ariha in Syria.", "revolutionaries"),
        ("Soldiers of the Syrian army left Ariha.", "Soldiers of the Syrian army"),
        ("Rebel-held areas of Ariha in Syria were hit.", "Rebel"),
        ("Civilians fled Ariha in Syria.", "Civilians"),
    ],
)
def test_a_mention_is_the_phrase_without_article_number_and_relative_clause(text: str, mention: str) -> None:
    assert mention in meant(text)


@pytest.mark.parametrize(
    "name",
    [
        "Liwa al-Zahr",
        "Kalam Valley Brigade",
        "Sons of Kalam",
        "Harakat al-Wurud",
        "Kalam Liberation Army",
        "14th Rifle Division",
        "Mai-Mai Zulu",
        "Katibat al-Fajr al-Jadid",
    ],
)
def test_a_group_that_no_list_has_is_known_by_its_form(name: str) -> None:
    (found,) = [m for m in actors(f"On Monday the {name} attacked a checkpoint.") if m.text == name]
    assert (found.id, found.name, found.form) == (None, None, "name")


def test_the_army_is_that_of_the_reports_country() -> None:
    assert meant("The army left Goma, a city in DR Congo, the Congolese government said.", date(2025, 1, 28))["army"] == "fardc"
    assert meant("The army marched.")["army"] is None, "without a country nobody is meant"


def test_in_a_war_of_several_countries_each_party_speaks_for_its_own() -> None:
    text = "Israeli troops raided a hospital in Gaza City. The IDF said that Hamas fired rockets. The army denied hitting the camp."
    assert meant(text, date(2023, 11, 10))["army"] == "israel-defense-forces"


def test_the_armys_name_follows_the_day() -> None:
    assert meant("Syrian troops entered Ariha.", date(2025, 3, 1))["Syrian troops"] == "syrian-army-transitional"


@pytest.mark.parametrize("words", ["The group", "The coalition", "This brigade", "The alliance"])
def test_what_only_points_back_is_left_to_the_references(words: str) -> None:
    assert actors(f"{words} left Ariha.") == []


@pytest.mark.parametrize(
    ("text", "mention"),
    [
        ("Democratic Syria Troops took a village in Syria.", "Democratic Syria Troops"),
        ("Syrian partisans took a village in Syria.", "Syrian partisans"),
        ("Armed groups affiliated to al-Nusra left Ariha in Syria.", "Armed groups affiliated to al-Nusra"),
        ("The provisional government of the valley met in Sweden.", "provisional government"),
        ("Kurdish rebels entered a village in Syria.", "Kurdish rebels"),
    ],
)
def test_nobody_is_meant_where_the_words_do_not_say_who(text: str, mention: str) -> None:
    assert {id for words, id in meant(text).items() if words == mention} <= {None}


def test_the_jihadists_are_those_whom_the_report_named() -> None:
    found = meant("Islamic State fighters left Ariha in Syria. A day later the jihadists shelled it.", date(2015, 6, 8))
    assert found["jihadists"] == "islamic-state"


@pytest.mark.parametrize(
    ("words", "id"),
    [
        ("Jabhat al-Nusra terrorists and other armed groups", "al-nusra-front"),
        ("suspected Russian", "russian-armed-forces"),
        ("Turkey", "tr-government"),
        ("Army", "syrian-arab-army"),
        ("Turkey and Russia", None),
        ("Salma Zahrani", None),
    ],
)
def test_a_claim_takes_the_id_of_words_that_no_mention_resolved(words: str, id: str | None) -> None:
    report = Report("r", "Syria, Syria, Aleppo in Syria.", published=date(2015, 6, 8))
    claim = Claim("c", "r", 0, 5, "body", "attack", (0, 5), actor=Participant(words))
    (found,) = identified([claim], Reading(report), setting_of(report, REGISTRY, GAZETTEER))
    assert found.actor is not None
    assert found.actor.id == id


def test_a_name_used_before_anyone_bore_it_is_doubted() -> None:
    text = "Jabhat Fatah al-Sham took Ariha in Syria. Jabhat al-Nusra left."
    mentions = actors(text, date(2016, 3, 1))
    (doubt,) = early_names(mentions, Report("r", text, published=date(2016, 3, 1)), REGISTRY)
    assert doubt.warning
    assert "2016-07-28" in doubt.message
    assert early_names(mentions, Report("r", text, published=date(2016, 8, 1)), REGISTRY) == ()
    fighters = "Jabhat Fatah al-Sham fighters took Ariha in Syria."
    assert early_names(actors(fighters, date(2016, 3, 1)), Report("r", fighters, published=date(2016, 3, 1)), REGISTRY)


def test_a_governments_troops_are_its_army() -> None:
    found = meant("Syrian government troops shelled Douma on Sunday.")
    assert found == {"Syrian government troops": "syrian-arab-army"}


def test_the_red_crescent_is_that_of_the_country_at_war() -> None:
    assert "syrian-arab-red-crescent" in meant("Shells killed two Red Crescent volunteers in Aleppo, Syria, on Monday.").values()


def test_a_backer_is_not_the_backed() -> None:
    found = meant("US-backed fighters took Ariha in Syria.")
    assert "us-armed-forces" not in [id for text, id in found.items() if "fighters" in text]


def test_a_town_in_a_groups_name_gives_no_second_mention() -> None:
    found = meant("The Army of Islam attacked.")
    assert found == {"Army of Islam": "jaysh-al-islam"}


def test_persons_are_kept_where_they_command_only() -> None:
    found = meant("General Karim Wardani led the attack on Ariha. Salma Zahrani, a baker, watched.")
    assert any("Wardani" in text for text in found)
    assert not any("Zahrani" in text for text in found)


def test_a_name_of_common_words_is_not_taken_from_another_war() -> None:
    found = meant("The National Army fought guerrillas near Medellin in Colombia, the Colombian government said.", date(2001, 6, 8))
    assert found["National Army"] != "syrian-national-army"


def test_the_coalition_of_a_campaign_is_that_of_the_war_at_hand() -> None:
    text = "The envoy spoke in Baghdad, Iraq, of the coalition campaign against Daesh."
    start = text.index("coalition")
    claim = Claim("c", "r", 0, len(text), "body", "attack", (start + 10, start + 18), actor=Participant("coalition", start, start + 9))
    report = Report("r", text, published=date(2016, 10, 3))
    (found,) = identified((claim,), Reading(report), setting_of(report, REGISTRY, load_gazetteer()))
    assert found.actor
    assert found.actor.id == "us-led-coalition"
