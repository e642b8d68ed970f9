"""What sets strategies apart, and worlds, as short texts and as columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.scenario.wording import number as as_typed
from sim.study.points import WEIGHT
from sim.texts import DEFAULT_LANGUAGE, short_number, text

if TYPE_CHECKING:
    import pandas as pd

NOT_FACTORS = ("point", "strategy", "world", "draw")


def factor_names(points: pd.DataFrame) -> list[str]:
    """Return the factors of a design: the columns of its points that are no numbers or weights of points."""
    return [str(name) for name in points.columns if name not in NOT_FACTORS and not str(name).startswith(WEIGHT)]


def settled_by(points: pd.DataFrame, by: str) -> list[str]:
    """Return the factors that vary, but not between points with the same number in the column `by`."""
    groups = np.unique(points[by].to_numpy(), return_inverse=True)[1]
    first = np.unique(groups, return_index=True)[1]
    found = []
    for name in factor_names(points):
        values = np.unique(points[name].astype(str).to_numpy(), return_inverse=True)[1]
        if values.max(initial=0) > 0 and (values == values[first][groups]).all():
            found.append(name)
    return found


def strategy_settings(points: pd.DataFrame) -> dict[int, dict[str, Any]]:
    """Return for each strategy the value of every factor that tells strategies apart."""
    names = settled_by(points, "strategy")
    rows = points.drop_duplicates("strategy").sort_values("strategy")
    values = rows[names].astype(object).to_numpy().tolist()
    numbers = rows["strategy"].tolist()
    return {int(number): dict(zip(names, row, strict=True)) for number, row in zip(numbers, values, strict=True)}


def short_names(names: Sequence[str]) -> dict[str, str]:
    """Return names of factors without their section, as words; in full where that would make two the same."""
    short = {name: name.partition(".")[2] or name for name in names}
    counts = Counter(short.values())
    return {
        name: (rest if counts[rest] == 1 else name).replace(".", " ").replace("_", " ") for name, rest in short.items()
    }


def setting_text(value: Any, language: str | None = None) -> str:
    """Return a value of a factor as one reads it in a language, or without one as it is typed in a file."""
    if isinstance(value, bool | np.bool_):
        if language is None:
            return "true" if value else "false"
        return text(language, "sweep.yes" if value else "sweep.no")
    if not isinstance(value, int | float | np.number):
        return str(value)
    return as_typed(float(value)) if language is None else short_number(float(value), language, 4)


def settings_text(settings: Mapping[str, Any], language: str = DEFAULT_LANGUAGE) -> str:
    """Return a strategy in one line: ``framing unframed, restriction 0.5``; named alternatives speak for themselves."""
    short = short_names(list(settings))
    parts = []
    for name, value in settings.items():
        shown = setting_text(value, language)
        is_name = isinstance(value, str) and not _is_number(value)
        parts.append(shown if is_name else f"{short[name]} {shown}")
    return ", ".join(parts)


def _is_number(written: str) -> bool:
    try:
        float(written)
    except ValueError:
        return False
    return True
