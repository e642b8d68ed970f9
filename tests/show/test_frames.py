"""Frame shares over time."""

from __future__ import annotations

import figure_reading as read
import numpy as np
import pandas as pd

from sim.figures.curves import frame_figure
from sim.figures.style import FRAME_LOOKS


def test_lines_are_mean_shares(two: dict[str, pd.DataFrame]) -> None:
    figure = frame_figure(two["series"], two["runs"])
    for axes, scenario in zip(figure.axes, ("like-facebook", "collaboration"), strict=True):
        rows = two["series"][two["series"]["scenario"] == scenario]
        drawn = []
        for meaning, look in FRAME_LOOKS.items():
            drawn.append(read.curve(axes, look.color, 52))
            np.testing.assert_allclose(drawn[-1], rows.groupby("week")[meaning].mean())
        np.testing.assert_allclose(sum(drawn), 1.0)


def test_all_scenarios_share_one_scale(six: dict[str, pd.DataFrame]) -> None:
    figure = frame_figure(six["series"], six["runs"])
    assert len(figure.axes) == 6
    assert len({axes.get_ylim() for axes in figure.axes}) == 1


def test_labels_and_units(two: dict[str, pd.DataFrame]) -> None:
    figure = frame_figure(two["series"], two["runs"])
    texts = read.written(figure)
    assert "Scenario “like-facebook”" in texts
    runs = two["runs"]
    mean = runs.loc[runs["scenario"] == "collaboration", "frame_collaboration"].mean()
    assert f"{100 * mean:.1f}% collaboration" in texts
    assert figure.axes[0].get_ylabel() == "mean share of the frame"
    assert any("Band: middle 90%" in text for text in texts)


def test_one_scenario_is_named_in_the_title(one_run: dict[str, pd.DataFrame]) -> None:
    texts = read.written(frame_figure(one_run["series"], one_run["runs"]))
    assert "What people think the platform is for: baseline" in texts
    assert not any(text.startswith("Scenario") for text in texts)
