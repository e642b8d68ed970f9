"""Statistics, verdicts and plans over worlds at values known by hand: what a changed line would get wrong."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from scipy.stats import nct
from scipy.stats import t as student

from sim.analysis.comparison import can_be_ranked, outcome_blocks, places_of, shares_first
from sim.analysis.over_worlds import (
    by_world,
    differences_over_worlds,
    headline_weights,
    one_row_a_world,
    plan_over_worlds,
    share_greater,
    variance_share,
    varied_keys,
    world_means,
)
from sim.analysis.statistics import (
    FEW_EQUAL,
    NEVER_REACHED,
    ONE_PAIR,
    ONE_RUN,
    PairedDifference,
    Spread,
    mean_interval,
    nine_in_ten,
    paired_difference,
    replications_needed,
)
from sim.analysis.verdict import is_opposite, verdict
from sim.catalog.outcomes import OUTCOME_NAMES
from sim.errors import InputError
from sim.experiments.points import DEFAULTS, INTERVIEWS
from sim.experiments.questionnaire import Answers
from sim.experiments.world_sets import ChosenWorlds
from sim.kernel.estimates import (
    Units,
    effective_runs,
    majority,
    mean_ends,
    paired_share_ends,
    quantiles,
    share_ends,
    t_quantile,
    units_of,
    wilson,
)
from sim.kernel.streams import keyed_generator
from sim.runs.plan import Arm
from sim.scenario import load_scenario

NaN = math.nan


def told(units: Units) -> tuple[list[float], list[float], list[float], int]:
    return units.values.tolist(), units.weights.tolist(), units.shares.tolist(), units.n_runs


def evenly(*values: float) -> Units:
    return units_of(np.array(values, dtype=float))


class TestUnits:
    def test_a_weight_of_zero_is_no_unit(self) -> None:
        units = units_of(np.array([1.0, 2.0, 9.0]), weights=np.array([1.0, 3.0, 0.0]))
        assert told(units) == ([1.0, 2.0], [0.25, 0.75], [0.25, 0.75], 2)
        assert (units.n, units.mean, units.effective) == (2, 1.75, pytest.approx(1.6))

    def test_equal_weights_are_none(self) -> None:
        values = np.arange(10.0)  # 0.1 divided by the sum of ten of them is a hair more than a tenth
        assert told(units_of(values, weights=np.full(10, 0.1))) == told(units_of(values))

    def test_a_row_without_a_value_takes_its_weight_along(self) -> None:
        units = units_of(np.array([1.0, NaN, 3.0]), weights=np.array([1.0, 5.0, 3.0]))
        assert told(units) == ([1.0, 3.0], [0.25, 0.75], [0.25, 0.75], 2)

    def test_rows_of_several_runs(self) -> None:
        units = units_of(np.array([[1.0, NaN], [NaN, NaN], [3.0, 5.0]]))
        assert told(units) == ([1.0, 4.0], [0.5, 0.5], [0.5, 0.5], 3)

    def test_rows_that_are_alike_are_one(self) -> None:
        units = units_of(np.array([1.0, 2.0, 6.0]), np.array([5, 5, 8]))
        assert told(units) == ([1.5, 6.0], [2 / 3, 1 / 3], [0.5, 0.5], 3)
        assert told(units_of(np.array([3.0]), np.array([7]))) == ([3.0], [1.0], [1.0], 1)

    def test_nothing(self) -> None:
        for alike in (None, np.array([], dtype=int)):
            assert told(units_of(np.array([]), alike)) == ([], [], [], 0)
        assert quantiles(evenly(), 0.1, 0.5) == (pytest.approx(NaN, nan_ok=True),) * 2

    def test_effects(self) -> None:
        assert float((evenly(1.0, 2.0, 3.0, 6.0).effects ** 2).sum()) == pytest.approx(14 / 3 / 4)  # s^2 / n
        by_weight = units_of(np.array([0.0, 1.0]), weights=np.array([1.0, 3.0])).effects
        assert by_weight == pytest.approx(np.array([-0.1875, 0.1875]) * math.sqrt(0.625 / 0.140625))

    def test_quantiles_lie_halfway_through_each(self) -> None:
        units = evenly(3.0, 1.0, 2.0, 4.0)
        assert quantiles(units, 0.0, 0.125, 0.25, 0.5, 1.0) == (1.0, 1.0, 1.5, 2.5, 4.0)
        by_weight = units_of(np.array([1.0, 2.0, 3.0]), weights=np.array([2.0, 1.0, 1.0]))
        assert quantiles(by_weight, 0.25, 0.5) == (1.0, pytest.approx(5 / 3))

    def test_nine_in_ten(self) -> None:
        found = nine_in_ten(evenly(*range(1, 21)))
        assert found[:3] == pytest.approx((1.5, 10.5, 19.5))
        assert found.effective == pytest.approx(20.0)
        assert found.majority == 0  # not asked for

    def test_majority(self) -> None:
        six, three = [1.0] * 6, [1.0] * 3
        assert [majority(evenly(*values)) for values in (six, three, six + six[:2] * 5)] == [1, 0, 1]
        assert majority(evenly(*(-value for value in six))) == -1
        assert majority(evenly(*six, *[-1.0] * 6)) == majority(evenly(*[0.0] * 9)) == 0
        assert majority(evenly(*six, *[0.0] * 20)) == 1  # of those that differ, surely most
        assert majority(evenly(*three, *[0.0] * 20)) == 0
        assert majority(evenly(*[1.0] * 9, -1.0, 0.0)) == 1  # Wilson's interval for 9 of 10 begins at 59.6%
        assert majority(evenly(*[1.0] * 8, -1.0, -1.0, 0.0)) == 0  # for 8 of 10 at 49.0%
        heavy = units_of(np.ones(7), weights=np.array([30.0, 1, 1, 1, 1, 1, 1]))
        assert majority(heavy) == 0  # one world with nearly all the weight is one world


class TestIntervals:
    def test_student(self) -> None:
        assert t_quantile(5) == pytest.approx(2.7764451051977987)
        assert mean_ends(evenly(1, 2, 3, 4, 5)) == pytest.approx((3 - 1.9632432, 3 + 1.9632432))
        assert mean_ends(evenly(2, 2, 2)) == (2.0, 2.0)

    def test_hall(self) -> None:
        """The ends are where Hall's transformation of t is Student's quantile, worked out the other way round."""
        values = np.array([0.0, 0.0, 1.0, 2.0, 12.0])
        n = len(values)
        error = values.std(ddof=1) / math.sqrt(n)
        a = ((values - values.mean()) ** 3).sum() / n**3 * (n / (n - 1)) ** 1.5 / error**3
        for end, side in zip(mean_ends(evenly(*values)), (1, -1), strict=True):
            t = (values.mean() - end) / error
            assert t + a * t**2 / 3 + a**2 * t**3 / 27 + a / 6 == pytest.approx(side * t_quantile(n))

    def test_wilson(self) -> None:
        assert wilson(0.5, 10) == pytest.approx((0.236593, 0.763407), abs=1e-6)
        assert wilson(0.0, 10) == pytest.approx((0.0, 0.277533), abs=1e-6)
        assert wilson(1.0, 10) == pytest.approx((0.722467, 1.0), abs=1e-6)
        assert share_ends(evenly(*[1.0] * 3, *[0.0] * 7)) == pytest.approx((0.107791, 0.603222), abs=1e-6)

    @pytest.mark.parametrize(
        ("means", "n"),
        [
            ([0.0, 1.0, 0.0, 1.0], 4.0),  # 0.25 / 0.0833 is 3, and four units are four
            ([0.2, 0.8, 0.2, 0.8], 0.25 / 0.03),
            ([0.4, 0.6, 0.4, 0.6], 20.0),  # 75, of which there are 20
            ([0.5, 0.5, 0.5, 0.5], 4.0),
            ([0.5], 1.0),
            ([0.4, 0.6], 20.0),
        ],
    )
    def test_effective_runs(self, means: list[float], n: float) -> None:
        assert effective_runs(evenly(*means)._replace(n_runs=20), 0.25) == pytest.approx(n)
        assert effective_runs(evenly(*means), 0.25) == len(means)

    def test_tango(self) -> None:
        low, high = paired_share_ends(evenly(0, 0, 0, 0, 0))
        assert (low, high) == pytest.approx((-3.8414588 / 8.8414588, 3.8414588 / 8.8414588))  # z^2 / (n + z^2)
        low, high = paired_share_ends(evenly(1, 1, 1, 0, 0, -1, 0, 0, 1, 0))
        for end in (low, high):  # a score test just rejects it; the likeliest share of minus is looked for on a grid
            q = np.linspace(max(0.0, -end), (1 - end) / 2, 400_001)[1:-1]
            likelihood = 0.4 * np.log(q + end) + 0.1 * np.log(q) + 0.5 * np.log(1 - 2 * q - end)
            best = q[np.argmax(likelihood)]
            z = (0.3 - end) / math.sqrt((2 * best + end - end**2) / 10)
            assert abs(z) == pytest.approx(1.959964, abs=1e-4)


class TestMeansAndDifferences:
    def test_why_there_is_no_interval(self) -> None:
        assert mean_interval([3.0])[:5] == (3.0, *(pytest.approx(NaN, nan_ok=True),) * 2, 1, ONE_RUN)
        assert mean_interval([3.0] * 4).reason == FEW_EQUAL
        assert mean_interval([3.0] * 5)[1:5] == (pytest.approx(3.0), pytest.approx(3.0), 5, "")
        assert mean_interval([9.0] * 5, later=9.0)[4:6] == (NEVER_REACHED, 5)
        assert mean_interval([9.0, 3.0, 4.0], later=9.0)[3:6] == (3, "", 1)
        assert paired_difference([1.0], [0.0]).reason == ONE_PAIR
        assert paired_difference([2.0] * 4, [1.0] * 4).reason == FEW_EQUAL
        assert paired_difference([9.0] * 6, [9.0] * 6, later=9.0).is_undecided
        assert not paired_difference([9.0] * 6, [9.0] * 5 + [3.0], later=9.0).is_undecided

    def test_what_is_cut_off(self) -> None:
        values = [0.0, 0.1, 0.2, 0.9]
        low, high = mean_interval(values)[1:3]
        assert low < 0.0
        assert mean_interval(values, 0.0, 0.5)[1:3] == (0.0, 0.5)
        assert high > 0.5
        assert paired_difference(values, [0.0] * 4, largest=0.5)[1:3] == (pytest.approx(max(low, -0.5)), 0.5)
        assert paired_difference([0.0] * 4, values, largest=0.5)[1:3] == (-0.5, pytest.approx(-max(low, -0.5)))

    def test_pairs_are_counted(self) -> None:
        found = paired_difference([1.0, 0.0, 2.0, 5.0, NaN], [0.0, 3.0, 2.0, 4.0, 1.0])
        assert (found.n, found.n_a_greater, found.n_b_greater, found.n_ties) == (4, 2, 1, 1)
        assert (found.p_a_greater, found.shares) == ((2 + 0.5) / 4, (0.5, 0.25))
        assert found.spread is None
        later = paired_difference([9.0, 9.0, 3.0, 1.0], [9.0, 2.0, 3.0, 5.0], later=9.0)
        assert later.n_not_reached == 2

    def test_what_is_equal_but_for_rounding(self) -> None:
        large = paired_difference([1e6 + 2e-10] * 5, [1e6] * 5)
        assert (large.n_ties, large.method) == (5, "exact")
        small = paired_difference([1e-6 + 1e-9] * 5, [1e-6] * 5)
        assert (small.n_a_greater, small.method) == (5, "exact")
        assert paired_difference([0.0] * 5, [0.0] * 5).method == "exact"
        assert mean_interval([0.0] * 4).reason == FEW_EQUAL

    def test_a_spread_is_told_of_worlds_alone(self) -> None:
        assert mean_interval([1.0, 2.0, 4.0]).spread is None
        for own in ({"alike": np.array([0, 0, 1])}, {"weights": np.array([1.0, 1.0, 2.0])}):
            spread = mean_interval([1.0, 2.0, 4.0], **own).spread
            assert spread is not None
            assert spread.median > 1.0

    def test_over_worlds_weights_count(self) -> None:
        found = paired_difference([1.0, 0.0, 2.0, 9.0], [0.0, 3.0, 2.0, 0.0], weights=np.array([1.0, 1.0, 2.0, 0.0]))
        assert found.spread is not None
        assert (found.n, found.shares, found.p_a_greater) == (3, (0.25, 0.25), 0.5)
        assert (found.spread.median, found.spread.majority) == (0.0, 0)
        assert found.spread.effective == pytest.approx(1 / (2 / 16 + 1 / 4))

    def test_sure_is_enough_and_by_most(self) -> None:
        sure = PairedDifference(1.0, 0.5, 1.5, 1.0, 5, 5, 0, "t", NaN, "")
        assert sure.is_sure
        assert not sure._replace(n=4).is_enough
        assert not sure._replace(low=NaN).is_enough
        assert not sure._replace(low=0.0).is_sure
        assert not sure._replace(mean=-1.0, low=-1.0, high=0.0).is_sure
        assert sure._replace(n=1, method="exact").is_enough
        for side, is_sure in ((1, True), (0, False), (-1, False)):
            assert sure._replace(spread=Spread(0.5, 1.0, 1.5, majority=side)).is_sure is is_sure

    def test_how_many_would_settle_it(self) -> None:
        # Known sizes of a paired t-test with 80% power at 5%: 34 at half a deviation, 199 at a fifth, 10 at one.
        assert [replications_needed(effect, 1.0) for effect in (0.5, -0.5, 0.2, 1.0, 50.0)] == [34, 34, 199, 10, 5]
        for effect in (0.7, 0.9, 1.1, 1.3, 1.5):
            power = {n: nct.sf(student.ppf(0.975, n - 1), n - 1, effect * math.sqrt(n)) for n in range(5, 40)}
            assert replications_needed(effect, 1.0) == next(n for n, each in power.items() if each >= 0.8)
        assert replications_needed(2.0, 0.0) == 5
        assert replications_needed(1e-6, 1.0) == math.inf
        assert math.isnan(replications_needed(0.0, 1.0))
        assert math.isnan(replications_needed(1.0, NaN))
        found = paired_difference([1.0] * 6 + [0.0] * 4, [0.0] * 10, is_yes_or_no=True)
        assert found.replications_needed == replications_needed(6 / 12, math.sqrt(7 / 12 - 0.25))
        found = paired_difference([1.0] * 6 + [0.0] * 4, [0.0] * 8 + [1.0] * 2, is_yes_or_no=True)
        assert found.replications_needed == replications_needed(4 / 12, math.sqrt(9 / 12 - (4 / 12) ** 2))
        values = [1.0, 2.0, 4.0, -1.0, 3.0]
        found = paired_difference(values, [0.0] * 5)
        assert found.replications_needed == replications_needed(1.8, float(np.std(values, ddof=1)))

    def test_luck_of_its_own_for_each_key(self) -> None:
        first = keyed_generator("a", 1).random(3).tolist()
        assert first == keyed_generator("a", "1").random(3).tolist()
        assert first != keyed_generator("a1").random(3).tolist()


def compared(mean: float, low: float, high: float, n: int = 6, **others: object) -> PairedDifference:
    n_a = n if mean > 0 else 0
    made = PairedDifference(mean, low, high, 1.0 if mean > 0 else 0.0, n, n_a, n - n_a, "t", NaN, "")
    return made._replace(**others)  # type: ignore[arg-type]


class TestVerdicts:
    def test_dropped_pairs(self) -> None:
        one, two = (verdict("a", "b", "reach", compared(0.1, 0.05, 0.2), n_dropped=n).text for n in (1, 2))
        assert one.endswith(" (1 pair without a value left out)")
        assert two.endswith(" (2 pairs without a value left out)")
        assert verdict("a", "b", "reach", compared(0.1, 0.05, 0.2)).text.endswith("]")

    def test_no_interval_is_not_too_few(self) -> None:
        equal = verdict("a", "b", "reach", paired_difference([0.2] * 4, [0.1] * 4))
        few = verdict("a", "b", "reach", compared(0.1, 0.05, 0.2, n=4))
        assert equal.kind == few.kind == "cannot tell"
        assert "[5.0, 20.0]" in few.text
        assert "nan" not in equal.text.lower()
        assert "[" not in equal.text

    @pytest.mark.parametrize(
        ("low", "high", "kind"),
        [
            (-0.01, 0.005, "cannot tell"),  # an end on the limit is not below it
            (-0.005, 0.01, "cannot tell"),
            (-0.0099, 0.0099, "alike"),
            (0.001, 0.0099, "differs slightly"),
            (0.001, 0.01, "differs"),
            (0.0, 0.02, "cannot tell"),
        ],
    )
    def test_what_hardly_matters(self, low: float, high: float, kind: str) -> None:
        assert verdict("a", "b", "reach", compared((low + high) / 2, low, high), smallest=0.01).kind == kind

    @pytest.mark.parametrize(
        ("p5", "p95", "side", "kind"),
        [
            (-0.0099, 0.0099, 0, "alike"),
            (-0.01, 0.005, 0, "cannot tell"),
            (-0.005, 0.01, 0, "cannot tell"),
            (0.001, 0.0099, 1, "differs slightly"),
            (0.001, 0.01, 1, "differs"),
        ],
    )
    def test_what_hardly_matters_over_worlds(self, p5: float, p95: float, side: int, kind: str) -> None:
        spread = Spread(p5, 0.004, p95, 0.8, 0.2, side, 20.0)
        found = verdict(
            "a", "b", "reach", compared(0.004, 0.001, 0.008, spread=spread), smallest=0.01, is_over_worlds=True
        )
        assert found.kind == kind

    @pytest.mark.parametrize("sign", [1, -1])
    def test_the_default_values_say_the_opposite(self, sign: int) -> None:
        shares = (0.9, 0.1) if sign > 0 else (0.1, 0.9)
        ends = sorted((sign * 0.02, sign * 0.2))
        over = compared(sign * 0.1, *ends, spread=Spread(ends[0], sign * 0.1, ends[1], *shares, sign, 20.0))
        defaults = compared(-sign * 0.05, *sorted((-sign * 0.03, -sign * 0.07)))
        assert is_opposite(over, defaults)
        assert not is_opposite(over, compared(sign * 0.05, *sorted((sign * 0.03, sign * 0.07))))
        assert not is_opposite(over, defaults._replace(low=-0.1, high=0.1))
        text = verdict("a", "b", "reach", over, is_over_worlds=True, beside={DEFAULTS: defaults}).text
        other = "b" if sign > 0 else "a"
        assert f"{other} has a larger reach" in text.partition("+5.0")[0][-60:]
        assert "+5.0 points [3.0, 7.0]" in text
        few = verdict("a", "b", "reach", over, is_over_worlds=True, beside={INTERVIEWS: over._replace(n=4)}).text
        many = verdict("a", "b", "reach", over, is_over_worlds=True, beside={INTERVIEWS: over}).text
        assert "90%" in many.replace("90% of", "", 1)
        assert few != many

    def test_who_is_ahead_in_most_worlds(self) -> None:
        """Of shares that are the same the first is named; of what is better less, the one that has less."""

        def told(outcome: str, share_a: float, share_b: float, median: float) -> str:
            spread = Spread(median - 0.1, median, median + 0.1, share_a, share_b, 1 if median > 0 else -1, 20.0)
            difference = compared(median, *sorted((median - 0.05, median + 0.05)), n=20, spread=spread)
            return verdict("a", "b", outcome, difference, is_over_worlds=True).text

        typical = "typically +20.0 points, 9 in 10 between +10.0 and +30.0 points"
        assert told("monthly_posters", 0.85, 0.15, 0.2).startswith("a has more monthly posters in 85% of 20 plausible")
        assert typical in told("monthly_posters", 0.85, 0.15, 0.2)
        assert told("monthly_posters", 0.15, 0.85, -0.2).startswith("b has more monthly posters in 85% of 20 plausible")
        assert typical in told("monthly_posters", 0.15, 0.85, -0.2)
        assert told("monthly_posters", 0.5, 0.5, 0.2).startswith("a has more monthly posters in 50% of 20 plausible")
        assert told("days_to_answer", 0.85, 0.15, 0.2).startswith("b has faster answers in 85% of 20 plausible")
        assert "typically −0.2 days, 9 in 10 between −0.3 and −0.1 days" in told("days_to_answer", 0.85, 0.15, 0.2)
        assert told("days_to_answer", 0.5, 0.5, 0.2).startswith("a has faster answers in 50% of 20 plausible")

    def test_no_pair_is_said(self) -> None:
        assert "in no pair" in verdict("a", "b", "reach", paired_difference([NaN], [1.0])).text

    def test_more_are_needed_than_there_are(self) -> None:
        found = verdict("a", "b", "reach", compared(0.02, -0.01, 0.05, 6, replications_needed=3.0))
        assert "about 7 replications" in found.text
        assert "replications would" not in verdict("a", "b", "reach", compared(0.02, -0.01, 0.05)).text


class TestRanking:
    def test_places(self) -> None:
        ahead = np.array([[False, True, True], [False, False, True], [False, False, False]])
        rank, low, high = places_of(np.array([0.1, 0.2, 0.3]), ahead)
        assert [rank.tolist(), low.tolist(), high.tolist()] == [[1, 2, 3]] * 3
        rank, low, high = places_of(np.array([0.2, 0.1, 0.2]), np.zeros((3, 3), dtype=bool))
        assert [rank.tolist(), low.tolist(), high.tolist()] == [[2, 1, 2], [1, 1, 1], [3, 3, 3]]

    def test_who_can_be_ranked(self) -> None:
        assert can_be_ranked(np.array([10, 5, 4, 0])).tolist() == [True, True, False, False]
        assert can_be_ranked(np.array([0, 0])).tolist() == [False, False]
        assert can_be_ranked(np.array([1, 1])).tolist() == [True, True]

    def test_shares_first(self) -> None:
        by_unit = np.array([[1.0, 2.0, 3.0, 1.0], [2.0, 1.0, 3.0, 4.0]])
        assert shares_first(by_unit).tolist() == [0.5, 0.25]  # a tie is nobody's
        assert shares_first(by_unit, np.array([0.1, 0.2, 0.3, 0.4])).tolist() == [0.5, 0.2]


class TestOverWorlds:
    def test_the_split_with_unequal_numbers_of_runs(self) -> None:
        """Means 1, 5 and 8 of 2, 1 and 3 runs: by the formula of Searle and others, worked out by hand."""
        a = np.array([[0.0, 2.0, NaN], [5.0, NaN, NaN], [7.0, 8.0, 9.0], [NaN, NaN, NaN]])
        within = (1 + 1 + 1 + 0 + 1) / (6 - 3)
        grand = (2 * 1 + 5 + 3 * 8) / 6
        between = (2 * (1 - grand) ** 2 + (5 - grand) ** 2 + 3 * (8 - grand) ** 2) / 2
        worlds = (between - within) / ((6 - (4 + 1 + 9) / 6) / 2)
        found = variance_share(a, np.zeros_like(a))
        assert found[:2] == pytest.approx((within / (within + worlds), worlds / (within + worlds)))

    def test_single_pairs_count_by_the_weight_of_their_world(self) -> None:
        a = np.array([[1.0, 1.0], [-1.0, 0.0], [NaN, 1.0]])
        even = np.zeros_like(a)
        assert share_greater(a, even) == (2 + 0.5 + 1) / 5
        weights = np.array([1.0, 2.0, 3.0])
        assert share_greater(a, even, weights) == (2 + 2 * 0.5 + 3) / (2 + 4 + 3)
        assert math.isnan(share_greater(np.full((2, 1), NaN), np.zeros((2, 1))))
        blocks = {"a": dict.fromkeys(OUTCOME_NAMES, a), "b": dict.fromkeys(OUTCOME_NAMES, even)}
        row = differences_over_worlds(blocks, 26, weights=weights)[0]
        assert row.over_worlds is not None
        assert row.over_worlds.p_a_greater == (2 + 2 * 0.5 + 3) / (2 + 4 + 3)
        assert row.paired.mean == pytest.approx((1 * 1 - 2 * 0.5 + 3 * 1) / 6)
        plain = differences_over_worlds(blocks, 26)[0]
        assert plain.paired.mean == pytest.approx((1 - 0.5 + 1) / 3)
        assert plain.paired.spread is not None  # of worlds it is told, weighted or not

    def test_keys_that_worlds_set_in_some_scenario(self) -> None:
        assert varied_keys([("x",), ("x", "y")], ("x", "y", "z")) == ("y", "z")
        assert varied_keys([], ("x",)) == ("x",)
        with pytest.raises(InputError):
            varied_keys([("x",), ("x",)], ("x",))

    def test_a_world_without_a_value_has_no_mean(self) -> None:
        assert world_means(np.array([[NaN, NaN], [1.0, NaN], [1.0, 4.0]])) == pytest.approx([NaN, 1, 2.5], nan_ok=True)

    def test_rows_of_worlds_keep_their_order_and_weights(self) -> None:
        table = pd.DataFrame(
            {
                "scenario": ["b", "b", "b", "a", "a", "b"], "point": [2, 0, 0, 0, 2, 1], "week": [1, 1, 1, 1, 1, 1],
                "reach": [0.5, 0.1, 0.3, 0.9, 0.7, 0.4], "is_alive": [True, False, True, True, True, True],
            }
        )  # fmt: skip
        found = one_row_a_world(table, ["week"])
        assert found[["scenario", "replication", "reach"]].to_numpy().tolist() == [
            ["b", 2, 0.5], ["b", 0, 0.2], ["a", 0, 0.9], ["a", 2, 0.7], ["b", 1, 0.4],
        ]  # fmt: skip
        assert found["run_id"].tolist() == [4, 0, 1, 5, 2]  # in the order of worlds, and in each that of scenarios
        assert found["is_alive"].tolist() == [1.0, 0.5, 1.0, 1.0, 1.0]
        assert "weight" not in found
        weighted = one_row_a_world(table, ["week"], pd.Series({0: 0.75, 1: 0.0, 2: 0.25}))
        assert weighted["replication"].tolist() == [2, 0, 0, 2]
        assert weighted["weight"].tolist() == [0.25, 0.75, 0.75, 0.25]
        assert "weight" not in one_row_a_world(table, ["week"], pd.Series({0: 0.5, 1: 0.0, 2: 0.5}))

    def test_groups_without_an_order_stay(self) -> None:
        table = pd.DataFrame({"scenario": ["a"] * 2, "point": [0, 0], "order": [NaN, NaN], "n_posts": [1.0, 3.0]})
        assert one_row_a_world(table, ["order"])["n_posts"].tolist() == [2.0]

    def test_the_first_set_is_what_the_answer_rests_on(self) -> None:
        points = pd.DataFrame({"point": [4, 5], "weight.levels": [0.2, 0.8], "weight.interviews": [1.0, 0.0]})
        weights = headline_weights(points)
        assert weights is not None
        assert weights.to_dict() == {4: 0.2, 5: 0.8}
        assert headline_weights(points[["point"]]) is None
        runs = pd.DataFrame({"scenario": ["a", "a"], "point": [4, 5], "reach": [0.1, 0.2], "weight.levels": [0.2, 0.8]})
        empty = pd.DataFrame()
        found = by_world({"runs": runs, "points": points, "series": empty, "groups": empty})
        assert found["worlds"] is runs
        assert found["runs"]["weight"].tolist() == [0.2, 0.8]
        plain = by_world({"runs": runs.drop(columns="weight.levels"), "series": empty, "groups": empty})
        assert "worlds" not in plain

    def test_a_plan_with_answers_and_default_values(self) -> None:
        key, other = "behavior.read_base", "behavior.post_base"
        levels = np.array([0.5, 0.5])
        found = ChosenWorlds(
            settings=({key: -3.0, other: 1.0}, {key: -2.0, other: 2.0}), weights={"levels": levels}, source="levels",
            sizes={"levels": 2}, digests={"levels": "d"},
        )  # fmt: skip
        plain, trusting = (load_scenario("baseline", {"organization.trust": trust}) for trust in (0.6, 0.9))
        arms = [Arm("plain", plain.resolved(), (other,)), Arm("trusting", trusting.resolved())]
        ranges = {"organization.trust": (0.2, 0.4), "rules.guidance": (0.0, 1.0)}
        answers = Answers(file="answers.yaml", ranges=ranges, digest="e")
        plan = plan_over_worlds(arms, found, 2, 1, 5, answers)
        points = plan.points
        assert points is not None
        assert len(points.world) == 2 + 3  # five runs at the default values are three rows of two
        assert points.factors["organization.trust"][2:] == pytest.approx([0.3] * 3)
        assert points.factors["rules.guidance"][2:] == [0.5] * 3
        assert all(0.2 <= value <= 0.4 for value in points.factors["organization.trust"][:2])
        assert [set(one) for one in points.leaves] == [
            {key, "organization.trust", "rules.guidance"},
            {key, other, "rules.guidance"},
        ]
        assert points.weights == {
            "levels": [0.5, 0.5, 0.0, 0.0, 0.0],
            DEFAULTS: [0.0, 0.0, *[pytest.approx(1 / 3)] * 3],
        }
        assert list(points.world) == [0, 1, 2, 2, 2]
        assert list(points.luck) == [0, 1, -1, -2, -3]
        assert list(points.strategy) == [0] * 5
        assert plan.about is not None
        assert plan.about.kind == "compare"
        assert not any(each["is_lever"] for each in plan.about.factors)
        assert [each["name"] for each in plan.about.factors] == [key, other, "organization.trust", "rules.guidance"]
        places = [(arm, point, run) for point in (1, 0, 4) for arm in (1, 0) for run in (1, 0)]
        told = [10.0 * arm + point + 0.5 * run for arm, point, run in places]
        runs = pa.table(
            {
                "scenario": [arms[arm].name for arm, _, _ in places], "point": [point for _, point, _ in places],
                "replication": [run for _, _, run in places], **dict.fromkeys(plan.kept.outcomes, told),
            }
        )  # fmt: skip
        blocks = outcome_blocks(runs, plan)
        assert blocks["plain"]["reach"][[0, 1, 4]].tolist() == [[0.0, 0.5], [1.0, 1.5], [4.0, 4.5]]
        assert blocks["trusting"]["reach"][[0, 1, 4]].tolist() == [[10.0, 10.5], [11.0, 11.5], [14.0, 14.5]]
        assert np.isnan(blocks["plain"]["reach"][[2, 3]]).all()
        alone = plan_over_worlds(arms[:1], found, 2, 1)
        assert alone.about is not None
        assert alone.about.kind == "run"
        assert alone.points is not None
        assert DEFAULTS not in alone.points.weights
