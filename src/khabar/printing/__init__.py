"""Answers → tables and paragraphs that fit a terminal of 80 columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from khabar.contract import Json, claim_json
from khabar.model import Failure, Reading, Span
from khabar.spellings import loose

if TYPE_CHECKING:
    from khabar.linting import Finding
    from khabar.sample import Comparison

STATUS_STYLE = {"held": "bold green", "contested": "bold yellow", "besieged": "bold magenta", "unknown": "dim"}


def console() -> Console:
    """Standard output; nothing of a report is taken for markup or coloured by guess."""
    return Console(highlight=False, markup=False, emoji=False, soft_wrap=False)


# --- read


def reading(found: Reading, sentences: Sequence[Span]) -> RenderableType:
    """Each sentence with its claims, speakers and dates under it."""
    report = found.report
    told_on = f"read as of {found.told_on}" if found.told_on else None
    head = " · ".join(filter(None, (report.outlet, report.published.isoformat() if report.published else None, told_on, report.url)))
    title = Text(report.title or f"report {report.id[:12]}", style="bold")
    parts: list[RenderableType] = [title, Text(head or "no outlet, no date", style="dim"), Text()]
    claims: dict[Span, list[Json]] = {}
    for claim in found.claims:
        claims.setdefault((claim.start, claim.end), []).append(claim_json(claim))
    for span in sorted({*sentences, *claims}):
        told = claims.get(span, [])
        parts.append(Text(_flat(report.text[span[0] : span[1]]), style="" if told else "dim"))
        parts += [Padding(claim_line(claim), (0, 0, 0, 4)) for claim in told]
    parts.append(Text(f"\n{count(len(found.claims), 'claim')} in {count(len(sentences) or len(claims), 'sentence')}", style="dim"))
    return Group(*parts)


def claim_line(claim: Json) -> Text:
    """One claim: kind, who, whom, where, when, how many, in what mode; who says so."""
    line = Text()
    line.append(claim["kind"], style="bold cyan")
    if claim["modality"] != "asserted":
        line.append(f" ({claim['modality']})", style="yellow")
    for label, part in (("", claim["actor"]), (" → ", claim["recipient"]), (" @ ", claim["place"])):
        if part:
            line.append(f"{label or '  '}{_named(part)}")
    line.append(f"  {days(claim)}", style="green")
    if claim["quantity"]:
        line.append(f"  {quantity(claim['quantity'])}")
    line.append(f"  — {chain(claim)}", style="magenta")
    if claim["section"] not in ("body", "headline"):
        line.append(f"  [{claim['section']}]", style="red")
    if "grade" in claim:
        line.append(f"  {claim['grade']}", style="bold")
    line.append(f"  {claim['claim_id']}", style="dim")
    return line


def failure(found: Failure) -> Text:
    """Why an input was not read, or with what doubt."""
    return Text(f"{'warning' if found.warning else 'not read'}: {found.message} [{found.code}]", style="yellow" if found.warning else "red")


# --- read --explain


def explained(answer: Json) -> RenderableType:
    """Each sentence with its parse, mentions, speakers and claims, and the rules that made them or nearly did."""
    report = answer["report"]
    facts = (report["outlet"], report["published"] or "no day of publication", report["url"], f"rules {answer['rules'][:12]}")
    title = Text(f"{_flat(report['title'])}\n" if report["title"] else "", style="bold")
    title.append(" · ".join(str(fact) for fact in facts if fact), style="not bold dim")
    title.append("".join(f"\nwarning: {_flat(told)}" for told in report["warnings"]), style="not bold red")
    return Group(title, *(part for sentence in answer["sentences"] for part in _explained_sentence(sentence)))


def _explained_sentence(sentence: Json) -> Iterable[RenderableType]:
    yield Text()
    section = f"  [{sentence['section']}]" if sentence["section"] != "body" else ""
    yield Text.assemble((_flat(sentence["text"]), "bold"), (section, "red"))
    parts = (
        ("parse", [_parse(sentence["words"])]),
        ("mentions", [_mentions(sentence["mentions"])] if sentence["mentions"] else []),
        ("speakers", [_speakers(one, sentence) for one in sentence["attributions"]]),
        ("claims", [part for claim in sentence["claims"] for part in _grounds(claim)] or [Text(_silence(sentence))]),
        ("nearly", _nearly(sentence)),
        ("no rule knows", [Text(", ".join(sentence["unknown"]))] if sentence["unknown"] else []),
        ("learnt", [_candidate(one, sentence) for one in sentence["learnt"]]),
    )
    for label, rows in parts:
        if rows:
            yield Text(f"  {label}", style="yellow")
            yield Padding(Group(*rows), (0, 0, 0, 4))


def _parse(words: Sequence[Json]) -> Table:
    """One word to a row, further in the deeper it hangs in the tree."""
    table = Table.grid(padding=(0, 2))
    for style in ("", "cyan", "dim", "green", ""):
        table.add_column(style=style, overflow="fold")
    for word in words:
        lemma = word["lemma"] if word["lemma"] != word["text"] else ""
        above = f"← {word['head_text']}" if word["depth"] else ""
        table.add_row("· " * min(word["depth"], DEEPEST) + word["text"], lemma, f"{word['pos']} {word['tag']}", word["label"], above)
    return table


DEEPEST = 8  # a deeper word is told apart by the word that it hangs on


def _mentions(mentions: Sequence[Json]) -> Table:
    table = Table.grid(padding=(0, 2))
    for style in ("dim", "", "dim"):
        table.add_column(style=style, overflow="fold")
    for mention in mentions:
        table.add_row(mention["kind"], f"“{_flat(mention['text'])}”", _resolved(mention))
    return table


def _resolved(mention: Json) -> str:
    """What the words of a mention were taken for."""
    if mention["kind"] == "time":
        return f"{mention['timex']} {mention['value'] or '?'}: {days(mention, empty='no day')}"
    if mention["kind"] == "quantity":
        return quantity({**mention, "unit": mention["unit"] or "of no known unit"})
    unknown = "not in the registry" if mention["kind"] == "actor" else "no point on the map"
    facts = [f"{mention['name']} ({mention['id']})" if mention["id"] else unknown, mention["form"] if mention["form"] == "generic" else ""]
    facts += [f"stands for “{_flat(mention['stands_for'])}”" if mention["stands_for"] else "", mention.get("precision") or ""]
    facts.append("near it" if mention.get("near") else "")
    if mention.get("latitude") is not None:
        facts.append(f"{mention['latitude']:.3f}, {mention['longitude']:.3f}")
    return "; ".join(fact for fact in facts if fact)


def _speakers(said: Json, sentence: Json) -> Text:
    line = Text(" → ".join(link["text"] for link in said["chain"]) or "nobody named", style="magenta")
    start, text = sentence["start"], sentence["text"]
    if said["cue"]:
        line.append(f"  by “{_flat(text[said['cue'][0] - start : said['cue'][1] - start]) or 'words before'}”", style="default")
    if said["stance"] != "asserted":
        line.append(f"  makes it {said['stance']}", style="yellow")
    content = " … ".join(_flat(text[max(first - start, 0) : max(last - start, 0)]) for first, last in said["content"])
    line.append(f"  of: {content}", style="dim")
    return line


def _grounds(claim: Json) -> Iterable[RenderableType]:
    yield claim_line(claim)
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row("rule", Text(claim["rule"], style="bold"))
    for part, how in claim["grounds"].items():
        table.add_row(part, how)
    yield Padding(table, (0, 0, 0, 4))


def _silence(sentence: Json) -> str:
    why = {"headline": ": a headline claims nothing", "boilerplate": ": it is taken for a part of the page, not of the report"}
    return f"none{why.get(sentence['section'], '')}"


def _nearly(sentence: Json) -> list[RenderableType]:
    """What nearly was a claim, word by word: the nearest rules with their reasons, the others by name."""
    rows: list[RenderableType] = []
    fired = {claim["trigger"][0] for claim in sentence["claims"]}
    for at in dict.fromkeys(one["at"] for one in sentence["near"]):
        told = [one for one in sentence["near"] if one["at"] == at and not (at in fired and one["ended"] == "part")]
        close = [one for one in told if one["close"]]
        if not close and at not in fired:
            parts = all(one["ended"] == "part" for one in told)
            close = [one for one in told if parts or (one["ended"] == "when" and one["pos"] == "VERB")][:1]
        for one in close[:SHOWN]:
            rows.append(Text.assemble((f"“{one['trigger']}” ", "cyan"), (one["rule"], "bold"), f": {'; '.join(one['why'])}"))
        others = [one["rule"] for one in told if one not in close[:SHOWN]]
        if others:
            rows.append(Text(f"“{told[0]['trigger']}” further off: {', '.join(others)}", style="dim"))
    return rows


def _candidate(one: Json, sentence: Json) -> Text:
    words = _flat(sentence["text"][one["start"] - sentence["start"] : one["end"] - sentence["start"]])
    return Text(f"{one['kind']} at “{words}”, confidence {one['confidence']:.2f}{': ' + one['dropped'] if one['dropped'] else ''}")


# --- control


def control(answer: Json, asked: str) -> RenderableType:
    """Who held a place that day, and why. `asked`: the name it was asked for by, which may not be the gazetteer's."""
    name = answer["place"]["name"]
    called = name if asked == answer["place"]["id"] or loose(asked) == loose(name) else f"{asked} ({name})"
    line = Text(f"{called} on {answer['on']}", style="bold")
    if answer["known_by"]:
        line.append(f", as known by {answer['known_by']}", style="not bold")
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    for label, value in _control_rows(answer):
        grid.add_row(label, value)
    return Group(line, grid)


