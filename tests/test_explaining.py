"""`khabar read --explain`: what a user sees of a sentence, so that a missing or wrong claim can be mended."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import pytest
from rich.console import Console

from khabar.columns import Told
from khabar.contract import claim_json
from khabar.explaining import NEAR, explain
from khabar.feeds import typed
from khabar.language import parse
from khabar.matching import Grammar
from khabar.printing import claim_line
from khabar.printing.grounds import explained as printed
from khabar.reading import load_knowledge, read

MONDAY = date(2031, 5, 5)


@cache
def explained(text: str, *, published: date | None = MONDAY) -> Any:
    return explain(typed(text, published=published), load_knowledge())


def sentence(text: str) -> Any:
    [only] = explained(text)["sentences"]
    return only


def why(text: str, rule: str) -> str:
    """The reasons why a rule made no claim of a sentence."""
    return " / ".join(reason for near in sentence(text)["near"] if near["rule"] == rule for reason in near["why"])


STORY = (
    "Rebels took Oakford on Monday, the army said. They failed to seize the hill above it. Two soldiers were killed in clashes near the "
    "village of Alfa. Government warplanes hit a school in Alfa. The rebels now vow to capture the port, where 3,000 people live."
)


def test_explaining_changes_no_claim() -> None:
    report = typed(STORY, outlet="Harbour Post", published=MONDAY)
    plain = read(report, load_knowledge())
    told = explain(report, load_knowledge())
    claims = [{name: value for name, value in c.items() if name != "grounds"} for s in told["sentences"] for c in s["claims"]]
    assert plain.claims
    assert claims == [claim_json(claim) for claim in plain.claims]
    assert plain.trace is None


def test_each_claim_tells_its_rule_and_what_filled_each_field() -> None:
    [claim] = sentence("Rebels seized the town of Oakford from the army on Monday.")["claims"]
    assert claim["rule"] == "capture.verb"
    grounds = claim["grounds"]
    assert "“seized”, verb seize" in grounds["trigger"]
    assert grounds["actor"] == "subject: “Rebels”"
    assert "“town”" in grounds["place"]
    assert "“army”" in grounds["recipient"]
    assert "“Monday”" in grounds["dates"]


def test_a_pronoun_that_filled_a_field_is_told_with_whom_it_means() -> None:
    [claim] = sentence("The SAF said on Saturday it had retaken Wad Madani from the RSF.")["claims"]
    assert claim["actor"]["text"] == "SAF"
    assert claim["grounds"]["actor"] == "subject: “it”, which means “SAF”"
    assert claim["grounds"]["place"] == "object:place: “Wad Madani”"


def test_a_field_that_the_sentence_leaves_out_is_said_to_come_from_the_story() -> None:
    told = explained("Rebels took the town of Oakford on Monday. Three soldiers were killed.")["sentences"][1]
    [claim] = [claim for claim in told["claims"] if claim["kind"] == "casualties"]
    assert claim["place"]["text"] == "Oakford"
    assert "story" in claim["grounds"]["place"]
    assert "told last" in claim["grounds"]["dates"]


def test_without_a_day_of_publication_the_reader_is_told_how_to_give_it() -> None:
    [told] = explained("Rebels seized Oakford.", published=None)["sentences"]
    assert "--published" in told["claims"][0]["grounds"]["dates"]


@pytest.mark.parametrize(
    ("text", "rule", "reason"),
    [
        ("The army captured weapons.", "capture.verb", "needs place: object:place held “weapons”, which is no known place"),
        ("Rebels failed to capture Oakford.", "capture.verb", "its clause claims nothing (“failed”"),
        ("If rebels capture Oakford, the road is lost.", "capture.verb", "its clause claims nothing (“If”"),
        ("The road to Oakford was cut.", "advance.cut-road", "it is passive, and no “by …” names the doer"),
        ("Rebels took control of Oakford.", "capture.take", "object held “control”, which the rule rules out"),
        ("Rebels took Oakford.", "capture.take-over", "particle held nothing; the rule wants back, over"),
        ("Rebels have advanced on Oakford.", "advance.noun", "tagged VERB; the rule takes it as noun"),
    ],
    ids=["no place", "failed", "condition", "passive", "ruled out", "condition word", "part of speech"],
)
def test_a_rule_that_nearly_fired_says_why_it_did_not(text: str, rule: str, reason: str) -> None:
    if not any(r.name == rule for kind in load_knowledge().grammar.kinds for r in kind.rules):
        pytest.skip(f"there is no rule {rule} any more")
    assert reason in why(text, rule)


@pytest.mark.parametrize(
    ("text", "modality", "said"),
    [
        ("Rebels did not capture Oakford.", "denied", "“not” makes it denied"),
        ("Neither the army nor the rebels captured Oakford.", "denied", "“Neither” makes it denied"),
        ("Rebels no longer hold Oakford.", "denied", "“no” “longer” makes it denied"),
        ("Rebels may have captured Oakford.", "possible", "“may” makes it possible"),
        ("It is unclear whether the army or the militia shelled Oakford.", "possible", "“unclear” “whether” makes it possible"),
        ("The army must withdraw from Oakford.", "planned", "“must” makes it planned"),
        ("Rebels vowed to capture Oakford.", "planned", "“vowed” makes it planned"),
        ("The army will attack Oakford.", "predicted", "“will” makes it predicted"),
    ],
)
def test_modality_names_the_words_that_made_it(text: str, modality: str, said: str) -> None:
    claim = sentence(text)["claims"][0]
    assert claim["modality"] == modality
    assert claim["grounds"]["modality"] == said


@pytest.mark.parametrize(
    ("text", "rule", "said"),
    [
        ("If rebels capture Oakford, the army will leave.", "capture.verb", "“If” leaves it unsaid"),
        ("Had the army captured Oakford, the war would be over.", "capture.verb", "“Had” leaves it unsaid"),
        ("Was Oakford captured by rebels?", "capture.verb", "it is asked"),
    ],
)
def test_what_is_left_unsaid_names_the_words_that_leave_it(text: str, rule: str, said: str) -> None:
    assert said in why(text, rule)


def test_a_rule_that_fits_and_comes_second_names_the_first() -> None:
    told = sentence("The army captured weapons.")
    behind = [near for near in told["near"] if near["ended"] == "behind"]
    assert behind
    assert all(told["claims"][0]["rule"] in near["why"][0] for near in behind)


def test_a_verb_that_no_rule_knows_is_named_and_a_verb_of_saying_is_not() -> None:
    assert sentence("Militia fighters wrapped Oakford in flags, the army said.")["unknown"] == ["wrap"]


def test_near_misses_come_nearest_first_word_by_word() -> None:
    near = sentence("Rebels failed to take the village of Alfa.")["near"]
    order = [(one["at"], NEAR.index(one["ended"])) for one in near]
    assert order == sorted(order)


def test_the_tree_is_whole() -> None:
    for told in explained(STORY)["sentences"]:
        roots = [word for word in told["words"] if word["depth"] == 0]
        assert len(roots) == 1
        assert all(told["words"][word["head"]]["text"] == word["head_text"] for word in told["words"])


def test_what_points_back_says_what_it_stands_for() -> None:
    told = explained("The Sabra Front took Oakford. The group left on Monday.")["sentences"][1]
    [group] = [mention for mention in told["mentions"] if mention["kind"] == "actor"]
    assert (group["text"], group["stands_for"]) == ("group", "Sabra Front")


def mention(text: str, words: str) -> Any:
    [only] = [one for one in sentence(text)["mentions"] if one["text"] == words]
    return only


def test_a_name_that_several_bear_says_so() -> None:
    unknown = mention("RSF attacked Oakford.", "RSF")
    assert unknown["id"] is None
    assert {one["name"] for one in unknown["others"]} == {"Rapid Support Forces", "Reporters Without Borders"}
    assert unknown["so_called"] == 2
    place = mention("Rebels in Syria took the town of Tripoli.", "Tripoli")
    assert place["so_called"] >= len(place["others"]) > 0
    assert place["id"] not in {one["id"] for one in place["others"]}
    printed = printed_of("RSF attacked Oakford.")
    assert "nothing tells which; 2 actors are called so: Rapid Support Forces (rapid-support-forces)" in printed
    meant = mention("The RSF attacked Khartoum in Sudan.", "RSF")
    assert (meant["id"], [one["id"] for one in meant["others"]]) == ("rapid-support-forces", ["rsf"])


def test_a_verb_of_saying_is_no_near_miss_of_a_demand() -> None:
    assert "statement.must:" not in printed_of("The army said on Monday that rebels had taken Oakford.")


def test_a_preposition_that_lacks_all_is_no_near_miss() -> None:
    assert "commands.of-its-leader:" not in printed_of("The army seized the town of Oakford.")


def test_the_countries_that_decide_who_is_meant_are_told() -> None:
    told = explained("Rebels in Sudan attacked the town of Kadugli.")
    assert told["report"]["countries"][0] == "SD"
    assert "about: SD" in printed_of("Rebels in Sudan attacked the town of Kadugli.")


def test_a_learnt_claim_says_so_with_its_confidence() -> None:
    claim = replace(read(typed("Rebels took Oakford.", published=MONDAY), load_knowledge()).claims[0], confidence=0.914)
    assert "learnt, 0.91" in claim_line(claim_json(claim) | {"confidence": claim.confidence}).plain
    learnt = [c for s in explained(LEARNT)["sentences"] for c in s["claims"] if c["rule"].endswith(".learnt")]
    for one in learnt:
        assert "the model alone does, with confidence 0." in one["grounds"]["learnt"]
    assert "learnt" not in sentence("Rebels took Oakford.")["claims"][0]["grounds"]


LEARNT = "If the junta loses Lashio the Brotherhood Alliance will march on Mandalay."


def printed_of(text: str) -> str:
    console = Console(width=300, file=io.StringIO())
    console.print(printed(explained(text)))
    return " ".join(console.file.getvalue().split())  # type: ignore[attr-defined]


def test_what_the_model_proposed_is_listed_with_its_confidence_and_why_it_made_no_claim(monkeypatch: pytest.MonkeyPatch) -> None:
    def parse_with_heads(text: str, **options: Any) -> Any:
        doc = parse(text, **options)
        eyed, hours = (next(t.i for t in doc if t.text == word) for word in ("eyed", "hours"))
        rebels, oakford = (next(t.i for t in doc if t.text == word) for word in ("Rebels", "Oakford"))
        sure = Told({"capture": 0.9}, {"actor": {rebels: 0.9}, "place": {oakford: 0.9}})
        doc.user_data["told"] = {eyed: sure, hours: Told({"clash": 0.2, "siege": 0.01}, {})}
        doc.user_data["told_kinds"] = frozenset({"capture", "clash", "siege"})
        return doc

    monkeypatch.setattr("khabar.reading.parse", parse_with_heads)
    [told] = explain(typed("Rebels eyed Oakford for hours."), load_knowledge())["sentences"]
    assert [(one["kind"], round(one["confidence"], 2), bool(one["dropped"])) for one in told["learnt"]] == [
        ("capture", 0.9, False),
        ("clash", 0.2, True),
    ]
    assert "less likely than" in told["learnt"][1]["dropped"]
    [claim] = told["claims"]
    assert claim["rule"] == "capture.learnt"
    assert claim["grounds"]["actor"] == "the model: “Rebels”"


def test_every_rule_that_is_tried_ends_in_a_claim_or_a_reason() -> None:
    examples = [rule.examples[0].text for kind in load_knowledge().grammar.kinds for rule in kind.rules][::6]
    for text in examples:
        for told in explained(text)["sentences"]:
            assert all(near["why"] and all(near["why"]) for near in told["near"]), text


def test_rules_are_the_same_whatever_the_order_of_words_in_their_files() -> None:
    kinds = load_knowledge().grammar.kinds
    assert Grammar(kinds).sha256 == Grammar(kinds).sha256 == load_knowledge().grammar.sha256
