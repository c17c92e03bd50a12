"""An event word in its clause → whether it is told as fact, denied, possible, planned or predicted; None where nothing is claimed.

The words stand in `knowledge/modality.yaml`. The judgement is of grammar alone; whether the event is background is told by its date
(dating.py), and what the speaker's verb does to it ("denied that", "vowed to") by the attribution.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from khabar.clauses import RELATIVIZERS, ancestors, case_of, children, first_of_list
from khabar.cuewords import is_yet_to
from khabar.lexicon import words
from khabar.model import Modality, Span
from khabar.nearmisses import is_asked, is_goal, is_near_miss, is_of_all_such

if TYPE_CHECKING:
    from khabar.doc import Token

WEIGHT: dict[Modality, int] = {"asserted": 0, "background": 0, "possible": 1, "predicted": 2, "planned": 3, "denied": 4}
CLAUSAL = (
    "xcomp",
    "ccomp",
    "advcl",
    "acl",
    "obj",
    "obl",
    "nmod",
    "conj",
    "nsubj",
    "nsubj:outer",
    "nsubj:pass",
    "acl:relcl",
    "csubj",
    "parataxis",
    "compound",
)

TITLE = 6  # words with a capital in a row, with at most prepositions between them
BESIDE = ("amod", "advmod", "compound", "nmod:desc")


def _class(name: str) -> frozenset[str]:
    return words("modality.yaml")[name]


def modality_of(trigger: Token, *, judged_by: list[tuple[Token, str]] | None = None) -> Modality | None:
    """The modality of an event, None where its clause claims nothing (a condition, a failed attempt, a question).

    `judged_by` is given the words that say so, each with what it says, "none" for nothing claimed.
    """
    if _only_named(trigger) or _run_in(trigger) or _only_says_which(trigger) or _is_of_any(trigger):
        return None
    if trigger.dep_ == "csubj" and trigger.tag_ == "VBG" and children(trigger, "obj"):
        return None  # "bombing hospitals is a crime" tells of no bombing
    if _nobody_claims(first_of_list(trigger)) or is_asked(trigger) or is_of_all_such(trigger):
        return None
    found: list[str] = []
    below = trigger
    for above in (trigger, *ancestors(trigger)):
        if above != trigger and below.dep_ not in CLAUSAL:
            break
        judged = _judge(above, below, trigger)
        asked = _is_question(above) or (above == trigger and _asks_how_many(above))
        if above != trigger and _asks_how_many(above):
            break  # "did not say how many had died in the raid": there was one
        if asked and above.lemma_ in _class("cause"):
            break  # "it was not clear what had caused the blast"
        made = "none" if asked else judged
        if made and judged_by is not None:
            judged_by.append((above, made))
        if made == "none":
            return None
        if judged:
            found.append(judged)
        if _closes(above):
            break
        below = above
    weightiest: Modality = max((m for m in WEIGHT if m in found), key=WEIGHT.__getitem__, default="asserted")
    return weightiest


def _only_named(trigger: Token) -> bool:
    """ "See also: Battle of Karsa", "See also the Karsa offensive of 2012": a title that the reader is sent to."""
    sent_on = [w for w in trigger.sent[:3] if w.text == "See" and w.i + 1 < trigger.sent.end]
    if sent_on and sent_on[0].nbor(1).lower_.startswith("also"):
        return trigger == sent_on[0] or trigger.tag_ not in ("VBD", "VBZ", "VBP")
    return trigger.text[:1].isupper() and trigger.pos_ != "VERB" and any(above.text == "See" for above in ancestors(trigger))


def _run_in(trigger: Token) -> bool:
    """ "Rebels Seize Two Villages MORTAY (NWS) The army said …": a title that ran into the sentence when the page lost its lines?"""
    verb = next((w for w in (trigger, *ancestors(trigger)) if w.pos_ in ("VERB", "AUX")), trigger)
    titled = verb.i > verb.sent.start and verb.is_title and verb.nbor(-1).text[:1].isupper()
    return (titled or _in_title(trigger)) and any(w.is_lower and w.pos_ in ("VERB", "AUX") for w in verb.sent)


def _in_title(word: Token) -> bool:
    """Does a word stand among many that all begin with a capital, a verb among them: a title within a sentence?"""
    sent, first, last = word.sent, word.i, word.i
    while first > sent.start and _fits_title(word.doc[first - 1]):
        first -= 1
    while last + 1 < sent.end and _fits_title(word.doc[last + 1]):
        last += 1
    capitals = [w for w in word.doc[first : last + 1] if w.text[:1].isupper()]
    return len(capitals) >= TITLE and any(w.pos_ in ("VERB", "AUX") for w in capitals[1:])


def _fits_title(word: Token) -> bool:
    return word.text[:1].isupper() or word.lower_ in _class("in_titles") or word.text in "-–‑’'"


def _only_says_which(trigger: Token) -> bool:
    """ "combat vehicles", "the ceasefire line": an event noun that says of what sort another thing is; not in "an attack campaign"."""
    beside = trigger.pos_ in ("NOUN", "PROPN") and trigger.dep_ == "compound"
    return beside and trigger.head.lemma_ not in words("clauses.yaml")["carriers"]


def _is_of_any(trigger: Token) -> bool:
    """ "any attack on a hospital is a crime", "whoever attacks a school": what is said of all such acts tells of none."""
    if trigger.pos_ != "VERB":
        denied = any(above.lemma_ in _class("verb_denied") for above in ancestors(trigger))
        told = any(c.lower_ == "such" for c in trigger.children)  # "denied any such attack": the one told before
        return not denied and not told and any(c.lower_ in ("any", "every") for c in children(trigger, "det"))
    said_of = trigger.head.lower_ in _class("anybody") or any(w.lower_ in _class("whoever") for w in children(trigger, "nsubj"))
    return trigger.tag_ in ("VBZ", "VBP") and trigger.dep_ in ("acl:relcl", "csubj", "ccomp", "acl") and said_of


def only_mentioned(event: Token) -> bool:
    """Is an event noun there for something else that is told: "condemned the strikes", "the site of the raids", "the siege was a crime"?"""
    noun = first_of_list(event)
    above = noun.head
    if noun.dep_ == "nmod":
        return above.pos_ == "NOUN" and above.lemma_ not in words("clauses.yaml")["carriers"]
    if noun.dep_ == "nsubj":
        return above.pos_ == "NOUN" and bool(children(above, "cop"))
    return noun.dep_ in ("obj", "nsubj:pass") and above.lemma_ in _class("reaction")


def _nobody_claims(event: Token) -> bool:
    """ "No group claimed responsibility for the raid", "there was no claim of responsibility for it": the raid is told elsewhere."""
    owned = [w for w in (event.head, *children(event.head, "obj")) if w.lemma_ == "responsibility"]
    if not owned or case_of(event) != "for":
        return False
    said = owned[0].head
    parts = [said, *children(said, "nsubj", "nsubj:pass", "advmod"), *children(said.head, "nsubj")]
    return any(w.lower_ in ("no", "nobody", "none", "never", "not", "n't", "neither") for p in parts for w in (p, *p.children))


def _closes(word: Token) -> bool:
    """Does what stands above this word no longer bear on it? A clause of its own subordinated by when, as, after, which … stands alone."""
    if word.dep_ in ("ccomp", "parataxis", "acl:relcl", "root", "amod") or _is_left_open(word):
        return True
    if (
        word.dep_ in ("obl", "nmod")
        and case_of(word) == "for"
        and word.head.lemma_ in {*_class("verb_ahead"), "responsibility", "responsible"}
    ):
        return False
    if word.dep_ in ("obl", "advcl") and word.head.lemma_ in _class("silent_on") and word.lemma_.lower() not in _class("noun_planned"):
        return True  # "called on Chad to react to the raid": it took place
    if word.dep_ == "obl" and case_of(word) == "in" and children(word, "nmod:poss"):
        return True  # "denied bombing hospitals in its campaign against the rebels"
    if word.dep_ in ("obl", "nmod") and case_of(word) in _class("circumstance"):
        return word.head.lemma_.lower() not in _class("noun_planned") | _class("noun_possible") | _class("noun_predicted")
    if word.dep_ == "obl" and word.head.lemma_ in _class("builds_on") and case_of(word) in ("on", "upon"):
        return True
    if word.dep_ in ("nmod", "acl") and word.head.lemma_ in _class("noun_taken"):
        return True
    if word.dep_ in ("nmod", "obl") and case_of(word) in ("against", "over", "at") and word.head.lemma_ in _class("outcry"):
        return True  # "called for protests against the killing": somebody was killed
    if word.dep_ in ("nmod", "obl") and case_of(word) == "under" and word.lemma_.lower() in _class("settled"):
        return True  # "agreed to leave the town under a deal": the deal is made
    if word.dep_ == "nmod" and word.head.lemma_ in _class("noun_cost") and case_of(word) in ("in", "from", "by"):
        return bool(children(word, "det"))  # "no casualties in the attack", "no reports of damage from the strike"
    if word.dep_ == "acl" and _is_one_of_several(word.head):
        return True  # "not the first hospital to be hit": it was hit
    if word.dep_ == "acl":
        above = ("noun_planned", "noun_possible", "noun_predicted", "noun_failed", "told")
        return not _marked(word, "to") and not any(word.head.lemma_ in _class(name) for name in above)
    if word.dep_ == "advcl" and word.head.lemma_ in _class("verb_cleared") and _marked(word, "of"):
        return False  # "acquitted of murdering two prisoners"
    if word.dep_ == "advcl":
        return not _marked(word, "to", "from", "at") and not is_conditional(word)
    own_tense = word.tag_ in ("VBD", "VBZ") and word.head.tag_ == "VB"  # "did not confirm the loss, but reported …"
    return word.dep_ == "conj" and (own_tense or bool(children(word, "nsubj", "nsubj:pass")))


def is_beyond(holding: Token) -> bool:
    """ "areas outside the army's control": it does not have them."""
    return holding.lemma_ in _class("holding") and case_of(holding) in _class("beyond")


def is_over(trigger: Token, *held: Token) -> bool:
    """ "the former rebel stronghold of A", "their one-time capital", "when they held the town": do the words for a holding, or for the
    place, say that it has ended? Not in "raised its flag over a former base"."""
    described = trigger.pos_ in ("NOUN", "PROPN")
    said_of = [trigger, *(word for word in held if described or word == trigger.head or word.is_ancestor(trigger))]
    beside = [child for word in said_of for child in word.children if child.dep_ in BESIDE]
    before = [*beside, *(deeper for child in beside for deeper in child.children if deeper.dep_ in BESIDE)]
    then = any(word.dep_ == "advcl" and word.tag_ == "VBD" and _in_its_time(word) for word in (trigger, *held))
    return then or any(word.lower_ in _class("no_longer") for word in before)


def _in_its_time(clause: Token) -> bool:
    return any(child.lower_ in ("when", "while") for child in children(clause, "mark", "advmod"))


def stands_apart(trigger: Token, content: Sequence[Span]) -> bool:
    """Within what somebody vows or denies, is the event told as a fact beside it: "vowed to retake the town, which fell on Sunday"?"""
    for word in (trigger, *ancestors(trigger)):
        if not any(start <= word.head.idx < end for start, end in content) or word.head == word:
            return False
        if word.dep_ in ("acl:relcl", "advcl", "obl", "nmod") and word.tag_ != "VBG" and _closes(word):
            return True
    return False


def _marked(clause: Token, *marks: str) -> bool:
    return any(mark.lower_ in marks for mark in children(clause, "mark"))


def is_conditional(clause: Token) -> bool:
    """Does a clause only say on what condition something would be: "if A falls"?"""
    marks = {mark.lower_ for mark in children(clause, "mark", "advmod")} & _class("condition")
    if clause.tag_ in ("VBZ", "VBP") and _marked(clause, "before"):
        return True  # "before the army takes A, it must cross the river"
    told = clause.tag_ == "VBD" or any(aux.tag_ == "VBD" and aux.lower_ != "should" for aux in children(clause, "aux", "aux:pass"))
    return bool(marks - {"until", "till"} if told else marks)  # "held it until the army came": it came


def _inverted(clause: Token) -> bool:
    """ "Had they taken the bridge, …": a condition by the order of its words, like a question."""
    subjects = children(clause, "nsubj", "nsubj:pass")
    if not subjects or clause.pos_ != "VERB" or children(clause, "expl"):
        return False  # "there has been shelling"
    return any(aux.lower_ in _class("inverted") and aux.i < subjects[0].i for aux in children(clause, "aux", "aux:pass"))


def _judge(word: Token, below: Token, trigger: Token) -> str | None:
    """What one word on the way up says of the event under it; "none": nothing is claimed."""
    if word.pos_ in ("VERB", "AUX", "ADJ") or word == trigger or children(word, "cop"):
        own = _own_signs(word, below, trigger)
        if own:
            return own
    if word == below:
        return None
    return _weighed(word, below) or _governing(word, below)


def _weighed(word: Token, below: Token) -> str | None:
    """What a word above an event says of it as a thing: how common or lawful it is, that there is no word of it, that nothing was worse."""
    if below.dep_ in ("nmod", "obl", "acl") and any(w.tag_ == "JJS" and w.lower_ not in _class("no_rank") for w in (word, *word.children)):
        return "none"  # "among the deadliest of the raids"
    if word.pos_ == "NOUN" and any(c.lower_ in ("no", "few", "little") and c.dep_ in ("det", "amod") for c in word.children):
        return "denied"
    if word.pos_ == "VERB" and word.lemma_ in _class("owns_up") and _is_nobody(word) and below.dep_ in ("xcomp", "obj", "obl"):
        return "none"  # "no one has claimed the blast"
    if word.lemma_ == "question" and case_of(word).startswith("out") and below.dep_ == "nsubj":
        return "none"  # "a truce is out of the question"
    if word.pos_ == "ADJ" and word.lemma_.lower() in _class("verdict") and below.dep_ in ("nsubj", "csubj", "ccomp", "advcl", "xcomp"):
        return "none"
    if below.dep_ == "nsubj" and children(word, "cop") and _is_at_hand(word):
        return "predicted"  # "said a truce was close"
    if word.lemma_ == "use" and below.dep_ in ("xcomp", "advcl") and any(c.tag_ in ("VBZ", "VBP") for c in children(word, "aux:pass")):
        return "none"  # "the base is used to launch strikes"
    return None


def _is_at_hand(word: Token) -> bool:
    """ "close", "within reach", "in sight": said of what has still to come."""
    if word.pos_ == "ADJ":
        return word.lemma_.lower() in _class("at_hand")
    return word.lemma_ in ("reach", "sight", "hand", "card") and case_of(word) in ("within", "in", "at", "on")


def _is_nobody(verb: Token) -> bool:
    """ "no faction has said", "nobody admitted": is nobody told to do so?"""
    who = [w for subject in children(verb, "nsubj") for w in (subject, *children(subject, "det"))]
    return any(w.lower_ in ("no", "nobody", "none", "neither") for w in who)


def _is_question(clause: Token) -> bool:
    """ "It determines whose planes carried out the raids": does a clause ask, and not tell?"""
    if clause.dep_ == "acl" and not _marked(clause, "on", "about", "over", "regarding"):
        return any(word.lower_ in _class("asking") for word in children(clause.head, "det", "nmod:poss"))
    if clause.dep_ == "ccomp" and clause.head.dep_ == "acl:relcl":  # "Karsa, which the rebels said they had taken"
        return False
    parts = (clause, *children(clause, "nsubj", "obj", "nsubj:pass"))
    asked = any(word.lower_ in _class("asking") for part in parts for word in (part, *children(part, "det", "nmod:poss", "mark")))
    about = clause.dep_ in ("advcl", "acl") and _marked(clause, "on", "about", "over", "regarding")  # "questions remain on who fired"
    return asked and (about or clause.dep_ in ("ccomp", "csubj")) and not _is_left_open(clause)


def _asks_how_many(clause: Token) -> bool:
    """ "did not say how many soldiers were killed"."""
    if clause.dep_ not in ("ccomp", "csubj", "nsubj", "obl", "advcl", "xcomp"):
        return False
    parts = (clause, *children(clause, "nsubj", "nsubj:pass", "obj"))
    counts = (w for part in parts for w in (part, *children(part, "amod")) if w.lower_ in ("many", "much"))
    return any(how.lower_ == "how" for count in counts for how in children(count, "advmod"))


def _is_due(verb: Token) -> bool:
    """ "has until Friday to withdraw", "were given 48 hours to leave": it is still to be done."""
    allowed = verb.head
    if verb.tag_ != "VB" or verb.dep_ not in ("xcomp", "advcl", "acl") or allowed.lemma_ not in ("have", "give"):
        return False
    until = any(case_of(child) in ("until", "till") for child in children(allowed, "obl"))
    return until or any(child.lemma_ in ("hour", "day", "week") for child in children(allowed, "obj"))


def _own_signs(word: Token, below: Token, trigger: Token) -> str | None:
    if is_near_miss(word) or _is_a_way(word):
        return "none"
    if word == trigger and (is_goal(word) or _is_due(word)):
        return "planned"
    if word.dep_ == "ccomp" and (told := _told_of_it(word)):
        return told
    if word.head.lemma_ == "capable" and _marked(word, "of"):
        return "possible"
    if word.dep_ in ("ccomp", "csubj", "advcl", "csubj:pass") and _is_left_open(word):
        return "possible"
    if word.dep_ in ("advcl", "root", "conj", "acl", "ccomp") and (is_conditional(word) or _inverted(word)):
        return "none"
    kids = list(word.children)
    thwarted = word.dep_ == "advcl" and _marked(word, "before") and word.head.lemma_ in _class("thwarting")
    if thwarted and (word.lemma_ in _class("managing") or any(k.lower_ == "could" for k in kids)):
        return "none"  # "was destroyed before it managed to enter the town": it did not
    if word.lemma_ == "possible" and below.dep_ in ("csubj", "xcomp") and below.lemma_ in {*_class("owned_up"), *_class("left_open")}:
        return "possible"  # "It was not possible to verify the claim that A had fallen"
    if word != trigger and word.lemma_.lower() in _class("owned_up") and any(k.lower_ in _class("negation") for k in kids):
        return "none"  # "has not confirmed the loss of A"
    if _marked(word, "to") and is_yet_to(word):
        return "denied"
    going_on = word.dep_ == "xcomp" and word.tag_ == "VBG"  # "is believed to be holding"
    if word.pos_ == "VERB" and not going_on and any(k.lemma_ == "be" and k.dep_ == "aux" for k in kids) and _marked(word, "to"):
        return "planned"  # "two brigades are to be sent"
    if word == trigger and is_beyond(word):
        return "denied"
    if any(k.lower_ == "without" and k.dep_ in ("mark", "case") for k in kids):
        return "denied"
    negated = any(
        k.lower_ in _class("negation") and k.dep_ in ("advmod", "det", "neg", "cc", "cc:preconj") and not _not_only(k) for k in kids
    )
    negated = negated or any(
        c.dep_ == "cc:preconj" and c.lower_ == "neither" for k in kids if k.dep_.startswith("nsubj") for c in k.children
    )
    negated = negated or any(k.lower_ == "longer" and any(c.lower_ == "no" for c in k.children) for k in kids)  # "no longer in A's hands"
    kept_silent = word.lemma_ in _class("silent_on") and word != trigger  # "has not commented on the loss of A"
    if negated and not (kept_silent or _is_told_all_the_same(word, trigger) or _goes_on_apart(word, below)):
        return "denied"
    if word.dep_ == "advcl" and _marked(word, "against"):
        return "none"  # "voted against bombing A"
    for aux in (k for k in kids if k.dep_ in ("aux", "cop")):
        for modality in ("possible", "predicted", "planned"):
            if aux.lower_ in _class(f"aux_{modality}") and not _can_be_seen(word, aux):
                return modality
    if any(k.lower_ in _class("perhaps") and k.dep_ in ("advmod", "amod") for k in kids):
        return "possible"
    if (word == trigger and _is_aim(word)) or (children(word, "cop") and word.pos_ == "VERB" and _marked(word, "to", "due")):
        return "planned"  # "the plan is to attack A", "is due to attack A"
    if word == trigger and _is_asked_for(word):
        return "planned"
    if word.dep_ in ("advcl", "acl", "xcomp") and word.tag_ != "VBG" and any(k.lower_ == "to" and k.dep_ == "mark" for k in kids):
        return None if word.dep_ == "acl" and _is_one_of_several(word.head) else _purpose(word)
    return None


def _is_a_way(clause: Token) -> bool:
    """ "lists ways in which armed groups kill children": how such things are done tells of none."""
    how = clause.dep_ == "acl:relcl" and clause.tag_ in ("VBP", "VBZ", "VB")
    return how and clause.head.lemma_ in ("way", "manner", "method", "means", "extent", "case", "example")


def _told_of_it(clause: Token) -> str | None:
    """ "Reports that A had fallen were premature", "rumours spread that A had fallen", "nothing suggests that A has fallen"."""
    above = clause.head
    if "nothing" in (above.head.lower_ if above.dep_ == "acl" else "", *(w.lower_ for w in children(above, "nsubj"))):
        return "denied"
    if above.lemma_.lower() in _class("untrue") and children(above, "cop"):
        return "denied"
    if above.lemma_ in _class("owns_up") and _is_nobody(above):
        return "none"  # "no faction has said that it fired the rounds"
    if above.lemma_ in _class("owned_up") and above.head.lemma_ == "possible" and above.dep_ in ("csubj", "xcomp"):
        return "possible"  # "It was not possible to confirm that A had fallen"
    spread = above.lemma_ in _class("spreads") and any(w.lemma_.lower() in _class("noun_possible") for w in children(above, "nsubj"))
    return "possible" if spread else None


def _can_be_seen(verb: Token, aux: Token) -> bool:
    """ "Gunmen could be seen in A": they were."""
    return aux.lower_ in ("could", "can") and verb.lemma_ in ("see", "hear") and bool(children(verb, "aux:pass"))


def _is_one_of_several(noun: Token) -> bool:
    """ "the first hospital to be hit", "the third to hit it", "the only town to fall": counted among those that were."""
    return any(w.lower_ in _class("one_of_several") for w in (noun, *children(noun, "amod"))) and bool(children(noun, "det"))


def _goes_on_apart(clause: Token, joined: Token) -> bool:
    """ "was not hurt | but killed two", "is not among them and | has threatened them": with a finite verb of its own, what follows is not
    what is denied; in "was not hit and destroyed" it has none."""
    finite = ("VBD", "VBZ", "VBP")
    helpers = children(joined, "aux", "aux:pass", "cop")
    other = joined.tag_ in ("VBD", "VBZ") and (clause.tag_ in ("VB", "VBN") or children(clause, "cop", "aux:pass"))
    return joined.dep_ == "conj" and joined.head == clause and bool(other or any(helper.tag_ in finite for helper in helpers))


def _is_told_all_the_same(verb: Token, trigger: Token) -> bool:
    """ "The truce does not include areas …", "the raid did no harm": it happened all the same, unless the verb says just that."""
    subject = first_of_list(trigger)
    said_of = subject != verb and subject.dep_ == "nsubj" and subject.head == verb and trigger.pos_ in ("NOUN", "PROPN")
    return said_of and verb.lemma_ not in _class("happens") and all(c.lower_ not in ("no", "neither") for c in subject.lefts)


def _is_left_open(clause: Token) -> bool:
    """ "It was not clear whether the raid was carried out by the army": it may have been."""
    asked = any(mark.lower_ in ("if", "whether") for mark in children(clause, "mark", "advmod"))
    return asked and clause.head.lemma_.lower() in _class("left_open")


def _not_only(negation: Token) -> bool:
    """ "not only killed two guards but also wounded a child": both are told."""
    return negation.lower_ == "not" and negation.i + 1 < negation.sent.end and negation.nbor().lower_ in ("only", "just", "merely")


def _is_asked_for(verb: Token) -> bool:
    """ "the demand that they withdraw": a clause that tells what is demanded, whatever sort of clause the tree makes of it."""
    demand = verb.dep_ in ("acl:relcl", "acl", "ccomp") and verb.head.pos_ == "NOUN" and verb.head.lemma_ in _class("noun_planned")
    return demand and verb.tag_ in ("VB", "VBP") and any(w.lower_ not in RELATIVIZERS for w in children(verb, "nsubj"))


def _is_aim(noun: Token) -> bool:
    """ "banded together for the capture of A": what something is done for has still to come."""
    aimed = noun.pos_ == "NOUN" and noun.dep_ in ("obl", "nmod") and case_of(noun) == "for" and noun.lemma_ in _class("aims")
    return aimed and noun.head.lemma_ not in _class("for_fact")


def _purpose(verb: Token) -> str | None:
    """ "attacked to seize A", "an attempt to seize A": a plan; "began to seize", "managed to seize": a fact, told by the verb above."""
    if verb.dep_ == "xcomp" or verb.head.lemma_ in _class("aspect") or verb.head.lower_ in _class("fact_adjectives"):
        return None
    if verb.head.lemma_ in _class("unites") and verb.lemma_ in ("form", "create", "establish", "found"):
        return None  # "three factions merged to form a council"
    if verb.head.lemma_ == "purport" or any(word.lemma_ == "purport" for word in verb.head.rights if word.i < verb.i):
        return "possible"  # "a video purporting to show"
    if verb.dep_ == "acl" and verb.head.lemma_ in _class("fact_nouns"):
        return None
    if verb.head.lemma_ == "take" and any(thing.lemma_ == "advantage" for thing in children(verb.head, "obj")):
        return None  # "took advantage of the retreat to seize A"
    return None if any(a.lemma_ in _class("result") for a in verb.lefts if a.dep_ == "advmod") else "planned"


def _governing(word: Token, below: Token) -> str | None:
    lemma = word.lemma_.lower()
    if word.pos_ in ("VERB", "AUX", "ADJ") and below.dep_ in ("xcomp", "ccomp", "obj", "obl", "nsubj:pass", "advcl", "nsubj", "csubj"):
        return _by_verb(word, lemma, below)
    if word.pos_ in ("NOUN", "PROPN") and below.dep_ in ("acl", "ccomp", "nmod", "compound", "advcl", "obl"):
        if lemma in _class("told") and below.dep_ in ("nmod", "acl") and any(k.lower_ == "no" for k in children(word, "det")):
            return "denied"
        if lemma in _class("told") and word.dep_ in ("obj", "nsubj:pass") and _is_called_untrue(word):
            return "denied"
        if lemma in _class("told") and any(k.lower_ in ("no", "any", "without") for k in children(word, "det", "case")):
            return "none"  # "no confirmation that the town fell", "without word of a strike"
        if below.dep_ == "nmod" and case_of(below) not in ("of", "for", "to", "at", "on", "about"):
            return None
        if below.dep_ == "acl" and below.tag_ in ("VBD", "VBZ", "VBP") and children(below, "nsubj") and not children(below, "mark"):
            return None  # "they are at the mission; the soldiers left": a clause of its own
        if below.dep_ == "compound" or (
            below.dep_ == "acl" and below.tag_ in ("VBN", "VBG") and not _marked(below, "to") and lemma in _class("noun_under_way")
        ):
            return None
        for modality in ("planned", "possible", "predicted"):
            if lemma in _class(f"noun_{modality}"):
                return "none" if modality == "predicted" and _was_before(word) else modality
        if lemma in _class("work") and below.dep_ == "nmod" and case_of(below) in ("on", "about", "of", "to", "for"):
            return "none"  # "an exhibition on the siege of A"
        return "none" if lemma in _class("noun_failed") else None
    return None


def _is_named(verb: Token, name: Token) -> bool:
    """ "called the raid a massacre", "what it called a massacre": does a verb that names have both the thing and its name?"""
    others = [child for child in verb.children if child != name and (child.dep_ == "obj" or child.lower_ == "what")]
    if verb.dep_ == "acl:relcl" and verb.head.lower_ == "what":
        return True
    return bool(others) or _marked(verb, "what") or bool(children(name, "nsubj"))


def _was_before(noun: Token) -> bool:
    """ "had been on the verge of taking A": it was about to, and has not."""
    return any(be.lower_ == "been" for be in children(noun, "cop")) and any(had.lower_ == "had" for had in children(noun, "aux"))


def _is_called_untrue(told: Token) -> bool:
    """ "described the reports that the town had fallen as untrue"."""
    after = (w for w in told.head.subtree if w.i > told.i and (w.head == told.head or case_of(w) == "as"))
    return any(w.lemma_.lower() in _class("untrue") for w in after)


def _by_verb(word: Token, lemma: str, below: Token) -> str | None:
    likely = below.dep_ == "csubj" and word.pos_ == "ADJ"  # "It was possible that A had fallen"
    clausal = (
        likely
        or below.dep_ in ("xcomp", "ccomp")
        or _marked(below, "to")
        or (lemma == "aim" and any(c.lower_ == "at" for c in below.lefts))
    )
    if below.dep_ == "nsubj:pass" and lemma in _class("meant"):
        return None  # "the raids are aimed at cutting the road": they take place, whatever they are for
    if lemma == "set" and below.dep_ in ("nsubj", "nsubj:pass") and any(_marked(w, "to") for w in children(word, "xcomp")):
        return "planned"  # "the truce is set to begin"
    if not clausal and (lemma == "set" or (lemma == "agree" and below.lemma_.lower() in _class("agreed"))):
        return None  # "set off two blasts", "agreed a truce"
    if lemma in ("call", "consider") and below.pos_ in ("NOUN", "PROPN") and below.dep_ in ("xcomp", "obj") and _is_named(word, below):
        return None  # "what the monitor called a massacre"
    if clausal and lemma in _class("verb_lawful") and any(w.lemma_.lower() in _class("law") for w in children(word, "nsubj", "nsubj:pass")):
        return "none"  # "the law allows the police to detain suspects"
    for modality in ("denied", "planned", "possible", "predicted"):
        if lemma in _class(f"verb_{modality}") and (clausal or below.dep_ in ("obj", "nsubj:pass")):
            return modality
    if below.dep_ == "obj" and lemma in _class("verb_breaching"):
        return "none"  # "violated the truce": of the truce it tells nothing new
    if lemma == "fall" and below.dep_ == "nsubj" and any(w.lower_ == "through" for w in children(word, "compound:prt")):
        return "none"  # "the deal fell through"
    if below.dep_ == "obl" and case_of(below) == "for" and lemma in _class("verb_ahead"):
        return "planned"
    if lemma in _class("verb_put_off") and below.dep_ in ("obj", "nsubj:pass"):
        return "none"
    if lemma == "rule" and below.dep_ == "obj" and any(w.lower_ == "out" for w in children(word, "compound:prt")):
        return "none"  # "ruled out a withdrawal"
    if lemma in _class("untrue") and below.dep_ in ("nsubj", "csubj") and word.pos_ != "VERB":  # "the body lay there"
        return "denied"
    if lemma in _class("verb_cleared") and (case_of(below) == "of" or _marked(below, "of")):
        return "denied"  # "acquitted of murdering two prisoners"
    kept_from = below.dep_ == "advcl" and _marked(below, "from")
    if lemma in _class("verb_failed") and (clausal or kept_from or below.dep_ == "obl" or below.dep_ == "obj"):
        return "none"
    if clausal and lemma in _class("verb_attempted"):
        return "planned"
    return None
