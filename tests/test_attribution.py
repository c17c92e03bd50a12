"""Who says what, through whom: invented sentences with the source, cue, content, chain and stance that a reader would give them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

import pytest

from khabar.attribution import attribution_at, find_attributions
from khabar.language import parse
from khabar.model import ActorMention, Attribution, Report, Section, Speaker
from khabar.phrases import named_body

Read = tuple[str | None, str | None, str, list[str], str]


def chain_at(found: Iterable[Attribution], start: int, end: int) -> tuple[Speaker, ...]:
    told_by = attribution_at(found, start, end)
    return told_by.chain if told_by else ()


def attributions(text: str, **fields: object) -> tuple[Attribution, ...]:
    mentions = fields.pop("mentions", ())
    return find_attributions(parse(text), Report(id="r", text=text, **fields), mentions)  # type: ignore[arg-type]


def read(text: str, **fields: object) -> list[Read]:
    def words(span: tuple[int, int] | None) -> str | None:
        return text[slice(*span)] if span else None

    return [
        (words(a.source), words(a.cue), " | ".join(text[s:e] for s, e in a.content), [link.text for link in a.chain], a.stance)
        for a in attributions(text, **fields)
    ]


def chain_of(text: str, words: str, **fields: object) -> list[str]:
    start = text.index(words)
    return [link.text for link in chain_at(attributions(text, **fields), start, start + len(words))]


ONE = [
    (
        "The Northern Front said its fighters took the hill.",
        "The Northern Front",
        "said",
        "its fighters took the hill",
        ["Northern Front"],
        "asserted",
    ),
    (
        "Its fighters took the hill, the Northern Front said.",
        "the Northern Front",
        "said",
        "Its fighters took the hill",
        ["Northern Front"],
        "asserted",
    ),
    (
        "The bridge, the mayor said, was hit by two rockets.",
        "the mayor",
        "said",
        "The bridge | was hit by two rockets",
        ["mayor"],
        "asserted",
    ),
    ("As the mayor said, the bridge is gone.", "the mayor", "said", "the bridge is gone", ["mayor"], "asserted"),
    (
        "According to residents, the bridge was hit twice.",
        "residents",
        "According to",
        "the bridge was hit twice",
        ["residents"],
        "asserted",
    ),
    (
        "Nine raids hit the road, according to figures from the Northern Observatory.",
        "figures from the Northern Observatory",
        "according to",
        "Nine raids hit the road",
        ["Northern Observatory"],
        "asserted",
    ),
    (
        "A security source told AFP that the army left the town.",
        "A security source",
        "told",
        "that the army left the town",
        ["AFP", "security source"],
        "asserted",
    ),
    (
        "The raid killed two men, a doctor in Tel Aswad told the BBC.",
        "a doctor in Tel Aswad",
        "told",
        "The raid killed two men",
        ["BBC", "doctor in Tel Aswad"],
        "asserted",
    ),
    (
        "The ministry denied that the hospital had been hit.",
        "The ministry",
        "denied",
        "that the hospital had been hit",
        ["ministry"],
        "denied",
    ),
    (
        "The Northern Front vowed to retake the airport.",
        "The Northern Front",
        "vowed",
        "to retake the airport",
        ["Northern Front"],
        "planned",
    ),
    ("The governor warned that the dam would burst.", "The governor", "warned", "that the dam would burst", ["governor"], "predicted"),
    ("The governor warned that the road is mined.", "The governor", "warned", "that the road is mined", ["governor"], "asserted"),
    ("Analysts believe the garrison has surrendered.", "Analysts", "believe", "the garrison has surrendered", ["Analysts"], "possible"),
    (
        'The Northern Front announced the "liberation" of Tel Aswad on its Telegram channel.',
        "The Northern Front",
        "announced",
        'the "liberation" of Tel Aswad',
        ["Northern Front"],
        "asserted",
    ),
    (
        "The Southern Brigade claimed responsibility for the bombing of the market.",
        "The Southern Brigade",
        "claimed",
        "responsibility for the bombing of the market",
        ["Southern Brigade"],
        "asserted",
    ),
    (
        "The government accused the rebels of shelling a school.",
        "The government",
        "accused",
        "the rebels of shelling a school",
        ["government"],
        "asserted",
    ),
    (
        "The attack was later confirmed by the Red Crescent.",
        "the Red Crescent",
        "was later confirmed",
        "The attack",
        ["Red Crescent"],
        "asserted",
    ),
    ("Shells reportedly hit the old quarter.", None, "reportedly", "Shells | hit the old quarter", ["unnamed reports"], "asserted"),
    ("It was reported that the garrison had fled.", None, "was reported", "that the garrison had fled", ["unnamed reports"], "asserted"),
    ("Fighters were said to have left the port.", None, "were said", "Fighters | to have left the port", ["unnamed reports"], "asserted"),
    (
        "Ali Hassan, spokesman of the Northern Brigade, said the town was quiet.",
        "Ali Hassan, spokesman of the Northern Brigade,",
        "said",
        "the town was quiet",
        ["Ali Hassan [Northern Brigade]"],
        "asserted",
    ),
    (
        "The Northern Brigade's statement said that nine soldiers had died.",
        "The Northern Brigade's statement",
        "said",
        "that nine soldiers had died",
        ["Northern Brigade"],
        "asserted",
    ),
    (
        "As reported by the Northern Observatory, the town was quiet.",
        "the Northern Observatory",
        "reported",
        "the town was quiet",
        ["Northern Observatory"],
        "asserted",
    ),
    (
        "The governor told a briefing on Friday that the road was cut.",
        "The governor",
        "told",
        "that the road was cut",
        ["governor"],
        "asserted",
    ),
    (
        "The Northern Front said in a statement that its fighters took the hill.",
        "The Northern Front",
        "said in a statement",
        "that its fighters took the hill",
        ["Northern Front"],
        "asserted",
    ),
    (
        "“We lost all that we had.” — Samir Odeh",
        "Samir Odeh",
        "—",
        "“We lost all that we had.”",
        ["Samir Odeh"],
        "asserted",
    ),
    (
        "The judge was accused of bribery.",
        None,
        "was accused of",
        "The judge | bribery",
        ["unnamed reports"],
        "asserted",
    ),
    (
        "The mayor spoke about the shelling of the port.",
        "The mayor",
        "spoke about",
        "the shelling of the port",
        ["mayor"],
        "asserted",
    ),
    (
        "In a message the Northern Front said:\n\nOur fighters took the hill.",
        "the Northern Front",
        "said:",
        "Our fighters took the hill",
        ["Northern Front"],
        "asserted",
    ),
]


@pytest.mark.parametrize(("text", "source", "cue", "content", "chain", "stance"), ONE, ids=[row[0][:40] for row in ONE])
def test_one_voice(text: str, source: str | None, cue: str, content: str, chain: list[str], stance: str) -> None:
    assert read(text) == [(source, cue, content, chain, stance)]


def test_what_a_group_is_called_by_nobody_is_its_name() -> None:
    assert read("A militia called the Black Falcons took the hill.") == []


def test_an_outlet_that_quotes_stands_before_the_one_it_quotes() -> None:
    text = 'Reuters cited a "military source" as saying that "the army left two posts near the town".'
    assert chain_of(text, "left") == ["Reuters", "military source"]
    text = "A rebel commander was quoted by SANA as saying that the road was cut."
    assert chain_of(text, "was cut") == ["SANA", "rebel commander"]


def test_a_voice_within_a_voice_is_the_inner_link() -> None:
    text = "The Northern Front said that the army had admitted that it lost the hill."
    assert chain_of(text, "lost") == ["Northern Front", "army"]
    assert chain_of(text, "admitted that") == ["Northern Front", "army"]


def test_whom_a_speaker_cites_is_the_inner_link() -> None:
    text = "The army killed nine gunmen, the state news agency said, citing a police officer."
    assert chain_of(text, "killed") == ["state news agency", "police officer"]

    text = "State television, quoting a military source, said the army had left the valley."
    assert chain_of(text, "left") == ["State television", "military source"]
    text = "According to Reuters, citing two officers, the army had left the valley."
    assert chain_of(text, "left") == ["Reuters", "two officers"]


def test_words_that_close_a_sentence_name_the_outermost_speaker() -> None:
    text = "The army said it had left the valley, according to the state news agency."
    assert chain_of(text, "left") == ["state news agency", "army"]
    text = "Nine people were killed and four were hurt when a mine went off, according to the Northern Observatory."
    assert chain_of(text, "killed") == chain_of(text, "hurt") == chain_of(text, "went off") == ["Northern Observatory"]


def test_of_two_speakers_set_against_each_other_neither_quotes_the_other() -> None:
    text = "The army said nine gunmen were killed, while the rebels said they had lost two men."
    assert (chain_of(text, "were killed"), chain_of(text, "lost")) == (["army"], ["rebels"])
    text = "The ministry said its forces killed nine gunmen, a claim the rebels denied."
    assert chain_of(text, "killed") == ["ministry"]


def test_words_set_into_a_relative_clause_name_its_speaker() -> None:
    text = "The raid, which activists say killed nine people, hit the market."
    assert (chain_of(text, "killed nine"), chain_of(text, "hit")) == (["activists"], [])


def test_it_added_goes_on_with_who_spoke_and_not_with_the_nearest_body() -> None:
    text = "The town fell on Monday, the Northern Observatory said. The army shelled the bridge, it added."
    assert chain_of(text, "shelled") == ["Northern Observatory"]


def test_a_source_that_an_agency_quoted_goes_on_through_the_agency() -> None:
    text = "SANA quoted a police officer as saying that the road was cut. The officer added that a bridge was mined."
    assert chain_of(text, "was mined") == ["SANA", "police officer"]


def test_a_role_means_the_person_whom_the_report_gave_it() -> None:
    text = "The governor of the province, Samir Odeh, said the road was open. The governor said nine people had died."
    assert chain_of(text, "had died") == ["Samir Odeh"]


@pytest.mark.parametrize(
    "text",
    [
        "Samir Odeh, who heads the Northern Observatory, said the town was quiet.",
        "Samir Odeh of the Northern Observatory said the town was quiet.",
        '"The town was quiet," the Northern Observatory\'s director, Samir Odeh, told reporters.',
    ],
)
def test_a_person_speaks_for_the_body_that_he_heads_or_is_of(text: str) -> None:
    assert chain_of(text, "was quiet") == ["Samir Odeh [Northern Observatory]"]


def test_a_person_named_after_his_role_is_the_one_who_speaks() -> None:
    text = "Commander of the Northern Brigade Major General Ali Hassan said the town was quiet."
    assert chain_of(text, "was quiet") == ["Ali Hassan [Northern Brigade]"]


def test_what_a_claim_of_responsibility_only_mentions_is_not_claimed() -> None:
    text = "The group claimed responsibility for the blast, which killed nine people."
    assert (chain_of(text, "blast"), chain_of(text, "killed")) == (["group"], [])


def test_the_agency_that_carried_a_statement_is_the_outer_link() -> None:
    text = "In a statement carried by the state news agency SANA, the army said it had left the valley."
    assert chain_of(text, "left") == ["SANA", "army"]


def test_the_publishing_outlet_is_no_link_of_its_own_chain() -> None:
    assert chain_of("The town has fallen, a security source told AFP.", "has fallen", outlet="AFP") == ["security source"]
    assert chain_of("Reuters reported that the town had fallen.", "had fallen", outlet="Reuters") == []
    assert chain_of("A Reuters reporter said that the town had fallen.", "had fallen", outlet="Reuters") == []
    assert chain_of("A Reuters reporter said that the town had fallen.", "had fallen", outlet="AFP") == ["Reuters reporter"]


def test_a_picture_speaks_for_whoever_posted_it() -> None:
    text = "Video posted by the Northern Front showed its men in the main square."
    assert chain_of(text, "in the main square") == ["Northern Front"]


def test_pronouns_and_the_group_mean_who_spoke_before() -> None:
    text = (
        "The Southern Brigade entered the port on Monday. The group said it had taken forty prisoners. It added that the harbour was mined."
    )
    assert chain_of(text, "taken forty") == ["Southern Brigade"]
    assert chain_of(text, "was mined") == ["Southern Brigade"]


def test_coreference_decides_who_the_group_is() -> None:
    text = "The Southern Brigade left when the Eastern Legion came. The group said the port was quiet."
    start = text.index("The group")
    mention = ActorMention(start, start + 9, "The group", form="reference", antecedent=(4, 20))
    assert chain_of(text, "was quiet", mentions=(mention,)) == ["Southern Brigade"]


def test_a_last_name_means_the_person_named_in_full() -> None:
    text = "Northern Brigade spokesman Ali Hassan said the town was quiet. The road was open, Hassan said."
    assert chain_of(text, "was open") == ["Ali Hassan [Northern Brigade]"]


def test_a_speech_runs_over_sentences_and_paragraphs() -> None:
    text = (
        "“Our men hold the hill,” said Colonel Omar Daher.\n\n“The enemy left its guns behind.\n\n“We counted nine tanks.”\n\nAll is quiet."
    )
    assert chain_of(text, "left its guns") == ["Omar Daher"]
    assert chain_of(text, "nine tanks") == ["Omar Daher"]
    assert chain_of(text, "is quiet") == []


def test_a_count_goes_on_in_the_next_sentence_and_other_news_does_not() -> None:
    text = "The raid killed nine people, the Northern Observatory said. The toll includes two children. The market is closed."
    assert chain_of(text, "two children") == ["Northern Observatory"]
    assert chain_of(text, "is closed") == []


def test_who_spoke_to_an_agency_goes_on_speaking_to_it() -> None:
    text = "The road is cut, Samir Odeh told AFP. He added that the bridge was mined."
    assert chain_of(text, "was mined") == ["AFP", "Samir Odeh"]


def test_a_missing_comma_does_not_hide_the_speaker() -> None:
    text = "At least nine people were killed in the town on Sunday the Northern Observatory said."
    assert chain_of(text, "killed") == ["Northern Observatory"]


@pytest.mark.parametrize(
    ("text", "part", "chain"),
    [
        ("Another militant was killed near the town NNA reports.", "killed", ["NNA"]),
        ("Militants killed 250 soldiers in the province of Karsa reports indicate.", "killed", ["unnamed reports"]),
        ("CAIRO (Sputnik) Six people were killed on Sunday a hospital staff told Dera News.", "killed", ["Dera News", "hospital staff"]),
    ],
)
def test_where_a_comma_is_lost_the_words_beside_the_cue_speak(text: str, part: str, chain: list[str]) -> None:
    assert chain_of(text, part) == chain


def test_a_number_may_open_the_words_of_who_speaks_behind_the_cue() -> None:
    assert chain_of("Troops left the town, said two residents.", "left") == ["two residents"]


def test_who_owns_to_an_act_speaks_of_the_act_and_not_of_its_toll() -> None:
    text = "A blast claimed by the Northern Front killed 44 people."
    assert (chain_of(text, "blast"), chain_of(text, "killed")) == (["Northern Front"], [])


def test_a_hedge_in_what_somebody_says_adds_nobody_to_him() -> None:
    text = "The jets allegedly struck a base, the Northern Observatory said."
    assert chain_of(text, "struck") == ["Northern Observatory"]


def test_who_investigates_a_claim_does_not_make_it() -> None:
    assert chain_of("A team is investigating allegations that rebels have used gas.", "rebels") == ["unnamed reports"]


def test_what_a_body_is_said_to_be_is_not_its_name() -> None:
    text = "The Syrian Center for Policy Research an NGO has put the death toll at 470."
    assert chain_of(text, "470")[0].startswith("Syrian Center for Policy Research")


def test_who_gives_a_toll_speaks() -> None:
    assert chain_of("The Northern Observatory gave a toll of 48 dead.", "48 dead") == ["Northern Observatory"]


def test_a_monitor_without_a_name_is_the_one_the_report_names() -> None:
    text = "Nine people died, a monitoring group said. The Northern Observatory for Rights said two of them were children."
    assert chain_of(text, "died") == ["Northern Observatory for Rights"]


def test_a_name_read_as_one_word_is_still_the_speaker() -> None:
    text = "The Britain-based Northern Observatory for Rights said nine people were killed."
    start = text.index("Northern")
    found = find_attributions(parse(text, names=[(start, start + 31)]), Report(id="r", text=text))
    assert [link.text for link in chain_at(found, text.index("killed"), len(text) - 1)] == ["Northern Observatory for Rights"]


def test_what_a_speaker_says_of_another_stays_with_the_speaker() -> None:
    text = "Activists said the shelling had caused a fire, adding that the road was closed."
    assert chain_of(text, "was closed") == ["Activists"]


def test_what_others_want_in_a_speakers_words_is_no_voice() -> None:
    assert [cue for _, cue, *_ in read("The mayor said the army wanted to retake the port.")] == ["said"]


def test_attitudes_are_voices_without_a_link() -> None:
    ((_, cue, _, chain, stance),) = read("The army wants to retake the port.")
    assert (cue, chain, stance) == ("wants", [], "planned")


def test_what_follows_a_quotation_in_quotes_is_still_its_speakers() -> None:
    text = '"We heard the planes at dawn. The market burned," said Samir Odeh, a baker. "The road was cut for an hour."'
    assert chain_of(text, "burned") == ["Samir Odeh"]
    assert chain_of(text, "was cut") == ["Samir Odeh"]


@pytest.mark.parametrize(
    "text",
    [
        "The mayor declined to comment on the raid.",
        "The blast claimed twelve lives.",
        "The army left the town on Monday.",
        'The "liberated" town was quiet.',
    ],
)
def test_no_voice_where_nobody_says_anything(text: str) -> None:
    assert all(not a.chain for a in attributions(text))


def test_nobody_speaks_what_was_not_said() -> None:
    assert chain_of("The army did not confirm that the town had fallen.", "had fallen") == []
    assert chain_of("No group has claimed responsibility for the blast.", "blast") == []


def test_a_reader_speaks_in_a_comment() -> None:
    text = "The town fell.\nThe Daily says that the dam broke."
    section = Section("comment", 15, len(text), "Sam")
    assert chain_of(text, "dam broke", sections=(section,)) == ["Sam", "Daily"]
    unsigned = Section("comment", 15, len(text))
    assert chain_of(text, "dam broke", sections=(unsigned,))[0] == "unnamed commenter"
    assert chain_of(text, "fell", sections=(section,)) == []


def test_captions_under_pictures_somebody_posted_are_what_they_show() -> None:
    text = "The town fell.\n\nPhotos posted by the Northern Front from the fighting\n\nFighters in the main square"
    captions = (Section("body", 0, 14), Section("caption", text.index("Fighters"), len(text)))
    assert chain_of(text, "in the main square", sections=captions) == ["Northern Front"]


def test_speakers_are_resolved_on_the_day_of_publication() -> None:
    class Actor:
        id, kind = "northern-front", "rebel group"

    class Names:
        def resolve(self, text: str, *, on: date | None = None) -> Actor | None:
            return Actor() if text == "Northern Front" and on == date(2015, 6, 8) else None

    text = "The Northern Front said its fighters took the hill."
    (found,) = find_attributions(parse(text), Report(id="r", text=text, published=date(2015, 6, 8)), (), Names())
    assert [link.id for link in found.chain] == ["northern-front"]


def test_the_outlet_speaks_where_nobody_covers_the_words() -> None:
    text = "The town fell. The mayor said the dam broke."
    assert attribution_at(attributions(text), 4, 8) is None


OBSERVATORY = "Iraqi Observatory for Human Rights"


def joined_chain(text: str, words: str, *names: str) -> list[str]:
    """The chain of words in a text whose names are joined into one word, as a report's are."""
    spans = [match.span() for name in names for match in re.finditer(re.escape(name), text)]
    found = find_attributions(parse(text, names=spans), Report("r", text))
    at = text.index(words)
    return [speaker.text for speaker in chain_at(found, at, at + len(words))]


