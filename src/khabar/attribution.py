"""Doc and mentions → who says what, through whom.

`khabar.speech` finds in each sentence the words of source, cue and content, as PolNeAR annotates them; here quotations are followed to
their end, voices within voices become chains, and the stretches of a report that speak with another's voice (a reader's comment, captions
under "Photos posted by …") are given theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from khabar.cues import lexicon
from khabar.dependencies import NOTHING, Tokens, word_of
from khabar.mending import mended
from khabar.model import Attribution, Mention, Modality, Report, Span, Speaker
from khabar.quotations import Quotation, find_quotations
from khabar.speakers import Cast, Resolver
from khabar.speech import voices
from khabar.voice import Voice

if TYPE_CHECKING:
    from khabar.doc import Doc
    from khabar.doc import Span as TokenSpan

EDGES = " \t\n,.;:—–-"


@dataclass(slots=True)
class Utterance:
    """A voice with its spans in the text and the speakers that it adds to a chain, outermost first."""

    voice: Voice
    source: Span | None
    cue: Span
    content: tuple[Span, ...]
    links: tuple[Speaker, ...] = ()


def find_attributions(
    doc: Doc, report: Report, mentions: Sequence[Mention] = (), registry: Resolver | None = None
) -> tuple[Attribution, ...]:
    """All attributions of a report, by place of cue. The outlet's own voice has none."""
    doc = mended(doc, mentions)
    text = doc.text  # spaCy builds it anew at every look
    utterances = _with_quotations([_utterance(doc, text, voice) for voice in voices(doc)], doc, text)
    utterances += [*_lines_of_speakers(doc, text), *_lines_with_speakers(doc, text), *_signed(doc, text)]
    utterances = [
        u
        for u in _with_reports_after(_with_counts(utterances, doc, text), doc, text)
        if u.content and (u.source or u.voice.link or u.voice.hearsay or u.voice.impersonal)
    ]
    _name_speakers(utterances, doc, Cast(doc, report, mentions, registry))
    ground = (*_comments(report), *_captions(utterances, report))
    found = [_attribution(utterance, utterances, ground) for utterance in utterances]
    return tuple(sorted((*ground, *found), key=_position))


def attribution_at(attributions: Iterable[Attribution], start: int, end: int) -> Attribution | None:
    """The innermost attribution whose content covers a span or whose cue is in it ("vowed revenge"); None: the outlet itself speaks."""
    attributions = tuple(attributions)
    covering = [a for a in attributions if _covers(a.content, (start, end))]
    uttering = [a for a in attributions if a.cue and a.chain and _overlap(a.cue, (start, end))]
    if uttering:
        return min(uttering, key=lambda a: _length(a.content))
    return min(covering, key=lambda a: (_length(a.content), -len(a.chain), a.stance != "possible"), default=None)  # "she believed"


# --- from tokens to spans


def _utterance(doc: Doc, text: str, voice: Voice) -> Utterance:
    first, last = doc[min(voice.cue)], doc[max(voice.cue)]
    source = _spans(doc, text, voice.source)
    hull = (source[0][0] + text.startswith("”", source[0][0]), _closed(text, source[0][0], source[-1][1])) if source else None
    end = last.idx + len(last)
    end += text.startswith(":", end)  # the colon is of the cue: "Khan said:"
    return Utterance(voice, hull, (first.idx, end), _spans(doc, text, voice.content - voice.cue - voice.source))


def _closed(text: str, start: int, end: int) -> int:
    """End of a source with the point of its abbreviation ("N Jr.") and the comma that closes its apposition ("N, the mayor,")."""
    end += bool(re.search(r"\b(?:Jr|Sr|(?:\w\.)+\w)$", text[start:end])) and text.startswith(".", end)
    return end + ("," in text[start:end] and text.startswith(",", end))


