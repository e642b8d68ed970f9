"""The site names every page of the documentation, and its tutorials print what they say."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from ruamel.yaml import YAML

import sim

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"


def loaded(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


NOTEBOOKS = loaded(DOCS / "programs" / "notebooks.py")
HOOKS = loaded(DOCS / "site" / "hooks.py")
SITE = YAML(typ="safe").load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))


def pages(nav: Any) -> list[str]:
    if isinstance(nav, str):
        return [nav]
    return [page for part in nav for page in pages(next(iter(part.values())) if isinstance(part, dict) else part)]


def test_every_page_has_a_place() -> None:
    named = pages(SITE["nav"])
    made = {
        "reference/commands.md",
        "reference/python.md",
        *(f"tutorials/{file.stem}.md" for file in NOTEBOOKS.notebooks()),
    }
    there = {file.relative_to(DOCS).as_posix() for file in DOCS.rglob("*.md")}
    left_out = {page for page in there if page.startswith(("parts/", "programs/", "solara/", "class/en/", "class/nl/"))}
    assert len(set(named)) == len(named)
    assert set(named) == (there - left_out) | made


@pytest.mark.parametrize("file", NOTEBOOKS.notebooks(), ids=lambda file: file.stem)
def test_a_tutorial_prints_what_it_says(file: Path) -> None:
    kept = json.loads(file.read_text(encoding="utf-8"))
    assert NOTEBOOKS.executed(kept) == kept
    code = [cell for cell in kept["cells"] if cell["cell_type"] == "code"]
    assert sum(bool(cell["outputs"]) for cell in code) >= 2
    assert HOOKS.notebook_page(file).count("```") == 2 * sum(1 + len(cell["outputs"]) for cell in code)


def test_the_reference_has_every_name_and_every_command() -> None:
    page = HOOKS.python_page()
    for name in sim.__all__:
        assert name == "__version__" or f"heading: sim.{name}\n" in page, name
    commands = HOOKS.commands_page()
    for command in ("run", "compare", "sweep", "class serve", "staff"):
        assert f" intranet-sim {command}\n" in commands


def test_links_that_leave_the_pages_keep_their_words() -> None:
    class File:
        src_uri = "start/developer.md"

    class Page:
        file = File()

    class Other:
        src_uri = "odd.md"

    text = "[a](../../README.md) [b](../odd.md#x) ![c](../none.png) [d](https://example.org)\n```\n[e](../../f.md)\n```\n[g](../t.ipynb)"
    kept = HOOKS.on_page_markdown(text, Page(), None, [File(), Other()])
    assert kept == (
        "a [b](../odd.md#x) ![c](../none.png) [d](https://example.org)\n```\n[e](../../f.md)\n```\n[g](../t.md)"
    )
