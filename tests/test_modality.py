"""A reader of the record must not find an event told that the sentence only asks for, weighs, plans or points at."""

from datetime import date

import pytest

from khabar.model import Report, Section
from khabar.reading import load_knowledge, read

NOTHING_TOLD = [
    ("See also: Battle of Karsa and Siege of Marou.", "a title that the reader is sent to"),
    ("The monitor says it determines whose planes carried out the raids on Karsa.", "a question"),
    ("Bomb attacks in Karsa have been rare.", "how common"),
    ("There were no reports of clashes in Karsa.", "no word of it"),
    ("The rebels were on the verge of capturing Karsa.", "nearly"),
    ("The rebels are close to seizing the airport.", "nearly"),
    ("The army prevented the rebels from taking Karsa.", "kept from it"),
    ("No village was captured.", "of none"),
    ("Talks on the withdrawal of foreign troops from Karsa continued.", "talked about"),
    ("Will the town of Karsa fall to the rebels?", "a question"),
    ("Had the rebels captured the bridge at Karsa, the city would have starved.", "a condition"),
    ("The army lost four combat vehicles in Karsa.", "a sort of vehicle"),
    ("The town of Karsa is surrounded by hills.", "geography"),
    ("The area surrounding the square was shelled.", "geography"),
]


@pytest.mark.parametrize(("text", "why"), NOTHING_TOLD, ids=[text[:40] for text, _ in NOTHING_TOLD])
def test_what_is_not_told_as_fact_is_not_asserted(text: str, why: str) -> None:
    kinds = {"capture", "siege", "withdrawal", "clash", "bombing", "airstrike", "attack"}
    report = Report("r", text, published=date(2020, 6, 5), sections=(Section("body", 0, len(text)),))
    told = [claim for claim in read(report, load_knowledge()).claims if claim.kind in kinds and claim.modality == "asserted"]
    assert not told, why


def test_what_caused_an_event_is_asked_and_the_event_told() -> None:
    text = "It was not clear what had caused the blast in Karsa."
    report = Report("r", text, published=date(2020, 6, 5), sections=(Section("body", 0, len(text)),))
    assert [(claim.kind, claim.modality) for claim in read(report, load_knowledge()).claims] == [("bombing", "asserted")]