def _spans(doc: Doc, text: str, tokens: Tokens) -> tuple[Span, ...]:
    """Runs of tokens as spans, joined over mere punctuation and without marks at their edges."""
    spans: list[Span] = []
    for i in sorted(tokens):
        start, end = doc[i].idx, doc[i].idx + len(doc[i])
        if spans and not any(c.isalnum() for c in text[spans[-1][1] : start]):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return tuple(span for span in (_trimmed(text, *span) for span in spans) if span[0] < span[1])


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start] in EDGES:
        start += 1
    while start < end and text[end - 1] in EDGES:
        end -= 1
    return start, end


# --- quotations


def _with_quotations(utterances: list[Utterance], doc: Doc, text: str) -> list[Utterance]:
    """Contents grown to whole quotations; cues without content given the quotation or clause beside them; then quotations without a cue."""
    quotations = find_quotations(text)
    utterances = [u for u in utterances if not _is_within_speech(u, quotations, doc)]
    for utterance in utterances:
        if not utterance.content and utterance.voice.direct:
            utterance.content = _beside(utterance, quotations) or _below(utterance, text)
        utterance.content = _grown(utterance, quotations)
    for quotation in quotations:
        if _is_orphan(quotation, utterances, doc, text) and (speaking := _who_goes_on(quotation, utterances, text)):
            speaking.content = _union((*speaking.content, *quotation.spans))
    return utterances


def _is_within_speech(utterance: Utterance, quotations: Sequence[Quotation], doc: Doc) -> bool:
    """In a quotation "we think", "they want" are what is said, not a further voice."""
    voice = utterance.voice
    own = voice.speaker is not None and doc[voice.speaker].lower_ in ("i", "we", "you") and voice.stance != "denied"
    quoted = any(start <= utterance.cue[0] < end for quotation in quotations for start, end in quotation.spans)
    return quoted and (own or not (voice.link or voice.hearsay))


def _lines_of_speakers(doc: Doc, text: str) -> Iterator[Utterance]:
    """ "Monitor: nine raids on the port" at the start of a line."""
    persons = {word.lower() for entity in doc.ents if entity.label_ == "PERSON" for word in entity.text.split()}
    for match in re.finditer(
        r"^(?:\d\d?[:.h]?\d\d(?: GMT)?:?|[^\w\s\"“(\[#@•*-]+)?[ \t\"“]*([A-Z][\w.’'-]*(?: [A-Za-z(][\w.’')-]*){0,5})(:)[ \t]+\S",
        text,
        re.MULTILINE,
    ):
        name = doc.char_span(*match.span(1), alignment_mode="expand")
        colon = doc.char_span(*match.span(2), alignment_mode="expand")
        if name is None or colon is None or any(t.pos_ in ("VERB", "AUX") for t in name):  # "Khan added: …" has its verb
            continue
        named = next((t.i for t in name if t.ent_type_ in ("PERSON", "ORG") or (t.is_upper and t.lower_ in persons)), None)
        named = named if named is not None else _informant(name)
        if named is None or (doc[named].ent_type_ == "" and not _has_verb(doc, colon.end_char, colon.sent.end_char)):
            continue
        line_end = text.find("\n", match.end())
        line = doc.char_span(match.end() - 1, line_end if line_end >= 0 else len(text), alignment_mode="expand")
        shouted = line is not None and doc[named].is_upper and doc[named].lower_ in persons  # a transcript: all of the line is his
        content = frozenset(range(colon.end, line.end if line is not None and shouted else colon.sent.end))
        yield _utterance(doc, text, Voice(frozenset({colon.start}), frozenset(range(name.start, name.end)), content, named, "asserted"))


CLOSING = re.compile(
    r"^(?P<told>[^\n]*\w[\"”’']?)(?P<mark>(?: +[–—-]|:)) +(?P<name>[^\W\d_][\w.’'/-]*(?: [\w.’'/-]+){0,4}?)\.?[ \t]*$",
    re.MULTILINE,
)


