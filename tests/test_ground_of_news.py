"""Ground, bonds and what is no claim, as news tells of them. All places and bodies are invented but for the country of a war."""

from __future__ import annotations

from datetime import date

import pytest

from khabar.model import ActorMention, Claim, Report, Section
from khabar.reading import load_knowledge, read


def claims(text: str) -> list[Claim]:
    report = Report("told", text, published=date(2020, 6, 5), sections=(Section("body", 0, len(text)),))
    return list(read(report, load_knowledge()).claims)


def told(text: str, kind: str) -> list[str]:
    """ "actor | recipient | place" of each claim of a kind, with its modality where it is not asserted."""
    of_kind = [c for c in claims(text) if c.kind == kind]
    parts = [" | ".join(part.text if part else "-" for part in (c.actor, c.recipient, c.place)) for c in of_kind]
    return [line if c.modality == "asserted" else f"{line} | {c.modality}" for line, c in zip(parts, of_kind, strict=True)]


def chains(text: str, kind: str) -> list[list[str]]:
    return [[speaker.text for speaker in c.attribution] for c in claims(text) if c.kind == kind]


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        pytest.param(
            "siege",
            "The army tightened the noose around rebels in the outskirts of Karsa.",
            ["army | rebels | outskirts of Karsa"],
            id="noose-around-men",
        ),
        pytest.param(
            "capture",
            "Large parts of the north of Mali have slipped out of government control.",
            ["- | government | Large parts"],
            id="slipped-out-of-control",
        ),
        pytest.param("control_state", "Large parts of the north of Mali have slipped out of government control.", [], id="no-longer-held"),
        pytest.param(
            "capture", "The army has lost ground to the rebels around Karsa.", ["rebels | army | around Karsa"], id="lost-ground-to"
        ),
        pytest.param(
            "advance",
            "The capture of Karsa brought the rebels to within 10 kilometres of Dovo.",
            ["rebels | - | Dovo"],
            id="brought-within-reach",
        ),
        pytest.param("advance", "The rebels advanced from Karsa to Dovo.", ["rebels | - | Dovo"], id="not-where-they-came-from"),
        pytest.param(
            "advance", "The bridgehead at Karsa was destroyed and rebel forces pushed back over the Dovo river.", [], id="pushed-back"
        ),
        pytest.param("advance", "The rebels broke the ceasefire in Karsa on Friday.", [], id="a-truce-is-no-line"),
        pytest.param(
            "capture",
            "The militia took advantage of the rebels' retreat to capture Karsa.",
            ["militia | - | Karsa"],
            id="took-advantage-to",
        ),
        pytest.param(
            "capture",
            "The militia hopes to build on the recapture of Karsa in March.",
            ["- | - | Karsa"],
            id="builds-on-what-was-done",
        ),
    ],
)
def test_ground_that_changes_hands_in_other_words(kind: str, text: str, expected: list[str]) -> None:
    assert told(text, kind) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "Army units established full control over the town of Karsa, a military source said.",
            [],
            id="taken-and-not-held-too",
        ),
        pytest.param("Fighters hold the steel works of Karsa, the last pocket of resistance in the town.", ["Fighters"], id="resistance"),
        pytest.param("The army raised its flag over a former US base near Karsa.", ["army", "US background"], id="flag-over-a-former-base"),
        pytest.param("The army controls the former rebel stronghold of Karsa.", ["army", "rebel background"], id="former-stronghold"),
    ],
)
def test_who_holds_a_place_is_told_once_and_for_the_right_time(text: str, expected: list[str]) -> None:
    held = [c for c in claims(text) if c.kind == "control_state"]
    assert [f"{c.actor.text}{' background' * (c.modality == 'background')}" for c in held if c.actor] == expected


def test_villages_to_the_north_are_held_and_not_the_north() -> None:
    text = "The army controls the town of Karsa, while the rebels hold the villages of Dovo and Tarva to its north."
    assert told(text, "control_state") == ["army | - | Karsa", "rebels | - | Dovo", "rebels | - | Tarva"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Troops backed by the air force seized Karsa.", [], id="own-air-force"),
        pytest.param("Fighters backed by heavy artillery and the navy seized Karsa.", [], id="own-guns-and-ships"),
        pytest.param("A Chadian-backed operation drove the militia out of Karsa.", [], id="operation"),
        pytest.param("Shells hit Dovo on Friday. Fighters loyal to the group also hold Karsa.", [], id="loyal-to-the-group"),
        pytest.param(
            "Fighting between Chad-backed rebels and government forces has flared in Karsa.",
            ["rebels | Chad | -"],
            id="not-their-enemies",
        ),
        pytest.param(
            "The war has drawn in Chad, which backs the government, and Mali, which backs the rebels.",
            ["Chad | government | -", "Mali | rebels | -"],
            id="not-who-is-told-of-next",
        ),
        pytest.param("Chad-backed militias and Syrian troops took Karsa.", ["militias | Chad | -"], id="not-who-stands-beside"),
    ],
)
def test_who_is_allied_with_whom(text: str, expected: list[str]) -> None:
    assert told(text, "allied_with") == expected


