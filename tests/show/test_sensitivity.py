"""Figures of sensitivity analysis: what is drawn is the table, and what is not resolved looks so."""

from __future__ import annotations

import figure_reading as read
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.plots import sensitivity_figures
from sim.figures.sensitivity import (
    MOST_ROWS,
    convergence_figure,
    effects_of,
    elementary_effects_figure,
    sensitivity_figure,
    standing_out,
)
from sim.figures.style import NEUTRAL_LOOK, SCENARIO_LOOKS

FACTORS = [
    "organization.trust",
    "constants.conformity",
    "rules.restriction",
    "behavior.a_very_long_name_of_a_coefficient",
]


def indices_table(
    measures: tuple[str, ...], factors: list[str] = FACTORS, minus: str = "", outcome: str = "monthly_posters"
) -> pd.DataFrame:
    """Indices that fall from the first factor on; all but the last are resolved."""
    rows = []
    for measure in measures:
        for place, factor in enumerate([*factors, "dummy"]):
            value = 0.6 / (1 + place)
            status = "" if factor == "dummy" else "resolved" if place < len(factors) - 1 else "not resolved"
            rows.append(
                {
                    "scenario": "collaboration", "minus": minus, "outcome": outcome, "measure": measure,
                    "factor": factor, "other": "", "value": value, "low": 0.8 * value, "high": 1.1 * value,
                    "status": status, "replication_low": value, "replication_high": value,
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


def convergence_table(measures: tuple[str, ...], n_sizes: int = 4, minus: str = "") -> pd.DataFrame:
    parts = []
    for place in range(n_sizes):
        size = 64 * 2**place
        parts.append(indices_table(measures, minus=minus).assign(samples=size, points=18 * size))
    return pd.concat(parts, ignore_index=True)


def marks(axes: Axes, size: float = 5.5) -> list[tuple[float, float, str]]:
    return [
        (float(line.get_xdata()[0]), float(line.get_ydata()[0]), str(line.get_markerfacecolor()))
        for line in read.data_lines(axes)
        if line.get_markersize() == size and line.get_marker() != "None" and len(line.get_xdata()) == 1
    ]


FIGURES = {
    "sobol": lambda: sensitivity_figure(indices_table(("ST", "S1"))),
    "contrast": lambda: sensitivity_figure(indices_table(("ST", "S1"), minus="like-facebook")),
    "pawn": lambda: sensitivity_figure(indices_table(("KS",))),
    "morris": lambda: sensitivity_figure(indices_table(("mu_star", "mu", "sigma"))),
    "many": lambda: sensitivity_figure(indices_table(("mu_star",), [f"behavior.factor_{n}" for n in range(110)])),
    "effects": lambda: elementary_effects_figure(indices_table(("mu_star", "mu", "sigma"))),
    "convergence": lambda: convergence_figure(convergence_table(("S1", "ST"))),
    "convergence of effects": lambda: convergence_figure(convergence_table(("mu_star",))),
}


@pytest.mark.parametrize("name", FIGURES)
def test_texts_stay_on_the_page_and_apart(name: str) -> None:
    figure: Figure = FIGURES[name]()
    boxes = read.text_boxes(figure)
    assert read.clipped_texts(figure, boxes) == []
    assert read.overlapping_texts(boxes) == []


def test_marks_are_the_table_and_hollow_where_not_resolved() -> None:
    table = indices_table(("ST", "S1"))
    axes = sensitivity_figure(table).axes[0]
    drawn = marks(axes)
    assert len(drawn) == 2 * (len(FACTORS) + 1)
    assert [label.get_text().replace("\n", "") for label in axes.get_yticklabels()][:2] == FACTORS[:2]
    for measure, shift, look in (("ST", -0.15, SCENARIO_LOOKS[0]), ("S1", 0.15, SCENARIO_LOOKS[1])):
        rows = table[table["measure"] == measure].reset_index()
        for place, row in rows.iterrows():
            x, _, color = next(mark for mark in drawn if mark[1] == pytest.approx(place + shift))
            assert x == pytest.approx(row["value"])
            assert color == (look.color if row["status"] == "resolved" else "white")


def test_effects_on_shares_are_in_points() -> None:
    figure = sensitivity_figure(indices_table(("mu_star", "mu", "sigma")))
    assert figure.axes[0].get_xlabel() == "mean size of the effect, percentage points per full range"
    assert max(mark[0] for mark in marks(figure.axes[0])) == pytest.approx(60)
    other = sensitivity_figure(indices_table(("mu_star",), outcome="days_to_answer"))
    assert other.axes[0].get_xlabel() == "mean size of the effect, working days per full range"


def test_only_the_largest_of_many_are_drawn_and_the_caption_says_so() -> None:
    figure = FIGURES["many"]()
    assert len(marks(figure.axes[0])) == MOST_ROWS + 1
    assert any(f"The {MOST_ROWS} largest of 110 are shown." in text for text in read.written(figure))


def test_the_contrast_is_named() -> None:
    texts = read.written(FIGURES["contrast"]())
    assert "Monthly posters, collaboration minus like-facebook: what decides" in texts


def test_elementary_effects_name_what_stands_out() -> None:
    table = indices_table(("mu_star", "mu", "sigma"))
    effects = effects_of(table)
    assert [effect.factor for effect in effects] == FACTORS
    assert effects[0].mu_star == pytest.approx(60)
    figure = elementary_effects_figure(table)
    texts = read.written(figure)
    assert all(name in texts for name in FACTORS[:-1])
    assert FACTORS[-1] not in texts
    assert [color for *_, color in marks(figure.axes[0], 6)].count("white") == 1


def test_convergence_follows_what_stands_out_and_the_dummy() -> None:
    table = convergence_table(("S1", "ST"))
    last = table[table["samples"] == 512]
    assert standing_out(last, "ST") == FACTORS[:-1]  # the interval of the last reaches that of the dummy
    axes = convergence_figure(table).axes[0]
    lines = [line for line in read.data_lines(axes) if len(line.get_xdata()) == 4]
    assert len(lines) == len(FACTORS)
    np.testing.assert_allclose(lines[0].get_ydata(), 0.6)
    assert lines[-1].get_color() == NEUTRAL_LOOK.color


def test_a_folder_gets_a_figure_for_each_subject() -> None:
    measures = ("mu_star", "mu", "sigma")
    indices = pd.concat([indices_table(measures), indices_table(measures, minus="like-facebook")])
    convergence = pd.concat([convergence_table(("mu_star",)), convergence_table(("mu_star",), minus="like-facebook")])
    ending = "-collaboration-minus-like-facebook"
    names = [name for name, _ in sensitivity_figures(indices, convergence)]
    assert names == [
        *(f"{name}-collaboration" for name in ("indices", "effects", "convergence")),
        *(f"{name}{ending}" for name in ("indices", "effects", "convergence")),
    ]
    alone = [name for name, _ in sensitivity_figures(indices_table(("KS",)), convergence_table(("KS",), 1))]
    assert alone == ["indices"]
    assert list(sensitivity_figures(indices.iloc[:0], convergence)) == []
