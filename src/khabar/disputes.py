"""A record → what its speakers disagree on, the most consequential first, each side's claims opposite the other's.

contested_places       who held a place; one change, told of different days
contested_incidents    two doers of one attack, or one who denies it; numbers that cannot both be right
"""

from __future__ import annotations

from datetime import date

from khabar.contested_incidents import over_incidents
from khabar.contested_places import over_place
from khabar.contract import Json, digest
from khabar.errors import QuestionError
from khabar.finding import find_actor, find_place
from khabar.happenings import Happenings, happenings, overlaps, told_of
from khabar.parties import Party
from khabar.positions import ORDER, Dispute, Position
from khabar.quoting import told_json
from khabar.record import Told
from khabar.view import View
from khabar.wording import speaker_words


def disputes(
    view: View,
    *,
    place: str | None = None,
    actor: str | None = None,
    first: date | None = None,
    last: date | None = None,
    happened: Happenings | None = None,
) -> list[Dispute]:
    """What speakers disagree on, of those days, that place and that actor; the most consequential first (`consequence`)."""
    if first and last and first > last:
        raise QuestionError(f"--from {first} is after --to {last}")
    area = find_place(view, place) if place else None
    happened = happened or happenings(view, first, last)
    places = [area] if area else told_of(view, happened.claims.values(), first, last)
    over = [one for there in places for one in over_place(view.line(there), asked=lambda start, end: overlaps(start, end, first, last))]
    of_area = [one for one in happened.incidents if area is None or (one.place and area.key in (one.place.key, one.place.parent))]
    over += over_incidents(of_area, happened.claims, view.bearing.ties)
    found = [dispute for dispute in over if overlaps(dispute.first, dispute.last, first, last)]
    if actor:
        party = find_actor(view, actor)
        found = [dispute for dispute in found if party.key in dispute.parties or any(_names(view, item, party) for item in dispute.told)]
    return sorted(found, key=consequence)


def consequence(dispute: Dispute) -> tuple[object, ...]:
    """The order of a list: by what it is about, what is settled after what is not, then by how many speak and how far they differ."""
    informants = len({informant for position in dispute.positions for informant in position.informants})
    ranks = (ORDER.index(dispute.about), dispute.settled is not None, -informants, -dispute.gap)
    return (*ranks, -dispute.last.toordinal(), dispute.matter, _ids(dispute))


def _ids(dispute: Dispute) -> list[str]:
    return sorted({item.claim.claim_id for item in dispute.told})


def _names(view: View, item: Told, party: Party) -> bool:
    named = (view.bearing.ties.party(item.claim.actor), view.bearing.ties.party(item.claim.recipient))
    return any(one is not None and one.key == party.key for one in named)


def dispute_json(dispute: Dispute) -> Json:
    """A dispute as the command prints it; `id` is a hash of its matter and claims."""
    area = dispute.place
    return {
        "id": digest([dispute.about, *_ids(dispute)])[:16],
        "about": dispute.about,
        "matter": dispute.matter,
        "place": {"id": area.id, "name": area.name, "latitude": area.latitude, "longitude": area.longitude} if area else None,
        "date_start": dispute.first.isoformat() if dispute.first else None,
        "date_end": dispute.last.isoformat(),
        "positions": [_position_json(position) for position in dispute.positions],
        "settled": dispute.settled,
        "because": list(dispute.because),
    }


def _position_json(position: Position) -> Json:
    return {
        "says": position.says,
        "informants": len(position.informants),
        "claims": [
            told_json(word.told)
            | {
                "said_by": speaker_words(word.told),
                "side": {"id": word.speaker.id, "name": word.speaker.name} if word.speaker else None,
                "interest": word.interest,
                "informant": word.informant,
                "copies": [item.claim.claim_id for item in word.copies],
            }
            for word in position.words
        ],
    }