def test_an_offensive_is_not_of_those_who_back_it() -> None:
    text = "The US-backed offensive to retake Karsa began on Monday."
    assert told(text, "attack") == ["- | - | Karsa"]
    assert told(text, "capture") == ["- | - | Karsa | planned"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Since the fighting began, hospitals in Karsa have run out of blood.", id="since-it-began"),
        pytest.param("The Sabra Front said it had lost 900 men since the start of the battle for Karsa.", id="since-the-start"),
        pytest.param("The rebels withdrew from Karsa during the fighting.", id="during"),
        pytest.param("Aid workers reached a contested district of Karsa on Friday.", id="contested-district"),
        pytest.param("Celebratory gunfire rang out in Karsa after the army entered the town.", id="celebratory"),
    ],
)
def test_a_fight_that_only_says_when_or_where_is_no_clash(text: str) -> None:
    assert told(text, "clash") == []


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        pytest.param("airstrike", "The base in Karsa is used to launch strikes on rebel areas.", [], id="what-a-base-is-for"),
        pytest.param("capture", "The army is unlikely to retake Karsa before winter.", [], id="unlikely"),
        pytest.param("capture", "The army had been on the verge of taking Karsa.", [], id="had-been-on-the-verge"),
        pytest.param("siege", "The film tells the story of the siege of Karsa.", [], id="story-of"),
        pytest.param("agreement", "The foreign minister said a truce in Syria was close.", ["- | - | Syria | predicted"], id="close"),
        pytest.param(
            "agreement", "The envoy said a deal with the rebels was within reach.", ["- | rebels | - | predicted"], id="within-reach"
        ),
        pytest.param(
            "capture",
            "The army said it was possible that the rebels had taken Karsa.",
            ["rebels | - | Karsa | possible"],
            id="possible-that",
        ),
        pytest.param(
            "capture",
            "It was not possible to independently confirm that the rebels had taken Karsa.",
            ["rebels | - | Karsa | possible"],
            id="not-possible-to-confirm",
        ),
        pytest.param(
            "capture",
            "It was not immediately possible to verify the claim that Karsa had fallen.",
            ["- | - | Karsa | possible"],
            id="not-possible-to-verify",
        ),
    ],
)
def test_what_may_be_or_is_not_is_not_asserted(kind: str, text: str, expected: list[str]) -> None:
    assert told(text, kind) == expected


def test_something_that_another_denies_is_told_and_denied() -> None:
    text = "The rebels said they had taken Karsa, something the army denied."
    assert told(text, "capture") == ["rebels | - | Karsa", "rebels | - | Karsa | denied"]
    assert chains(text, "capture") == [["rebels"], ["army"]]


def test_claims_that_another_denies_have_no_speaker_but_their_own() -> None:
    text = "The Sabra Front said it was in full control of Karsa airport, claims the army has denied."
    assert chains(text, "control_state") == [["Sabra Front"], ["army"]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "Local news site Karsa Voice, citing residents, said the army had bombed Dovo.", ["Karsa Voice", "residents"], id="named-site"
        ),
        pytest.param(
            "The governor said the army had bombed Dovo, quoting a field commander.", ["governor", "field commander"], id="at-the-end"
        ),
        pytest.param(
            "The US Secretary of State, Omar Haddad, told Chad's president that the army had bombed Dovo.",
            ["Omar Haddad"],
            id="secretary-of-state",
        ),
    ],
)
def test_who_says_it_and_from_whom_he_has_it(text: str, expected: list[str]) -> None:
    assert chains(text, "airstrike") == [expected]


def test_a_capital_that_is_silent_is_a_government_and_no_city() -> None:
    report = Report("told", "The envoy said that Paris was silent.", published=date(2020, 6, 5))
    actors = [mention for mention in read(report, load_knowledge()).mentions if isinstance(mention, ActorMention)]
    assert "Paris" in [actor.text for actor in actors]
