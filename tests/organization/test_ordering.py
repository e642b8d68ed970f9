"""The quick order is the stable one, ties included."""

from __future__ import annotations

import numpy as np
import pytest

from sim.kernel.tables import stable_order
from sim.organization.workforce import _n_at_most


@pytest.mark.parametrize("n", [0, 1, 2, 17, 5000])
@pytest.mark.parametrize("decimals", [0, 1, 15])
def test_order_is_stable(n: int, decimals: int) -> None:
    values = np.round(np.random.default_rng(n).standard_normal(n), decimals)
    np.testing.assert_array_equal(stable_order(values), np.argsort(values, kind="stable"))


def test_one_tie_among_many_keeps_its_order() -> None:
    values = np.random.default_rng(3).standard_normal(4000)
    values[3100] = values[250]
    order = stable_order(values).tolist()
    assert order.index(3100) == order.index(250) + 1


def test_how_many_tenures_are_short_enough() -> None:
    draw = np.random.default_rng(5)
    offered, longest = np.sort(draw.integers(0, 450, 300)), draw.integers(0, 600, 300)
    np.testing.assert_array_equal(_n_at_most(offered, longest), np.searchsorted(offered, longest, side="right"))
