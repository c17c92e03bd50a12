"""The values that two coders gave the same units → how far they agree: per cent, and Krippendorff's alpha for nominal values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

Values = Sequence[tuple[str | None, str | None]]


def per_cent(values: Values) -> float | None:
    """Of the units, those given one value by both; None without units."""
    return round(100 * sum(one == other for one, other in values) / len(values), 1) if values else None


def alpha(values: Values) -> float | None:
    """1 for perfect agreement, 0 for that of chance; None where no value differs from another, so that chance would agree, too.

    "Nothing" (None) is a value here. Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), section B.

    >>> alpha(list(zip("0100000010", "1110010000")))
    0.095
    """
    counts = Counter(value for pair in values for value in pair)
    total = sum(counts.values())
    by_chance = total * total - sum(count * count for count in counts.values())
    if not by_chance:
        return None
    differing = 2 * sum(one != other for one, other in values)
    return round(1 - (total - 1) * differing / by_chance, 3)
