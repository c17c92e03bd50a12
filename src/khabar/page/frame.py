"""A page → what a notebook shows: the page in a frame of its own, from which nothing reaches the notebook."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path


@dataclass(frozen=True)
class Page:
    """One HTML file with all its evidence inside. A notebook shows it; `html` is the file, `save` writes it."""

    html: str
    height: int = 640

    def save(self, path: str | Path) -> Path:
        """Write the page to a file that any browser opens without a network."""
        path = Path(path)
        path.write_text(self.html, encoding="utf-8")
        return path

    def _repr_html_(self) -> str:
        """The sandbox runs the page's script in an origin of its own, away from the notebook and its cookies; links open beside it."""
        style = f"width:100%;height:{self.height}px;border:1px solid #8888"
        may = "allow-scripts allow-popups allow-popups-to-escape-sandbox"
        return f'<iframe title="Map" sandbox="{may}" style="{style}" srcdoc="{escape(self.html)}"></iframe>'

    def __repr__(self) -> str:
        return f"<a page of {len(self.html):,} characters; in a notebook it shows itself, elsewhere: .save('map.html')>"
