"""The rules and knowledge/codebooks.yaml → docs/reference/codebook.md: every kind of claim, its equivalents elsewhere, its rules.

`make reference` writes the page; a test holds that it is up to date.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from khabar.lexicon import FOLDER, load
from khabar.rules import Kind, Rule, load_rules

FRONT = """# Codebook

What each kind of claim means, what it is called in the codebooks of the field, and by which rules it is found. This page is written from
`src/khabar/rules/` and `src/khabar/knowledge/codebooks.yaml` by `make reference`; do not edit it by hand.

To add a word or a rule of your own see [add a verb](../how-to/add-a-verb.md); to see why a sentence gave the claim it did, or none,
`khabar read --explain`. What the fields of a claim mean is told in [output](output.md). In an example the claims stand as
actor | recipient | place | number, with - for what is not told.

Names and pairings that were not seen in a source are marked *unverified*: check them against the codebook's own text before you rely
on them. That holds for all names of ACLED, and for the words beside the codes of CAMEO. CASE 2021 has labels that follow ACLED's sub-event
types. PLOVER of 2016 had FIGHT, which is ASSAULT since. A kind is a claim that somebody makes and not a coded event: casualties and
control are kinds of their own here, which the event codebooks keep as columns of an event, or do not have.
"""


def codebook() -> str:
    """The page, ending in a line break."""
    books = load(FOLDER / "codebooks.yaml")
    kinds = {kind.name: kind for kind in load_rules()}
    parts = [FRONT, _overview(books, kinds)]
    for family, names in books["families"].items():
        parts.append(f"## {family[0].upper()}{family[1:]}\n")
        parts += [_kind(kinds[name], books["kinds"][name], books["roots"]) for name in names]
    return "\n".join(parts)


def _overview(books: Mapping[str, Any], kinds: Mapping[str, Kind]) -> str:
    rows = ["| family | kind | PLOVER | CAMEO | rules |", "|---|---|---|---|---|"]
    for family, names in books["families"].items():
        for name in names:
            book = books["kinds"][name]
            cells = (family, f"[{name}](#{name})", _first(book["plover"]), _first(book["cameo"]), str(len(kinds[name].rules)))
            rows.append(f"| {' | '.join(cells)} |")
    return "\n".join([*rows, ""])


def _first(names: Sequence[str]) -> str:
    return _marked(names[0]) if names else "–"


def _marked(name: str) -> str:
    return f"{name[:-1]} *(unverified)*" if name.endswith("?") else name


def _kind(kind: Kind, book: Mapping[str, Sequence[str]], roots: Mapping[str, str]) -> str:
    acled = "; ".join(f"{name} *(unverified)*" for name in book["acled"])
    cameo = "; ".join(_marked(code).replace(code.rstrip("?"), f"{code.rstrip('?')} {roots[code.rstrip('?')]}", 1) for code in book["cameo"])
    rows = (
        ("ACLED, event type / sub-event type", acled),
        ("CASE 2021", "; ".join(f"`{label}`" for label in book["case2021"])),
        ("PLOVER, class (mode)", "; ".join(map(_marked, book["plover"]))),
        ("CAMEO, root", cameo),
    )
    table = ["| codebook | there |", "|---|---|", *(f"| {name} | {there or '–'} |" for name, there in rows)]
    return "\n".join([f"### {kind.name}", "", kind.means, "", *table, "", *(line for rule in kind.rules for line in _rule(rule)), ""])


def _rule(rule: Rule) -> Iterator[str]:
    words = "; ".join(f"{part} {', '.join(sorted(lemmas))}" for part, lemmas in rule.words.items())
    yield f"* **`{rule.name}`**: {words}"
    for example in rule.examples:
        yield f"  <br>*{example.text}* → {'; '.join(f'`{claim}`' for claim in example.claims)}"


if __name__ == "__main__":
    print(codebook(), end="")
