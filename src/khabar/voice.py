"""A cue at work → its voice: token numbers of cue, source and content."""

from __future__ import annotations

from dataclasses import dataclass

from khabar.dependencies import Tokens
from khabar.model import Modality


@dataclass(frozen=True, slots=True)
class Voice:
    """One cue at work: token numbers of cue, source and content. `speaker` is the noun of the source, `hearers` are those to whom it was
    said ("told AFP"), `cited` is whom the source cites for all of it; `hearsay`: nobody is named ("reportedly"); `adjunct`: "according to";
    `quoting`: "quoted X as saying"; `impersonal`: "is expected to"; `hedge`: hearsay that adds nobody to a speaker ("allegedly")."""

    cue: Tokens
    source: Tokens
    content: Tokens
    speaker: int | None
    stance: Modality
    link: bool = True
    hearers: tuple[int, ...] = ()
    cited: int | None = None
    hearsay: bool = False
    direct: bool = False
    adjunct: bool = False
    quoting: bool = False
    impersonal: bool = False
    hedge: bool = False