def test_a_joined_name_speaks_whatever_the_tagger_takes_it_for() -> None:
    text = f"The town fell, the {OBSERVATORY} said. The Observatory said nine men had died. Two planes crashed, the monitor said."
    assert joined_chain(text, "town fell", OBSERVATORY) == [OBSERVATORY]
    assert joined_chain(text, "had died", OBSERVATORY) == [OBSERVATORY]
    assert joined_chain(text, "crashed", OBSERVATORY) == [OBSERVATORY]
    text = f"The Highland-based {OBSERVATORY} said thirty soldiers and nine gunmen have been killed near the dam."
    assert joined_chain(text, "been killed", OBSERVATORY) == [OBSERVATORY]


def test_the_body_of_a_role_is_no_subject() -> None:
    text = f'"The bridge was hit twice" head of the {OBSERVATORY} Omar Abu Daher told AFP. He said that nine people died.'
    assert joined_chain(text, "bridge was hit", OBSERVATORY) == ["AFP", f"Omar Abu Daher [{OBSERVATORY}]"]
    assert joined_chain(text, "people died", OBSERVATORY)[-1] == f"Omar Abu Daher [{OBSERVATORY}]"


def test_an_owner_is_not_widened_to_what_it_owns() -> None:
    text = "The General Staff of Ukraine said that the dam had burst. On Sunday, Ukraine reported that it had retaken nine villages."
    assert joined_chain(text, "had retaken", "General Staff of Ukraine") == ["Ukraine"]


