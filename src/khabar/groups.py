"""A record → the groups in it that no registry has, with their sentences; and the user's word on who they are."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime

from rapidfuzz import fuzz, process

from khabar.actorfiles import KINDS
from khabar.contract import Json
from khabar.errors import QuestionError
from khabar.naming import Decision, decide, names_of, provisional_id
from khabar.record import Record, Told
from khabar.registry import Registry
from khabar.spellings import normal

SHOWN = 3  # sentences of each group
ALIKE = 88  # of 100: "Jaysh al-Nasr" and "Jaysh al-Nasir"; not measured, and only a hint

_NAMED = """
SELECT mentions.text, reports.report_id, reports.published, reports.outlet, sentences.text AS sentence
FROM mentions JOIN readings USING (reading) JOIN reports USING (version)
LEFT JOIN sentences ON sentences.reading = mentions.reading AND sentences.start <= mentions.start AND mentions."end" <= sentences."end"
WHERE mentions.kind = 'actor' AND mentions.id IS NULL AND readings.current = 1 AND json_extract(detail, '$.form') = 'name'
AND NOT ifnull(json_extract(detail, '$.person'), 0)
ORDER BY published IS NULL, published, report_id, mentions.start
"""


@dataclass
class Group:
    """A name that no registry has, gathered over all reports."""

    id: str
    spellings: Counter[str] = field(default_factory=Counter)
    reports: set[str] = field(default_factory=set)
    sentences: dict[str, Json] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The spelling used most, the first in the alphabet of several."""
        return min(self.spellings, key=lambda text: (-self.spellings[text], text))

    @property
    def shown(self) -> list[Json]:
        """Its first sentences, each with its report."""
        return list(self.sentences.values())[:SHOWN]


def new_groups(record: Record, registry: Registry) -> list[Json]:
    """Groups that no registry has and nobody has named yet, those with most claims first; `near`: actors that are called much alike.

    Persons are left out: they are kept as speakers and commanders of reports, and not followed.
    """
    claims = Counter(id for told in record.told() for id in set(_unknown(told)))
    rows = [_row(group, claims[group.id], registry) for group in unnamed(record).values()]
    return sorted(rows, key=lambda row: (-row["claims"], -row["mentions"], row["id"]))


def unnamed(record: Record) -> dict[str, Group]:
    """Names that no registry has and nobody has decided on, by provisional id."""
    names, found = names_of(record.connection), dict[str, Group]()
    for row in record.connection.execute(_NAMED):
        id = provisional_id(row["text"])
        if names.id(None, row["text"]) is None and id != "name:":
            group = found.setdefault(id, Group(id))
            group.spellings[row["text"]] += 1
            group.reports.add(row["report_id"])
            told = {name: row[name] for name in ("sentence", "report_id", "outlet", "published")}
            group.sentences.setdefault(row["sentence"] or "", told)
    return found


def _unknown(told: Told) -> Iterator[str]:
    claim = told.claim
    for named in (claim.actor, claim.recipient, *claim.attribution):
        if named is not None and named.id is None:
            yield provisional_id(named.text)


def _row(group: Group, claims: int, registry: Registry) -> Json:
    return {
        "id": group.id,
        "name": group.name,
        "spellings": dict(sorted(group.spellings.items())),
        "mentions": group.spellings.total(),
        "reports": len(group.reports),
        "claims": claims,
        "near": near(group, registry),
        "sentences": group.shown,
    }


def near(group: Group, registry: Registry) -> list[Json]:
    """Actors of the registry that are called much alike."""
    alike = process.extract(normal(group.name), registry.name_index.keys(), scorer=fuzz.ratio, score_cutoff=ALIKE, limit=3)
    found = dict.fromkeys(id for key, *_ in alike for id, _ in registry.name_index[key])
    return [{"id": id, "name": registry.actors[id].name} for id in found]


# --- the user's word


def name_group(
    record: Record, registry: Registry, id: str, *, becomes: str, name: str | None, kind: str | None, reason: str, by: str
) -> Decision:
    """Keep the decision that a group is an actor of the registry, or a new one of that `kind`."""
    group = unnamed(record).get(id)
    if group is None:
        raise QuestionError(f"{id!r} is no new group of this record{_why_not(record, id)}; list them with: khabar actors new RECORD")
    known = registry.actor(becomes)
    if known and (name or kind):
        raise QuestionError(f"{becomes} is there already, as {known.name!r}, {known.kind}; leave --name and --kind out")
    if not known:
        _check_new(becomes, kind, registry)
        name = name or group.name
    return _sign(record, Decision(id, becomes, name, kind, reason, by, _now()))


def _why_not(record: Record, id: str) -> str:
    decided = next((d for d in names_of(record.connection).in_force if d.actor == id), None)
    return f": decision {decided.id} made it {decided.becomes}, which khabar actors withdraw takes back" if decided else ""


def _check_new(becomes: str, kind: str | None, registry: Registry) -> None:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", becomes):
        raise QuestionError(f"no actor has the id {becomes!r}, and a new id is of lower-case letters, digits and hyphens: northern-brigade")
    if kind is None:
        close = [id for id, *_ in process.extract(becomes, list(registry.actors), scorer=fuzz.ratio, limit=2, score_cutoff=80)]
        near = f" (did you mean {' or '.join(close)}?)" if close else ""
        raise QuestionError(f"no actor has the id {becomes!r}{near}; for a new actor give its --kind too: {', '.join(sorted(KINDS))}")
    if kind not in KINDS:
        raise QuestionError(f"{kind!r} is no kind of actor; expected one of {', '.join(sorted(KINDS))}")


def withdraw(record: Record, id: str, *, reason: str, by: str) -> Decision:
    """Keep a decision that takes an earlier one back; `id` may be the beginning of one."""
    in_force = names_of(record.connection).in_force
    found = [decision for decision in in_force if decision.id.startswith(id)] if id else []
    if len(found) != 1:
        told = ", ".join(f"{d.id} ({d.actor} is {d.becomes})" for d in in_force) or "none"
        raise QuestionError(f"{id!r} is not the id of one decision in force; there are: {told}")
    old = found[0]
    return _sign(record, Decision(old.actor, old.becomes, None, None, reason, by, _now(), withdraws=old.id))


def _sign(record: Record, decision: Decision) -> Decision:
    if not decision.reason.strip() or not decision.signed_by.strip():
        raise QuestionError("a decision has a reason and a name under it; give --reason and --by")
    decide(record.connection, decision)
    return decision


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")  # their order counts


def decisions(record: Record) -> list[Json]:
    """All decisions on actors, the first made first, and whether each is in force."""
    names = names_of(record.connection)
    taken_back = defaultdict(str, {d.withdraws: d.id for d in names.decisions if d.withdraws})
    return [{**asdict(d), "decision": d.id, "withdrawn_by": taken_back[d.id] or None} for d in names.decisions]
