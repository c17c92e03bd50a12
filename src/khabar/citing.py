"""A claim and its report → a citation: BibTeX, CSL-JSON, or one line."""

from __future__ import annotations

import re
from collections.abc import Iterable

from khabar.contract import Json
from khabar.model import Report
from khabar.quoting import claim_row
from khabar.record import Told
from khabar.roles import is_coded
from khabar.view import View
from khabar.weighing import reliability, sides


def csl(item: Told, report: Report) -> Json:
    """An item of CSL-JSON, version 1.0: the report, with the sentence as its note."""
    day = report.published
    author = [{"literal": name} for name in (report.author, report.outlet) if name][:1]
    fields: Json = {
        "id": item.claim.claim_id,
        "type": "dataset" if is_coded(item.claim) else "article-newspaper",
        "title": report.title or item.sentence,
        "author": author,
        "container-title": report.outlet,
        "issued": {"date-parts": [[day.year, day.month, day.day]]} if day else None,
        "URL": report.url,
        "note": f"“{item.sentence}”{_through(item)} Khabar claim {item.claim.claim_id}; original {report.sha256 or 'not kept'} (SHA-256)",
    }
    return {name: value for name, value in fields.items() if value not in (None, [])}


def bibtex(item: Told, report: Report) -> str:
    """An entry of BibTeX (`@misc`, which every style knows)."""
    rows = [
        ("title", report.title or item.sentence),
        ("author", f"{{{_bare(report.author or report.outlet or 'unnamed outlet')}}}"),
        ("howpublished", report.outlet),
        ("year", str(report.published.year) if report.published else None),
        ("date", report.published.isoformat() if report.published else None),
        ("url", report.url),
        ("note", csl(item, report)["note"]),
    ]
    body = "".join(f"  {name} = {{{value if name == 'author' else _bare(value)}}},\n" for name, value in rows if value)
    return f"@misc{{khabar-{item.claim.claim_id},\n{body}}}\n"


def in_a_line(item: Told) -> str:
    """Outlet, day, speakers, address: what stands under a quoted sentence."""
    day = item.known.isoformat() if item.known else "no day"
    return ", ".join([item.outlet or "unnamed outlet", day, *([item.url] if item.url else [])]) + _through(item).rstrip(".")


def _through(item: Told) -> str:
    return _said(speaker.text for speaker in item.claim.attribution)


def _said(speakers: Iterable[str]) -> str:
    names = list(speakers)
    return f" (said by {' citing '.join(names)})." if names else "."


def _bare(text: str) -> str:
    """Words that BibTeX takes for words: its own marks escaped, braces balanced by leaving them out."""
    return re.sub(r"([#$%&_~^\\])", r"\\\1", re.sub(r"[{}]", "", text))


def cited(view: View, item: Told) -> Json:
    """A claim with its citation, how far its innermost speaker is relied on and why, and the sides that this one is on."""
    row = claim_row(view, item)
    letter, why = reliability(item, view.ties)
    links = [{"text": speaker["text"]} for speaker in row["attribution"]]
    said = f" (said by {' citing '.join(link['text'] for link in links)})" if links else ""
    where = [row["outlet"] or "unnamed outlet", row["published"] or "no day", *([row["url"]] if row["url"] else [])]
    graded = {"reliability": letter, "reliability_because": why, "sides": list(sides(item, view.ties))}
    return {**row, **graded, "citation": ", ".join(where) + said}
