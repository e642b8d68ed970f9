"""Known boxes are found, noise gives none, and the numbers are those of the points."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.analysis.discovery.cases import Limit, rounded, roundest
from sim.analysis.discovery.checks import chance, drop_each, hold_out, share_interval
from sim.analysis.discovery.discovery import Found, find_boxes
from sim.analysis.discovery.search import Aim, Box, Counts, Space, count, fewest_rows, find_box, make_space
from sim.analysis.statistics import mean_interval


def uniform(n: int, k: int, seed: int = 1) -> dict[str, list[float]]:
    draw = np.random.default_rng(seed)
    return {f"x{i}": draw.random(n).tolist() for i in range(k)}


def rows_for_themselves(n: int) -> np.ndarray:
    return np.arange(n)


def limits_by_name(found: Found) -> dict[str, Limit]:
    return {limit.factor.name: limit for limit in found.limits.values()}


def test_a_known_box_is_recovered() -> None:
    columns = uniform(300, 8)
    x0, x1 = np.array(columns["x0"]), np.array(columns["x1"])
    holds = (x0 < 0.4) & (x1 > 0.6)
    (found,), _ = find_boxes(make_space(columns), holds, rows_for_themselves(300), n_boxes=1)
    limits = limits_by_name(found)
    assert set(limits) == {"x0", "x1"}
    assert limits["x0"].low is None
    assert limits["x0"].high == pytest.approx(0.4, abs=0.02)
    assert limits["x1"].low == pytest.approx(0.6, abs=0.02)
    assert limits["x1"].high is None
    assert found.counts.density >= 0.98
    assert found.coverage >= 0.98
    assert found.held_out.density.share >= 0.9
    assert found.chance.p == pytest.approx(1 / 200)


def test_a_blurred_box_is_recovered_and_its_numbers_are_counts() -> None:
    columns = uniform(500, 12, seed=3)
    x0, x1 = np.array(columns["x0"]), np.array(columns["x1"])
    holds = ((x0 > 0.25) & (x0 < 0.75) & (x1 < 0.5)) ^ (np.random.default_rng(4).random(500) < 0.1)
    (found, *_), _ = find_boxes(make_space(columns), holds, rows_for_themselves(500), n_boxes=1)
    limits = limits_by_name(found)
    assert set(limits) == {"x0", "x1"}
    assert (limits["x0"].low, limits["x0"].high) == (pytest.approx(0.25, abs=0.05), pytest.approx(0.75, abs=0.05))
    assert limits["x1"].high == pytest.approx(0.5, abs=0.05)
    # The box as said is the box as counted.
    inside = (x0 >= limits["x0"].low) & (x0 <= limits["x0"].high) & (x1 <= limits["x1"].high)
    assert (inside == found.inside).all()
    assert found.counts == Counts.alike(500, holds.sum(), inside.sum(), (inside & holds).sum())
    assert found.density.share == holds[inside].mean()
    assert found.elsewhere.share == holds[~inside].mean()
    assert found.coverage == pytest.approx((inside & holds).sum() / holds.sum())
    assert 0.8 < found.held_out.density.share < 0.97


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5])
@pytest.mark.parametrize("seed", range(4))
def test_noise_gives_no_box(share: float, seed: int) -> None:
    columns = uniform(120, 15, seed)
    holds = np.random.default_rng(1000 + seed).random(120) < share
    found, _ = find_boxes(make_space(columns), holds, rows_for_themselves(120))
    assert found == []


@pytest.mark.slow
def test_chance_is_even_where_nothing_matters() -> None:
    """Under the null the p-value is small as often as it says: of 60 about 6 below 0.1, and half below a half."""
    values = []
    for seed in range(60):
        space = make_space(uniform(40, 3, seed))
        holds = np.random.default_rng(500 + seed).random(40) < 0.4
        values.append(chance(space, holds, rows_for_themselves(40), Aim(None, 5), [seed]).p)
    assert 1 <= sum(p <= 0.1 for p in values) <= 14
    assert 18 <= sum(p <= 0.5 for p in values) <= 42


def test_a_choice_and_a_switch_are_recovered() -> None:
    draw = np.random.default_rng(2)
    framing = draw.choice(["like_facebook", "collaboration", "unframed", "news", "mixed"], 400)
    is_on = draw.random(400) < 0.5
    columns = {**uniform(400, 5), "framing": framing.tolist(), "work_only": is_on.tolist()}
    holds = np.isin(framing, ["unframed", "news"]) & is_on
    (found,), _ = find_boxes(make_space(columns), holds, rows_for_themselves(400))
    limits = limits_by_name(found)
    assert set(limits) == {"framing", "work_only"}
    assert set(limits["framing"].names) == {"unframed", "news"}
    assert limits["work_only"].names == (True,)
    assert (found.counts.density, found.coverage) == (1, 1)


def test_two_boxes_are_found_one_after_another() -> None:
    columns = uniform(400, 4, seed=7)
    x0, x1 = np.array(columns["x0"]), np.array(columns["x1"])
    first, second = (x0 < 0.3) & (x1 < 0.6), (x0 > 0.8) & (x1 > 0.5)
    found, rejected = find_boxes(make_space(columns), first | second, rows_for_themselves(400))
    assert len(found) == 2
    assert not (found[0].inside & found[1].inside).any()
    assert rejected is None
    assert sum(box.coverage for box in found) >= 0.95
    assert found[1].counts.n == 400 - found[0].inside.sum()


def test_a_smooth_slope_offers_density_against_coverage() -> None:
    columns = uniform(400, 3, seed=5)
    x0, x1 = np.array(columns["x0"]), np.array(columns["x1"])
    holds = np.random.default_rng(6).random(400) < 1 / (1 + np.exp(-8 * (x0 + x1 - 1.2)))
    space, blocks = make_space(columns), rows_for_themselves(400)
    (balanced, *_), _ = find_boxes(space, holds, blocks, n_boxes=1)
    (dense, *_), _ = find_boxes(space, holds, blocks, density=0.95, n_boxes=1)
    assert dense.counts.density >= 0.95 > balanced.counts.density
    assert dense.coverage < balanced.coverage
    curve = balanced.trade_off
    assert sum(point.is_chosen for point in curve) == 1
    assert curve[0].coverage == 1
    assert curve[0].n_limits == 0
    assert list(curve) == sorted(curve, key=lambda point: -point.coverage)
    assert len(curve) >= 4


def test_the_same_bytes_again() -> None:
    columns = uniform(100, 4)
    holds = np.array(columns["x0"]) + 0.3 * np.array(columns["x1"]) < 0.4
    one, two = (find_boxes(make_space(columns), holds, rows_for_themselves(100)) for _ in range(2))
    assert repr(one) == repr(two)


def test_the_global_generator_is_left_alone() -> None:
    np.random.seed(1)  # noqa: NPY002
    before = np.random.get_state()[1].tolist()  # noqa: NPY002
    columns = uniform(100, 3)
    find_boxes(make_space(columns), np.array(columns["x0"]) < 0.3, rows_for_themselves(100))
    assert np.random.get_state()[1].tolist() == before  # noqa: NPY002


def test_blocks_stay_together() -> None:
    """A world that was held out is not recognized: worlds of 20 rows, each with its own chance of being a case."""
    draw = np.random.default_rng(3)
    n_worlds, each = 12, 20
    worlds = np.repeat(np.arange(n_worlds), each)
    columns = {f"x{i}": draw.random(n_worlds)[worlds].tolist() for i in range(30)}
    holds = (draw.random(n_worlds) < 0.4)[worlds]
    space = make_space(columns)
    as_rows, _ = find_boxes(space, holds, rows_for_themselves(len(worlds)))
    as_worlds, _ = find_boxes(space, holds, worlds)
    assert as_rows  # rows of one world on both sides of the split make it look perfect
    assert as_worlds == []


def test_what_each_limit_is_worth() -> None:
    columns = uniform(300, 3, seed=8)
    x0, x1 = np.array(columns["x0"]), np.array(columns["x1"])
    columns["twin"] = (2 * x0 + 1).tolist()
    holds = (x0 < 0.5) & (x1 < 0.5)
    space = make_space(columns)
    half = {k: np.array(space.factors[k].levels) < edge for k, edge in ((0, 0.5), (1, 0.5), (2, 0.5))}
    box = Box(half)
    aim = Aim(None, 10)
    held_out = hold_out(space, holds, rows_for_themselves(300), aim, ["test"])
    dropped = drop_each(space, holds, box, held_out)
    assert dropped[2].counts.density == 1.0  # it says nothing about cases
    assert dropped[2].p > 0.9
    assert dropped[1].counts.density < 0.7
    assert dropped[1].p < 0.001
    assert dropped[1].n_found == held_out.n_folds
    assert dropped[0].together == ("twin",)
    assert dropped[1].together == ()


def test_intervals_are_wilson_and_wider_for_rows_that_stand_together() -> None:
    holds = np.arange(40) < 12
    alone = share_interval(holds, np.arange(40))
    assert alone == pytest.approx(tuple(mean_interval(holds.astype(float), 0, 1, True)[:3]))
    together = share_interval(holds, np.arange(40) // 4)
    assert together.share == alone.share
    assert together.high - together.low > 1.5 * (alone.high - alone.low)
    assert math.isnan(share_interval(holds[:0], np.arange(0)).share)
    assert (
        share_interval(np.ones(40, bool), np.arange(40) // 10).low
        < share_interval(np.ones(40, bool), np.arange(40)).low
    )


def test_the_score_is_none_for_chance_and_one_for_perfection() -> None:
    aim = Aim(None, 5)
    assert aim.score(Counts.alike(100, 20, 20, 20)) == 1
    assert aim.score(Counts.alike(100, 20, 50, 10)) == 0
    assert aim.score(Counts.alike(100, 20, 4, 4)) == 0  # too few rows
    assert aim.score(Counts.alike(100, 20, 100, 20)) == 0  # everything is no box
    at_least = Aim(0.5, 5)
    assert at_least.score(Counts.alike(100, 20, 30, 16)) == 0.8
    assert at_least.score(Counts.alike(100, 20, 40, 18)) <= 0
    assert fewest_rows(1000, 300) == 50
    assert fewest_rows(1000, 20) == 10
    assert fewest_rows(30, 4) == 5


def test_limits_are_round_and_exact() -> None:
    assert roundest(0.4312, 0.4688, 0.45) == 0.45
    assert roundest(0.44, 0.46, 0.4501) == 0.45
    assert roundest(-0.02, 0.03, 0.005) == 0.0
    assert roundest(1180.0, 1260.0, 1220.0) == 1200.0
    space = make_space({"a": [10, 20, 30, 40] * 10, "b": np.linspace(0, 1, 40).tolist()})
    holds = (space.codes[:, 0] >= 2) & (space.codes[:, 1] < 20)
    found = find_box(space, holds, Aim(None, 5))
    assert found is not None
    box, ends = rounded(space, holds, found.box, Aim(None, 5))
    assert ends[0] == (30, None)  # levels of a grid are said as they are
    assert ends[1] == (None, pytest.approx(0.52, abs=0.02))
    assert count(box.contains(space.codes), holds) == Counts.alike(40, 10, 10, 10)


def test_kinds_of_factors() -> None:
    space = make_space(
        {
            "same": [1, 1, 1],
            "whole": [3, 1, 2],
            "number": [0.5, 1.0, 2.0],
            "switch": [True, False, True],
            "name": ["b", "a", "b"],
            "mixed": ["a", 1.0, None],
            "gaps": [1.0, math.nan, 2.0],
        }
    )
    assert space.names == ("whole", "number", "switch", "name", "mixed", "gaps")
    assert [factor.kind for factor in space.factors] == ["whole", "number", "switch", "name", "name", "name"]
    assert space.factors[0].levels == (1, 2, 3)
    assert space.factors[4].levels == ("1.0", "a", "empty")
    assert space.values(0) == [3, 1, 2]
    assert isinstance(space, Space)
