"""Parts of the variance, and the dummy that only luck moves."""

from __future__ import annotations

import re

import numpy as np
import pytest
from functions import with_luck

from sim.analysis.sensitivity.values import lasting_share, luck_drawn_again, luck_parts
from sim.words import LANGUAGES, catalog, text

EFFECT = np.random.default_rng(7).normal(scale=2.0, size=4000)


def test_parts_of_the_variance_are_found() -> None:
    parts = luck_parts(with_luck(EFFECT, 200, shared=1.0, own=3.0))
    assert parts.points == pytest.approx(4.0, rel=0.1)
    assert parts.shared == pytest.approx(1.0, rel=0.2)
    assert parts.own == pytest.approx(9.0, rel=0.05)
    assert parts.share_of_run == pytest.approx(10 / 14, rel=0.05)
    assert parts.share_of_mean == pytest.approx((9 / 200) / (4 + 9 / 200), rel=0.1)


def test_common_luck_alone_leaves_nothing_of_its_own() -> None:
    values = with_luck(EFFECT, 5, shared=1.0, own=0.0)
    assert luck_parts(values).own == pytest.approx(0, abs=1e-20)
    np.testing.assert_allclose(luck_drawn_again(values), 0, atol=1e-12)


def test_one_replication_knows_nothing_of_luck() -> None:
    values = with_luck(EFFECT, 1, shared=1.0, own=1.0)
    assert np.isnan(luck_parts(values).own)
    assert np.isnan(luck_parts(values).share_of_run)
    assert not luck_drawn_again(values).any()


@pytest.mark.parametrize("n", [2, 5])
def test_luck_drawn_again_varies_like_the_difference_of_two_means(n: int) -> None:
    values = with_luck(EFFECT, n, shared=5.0, own=3.0)
    drawn = luck_drawn_again(values, "any")
    assert drawn.var() == pytest.approx(2 * 9 / n, rel=0.1)
    assert abs(np.corrcoef(drawn, EFFECT)[0, 1]) < 0.05
    np.testing.assert_array_equal(drawn, luck_drawn_again(values, "any"))
    assert not np.array_equal(drawn, luck_drawn_again(values, "other"))


def test_what_lasts_and_what_these_seeds_make_are_all_of_the_variance_between_points() -> None:
    parts = luck_parts(with_luck(EFFECT, 2, shared=1.0, own=9.0))
    assert parts.share_of_mean > 0.85
    assert lasting_share(parts.share_of_mean) + round(parts.share_of_mean, 2) == 1.0
    for language in LANGUAGES:
        told = text(language, "sensitivity.together", value="75%", low="", high="")
        assert "luck" not in told
        assert "toeval," not in told
        assert {"lasting", "mean", "run"} <= set(re.findall(r"{(\w+)}", catalog(language)["sensitivity.luck"]))
