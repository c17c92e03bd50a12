"""A pronoun and what the report has named before it → a reference to whom or what it stands for: "they", "its", "he", "there"."""

from __future__ import annotations

from dataclasses import replace

from khabar.actorforms import head_class
from khabar.antecedents import PRONOUN_REACH, Antecedents, Candidate, Named, is_crowd, key, knowledge, not_beside
from khabar.clauses import RELATIVIZERS, class_of, first_of_list
from khabar.doc import Span as Words
from khabar.doc import Token
from khabar.lists import coordinated
from khabar.model import ActorMention, PlaceMention, Span
from khabar.slots import follow

_HE = frozenset({"he", "him", "his"})
_SHE = frozenset({"she", "her"})
_IT = frozenset({"it", "its"})
_CAPTIVE = frozenset({"prisoner", "hostage", "captive"})
_THEY = frozenset({"they", "them", "their", "theirs"})


def pronoun(token: Token, report: Antecedents) -> Named | None:
    """None for a word that is no pronoun, or where nothing fits."""
    lower = token.lower_
    if lower in ("its", "their") and (token.head.lower_ in knowledge()["parts"] or _is_parallel(token, report)):
        return _place(token, report)
    if token.pos_ == "PRON" or (lower in ("its", "their", "his") and token.pos_ == "DET"):
        if lower in _HE | _SHE:
            return _person(token, report)
        return _it_or_they(token, report) if lower in _IT | _THEY else None
    return _place(token, report) if lower == "there" and token.pos_ == "ADV" else None


def _it_or_they(token: Token, report: Antecedents) -> Named | None:
    lower = token.lower_
    if lower == "it" and _is_empty(token):
        return None
    if lower == "it" and _is_taken(token):
        if (told_of := _place_told_of(token, report)) is not None:
            return _place_ahead(token, told_of)
        return None if _is_of_no_name(token, report) else _place(token, report)
    plural = lower in _THEY
    if own := _who_speak(token, report) if plural else _who_says_so(token, report):
        return own
    if _is_said_by_no_body(token, report):
        return None
    oblique = lower == "them" or token.dep_.startswith(("obj", "obl")) or (lower == "it" and token.dep_ == "nmod")
    fitting = [c for c in report.before(token, reach=PRONOUN_REACH) if _fits(c, token, report, plural=plural)]
    if oblique:
        acting = {
            key(c.mention) for c in fitting if report.acts_here(c, token) or _is_of_doer(c, token, report)
        }  # nor what "its" just stood for
        fitting = [c for c in fitting if key(c.mention) not in acting]
    if (teller := _teller_before(token)) is not None:
        fitting = [c for c in fitting if not c.mention.start <= teller.idx < c.mention.end] or fitting
    if plural and token.dep_ == "nsubj" and token.head.lemma_ in class_of("strike"):  # "They attacked the camp": not whom they killed
        fitting = [c for c in fitting if head_class(c.mention.text.split()[-1]) != "civilians"] or fitting
    blamed = [c for c in fitting if _is_blamed(c, token) or _is_driven(c, token)]  # "accused A of shelling B with their guns": A's
    chosen = report.best(blamed or fitting, token, plural=plural, subject=0.0 if oblique else 1.0)
    if chosen is None and (later := _subject_ahead(token, report, plural=plural)) is not None:
        return _reference_to(token, (later.start, later.end), later)
    whole = token.dep_.startswith("nsubj") or (chosen is not None and _is_own_clause(chosen, token, report))
    both = _all_of(chosen, report) if plural and chosen is not None and whole else None
    return _reference_to(token, both, None) if both else report.reference(token, chosen)


def _is_own_clause(chosen: Candidate[Named], token: Token, report: Antecedents) -> bool:
    """ "Chad and Niger prolonged | their | truce": theirs who do it."""
    found = report.words(chosen.mention)
    verb = _verb(token)
    return token.dep_ == "nmod:poss" and found is not None and first_of_list(found.root).head == verb


