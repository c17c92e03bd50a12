"""What an analyst asks for → a signed decision in the record, and the list of all that was decided.

    a claim      accept, reject, correct     reviews.py
    an actor     name                        naming.py
    a place      place                       rulings.py
    an incident  merge, split                rulings.py

A place or an actor may also be left as it is. Every decision has a name and a reason under it, is never altered, and can be taken back by
a further one. `khabar review` and the page of `khabar serve` decide through this module alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace

from khabar import groups
from khabar.areas import Area
from khabar.contract import Json
from khabar.errors import QuestionError, RecordError
from khabar.finding import LETTERS, begun, find_actor
from khabar.gazetteer import load_gazetteer
from khabar.incidents import Incident
from khabar.model import Review
from khabar.naming import Decision, names_of, registry_for
from khabar.record import Record, locked_or_full
from khabar.reviews import in_force, signed
from khabar.rulings import Ruling, keep_ruling, rulings_kept
from khabar.rulings import in_force as rulings_in_force
from khabar.rulings import signed as signed_ruling
from khabar.view import View

VERDICTS = {
    "claim": ("accept", "reject", "correct"),
    "actor": ("name", "leave"),
    "place": ("place", "leave"),
    "incident": ("merge", "split"),
}


def subject_of(verdict: str, id: str) -> str:
    """What a verdict is about, where only its id is given; a claim for a verdict that nobody can give."""
    found = [subject for subject, verdicts in VERDICTS.items() if verdict in verdicts] or ["claim"]
    return found[0] if len(found) == 1 else "actor" if id.startswith("name:") and id.count(":") == 1 else "place"


@dataclass(frozen=True)
class Asked:
    """A decision before it is signed.

    `fields`: of a claim; `becomes`: who an actor is, or which place it is; `kind`, `name`: of a new actor, or of a place that is put at
    `point` (latitude, longitude); `others`: the incidents to merge with, or the claims to split off."""

    subject: str
    id: str
    verdict: str
    reason: str
    fields: Mapping[str, str] = field(default_factory=dict)
    becomes: str | None = None
    name: str | None = None
    kind: str | None = None
    point: tuple[float, float] | None = None
    others: tuple[str, ...] = ()


def decide(view: View, record: Record, asked: Asked, *, by: str, incidents: Callable[[], Iterable[Incident]] = tuple) -> Json:
    """Sign what is asked for and keep it; the decision as `decisions` lists it. QuestionError for one that cannot be. `record` is open for
    writing, `view` for questions; `incidents`: those of the view, asked for where one is decided on."""
    if asked.verdict not in VERDICTS.get(asked.subject, ()):
        known = "; ".join(f"{subject}: {', '.join(verdicts)}" for subject, verdicts in VERDICTS.items())
        raise QuestionError(f"{asked.verdict!r} is no verdict on {asked.subject} {asked.id}; the verdicts are, on a {known}")
    if asked.subject == "claim":
        return _review_row(review(view, record, asked.id, asked.verdict, by=by, reason=asked.reason, fields=dict(asked.fields)), True)
    if asked.verdict == "name":
        named = groups.name_group(
            record,
            registry_for(record.connection),
            asked.id,
            becomes=asked.becomes or "",
            name=asked.name,
            kind=asked.kind,
            reason=asked.reason,
            by=by,
        )
        return _named_row(named, True)
    content = _content(view, asked, incidents)
    return _kept(record, signed_ruling(asked.verdict, content, by=by, reason=asked.reason))


def _kept(record: Record, made: Ruling) -> Json:
    with locked_or_full("the record"):
        keep_ruling(record.connection, made)
    return _ruling_row(made, True)


def _content(view: View, asked: Asked, incidents: Callable[[], Iterable[Incident]]) -> Json:
    if asked.verdict == "leave":
        return {"subject": asked.subject, "key": asked.id}
    if asked.verdict == "place":
        return {"key": _area(view, asked.id).key, "place": _put(view, asked)}
    by_id = {one.id: [telling.claim_id for telling in one.claims] for one in incidents()}
    whole = begun(asked.id, by_id)
    if len(whole) != 1:
        many = f"begins the ids of {len(whole)} incidents" if whole else "is no incident of this record"
        raise QuestionError(f"{asked.id!r} {many}; khabar events RECORD lists their ids, of which six letters behind i- are enough")
    return {"claims": (_merged if asked.verdict == "merge" else _split)(by_id, replace(asked, id=whole[0]))}


def _merged(by_id: Mapping[str, list[str]], asked: Asked) -> list[str]:
    meant = {id: begun(id, by_id) for id in asked.others}
    unknown = [id for id, found in meant.items() if len(found) != 1 or found == [asked.id]]
    if unknown or not meant:
        raise QuestionError(f"merge {asked.id} with which other incident of this record? {', '.join(unknown) or 'None'} was given")
    return [id for incident in (asked.id, *(found[0] for found in meant.values())) for id in by_id[incident]]


def _split(by_id: Mapping[str, list[str]], asked: Asked) -> list[str]:
    told = by_id[asked.id]
    meant = [begun(id, told) for id in asked.others]
    gone = {found[0] for found in meant if len(found) == 1}
    if len(gone) < len(asked.others) or not gone or not gone < set(told):
        raise QuestionError(f"of the claims of {asked.id} some must go and some stay; they are {', '.join(told)}")
    return sorted(gone)


def _area(view: View, key: str) -> Area:
    if area := view.bearing.area(key):
        return area
    raise QuestionError(f"no claim on holding names a place {key!r}; khabar review RECORD lists those that are on no map")


def _put(view: View, asked: Asked) -> Json:
    """What stands in a place's place: one of the record or of the gazetteer, or a point of its own."""
    if asked.becomes:
        known = view.bearing.area(asked.becomes) or load_gazetteer().by_id(asked.becomes)
        if known is None:
            raise QuestionError(f"no place has the id {asked.becomes!r}; khabar places find NAME prints ids")
        names = ("id", "name", "latitude", "longitude", "precision", "country", "admin1")
        return {name: getattr(known, name) for name in names} | {"near": False, "parent": None}
    if asked.point is None:
        raise QuestionError("a place is put at a point, or is another place: give latitude and longitude, or its id")
    latitude, longitude = asked.point
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise QuestionError(f"{latitude}, {longitude} is no point on earth: latitude from -90 to 90, then longitude from -180 to 180")
    area = _area(view, asked.id)
    more = {"name": asked.name} if asked.name else {}
    precision = area.precision if area.precision in ("exact", "town") else "town"
    return {"id": area.id or f"placed:{area.key}", "latitude": latitude, "longitude": longitude, "precision": precision, **more}


