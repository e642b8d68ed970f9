"""The first line of a ``run`` over plausible worlds; that of a comparison is its verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.study.points import INTERVIEWS
from sim.study.statistics import FEWEST_PAIRS
from sim.study.times import weeks_of
from sim.study.wording import label, quantile_text, unit_text
from sim.texts import text

if TYPE_CHECKING:
    from sim.study.conduct import Study


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