def _subject_ahead(token: Token, report: Antecedents, *, plural: bool) -> ActorMention | None:
    """ "After | it | captured A, the army moved on B": who does what follows, where nobody was told of before."""
    clause = token.head
    main = clause.head
    if not token.dep_.startswith("nsubj") or clause.dep_ != "advcl" or clause.i > main.i:
        return None
    subject = next((child for child in main.lefts if child.dep_.startswith("nsubj") and child.i > clause.i), None)
    if subject is None or plural != (subject.tag_ in ("NNS", "NNPS")):
        return None
    return report.covering(subject, ActorMention)


def _all_of(chosen: Candidate[Named], report: Antecedents) -> Span | None:
    """ "The army and the militia took A. | They …": both, from the first word to the last; None for one that stands alone."""
    found = report.words(chosen.mention)
    if found is None or chosen.mention.form == "reference" or is_crowd(chosen.mention):
        return None
    first = first_of_list(found.root)
    members = [m for word in coordinated(first) if (m := report.covering(word, ActorMention)) is not None and m.form != "reference"]
    joint = first.dep_.startswith("nsubj") and len(members) > 1 and any(word.lower_ == "and" for word in first.subtree)
    return (members[0].start, members[-1].end) if joint and members[0].end < members[-1].start else None


def _fits(candidate: Candidate[Named], token: Token, report: Antecedents, *, plural: bool) -> bool:
    if isinstance(candidate.mention, PlaceMention):  # "The port was quiet. It had …"
        return not plural and candidate.subject and candidate.mention.precision != "country"
    if report.is_person(candidate) or (not plural and is_crowd(candidate.mention)):
        return False
    if plural and candidate.mention.id is None and candidate.mention.text.lower() in _IT:  # whose "its" was, is here by its name too
        return False
    if _verb(token).lemma_ not in knowledge()["speech"]:
        return not report.is_medium(candidate)
    goes_on = token.lower_ == "it" and token.head.dep_ in ("root", "ROOT")
    return candidate.speaks or not goes_on or report.acts_here(candidate, token)  # "It said" goes on; "A took B, it said" is A's word


def _is_of_doer(candidate: Candidate[Named], token: Token, report: Antecedents) -> bool:
    """ "Army spokesman Omar Sala accused | them": never the army, for which he speaks."""
    found = report.words(candidate.mention)
    doers = [child for child in token.head.lefts if child.dep_ == "nsubj"] if token.dep_ in ("obj", "iobj") else []
    return found is not None and any(
        doer.is_ancestor(found.root) and found.root.dep_ in ("compound", "amod", "nmod:poss") for doer in doers
    )


def _verb(token: Token) -> Token:
    """The verb that a pronoun is subject or object of; of a possessive, the verb above its noun."""
    head: Token = token.head
    return head.head if token.dep_.startswith("nmod") and head.head.pos_ == "VERB" else head


def _teller_before(token: Token) -> Token | None:
    """ "Rebels entered A, residents said, a day after | they took B": the residents, of whom the clause does not go on."""
    clause = token.head
    told = clause.head
    verb = told.head if told.dep_ == "ccomp" else told
    if not token.dep_.startswith("nsubj") or clause.dep_ != "advcl" or clause.i < verb.i or verb.lemma_ not in knowledge()["speech"]:
        return None
    if not any(child.dep_ == "ccomp" and child.i < verb.i for child in verb.children):
        return None
    return next((child for child in verb.children if child.dep_ == "nsubj"), None)


def _is_blamed(candidate: Candidate[Named], token: Token) -> bool:
    verb = next((above for above in token.ancestors if above.pos_ == "VERB"), None)
    doers = follow(verb, "blamed") if verb is not None else []
    return any(candidate.mention.start <= first_of_list(doer).idx < candidate.mention.end for doer in doers)


