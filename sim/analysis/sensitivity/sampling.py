"""The points that a method needs, in the unit cube, from SALib.

Every sample carries a column for a *dummy*, a parameter that sets nothing. Its own steps cost no runs: moving it
gives the very runs that are there already (see `luck` for what is done with them).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np

from sim.analysis.sensitivity.values import DUMMY
from sim.errors import InputError
from sim.experiments.grammar import LEAST_SAMPLES
from sim.experiments.loading import unordered_factors
from sim.experiments.points import Points
from sim.runs.designs import compact, points_from_unit
from sim.words import said

if TYPE_CHECKING:
    from sim.experiments import Experiment


Method = Literal["morris", "sobol", "pawn"]
METHODS: tuple[Method, ...] = get_args(Method)

MORRIS_LEVELS = 4
MORRIS_STEP = MORRIS_LEVELS / (2 * (MORRIS_LEVELS - 1))
"""Share of its range that a factor moves in a step of a Morris trajectory (two thirds)."""

# With fewer, resamples say nothing about other samples, so nothing is called resolved.
FEWEST_TO_JUDGE = {"morris": 5, "sobol": 16, "pawn": 20}


@dataclass(frozen=True)
class Sample:
    """Points of one method."""

    method: Method  # ``morris``, ``sobol`` or ``pawn``
    factors: tuple[str, ...]  # the factors: columns of `unit`
    # the group of each factor where whole groups are moved; empty where each factor moves on its own
    groups: tuple[str, ...]
    n: int  # trajectories (Morris), base samples (Sobol) or points (PAWN)
    unit: np.ndarray  # (n_points, n_factors): the points, each coordinate in [0, 1)
    dummy: np.ndarray  # (n_points,): the coordinate of the dummy

    @property
    def movers(self) -> tuple[str, ...]:
        """What indices are about: factors, or groups in the order of their first factor."""
        return tuple(dict.fromkeys(self.groups)) if self.groups else self.factors

    @property
    def block(self) -> int:
        """Points of one trajectory or base sample; they stand together."""
        return points_per_sample(self.method, len(self.movers))

    def first(self, n: int) -> Sample:
        """Return the part of the sample with the first `n` trajectories, base samples or points."""
        end = n * self.block
        return replace(self, n=n, unit=self.unit[:end], dummy=self.dummy[:end])


def points_per_sample(method: Method, n_movers: int) -> int:
    """Return how many points a base sample (or trajectory) takes."""
    return {"morris": n_movers + 1, "sobol": 2 * n_movers + 2, "pawn": 1}[method]


def salib_seed(seed: int) -> int:
    """Return a seed for SALib that follows from `seed` and is never 0, which would mean no seed at all."""
    state = np.random.SeedSequence(seed, spawn_key=(1_000_003,)).generate_state(1, np.uint32)[0]
    return int(state >> np.uint32(1)) or 1


def refuse_wrong_size(method: Method, n: int, n_movers: int) -> None:
    """Refuse a sample size or a number of factors with which the method makes no sense.

    Raises InputError with what is allowed.
    """
    if n_movers < 1:
        raise InputError(said("refusal.samples.factors"))
    if n < LEAST_SAMPLES[method]:
        raise InputError(said("refusal.samples.few", n=n, method=method, least=LEAST_SAMPLES[method]))
    if method == "sobol" and n & (n - 1):
        low = 1 << (n.bit_length() - 1)
        raise InputError(said("refusal.samples.sobol", n=n, low=low, high=2 * low))


def draw_sample(method: Method, factors: Sequence[str], groups: Sequence[str], n: int, seed: int) -> Sample:
    """Draw the points of one method.

    Parameters
    ----------
    method : str
        ``morris``: trajectories on four levels (Morris 1991), not optimized. ``sobol``: Saltelli's cross-sampled
        scheme (2002, 2010) for first, second and total order on a scrambled Sobol sequence. ``pawn``: a Latin
        hypercube.
    factors : sequence of str
        Names of the factors; `DUMMY` is not among them.
    groups : sequence of str
        The group of each factor, or nothing to move each factor on its own.
    n : int
        Trajectories, base samples or points.
    seed : int
        Seed of the experiment; 0 is as good as any.

    Raises
    ------
    InputError
        If the method cannot work with this.
    """
    sample = Sample(method, tuple(factors), tuple(groups), n, np.empty((0, len(factors))), np.empty(0))
    if DUMMY in (*sample.factors, *sample.groups):
        raise InputError(said("refusal.samples.dummy", name=DUMMY))
    if groups and method == "pawn":
        raise InputError(said("refusal.samples.pawn_groups"))
    refuse_wrong_size(method, n, len(sample.movers))
    draw = {"morris": _morris, "sobol": _sobol, "pawn": _latin_hypercube}[method]
    unit, dummy = draw(sample, salib_seed(seed))
    # Levels of Morris include 1, the open end of the unit interval.
    return replace(sample, unit=np.minimum(unit, np.nextafter(1.0, 0.0)), dummy=dummy)


def problem(names: Sequence[str], groups: Sequence[str] = ()) -> dict[str, Any]:
    """Return SALib's description of factors in the unit cube; a fresh one, since SALib writes into it."""
    found: dict[str, Any] = {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}
    if groups:
        found["groups"] = list(groups)
    return found


