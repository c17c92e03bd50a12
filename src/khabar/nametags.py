"""The name tags of words → the same made whole: names that the tagger cut in two are one again."""

from __future__ import annotations

from collections.abc import Sequence

from khabar.lexicon import table

LINKS = frozenset({"of", "for"})
ARTICLES = frozenset({"al", "el", "ad", "an", "ar", "as", "ash", "at", "az", "ul", "ed", "es"})
KUNYAS = frozenset({"Abu", "Abd", "Abdul", "Umm", "Ibn"})
NAMED = ("NNP", "NNPS")
COMPASS = frozenset({"north", "south", "east", "west", "northern", "southern", "eastern", "western", "central"})  # "the Western Front"
LONGEST_BODY = 4
BODIES = frozenset(
    {"Front", "Brigade", "Brigades", "Battalion", "Battalions", "Regiment", "Movement", "Militia", "Army", "Alliance", "Faction"}
)
DEEDS = frozenset({"Operation", "Operations", "Resolution", "Article", "Protocol", "Exercise"})


def mended(tags: list[str], words: list[str], penn: list[str], deps: Sequence[str] = ()) -> list[str]:
    """The name tags made whole: every name begins with B, and names that the tagger cut in two are one again.

    >>> mended(["I-PLACE", "O", "B-PLACE"], ["Jisr", "-", "Shughour"], ["NNP", "HYPH", "NNP"])
    ['B-PLACE', 'I-PLACE', 'I-PLACE']
    >>> mended(["B-NORP", "B-ORG", "O", "B-ORG"], ["Syrian", "Observatory", "for", "Rights"], ["NNP", "NNP", "IN", "NNPS"])
    ['B-ORG', 'I-ORG', 'I-ORG', 'I-ORG']
    >>> mended(["B-ORG", "B-PERSON"], ["Omar", "Haddad"], ["NNP", "NNP"], ["nsubj", "flat"])
    ['B-PERSON', 'I-PERSON']
    >>> mended(["B-PLACE", "B-PERSON"], ["Omar", "Sala"], ["NNP", "NNP"], ["nsubj:pass", "flat"])
    ['B-PERSON', 'I-PERSON']
    >>> mended(["B-PERSON", "O", "O", "B-PLACE"], ["Omar", "al", "-", "Hilu"], ["NNP", "NNP", "HYPH", "NNP"])
    ['B-PERSON', 'I-PERSON', 'I-PERSON', 'I-PERSON']
    >>> mended(["B-PERSON", "I-PERSON", "O", "B-PLACE"], ["Omar", "al", "-", "Hilu"], ["NNP", "NNP", "HYPH", "NNP"])
    ['B-PERSON', 'I-PERSON', 'I-PERSON', 'I-PERSON']
    """
    found = list(tags)
    for i in range(1, len(found) - 1):
        before, after = found[i - 1][2:], found[i + 1][2:]
        hyphen = words[i] == "-" and before == after != ""
        if found[i] == "O" and (hyphen or (words[i] in LINKS and before == after == "ORG")):
            found[i : i + 2] = [f"I-{before}", f"I-{before}"]
    for i in range(len(found) - 1):
        # "Syrian Army" is one name where the treebanks would tag both words as names; in "Syrian troops" nothing follows.
        if found[i] == "B-NORP" and penn[i] == "NNP" and found[i + 1][2:] == "ORG":
            found[i : i + 2] = ["B-ORG", "I-ORG"]
    for i, dep in enumerate(deps):
        shown = i > 1 and penn[i - 2] in ("IN", "TO")  # "in Karsa Omar Haddad said", which has lost its comma
        openings = ("B-ORG",) if shown else ("B-ORG", "B-PLACE")
        if dep == "flat" and i and found[i][2:] == "PERSON" and found[i - 1] in openings and penn[i - 1] == "NNP":
            found[i - 1 : i + 1] = ["B-PERSON", "I-PERSON"]  # "Omar" is no body where "Haddad" goes on with it
    for i in range(1, len(found) - 1):
        # a name does not end in "for", and "al-" joins what stands after it to the name before it
        if penn[i] == "IN" and found[i] == "I-ORG" and found[i + 1] == "O" and penn[i + 1] in NAMED:
            found[i + 1] = "I-ORG"
        joins = words[i] == "-" and i > 1 and words[i - 1].lower() in ARTICLES and found[i] == "O" and found[i - 1] in ("O", "I-PERSON")
        first = next((j for j in range(i - 2, -1, -1) if not found[j].startswith("I-")), 0) if joins else 0
        open_ended = found[i - 2] in ("B-PERSON", "I-PERSON", "B-ORG") or words[first] in KUNYAS
        if joins and open_ended and found[i - 2] != "O" and penn[i + 1] in NAMED and not words[i - 2].isupper():
            found[i - 1 : i + 2] = [f"I-{found[i - 2][2:]}"] * 3
    grounds = table("place_forms")["first_words"]
    for i, tag in enumerate(found[:-1]):  # "Jebel Moya" is no person
        if tag == "B-PERSON" and words[i] in grounds and found[i + 1] == "I-PERSON":
            end = next((j for j in range(i + 1, len(found)) if found[j] != "I-PERSON"), len(found))
            found[i:end] = ["B-PLACE", *["I-PLACE"] * (end - i - 1)]
    for i in range(1, len(found)):  # "the Sabra Front" is no place, though Sabra is one
        if found[i] == "I-PLACE" and words[i] in BODIES and (i + 1 == len(found) or found[i + 1] != "I-PLACE"):
            start = next(j for j in range(i, -1, -1) if found[j].startswith("B-") or j == 0)
            if words[i - 1].lower() not in COMPASS and i - start < LONGEST_BODY:
                found[start : i + 1] = ["B-ORG", *["I-ORG"] * (i - start)]
    for i, tag in enumerate(found):  # "Operation Thunder", "Resolution 2254": what is done or decided is nowhere and nobody
        if words[i] in DEEDS and tag in ("B-PLACE", "B-ORG", "B-FACILITY"):
            end = next((j for j in range(i + 1, len(found)) if not found[j].startswith("I-")), len(found))
            found[i:end] = ["O"] * (end - i)
    for i, tag in enumerate(found):
        if tag.startswith("I-") and (i == 0 or found[i - 1][2:] != tag[2:]):
            found[i] = f"B-{tag[2:]}"
    return found
