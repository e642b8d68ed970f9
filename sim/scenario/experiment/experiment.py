"""An experiment as a frozen object: what is varied, how it is combined, what is kept."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.scenario.experiment.factors import Factor
from sim.scenario.experiment.keys import SAMPLED_DESIGNS
from sim.scenario.outcome_table import OUTCOME_NAMES

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario

USUAL_OUTCOME = "monthly_posters"


class Strategy(NamedTuple):
    """One row of design ``list``: a name, and the dotted keys that it sets."""

    name: str
    settings: Mapping[str, Any]


@dataclass(frozen=True)
class Experiment:
    """A study over many settings: levers and uncertainties around one or more base scenarios.

    Attributes
    ----------
    name, description : str
        For the reader; the name is also that of the results folder.
    bases : tuple of Scenario
        The arms, with what holds for every run already set. Their names differ.
    base_names : tuple of str
        The bases as the file names them.
    fixed : mapping of str to Any
        Dotted keys that hold for every run, with their values.
    design : str or None
        ``grid``, ``list``, ``zip``, ``latin_hypercube`` or ``sobol``; None for sensitivity analysis.
    method : str or None
        ``morris``, ``sobol`` or ``pawn``; None for a sweep.
    by_group : bool
        Whether sensitivity is about groups of factors.
    levers, uncertainties : tuple of Factor
        What varies. In design ``list`` the rows are the one lever.
    strategies : tuple of Strategy
        The rows of design ``list``, otherwise empty.
    samples : int
        Number of draws; 1 where nothing is drawn.
    replications : int
        Runs at each point of each arm.
    seed : int
        Seed of the design and of all luck.
    outcomes : tuple of str
        Outcomes to keep, in the order of the file.
    series : str or int
        ``none``, ``all``, or N for every N-th week and the last.
    groups : bool
        Whether the table of who posts is kept.
    keep : tuple of str
        Tables that are kept only where they are asked for: ``replies``.
    quick : bool
        Whether this is the small version for a first look.
    file : str
        The file as messages call it.
    """

    name: str
    description: str
    bases: tuple[Scenario, ...]
    base_names: tuple[str, ...]
    fixed: Mapping[str, Any]
    design: str | None
    method: str | None
    by_group: bool
    levers: tuple[Factor, ...]
    uncertainties: tuple[Factor, ...]
    strategies: tuple[Strategy, ...]
    samples: int
    replications: int
    seed: int
    outcomes: tuple[str, ...]
    series: str | int
    groups: bool
    keep: tuple[str, ...]
    quick: bool
    file: str

    @property
    def factors(self) -> tuple[Factor, ...]:
        """Levers, then uncertainties: the order of columns in every design."""
        return self.levers + self.uncertainties

    @property
    def kind(self) -> str:
        """``sweep`` or ``sensitivity``: the command that it is for."""
        return "sweep" if self.method is None else "sensitivity"

    @property
    def main_outcome(self) -> str:
        """The outcome that comes first in what is shown."""
        return USUAL_OUTCOME if self.outcomes == OUTCOME_NAMES else self.outcomes[0]

    @property
    def n_points(self) -> int:
        """Number of points of the design. For a method, without any that a dummy factor adds."""
        return n_points(self.design, self.method, self.by_group, self.factors, self.samples)

    @property
    def n_runs(self) -> int:
        """Number of runs: points times arms times replications."""
        return self.n_points * len(self.bases) * self.replications

    def as_mapping(self) -> dict[str, Any]:
        """Return the experiment as nested plain values that JSON can hold, with everything written out.

        Overrides and quick settings are laid over, and ranges of the registry stand as they were.
        """
        rows = [{"name": row.name, "set": dict(row.settings)} for row in self.strategies]
        return {
            "name": self.name,
            "description": self.description,
            "base": list(self.base_names),
            "set": dict(self.fixed),
            "design": self.design,
            "method": self.method,
            "by_group": self.by_group,
            "levers": {} if rows else {factor.name: factor.as_mapping() for factor in self.levers},
            "uncertainties": {factor.name: factor.as_mapping() for factor in self.uncertainties},
            "strategies": rows,
            "samples": self.samples,
            "replications": self.replications,
            "seed": self.seed,
            "outcomes": list(self.outcomes),
            "series": self.series,
            "groups": self.groups,
            **({"keep": list(self.keep)} if self.keep else {}),
            "quick": self.quick,
        }


def is_drawn(factors: tuple[Factor, ...]) -> bool:
    """Return whether any of the factors is a range, so that worlds have to be drawn."""
    return any(factor.spread is not None for factor in factors)


def n_points(design: str | None, method: str | None, by_group: bool, factors: tuple[Factor, ...], samples: int) -> int:
    """Return the number of points of a design, or of a method of sensitivity analysis without a dummy factor."""
    if method is not None:
        n_inputs = len({factor.group for factor in factors}) if by_group else len(factors)
        each = {"morris": n_inputs + 1, "sobol": 2 * n_inputs + 2, "pawn": 1}
        return samples * each[method]
    if design in SAMPLED_DESIGNS:
        return samples
    n_drawn = samples if is_drawn(factors) else 1
    sizes = [len(factor.alternatives) for factor in factors if factor.spread is None]
    return n_drawn * (max(sizes, default=1) if design == "zip" else math.prod(sizes))
