"""Paired differences: dots are the pairs, markers and bars are the table, zero is a line."""

from __future__ import annotations

import figure_reading as read
import numpy as np
import pandas as pd
import pytest
import synthetic_tables
from matplotlib.axes import Axes

from sim.figures.differences import GRID_OUTCOMES, MOST_DOTS, STAFF_OUTCOMES, difference_figure, dots_shown
from sim.figures.style import DOT, NEUTRAL_LOOK, SCENARIO_LOOKS
from sim.figures.summary import pair_differences


def row_of(differences: pd.DataFrame, outcome: str, b: str = "collaboration") -> pd.Series:
    return differences[(differences["outcome"] == outcome) & (differences["b"] == b)].iloc[0]


def markers(axes: Axes) -> dict[float, float]:
    """Row position -> mean, from the big markers."""
    return {
        float(line.get_ydata()[0]): float(line.get_xdata()[0])
        for line in read.data_lines(axes)
        if line.get_markersize() == 6 and len(line.get_xdata()) == 1 and line.get_marker() != "None"
    }


def interval_bars(axes: Axes) -> dict[float, np.ndarray]:
    """Row position -> interval, from the thick bars."""
    bars = [line for line in read.data_lines(axes) if line.get_linewidth() == 2.4 and len(line.get_xdata()) == 2]
    return {float(line.get_ydata()[0]): np.asarray(line.get_xdata(), dtype=float) for line in bars}


def test_markers_and_bars_are_the_table(two: dict[str, pd.DataFrame]) -> None:
    axes = difference_figure(two["runs"], two["differences"]).axes[0]
    drawn, bars = markers(axes), interval_bars(axes)
    for position, outcome in enumerate(STAFF_OUTCOMES):
        row = row_of(two["differences"], outcome)
        assert drawn[position] == pytest.approx(row["mean"])
        np.testing.assert_allclose(bars[position], [row["low"], row["high"]])


def test_dots_are_the_pairs(two: dict[str, pd.DataFrame]) -> None:
    axes = difference_figure(two["runs"], two["differences"]).axes[0]
    dots = [line for line in axes.get_lines() if line.get_markerfacecolor() == DOT]
    for line, outcome in zip(dots, STAFF_OUTCOMES, strict=True):
        pairs = pair_differences(two["runs"], "like-facebook", "collaboration", outcome)
        np.testing.assert_allclose(np.sort(line.get_xdata()), np.sort(pairs))


def test_every_panel_has_a_zero_line_in_its_middle_and_a_unit(two: dict[str, pd.DataFrame]) -> None:
    figure = difference_figure(two["runs"], two["differences"])
    for axes in figure.axes:
        low, high = axes.get_xlim()
        assert low == -high
        assert any(list(line.get_xdata()) == [0.0, 0.0] for line in axes.get_lines())
    assert [axes.get_xlabel() for axes in figure.axes] == [
        "percentage points of staff",
        "percentage points",
        "posts per employee per month",
        "posts, replies and reactions per employee per month",
        "working days",
        "weeks",
    ]


def test_shares_are_in_points(two: dict[str, pd.DataFrame]) -> None:
    figure = difference_figure(two["runs"], two["differences"])
    axes = figure.axes[0]
    for tick, label in zip(axes.get_xticks(), axes.get_xticklabels(), strict=True):
        assert float(label.get_text().replace("−", "-")) == pytest.approx(100 * tick)
    row = row_of(two["differences"], "monthly_readers")
    start = f"{100 * row['mean']:+.1f}".replace("-", "−")
    assert any(text.startswith(f"{start} [") for text in read.written(figure))


def test_sides_and_counts_are_written(two: dict[str, pd.DataFrame]) -> None:
    texts = read.written(difference_figure(two["runs"], two["differences"]))
    assert "←\u00a0collaboration higher" in texts
    assert "like-facebook higher\u00a0→" in texts
    pairs = pair_differences(two["runs"], "like-facebook", "collaboration", "top5_share")
    assert f"{(pairs > 0).sum()} of 20" in texts


def test_an_interval_over_zero_is_hollow_and_neutral(two: dict[str, pd.DataFrame]) -> None:
    differences = two["differences"].copy()
    differences.loc[differences["outcome"] == "monthly_readers", ["low", "high", "verdict"]] = [
        -0.3,
        0.1,
        "cannot tell",
    ]
    axes = difference_figure(two["runs"], differences).axes[0]
    shown = [line for line in axes.get_lines() if line.get_markersize() == 6 and len(line.get_xdata()) == 1]
    looks = [(line.get_markerfacecolor(), line.get_markeredgecolor()) for line in shown if line.get_marker() != "None"]
    assert looks[0] == ("white", NEUTRAL_LOOK.color)
    assert looks[1] == (SCENARIO_LOOKS[1].color, SCENARIO_LOOKS[1].color)  # collaboration, which is higher


def test_several_scenarios_are_shown_as_distance_from_the_first(six: dict[str, pd.DataFrame]) -> None:
    figure = difference_figure(six["runs"], six["differences"])
    assert len(figure.axes) == len(GRID_OUTCOMES)
    others = list(synthetic_tables.LEVELS)[1:]
    for axes, outcome in zip(figure.axes, GRID_OUTCOMES, strict=True):
        drawn, bars = markers(axes), interval_bars(axes)
        for position, other in enumerate(others):
            row = row_of(six["differences"], outcome, other)
            assert drawn[position] == pytest.approx(-row["mean"])
            np.testing.assert_allclose(bars[position], [-row["high"], -row["low"]])
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == others
    assert any("Zero is like-facebook" in text for text in read.written(figure))


def test_comparisons_without_a_common_first_are_named_in_full(six: dict[str, pd.DataFrame]) -> None:
    other = six["differences"].query("b == 'unframed'").assign(a="collaboration")
    both = pd.concat([six["differences"].query("b == 'collaboration'"), other])
    figure = difference_figure(six["runs"], both)
    labels = [label.get_text().replace("\n", " ") for label in figure.axes[0].get_yticklabels()]
    assert labels == ["like-facebook minus collaboration", "collaboration minus unframed"]


def test_one_pair_has_a_marker_without_an_interval() -> None:
    tables = synthetic_tables.all_tables(["a", "b"], 1)
    figure = difference_figure(tables["runs"], tables["differences"])
    assert len(markers(figure.axes[0])) == len(STAFF_OUTCOMES)
    assert interval_bars(figure.axes[0]) == {}
    assert any("the one pair of runs there is" in text for text in read.written(figure))


def test_many_pairs_are_sampled_evenly() -> None:
    pairs = np.random.default_rng(1).standard_normal(5000)
    shown = dots_shown(pairs)
    assert len(shown) == MOST_DOTS
    assert (shown[0], shown[-1]) == (pairs.min(), pairs.max())
    assert np.median(shown) == pytest.approx(np.median(pairs), abs=0.05)


def test_pairs_without_values_say_so(two: dict[str, pd.DataFrame]) -> None:
    runs = two["runs"].assign(weeks_to_critical_mass=np.nan)
    figure = difference_figure(runs, synthetic_tables.differences_table(runs))
    assert "no pair has a value for both" in read.written(figure)


def test_a_table_without_a_known_outcome_is_refused(two: dict[str, pd.DataFrame]) -> None:
    with pytest.raises(ValueError, match="none of the outcomes"):
        difference_figure(two["runs"], two["differences"].query("outcome == 'frame_social'"))
