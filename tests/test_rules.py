"""Every rule does what its example shows, through the whole reading, and no rule file breaks the form."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from khabar.errors import KnowledgeError
from khabar.model import Claim, Report, Section
from khabar.reading import load_knowledge, read
from khabar.rules import Rule, load_rules

RULES = [rule for kind in load_rules() for rule in kind.rules]
CONTRACT_KINDS = {
    "capture",
    "transfer",
    "withdrawal",
    "control_state",
    "siege",
    "advance",
    "base_established",
    "clash",
    "attack",
    "repelled_attack",
    "airstrike",
    "shelling",
    "bombing",
    "suicide_bombing",
    "chemical_attack",
    "abduction",
    "arrest",
    "killing",
    "sexual_violence",
    "looting_destruction",
    "casualties",
    "displacement",
    "equipment_captured",
    "equipment_destroyed",
    "coalition_formed",
    "membership",
    "branch_of",
    "allied_with",
    "split",
    "commands",
    "strength",
    "redeployment",
    "agreement",
    "protest",
    "riot",
    "statement",
}


def claims_of(text: str) -> tuple[Claim, ...]:
    report = Report("example", text, published=date(2020, 6, 5), sections=(Section("body", 0, len(text)),))
    return read(report, load_knowledge()).claims


def shown(claim: Claim) -> str:
    parts = [part.text if part else "-" for part in (claim.actor, claim.recipient, claim.place)]
    number = claim.quantity and (claim.quantity.low or claim.quantity.high)
    return " | ".join([*parts, str(number)] if number else parts)


@pytest.mark.parametrize("rule", RULES, ids=[rule.name for rule in RULES])
def test_a_rule_codes_its_example(rule: Rule) -> None:
    for example in rule.examples:
        wanted = {" | ".join(part.strip() for part in claim.split("|")) for claim in example.claims}
        found = {shown(claim) for claim in claims_of(example.text) if claim.rule == rule.name}
        assert wanted <= found | {claim.rpartition(" | ")[0] for claim in found}


def test_every_kind_of_the_contract_has_rules() -> None:
    assert {rule.kind for rule in RULES} == CONTRACT_KINDS


def test_names_of_rules_are_unique() -> None:
    names = [rule.name for rule in RULES]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Chad rejected the offer.", [("statement", "asserted", ())]),
        ("Chad threatened to break relations with Sudan.", [("statement", "planned", ())]),
        ("Chad did not accept the offer.", [("statement", "denied", ())]),
        ("The militia, backed by tanks, entered Karsa.", []),
        ("The militia, backed by Chadian tanks, entered Karsa.", [("allied_with", "asserted", ())]),
    ],
    ids=[
        "told by the outlet, not by Chad",
        "a threat is of what is to come",
        "negation outweighs the rule",
        "a tank is no ally",
        "Chad is",
    ],
)
def test_relations_and_statements_are_told_as_what_they_are(text: str, told: list[tuple[str, str, tuple[str, ...]]]) -> None:
    claims = [c for c in claims_of(text) if c.kind in ("statement", "allied_with")]
    assert [(c.kind, c.modality, tuple(s.text for s in c.attribution)) for c in claims] == told


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("kind: capture\n", "found no acled"),
        ("kind: k\nmeans: m\nacled: a\nplover: p\ncameo: c\nrules:\n  - {name: x, example: E.}\n", "found no trigger"),
        ("kind: k\nmeans: m\nacled: a\nplover: p\ncameo: c\nrules:\n  - {name: x, verb: [go]}\n", "found no example"),
        ("kind: k\nmeans: m\nacled: a\nplover: p\ncameo: c\nrules:\n  - {name: x, verb: [go], exmaple: E.}\n", "found exmaple"),
    ],
    ids=["missing head", "no trigger", "no example", "misspelt key"],
)
def test_a_rule_file_that_breaks_the_form_is_named_with_what_it_lacks(tmp_path: Path, content: str, complaint: str) -> None:
    (tmp_path / "mine.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(KnowledgeError, match=complaint):
        load_rules(tmp_path)


def test_a_verb_added_in_a_folder_of_the_users_own_is_coded(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(
        "kind: capture\nmeans: m\nacled: a\nplover: p\ncameo: c\nrules:\n"
        "  - {name: storm-in, verb: [bulldoze], actor: subject, place: 'object:place', needs: [place], example: E., claims: []}\n",
        encoding="utf-8",
    )
    text = "Militia fighters bulldozed the town of Karsa on Monday."
    report = Report("example", text, published=date(2020, 6, 5), sections=(Section("body", 0, len(text)),))
    assert [claim.rule for claim in read(report, load_knowledge(tmp_path)).claims] == ["capture.storm-in"]
