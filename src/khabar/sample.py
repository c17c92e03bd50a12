"""The installed package or a checkout of it → the folder of sample reports that `khabar demo` reads.

Why two places: in a wheel the folder lies inside the package (pyproject, `force-include`), in an editable install beside `src`.
"""

from __future__ import annotations

from pathlib import Path

from khabar.errors import KhabarError

NAME = "idlib-2015"


def folder() -> Path:
    """The sample: `reports/` to read, `gold.jsonl` with its hand coding, `README.md` on what is real in it and what is not."""
    package = Path(__file__).resolve().parent
    candidates = (package / "examples" / NAME, package.parent.parent / "examples" / NAME)
    for candidate in candidates:
        if (candidate / "reports").is_dir():
            return candidate
    raise KhabarError(f"the sample reports are missing: neither {candidates[0]} nor {candidates[1]} is there; install khabar again")


def reports() -> Path:
    """The folder to hand to `build`: the reports alone, without their README and coding."""
    return folder() / "reports"
