"""The page on architecture has the layers that the imports have, and the day that the engine has."""

from __future__ import annotations

import ast
import inspect
import re
import runpy
from pathlib import Path

from sim.model import engine

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```\n(.*?)^```", PAGE, flags=re.M | re.S)


def test_layers_are_those_of_the_imports() -> None:
    layers = runpy.run_path(str(ROOT / "tests" / "test_architecture.py"))["LAYERS"]
    described = next(block for block in BLOCKS if block.startswith("commands"))
    assert [set(line.split(", ")) for line in described.splitlines()] == [set(layer) for layer in reversed(layers)]


def test_the_day_is_that_of_the_engine() -> None:
    described = next(block for block in BLOCKS if block.startswith("launch("))
    source = inspect.getsource(getattr(engine.one_day, "py_func", engine.one_day))
    body = ast.parse(source).body[0].body[1:]
    assert described.splitlines() == [ast.unparse(line) for line in body]


def test_everything_in_the_folder_tree_exists() -> None:
    tree = next(block for block in BLOCKS if block.startswith("sim/"))
    package, top = tree.split("\nscenarios/", maxsplit=1)
    names = re.findall(r"^  (\S+)(?:  (\S+\.py|\S+/))?(?:  (\S+/))?", package, flags=re.M)
    listed = {name for row in names for name in row if name}
    assert [name for name in sorted(listed) if not (ROOT / "sim" / name).exists()] == []
    for name in re.findall(r"\b([a-z]+)/", f"scenarios/{top}"):
        assert (ROOT / name).is_dir() or name == "importing", name


# What the project has set itself, of changes by what they are called on the page.
BARS = {
    "an outcome": 6,
    "a workforce": 2,
    "a column of the tables of `compare`": 3,
    "a claim of the scorecard": 1,
    "an option of `sweep`": 1,
    "where `--worlds` takes its worlds": 2,
}


def test_what_a_change_touches_is_there_and_counted() -> None:
    section = PAGE.split("### What a change touches")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (.+?) \| (\d+) \| (.+) \|$", section, flags=re.M)
    assert len(rows) == 12
    for change, n, which in rows:
        files = re.findall(r"`((?:sim|docs|tests|benchmarks)/[^`]+)`", which)
        assert len(set(files)) == len(files) == int(n) <= BARS.get(change, 20), change
        assert [file for file in files if not (ROOT / file).is_file()] == [], change
    assert set(BARS) <= {change for change, *_ in rows}


def test_a_term_stands_where_the_page_says() -> None:
    """The Dutch word for poster, in the catalog and beside it."""
    row = next(line for line in PAGE.splitlines() if line.startswith("| another Dutch word for poster |"))
    catalogs = [*(ROOT / "sim" / "words").rglob("*.json"), *(ROOT / "sim" / "runs").rglob("data/*.json")]
    found = [file for file in catalogs if "schrijver" in file.read_text(encoding="utf-8")]
    assert found
    assert [file for file in found if f"`{file.relative_to(ROOT).as_posix()}`" not in row] == []
