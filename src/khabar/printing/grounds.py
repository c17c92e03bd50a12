"""A report that was read with its trace → each sentence with its parse, speakers and claims, and the rules behind them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from khabar.contract import Json
from khabar.printing import SHOWN, claim_line, days, flat, quantity, rule


def explained(answer: Json) -> RenderableType:
    """Each sentence with its parse, mentions, speakers and claims, and the rules that made them or nearly did."""
    report = answer["report"]
    facts = (report["outlet"], report["published"] or "no day of publication", report["url"], f"rules {answer['rules'][:12]}")
    title = Text(f"{flat(report['title'])}\n" if report["title"] else "", style="bold")
    title.append(" · ".join(str(fact) for fact in facts if fact), style="not bold dim")
    title.append(f"\nabout: {', '.join(report['countries'])}" if report["countries"] else "", style="not bold dim")
    title.append("".join(f"\nwarning: {flat(told)}" for told in report["warnings"]), style="not bold red")
    return Group(title, *(part for sentence in answer["sentences"] for part in _explained_sentence(sentence)))


def _explained_sentence(sentence: Json) -> Iterable[RenderableType]:
    yield Text()
    section = f"  [{sentence['section']}]" if sentence["section"] != "body" else ""
    yield Text.assemble((flat(sentence["text"]), "bold"), (section, "red"))
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
        table.add_row(mention["kind"], f"“{flat(mention['text'])}”", _resolved(mention))
    return table


def _resolved(mention: Json) -> str:
    """What the words of a mention were taken for."""
    if mention["kind"] == "time":
        return f"{mention['timex']} {mention['value'] or '?'}: {days(mention, empty='no day')}"
    if mention["kind"] == "quantity":
        return quantity({**mention, "unit": mention["unit"] or "of no known unit"})
    facts = [f"{mention['name']} ({mention['id']})" if mention["id"] else _unresolved(mention)]
    facts.append(mention["form"] if mention["form"] == "generic" else "")
    facts += [f"stands for “{flat(mention['stands_for'])}”" if mention["stands_for"] else "", mention.get("precision") or ""]
    facts.append("near it" if mention.get("near") else "")
    if mention.get("latitude") is not None:
        facts.append(f"{mention['latitude']:.3f}, {mention['longitude']:.3f}")
    if mention["id"] and mention["others"]:
        facts.append(f"{_so_called(mention, 'other')} called so: {_others(mention)}")
    return "; ".join(fact for fact in facts if fact)


def _unresolved(mention: Json) -> str:
    """Why the words of a mention were taken for nothing known: nobody is called so, or several are."""
    if mention["others"]:
        return f"nothing tells which; {_so_called(mention, mention['kind'])} called so: {_others(mention)}"
    return "not in the registry" if mention["kind"] == "actor" else "no point on the map"


def _so_called(mention: Json, noun: str) -> str:
    """ "one other is", "2 actors are"."""
    return f"one {noun} is" if mention["so_called"] == 1 else f"{mention['so_called']} {noun}s are"


def _others(mention: Json) -> str:
    told = [", ".join(part for part in (one["name"], one.get("admin1"), one.get("country")) if part) for one in mention["others"]]
    told = [f"{words} ({one['id']})" if "country" not in one else words for words, one in zip(told, mention["others"], strict=True)]
    return "; ".join(told) + (" …" if mention["so_called"] > len(told) else "")


def _speakers(said: Json, sentence: Json) -> Text:
    line = Text(" → ".join(link["text"] for link in said["chain"]) or "nobody named", style="magenta")
    start, text = sentence["start"], sentence["text"]
    if said["cue"]:
        line.append(f"  by “{flat(text[said['cue'][0] - start : said['cue'][1] - start]) or 'words before'}”", style="default")
    if said["stance"] != "asserted":
        line.append(f"  makes it {said['stance']}", style="yellow")
    content = " … ".join(flat(text[max(first - start, 0) : max(last - start, 0)]) for first, last in said["content"])
    line.append(f"  of: {content}", style="dim")
    return line


def _grounds(claim: Json) -> Iterable[RenderableType]:
    yield claim_line(claim)
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row("rule", Text(rule(claim), style="bold"))
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
    saying = [said["cue"] for said in sentence["attributions"] if said["cue"]]
    for at in dict.fromkeys(one["at"] for one in sentence["near"]):
        told = [one for one in sentence["near"] if one["at"] == at and not (at in fired and one["ended"] == "part")]
        close = [one for one in told if one["close"]]
        if not close and at not in fired and not any(first <= at < last for first, last in saying):
            parts = all(one["ended"] == "part" for one in told)
            close = [one for one in told if parts or (one["ended"] == "when" and one["pos"] == "VERB")][:1]
        for one in close[:SHOWN]:
            rows.append(Text.assemble((f"“{one['trigger']}” ", "cyan"), (one["rule"], "bold"), f": {'; '.join(one['why'])}"))
        others = [one["rule"] for one in told if one not in close[:SHOWN]]
        if others:
            rows.append(Text(f"“{told[0]['trigger']}” further off: {', '.join(others)}", style="dim"))
    return rows


def _candidate(one: Json, sentence: Json) -> Text:
    words = flat(sentence["text"][one["start"] - sentence["start"] : one["end"] - sentence["start"]])
    return Text(f"{one['kind']} at “{words}”, confidence {one['confidence']:.2f}{': ' + one['dropped'] if one['dropped'] else ''}")
