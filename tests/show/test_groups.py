"""Posting by group: markers are means over runs, small groups stay hidden."""

from __future__ import annotations

import figure_reading as read
import numpy as np
import pandas as pd
import pytest

from sim.figures.curves import MOST_GROUPS, group_figure
from sim.figures.style import scenario_look


def marker_values(axes: object, position: int) -> np.ndarray:
    look = scenario_look(position)
    (line,) = read.data_lines(axes, color=look.color, marker=look.marker)
    return np.asarray(line.get_ydata(), dtype=float)


def test_markers_are_means_and_bars_the_middle_90_percent(two: dict[str, pd.DataFrame]) -> None:
    figure = group_figure(two["groups"])
    for axes, grouping in zip(figure.axes, ("age_band", "leisure_experience"), strict=True):
        of_grouping = two["groups"][two["groups"]["grouping"] == grouping].query("n_employees >= 5")
        for position, scenario in enumerate(("like-facebook", "collaboration")):
            rows = of_grouping[of_grouping["scenario"] == scenario]
            runs = rows.pivot(index="order", columns="replication", values="monthly_posters")
            np.testing.assert_allclose(marker_values(axes, position), runs.mean(axis=1))
            bars = np.array([path.vertices[:, 1] for path in axes.collections[position].get_paths()])
            np.testing.assert_allclose(bars[:, 0], runs.quantile(0.05, axis=1))
            np.testing.assert_allclose(bars[:, 1], runs.quantile(0.95, axis=1))


def test_groups_under_five_are_not_shown(two: dict[str, pd.DataFrame]) -> None:
    figure = group_figure(two["groups"])
    labels = [label.get_text() for label in figure.axes[0].get_xticklabels()]
    assert labels[0] == "under 25\n90 staff"
    assert len(labels) == 5
    assert not any("65 and over" in text for text in read.written(figure))
    assert any("Groups of fewer than 5 employees are left out" in text for text in read.written(figure))


def test_a_group_is_left_out_of_the_runs_in_which_it_is_small(two: dict[str, pd.DataFrame]) -> None:
    groups = two["groups"].copy()
    small = (groups["group"] == "65 and over") & (groups["replication"] < 15)
    groups.loc[groups["group"] == "65 and over", "n_employees"] = 6
    groups.loc[small, "n_employees"] = 4
    axes = group_figure(groups).axes[0]
    kept = groups.query("group == '65 and over' and scenario == 'like-facebook' and n_employees >= 5")
    assert len(kept) == 5
    assert marker_values(axes, 0)[-1] == pytest.approx(kept["monthly_posters"].mean())


def test_axes_have_units_and_words(two: dict[str, pd.DataFrame]) -> None:
    figure = group_figure(two["groups"])
    assert [axes.get_ylabel() for axes in figure.axes] == ["share of the group"] * 2
    assert [axes.get_xlabel() for axes in figure.axes] == ["age (years)", "experience with social media outside work"]
    assert any("Bar: middle 90% of the runs" in text for text in read.written(figure))


def test_one_run_has_no_bars(one_run: dict[str, pd.DataFrame]) -> None:
    figure = group_figure(one_run["groups"])
    bars = [path.vertices for axes in figure.axes for bars in axes.collections for path in bars.get_paths()]
    assert not any(np.isfinite(bar).all() and len(bar) for bar in bars)
    assert any("No bar: a single run" in text for text in read.written(figure))
    assert any(text == "Who posts: baseline" for text in read.written(figure))


def test_a_grouping_of_small_groups_says_so(two: dict[str, pd.DataFrame]) -> None:
    figure = group_figure(two["groups"].assign(n_employees=4))
    assert read.written(figure).count("no group has 5 or more employees") == 2


def test_many_groups_show_the_largest() -> None:
    rows = [
        {
            "run_id": run,
            "scenario": "a",
            "replication": run,
            "grouping": "department",
            "group": f"department {number}",
            "order": number,
            "n_employees": 10 + number,
            "monthly_posters": 0.1,
        }
        for run in range(3)
        for number in range(40)
    ]
    figure = group_figure(pd.DataFrame(rows), ["department"])
    labels = [label.get_text() for label in figure.axes[0].get_xticklabels()]
    assert len(labels) == MOST_GROUPS
    assert labels[-1].startswith("department 39\n")
    assert "the 8 largest of 40" in read.written(figure)
    assert read.overlapping_texts(read.text_boxes(figure)) == []
