"""What each lever does over all strategies, and which strategies are never bad.

For two settings of a lever, strategies that differ in nothing else make pairs; the mean of their differences in a world
is what the lever does there. Over the worlds that is a paired difference as any other, so a comparison and a sweep say
it in the same words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.analysis.comparison import Difference, OverWorlds, json_number, json_numbers
from sim.analysis.statistics import PairedDifference, mean_of_given, paired_difference
from sim.analysis.sweeping.cells import Candidate, setting_in_words, setting_text
from sim.analysis.sweeping.sweep import Sweep
from sim.analysis.wording import OUTCOME_BY_NAME, difference_text, short_names
from sim.catalog.outcomes import YES_OR_NO
from sim.words import text

if TYPE_CHECKING:
    from sim.analysis.sweeping.sweep import StoredSweep


FEWEST_WORLDS = 10
"""With fewer worlds the worst tenth of them is none."""


class LeverEffect(NamedTuple):
    """What one setting of a lever does against another."""

    lever: str
    # `a`, `b`: its two settings; `a` is the better one where more or less of the outcome is better, else the one with
    # more
    a: Any
    b: Any
    difference: Difference  # `a` minus `b`, over worlds (or, in a single world, over replications)
    n_pairs: int  # pairs of strategies that differ in nothing else

    @property
    def is_clear(self) -> bool:
        """Whether one of the two is surely better, by enough to matter."""
        return self.difference.verdict().kind == "differs"


def lever_effects(sweep: Sweep, blocks: np.ndarray, outcome: str) -> list[LeverEffect]:
    """Return for each lever its best setting against each other one: clear effects first, the largest of them first.

    `sweep`: a sweep whose strategies each meet every world; of another, nothing can be said of a lever alone; `blocks`:
    float64 (candidates, worlds, replications), from `Cells.values`; `outcome`: what the effects are on.
    """
    cells = sweep.cells
    if not cells.is_crossed or len(sweep.settings) < 2:
        return []
    values = cells.units(blocks)
    found: list[LeverEffect] = []
    for lever in next(iter(sweep.settings.values())):
        groups = _alike_but_for(lever, cells.candidates, sweep.settings)
        levels = list(dict.fromkeys(setting_text(each[lever]) for each in sweep.settings.values()))
        effects = [_effect(sweep, values, groups, lever, pair, outcome) for pair in combinations(levels, 2)]
        found += _of_the_best([each for each in effects if each is not None])
    return sorted(found, key=lambda one: (not one.is_clear, -abs(one.difference.paired.mean)))


def _alike_but_for(
    lever: str, candidates: Sequence[Candidate], settings: Mapping[int, Mapping[str, Any]]
) -> list[dict[str, int]]:
    """Return groups of candidates that differ in one lever alone: the place of each by its setting."""
    groups: dict[tuple[str, ...], dict[str, int]] = {}
    for place, candidate in enumerate(candidates):
        own = settings[int(candidate.strategy or 0)]
        rest = (candidate.scenario, *(setting_text(value) for name, value in own.items() if name != lever))
        groups.setdefault(rest, {})[setting_text(own[lever])] = place
    return list(groups.values())


def _effect(
    sweep: Sweep,
    values: np.ndarray,
    groups: Sequence[Mapping[str, int]],
    lever: str,
    pair: tuple[str, str],
    outcome: str,
) -> LeverEffect | None:
    places = [(group[pair[0]], group[pair[1]]) for group in groups if set(pair) <= set(group)]
    if not places:
        return None
    ones, others = (values[[each[side] for each in places]] for side in (0, 1))
    known = ~np.isnan(ones - others)
    means = [mean_of_given(np.where(known, side, np.nan), 0) for side in (ones, others)]
    paired = _paired(sweep, means[0], means[1], outcome)
    better = OUTCOME_BY_NAME[outcome].better or 1
    a, b = pair if paired.mean * better >= 0 else pair[::-1]
    if (a, b) != pair:
        paired = _paired(sweep, means[1], means[0], outcome)
    over_worlds = OverWorlds(paired.p_a_greater, float("nan"), float("nan"), "") if paired.spread is not None else None
    return LeverEffect(lever, a, b, Difference(a, b, outcome, paired, 0, over_worlds), len(places))


def _paired(sweep: Sweep, a: np.ndarray, b: np.ndarray, outcome: str) -> PairedDifference:
    """Return the difference over worlds, or in one world over replications; `a` and `b` are (worlds, replications)."""
    cells, known = sweep.cells, OUTCOME_BY_NAME[outcome]
    # Means over strategies of yes and no are shares, which are no longer yes or no.
    is_yes_or_no = outcome in YES_OR_NO and set(np.unique(np.round(np.r_[a, b], 12))) <= {0.0, 1.0}
    if len(cells.worlds) == 1:
        return paired_difference(a[0], b[0], known.high - known.low, is_yes_or_no)
    return paired_difference(a, b, known.high - known.low, is_yes_or_no, None, weights=cells.weights)


def _of_the_best(effects: Sequence[LeverEffect]) -> list[LeverEffect]:
    """Return of all pairs of settings those of the setting that is better than most others."""
    if not effects:
        return []
    won: dict[Any, int] = {}
    for one in effects:
        won[one.a] = won.get(one.a, 0) + 1
    best = max(won, key=lambda level: won[level])
    return [one for one in effects if one.a == best]


# --- in words -------------------------------------------------------------------------------------------------------


def effects_of(found: StoredSweep, outcome: str) -> list[LeverEffect]:
    """Return `lever_effects` of a stored sweep."""
    blocks = found.sweep.cells.values(found.stored.runs[outcome].to_numpy(dtype=float))
    return lever_effects(found.sweep, blocks, outcome)


def effect_rows(effects: Sequence[LeverEffect]) -> list[dict[str, Any]]:
    """Return effects as plain data; verdicts in English."""
    return [
        {
            "lever": one.lever, "a": one.a, "b": one.b, "outcome": one.difference.outcome,
            **json_numbers(one.difference.paired),
            "n": one.difference.paired.n,
            "share_a_greater": json_number(one.difference.paired.shares[0]),
            "share_b_greater": json_number(one.difference.paired.shares[1]),
            "n_pairs": one.n_pairs, "verdict": one.difference.verdict().kind,
        }
        for one in effects
    ]  # fmt: skip


def lever_lines(effects: Sequence[LeverEffect], language: str) -> tuple[list[str], str]:
    """Return what is clear about single levers, a line each, and in one sentence what is not; either may be empty."""
    names = short_names([one.lever for one in effects], language)

    def called(one: LeverEffect) -> Difference:
        a, b = (f"{names[one.lever]} “{setting_in_words(each, language)}”" for each in (one.a, one.b))
        return one.difference._replace(a=a, b=b)

    clear = [
        text(
            language,
            "sweep.lever_clear",
            effect=called(one).verdict(language).text,
            other=setting_in_words(one.b, language),
        )
        for one in effects
        if one.is_clear
    ]
    rest: dict[str, list[str]] = {"open": [], "small": []}
    for one in effects:
        if not one.is_clear:
            kind = "open" if one.difference.verdict().kind == "cannot tell" else "small"
            ends = " / ".join(setting_in_words(each, language) for each in (one.a, one.b))
            rest[kind].append(f"{names[one.lever]} ({ends})")
    told = [text(language, f"sweep.levers_{kind}", names=", ".join(each)) for kind, each in rest.items() if each]
    return clear, " ".join(told)


def never_bad(sweep: Sweep, outcome: str) -> tuple[Candidate, float] | None:
    """Return the strategy that loses least against the best of each world in all but the worst tenth, and how much.

    None where strategies are not ranked, or there are too few worlds for a worst tenth.
    """
    rows = sweep.strategies[sweep.strategies["outcome"] == outcome].reset_index(drop=True)
    if (
        not sweep.cells.is_crossed
        or len(sweep.cells.worlds) < FEWEST_WORLDS
        or rows.empty
        or rows["regret_p90"].isna().all()
    ):
        return None
    place = int(rows["regret_p90"].to_numpy(dtype=float, na_value=np.inf).argmin())
    return sweep.cells.candidates[place], float(rows["regret_p90"].iloc[place])


def never_bad_line(name: str, loss: float, outcome: str, language: str) -> str:
    """Say which strategy is never far behind."""
    shown = difference_text(outcome, loss, language).lstrip("+")
    return text(language, "sweep.never_bad", name=name, loss=shown)
