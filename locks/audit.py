"""The locks → known vulnerabilities, and the licences of everything that is installed.

python locks/audit.py              known vulnerabilities of what is locked, where the advisories can be reached
python locks/audit.py licences     docs/reference/licences.md
python locks/audit.py pins         the hashes of the model and of the data, as in locks/data.sha256
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from hashlib import sha256
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

LOCKS = Path(__file__).parent
ROOT = LOCKS.parent
PINNED = ("src/khabar/models/**/*", "src/khabar/knowledge/places/*.csv", "examples/**/reports/*")
PIN = re.compile(r"^([\w.-]+)(?:\[[\w,-]+\])?==(\S+)", re.MULTILINE)


def main() -> int:
    what = sys.argv[1] if len(sys.argv) > 1 else "vulnerabilities"
    if what == "licences":
        print(licences(), end="")
    elif what == "pins":
        print("".join(f"{digest}  {name}\n" for name, digest in pins().items()), end="")
    else:
        return vulnerabilities()
    return 0


def locked(name: str) -> dict[str, str]:
    """Packages of a lock with their versions."""
    return dict(PIN.findall((LOCKS / name).read_text("utf-8")))


def pins() -> dict[str, str]:
    """SHA-256 of the files that decide what is read."""
    files = sorted(path for pattern in PINNED for path in ROOT.glob(pattern) if path.is_file())
    return {path.relative_to(ROOT).as_posix(): sha256(path.read_bytes()).hexdigest() for path in files}


def vulnerabilities() -> int:
    """Prints what pip-audit finds; 0 where it finds nothing, or reaches nobody who could know, which is said."""
    words = ["-m", "pip_audit", "-r", str(LOCKS / "all.txt"), "--require-hashes", "--disable-pip", "--progress-spinner", "off"]
    try:
        ran = subprocess.run([sys.executable, *words, "-f", "json"], capture_output=True, text=True, timeout=300, check=False)
    except subprocess.TimeoutExpired:
        print("audit: NOT AUDITED: no answer within five minutes")
        return 0
    if not ran.stdout.startswith("{"):
        last = (ran.stderr.strip().splitlines() or ["pip-audit said nothing"])[-1]
        print(f"audit: NOT AUDITED: {last[:200]} (pip install pip-audit, and a network)")
        return 0
    rows = json.loads(ran.stdout)["dependencies"]
    known = [row for row in rows if "skip_reason" not in row]
    found = [(row, fault) for row in known for fault in row["vulns"]]
    for row, fault in found:
        print(f"{row['name']} {row['version']}: {fault['id']}, mended in {', '.join(fault['fix_versions']) or 'no version yet'}")
    if not known:
        print(f"audit: NOT AUDITED: the advisories cannot be reached from here; {len(rows)} packages were asked for")
    else:
        print(f"audit: {len(known)} of {len(rows)} packages looked up, {len(found)} known vulnerabilities")
    return 1 if found else 0


def licences() -> str:
    """The page of the licences, from what the installed packages say of themselves."""
    core, every = locked("core.txt"), locked("all.txt")
    rows, absent = [], []
    for name in sorted(every, key=str.lower):
        try:
            rows.append(f"| {name} | {licence(distribution(name))} | {'khabar' if name in core else 'an extra, or the tests'} |")
        except PackageNotFoundError:
            absent.append(name)
    lines = [
        "# Licences of what Khabar stands on",
        "",
        "Written by `make audit` from what the packages say of themselves. Khabar itself is Apache-2.0; its sample is CC BY 4.0.",
        "Places: GeoNames (CC BY 4.0), outlines: Natural Earth, US counties: Census Bureau (both public domain). "
        "The language model: see its [card](model-card.md).",
        "",
        "| package | licence | needed by |",
        "|---|---|---|",
        *rows,
        "",
        f"Locked, and not installed where this was written: {', '.join(absent) or 'nothing'}.",
    ]
    return "\n".join(lines) + "\n"


def licence(found: Distribution) -> str:
    """One line: the SPDX expression where there is one, else the classifiers, else the beginning of the field."""
    facts = found.metadata
    if expression := facts.get("License-Expression"):
        return str(expression)
    classes = [line.rpartition(" :: ")[2] for line in facts.get_all("Classifier") or [] if line.startswith("License ::")]
    field = (str(facts.get("License") or "").strip().splitlines() or [""])[0]
    return "; ".join(one for one in classes if one != "OSI Approved") or field[:60] or "not stated"


if __name__ == "__main__":
    sys.exit(main())