def _control_rows(answer: Json) -> Iterable[tuple[str, RenderableType]]:
    yield "status", Text(answer["status"], style=STATUS_STYLE[answer["status"]])
    if answer["holder"]:
        sure = f"{answer['standing']}, probability {answer['probability']} (uncalibrated)"
        yield "holder", Text.assemble((answer["holder"]["name"], "bold"), f"  {sure}")
    for label, key in (("since", "since"), ("until", "until")):
        if answer[key]:
            yield label, Text(days(answer[key]))
    for label, key in (("before", "previous"), ("besieged by", "besieged_by")):
        if answer[key]:
            yield label, Text(answer[key]["name"])
    for label, key in (("disputed by", "disputed_by"), ("members", "members")):
        if answer[key]:
            yield label, Text(", ".join(party["name"] for party in answer[key]))
    counted = (("for", answer["for"]), ("against", answer["against"]), ("listed", answer["listed"]))
    yield "claims", Text(" · ".join(f"{label}: {_ids(ids)}" for label, ids in counted if ids) or "none")
    yield "informants", Text(str(answer["informants"]))
    yield "because", Text("\n".join(answer["because"]))
    for row in answer["left_out"]:
        yield "left out", Text(f"{row['claim_id']}: {row['reason']}", style="yellow")
    for warning in answer.get("warnings", ()):
        yield "warning", Text(warning, style="yellow")


