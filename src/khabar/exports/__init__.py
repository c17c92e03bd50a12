"""Content → files in the formats of the field, each with a report of what the format could not carry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from khabar.exports.content import Content
from khabar.exports.graphs import write_ftm, write_stix
from khabar.exports.layouts import write_acled, write_ged, write_plover
from khabar.exports.losses import Losses
from khabar.exports.maps import write_geojson, write_geopackage, write_html, write_timemap, write_wikipedia
from khabar.exports.tables import write_csv, write_excel, write_parquet


@dataclass(frozen=True)
class Format:
    """A way out: `suffix` of its file, "" for a folder; `extra`: what must be installed for it, None for nothing."""

    write: Callable[[Content, Path], Losses]
    suffix: str
    means: str
    extra: str | None = None

    def written(self, content: Content, path: Path) -> Losses:
        """Write the file; what was lost."""
        losses = self.write(content, path)
        if self.write not in (write_csv, write_parquet, write_excel):
            for item in content.told:
                if content.view.translations.beside(item):
                    why = "the format has one text of a sentence; export csv for both"
                    losses.lose("the words of the original beside a translation", why, item.claim.claim_id)
        return losses


FORMATS: Mapping[str, Format] = {
    "csv": Format(write_csv, "", "claims, incidents, holdings and reports as four CSV tables"),
    "parquet": Format(write_parquet, "", "the same as Parquet and GeoParquet", "parquet"),
    "excel": Format(write_excel, ".xlsx", "the same as a workbook", "sheets"),
    "geojson": Format(write_geojson, ".geojson", "incidents and holdings with their evidence"),
    "geopackage": Format(write_geopackage, ".gpkg", "incidents and holdings, styled for QGIS", "gis"),
    "html": Format(write_html, ".html", "one page with a before/after map"),
    "acled": Format(write_acled, ".csv", "incidents in ACLED's 31 columns; our data, not ACLED's"),
    "ged": Format(write_ged, ".csv", "deadly incidents in UCDP GED's 49 columns; our data, not UCDP's"),
    "plover": Format(write_plover, ".jsonl", "claims as PLOVER records"),
    "stix": Format(write_stix, ".json", "a STIX 2.1 bundle", "stix"),
    "ftm": Format(write_ftm, ".ftm.json", "FollowTheMoney entities"),
    "timemap": Format(write_timemap, "", "events.json and sources.json for TimeMap"),
    "wikipedia": Format(write_wikipedia, ".lua", "rows of a Lua map module"),
}
