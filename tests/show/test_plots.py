"""All figures together: files, equal bytes, readable text in every case, and no global state."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import figure_reading as read
import numpy as np
import pandas as pd
import pytest
import synthetic_tables
from matplotlib.figure import Figure
from time_limits import PROGRAM_SECONDS

import sim
from sim.catalog.outcomes import OUTCOMES
from sim.figures.layout import ENGLISH
from sim.figures.plots import draw_all, figures, svg_bytes

PACKAGE = Path(sim.__file__).parent
RUN = ("curves", "groups", "frames")
COMPARE_TWO = ("overview", "differences", *RUN)
LONG_NAMES = [
    "launched-as-a-fresh-new-place-for-everyone-with-many-words-variant-one",
    "launched-as-a-fresh-new-place-for-everyone-with-many-words-variant-two",
    "x" * 80,
    "$5 & <script>alert(1)</script>_x_",
    "a name with spaces and $math$ that goes on for a while",
    "C",
]


def names_of(tables: dict[str, pd.DataFrame]) -> list[str]:
    return [name for name, _ in figures(tables)]


def test_draw_all_writes_each_figure_twice_and_nothing_else(tmp_path: Path, two: dict[str, pd.DataFrame]) -> None:
    paths = draw_all(tmp_path, two)
    assert paths == [tmp_path / "figures" / f"{name}.{kind}" for name in COMPARE_TWO for kind in ("png", "svg")]
    assert sorted(tmp_path.rglob("*.*")) == sorted(paths)
    for path in paths:
        start = path.read_bytes()[:8]
        assert start == b"\x89PNG\r\n\x1a\n" if path.suffix == ".png" else start.startswith(b"<?xml")


def test_a_figure_that_cannot_be_written_leaves_nothing(tmp_path: Path, one_run: dict[str, pd.DataFrame]) -> None:
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "curves.svg").mkdir()  # a folder where the file should go
    with pytest.raises(OSError, match="curves"):
        draw_all(tmp_path, one_run)
    assert sorted(path.name for path in (tmp_path / "figures").iterdir()) == ["curves.png", "curves.svg"]


DRAW_IN_A_NEW_PROCESS = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
import synthetic_tables
from sim.figures.plots import draw_all
draw_all(Path(sys.argv[1]), synthetic_tables.all_tables(["like-facebook", "collaboration"], 3, 12))
assert "matplotlib.pyplot" not in sys.modules, "pyplot keeps figures in global state"
"""


def test_bytes_are_equal_when_repeated(tmp_path: Path) -> None:
    """Also in another process, with another hash seed and somebody else's matplotlib settings."""
    (tmp_path / "matplotlibrc").write_text("lines.linewidth: 9\nsvg.fonttype: path\nfont.size: 30\n")
    (tmp_path / "other").mkdir()
    environment = {
        **os.environ,
        "PYTHONHASHSEED": "77",
        "MATPLOTLIBRC": str(tmp_path / "matplotlibrc"),
        "TZ": "Asia/Tokyo",
    }
    command = [
        sys.executable,
        "-W",
        "error",
        "-c",
        DRAW_IN_A_NEW_PROCESS,
        str(tmp_path / "other"),
        str(Path(__file__).parent),
    ]
    subprocess.run(command, check=True, env=environment, timeout=PROGRAM_SECONDS)
    (tmp_path / "here").mkdir()
    tables = synthetic_tables.all_tables(["like-facebook", "collaboration"], 3, 12)
    for path in draw_all(tmp_path / "here", tables):
        assert path.read_bytes() == (tmp_path / "other" / "figures" / path.name).read_bytes(), path.name


def test_svg_keeps_text_as_text_and_says_nothing_of_time_or_version(two: dict[str, pd.DataFrame]) -> None:
    for name, figure in figures(two):
        data = svg_bytes(figure)
        root = ElementTree.fromstring(data)
        texts = " ".join("".join(node.itertext()) for node in root.iter("{http://www.w3.org/2000/svg}text"))
        assert "of" in texts, name
        assert root.find("{http://www.w3.org/2000/svg}title").text == figure.get_label()
        assert b"dc:date" not in data
        assert b"Matplotlib" not in data
        assert b"dasharray: ;" not in data  # an empty pattern makes the line vanish in some viewers


