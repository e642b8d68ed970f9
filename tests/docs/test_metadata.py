"""Files that describe the project to others say the same as the project itself."""

from __future__ import annotations

import json
import re
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


# What conda-forge calls otherwise than the Python index does.
CONDA_NAMES = {"matplotlib": "matplotlib-base", "SALib": "salib"}


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


def test_repository_and_doi_stand_in_all_of_them_or_in_none() -> None:
    citation, codemeta, zenodo, project = read()
    repositories = {
        citation.get("repository-code"), codemeta.get("codeRepository"), project.get("urls", {}).get("Repository"),
    }  # fmt: skip
    assert len(repositories) == 1, "CITATION.cff, codemeta.json and pyproject.toml name different repositories"
    doi = citation.get("doi")
    assert codemeta.get("identifier") == (f"https://doi.org/{doi}" if doi else None)
    assert "doi" not in zenodo, "Zenodo gives the DOI itself"
    assert doi is None or doi.startswith("10.")


def test_the_conda_recipe_is_that_of_this_project() -> None:
    project = read()[3]
    recipe = YAML(typ="safe").load((ROOT / ".ci" / "conda" / "recipe.yaml").read_text(encoding="utf-8"))
    assert recipe["context"]["version"] == __version__
    assert recipe["package"]["name"] == project["name"]
    wanted = [f"python {project['requires-python']}"]
    for dependency in project["dependencies"]:
        name = re.match(r"[\w.-]+", dependency)[0]  # type: ignore[index]
        wanted.append(f"{CONDA_NAMES.get(name, name)} {dependency.removeprefix(name)}")
    assert recipe["requirements"]["run"] == wanted
    scripts = [f"{name} = {target}" for name, target in project["scripts"].items()]
    assert recipe["build"]["python"]["entry_points"] == scripts
    assert recipe["about"]["summary"] == project["description"]
    assert recipe["about"]["license"] == project["license"]
    assert (ROOT / recipe["about"]["license_file"]).exists()
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert [each.replace(" ", "") for each in recipe["requirements"]["host"][2:]] == pyproject["build-system"][
        "requires"
    ]
