"""The text of a page that has lost its line breaks → where its story ends: other stories' titles, tags and appeals that run on from it."""

from __future__ import annotations

import re

HEAD = 0.4  # of a text: what looks like a footer so early is a bar over the story

_LINKS = r"Related(?: News| Articles| Topics| Stories)?|Category News|Tags:?|Read [Mm]ore:?"
_OPENS = re.compile(rf"(?:\bSource:? [\w ]{{2,40}}\b)?\b(?:{_LINKS})(?= [A-Z])")
_APPEALS = "Follow us on|Subscribe to our|Copyright ©|Community standards|Comment via|Terms of (?:Use|Service)|(?:Privacy|Cookie) Policy"
_CLOSES = re.compile(rf"\b(?:{_APPEALS})\b")


def footer(text: str) -> int:
    """Offset at which the footer of a page begins that ran into its story; the text's length where none did.

    It begins at the links or tags before an appeal to the reader, or at that appeal; a line of its own is no concern of this.

    >>> page = "Rebels took Karsa on Monday. The mayor fled to Sabra. Related News Air strike kills ten Follow us on Instagram."
    >>> page[footer(page) :]
    'Related News Air strike kills ten Follow us on Instagram.'
    """
    first = int(len(text) * HEAD)
    closes = _CLOSES.search(text, first)
    if closes is None or "\n" in text[first:]:
        return len(text)
    opens = _OPENS.search(text, first, closes.start())
    return opens.start() if opens else closes.start()
