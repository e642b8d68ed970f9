"""The page on the framing effect and the program behind it: complete, consistent with the registry, and alive."""

from __future__ import annotations

import contextlib
import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from sim.catalog.outcomes import OUTCOME_NAMES
from sim.catalog.registry import PARAMETER_BY_PATH
from sim.runs.executors import InProcessExecutor
from sim.scenario import load_scenario

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = DOCS / "framing-effect.md"
BLOCK = re.compile(r"<!-- (\w+) -->\n(.*?)<!-- end \1 -->", re.DOTALL)


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """The program, told to work small, in this process, on a page and figures elsewhere."""
    monkeypatch.syspath_prepend(str(DOCS / "programs"))
    runs, experience = importlib.import_module("framing_runs"), importlib.import_module("framing_experience")
    found = importlib.import_module("framing_effect")

    def small(name: str) -> object:
        return load_scenario(name, ["organization.employees=50", "run.weeks=5"])

    @contextlib.contextmanager
    def in_process() -> Iterator[InProcessExecutor]:
        yield InProcessExecutor()

    monkeypatch.setattr(runs, "load_scenario", small)
    monkeypatch.setattr(experience, "N_ORGANIZATIONS", 2)
    for name, value in {
        "workers": in_process, "N_PAIRS": 2, "N_MECHANISM_PAIRS": 5, "N_WORLDS": 12, "N_SETTINGS_WORLDS": 3,
        "N_WORLD_PAIRS": 2, "N_CONFIRMED": 2, "N_CONFIRM_PAIRS": 2, "POINT": 0.0,
        "SMALL_WORLD": {"organization.employees": 40, "run.weeks": 4},
        "PAGE": tmp_path / "page.md", "FIGURES": tmp_path / "figures",
    }.items():  # fmt: skip
        monkeypatch.setattr(found, name, value)
    return found


def test_the_page_is_filled_and_names_only_what_exists() -> None:
    text = PAGE.read_text(encoding="utf-8")
    blocks = dict(BLOCK.findall(text))
    assert len(blocks) == text.count("<!-- end ") == 11
    assert all(block.strip() for block in blocks.values())
    keys = set(re.findall(r"`((?:behavior|organization|launch|leadership|rules)\.[\w.]+)", text))
    assert len(keys) > 10
    assert keys <= set(PARAMETER_BY_PATH)
    named = set(re.findall(r"`(\w+_\w+)`", text))
    coefficients = {path.partition(".")[2] for path in PARAMETER_BY_PATH}
    assert named <= coefficients | set(OUTCOME_NAMES)
    assert (DOCS / "figures" / "framing-effect.png").is_file()


def test_the_program_fills_every_block(program: ModuleType) -> None:
    page = PAGE.read_text(encoding="utf-8")
    empty = BLOCK.sub(r"<!-- \1 -->\n<!-- end \1 -->", page)
    program.PAGE.write_text(empty, encoding="utf-8")
    program.main()
    filled = program.PAGE.read_text(encoding="utf-8")
    blocks = dict(BLOCK.findall(filled))
    assert blocks.keys() == dict(BLOCK.findall(page)).keys()
    assert all(block.strip() for block in blocks.values())
    assert BLOCK.sub("", filled) == BLOCK.sub("", page)
    # With every way off in which a frame acts, the framing makes no difference at all.
    assert re.search(r"^\| \(none\) \| .* \| 0\.0 \[0\.0, 0\.0\] \| 0\.0 \[0\.0, 0\.0\] \|$", blocks["alone"], re.M)
    assert {path.suffix for path in program.FIGURES.iterdir()} == {".png", ".svg"}
    before = filled
    program.main()
    assert program.PAGE.read_text(encoding="utf-8") == before


def test_a_page_without_a_block_is_refused(program: ModuleType) -> None:
    with pytest.raises(ValueError, match="no block shares"):
        program.replaced("<!-- defaults -->\n<!-- end defaults -->", "shares", "x")


def test_worlds_lie_in_their_ranges(program: ModuleType) -> None:
    worlds = importlib.import_module("framing_worlds")
    where = worlds.space(True)
    values = worlds.sample(where, 50, 3)
    assert (values == worlds.sample(where, 50, 3)).all()
    for row in values:
        settings = worlds.settings_of(where, row)
        assert set(settings) <= set(PARAMETER_BY_PATH)
        for path, value in settings.items():
            entry = PARAMETER_BY_PATH[path]
            if entry.kind in ("int", "float"):
                assert entry.low <= value <= entry.high
                assert isinstance(value, int if entry.kind == "int" else float)
    assert not any(path.startswith("launch.framing") for path in where.names)
