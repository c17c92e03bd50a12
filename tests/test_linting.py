"""`khabar lint`, `--rules` and the codebook: a user's own rules, from the first line to the record."""

from __future__ import annotations

import json
import re
import shlex
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args

import pytest
from typer.testing import CliRunner

from khabar import cli, model, ruleform
from khabar.codebook import codebook
from khabar.errors import KnowledgeError
from khabar.lexicon import load
from khabar.linting import Finding, lint
from khabar.matching import Grammar
from khabar.reading import load_knowledge
from khabar.rules import load_rules

ROOT = Path(__file__).resolve().parent.parent
RULE = """kind: capture
rules:
  - name: wrap-up
    verb: [wrap]
    when: {particle: [up]}
    actor: subject
    place: object:place
    needs: [actor, place]
    example: The Northern Army wrapped up the town of Oakford on Monday.
    claims: ["Northern Army | - | Oakford"]
"""


def write(folder: Path, text: str, name: str = "mine.yaml") -> Path:
    path = folder / name
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_text(text, "utf-8")
    return path


def found(folder: Path, text: str) -> list[Finding]:
    return list(lint([write(folder, text)]))


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli.app, words, env={"COLUMNS": "80"})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, " ".join((result.stdout + result.stderr).split())


# --- lint


def test_a_rule_that_does_what_its_example_says_is_in_order(tmp_path: Path) -> None:
    assert found(tmp_path, RULE) == []
    assert run("lint", str(tmp_path / "mine.yaml")) == (0, "1 file: in order")


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("kind: capture", "kind: captured", 1, "did you mean capture"),
        ("rules:", "rulez:", 2, "did you mean rules"),
        ("  - name: wrap-up", "  - nam: wrap-up", 3, "did you mean name"),
        ("    verb: [wrap]", "    verb: []", 4, "found nothing; expected a list of lemmas"),
        ("    verb: [wrap]", "    verb: ['@weapns']", 4, "did you mean weapon"),
        ("    verb: [wrap]\n", "", 3, "found no trigger"),
        ("{particle: [up]}", "{partikel: [up]}", 5, "did you mean particle"),
        ("{particle: [up]}", "up", 5, "write the slot and its words"),
        ("actor: subject", "actor: subjekt", 6, "did you mean subject"),
        ("object:place", "object:palce", 7, "did you mean place"),
        ("object:place", "frm", 7, "did you mean from"),
        ("[actor, place]", "[actr]", 8, "did you mean actor"),
        ("[actor, place]", "[recipient]", 8, "no slot fills it: it can never apply"),
        ("    example: The", "    standing: yes\n    example: The", 9, "expected true or false"),
        ("    example: The Northern Army wrapped up the town of Oakford on Monday.\n", "", 3, "found no example"),
        ('    claims: ["Northern Army | - | Oakford"]\n', "", 9, "an example without claims"),
        ("Northern Army | - | Oakford", "Northern Army took Oakford", 10, "expected actor | recipient | place"),
        ("name: wrap-up", "name: verb", 3, "capture.verb belongs to a rule that is there"),
        ("[wrap]", "[wrapped]", 4, "a form of wrap; write wrap"),
        ("[wrap]", "[wrap, Seize]", 4, "compared in small letters; write seize"),
        ("{particle: [up]}", "{particle: [Up]}", 5, "compared in small letters; write up"),
        ("[wrap]", "[wrap, take over]", 4, "write take, and when: {particle: [over]}"),
        ("[wrap]", "[wrap, 5]", 4, 'put it between quotation marks: "5"'),
        ("[wrap]", "['@actor']", 4, "actor is asked of a slot that fills a role, like actor: subject:actor"),
        ("    actor: subject\n", "    verb: [bag]\n    actor: subject\n", 6, "found verb again, after line 4"),
        ("rules:", "kind: siege\nrules:", 2, "found kind again, after line 1"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_what_to_do(tmp_path: Path, old: str, new: str, line: int, said: str) -> None:
    assert old in RULE
    findings = found(tmp_path, RULE.replace(old, new))
    assert [one.line for one in findings if said in one.message] == [line], findings
    assert run("lint", str(tmp_path / "mine.yaml"))[0] == 1


def test_what_is_not_yaml_is_told_with_its_line(tmp_path: Path) -> None:
    [one] = found(tmp_path, "kind: capture\nrules:\n  - name: x\n    verb: [a, b\n    actor: subject\n")
    assert one.line in (4, 5)
    assert "not YAML" in one.message
    [tab] = found(tmp_path, "kind: capture\nrules:\n\t- name: x\n")
    assert (tab.line, tab.message) == (3, "this is not YAML: found a tab at the start of the line; write blanks")
    [empty] = found(tmp_path, "")
    assert "found nothing" in empty.message


def test_a_file_in_another_encoding_says_where_and_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_bytes("kind: capture\nrules:\n  - name: café\n".encode("latin-1"))
    [one] = lint([path])
    assert (one.line, one.message) == (3, "found the byte 0xe9, which is no UTF-8; save the file as UTF-8")


def test_an_example_that_does_not_yield_its_claims_is_shown_with_what_it_did_yield_and_why(tmp_path: Path) -> None:
    [one] = found(tmp_path, RULE.replace("wrapped up the town of Oakford", "captured Oakford and wrapped up its talks"))
    assert one.line == 9
    assert "does not yield “Northern Army | - | Oakford”" in one.message
    assert "it yields: capture.verb: " in one.message
    assert "because at “wrapped” it needs place: object:place held “talks”, which is no known place" in one.message
    command = one.message.splitlines()[-1]
    assert "“wrapped”" in run(*shlex.split(command)[1:])[1]


def test_an_example_without_the_rules_word_says_which_words_it_knows(tmp_path: Path) -> None:
    [one] = found(tmp_path, RULE.replace("wrapped up", "bagged"))
    assert "no word of it sets the rule off, which knows wrap" in one.message


ONE = "The Northern Army wrapped up the town of Oakford on Monday, people on the hill above it said to us."


@pytest.mark.parametrize(
    ("more", "said"),
    [({}, "it is the same as"), ({"without": {"because_of": ["rain"]}}, "says the same, and more")],
    ids=["equal", "contained"],
)
def test_a_rule_that_is_there_already_is_named(tmp_path: Path, more: dict[str, Any], said: str) -> None:
    shipped = load(files("khabar") / "rules" / "capture.yaml")["rules"][0]
    again = {**shipped, "name": "again", "without": {**shipped.get("without", {}), **more.get("without", {})}}
    findings = found(tmp_path, json.dumps({"kind": "capture", "rules": [again]}))  # JSON is YAML
    assert any(said in one.message and f"capture.{shipped['name']}" in one.message and "“seize”" in one.message for one in findings)


def test_two_rules_of_ones_own_may_not_stand_in_each_others_way(tmp_path: Path) -> None:
    second = RULE.split("rules:\n")[1].replace("wrap-up", "wrap-whole")
    assert any("it is the same as capture.wrap-up" in one.message for one in found(tmp_path, RULE + second))
    files = [write(tmp_path, RULE, "a.yaml"), write(tmp_path, RULE, "b.yaml")]
    assert any("capture.wrap-up belongs to a rule that is there" in one.message for one in lint(files))


def test_words_for_a_rule_are_checked(tmp_path: Path) -> None:
    assert "did you mean capture.verb" in found(tmp_path, "words: {capture.vreb: [steamroll]}")[0].message
    assert "knows seize already" in found(tmp_path, "words: {capture.verb: [seize]}")[0].message
    assert "expected a list of lemmas" in found(tmp_path, "words: {capture.verb: }")[0].message
    [doubt] = found(tmp_path, "words: {capture.verb: [steamroll]}")
    assert doubt.doubt
    assert run("lint", str(tmp_path / "mine.yaml"))[0] == 0


def test_lint_prints_json_for_programs(tmp_path: Path) -> None:
    path = write(tmp_path, "words: {capture.vreb: [x]}")
    result = CliRunner().invoke(cli.app, ["lint", str(path), "--json"])
    assert result.exit_code == 1
    assert {"file": str(path), "line": 1}.items() <= json.loads(result.stdout).items()


# --- --rules


SENTENCE = ("--published", "2031-05-05", "--sentence", "Militia fighters steamrolled the town of Oakford on Monday.")


def test_one_line_adds_a_verb(tmp_path: Path) -> None:
    mine = str(write(tmp_path, "words: {capture.verb: [steamroll]}\n"))
    assert "0 claims" in run("read", *SENTENCE)[1]
    assert "capture Militia fighters @ Oakford" in run("read", *SENTENCE, "--rules", mine)[1]
    assert "capture Militia fighters @ Oakford" in run("read", *SENTENCE, "--rules", str(tmp_path))[1]


def test_the_model_takes_back_nothing_that_a_users_own_word_tells(tmp_path: Path) -> None:
    mine = str(write(tmp_path, "words: {capture.verb: [blitz]}\n"))
    words = ("read", "--published", "2031-05-05", "--sentence", "Militia fighters blitzed the town of Oakford on Monday, residents said.")
    assert "capture Militia fighters @ Oakford" in run(*words, "--rules", mine)[1]


def test_a_users_rule_comes_before_a_shipped_one_of_as_many_conditions(tmp_path: Path) -> None:
    own = "kind: attack\nrules:\n  - {name: zzz, verb: [overrun], actor: subject, place: 'object:place', needs: [place],\n"
    own += "     example: E., claims: [a | b | c]}\n"
    mine = write(tmp_path, own)
    words = ("read", "--published", "2031-05-05", "--sentence", "Rebels overran Oakford.", "--json")
    assert json.loads(CliRunner().invoke(cli.app, [*words]).stdout)["claims"][0]["rule"] == "capture.verb"
    assert json.loads(CliRunner().invoke(cli.app, [*words, "--rules", str(mine)]).stdout)["claims"][0]["rule"] == "attack.zzz"


def test_json_and_record_say_which_rules_were_in_force(tmp_path: Path) -> None:
    mine = str(write(tmp_path / "rules", RULE))
    rows = [CliRunner().invoke(cli.app, ["read", "--json", *SENTENCE, *more]).stdout for more in ((), ("--rules", mine))]
    shipped, own = (json.loads(row)["rules"] for row in rows)
    assert shipped == load_knowledge().grammar.sha256
    assert own == Grammar(load_rules(Path(mine))).sha256 != shipped
    report = write(tmp_path, ONE, "one.txt")
    record = str(tmp_path / "war.khabar")
    built = run("build", str(report), "--published", "2031-05-05", "--record", record, "--rules", mine)
    assert built[0] == 0
    assert own[:12] in built[1]
    claim = json.loads(CliRunner().invoke(cli.app, ["claims", record, "--kind", "capture", "--json"]).stdout)
    assert claim["rule"] == "capture.wrap-up"
    assert json.loads(CliRunner().invoke(cli.app, ["explain", record, claim["claim_id"], "--json"]).stdout)["rules"] == own
    assert own[:12] in run("explain", record, claim["claim_id"])[1]


def test_processes_read_with_the_users_rules_too(tmp_path: Path) -> None:
    mine = write(tmp_path / "rules", RULE)
    report = write(tmp_path, ONE, "one.txt")
    words = ["read", str(report), "--published", "2031-05-05", "--rules", str(mine), "--json"]
    alone, together = (CliRunner().invoke(cli.app, [*words, *more]).stdout for more in ([], ["--workers", "2"]))
    assert "capture.wrap-up" in alone
    assert together == alone


def test_faulty_rules_are_told_before_anything_is_read_or_written(tmp_path: Path) -> None:
    mine = write(tmp_path, RULE.replace("subject", "subjekt"))
    record = tmp_path / "war.khabar"
    code, said = run("build", str(tmp_path), "--record", str(record), "--rules", str(mine))
    assert code == 1
    assert "mine.yaml:6: rule wrap-up: found the slot subjekt; did you mean subject?" in said
    assert "khabar lint" in said
    assert not record.exists()
    for path, complaint in ((tmp_path / "none.yaml", "is not there"), (tmp_path / "empty", "without any .yaml file")):
        (tmp_path / "empty").mkdir(exist_ok=True)
        with pytest.raises(KnowledgeError, match=complaint):
            load_rules(path)


# --- what is shipped


DEAD = {("commands", "leader")}  # a slot there names a label of the tree and no slot


@pytest.mark.parametrize("source", sorted((files("khabar") / "rules").iterdir(), key=lambda f: f.name), ids=lambda f: f.name)
def test_the_shipped_rules_keep_the_form_that_is_asked_of_a_users(source: Path) -> None:
    content = load(source)
    faults = [(e["name"], f.message) for e in content["rules"] for f in ruleform.rule_faults(e) if (content["kind"], e["name"]) not in DEAD]
    assert faults == []


def test_the_form_knows_the_modalities_of_the_contract() -> None:
    assert get_args(model.Modality) == ruleform.MODALITIES


def test_the_codebook_is_up_to_date() -> None:
    assert (ROOT / "docs/reference/codebook.md").read_text("utf-8") == codebook(), "run make reference"


def test_the_codebook_has_every_kind_with_its_equivalents_and_every_rule() -> None:
    page, kinds = codebook(), load_rules()
    books = load(files("khabar") / "knowledge" / "codebooks.yaml")
    assert set(books["kinds"]) == {kind.name for kind in kinds} == {name for names in books["families"].values() for name in names}
    for kind in kinds:
        assert f"### {kind.name}\n\n{kind.means}" in page
        assert all(f"**`{rule.name}`**" in page for rule in kind.rules)
    assert all(line.endswith("*(unverified)* |") for line in page.splitlines() if line.startswith("| ACLED") and not line.endswith("| – |"))


# --- the how-to page


PAGE = (ROOT / "docs/how-to/add-a-verb.md").read_text("utf-8")
STEP = re.compile(r"^ {4}khabar (?P<command>[^\n]+)\n\n(?:```text\n(?P<shown>.*?)```)?", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"`([\w./-]+\.yaml)`[^`\n]*:\n\n```yaml\n(.*?)```", re.DOTALL)


def test_the_page_on_mending_rules_can_be_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, content in FILE.findall(PAGE):
        write(tmp_path, content, name)
    row = {"text": ONE, "published": "2031-05-05"}
    write(tmp_path, json.dumps(row) + "\n", "reports.jsonl")
    steps = list(STEP.finditer(PAGE))
    assert len(steps) >= 5
    for step in steps:
        code, said = run(*shlex.split(step["command"]))
        assert code == 0, (step["command"], said)
        for piece in (step["shown"] or "").split("…\n"):
            assert " ".join(piece.split()) in said, (step["command"], piece, said)
