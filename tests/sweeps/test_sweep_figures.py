"""The figures of sweeps: what is drawn is what the tables say, and everything can be read."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from synthetic_sweeps import crossed_points, runs_of, sampled_points

sys.path.insert(0, str(Path(__file__).parents[1] / "show"))
import figure_reading as read

from sim.analysis.sweeping.sweep import Sweep, analyze
from sim.figures.plots import draw_sweep, sweep_figures
from sim.figures.style import svg_bytes
from sim.figures.sweep import association_figure, ranking_figure

Found = tuple[Sweep, pd.DataFrame]
LONG = "a name that goes on and on and on, with $math$ and <script>"


def crossed(n_strategies: int, n_worlds: int, n_replications: int = 3, step: float = 0.01) -> Found:
    generator = np.random.default_rng(6)
    levers = {
        "launch.framing": [["collaboration", "like_facebook", LONG][i % 3] for i in range(n_strategies)],
        "rules.restriction": [i * 0.1 for i in range(n_strategies)],
        "rules.work_only": [i % 2 == 0 for i in range(n_strategies)],
    }
    points = crossed_points(levers, {"organization.trust": generator.uniform(0.3, 0.8, n_worlds)})
    level = 0.5 - step * points["strategy"].to_numpy() + 0.2 * points["organization.trust"].to_numpy()
    values = level[None, :, None] + generator.normal(0, 0.01, (1, len(points), n_replications))
    outcomes = {"monthly_posters": values, "alive": np.ones_like(values), "posts_per_employee_month": values}
    runs = runs_of(points, outcomes)
    return analyze(runs, points, ["baseline"], n_replications, tuple(outcomes), (1,)), runs


def sampled(n: int, scenarios: tuple[str, ...]) -> Found:
    generator = np.random.default_rng(7)
    points = sampled_points({f"behavior.x{i}": generator.uniform(size=n) for i in range(30)})
    level = 0.2 + 0.3 * points["behavior.x0"].to_numpy() + generator.normal(0, 0.02, n)
    outcomes = {"monthly_posters": np.stack([level] * len(scenarios))[:, :, None]}
    runs = runs_of(points, outcomes, scenarios)
    return analyze(runs, points, scenarios, 1, ["monthly_posters"], (1,)), runs


CASES = {
    "48 strategies": lambda: crossed(48, 10),
    "200 strategies": lambda: crossed(200, 4),
    "one world": lambda: crossed(5, 1),
    "one run each": lambda: crossed(4, 1, 1),
    "two": lambda: crossed(2, 12),
    "points": lambda: sampled(400, ("baseline",)),
    "contrast": lambda: sampled(40, ("like-facebook", "a-scenario-with-a-long-name-that-needs-room")),
    "three": lambda: sampled(40, ("a", "b", "c")),
}


@pytest.mark.parametrize("case", CASES)
def test_every_text_is_on_the_page_and_none_overlap(case: str) -> None:
    names = []
    for name, figure in sweep_figures(*CASES[case](), "monthly_posters"):
        boxes = read.text_boxes(figure)
        assert read.clipped_texts(figure, boxes) == [], name
        assert read.overlapping_texts(boxes) == [], name
        assert b"<script" not in svg_bytes(figure)
        names.append(name)
    assert names


def test_dots_and_bars_are_those_of_the_tables() -> None:
    sweep, _ = crossed(5, 12)
    figure = ranking_figure(sweep, "monthly_posters")
    means, ranks = figure.axes
    table = sweep.summary.query("outcome == 'monthly_posters'")  # strategies are numbered from best to worst here
    dots = [line for line in read.data_lines(means) if len(line.get_xdata()) == 1]
    assert [float(line.get_xdata()[0]) for line in dots] == pytest.approx(table["mean"].tolist())
    bars = [line for line in read.data_lines(means) if len(line.get_xdata()) == 2]
    assert [line.get_xdata()[0] for line in bars] == pytest.approx(table["low"].tolist())
    assert [line.get_xdata()[1] for line in bars] == pytest.approx(table["high"].tolist())
    places = [float(line.get_xdata()[0]) for line in read.data_lines(ranks) if len(line.get_xdata()) == 1]
    assert places == [1, 2, 3, 4, 5]
    assert [line.get_markerfacecolor() == "white" for line in dots] == [False, True, True, True, True]
    texts = read.written(figure)
    assert "One of 5 strategies is ahead in monthly posters" in texts
    assert any("covers other worlds of the same kind and other luck" in text for text in texts)


def test_what_cannot_be_told_is_said() -> None:
    sweep, _ = crossed(3, 4, step=0.0)
    assert "Cannot tell which of 3 strategies is best in monthly posters" in read.written(
        ranking_figure(sweep, "monthly_posters")
    )
    sweep, _ = crossed(4, 1, 1)
    assert any("luck may decide" in text for text in read.written(ranking_figure(sweep, "monthly_posters")))


def test_long_tables_leave_out_the_middle_and_say_so() -> None:
    texts = read.written(ranking_figure(crossed(200, 4)[0], "monthly_posters"))
    assert "… 145 between" in texts


def test_bars_of_associations_are_those_of_the_table() -> None:
    sweep, _ = sampled(400, ("baseline",))
    figure = association_figure(sweep, "monthly_posters")
    widths = [bar.get_width() for bar in figure.axes[0].patches]
    strongest = sweep.associations["rho"].tolist()[:15]
    assert widths == pytest.approx(strongest)
    filled = [bar.get_facecolor()[:3] != (1.0, 1.0, 1.0) for bar in figure.axes[0].patches]
    assert filled == (sweep.associations["q"].to_numpy()[:15] <= 0.05).tolist()
    assert any("not an effect" in text for text in read.written(figure))


def test_there_is_nothing_to_draw_of_an_outcome_without_places() -> None:
    sweep, _ = crossed(3, 4)
    with pytest.raises(ValueError, match="no places"):
        ranking_figure(sweep, "work_share")
    with pytest.raises(ValueError, match="no associations"):
        association_figure(crossed(3, 1)[0], "monthly_posters")


def test_files_have_the_same_bytes_again(tmp_path: Path) -> None:
    sweep, runs = crossed(6, 10)
    folders = [tmp_path / name for name in ("one", "two")]
    for folder in folders:
        folder.mkdir()
        paths = draw_sweep(folder, sweep, runs, "monthly_posters")
        assert [path.name for path in paths[::2]] == ["ranking.png", "spread.png"] or len(paths) == 6
    for path in paths:
        assert path.read_bytes() == (folders[0] / "figures" / path.name).read_bytes()