def _with_dummy(sample: Sample) -> dict[str, Any]:
    groups = (*sample.groups, DUMMY) if sample.groups else ()
    return problem((*sample.factors, DUMMY), groups)


def _sobol(sample: Sample, seed: int) -> tuple[np.ndarray, np.ndarray]:
    from SALib.sample.sobol import sample as draw

    n_movers = len(sample.movers)
    drawn = draw(_with_dummy(sample), sample.n, calc_second_order=True, scramble=True, seed=seed)
    blocks = drawn.reshape(sample.n, 2 * (n_movers + 1) + 2, -1)
    # Rows in which only the dummy comes from the other matrix: the runs would be those of A, or of B.
    kept = np.delete(blocks, [1 + n_movers, 2 + 2 * n_movers], axis=1).reshape(-1, drawn.shape[1])
    return kept[:, :-1], kept[:, -1]


def _morris(sample: Sample, seed: int) -> tuple[np.ndarray, np.ndarray]:
    from SALib.sample.morris import sample as draw

    described = problem(sample.factors, sample.groups)
    drawn = draw(described, sample.n, num_levels=MORRIS_LEVELS, optimal_trajectories=None, seed=seed)
    return drawn, np.zeros(len(drawn))


def _latin_hypercube(sample: Sample, seed: int) -> tuple[np.ndarray, np.ndarray]:
    from SALib.sample.latin import sample as draw

    drawn = draw(_with_dummy(sample), sample.n, seed=seed)
    return drawn[:, :-1], drawn[:, -1]


# From an experiment to the points of its method.


def sample_for(experiment: Experiment) -> Sample:
    """Return the sample that an experiment asks for; always the same one.

    Raises InputError if its method cannot work with its factors or its number of samples. Raises ValueError if it has a
    design instead of a method.
    """
    method = next((name for name in METHODS if name == experiment.method), None)
    if method is None:
        raise ValueError(f"{experiment.name} has no method of sensitivity analysis")
    if method == "morris":
        _refuse_unordered(experiment)
    names = [factor.name for factor in experiment.factors]
    groups = [factor.group for factor in experiment.factors] if experiment.by_group else []
    return draw_sample(method, names, groups, experiment.samples, experiment.seed)


def _refuse_unordered(experiment: Experiment) -> None:
    """Refuse factors on which a step of a trajectory would depend on the order in which they were written."""
    wrong = unordered_factors(experiment)
    if wrong:
        raise InputError(
            [
                said(
                    "refusal.samples.no_order",
                    file=experiment.file,
                    name=factor.name,
                    message=said("refusal.levels.no_order", n=len(factor.alternatives)),
                )
                for factor in wrong
            ]
        )


def sensitivity_points(experiment: Experiment) -> Points:
    """Return the points of a sensitivity experiment, with a column for the dummy, which sets nothing.

    Raises InputError if the method cannot work with the experiment, or the settings of a point contradict each other.
    """
    sample = sample_for(experiment)
    points = points_from_unit(experiment, sample.unit)
    return replace(
        points,
        factors={**points.factors, DUMMY: compact(sample.dummy.tolist())},
        is_lever={**points.is_lever, DUMMY: False},
    )
