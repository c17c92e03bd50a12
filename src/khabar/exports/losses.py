"""What a format could not carry → a report of it, with counts and examples."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from khabar.contract import Json

EXAMPLES = 3


@dataclass
class Losses:
    """What was left out or flattened, and why; `kept` counts what was written."""

    format: str
    kept: dict[str, int] = field(default_factory=dict)
    lost: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def lose(self, what: str, why: str, id: str) -> None:
        """One more of what was lost: an id that `khabar explain` takes."""
        self.lost.setdefault((what, why), []).append(id)

    def json(self) -> Json:
        rows = [{"what": what, "why": why, "count": len(ids), "examples": ids[:EXAMPLES]} for (what, why), ids in sorted(self.lost.items())]
        return {"format": self.format, "kept": self.kept, "lost": rows}

    def lines(self) -> Iterator[str]:
        """For a person: what was written, then what was not."""
        yield "written: " + (", ".join(f"{n} {what}" for what, n in self.kept.items()) or "nothing")
        for (what, why), ids in sorted(self.lost.items(), key=lambda item: (-len(item[1]), item[0])):
            shown = ", ".join(ids[:EXAMPLES]) + (" …" if len(ids) > EXAMPLES else "")
            yield f"lost: {what}, {'once' if len(ids) == 1 else f'{len(ids)} times'}, because {why} ({shown})"