def _ids(ids: Sequence[str]) -> str:
    more = len(ids) - SHOWN
    return " ".join(ids[:SHOWN]) + (f" and {more} more" if more > 0 else "")


def states(collection: Json) -> RenderableType:
    """Every place that day, one to a row."""
    table = _table("place", "status", "holder", "standing", "last report")
    for feature in collection["features"]:
        state = feature["properties"]
        name = _wide(state["place"]["name"], state["precision"])
        status = Text(state["status"], style=STATUS_STYLE[state["status"]])
        table.add_row(name, status, _party(state["holder"]), state["standing"] or "", state["last_report"] or "")
    return table


def changes(rows: Sequence[Json]) -> RenderableType:
    """What changed hands, each with the sentences that say so."""
    if not rows:
        return Text("nothing is known to have changed hands in that time")
    return Group(*(part for row in rows for part in _change(row)))


def _change(row: Json) -> Iterable[RenderableType]:
    head = Text.assemble((days(row), "green"), "  ", (_wide(row["place"]["name"], row["place"]["precision"]), "bold"))
    head.append(f": {_party(row['from']) or 'unknown'} → {_party(row['to']) or 'nobody named'}")
    sure = row["standing"] + (f", probability {row['probability']}" if row["probability"] is not None else "")
    head.append(f"  ({sure}; {count(row['informants'], 'informant')})", style="dim")
    if row["disputed_by"]:
        head.append(f"  disputed by {', '.join(party['name'] for party in row['disputed_by'])}", style="yellow")
    yield head
    for label, key in (("", "evidence"), ("against: ", "evidence_against")):
        for claim in row[key]:
            yield Padding(_evidence(claim, label), (0, 0, 0, 4))
    yield Text()


def _evidence(claim: Json, label: str) -> Text:
    line = Text(label, style="yellow")
    line.append(f"“{_flat(claim['sentence'])}”", style="default")
    line.append(f" — {source(claim)}", style="magenta")
    line.append(f"  {claim['claim_id']}", style="dim")
    return line


