"""From an experiment to the points of its method."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sim.errors import InputError
from sim.scenario.experiment.fitting import unordered_factors
from sim.study.designs import compact, points_from_unit
from sim.study.points import Points
from sim.study.sensitivity.indices import DUMMY
from sim.study.sensitivity.sampling import METHODS, Sample, draw_sample
from sim.texts.said import said

if TYPE_CHECKING:
    from sim.scenario.experiment import Experiment


def sample_for(experiment: Experiment) -> Sample:
    """Return the sample that an experiment asks for; always the same one.

    Raises
    ------
    InputError
        If its method cannot work with its factors or its number of samples.
    ValueError
        If it has a design instead of a method.
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

    Raises
    ------
    InputError
        If the method cannot work with the experiment, or the settings of a point contradict each other.
    """
    sample = sample_for(experiment)
    points = points_from_unit(experiment, sample.unit)
    return replace(
        points,
        factors={**points.factors, DUMMY: compact(sample.dummy.tolist())},
        is_lever={**points.is_lever, DUMMY: False},
    )
