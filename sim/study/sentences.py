"""The first line of a ``run`` over plausible worlds, and how that of a sweep ends; a comparison has its verdict."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from sim.study.points import INTERVIEWS
from sim.study.statistics import FEWEST_PAIRS
from sim.study.times import weeks_of
from sim.study.wording import label, quantile_text, unit_text
from sim.texts import percent, text

if TYPE_CHECKING:
    from sim.study.conduct import Study


def beside_sentence(first: Any, best_at_defaults: str, language: str) -> str:
    """Say what other worlds, and the default values, say of the strategy that comes first in a sweep.

    Parameters
    ----------
    first : row
        Its places, with the columns `BESIDE_COLUMNS` of a sweep where there are any.
    best_at_defaults : str
        Who comes first at the default values.
    language : str
        ``en`` or ``nl``.
    """
    told = ""
    n = getattr(first, "interviews_n_units", None)
    if n is not None:
        share = percent(first.interviews_share_first, 0, language)
        key = "interviews" if n >= FEWEST_PAIRS else "interviews_few"
        told += text(language, f"verdict.worlds.{key}", **({"share": share} if key == "interviews" else {"n": int(n)}))
    is_tied = getattr(first, "defaults_is_tied_with_first", None)
    if is_tied is not None and not is_tied and not math.isnan(first.defaults_rank):
        told += text(language, "sweep.opposite", name=best_at_defaults)
    return told


def run_sentence(study: Study, outcome: str, language: str, name: str | None = None) -> str:
    """Say what one scenario brings in a typical plausible world, and in nine of ten.

    Parameters
    ----------
    study : Study
        A ``run`` over plausible worlds.
    outcome : str
        What is told.
    language : str
        ``en`` or ``nl``.
    name : str, optional
        How to call the scenario; by its name if left out.
    """
    interval = next(row.interval for row in study.summaries if row.outcome == outcome)
    name, n = name or study.plan.arms[0].name, interval.n
    if interval.spread is None or not n:
        return text(language, "study.run_nothing", name=name, outcome=label(outcome, language))
    beside = study.found.beside.get(INTERVIEWS)
    told = ""
    if beside is not None:
        other = next(row.interval for row in beside.summaries if row.outcome == outcome)
        if other.spread is not None and other.n >= FEWEST_PAIRS:
            median = quantile_text(outcome, other.spread.median, weeks_of(study.plan), language)
            told = text(language, "study.run_interviews", median=median)
    unit, n_weeks = unit_text(outcome, language), weeks_of(study.plan)
    ends = {
        name: quantile_text(outcome, getattr(interval.spread, at), n_weeks, language)
        for name, at in (("median", "median"), ("low", "p5"), ("high", "p95"))
    }
    return text(
        language, "study.run_worlds", name=name, outcome=label(outcome, language), n=n, beside=told,
        unit=f" {unit}" if unit else "", **ends,
    )  # fmt: skip