def _lines_with_speakers(doc: Doc, text: str) -> Iterator[Utterance]:
    """ "Army jet bombs camp, kills scores – sources", "Rebels flee Lowland: army headquarters": a line that ends with who says it."""
    for match in CLOSING.finditer(text):
        name = doc.char_span(*match.span("name"), alignment_mode="expand")
        told = doc.char_span(*match.span("told"), alignment_mode="expand")
        mark = doc.char_span(*match.span("mark"), alignment_mode="expand")
        if name is None or told is None or mark is None or not 3 <= len(told) <= 40:
            continue
        if not _has_verb(doc, told.start_char, told.end_char) and all(t.lower_ != "dead" for t in told):  # "Nine dead in A – police"
            continue
        named = _informant(name)
        named = named if named is not None else next((t.i for t in name if t.ent_type_ in ("PERSON", "ORG")), None)
        if named is not None and not any(t.pos_ in ("VERB", "AUX") for t in name):
            voice = Voice(frozenset({mark.end - 1}), frozenset(range(name.start, name.end)), NOTHING, named, "asserted")
            content = frozenset(range(max(told.start, doc[told.end - 1].sent.start), told.end))
            yield _utterance(doc, text, replace(voice, content=content))


def _informant(name: TokenSpan) -> int | None:
    """The last word of a phrase, where it is one that speaks: "local administration", "Rebel president's aide"."""
    words = lexicon().words
    speaking = words["informants"] | words["roles"] | words["outlets"] | words["reporters"]
    last = next((t for t in name if t.i + 1 < name.end and t.nbor().lower_ in ("of", "in", "at", "for")), name[-1])
    return last.i if {last.lower_, last.lemma_.lower(), last.lower_.rstrip("s")} & speaking else None


SIGNATURE = re.compile(r"\s{0,2}(―|—|–|--)\s?((?:[A-Z][\w.’'-]*[ ]?){1,5})")


def _signed(doc: Doc, text: str) -> Iterator[Utterance]:
    """ "“We lost everything.” — Omar Khan" """
    for quotation in find_quotations(text):
        signed = SIGNATURE.match(text, quotation.end)
        name = doc.char_span(*signed.span(2), alignment_mode="contract") if signed else None
        named = next((t.i for t in name or () if t.ent_type_ == "PERSON"), None)
        if signed is None or name is None or named is None or not _has_verb(doc, quotation.start, quotation.end):
            continue
        voice = Voice(frozenset({name.start - 1}), frozenset(t.i for t in name), NOTHING, named, "asserted")
        yield Utterance(voice, _trimmed(text, *signed.span(2)), signed.span(1), quotation.spans)


def _grown(utterance: Utterance, quotations: Sequence[Quotation]) -> tuple[Span, ...]:
    content = utterance.content
    for quotation in quotations:
        inside = any(_overlap(utterance.cue, span) for span in quotation.spans)
        if not inside and any(_overlap(span, mine) for span in quotation.spans for mine in content):
            content = _union((*content, *quotation.spans))
    return content


def _beside(utterance: Utterance, quotations: Sequence[Quotation]) -> tuple[Span, ...]:
    """The quotation that touches source and cue."""
    start, end = _hull(utterance)
    for quotation in quotations:
        if 0 <= start - quotation.end <= 3 or 0 <= quotation.start - end <= 3:
            return quotation.spans
    return ()


def _below(utterance: Utterance, text: str) -> tuple[Span, ...]:
    """The paragraph under "the group said:"."""
    under = re.compile(r":?[^.:\n]{0,60}(?<=:)[ \t]*\n+([^\n]+)").match(text, utterance.cue[1] - 1)
    return (_trimmed(text, *under.span(1)),) if under else ()


def _is_orphan(quotation: Quotation, utterances: Sequence[Utterance], doc: Doc, text: str) -> bool:
    """A quotation that nobody in its sentence speaks, and that is a sentence: not "the 'booty'"."""
    outside = [u for u in utterances if u.voice.link and not any(_overlap(u.cue, span) for span in quotation.spans)]
    if any(_overlap(span, mine) for u in outside for mine in u.content for span in quotation.spans):
        return False
    before = text[max(0, quotation.start - 20) : quotation.start].rstrip(" \t")
    starts = quotation.start == 0 or before[-1:] in '\n.?!:”"»'
    return starts and len(text[quotation.start : quotation.end].split()) >= 4 and _has_verb(doc, quotation.start, quotation.end)


