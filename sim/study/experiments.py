"""An experiment from its points to finished runs: what ``sweep`` and ``sensitivity`` share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.study.executors import Execution
from sim.study.kept import Kept
from sim.study.plan import About, Arm, Plan, make_plan
from sim.study.points import Points
from sim.study.progress import Progress
from sim.study.runner import LostWorkersError, Runner
from sim.study.store import Store
from sim.study.worker import Engine
from sim.texts import said

if TYPE_CHECKING:
    from sim.scenario.experiment import Experiment, Factor

__all__ = ["Execution", "conduct_experiment", "plan_for_experiment"]


def plan_for_experiment(experiment: Experiment, points: Points, worlds: Mapping[str, Any] | None = None) -> Plan:
    """Return the plan of an experiment: every base scenario at every point, all with the same seeds.

    Parameters
    ----------
    experiment : Experiment
        Its bases are the arms.
    points : Points
        The design; `leaves` in the order of the bases.
    worlds : mapping, optional
        What the manifest is to say about plausible worlds (`over_worlds.facts_of`).
    """
    arms = [Arm(base.name, base.resolved(), base.own_coefficients()) for base in experiment.bases]
    kept = Kept(experiment.outcomes, experiment.series, experiment.groups, "replies" in experiment.keep)
    described = {**experiment.as_mapping(), **(worlds or {})}
    about = About(experiment.kind, described, _factor_facts(experiment.factors, points))
    return make_plan(arms, experiment.replications, experiment.seed, points=points, kept=kept, about=about)


def _factor_facts(factors: tuple[Factor, ...], points: Points) -> list[dict[str, Any]]:
    """Return what the manifest says about each column of the points; one that sets nothing has no keys."""
    known = {factor.name: factor for factor in factors}
    facts = []
    for name, is_lever in points.is_lever.items():
        factor = known.get(name)
        facts.append(
            {
                "name": name,
                "is_lever": is_lever,
                "group": factor.group if factor else "",
                "kind": factor.kind if factor else "",
                "keys": list(factor.keys) if factor else [],
                "levels": list(factor.levels) if factor and factor.levels is not None else None,
                "registry": factor.registry if factor else "",
            }
        )
    return facts


def conduct_experiment(store: Store, engine: Engine | None, execution: Execution, progress: Progress) -> None:
    """Do what is left of the store's plan, and make its tables.

    Parameters
    ----------
    store : Store
        An open results folder, of the whole plan or of a shard.
    engine : Engine or None
        The simulation; None for the real one, imported only if there is something to do.
    execution : Execution
        Where runs are done.
    progress : Progress
        Who watches.

    Raises
    ------
    KeyboardInterrupt
        If interrupted; what was finished is in the folder's tables.
    InputError
        If workers cannot start, do not answer or have other code.
    RunError
        If results cannot be written any more, or workers are lost.
    """
    for line in store.notes:
        progress.note(line)
    if store.is_settled:
        return
    if engine is None and not store.is_complete:
        from sim.study.worker import engine_of

        progress.step(said("progress.loading"))
        engine = engine_of(store.plan, execution)
    if engine is None:
        store.start()
    else:
        runner = Runner(store, engine, execution, progress)
        with runner.workers():  # before anything is written
            store.start()
            try:
                runner.run()
            except (KeyboardInterrupt, LostWorkersError):
                store.finish("interrupted")
                raise
    store.finish("failed" if store.failed else "finished")