def _is_driven(candidate: Candidate[Named], token: Token) -> bool:
    """ "The army drove the rebels from | their | stronghold": the rebels'."""
    noun = token.head
    verb = noun.head
    if token.dep_ != "nmod:poss" or noun.dep_ != "obl" or verb.lemma_ not in knowledge()["driving"]:
        return False
    out = any(child.dep_ == "case" and child.lower_ in ("from", "out") for child in noun.lefts)
    return out and any(child.dep_ == "obj" and candidate.mention.start <= child.idx < candidate.mention.end for child in verb.rights)


def _is_empty(token: Token) -> bool:
    """ "It is unclear", "it took three days", "it was reported that", "made it clear"; not "it took them prisoner"."""
    head = token.head
    if any(child.dep_ == "xcomp" and child.lower_ in _CAPTIVE for child in head.children):
        return False
    if token.dep_ == "expl" or (token.dep_ == "obj" and head.lemma_ in knowledge()["empty_object"]):
        return True
    copula = any(child.dep_ == "cop" for child in head.children)
    clause = any(child.dep_ in ("csubj", "ccomp", "xcomp", "advcl") or (copula and child.dep_ == "acl:relcl") for child in head.children)
    told = token.dep_ == "nsubj:pass" and any(child.dep_ in ("csubj", "ccomp") for child in head.children)  # not "it was forced to flee"
    return ((head.lemma_ in knowledge()["empty_it"] or copula) and (head.pos_ in ("ADJ", "AUX", "ADV") or clause)) or told


# --- places


def _place(token: Token, report: Antecedents) -> Named | None:
    candidates = [c for c in report.places_before(token, reach=PRONOUN_REACH) if c.mention.precision != "country"]
    return report.reference(token, report.best(not_beside(candidates, report.text), token))


def _place_told_of(token: Token, report: Antecedents) -> PlaceMention | None:
    """ "We took | it | at noon, the commander said of Karsa": the place that the speaker speaks of, named behind."""
    clause = next((above for above in token.ancestors if above.dep_ in ("ccomp", "parataxis")), None)
    if clause is None or clause.head.lemma_ not in knowledge()["speech"] or clause.i > clause.head.i:
        return None
    spoken_of = (c for c in clause.head.rights if c.dep_ == "obl" and any(case.lower_ == "of" for case in c.lefts))
    return next((place for word in spoken_of if (place := report.covering(word, PlaceMention)) is not None), None)


def _place_ahead(token: Token, place: PlaceMention) -> PlaceMention:
    end = token.idx + len(token.text)
    return replace(
        place, start=token.idx, end=end, text=token.text, form="reference", antecedent=place.antecedent or (place.start, place.end)
    )


def _is_parallel(token: Token, report: Antecedents) -> bool:
    """True for "A's school and its bakery", "the port of A and its control tower" where A is a place."""
    kinds, first = token.doc.user_data.get("nominals"), token.head.head
    beside = token.head.dep_ == "conj" and kinds is not None and kinds[token.head.i] == kinds[first.i] == "place"
    if beside and report.covering(first, PlaceMention) and not report.covering(first, ActorMention):
        return True
    owners = [child for child in token.head.head.children if child.dep_ == "nmod:poss"] if token.head.dep_ == "conj" else []
    return any(report.covering(owner, PlaceMention) and not report.covering(owner, ActorMention) for owner in owners)


def _is_taken(token: Token) -> bool:
    """ "captured it", "took control of it", "drove them out of it", "denied that it had fallen": it is a place."""
    if token.dep_ == "nmod" and token.head.lemma_ == "control":
        return token.head.head.lemma_ in knowledge()["taken"]
    if token.dep_ in ("obl", "nmod") and {c.lower_ for c in token.children if c.dep_ == "case"} == {"out", "of"}:
        return True
    falls = token.dep_ == "nsubj" and token.head.lemma_ == "fall" and all(_is_to_whom_or_when(c) for c in token.head.rights)
    return falls or (token.dep_ in ("obj", "nsubj:pass") and token.head.lemma_ in knowledge()["taken"])