def _who_goes_on(quotation: Quotation, utterances: Sequence[Utterance], text: str) -> Utterance | None:
    """Who spoke last before a quotation, in its paragraph or in the one before it; or who speaks right after it."""
    direct = [u for u in utterances if u.voice.direct and u.content and u.source]
    before = [u for u in direct if u.cue[1] <= quotation.start]
    if before:
        last = max(before, key=lambda u: u.cue[1])
        gap = text[max(last.cue[1], last.content[-1][1]) : quotation.start]
        if gap.count("\n\n") <= 1 and len(gap.split()) <= 40:
            return last
    after = [u for u in direct if 0 <= u.cue[0] - quotation.end <= 60]
    return min(after, key=lambda u: u.cue[0], default=None)


def _with_counts(utterances: list[Utterance], doc: Doc, text: str) -> list[Utterance]:
    """A count goes on over sentences: "The toll included two children" belongs to whoever gave the toll in the sentence before."""
    before: Utterance | None = None
    for sentence in doc.sents:
        start, end = sentence.start_char, sentence.end_char
        own = [u for u in utterances if u.content and start <= u.cue[0] < end and (u.voice.link or u.voice.hearsay)]
        near = before is not None and "\n" not in text[before.cue[1] : start].strip(" ")
        if before is not None and near and not own and lexicon().continuing.match(text, start):
            before.content = _union((*before.content, _trimmed(text, start, end)))
            continue
        before = max(own, key=lambda u: _length(u.content)) if own else None
    return utterances


def _with_reports_after(utterances: list[Utterance], doc: Doc, text: str) -> list[Utterance]:
    """ "Troops took A. | This was reported by the ministry": what is told in the sentence before, where nobody else tells it."""
    told = [u for u in utterances if u.content and u.voice.link and any(word_of(doc[i]) in _PASSED_ON for i in u.voice.cue)]
    pointing = [u for u in told if _POINTING.fullmatch(text[u.content[0][0] : u.content[-1][1]])]
    cues = [u.cue[0] for u in utterances]
    for utterance in pointing:
        at = doc.char_span(*utterance.cue, alignment_mode="expand")
        before = doc[at[0].sent.start - 1].sent if at is not None and at[0].sent.start else None
        if before is None or any(before.start_char <= cue < before.end_char for cue in cues):
            continue
        utterance.content = _union((*utterance.content, _trimmed(text, before.start_char, before.end_char)))
    return utterances


_PASSED_ON = frozenset({"report", "announce", "say", "state", "tell", "inform", "write", "publish"})
_POINTING = re.compile(r"(?:this|the|that)(?: (?:information|news|report))?", re.IGNORECASE)


# --- speakers and chains


def _name_speakers(utterances: Sequence[Utterance], doc: Doc, cast: Cast) -> None:
    """Fill the links. In order of the text: pronouns look back."""
    named: list[Utterance] = []
    for utterance in sorted(utterances, key=lambda u: _hull(u)):
        voice = utterance.voice
        links: list[Speaker | None] = []
        around = [outer for outer in named if outer.links and _covers(outer.content, utterance.cue)]
        if voice.hearsay:
            links.append(cast.unnamed())
        elif voice.link and voice.speaker is not None:
            said_by = cast.speaker(doc[voice.speaker], within=bool(around))
            outlets = tuple(outlet for i in voice.hearers if (outlet := cast.outlet(doc[i])) is not None)
            carriers = [outer for outer in around if outer.voice.quoting]
            links += [*(() if carriers else cast.passed_on(doc[voice.speaker], said_by, outlets)), said_by]
            if carriers:
                cast.carry(said_by, carriers[-1].links)
        if voice.cited is not None:
            through = tuple(link for link in links if link is not None)
            links.append(cast.speaker(doc[voice.cited]))
            cast.carry(links[-1], through)
        utterance.links = tuple(link for link in links if link is not None)
        named.append(utterance)