def withdraw(view: View, record: Record, id: str, *, reason: str, by: str) -> Json:
    """Take a decision back; `id` may be the beginning of one. The decision that does so, as `decisions` lists it."""
    found = [row for row in decisions(view) if row["decision"].startswith(id) and row["in_force"]] if id else []
    if len(found) != 1:
        raise QuestionError(f"{id!r} is not the id of one decision in force; khabar review RECORD --decided lists them")
    (old,) = found
    if old["subject"] == "claim":
        return _review_row(review(view, record, old["id"], "withdraw", by=by, reason=reason, withdraws=old["decision"]), True)
    if old["verdict"] == "name":
        return _named_row(groups.withdraw(record, old["decision"], reason=reason, by=by), True)
    content = {key: old[key] for key in ("subject", "id")}
    return _kept(record, signed_ruling("withdraw", content, by=by, reason=reason, withdraws=old["decision"]))


# --- claims


def review(
    view: View,
    record: Record,
    claim_id: str,
    verdict: str,
    *,
    by: str,
    reason: str,
    fields: dict[str, str] | None = None,
    withdraws: str | None = None,
) -> Review:
    """Sign a review and keep it; a claim may be named by the beginning of its id, an actor in any spelling."""
    claim = claim_named(record, claim_id)
    for name in set(fields or {}) & {"actor", "recipient"}:
        assert fields is not None
        if fields[name]:
            party = find_actor(view, fields[name])
            fields[name] = f"{party.id or ''}|{party.name}"
    meant = [held.review_id for held in record.reviews(claim) if withdraws and held.review_id.startswith(withdraws)]
    taken_back = meant[0] if len(meant) == 1 else withdraws
    made = signed(claim, verdict, by=by, reason=reason, fields=fields, withdraws=taken_back)
    if later := next((held for held in record.reviews(claim) if held.signed_at > made.signed_at), None):
        raise RecordError(
            f"the clock says {made.signed_at}, and review {later.review_id} of this claim was signed at {later.signed_at}: the last one "
            "signed decides, so set the clock right and sign again"
        )
    record.add_review(made)
    return made