# --- actor, claims, explain, failures


def actor(answer: Json) -> RenderableType:
    """Who an actor is on that day, each fact with its source or its claims."""
    title = Text.assemble(
        (answer["name"], "bold"), f"  {answer['kind'] or 'kind unknown'}", (f"  on {answer['on']}" if answer["on"] else "", "dim")
    )
    table = _table("", "who", "days", "source", headed=False)
    table.columns[3].overflow = "fold"
    for label in ("members", "member_of", "media", "led_by", "leads", "branch_of", "branches", "allies", "enemies", "fought", "split_from"):
        for i, fact in enumerate(answer[label]):
            table.add_row("" if i else label.replace("_", " "), fact["name"], days(fact, empty=""), _sources(fact))
    parts: list[RenderableType] = [title, Text(f"names: {'; '.join(answer['names'])}", style="dim")]
    if answer["on"] and answer["called"]:
        parts.append(Text(f"called that day: {'; '.join(name['name'] for name in answer['called'])}"))
    if answer["sides"]:
        parts.append(Text(f"side: {', '.join(answer['sides'])}", style="green"))
    parts += [Text(f"formed {days(fact)}: “{_flat(fact['sentence'])}”  {' '.join(fact['claims'])}") for fact in answer["formed"]]
    if table.row_count:
        parts.append(table)
    for label, verb in (("gains", "took"), ("losses", "lost")):
        parts += [Text(f"{verb} {fact['place']}  {days(fact)}{_other(fact, label)}  {' '.join(fact['claims'])}") for fact in answer[label]]
    parts += [Text(warning, style="yellow") for warning in answer["warnings"]]
    return Group(*parts)


def _other(fact: Json, label: str) -> str:
    if not fact["other"]:
        return ""
    return f"  {'from' if label == 'gains' else 'to'} {fact['other']['name']}"


def _sources(fact: Json) -> str:
    said = [f"claim {id}" for id in dict.fromkeys(fact["claims"])]
    known = ["registry, unverified" if set(fact["sources"]) == {"unverified"} else "registry"] if fact["sources"] else []
    return ", ".join([*said, *known])


def claims(rows: Sequence[Json]) -> RenderableType:
    """Claims under their sentences and reports."""
    parts: list[RenderableType] = []
    shown = None
    for row in rows:
        if (row["report_id"], row["start"], row["end"]) != shown:
            shown = (row["report_id"], row["start"], row["end"])
            line = Text(f"“{_flat(row['sentence'])}”")
            line.append(f" — {row['outlet'] or row['report_id'][:12]}, {row['published'] or 'no date'}", style="dim")
            parts += [line, *original(row)]
        parts.append(Padding(claim_line(row), (0, 0, 0, 4)))
    parts.append(Text(count(len(rows), "claim"), style="dim"))
    return Group(*parts)


def original(row: Json) -> Iterable[RenderableType]:
    """What stands beside a sentence in the language that it was translated from."""
    if row.get("original"):
        yield Padding(
            Text(f"“{_flat(row['original'])}” (translated by {row['translated_by'] or 'nobody named'})", style="blue"), (0, 0, 0, 2)
        )


def explanation(answer: Json) -> RenderableType:
    """From any id down to the quoted sentences."""
    parts: list[RenderableType] = []
    if answer["type"] == "claim":
        claim = answer["claim"]
        parts += [
            Text(f"“{_flat(claim['sentence'])}”"),
            *original(claim),
            claim_line(claim),
            Text(f"said by: {' → '.join(answer['chain'])}", style="magenta"),
        ]
        parts.append(_report(answer["report"]))
        if counted := answer["counted"]:
            reach = "settles who holds it" if counted["settles"] else "corroborates at most"
            parts.append(Text(f"counted for its place as {counted['role']} ({counted['standing']}, {counted['reach']}): {reach}"))
        if "grade" in claim:
            parts += [Text(f"grade {claim['grade']}"), *(Text(f"  {why}") for why in claim["grade_because"])]
        rules = f" (rules {answer['rules'][:12]})" if answer["rules"] else ""
        parts.append(Text(f"rule: {claim['rule']}{rules}", style="dim"))
        parts += [Text(f"imported: {one['name']}, row {one['row']} ({one['speaker']})", style="dim") for one in answer.get("imports", ())]
        return Group(*parts)
    if answer["type"] == "report":
        parts += [_report(report) for report in answer["reports"]]
    if answer["type"] == "place":
        parts.append(control(answer["control"], answer["control"]["place"]["name"]))
    if answer["type"] == "actor":
        parts.append(actor(answer["actor"]))
    return Group(*parts, Text(), claims(answer["claims"]))


