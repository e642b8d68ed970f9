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
    described = next(block for block in BLOCKS if block.startswith("cli"))
    assert [set(line.split(", ")) for line in described.splitlines()] == [set(layer) for layer in reversed(layers)]


def test_floors_of_the_model_are_those_of_its_imports() -> None:
    floors = runpy.run_path(str(ROOT / "tests" / "test_architecture.py"))["WITHIN"]["model"]
    described = next(block for block in BLOCKS if block.startswith("face"))
    assert [set(line.split(", ")) for line in described.splitlines()] == [set(floor) for floor in reversed(floors)]


def test_the_day_is_that_of_the_engine() -> None:
    described = next(block for block in BLOCKS if block.startswith("launch("))
    source = inspect.getsource(getattr(engine.one_day, "py_func", engine.one_day))
    body = ast.parse(source).body[0].body[1:]
    assert described.splitlines() == [ast.unparse(line) for line in body]


def test_everything_in_the_folder_tree_exists() -> None:
    tree = next(block for block in BLOCKS if block.startswith("sim/"))
    package, top = tree.split("\nscenarios/", maxsplit=1)
    at_top = re.findall(r"^  (\S+/|\S+\.py)(?:  (\S+\.py))?", package, flags=re.M)
    listed = {name for row in at_top for name in row if name}
    listed |= {
        f"model/{name}"
        for row in re.findall(r"^    (\S+)(?:  (\S+\.py))?", package, flags=re.M)
        for name in row
        if name
    }
    assert [name for name in sorted(listed) if not (ROOT / "sim" / name).exists()] == []
    shelves = {f"{folder.name}/" for folder in (ROOT / "sim").iterdir() if (folder / "__init__.py").exists()}
    assert shelves <= listed
    for name in re.findall(r"\b([a-z]+)/", f"scenarios/{top}"):
        assert (ROOT / name).is_dir(), name
