"""The id of a claim, a report, a place or an actor → down to the quoted sentences, their speakers and reports."""

from __future__ import annotations

from datetime import date

from khabar import imports
from khabar.contract import Json, iso, report_json
from khabar.errors import QuestionError
from khabar.evidence import Evidence, evidence_on
from khabar.finding import find_actor, find_place
from khabar.lexicon import table
from khabar.profiles import actor, is_party
from khabar.quoting import told_json, told_once
from khabar.reasons import answer, history
from khabar.record import Told
from khabar.translations import Translations
from khabar.view import View


def explain(view: View, id: str, on: date | None = None) -> Json:
    """From any id (claim, report, place, actor) down to the quoted sentences, their speakers and reports."""
    for kind, found in (("claim", _explain_claim), ("report", _explain_report), ("place", _explain_place), ("actor", _explain_actor)):
        got = found(view, id, on)
        if got is not None:
            return {"type": kind, "id": id, **got}
    raise QuestionError(
        f"this record has no claim, report, place or actor {id!r}; ids, of which six letters are enough for a claim's, stand in the "
        "answers of claims, changes, control and actor"
    )


def _explain_claim(view: View, id: str, on: date | None) -> Json | None:
    found = view.record.told("claim_id LIKE ? || '%'", (id.replace("%", "").replace("_", ""),)) if len(id) >= 6 else []
    if len({item.claim.claim_id for item in found}) > 1:
        raise QuestionError(f"{id!r} begins the ids of several claims: {', '.join(sorted({item.claim.claim_id for item in found}))}")
    if not found:
        return None
    item = found[0]
    reports = view.record.reports("version = ?", (item.version,))
    counted = _counted(view, item)
    chain = [speaker.text for speaker in item.claim.attribution] or [f"{item.outlet or 'the outlet'} in its own voice"]
    rules = next(iter(view.record.rules(item.version)), None)
    claim = told_json(item) | Translations(view.record).beside(item)
    return {
        "claim": claim,
        "chain": chain,
        "counted": counted,
        "report": _short(report_json(reports[0])),
        "rules": rules,
        "imports": _imported(view, item),
    }


def _imported(view: View, item: Told) -> list[Json]:
    """The files in which the claim came, each with the row."""
    connection = view.record.connection
    held = imports.kept(connection).imports
    rows = imports.imports_of(connection, item.claim.claim_id)
    return [{"import": id, "name": held[id].name, "speaker": held[id].speaker, "row": number} for id, number in rows]


def _counted(view: View, item: Told) -> Json | None:
    """What control makes of the claim; None where it says nothing about who holds a place, or is never counted."""
    if item.claim.place is None or item.claim.kind not in table("control")["roles"]:
        return None
    area = view.bearing.names.area(item.claim.place)
    pieces = [piece for piece in evidence_on(area, view.bearing) if piece.claim_id == item.claim.claim_id and not piece.implied]
    return _evidence_json(pieces[0]) if pieces else None


def _evidence_json(piece: Evidence) -> Json:
    days = {"date_start": iso(piece.first), "date_end": iso(piece.last)}
    return {
        "role": piece.role,
        "standing": piece.standing,
        "reach": piece.reach,
        "informant": piece.informant,
        "settles": piece.settles,
        **days,
    }


def _explain_report(view: View, id: str, on: date | None) -> Json | None:
    reports = view.record.reports("report_id = ? OR version = ? OR url = ?", (id, id, id))
    if not reports:
        return None
    translations = Translations(view.record)
    found = [told_json(item) | translations.beside(item) for item in view.record.told("report_id = ?", (reports[0].id,))]
    return {"reports": [_short(report_json(report)) for report in reports], "claims": found}


def _short(report: Json) -> Json:
    return {name: report[name] for name in ("id", "title", "url", "outlet", "author", "published", "language", "sha256")}


def _explain_place(view: View, id: str, on: date | None) -> Json | None:
    if not view.bearing.area(id) and not view.bearing.areas_called(id):
        return None
    line = view.line(find_place(view, id))
    day = on or max((piece.last for piece in line.evidence), default=date.today())
    return {"control": answer(history(line), day, known_by=view.known_by), "claims": told_once(piece.told for piece in line.evidence)}


def _explain_actor(view: View, id: str, on: date | None) -> Json | None:
    try:
        party = find_actor(view, id, on)
    except QuestionError:
        return None
    mine = [item for item in view.told_of(party) if is_party(view, item.claim.actor, party) or is_party(view, item.claim.recipient, party)]
    return {"actor": actor(view, id, on), "claims": told_once(mine)}
