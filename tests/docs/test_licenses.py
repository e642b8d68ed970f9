"""The page on licences names all that is installed with the project, and nothing that would bind its users."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "licenses.md").read_text(encoding="utf-8")


def test_every_dependency_is_named() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {re.sub(r"[-_.]+", "-", re.split(r"[<>=!~ ;]", each)[0]).lower() for each in project["dependencies"]}
    named = dict(re.findall(r"^\| ([a-z0-9-]+) \| ([^|]+) \|$", PAGE, flags=re.M))
    assert wanted <= set(named)
    assert not [name for name, licence in named.items() if re.search(r"\bA?GPL|see the package|Proprietary", licence)]


def test_what_is_shipped_is_there() -> None:
    assert (ROOT / "LICENSE").is_file()
    shipped = (ROOT / "sim" / "web" / "page" / "dist" / "LICENSES.txt").read_text(encoding="utf-8")
    assert len(shipped) > 1000
    assert "LICENSES.txt" in PAGE
