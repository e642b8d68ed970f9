"""The page on licences: what the project ships and what it stands on. ``python docs/programs/licenses.py``."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "licenses.md"
HEAD = (ROOT / "docs" / "parts" / "licenses.txt").read_text(encoding="utf-8")
SHORT = {
    "Apache Software License": "Apache-2.0", "Apache License 2.0": "Apache-2.0",
    "MIT License": "MIT", "BSD License": "BSD",
    "Python Software Foundation License": "PSF-2.0", "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "ISC License (ISCL)": "ISC", "Historical Permission Notice and Disclaimer (HPND)": "HPND",
    "Zope Public License": "ZPL-2.1", "Academic Free License (AFL)": "AFL",
}  # fmt: skip


def licence_of(name: str) -> str:
    """Return what a package says of its licence, in a few letters."""
    facts = metadata.metadata(name)
    said = facts.get("License-Expression") or ""
    if not said:
        classes = [
            each.rpartition(" :: ")[2] for each in facts.get_all("Classifier") or () if each.startswith("License ::")
        ]
        said = " OR ".join(SHORT.get(each, each) for each in classes if each != "OSI Approved")
    if not said:
        first = (facts.get("License") or "").strip().splitlines()[:1]
        said = SHORT.get(first[0], first[0])[:60] if first else "see the package"
    return said


def needed(name: str, seen: set[str]) -> Iterator[str]:
    """Yield a package and all that it needs here, each once."""
    key = re.sub(r"[-_.]+", "-", name).lower()
    if key in seen:
        return
    seen.add(key)
    try:
        requirements = metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return  # not on this system
    yield key
    for requirement in map(Requirement, requirements):
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield from needed(requirement.name, seen)


def page() -> str:
    """Return the page."""
    names = sorted(set(needed("intranet-sim", set())) - {"intranet-sim"})
    return HEAD + "".join(f"| {name} | {licence_of(name)} |\n" for name in names)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.exit(0)
