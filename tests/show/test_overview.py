"""The picture of one comparison: curves, pairs and a headline that claims no more than the interval allows."""

from __future__ import annotations

import figure_reading as read
import numpy as np
import pandas as pd
import pytest
import synthetic_tables

from sim.figures.overview import overview_figure
from sim.figures.style import DOT, scenario_look
from sim.figures.summary import pair_differences


def overview(tables: dict[str, pd.DataFrame], **changes: object) -> object:
    differences = tables["differences"].copy()
    for column, value in changes.items():
        differences.loc[differences["outcome"] == "monthly_posters", column] = value
    return overview_figure(tables["series"], tables["runs"], differences)


def pair_markers(axes: object) -> list[float]:
    return [float(line.get_ydata()[0]) for line in axes.get_lines() if line.get_markersize() == 7]


def test_the_winner_stands_above_zero(two: dict[str, pd.DataFrame]) -> None:
    figure = overview(two)
    row = two["differences"].query("outcome == 'monthly_posters'").iloc[0]
    assert row["high"] < 0
    curves, pairs = figure.axes
    assert pair_markers(pairs) == pytest.approx([-row["mean"]])
    (bar,) = [line for line in pairs.get_lines() if line.get_linewidth() == 3]
    np.testing.assert_allclose(bar.get_ydata(), [-row["high"], -row["low"]])
    (dots,) = [line for line in pairs.get_lines() if line.get_markerfacecolor() == DOT]
    expected = -pair_differences(two["runs"], "like-facebook", "collaboration", "monthly_posters")
    np.testing.assert_allclose(np.sort(dots.get_ydata()), np.sort(expected))
    texts = read.written(figure)
    assert "More monthly posters with “collaboration” than with “like-facebook”" in texts
    n_ahead = int((expected > 0).sum())
    assert f"collaboration ahead in\u00a0{n_ahead}\u00a0of\u00a020" in texts
    assert f"like-facebook ahead in\u00a0{20 - n_ahead}\u00a0of\u00a020" in texts
    for position, scenario in enumerate(("like-facebook", "collaboration")):
        rows = two["series"][two["series"]["scenario"] == scenario]
        means = rows.groupby("week")["monthly_posters"].mean()
        np.testing.assert_allclose(read.curve(curves, scenario_look(position).color, 52), means)


def test_zero_is_a_line_in_the_middle(two: dict[str, pd.DataFrame]) -> None:
    pairs = overview(two).axes[1]
    low, high = pairs.get_ylim()
    assert low == -high
    assert any(list(line.get_ydata()) == [0.0, 0.0] for line in pairs.get_lines())
    assert pairs.get_ylabel() == "percentage points of staff"


def test_an_interval_over_zero_claims_nothing(two: dict[str, pd.DataFrame]) -> None:
    figure = overview(two, low=-0.12, high=0.01, verdict="cannot tell")
    assert "“like-facebook” or “collaboration”: cannot tell which gets more monthly posters" in read.written(figure)
    row = two["differences"].query("outcome == 'monthly_posters'").iloc[0]
    assert pair_markers(figure.axes[1]) == pytest.approx([row["mean"]])


@pytest.mark.parametrize(
    ("verdict", "headline"),
    [
        ("cannot tell", "“like-facebook” or “collaboration”: cannot tell which gets more monthly posters"),
        ("alike", "“like-facebook” or “collaboration”: hardly any difference in monthly posters"),
        ("same", "“like-facebook” or “collaboration”: monthly posters are the same in all pairs"),
    ],
)
def test_the_verdict_is_that_of_the_table(two: dict[str, pd.DataFrame], verdict: str, headline: str) -> None:
    """An interval beside zero from too few pairs decides nothing, in a table or in a figure."""
    figure = overview(two, verdict=verdict)
    assert two["differences"].query("outcome == 'monthly_posters'").iloc[0]["high"] < 0
    assert headline in read.written(figure)
    (marker,) = [line for line in figure.axes[1].get_lines() if line.get_markersize() == 7]
    assert marker.get_markerfacecolor() == "white"


def test_one_pair_claims_nothing() -> None:
    texts = read.written(overview(synthetic_tables.all_tables(["a", "b"], 1)))
    assert "“a” against “b”: one pair of runs, which luck may decide" in texts
    assert not any("nan" in text for text in texts)


def test_nothing_to_compare(two: dict[str, pd.DataFrame]) -> None:
    texts = read.written(overview(synthetic_tables.with_outcomes(two, np.nan)))
    assert any("nothing to compare" in text for text in texts)
    assert not any("nan" in text for text in texts)


def test_an_outcome_that_was_not_compared_is_refused(two: dict[str, pd.DataFrame]) -> None:
    with pytest.raises(ValueError, match="no row for reach"):
        overview_figure(two["series"], two["runs"], two["differences"], "reach")