def claim_named(record: Record, id: str) -> str:
    """The claim of which that is the id, or its beginning."""
    rows = record.connection.execute("SELECT DISTINCT claim_id FROM claims WHERE substr(claim_id, 1, length(?1)) = ?1", (id,)).fetchall()
    if len(rows) != 1 or len(id) < LETTERS:
        many = f"begins the ids of {len(rows)} claims" if rows else "is no claim of this record"
        raise QuestionError(
            f"{id!r} {many}; khabar claims RECORD --json prints ids, of which six letters are enough where they are one's own"
        )
    return str(rows[0]["claim_id"])


def reviews(view: View, claim_id: str | None = None) -> list[Json]:
    """All reviews, or those of one claim, each with whether it `decides` today and whether its claim `stands` in a current reading."""
    found = view.record.reviews(claim_named(view.record, claim_id) if claim_id else None)
    deciding = {review.review_id for review in in_force(view.record.reviews(), view.known_by).values()}
    standing = set(view.told_by_id(review.claim_id for review in found))
    return [
        asdict(review) | {"fields": dict(review.fields), "decides": review.review_id in deciding, "stands": review.claim_id in standing}
        for review in found
        if view.known_by is None or review.known <= view.known_by
    ]


# --- what was decided


def decisions(view: View) -> list[Json]:
    """All decisions, the last one signed first: who, when, on what, why, and whether each is `in_force`."""
    record = view.record
    reviews = record.reviews()
    decides = {one.review_id for one in in_force(reviews).values()}
    names = names_of(record.connection)
    named = {one.id for one in names.in_force}
    rulings = [one for _, one in rulings_kept(record.connection)]
    ruling = {one.id for one in rulings_in_force(rulings)}
    rows = [
        *(_review_row(one, one.review_id in decides) for one in reviews),
        *(_named_row(one, one.id in named) for one in names.decisions),
        *(_ruling_row(one, one.id in ruling) for one in rulings),
    ]
    return sorted(rows, key=lambda row: (row["signed_at"], row["decision"]), reverse=True)


def _review_row(one: Review, in_force: bool) -> Json:
    return _signed(one, one.review_id, "claim", one.claim_id, one.verdict, {"fields": dict(one.fields)}, in_force)


def _named_row(one: Decision, in_force: bool) -> Json:
    said = {name: getattr(one, name) for name in ("becomes", "name", "kind")}
    return _signed(one, one.id, "actor", one.actor, "withdraw" if one.withdraws else "name", said, in_force)


def _ruling_row(one: Ruling, in_force: bool) -> Json:
    said = one.said
    subject = said.get("subject") or ("place" if one.verdict == "place" else "incident")
    id = said.get("key") or said.get("id") or f"i-{said['claims'][0]}"
    return _signed(one, one.id, subject, id, one.verdict, said, in_force)


def _signed(one: Review | Decision | Ruling, id: str, subject: str, of: str, verdict: str, said: Json, in_force: bool) -> Json:
    signature = {name: getattr(one, name) for name in ("reason", "signed_by", "signed_at", "withdraws")}
    return {"decision": id, "subject": subject, "id": of, "verdict": verdict, "said": said, **signature, "in_force": in_force}