def _report(report: Json) -> Text:
    fields = (report["outlet"], report["published"], report["title"], report["url"], f"report {report['id']}")
    return Text(" · ".join(field for field in fields if field), style="dim")


def failures(found: Sequence[Failure]) -> RenderableType:
    """What was not read, and why."""
    if not found:
        return Text("every input was read")
    table = _table("code", "input", "reason")
    table.columns[1].overflow = "fold"
    for one in found:
        table.add_row(one.code, one.source or one.id, one.message)
    return table


def findings(found: Sequence[Finding], files: int) -> RenderableType:
    """What is to be mended in rule files, each with its file and line."""
    rows: list[RenderableType] = []
    for one in found:
        first, *more = one.message.split("\n")
        where = f"{one.file}:{one.line}: " if one.line else f"{one.file}: "
        rows.append(Text.assemble((where, "dim"), ("doubt: " if one.doubt else "", "yellow"), first))
        rows += [Padding(Text(line), (0, 0, 0, 4)) for line in more]
    wrong = sum(not one.doubt for one in found)
    tally = [f"{wrong} to mend" if wrong else "", count(len(found) - wrong, "doubt") if len(found) > wrong else ""]
    rows.append(Text(f"{count(files, 'file')}: {', '.join(part for part in tally if part) or 'in order'}", style="bold"))
    return Group(*rows)


def comparison(compared: Mapping[str, Comparison]) -> RenderableType:
    """What was found of the claims that a person coded, report by report, and the ones that were missed."""
    table = _table("report", "coded by hand", "found", "missed", "not coded")
    for id, one in sorted(compared.items()):
        counts = (len(one.found) + len(one.missed), len(one.found), len(one.missed), len(one.extra))
        table.add_row(id[:24], *(str(count) for count in counts))
    missed = [claim for _, one in sorted(compared.items()) for claim in one.missed]
    shown = [claim for claim in missed if claim["contract_kind"] in ("capture", "transfer", "withdrawal")][:SHOWN]
    lines = [Text(f"missed: {' · '.join(str(claim[name]) for name in FIELDS if claim.get(name))}", style="dim") for claim in shown]
    return Group(table, *lines, Text(f"… and {len(missed) - len(shown)} more", style="dim"))


FIELDS = ("contract_kind", "actor", "place", "date_end")
SHOWN = 8


# --- words


def days(row: Mapping[str, Any], *, empty: str = "no date") -> str:
    """The days of a claim or a change: one, an interval, or an open one."""
    first, last = row["date_start"], row["date_end"]
    if first == last:
        return first or empty
    return f"from {first}" if last is None else f"by {last}" if first is None else f"{first} to {last}"


def quantity(row: Json) -> str:
    """ "about 2000 fighters", "at least 5 killed"."""
    low, high, unit = row["low"], row["high"], row["unit"]
    number = f"at least {low}" if high is None else f"up to {high}" if low is None else str(low) if low == high else f"{low} to {high}"
    return f"{'about ' if row['approximate'] else ''}{number} {unit}"


def chain(claim: Json) -> str:
    """The speakers from the outermost to the innermost."""
    return " → ".join(speaker["text"] for speaker in claim["attribution"]) or "own voice"


def source(claim: Json) -> str:
    """The chain with its outlet and day."""
    told = [claim["outlet"] or f"report {claim['report_id'][:12]}", *(speaker["text"] for speaker in claim["attribution"])]
    return f"{' → '.join(told)}, {claim['published'] or 'no date'}"


def _named(part: Json) -> str:
    name = part["name"]
    return f"{part['text']} [{name}]" if name and name != part["text"] else str(part["text"])


def _party(party: Json | None) -> str:
    return party["name"] if party else ""


def _wide(name: str, precision: str | None) -> str:
    return f"{name} ({precision})" if precision in ("district", "province", "country", "region") else name


def _flat(text: str) -> str:
    return " ".join(text.split())


def count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _table(*headings: str, headed: bool = True) -> Table:
    table = Table(box=box.SIMPLE_HEAD if headed else None, show_header=headed, pad_edge=False)
    for heading in headings:
        table.add_column(Text(heading), overflow="fold")
    return table
