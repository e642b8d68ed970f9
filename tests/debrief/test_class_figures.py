"""The figures about a class: what is plotted is what the tables say, and no text is cut or covered."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import LineCollection

from sim.figures.class_figures import (
    COLORS,
    MEANING_LOOKS,
    MOST_LINES,
    MOST_ROWS,
    Question,
    class_launches_figure,
    class_predictions_figure,
    class_runs_figure,
    drawn_runs,
    shown_launches,
)
from sim.figures.style import DOT
from sim.pages.debrief.writing import class_words
from sim.words import LANGUAGES

sys.path.insert(0, str(Path(__file__).parents[1] / "show"))
import figure_reading as read

WIDTHS = (8.5, 4.6)
WORDS = {language: class_words(language) for language in LANGUAGES}


def nothing_is_cut(figure: object) -> None:
    boxes = read.text_boxes(figure)  # type: ignore[arg-type]
    assert read.clipped_texts(figure, boxes) == []  # type: ignore[arg-type]
    assert read.overlapping_texts(boxes) == []


def questions() -> list[Question]:
    first = pd.DataFrame(
        {"true": [3, 0, 2], "perhaps": [4, 1, 0], "hardly": [1, 0, 0], "false": [2, 7, 0]}, index=range(3)
    )
    second = pd.DataFrame({"true": [12, 0, 1], "perhaps": 0, "hardly": 0, "false": [0, 9, 0]}, index=range(3))
    names = ["A: “Like Facebook, but internal, restriction 0”", "B: “A way to work together”", "No clear difference"]
    return [
        Question("Which launch has more monthly posters at the end?", names, first),
        Question("Who posts: younger or older staff?", ["The younger", "The older", "About as often"], second),
    ]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_bars_are_as_long_as_the_counts(width: float, language: str) -> None:
    figure = class_predictions_figure(questions(), WORDS[language], width)
    for axes, question in zip(figure.axes, questions(), strict=True):
        bars = [(round(bar.get_y(), 3), bar.get_x(), bar.get_width()) for bar in axes.patches]  # type: ignore[attr-defined]
        rows = sorted({bar[0] for bar in bars})
        drawn = {row: sum(bar[2] for bar in bars if bar[0] == row) for row in rows}
        totals = [int(total) for total in question.table[list(COLORS)].sum(axis=1) if total]
        assert list(drawn.values()) == totals
        assert not axes.yaxis_inverted() or axes.get_ylim()[0] > axes.get_ylim()[1]
    nothing_is_cut(figure)


def launches(n: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    random = np.random.default_rng(3)
    meanings = list(MEANING_LOOKS)
    table = pd.DataFrame(
        {
            "launch": range(n),
            "name": [f"A launch with a long name, number {k}, restriction 0.{k}; trained beforehand" for k in range(n)],
            "meaning": [meanings[k % 4] for k in range(n)],
            "mean": np.linspace(0.3, 0.1, n),
        }
    )
    runs = pd.DataFrame({"launch": np.repeat(range(n), 12), "value": random.uniform(0, 0.4, 12 * n)})
    means = pd.DataFrame({"launch": np.repeat(range(n), 2), "value": random.uniform(0.1, 0.3, 2 * n)})
    return table, runs, means


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("n", [1, 7, 40])
def test_every_run_is_a_dot_of_its_launch(width: float, n: int) -> None:
    table, runs, means = launches(n)
    figure = class_launches_figure(table, runs, means, "monthly_posters", WORDS["en"], width)
    (axes,) = figure.axes
    dots = read.data_lines(axes, color=DOT)
    shown = shown_launches(table)
    assert len(dots) == len(shown) == min(n, MOST_ROWS)
    for line, launch in zip(dots, shown["launch"], strict=True):
        np.testing.assert_array_equal(np.sort(line.get_xdata()), np.sort(runs[runs["launch"] == launch]["value"]))
    assert any("40 launches" in text for text in read.written(figure)) == (n == 40)
    nothing_is_cut(figure)


def series(n_runs: int) -> pd.DataFrame:
    random = np.random.default_rng(4)
    meanings = list(MEANING_LOOKS)
    rows = [
        (f"{run}", run // 3, meanings[(run // 3) % 4], week, random.uniform(0, 0.2))
        for run in range(n_runs)
        for week in range(1, 21)
    ]
    return pd.DataFrame(rows, columns=["run_id", "launch", "meaning", "week", "value"])


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_run_is_a_line_in_the_color_of_its_message(width: float, language: str) -> None:
    table = series(24)
    figure = class_runs_figure(table, "monthly_posters", WORDS[language], width)
    (axes,) = figure.axes
    collections = [one for one in axes.collections if isinstance(one, LineCollection)]
    drawn = [segment for one in collections for segment in one.get_segments()]
    assert len(drawn) == 24
    values = np.sort(np.concatenate([segment[:, 1] for segment in drawn]))
    np.testing.assert_allclose(values, np.sort(table["value"]))
    nothing_is_cut(figure)


def test_a_thousand_runs_are_an_even_sample() -> None:
    table = series(900)
    names = drawn_runs(table)
    assert len(names) == len(set(names)) == MOST_LINES
    assert (names[0], names[-1]) == ("0", "899")
    figure = class_runs_figure(table, "monthly_posters", WORDS["en"])
    assert any(f"{MOST_LINES} of 900 runs" in text for text in read.written(figure))
