"""What an organization should find out about itself first: the answers that would change the advice most."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.study.answers import short_name
from sim.study.decides import FEWEST_ON_A_SIDE, Decisive, Unknowns, decides_lines
from sim.study.findings import WorldValues
from sim.study.over_worlds import world_means
from sim.texts import text

SELDOM, FEWEST_WORLDS = 0.1, 20
"""Who is ahead in at most this share of so many worlds is so hardly anywhere, and no answer changes that."""


def what_turns(worlds: WorldValues, keys: Sequence[str], a: str, b: str, outcome: str) -> tuple[Decisive, list[str]]:
    """Return which answers decide between two launches, and all others, those that go with it most first."""
    from scipy.stats import rankdata

    difference = world_means(worlds.blocks[a][outcome] - worlds.blocks[b][outcome])
    factors = {key: worlds.factors[key] for key in keys}
    found = Unknowns(factors, worlds.weights).decisive(difference)
    known = ~np.isnan(difference)
    ranks = rankdata(difference[known])
    told = {one.key for one in found.deciders}

    def strength(key: str) -> float:
        own = np.asarray(factors[key], dtype=float)[known]
        if known.sum() < 2 or not np.ptp(own) or not np.ptp(ranks):
            return 0.0
        return abs(float(np.corrcoef(rankdata(own), ranks)[0, 1]))

    return found, sorted((key for key in keys if key not in told), key=lambda key: -strength(key))


def find_out_lines(
    worlds: WorldValues, keys: Sequence[str], a: tuple[str, str], b: tuple[str, str], outcome: str, language: str
) -> list[str]:
    """Say what to find out first about oneself: the answers that turn the advice, then those that do not clearly.

    Parameters
    ----------
    worlds : WorldValues
        What came out in the worlds.
    keys : sequence of str
        The keys that answers set.
    a, b : pair of str
        Two launches, each with how to call it.
    outcome : str
        What the advice is about.
    language : str
        ``en`` or ``nl``.
    """
    found, others = what_turns(worlds, keys, a[0], b[0], outcome)
    rest = ", ".join(short_name(key, language) for key in others)
    if found.is_all_ties or not found.is_enough:
        is_never = found.n_worlds >= FEWEST_WORLDS and min(found.shares) <= SELDOM
        key = "study.answers.never" if found.is_all_ties or is_never else "study.answers.few"
        return [text(language, key, a=a[1], b=b[1], names=rest, fewest=FEWEST_ON_A_SIDE)]
    if not found.deciders:
        return [text(language, "study.answers.nothing", a=a[1], b=b[1], names=rest)]
    lines = decides_lines(
        a[1], b[1], outcome, found, language, has_keys=False, name_of=lambda key: short_name(key, language)
    )
    told = [text(language, "study.answers.first"), *lines[1:]]
    return [*told, text(language, "study.answers.rest", names=rest)] if others else told
