"""A word for one or both of two told of before → a reference to it or them: "the former", "the latter", "the two groups"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from khabar.antecedents import PRONOUN_REACH, Antecedents, Candidate, Named, key, knowledge
from khabar.clauses import case_of, first_of_list
from khabar.doc import Token
from khabar.lexicon import words
from khabar.lists import coordinated
from khabar.model import ActorMention, PlaceMention

_LYING = frozenset({"in", "at", "near", "from", "to", "into", "outside", "around", "inside"})


def of_pair(token: Token, report: Antecedents) -> Named | None:
    """None for a word that stands for neither of two, or where no two were told of."""
    if token.lower_ in ("former", "latter"):
        return _one_of_two(token, report)
    return _both(token, report) if token.lemma_.lower() in knowledge()["sides"] else None


def _one_of_two(token: Token, report: Antecedents) -> Named | None:
    if not any(child.lower_ == "the" for child in token.lefts) or token.dep_ in ("amod", "compound", "flat"):
        return None
    of_places = case_of(token) in _LYING
    told = [c for c in report.before(token, reach=1) if isinstance(c.mention, PlaceMention) == of_places and c.mention.form != "reference"]
    two = _joined(told, report) or _told_apart(told, report)
    if not two:
        return None
    chosen = two[token.lower_ == "latter"]
    return None if chosen is None else report.reference(token, chosen)


def _joined(told: Sequence[Candidate[Named]], report: Antecedents) -> tuple[Candidate[Named], Candidate[Named]] | None:
    """The two of the last list of two: "A and B fought", "between A and B"."""
    at = {root: c for c in reversed(told) if (root := _root(c, report)) is not None}  # the words of the nearest last
    for root in reversed(list(at)):
        members = coordinated(first_of_list(root))
        if len(members) == 2 and all(word in at for word in members):
            return at[members[0]], at[members[1]]
    return None


def _told_apart(told: Sequence[Candidate[Named]], report: Antecedents) -> tuple[Candidate[Named] | None, Candidate[Named]] | None:
    """ "A attacked B. The latter …": the two of one sentence; the last of more is "the latter" all the same."""
    parties = [c for c in told if not _is_counted(c, report)]
    named = [c for c in parties if c.sentence == parties[0].sentence]
    each = list({key(c.mention): c for c in reversed(named)}.values())
    if not each:
        return None
    alone = len(each) == 1 and each[0].subject  # another, whose name is not known, was told of after it
    return None if alone else ((each[0] if len(each) == 2 else None), named[0])


def _is_counted(candidate: Candidate[Named], report: Antecedents) -> bool:
    """ "nine men": some people and no party."""
    span = report.words(candidate.mention)
    return span is not None and (candidate.mention.id is None and any(child.pos_ == "NUM" for child in span.root.lefts))


def _root(candidate: Candidate[Named], report: Antecedents) -> Token | None:
    span = report.words(candidate.mention)
    return span.root if span is not None and len(span) else None


def _both(token: Token, report: Antecedents) -> ActorMention | None:
    """ "A and B attacked. The two groups …": both, from the first word to the last."""
    counted = {child.lower_ for child in token.lefts}
    if not (counted & {"two", "2"} and counted & {"the", "these", "those"}) and "both" not in counted:
        return None
    if any(child.dep_ in ("nmod", "acl:relcl", "amod") for child in token.children):
        return None
    told = cast("list[Candidate[Named]]", report.actors_before(token, reach=PRONOUN_REACH))
    told = [c for c in told if c.mention.form != "reference"]
    two = _joined(told, report) or (_of_last_sentence(told, report) if _is_of_fight(token) else None)
    if two is None:
        return None
    first, last = (c.mention for c in two)
    named = ActorMention(token.idx, token.idx + len(token.text), token.text, form="reference", antecedent=(first.start, last.end))
    over = report.covering(token, ActorMention)
    return replace(named, start=over.start, end=over.end, text=over.text) if over else named


def _of_last_sentence(told: Sequence[Candidate[Named]], report: Antecedents) -> tuple[Candidate[Named], Candidate[Named]] | None:
    """ "A fought B on Friday. Clashes between | the two sides …": the only two parties of the sentence that told of parties last."""
    parties = [c for c in told if not (report.is_medium(c) or report.is_person(c) or _is_counted(c, report))]
    two = _told_apart(parties, report)
    return None if two is None or two[0] is None else (two[0], two[1])


def _is_of_fight(sides: Token) -> bool:
    """ "clashes between the two sides", and not a truce."""
    return case_of(sides) == "between" and sides.head.lemma_.lower() in words("nouns.yaml")["violence"] | words("nouns.yaml")["war"]