def _attribution(utterance: Utterance, utterances: Sequence[Utterance], ground: Sequence[Attribution]) -> Attribution:
    line = [utterance]
    while (outer := _parent(line[-1], utterances, line)) is not None:
        line.append(outer)
    base = attribution_at(ground, *utterance.cue)
    links: list[Speaker] = []
    for each in reversed(line):  # outermost first: "allegedly" in what somebody says adds nobody to him
        links += () if links and each.voice.hedge else each.links
    chain = _without_repeats((*(base.chain if base else ()), *links))
    asserted: Modality = "asserted"
    stance = next((each.voice.stance for each in line if each.voice.stance != asserted or each.links), asserted)
    return Attribution(utterance.source, utterance.cue, utterance.content, chain, stance)


def _parent(inner: Utterance, utterances: Sequence[Utterance], line: Sequence[Utterance]) -> Utterance | None:
    """The smallest utterance whose content holds the cue of this one and all of its content."""
    holding = [
        u for u in utterances if all(u is not each for each in line) and _covers(u.content, inner.cue) and not _covers(inner.content, u.cue)
    ]
    return min(holding, key=lambda u: _length(u.content), default=None)


def _without_repeats(chain: Iterable[Speaker]) -> tuple[Speaker, ...]:
    """ "It said that it had …" is one link, and "Haddad" is Omar Haddad, beside whom he stands."""
    kept: list[Speaker] = []
    for link in chain:
        if all(link.text != each.text for each in kept):
            kept.append(link)
    return tuple(link for link in kept if not any(each.text.endswith(f" {link.text}") for each in kept))


# --- stretches that speak with another's voice


def _comments(report: Report) -> Iterator[Attribution]:
    for section in report.sections:
        if section.kind == "comment":
            author = Speaker(section.author or lexicon().commenter)
            yield Attribution(None, None, ((section.start, section.end),), (author,))


def _captions(utterances: Sequence[Utterance], report: Report) -> Iterator[Attribution]:
    """Captions under a heading "Photos posted by X" are what X shows."""
    for heading in utterances:
        if not (heading.links and _is_heading(heading, report)):
            continue
        captions = tuple((s.start, s.end) for s in report.sections if s.kind == "caption" and s.start >= heading.cue[1])
        if captions:
            yield Attribution(heading.source, heading.cue, captions, heading.links)


def _is_heading(utterance: Utterance, report: Report) -> bool:
    """A line of its own without a full stop that names a picture and who put it out."""
    start = report.text.rfind("\n", 0, utterance.cue[0]) + 1
    line = report.text[start : (report.text + "\n").find("\n", utterance.cue[1])].strip()
    return (
        line[-1:] not in (".", ":", "?", "!", "”", '"')
        and len(line.split()) <= 20
        and any(re.search(rf"\b{picture}s?\b", line.lower()) for picture in lexicon().words["pictures"])
        and _begins(report.text[start:], utterance, start)
    )


def _begins(line: str, utterance: Utterance, start: int) -> bool:
    return bool(utterance.content) and utterance.content[0][0] - start < 40


# --- spans


def _position(attribution: Attribution) -> tuple[int, int]:
    return attribution.cue or attribution.content[0]


def _hull(utterance: Utterance) -> Span:
    both = [utterance.cue, *([utterance.source] if utterance.source else [])]
    return min(s for s, _ in both), max(e for _, e in both)


def _has_verb(doc: Doc, start: int, end: int) -> bool:
    span = doc.char_span(start, end, alignment_mode="expand")
    return span is not None and any(token.pos_ in ("VERB", "AUX") for token in span)


def _overlap(a: Span, b: Span) -> bool:
    return a[0] < b[1] and b[0] < a[1]


def _covers(content: Sequence[Span], span: Span) -> bool:
    return any(s <= span[0] and span[1] <= e for s, e in content)


def _length(content: Sequence[Span]) -> int:
    return sum(e - s for s, e in content)


def _union(spans: Iterable[Span]) -> tuple[Span, ...]:
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)