def _is_to_whom_or_when(beside: Token) -> bool:
    """Of what stands behind "it fell": anything but where or on what it fell."""
    kinds = beside.doc.user_data.get("nominals")
    when = kinds is not None and kinds[beside.i] == "time"
    return not beside.dep_.startswith("obl") or when or any(c.dep_ == "case" and c.lower_ == "to" for c in beside.lefts)


def _is_of_no_name(token: Token, report: Antecedents) -> bool:
    """ "The post, which guards the road to A, was attacked. By noon the army had retaken it.": a place without a name, and not A."""
    before = token.doc[token.sent.start - 1].sent if token.sent.start else None
    noun = next((w for w in before.root.lefts if w.dep_.startswith("nsubj")), None) if before is not None else None
    kinds = token.doc.user_data.get("nominals")
    if noun is None or kinds is None or noun.pos_ != "NOUN" or kinds[noun.i] != "place":
        return False
    return any(child.lower_ == "the" for child in noun.lefts) and report.covering(noun, PlaceMention) is None


# --- persons


def _who_speak(token: Token, report: Antecedents) -> ActorMention | None:
    """ "Rebel commanders said that they had left": the commanders, whose body no mention names."""
    subject = token.head if token.dep_ == "nmod:poss" else token  # "said that | their | men had left"
    teller = subject.head.head
    if not subject.dep_.startswith("nsubj") or subject.head.dep_ != "ccomp" or teller.lemma_ not in knowledge()["speech"]:
        return None
    speakers = [c for c in teller.children if c.dep_ == "nsubj" and c.i < token.i and c.lower_ in knowledge()["voices"]]
    bodies = [(c, s) for s in speakers for c in s.children if c.dep_ in ("compound", "amod") and head_class(c.text)]
    if not bodies or report.covering(bodies[0][0], ActorMention):
        return None
    body, head = bodies[0]
    known = next((mention for mention in report.actors if _is_of(body, mention)), None)
    return _reference_to(token, (body.idx, head.idx + len(head.text)), known)


def _who_says_so(token: Token, report: Antecedents) -> ActorMention | None:
    """ "Kalam's defence ministry said its jets had bombed A": the ministry, which is a body though no registry knows it."""
    clause = next((above for above in token.ancestors if above.dep_ == "ccomp"), token)
    speakers = [c for c in clause.head.lefts if c.dep_ == "nsubj" and c.i < token.i] if clause.i > clause.head.i else []
    if not speakers or clause.head.lemma_ not in knowledge()["speech"]:
        return None
    kinds, mention = token.doc.user_data.get("nominals"), report.covering(speakers[0], ActorMention)
    body = mention is not None and mention.id is None and mention.form == "generic" and not is_crowd(mention)
    if mention is None or not body or kinds is None or kinds[speakers[0].i] != "organization":
        return None
    return _reference_to(token, (mention.start, mention.end), mention)


def _is_said_by_no_body(token: Token, report: Antecedents) -> bool:
    """ "a local radio, which said | it | could not verify": the radio, which is no body that fights."""
    teller = token.head.head
    if (
        token.lower_ != "it"
        or token.dep_ != "nsubj"
        or token.head.dep_ not in ("ccomp", "parataxis")
        or teller.lemma_ not in knowledge()["speech"]
    ):
        return False
    if teller.dep_ == "advcl" and teller.tag_ == "VBG":
        teller = teller.head  # "a news site reported, adding it could not …"
    speaker = next((c for c in teller.children if c.dep_ == "nsubj" and c.i < token.i), None)
    if speaker is not None and speaker.lower_ in RELATIVIZERS and teller.dep_ == "acl:relcl":
        speaker = teller.head
    return speaker is not None and speaker.lower_ in knowledge()["outlets"] and not _is_name(report.covering(speaker, ActorMention))


def _is_name(mention: ActorMention | None) -> bool:
    return mention is not None and mention.form == "name"


def _is_of(body: Token, mention: ActorMention) -> bool:
    """Is "the rebels" the body of "rebel commanders"?"""
    return mention.id is not None and mention.form != "reference" and mention.text.casefold().removesuffix("s") == body.lower_


