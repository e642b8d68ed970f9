"""The first line of a ``run`` over plausible worlds; that of a comparison is its verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.study.points import INTERVIEWS
from sim.study.statistics import FEWEST_PAIRS
from sim.study.wording import label, unit_text, value_text
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
            median = value_text(outcome, other.spread.median, language)
            told = text(language, "study.run_interviews", median=median)
    unit = unit_text(outcome, language)
    return text(
        language, "study.run_worlds", name=name, outcome=label(outcome, language), n=n, beside=told,
        median=value_text(outcome, interval.spread.median, language), unit=f" {unit}" if unit else "",
        low=value_text(outcome, interval.spread.p5, language), high=value_text(outcome, interval.spread.p95, language),
    )  # fmt: skip
