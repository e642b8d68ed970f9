"""Weekly curves: the lines are the means, the bands are the quantiles, and the words say so."""

from __future__ import annotations

import figure_reading as read
import numpy as np
import pandas as pd
import pytest
import synthetic_tables

from sim.figures.curves import USE_OUTCOMES, curves_figure
from sim.figures.style import scenario_look


def by_week(series: pd.DataFrame, scenario: str, outcome: str) -> pd.DataFrame:
    rows = series[series["scenario"] == scenario]
    return rows.pivot(index="week", columns="replication", values=outcome)


def test_lines_are_means_over_runs(two: dict[str, pd.DataFrame]) -> None:
    figure = curves_figure(two["series"], two["runs"])
    for axes, outcome in zip(figure.axes, USE_OUTCOMES, strict=True):
        for position, scenario in enumerate(("like-facebook", "collaboration")):
            expected = by_week(two["series"], scenario, outcome).mean(axis=1)
            drawn = read.curve(axes, scenario_look(position).color, 52)
            np.testing.assert_allclose(drawn, expected)


def test_bands_are_the_middle_90_percent(two: dict[str, pd.DataFrame]) -> None:
    axes = curves_figure(two["series"], two["runs"]).axes[2]
    for position, scenario in enumerate(("like-facebook", "collaboration")):
        runs = by_week(two["series"], scenario, "monthly_posters")
        vertices = axes.collections[position].get_paths()[0].vertices
        for week in (1, 17, 52):
            edges = vertices[vertices[:, 0] == week, 1]
            assert edges.min() == pytest.approx(np.quantile(runs.loc[week], 0.05))
            assert edges.max() == pytest.approx(np.quantile(runs.loc[week], 0.95))


def test_words_and_units(two: dict[str, pd.DataFrame]) -> None:
    figure = curves_figure(two["series"], two["runs"])
    texts = read.written(figure)
    assert any("mean of 20 runs of each scenario. Band: middle 90% of the runs" in text for text in texts)
    assert [axes.get_ylabel() for axes in figure.axes] == ["share of staff"] * 3
    assert figure.axes[-1].get_xlabel() == "weeks since launch"
    runs = two["runs"]
    mean = runs.loc[runs["scenario"] == "collaboration", "monthly_readers"].mean()
    assert f"{100 * mean:.1f}% collaboration" in texts
    assert any("Numbers beside the lines: mean of the last four weeks" in text for text in texts)
    assert all(label.get_text().endswith("%") for label in figure.axes[0].get_yticklabels())


def test_scales_start_at_zero_and_hold_everything(six: dict[str, pd.DataFrame]) -> None:
    for axes, outcome in zip(curves_figure(six["series"], six["runs"]).axes, USE_OUTCOMES, strict=True):
        low, high = axes.get_ylim()
        assert low == 0
        means = six["series"].groupby(["scenario", "week"])[outcome].mean()
        assert means.max() < high <= 1.02


def test_one_run_has_no_band_and_says_so(one_run: dict[str, pd.DataFrame]) -> None:
    figure = curves_figure(one_run["series"], one_run["runs"])
    assert all(len(axes.collections) == 0 for axes in figure.axes)
    assert any("No band: a single run" in text for text in read.written(figure))


def test_few_runs_show_the_range() -> None:
    series = synthetic_tables.series_table(["a"], 4)
    axes = curves_figure(series, synthetic_tables.runs_table(series)).axes[0]
    runs = by_week(series, "a", "monthly_readers")
    vertices = axes.collections[0].get_paths()[0].vertices
    edges = vertices[vertices[:, 0] == 30, 1]
    assert (edges.min(), edges.max()) == pytest.approx((runs.loc[30].min(), runs.loc[30].max()))


def test_a_single_week_is_a_marker_with_a_bar() -> None:
    series = synthetic_tables.series_table(["a", "b"], 5, weeks=1)
    axes = curves_figure(series, synthetic_tables.runs_table(series)).axes[0]
    low, high = axes.get_xlim()
    assert low < 1 < high
    markers = [line for line in axes.get_lines() if line.get_marker() in "os" and len(line.get_xdata()) == 1]
    assert len(markers) == 2
    assert len(axes.collections) == 2


def test_a_gap_stays_a_gap_and_a_scenario_without_values_is_named(two: dict[str, pd.DataFrame]) -> None:
    series = two["series"].copy()
    series.loc[series["week"].between(10, 12), "monthly_readers"] = np.nan
    series.loc[series["scenario"] == "collaboration", "monthly_posters"] = np.nan
    runs = two["runs"].copy()
    runs.loc[runs["scenario"] == "collaboration", "monthly_posters"] = np.nan
    figure = curves_figure(series, runs)
    drawn = read.curve(figure.axes[0], scenario_look(0).color, 52)
    assert np.isnan(drawn[9:12]).all()
    assert np.isfinite(np.delete(drawn, [9, 10, 11])).all()
    assert "collaboration: no value" in read.written(figure)


def test_negative_outcomes_get_a_zero_line(two: dict[str, pd.DataFrame]) -> None:
    series = two["series"].assign(age_gap=two["series"]["monthly_posters"] - 0.2)
    runs = two["runs"].assign(age_gap=two["runs"]["monthly_posters"] - 0.2)
    axes = curves_figure(series, runs, ["age_gap"]).axes[0]
    assert axes.get_ylim()[0] < 0
    assert any(list(line.get_ydata()) == [0.0, 0.0] for line in axes.get_lines())
    assert axes.get_ylabel() == "percentage points of staff"