def test_one_who_can_speak_heads_the_words_before_a_closing_cue() -> None:
    text = "The raids have killed nine soldiers and wounded two in addition to tens of others Reuters reported."
    assert joined_chain(text, "have killed") == ["Reuters"]


def test_mending_leaves_the_doc_as_it_was() -> None:
    text = f"The {OBSERVATORY} said nine soldiers had died."
    doc = parse(text, names=[(4, 4 + len(OBSERVATORY))])
    before = [(token.tag_, token.dep_, token.head.i, token.ent_type_) for token in doc]
    find_attributions(doc, Report("r", text))
    assert [(token.tag_, token.dep_, token.head.i, token.ent_type_) for token in doc] == before


def test_wide_spaces_around_dashes_name_no_body() -> None:
    assert {named_body(token) for token in parse("The combat  _  ended.")} == {None}


@pytest.mark.parametrize(
    ("text", "source", "chain"),
    [
        ("Both the army and the rebels said the truce had failed.", "the army and the rebels", ["army and the rebels"]),
        ("Even Karsa warned of a war.", "Karsa", ["Karsa"]),
        ("Khan added: “The army took the town.”", "Khan", ["Khan"]),
        ("President Haddad, dedicating the museum on Saturday, said the war was over.", "President Haddad", ["Haddad"]),
        ("Federal prosecutors in April said the army had lied.", "Federal prosecutors", ["Federal prosecutors"]),
    ],
)
def test_a_source_is_told_without_what_only_stands_beside_it(text: str, source: str, chain: list[str]) -> None:
    assert [(found[0], found[3]) for found in read(text)] == [(source, chain)]


