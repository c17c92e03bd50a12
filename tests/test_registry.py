"""What a user must be able to rely on when a name is looked up in the registry of actors."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from khabar.actorfiles import KINDS, Name, parse_day
from khabar.actorlint import lint
from khabar.errors import KnowledgeError
from khabar.registry import Registry, load_registry
from khabar.spellings import normal

REGISTRY = load_registry()
JUNE_2015 = date(2015, 6, 8)


@pytest.mark.parametrize(
    "spelling",
    [
        "Jaysh al Fateh",
        "Jaysh al Fatah",
        "Jaish al-Fath",
        "Army of Conquest",
        "the Army of the Conquest",
        "Army of Fatah",
        "JAYSH AL-FATAH’s",
        "جيش الفتح",
    ],
)
def test_every_spelling_of_a_coalition_leads_to_it(spelling: str) -> None:
    actor = REGISTRY.resolve(spelling, on=JUNE_2015, countries=["SY"])
    assert actor is not None
    assert (actor.id, actor.name, actor.kind) == ("jaysh-al-fatah", "Jaysh al-Fatah", "coalition")


@pytest.mark.parametrize(
    ("spelling", "id"),
    [
        ("Al Nusrah", "al-nusra-front"),
        ("Jabhat an-Nusra", "al-nusra-front"),
        ("al-Nusra fighters", "al-nusra-front"),
        ("the Islamic State group", "islamic-state"),
        ("Agence France Presse", "afp"),
        ("al-Qa’ida", "al-qaeda"),
        ("Jeish al-Fatah", "jaysh-al-fatah"),
    ],
)
def test_articles_head_nouns_and_vowels_do_not_matter(spelling: str, id: str) -> None:
    found = REGISTRY.resolve(spelling, on=JUNE_2015, countries=["SY"])
    assert found is not None
    assert found.id == id


def test_a_name_that_nobody_bears_resolves_to_nobody() -> None:
    assert REGISTRY.resolve("Falcons of the Imaginary Mountain") is None


def test_one_spelling_means_another_actor_in_another_war() -> None:
    anadolu_or_army = {c: REGISTRY.resolve("AA", on=date(2023, 11, 1), countries=[c]) for c in ("TR", "MM")}
    assert anadolu_or_army["TR"] is not None
    assert anadolu_or_army["TR"].id == "anadolu"
    assert anadolu_or_army["MM"] != anadolu_or_army["TR"]


def test_one_spelling_means_another_actor_on_another_day() -> None:
    before = REGISTRY.resolve("Syrian army", on=date(2015, 6, 8), countries=["SY"])
    after = REGISTRY.resolve("Syrian army", on=date(2025, 6, 8), countries=["SY"])
    assert before is not None
    assert after is not None
    assert (before.id, after.id) == ("syrian-arab-army", "syrian-army-transitional")


def test_a_spelling_that_stays_ambiguous_is_left_open() -> None:
    world = {id: replace(REGISTRY.actors["afp"], id=id, name="Two", names=(Name("Two"),), conflicts=("x",)) for id in ("first", "second")}
    assert Registry(world, (), {"x": ("SY",)}, ()).resolve("Two", on=JUNE_2015, countries=["SY"]) is None


def test_common_words_mean_the_party_of_the_reports_country_only() -> None:
    assert REGISTRY.resolve_generic("the regime", on=JUNE_2015, countries=["SY"]) == REGISTRY.actor("syrian-government")
    assert REGISTRY.resolve_generic("the regime", on=JUNE_2015, countries=["FR"]) is None
    assert REGISTRY.resolve_generic("the regime", on=JUNE_2015) is None


def test_members_are_those_of_the_day() -> None:
    assert "ahrar-al-sham" in [m.id for m in REGISTRY.members("jaysh-al-fatah", JUNE_2015)]
    assert REGISTRY.members("jaysh-al-fatah", date(2014, 6, 8)) == ()
    assert "jaysh-al-fatah" in [m.id for m in REGISTRY.memberships("al-nusra-front", JUNE_2015)]


def test_a_part_takes_the_side_of_its_whole() -> None:
    part = replace(REGISTRY.actors["tiger-forces"], id="part", sides=())
    world = {**REGISTRY.actors, "part": replace(part, relations=tuple(replace(r, actor="part") for r in part.relations))}
    registry = Registry(world, (), REGISTRY.wars, ())
    assert registry.side("part", date(2020, 1, 1)) == registry.side("syrian-arab-army", date(2020, 1, 1)) == "syria/government"


def test_a_state_agency_is_on_the_side_of_its_army_and_a_wire_agency_on_none() -> None:
    assert REGISTRY.same_side("sana", "syrian-arab-army", JUNE_2015) is True
    assert REGISTRY.same_side("sana", "al-nusra-front", JUNE_2015) is False
    assert REGISTRY.same_side("afp", "al-nusra-front", JUNE_2015) is None


@pytest.mark.parametrize(
    ("country", "role", "id"),
    [
        ("SY", "army", "syrian-arab-army"),
        ("SY", "government", "syrian-government"),
        ("RU", "air force", "russian-aerospace"),
        ("IL", "army", "israel-defense-forces"),
        ("FR", "army", "fr-army"),
        ("SE", "police", "se-police"),
    ],
)
def test_every_country_has_an_army_police_and_government(country: str, role: str, id: str) -> None:
    actor = REGISTRY.state_actor(country, role, JUNE_2015)
    assert actor is not None
    assert actor.id == id
    assert REGISTRY.actor(id) == actor


@pytest.mark.parametrize(
    ("word", "code"), [("Syrian", "SY"), ("Russia", "RU"), ("Burmese", "MM"), ("United States", "US"), ("Idlib", None)]
)
def test_countries_are_known_by_name_and_demonym(word: str, code: str | None) -> None:
    assert REGISTRY.country_of(word) == code


def test_the_shipped_registry_is_typed_sourced_and_unambiguous() -> None:
    assert lint(REGISTRY) == ()
    assert len(REGISTRY.actors) > 1000
    assert {actor.kind for actor in REGISTRY.actors.values()} <= KINDS


def test_lint_names_what_is_wrong() -> None:
    afp = REGISTRY.actors["afp"]
    wrong = {"a": replace(afp, id="a", kind="gang", sources=(), verified=True), "b": replace(afp, id="b")}
    found = " ".join(lint(Registry(wrong, (), {}, ())))
    assert "is a and b at one time" in found
    assert "kind 'gang'" in found
    assert "neither `source`" in found


def test_a_users_file_adds_and_replaces(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(
        "conflict: test\ncountries: [SY]\nactors:\n- {id: afp, name: Own AFP, kind: agency, unverified: true}\n"
        "- {id: zahr, name: Liwa al-Zahr, kind: rebel group, names: [Flower Brigade], unverified: true}\n",
        encoding="utf-8",
    )
    registry = load_registry(tmp_path)
    assert registry.actors["afp"].name == "Own AFP"
    found = registry.resolve("Flower Brigade")
    assert found is not None
    assert found.id == "zahr"


def test_a_file_that_breaks_the_form_is_named(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text("actors:\n- {id: zahr}\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"own\.yaml"):
        load_registry(tmp_path)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2015", date(2015, 1, 1), date(2015, 12, 31)),
        ("2016-02", date(2016, 2, 1), date(2016, 2, 29)),
        ("2015-03-24",) + (date(2015, 3, 24),) * 2,
    ],
)
def test_a_partial_date_covers_all_its_days(text: str, first: date, last: date) -> None:
    assert (parse_day(text), parse_day(text, last=True)) == (first, last)


@pytest.mark.parametrize(
    ("one", "other"),
    [("al-Shām", "Sham"), ("Deir ez-Zor", "Deir Zor"), ("A’yn al Hamra", "Ayn Hamra"), ("ash-Sham", "al Sham"), ("الجيش", "جيش")],
)
def test_trivial_variants_have_one_key(one: str, other: str) -> None:
    assert normal(one) == normal(other)


def test_the_word_as_is_no_article() -> None:
    assert normal("As Damascus") != normal("Damascus")
