"""The text of a page that has lost its line breaks → where its story ends: other stories' titles, tags and appeals that run on from it."""

from __future__ import annotations

from khabar.pagecues import within

HEAD = 0.4  # of a text: what looks like a footer so early is a bar over the story


def footer(text: str) -> int:
    """Offset at which the footer of a page begins that ran into its story; the text's length where none did.

    It begins at the links or tags before an appeal to the reader, or at that appeal; a line of its own is no concern of this.

    >>> page = "Rebels took Karsa on Monday. The mayor fled to Sabra. Related News Air strike kills ten Follow us on Instagram."
    >>> page[footer(page) :]
    'Related News Air strike kills ten Follow us on Instagram.'
    """
    first = int(len(text) * HEAD)
    if "\n" in text[first:]:
        return len(text)
    end = min((found.start() for found in within("footer_closes", text, first)), default=None)
    if end is None:
        return len(text)
    return min((found.start() for found in within("footer_opens", text, first, end)), default=end)
