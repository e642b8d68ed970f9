"""Experiments as frozen objects: ranges with a distribution, levers and uncertainties, and what is done with them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from statistics import NormalDist
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.catalog.outcomes import OUTCOME_NAMES
from sim.experiments.grammar import SAMPLED_DESIGNS

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario


_DIGITS = 12  # significant; hides the last bits of exp and log, in which C libraries differ


@dataclass(frozen=True, slots=True)
class Range:
    """A range of numbers with a distribution.

    Attributes
    ----------
    low, high : float
        Ends of the range, both possible; `low` is below `high`.
    is_whole : bool
        Whether only whole numbers are meant; each stands for the half unit on its either side, so that all of a
        uniform range are equally likely.
    distribution : str
        ``uniform``, ``log_uniform`` (evenly spread in the logarithm), ``triangular`` or ``normal`` (cut off at the
        ends).
    mode : float or None
        Most likely value, of ``triangular``.
    mean, sd : float or None
        Mean and standard deviation before it is cut off, of ``normal``.
    off_at : float or None
        Value besides the range at which something is off, drawn with probability `off_share`; the range is what it can
        be where it is on.
    off_share : float
        From 0 to 1, below 1.
    """

    low: float
    high: float
    is_whole: bool = False
    distribution: str = "uniform"
    mode: float | None = None
    mean: float | None = None
    sd: float | None = None
    off_at: float | None = None
    off_share: float = 0.0

    def value(self, u: float) -> float | int:
        """Return the value below which a share `u`, from 0 to 1, of all draws lie; being off comes first.

        Examples
        --------
        >>> Range(0.0, 2.0).value(0.25), Range(1, 3, is_whole=True).value(0.999), Range(1, 100).value(0.0)
        (0.5, 3, 1.0)
        >>> mechanism = Range(0.2, 1.0, off_at=0.0, off_share=0.5)
        >>> mechanism.value(0.49), mechanism.value(0.5), mechanism.value(0.75)
        (0.0, 0.2, 0.6)
        """
        if self.off_at is not None:
            if u < self.off_share:
                return self.off_at
            u = (u - self.off_share) / (1.0 - self.off_share)
        margin = 0.5 if self.is_whole else 0.0
        value = self._inverse(u, self.low - margin, self.high + margin)
        if self.is_whole:
            return int(min(max(math.floor(value + 0.5), self.low), self.high))
        return min(max(float(f"{value:.{_DIGITS}g}"), float(self.low)), float(self.high))

    def _inverse(self, u: float, low: float, high: float) -> float:
        """Return the inverse distribution function between `low` and `high`."""
        if self.distribution == "log_uniform":
            return low * math.exp(u * math.log(high / low))
        if self.distribution == "triangular":
            return _triangular(u, low, float(self.mode or 0.0), high)
        if self.distribution == "normal":
            return _cut_off_normal(u, low, high, NormalDist(float(self.mean or 0.0), float(self.sd or 1.0)))
        return low + u * (high - low)

    def evenly(self, n_steps: int) -> tuple[float | int, ...]:
        """Return `n_steps` values from `low` to `high`, evenly spaced (in the logarithm if ``log_uniform``).

        Examples
        --------
        >>> Range(0, 1).evenly(3), Range(1, 100, distribution="log_uniform").evenly(3)
        ((0.0, 0.5, 1.0), (1.0, 10.0, 100.0))
        """
        values = [self._inverse(step / (n_steps - 1), self.low, self.high) for step in range(n_steps)]
        if self.is_whole:
            return tuple(math.floor(value + 0.5) for value in values)
        return tuple(float(f"{value:.{_DIGITS}g}") for value in values)

    def as_mapping(self) -> dict[str, object]:
        """Return the range as it is written in an experiment file."""
        given = {"low": self.low, "high": self.high, "distribution": self.distribution}
        of_distribution = {"mode": self.mode, "mean": self.mean, "sd": self.sd, "off_at": self.off_at}
        if self.off_at is not None:
            of_distribution["off_share"] = self.off_share
        return {**given, **{key: value for key, value in of_distribution.items() if value is not None}}


def _triangular(u: float, low: float, mode: float, high: float) -> float:
    share_below_mode = (mode - low) / (high - low)
    if u < share_below_mode:
        return low + math.sqrt(u * (high - low) * (mode - low))
    return high - math.sqrt((1 - u) * (high - low) * (high - mode))


def _cut_off_normal(u: float, low: float, high: float, whole: NormalDist) -> float:
    below, above = whole.cdf(low), whole.cdf(high)
    share = below + u * (above - below)
    if share <= 0.0:
        return low
    return whole.inv_cdf(share) if share < 1.0 else high


Label = bool | int | float | str | None


class Alternative(NamedTuple):
    """One value of a factor.

    Attributes
    ----------
    label : bool, int, float, str or None
        What tables call it: the value itself, the name of a preset or of an alternative, or a group or list as
        text.
    settings : mapping of str to Any
        Dotted keys of a scenario and the values they get.
    """

    label: Label
    settings: Mapping[str, Any]


@dataclass(frozen=True)
class Factor:
    """One lever or uncertainty.

    Attributes
    ----------
    name : str
        Dotted key of a scenario, or the name of a bundle, whose alternatives each set several keys.
    is_lever : bool
        True where the organization chooses it, False where the world decides.
    group : str
        Group in sensitivity analysis; that of the registry, or the name of a bundle that reaches over several.
    kind : str
        ``range`` (numbers of one key), ``values`` (listed values of one key) or ``bundle``.
    keys : tuple of str
        Dotted keys that it sets.
    spread : Range or None
        Of a range, what it is drawn from.
    alternatives : tuple of Alternative
        Otherwise, what there is to choose from, in the order of the file.
    registry : str
        Of a range of the registry, the key or group by which it was asked for; otherwise empty.
    """

    name: str
    is_lever: bool
    group: str
    kind: str
    keys: tuple[str, ...]
    spread: Range | None = None
    alternatives: tuple[Alternative, ...] = ()
    registry: str = field(default="", compare=False)

    def is_kept(self, own: Sequence[str]) -> bool:
        """Return whether a scenario that sets the `own` keys itself keeps its value of this one.

        A range of the registry that was asked for by a group stands for "whatever is not known"; what a scenario says
        itself is known. A factor that is named by its key replaces what the scenario says, as any other does.
        """
        return self.registry not in ("", self.name) and self.name in own

    @property
    def always_set(self) -> tuple[str, ...]:
        """The keys that it sets whatever its value."""
        return tuple(key for key in self.keys if all(key in one.settings for one in self.alternatives))

    @property
    def levels(self) -> tuple[Label, ...] | None:
        """Its values as tables show them, or None for a range."""
        return tuple(one.label for one in self.alternatives) if self.spread is None else None

    def value(self, u: float) -> Label:
        """Return the value below which a share `u`, from 0 to 1, of all draws lie; alternatives in their order.

        Examples
        --------
        >>> trust = Factor("organization.trust", False, "people", "range", ("organization.trust",), Range(0.2, 0.8))
        >>> trust.value(0.5)
        0.5
        """
        if self.spread is not None:
            return self.spread.value(u)
        return self.alternatives[min(int(u * len(self.alternatives)), len(self.alternatives) - 1)].label

    def settings(self, value: Label) -> Mapping[str, Any]:
        """Return the keys that a value of this factor sets, and what to.

        Raises
        ------
        KeyError
            If the factor has alternatives and this is none of them.
        """
        return {self.name: value} if self.spread is not None else self._settings_by_label[value]

    @cached_property
    def _settings_by_label(self) -> dict[Label, Mapping[str, Any]]:
        return {one.label: one.settings for one in self.alternatives}

    def as_mapping(self) -> Any:
        """Return what an experiment file would say behind the name of the factor."""
        if self.spread is not None:
            return self.spread.as_mapping()
        if self.kind == "bundle":
            return {str(one.label): dict(one.settings) for one in self.alternatives}
        return [one.settings[self.name] for one in self.alternatives]


def overlap(one: str, other: str) -> bool:
    """Return whether two dotted keys are the same, or one lies inside the other.

    Examples
    --------
    >>> overlap("launch.framing", "launch.framing.social"), overlap("rules.guidance", "rules.restriction")
    (True, False)
    """
    return one == other or one.startswith(f"{other}.") or other.startswith(f"{one}.")


def overlapping(keys: Sequence[str], others: Sequence[str]) -> str | None:
    """Return the first of `keys` that overlaps with one of `others`, or None."""
    return next((key for key in keys if any(overlap(key, other) for other in others)), None)


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
