"""What sets strategies apart, and worlds, as short texts and as columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

NOT_FACTORS = ("point", "strategy", "world", "draw")


def factor_names(points: pd.DataFrame) -> list[str]:
    """Return the factors of a design: the columns of its points that are no numbers of points."""
    return [str(name) for name in points.columns if name not in NOT_FACTORS]


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
        name: (text if counts[text] == 1 else name).replace(".", " ").replace("_", " ") for name, text in short.items()
    }


def setting_text(value: Any, yes: str = "yes", no: str = "no") -> str:
    """Return a value of a factor as one reads it."""
    if isinstance(value, bool | np.bool_):
        return yes if value else no
    if isinstance(value, float):
        return f"{value:.4g}"
    return str(value)


def settings_text(settings: dict[str, Any], yes: str = "yes", no: str = "no") -> str:
    """Return a strategy in one line: ``framing unframed, restriction 0.5``; named alternatives speak for themselves."""
    short = short_names(list(settings))
    parts = []
    for name, value in settings.items():
        text = setting_text(value, yes, no)
        is_name = isinstance(value, str) and not _is_number(value)
        parts.append(text if is_name else f"{short[name]} {text}")
    return ", ".join(parts)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