def test_names_from_files_stay_text() -> None:
    tables = synthetic_tables.all_tables(LONG_NAMES[3:5], 2, 3)
    for _, figure in figures(tables):
        data = svg_bytes(figure).decode()
        assert "<script" not in data
    assert any("$5 & <script>alert(1)</script>_x_" in text for text in read.written(figure))


def cases() -> Iterator[tuple[str, dict[str, pd.DataFrame]]]:
    pair = ["like-facebook", "collaboration"]
    two_short = synthetic_tables.all_tables(pair, 3, 8)
    yield "one run", synthetic_tables.all_tables(["baseline"], 1, 52)
    yield "one week", synthetic_tables.all_tables(pair, 12, 1)
    yield "one pair", synthetic_tables.all_tables(pair, 1, 20)
    yield "two", synthetic_tables.all_tables(pair, 12, 52)
    yield "six", synthetic_tables.all_tables(list(synthetic_tables.LEVELS), 3, 26)
    yield "long names", synthetic_tables.all_tables(LONG_NAMES, 2, 26)
    yield "two long names", synthetic_tables.all_tables(LONG_NAMES[:2], 2, 26)
    yield "twenty years", synthetic_tables.all_tables(["baseline"], 2, 1040)
    yield "zeros", synthetic_tables.with_outcomes(two_short, 0.0)
    yield "all equal", synthetic_tables.with_outcomes(two_short, 0.31)
    yield "everybody", synthetic_tables.with_outcomes(two_short, 1.0)
    yield "missing", synthetic_tables.with_outcomes(two_short, np.nan)


CASES = dict(cases())


@pytest.fixture(scope="module")
def drawn() -> dict[str, dict[str, Figure]]:
    return {case: dict(figures(tables)) for case, tables in CASES.items()}


def test_which_figures_there_are(drawn: dict[str, dict[str, Figure]]) -> None:
    assert tuple(drawn["one run"]) == RUN
    assert tuple(drawn["two"]) == COMPARE_TWO
    assert tuple(drawn["six"]) == ("differences", *RUN)


def test_tables_without_rows_give_no_figures() -> None:
    tables = CASES["one pair"]
    assert names_of({**tables, "differences": tables["differences"].iloc[:0]}) == list(RUN)
    assert names_of({name: table.iloc[:0] for name, table in tables.items()}) == []


@pytest.mark.parametrize("case", CASES)
def test_no_text_is_clipped_or_overlaps(case: str, drawn: dict[str, dict[str, Figure]]) -> None:
    for name, figure in drawn[case].items():
        boxes = read.text_boxes(figure)
        assert read.clipped_texts(figure, boxes) == [], name
        assert read.overlapping_texts(boxes) == [], name


@pytest.mark.parametrize("case", CASES)
def test_every_axis_has_a_unit_and_no_number_is_nan(case: str, drawn: dict[str, dict[str, Figure]]) -> None:
    for name, figure in drawn[case].items():
        assert not any("nan" in text.split() or "nan%" in text for text in read.written(figure)), name
        for axes in figure.axes:
            has_unit = {"x": bool(axes.get_xlabel()), "y": bool(axes.get_ylabel())}
            # Panels below or beside each other share the label of the outer one; rows and pairs name themselves.
            if axes.get_xticklabels() and any(label.get_text() for label in axes.get_xticklabels()):
                assert has_unit["x"], name
            assert has_unit["x"] or has_unit["y"] or name == "frames", name


def test_every_outcome_has_a_name_and_a_unit() -> None:
    for outcome in OUTCOMES:
        assert ENGLISH[f"outcome.{outcome.name}"]
        assert ENGLISH[f"unit.{outcome.name}"]


def test_matplotlib_is_imported_only_here() -> None:
    for file in PACKAGE.rglob("*.py"):
        if file.relative_to(PACKAGE).parts[0] in ("figures", "documents", "pages"):
            continue
        text = file.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)) if "matplotlib" in text else ():
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            assert not any(name.split(".")[0] == "matplotlib" for name in names), file
