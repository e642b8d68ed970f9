"""Small pieces of arithmetic that several rules share."""

from __future__ import annotations

import math

from sim.kernel.compiled import compiled


@compiled
def logistic(utility: float) -> float:
    """Return 1 / (1 + exp(-utility)), without overflow at either end."""
    if utility >= 0.0:
        return 1.0 / (1.0 + math.exp(-utility))
    odds = math.exp(utility)
    return odds / (1.0 + odds)


@compiled
def logistic_at_most(utility: float) -> float:
    """Return what `logistic` does not exceed, a few percent above it where it is small, at the cost of a division.

    With x = -utility, (1 + x / n)**n never exceeds exp(x); n is 256, so squaring eight times will do.
    """
    odds_against = max(0.0, 1.0 - utility / 256.0)
    for _ in range(8):
        odds_against *= odds_against
    return 1.0 / (1.0 + odds_against)


@compiled
def gain(amount: float, half: float) -> float:
    """Return the share of full value that `amount` gives: 0 at nothing, one half at `half`, towards 1 beyond."""
    return amount / (amount + half)


@compiled
def approach(old: float, target: float, weight: float) -> float:
    """Return `old` moved by `weight` of the way to `target` (adaptive expectations).

    With a constant target the distance shrinks by exactly ``1 - weight`` a step.
    """
    return old + weight * (target - old)


@compiled
def happens(draw: float, p: float) -> bool:
    """Return whether an event of probability `p` happens at the uniform draw in [0, 1)."""
    return draw < p


@compiled
def unused_luck(draw: float, p: float) -> float:
    """Return a fresh uniform draw in [0, 1) from one already compared with `p`.

    Given ``draw < p``, ``draw / p`` is again uniform; given ``draw >= p``, so is the rest of the interval. One draw of
    32 bits a person and day can thus decide several small events in a row (Devroye 1986, ch. II: recycling of
    uniforms), so that the number of items read never shifts anybody's luck elsewhere. Each event uses up a part of the
    draw, at most one bit: dozens of likely events a day would be too many, the few unlikely ones here are not.
    """
    if draw < p:
        return draw / p
    return (draw - p) / (1.0 - p)


@compiled
def uniform_from_bits(bits: int) -> float:
    """Return the uniform draw in [0, 1) that 32 random bits make."""
    return bits * (1.0 / 4294967296.0)
