"""Imports run one way, so that a reader can open the modules in the order in which a sentence becomes an answer."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import khabar

PACKAGE = Path(khabar.__file__).parent

# Lower never imports higher; within a layer, anything goes but a cycle.
LAYERS: tuple[frozenset[str], ...] = (
    frozenset({"errors", "model", "contract", "folders", "spellings", "openings"}),
    frozenset({"calendar", "actorfiles", "registry", "actorlint", "sample", "compiled"}),
    frozenset({"printed_days", "feeds", "blocks", "sections", "language"}),
    frozenset({"romanising", "gazetteer_store", "shipped_places", "gazetteer", "resolving", "place_imports"}),
    frozenset({"names", "actors", "people", "places", "times", "quantities", "antecedents", "pronouns", "definite_nouns", "references"}),
    frozenset({"attribution"}),
    frozenset({"matching", "wartolls", "placelists", "placing", "stages", "denials", "triggers", "claiming", "grammar"}),
    frozenset({"reading"}),
    frozenset({"journal"}),
    frozenset({"areas", "rulings", "reviews", "naming", "fingerprints", "credits"}),
    frozenset({"versions", "tombstones", "rows"}),
    frozenset({"copies"}),
    frozenset({"record"}),
    frozenset({"parties", "ties", "roles", "chains", "drawers", "evidence"}),
    frozenset({"control_order", "control_changes", "control_periods", "control", "weighing", "reasons"}),
    frozenset({"tellings", "matters", "figures", "kinship", "accounts", "judging", "grouping", "titles", "incidents"}),
    frozenset({"beside", "bearing_rows", "bearings", "hearing", "histories", "translations"}),
    frozenset({"filing", "rejoining", "joining", "chronicle"}),
    frozenset({"view", "quoting", "finding", "groups", "rolls", "differences", "redaction"}),
    frozenset({"holdings", "profiles", "searching", "provenance"}),
    frozenset({"events"}),
    frozenset({"informants"}),
    frozenset({"wording", "positions", "happenings", "contested_places", "contested_incidents", "disputes", "contested", "window"}),
    frozenset({"prose", "unknowns", "brief", "markdown"}),
    frozenset({"publication", "coverage", "citing", "alliances", "divisions"}),
    frozenset({"page", "printing", "build"}),
    frozenset({"exports", "server", "verifying", "bundling"}),
    frozenset({"cli"}),
)
RANK = {name: rank for rank, layer in enumerate(LAYERS) for name in layer}
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path.name != "__init__.py" or path.parent != PACKAGE)


def layer_name(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    """Names of the khabar modules that a file imports, anywhere in it: a lazy import is an import too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "khabar":
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("khabar."):
            found.add(str(node.module).split(".")[1])
        elif isinstance(node, ast.Import):
            found |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("khabar.")}
    return found & ({layer_name(module) for module in MODULES} | set(RANK))


GRAPH: dict[str, set[str]] = {}
for module in MODULES:
    GRAPH.setdefault(layer_name(module), set()).update(imported(module) - {layer_name(module)})


def reached(name: str) -> set[str]:
    """All that a module imports, and what that imports: a module without a layer of its own must not be a tunnel upwards."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        fresh = GRAPH.get(waiting.pop(), set()) - found
        found |= fresh
        waiting += fresh
    return found


@pytest.mark.parametrize("name", sorted(GRAPH))
def test_a_module_imports_nothing_above_it(name: str) -> None:
    above = {other for other in reached(name) if RANK.get(other, -1) > RANK.get(name, len(LAYERS))}
    assert not above, f"{name} belongs below {sorted(above)}"


@pytest.mark.parametrize("name", sorted(GRAPH))
def test_no_two_modules_import_each_other_in_a_circle(name: str) -> None:
    assert name not in reached(name)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_begins_with_what_it_makes_of_what(path: Path) -> None:
    first = (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").split("\n")[0]
    assert "→" in first, f"the first line of {path.name} should read 'inputs → output', not {first!r}"


def test_the_page_on_reading_names_every_module_of_it() -> None:
    page = (PACKAGE.parents[1] / "docs/explanation/reading.md").read_text(encoding="utf-8")
    told = set(re.findall(r"`(?:khabar\.)?([a-z_]+)", page))
    assert reached("reading") - told == set(), "docs/explanation/reading.md says where each stands"
    assert told - {"reading", "khabar", "src"} <= {layer_name(module) for module in MODULES}


def test_broad_except_stands_nowhere() -> None:
    broad = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"}))
    ]
    assert broad == []
