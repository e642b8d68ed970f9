"""Files that describe the project to others say the same as the project itself."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from sim.version import __version__

ROOT = Path(__file__).resolve().parents[2]


def read() -> tuple[dict[str, Any], dict[str, Any], dict[str, Any], dict[str, Any]]:
    citation = YAML(typ="safe").load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    codemeta, zenodo = (
        json.loads((ROOT / name).read_text(encoding="utf-8")) for name in ("codemeta.json", ".zenodo.json")
    )
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return citation, codemeta, zenodo, project


def test_one_version_license_and_authors() -> None:
    citation, codemeta, zenodo, project = read()
    assert citation["version"] == codemeta["version"] == __version__
    assert citation["license"].lower() == zenodo["license"] == project["license"].lower()
    assert codemeta["license"].endswith(f"/{project['license']}")
    names = [author["name"] for author in project["authors"]]
    for given in (citation["authors"], codemeta["author"], zenodo["creators"]):
        assert [author["name"] for author in given] == names


def test_one_title_description_and_keywords() -> None:
    citation, codemeta, zenodo, project = read()
    assert citation["title"] == zenodo["title"]
    assert " ".join(citation["abstract"].split()) == zenodo["description"]
    assert codemeta["description"] == project["description"]
    assert citation["keywords"] == codemeta["keywords"] == zenodo["keywords"]
