"""The condition that cases meet: an outcome, a comparison and a number, as a person types it."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim.errors import InputError
from sim.scenario.outcome_table import OUTCOME_NAMES, TIMES
from sim.scenario.wording import did_you_mean, shown

OPERATORS = ("<=", ">=", "<", ">")
EXAMPLE = 'such as "monthly_posters < 0.1"'
_FORM = re.compile(r"\s*(?P<outcome>[^\s<>=!]*)\s*(?P<operator>[<>=!]*)\s*(?P<bound>.*?)\s*")
_NUMBER = re.compile(r"[-+−]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?%?")


class Condition(NamedTuple):
    """An outcome compared with a number; shares are of 1 (10% is 0.1)."""

    outcome: str
    operator: str
    bound: float

    def __str__(self) -> str:
        return f"{self.outcome} {self.operator} {self.bound:g}"

    def holds(self, values: np.ndarray) -> np.ndarray:
        """Return where the condition holds, bool of the shape of `values`; a missing value (NaN) never does.

        Whoever asks keeps missing values apart: they are no evidence that it does not hold.
        """
        with np.errstate(invalid="ignore"):
            match self.operator:
                case "<":
                    return values < self.bound
                case "<=":
                    return values <= self.bound
                case ">":
                    return values > self.bound
                case _:
                    return values >= self.bound


def parse_condition(text: str, outcomes: Sequence[str] = OUTCOME_NAMES, n_weeks: int | None = None) -> Condition:
    """Read a condition such as ``monthly_posters < 0.1`` or ``monthly_posters >= 10%``.

    Parameters
    ----------
    text : str
        What the person typed.
    outcomes : sequence of str
        Names that may stand on the left.
    n_weeks : int, optional
        Weeks of the runs: in which week after these a time is reached is not known, so none may be compared with one.

    Raises
    ------
    InputError
        Pointing at the place that is wrong.

    Examples
    --------
    >>> parse_condition("monthly_posters<10%")
    Condition(outcome='monthly_posters', operator='<', bound=0.1)
    """
    found = _FORM.fullmatch(text.replace("\n", " "))
    if found is None or not found["outcome"]:
        raise _wrong(text, 0, len(text), f"begin with the name of an outcome, {EXAMPLE}")
    if found["operator"] not in OPERATORS:
        place = found.span("operator")
        given = f", not {shown(found['operator'])}" if found["operator"] else ""
        raise _wrong(text, *place, f"here must be one of {', '.join(OPERATORS)}{given}; {EXAMPLE}")
    if not _NUMBER.fullmatch(found["bound"]):
        raise _wrong(text, *found.span("bound"), f"here must be a number, {EXAMPLE}{_about_number(found['bound'])}")
    if found["outcome"] not in outcomes:
        raise _wrong(text, *found.span("outcome"), _unknown(found["outcome"], outcomes))
    number = float(found["bound"].rstrip("%").replace("−", "-"))
    bound = round(number / 100, 15) if found["bound"].endswith("%") else number
    if not math.isfinite(bound):
        raise _wrong(text, *found.span("bound"), "this number is too large")
    if n_weeks is not None and found["outcome"] in TIMES and bound > n_weeks:
        raise _wrong(
            text, *found.span("bound"), f"the runs end after {n_weeks} weeks: at most {n_weeks} can be told here"
        )
    return Condition(found["outcome"], found["operator"], bound)


def _wrong(text: str, start: int, end: int, message: str) -> InputError:
    """Return an error with the text and a mark under what is wrong in it."""
    line = text.replace("\n", " ").replace("\t", " ")
    mark = " " * start + "^" * max(end - start, 1)
    return InputError(["--when cannot be read:", f"  {line}", f"  {mark} {message}"])


def _about_number(given: str) -> str:
    if re.fullmatch(r"[-+]?\d+,\d+%?", given):
        return f"; write {given.replace(',', '.')}, with a point"
    if re.search(r"\b(and|or)\b|&|\|", given):
        return "; one condition at a time"
    return ""


def _unknown(name: str, outcomes: Sequence[str]) -> str:
    if name in OUTCOME_NAMES:
        return f"these results do not have {name}: the experiment kept {', '.join(outcomes)}"
    hint = did_you_mean(name, outcomes) or did_you_mean(name, OUTCOME_NAMES)
    return f"there is no outcome {shown(name)}{hint or '; intranet-sim schema and docs/outcomes.md list them'}"
