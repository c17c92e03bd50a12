"""What a user must be able to rely on when a name is looked up in the registry of actors."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import khabar
from khabar.actorfiles import KINDS, Actor, Name, Period, Relation, parse_day, shipped_wars
from khabar.actorlint import lint, unknown_keys
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
        ("YE", "army", "yemeni-army"),
    ],
)
def test_every_country_has_an_army_police_and_government(country: str, role: str, id: str) -> None:
    actor = REGISTRY.state_actor(country, role, JUNE_2015)
    assert actor is not None
    assert actor.id == id
    assert REGISTRY.actor(id) == actor


@pytest.mark.parametrize(("day", "id"), [(date(2021, 6, 1), "afghan-government"), (date(2021, 9, 1), "islamic-emirate-government")])
def test_the_government_of_a_country_is_the_one_that_ruled_that_day(day: date, id: str) -> None:
    government = REGISTRY.state_actor("AF", "government", day)
    assert government is not None
    assert government.id == id


@pytest.mark.parametrize(
    ("word", "code"), [("Syrian", "SY"), ("Russia", "RU"), ("Burmese", "MM"), ("United States", "US"), ("Idlib", None)]
)
def test_countries_are_known_by_name_and_demonym(word: str, code: str | None) -> None:
    assert REGISTRY.country_of(word) == code


def test_the_shipped_registry_is_typed_sourced_and_unambiguous() -> None:
    assert lint(REGISTRY) == ()
    assert len(REGISTRY.actors) > 1000
    assert {actor.kind for actor in REGISTRY.actors.values()} <= KINDS


def test_every_file_of_the_registry_gives_each_actor_once() -> None:
    ids = [actor.id for war in shipped_wars() for actor in war.actors]
    assert sorted(ids) == sorted(set(ids)), "an entry that stands twice hides the other"


@pytest.mark.parametrize(
    ("outlet", "day", "side"),
    [
        ("sana", date(2015, 6, 8), "syria/government"),
        ("sana", date(2025, 6, 8), "syria/transitional-government"),
        ("bakhtar", date(2020, 1, 1), "afghanistan/government"),
        ("rt", date(2022, 3, 1), "ukraine/russia"),
        ("anadolu", date(2017, 1, 1), "syria/turkey"),
        ("amaq", date(2015, 6, 8), "syria/islamic-state"),
    ],
)
def test_a_medium_takes_the_side_of_the_body_whose_voice_it_is_that_day(outlet: str, day: date, side: str) -> None:
    assert side in REGISTRY.sides(outlet, day)


def test_a_broadcaster_of_a_country_without_a_part_in_the_war_is_on_no_side_of_it() -> None:
    assert REGISTRY.same_side("aljazeera", "syrian-arab-army", JUNE_2015) is None
    assert REGISTRY.same_side("rt", "syrian-arab-army", date(2016, 6, 8)) is True
    assert REGISTRY.same_side("xinhua", "syrian-arab-army", JUNE_2015) is None


@pytest.mark.parametrize(
    ("words", "countries", "id"),
    [
        ("SDF", ["IQ", "SY", "LY"], "syrian-democratic-forces"),
        ("SDF", ["LY"], "special-deterrence-force"),
        ("Wagner Group", ["UA", "RU"], "wagner-group"),
        ("AA", ["MM"], "aa"),
    ],
)
def test_a_shared_spelling_is_that_of_the_first_country_that_has_it(words: str, countries: list[str], id: str) -> None:
    found = REGISTRY.resolve(words, countries=countries)
    assert found is not None
    assert found.id == id


def test_rebels_and_jihadists_are_the_unspecified_ones_of_the_war_at_hand() -> None:
    ids = [REGISTRY.faction(faction, on=JUNE_2015, countries=["SY"]) for faction in ("rebels", "jihadists")]
    assert [actor.id for actor in ids if actor] == ["syrian-opposition-generic", "syria-jihadists-generic"]
    assert REGISTRY.faction("rebels", countries=["SE"]) is None, "there is no war"


def test_a_partys_medium_calls_its_enemies_by_words_that_mean_nobody_elsewhere() -> None:
    assert REGISTRY.resolve_generic("terrorists", on=JUNE_2015, countries=["SY"]) is None
    said = REGISTRY.resolve_generic("terrorists", on=JUNE_2015, countries=["SY"], outlet="sana")
    assert said is not None
    assert said.id == "syrian-opposition-generic"


@pytest.mark.parametrize(("day", "since"), [(date(2016, 3, 1), date(2016, 7, 28)), (date(2016, 8, 1), date(2016, 7, 28))])
def test_a_name_is_known_from_its_day(day: date, since: date) -> None:
    found = REGISTRY.resolve("Jabhat Fatah al-Sham", on=day, countries=["SY"])
    assert found is not None, "used too early it still resolves"
    assert REGISTRY.known_from("Jabhat Fatah al-Sham", found.id) == since
    assert REGISTRY.known_from("Jabhat al-Nusra", found.id) != since


def _bodies(**members: tuple[Relation, ...]) -> dict[str, Actor]:
    return {id: Actor(id, id, "rebel group", conflicts=("x",), relations=relations, verified=False) for id, relations in members.items()}


def test_the_shipped_files_hold_no_key_that_nothing_reads() -> None:
    for path in sorted((Path(khabar.__file__).parent / "actors").glob("*.yaml")):
        assert list(unknown_keys(path.read_text("utf-8"), path.name)) == []


def test_a_key_that_nothing_reads_is_told_with_its_line() -> None:
    text = "actors:\n- id: a\n  name: A\n  kind: media\n  names:\n  - {text: AA, frm: 2014}\n  sdies: []\ngenerics: []\n"
    assert list(unknown_keys(text, "mine.yaml")) == [
        "mine.yaml:6: found frm in names; did you mean from?",
        "mine.yaml:7: found sdies in actors; did you mean sides?",
        "mine.yaml:8: found generics in a file; did you mean generic?",
    ]


def test_lint_finds_a_circle_of_memberships() -> None:
    world = _bodies(a=(Relation("a", "member_of", "b"),), b=(Relation("b", "part_of", "c"),), c=(Relation("c", "branch_of", "a"),))
    assert [found for found in lint(Registry(world, (), {}, ())) if "circle" in found] == [
        "a belongs to b belongs to c belongs to a: a circle of memberships; give them dates, or take one away"
    ]


def test_lint_leaves_a_circle_alone_that_no_day_closes() -> None:
    early, late = Period(date(2015, 1, 1), date(2015, 12, 31)), Period(date(2016, 1, 1), None)
    world = _bodies(a=(Relation("a", "member_of", "b", early),), b=(Relation("b", "member_of", "a", late),))
    assert lint(Registry(world, (), {}, ())) == ()


def test_lint_finds_a_member_of_two_enemies_unless_it_is_told_to_be_one() -> None:
    world = _bodies(
        a=(Relation("a", "member_of", "b"), Relation("a", "member_of", "c", Period(date(2015, 1, 1), None))),
        b=(Relation("b", "opposed_to", "c", Period(None, date(2020, 1, 1))),),
        c=(),
    )
    (found,) = lint(Registry(world, (), {}, ()))
    assert found.startswith("a belongs to b and c from 2015-01-01 to 2020-01-01, enemies in one war")
    assert lint(Registry(world, (), {}, (), two_sided=["a"])) == ()


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


def test_a_single_file_of_the_users_will_do_and_one_that_is_not_there_is_named(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text("actors:\n- {id: zahr, name: Liwa al-Zahr, kind: rebel group, unverified: true}\n", encoding="utf-8")
    assert "zahr" in load_registry(own).actors
    with pytest.raises(KnowledgeError, match="is not there"):
        load_registry(tmp_path / "other.yaml")


@pytest.mark.parametrize("text", ["- just a list\n", "actors: [{name: x}]\n", "actors: [words]\n", "{ not: closed"])
def test_whatever_is_wrong_with_the_form_of_a_file_is_told_with_its_name(tmp_path: Path, text: str) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(text, encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"own\.yaml"):
        load_registry(own)


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