@pytest.mark.parametrize(
    ("text", "word", "chain"),
    [
        ("The rebels have left Karsa, the agency quoted a military source as saying.", "left", ["agency", "military source"]),
        ("Karsa was shelled and nine people were killed, SANA quoted an official as saying.", "killed", ["SANA", "official"]),
        ('"We took Karsa at dawn," the agency quoted the commander as saying.', "took", ["agency", "commander"]),
        ('"The town is ours," read a statement by the rebels.', "ours", ["rebels"]),
    ],
    ids=["closing", "of two clauses", "of a quotation", "read"],
)
def test_who_is_quoted_at_the_end_says_what_stands_before(text: str, word: str, chain: list[str]) -> None:
    assert chain_of(text, word) == chain


@pytest.mark.parametrize(
    ("text", "cue", "content"),
    [
        ("The governor said that militants, he believed, had been told to leave.", "believed", "that militants"),
        ("The mayor said the rebels, he thought, had shelled Oakford.", "thought", "the rebels"),
        ("A doctor said 40 people, she feared, had been killed in Oakford.", "feared", "40 people"),
    ],
)
def test_a_guess_set_into_what_somebody_says_is_of_his_words_alone(text: str, cue: str, content: str) -> None:
    [guess] = [a for a in attributions(text) if a.cue and text[slice(*a.cue)] == cue]
    assert text[slice(*guess.content[0])] == content


@pytest.mark.parametrize(
    ("text", "chain"),
    [
        ("A resident told the radio that a trader had heard the mayor say rebels took Oakford.", ["resident", "trader", "mayor"]),
        ("A teacher said her brother had heard the guards say that rebels took Oakford.", ["teacher", "her brother", "guards"]),
        ("A driver said he had heard gunmen say they took Oakford.", ["driver", "gunmen"]),
        ("A nurse heard a colonel say that rebels took Oakford.", ["nurse", "colonel"]),
        ("Villagers heard rebels boast that they took Oakford.", ["Villagers", "rebels"]),
    ],
)
def test_who_heard_it_said_passes_it_on(text: str, chain: list[str]) -> None:
    assert chain_of(text, "took Oakford") == chain