def _person(token: Token, report: Antecedents) -> Named | None:
    """Whoever was named last is "he", or whom the last "he" stood for; never one whom a "she" stood for. Persons are kept only as those
    who speak or command, mostly without an id."""
    sex, other = ("she", "he") if token.lower_ in _SHE else ("he", "she")
    here = report.sentence_of[token.i]
    before = [e for e in report.people if e.end <= token.i and _stands_for_person(e, token, report)]
    near = [e for e in before if here - report.sentence_of[e.start] <= PRONOUN_REACH and report.persons.get(_last_name(e)) != other]
    named = max(((report.sentence_of[e.start], e.root.dep_.startswith("nsubj"), e.start_char, e) for e in near), default=None, key=_rank)
    if (man := _man_here(token)) is not None and not any(man.i < e.start for e in near):
        words = [child for child in man.lefts if child.dep_ in ("compound", "amod")]
        return _reference_to(token, (min([man.idx, *(child.left_edge.idx for child in words)]), man.idx + len(man)), None)
    pointed = [c for c in report.before(token, reach=PRONOUN_REACH) if _is_alike(c.mention, token)]
    same = max(((c.sentence, c.subject, c.mention.start, c) for c in pointed), default=None, key=_rank)
    if same and (named is None or same[:3] > named[:3]):
        return report.reference(token, same[3])
    if named is None:
        return None
    last_name = _last_name(named[3])
    report.persons.setdefault(last_name, sex)
    fullest = max((e for e in before if e.text.rstrip().endswith(last_name)), key=lambda e: (len(e.text.split()), -e.start))
    known = next((m for m in report.over[fullest.start] if isinstance(m, ActorMention) and m.text == fullest.text), None)
    return _reference_to(token, (fullest.start_char, fullest.end_char), known)


def _man_here(token: Token) -> Token | None:
    """ "A soldier said | he had fled", "a hostage was shot by | his guard": the man of whom the sentence begins to speak, though he has no
    name; not one who speaks for another."""
    kinds = token.doc.user_data.get("nominals")
    subjects = [
        above
        for above in token.sent[: token.i - token.sent.start]
        if above.dep_ in ("nsubj", "nsubj:pass") and above.lower_ not in RELATIVIZERS
    ]
    new = [w for w in subjects if w.tag_ == "NN" and any(child.lower_ in ("a", "an", "another") for child in w.lefts)]
    if kinds is None or not new or new[-1] != subjects[-1] or not new[-1].head.is_ancestor(token):
        return None
    return new[-1] if kinds[new[-1].i] == "person" and new[-1].lower_ not in knowledge()["mouths"] else None


def _reference_to(token: Token, antecedent: Span, known: ActorMention | None) -> ActorMention:
    """`known`: the actor that is called so, where one is."""
    identity = (known.id, known.name) if known else (None, None)
    return ActorMention(token.idx, token.idx + len(token.text), token.text, *identity, form="reference", antecedent=antecedent)


def _rank(ranked: tuple[int, bool, int, object]) -> tuple[int, bool, int]:
    return ranked[:3]


def _last_name(person: Words) -> str:
    return person.text.split()[-1]


def _is_alike(mention: Named, token: Token) -> bool:
    """Is a mention a "he" before a "he", or a "she" before a "she"?"""
    return any(mention.text.lower() in words and token.lower_ in words for words in (_HE, _SHE))


def _stands_for_person(entity: Words, token: Token, report: Antecedents) -> bool:
    """A name after "in", "around", "near" is no person, nor is a known body's, whatever the model takes it for."""
    known = report.covering(entity.root, ActorMention)
    if known is not None and known.id and not known.person and known.text == entity.text:
        return False
    if report.voice(entity.start_char) != report.voice(token.idx) or report.covering(entity.root, PlaceMention):
        return False
    return not any(child.dep_ == "case" and child.lower_ in knowledge()["before_places"] for child in entity.root.children)
