"""Round steps for an axis, and how its ticks are written; other numbers are written by `sim.study.wording`."""

from __future__ import annotations

import math

from matplotlib.ticker import MaxNLocator

from sim.show.words import LANGUAGE, Words
from sim.texts import number


def tick_values(low: float, high: float, n_steps: int) -> list[float]:
    """Return round values from `low` to `high`, both included where they are round, at most `n_steps` steps apart."""
    room = 1e-9 * (high - low)
    ticks = MaxNLocator(n_steps, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    places = 9 - math.floor(math.log10(high - low))  # the locator adds steps up: zero is to be zero
    return [round(float(tick), places) for tick in ticks if low - room <= tick <= high + room]


def step_decimals(step: float) -> int:
    """Return how many decimals it takes to write multiples of `step` exactly."""
    for decimals in range(8):
        if abs(round(step, decimals) - step) < 1e-9 * step:
            return decimals
    return 8


def tick_texts(values: list[float], words: Words, *, percent: bool = False, signed: bool = False) -> list[str]:
    """Write the tick values with as many decimals as their step needs."""
    shown = [100 * value for value in values] if percent else values
    decimals = step_decimals(shown[1] - shown[0]) if len(shown) > 1 else 1
    return [number(value, decimals, words[LANGUAGE], signed) + ("%" if percent else "") for value in shown]


def week_ticks(first: int, last: int) -> list[int]:
    """Return the first week and multiples of a step that means something: a month, a quarter, a year."""
    if first == last:
        return [first]
    step = next((step for step in (1, 2, 4, 13, 26, 52, 104, 208) if (last - first) / step <= 8), 416)
    multiples = [week for week in range(step, last + 1, step) if week >= first]
    # The first week is named too, where its number does not touch the next.
    return multiples if multiples and multiples[0] - first < 0.6 * step else [first, *multiples]
