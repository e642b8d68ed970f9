"""How much of each run a study keeps: a design of many thousands of runs need not keep every week of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.scenario.outcome_table import OUTCOME_NAMES

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class Kept:
    """What of a run goes into the results.

    Attributes
    ----------
    outcomes : tuple of str
        Names of the outcomes, in the order of the columns.
    series : str or int
        Weeks of the series of those outcomes: ``all``, ``none``, or N for every N-th week and the last.
    groups : bool
        Whether the table of who reads and posts is kept.
    replies : bool
        Whether it is kept who replied to whom.
    """

    outcomes: tuple[str, ...] = OUTCOME_NAMES
    series: str | int = "all"
    groups: bool = True
    replies: bool = False

    @property
    def has_series(self) -> bool:
        """Whether any week is kept."""
        return self.series != "none"

    def weeks(self, n_weeks: int) -> np.ndarray:
        """Return which weeks of a run are kept, int64, counted from 1."""
        import numpy as np

        every = np.arange(1, n_weeks + 1)
        if isinstance(self.series, int):
            return every[(every % self.series == 0) | (every == n_weeks)]
        return every if self.series == "all" else every[:0]

    def of_series(self, series: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Return the part of a run's series that is kept."""
        kept = {name: series[name] for name in self.outcomes if name in series} if self.has_series else {}
        if self.series == "all":
            return kept
        return {name: values[self.weeks(len(values)) - 1] for name, values in kept.items()}

    def as_mapping(self) -> dict[str, Any]:
        """Return it as the manifest has it."""
        # Written only where it is asked for: what other studies say of themselves stays as it was.
        replies = {"replies": True} if self.replies else {}
        return {"outcomes": list(self.outcomes), "series": self.series, "groups": self.groups, **replies}


KEPT_IF_ASKED = ("replies",)
"""Tables that a study has only where they are asked for: what ``--keep`` and the key ``keep`` take."""
EVERYTHING = Kept()
