"""The waves of a calibration: each an ordinary experiment in a results folder of its own, so that it can be resumed."""

from __future__ import annotations

import dataclasses
import hashlib
import inspect
import json
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.analysis.conduct import conduct_runs
from sim.errors import InputError
from sim.evidence.calibration import emulator as emulator_module
from sim.evidence.calibration import proposals as proposals_module
from sim.evidence.calibration.emulator import Around, Emulator, around_of
from sim.evidence.calibration.matching import usable
from sim.evidence.calibration.observables import needed_outcomes, read_simulated
from sim.evidence.calibration.proposals import propose
from sim.evidence.calibration.targets import Target, check_scenarios, compared
from sim.evidence.calibration.weighing import Bank, Luck, Whose, Yardstick, luck_of, mixture_log_density
from sim.experiments.worlds import SIZE
from sim.kernel.files import open_regular, written_whole
from sim.kernel.streams import keyed_generator
from sim.runs.designs import plan_for_experiment, points_from_unit, unit_draws
from sim.runs.executors import Execution
from sim.runs.progress import Progress
from sim.runs.store import Mode, open_store
from sim.words import said

if TYPE_CHECKING:
    from sim.experiments import Experiment
    from sim.runs.plan import Plan
    from sim.runs.worker import Engine

DEFAULT_WAVES = 7
LATER = 2
"""Size of a later wave, as a multiple of the first one."""
FROM_PRIOR = 0.1
"""Part of each later wave that is drawn from the prior: the emulator goes on learning about all of it, and no point
can get a large weight because emulators thought it unlikely."""
HEATS = (0.0, 0.5, 0.75)
"""How far each wave trusts the emulator; waves after these do so wholly."""
LAST_MOVES = 40
"""Moves after the heat is reached, so that no point of a wave remembers where it began."""
LUCKY = 512
"""Points of each later wave that are run again with luck of their own."""
OWN = 2
"""Runs of each of these: two tell what is luck of one organization and what the shared luck does to a point."""
AGAIN = 8
"""New runs of each world, each with luck of its own: they tell what worlds predict, and their mean what a mean over
many organizations is."""


class WaveDone(NamedTuple):
    """One wave that was run.

    Attributes
    ----------
    number : int
        From 1.
    n_points, n_runs, n_failed : int
        Its size.
    heat : float
        How far it trusted the emulator, 0 for the first wave.
    explained : tuple of float
        Part of the variance of each target that its emulator explained at points not learned from; empty for the
        first wave.
    plan_hash : str
        Content hash of its plan.
    """

    number: int
    n_points: int
    n_runs: int
    n_failed: int
    heat: float
    explained: tuple[float, ...]
    plan_hash: str


@dataclass
class Waves:
    """Runs the waves and gathers what they show.

    Parameters
    ----------
    experiment : Experiment
        Its bases are the organizations, its uncertainties the prior, its samples the size of a wave.
    targets : sequence of Target
        All rows of the table.
    folder : Path
        Holds a folder for each wave.
    n_waves : int
        At least 1.

    Raises
    ------
    InputError
        If the experiment cannot serve for a calibration with these targets.
    """

    experiment: Experiment
    targets: Sequence[Target]
    folder: Path
    n_waves: int = DEFAULT_WAVES

    def __post_init__(self) -> None:
        self.targets = compared(self.targets)
        refuse_unfit(self.experiment, self.targets)
        self.yardstick = Yardstick.of(self.targets)
        self.whose = Whose.of(self.targets)
        self.is_wanted = np.array([target.is_used for target in self.targets], dtype=bool)
        self.done: list[WaveDone] = []
        self.run_beside: list[WaveDone] = []
        self._units: list[np.ndarray] = []
        self._shown: list[np.ndarray] = []
        self._guides: list[tuple[float, Around]] = []
        self._lucky: list[tuple[float, np.ndarray, np.ndarray]] = []
        self._luck: list[Luck] = []

    @property
    def names(self) -> tuple[str, ...]:
        """Parameters, in the order of the unit coordinates."""
        return tuple(factor.name for factor in self.experiment.uncertainties)

    @property
    def off_share(self) -> np.ndarray:
        """Part of the prior of each parameter in which its mechanism is off, float64 (n_parameters,)."""
        spreads = [factor.spread for factor in self.experiment.uncertainties]
        return np.array([0.0 if spread is None else spread.off_share for spread in spreads])

    def values_of(self, place: int, unit: np.ndarray) -> np.ndarray:
        """Return the values of one parameter at unit coordinates (n,)."""
        factor = self.experiment.uncertainties[place]
        return np.array([factor.value(share) for share in unit.tolist()], dtype=float)

    def first_plan(self) -> Plan:
        """Return the plan of the first wave."""
        return self._plan(self._first_unit())

    def n_planned(self) -> tuple[int, int]:
        """Return how many points and how many runs the waves and the worlds after them take."""
        first = self.experiment.samples
        later = LATER * first
        n_points = first + later * (self.n_waves - 1)
        n_lucky = OWN * min(LUCKY, later // 2) * (self.n_waves - 1)
        return n_points, (n_points + n_lucky + AGAIN * SIZE) * len(self.experiment.bases)

    def conduct(
        self,
        execution: Execution,
        mode: Mode,
        progress: Progress,
        command: Sequence[str] = (),
        engine: Engine | None = None,
    ) -> list[Bank]:
        """Do what is left of all waves and return the bank after each of them.

        Parameters
        ----------
        execution : Execution
            Where runs are done.
        mode : str
            What to do about results that are there, see `open_store`.
        progress : Progress
            Who watches.
        command : sequence of str
            What the person typed.
        engine : Engine, optional
            Another simulation, for tests.

        Raises
        ------
        KeyboardInterrupt
            If interrupted; what was finished is kept.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        how = _How(execution, mode, progress, command, engine)
        for number in range(1, self.n_waves + 1):
            unit, heat = self._first_unit(), 0.0
            explained: tuple[float, ...] = ()
            if number > 1:
                n_points = sum(map(len, self._units))
                progress.step(said("progress.wave_learning", number=number, total=self.n_waves, n=n_points))
                unit, heat, explained = self._next(number, mode)
            n_runs = len(unit) * len(self.experiment.bases)
            progress.step(said("progress.wave_runs", number=number, total=self.n_waves, n=n_runs))
            shown, done = self._run(number, f"wave-{number}", unit, None, 1, how)
            self.done.append(done._replace(heat=heat, explained=explained))
            shown = shown[:, :, 0]
            self._units.append(unit)
            self._shown.append(shown)
            # Those of the first wave come from the prior: luck is another one there.
            lucky = unit[: min(LUCKY, len(unit) // 2)] if number > 1 else unit[:0]
            own = np.empty((0, shown.shape[1], OWN))
            if len(lucky):
                own, done = self._run(number, f"luck-{number}", lucky, LUCKY * number, OWN, how)
                self.run_beside.append(done)
            self._lucky.append((heat, shown[: len(lucky)], own))
            self._luck.append(self._luck_at(heat))
        return [self.bank(number) for number in range(1, self.n_waves + 1)]

    def run_again(
        self,
        unit: np.ndarray,
        execution: Execution,
        mode: Mode,
        progress: Progress,
        command: Sequence[str] = (),
        engine: Engine | None = None,
    ) -> np.ndarray:
        """Run worlds anew, with luck that had no part in choosing them, as `conduct`.

        Returns
        -------
        ndarray
            float64 (n_worlds, n_targets, `AGAIN`).
        """
        n_runs = len(unit) * len(self.experiment.bases) * AGAIN
        progress.step(said("progress.worlds_again", n=n_runs))
        how = _How(execution, mode, progress, command, engine)
        number = self.n_waves + 1
        shown, done = self._run(number, "worlds-again", unit, LUCKY * number, AGAIN, how)
        self.run_beside.append(done)
        return shown

    def bank(self, n_waves: int) -> Bank:
        """Return the points of the first waves that are done."""
        unit = np.concatenate(self._units[:n_waves])
        sizes = [len(one) for one in self._units[:n_waves]]
        tilts = [heat * guide.log_likelihood(unit) for heat, guide in self._guides[: n_waves - 1]]
        from_emulator = [size - round(FROM_PRIOR * size) for size in sizes[1:]]
        counts = np.array([sum(sizes) - sum(from_emulator), *from_emulator], dtype=float)
        return Bank(
            names=self.names,
            unit=unit,
            simulated=np.concatenate(self._shown[:n_waves]),
            wave=np.repeat(np.arange(1, len(sizes) + 1), sizes),
            log_density=mixture_log_density(np.array([np.zeros(len(unit)), *tilts]), counts),
            luck=self._luck[n_waves - 1],
        )

    def _run(
        self,
        number: int,
        name: str,
        unit: np.ndarray,
        first_luck: int | None,
        n_replications: int,
        how: _How,
    ) -> tuple[np.ndarray, WaveDone]:
        """Run points and return what they showed, float64 (n_points, n_targets, n_replications), and what was done."""
        plan = self._plan(unit, first_luck, n_replications)
        with open_store(self.folder / name, plan, how.mode, how.command) as store:
            conduct_runs(store, how.engine, how.execution, how.progress)
            n_failed = len(store.failed)
        shown = read_simulated(self.folder / name, self.targets, len(unit), n_replications)
        return shown, WaveDone(number, len(unit), len(plan.runs), n_failed, 0.0, (), plan.content_hash)

    def _luck_at(self, heat: float) -> Luck:
        """Return the luck of organizations where waves of some heat looked."""
        there = [(shared, own) for hot, shared, own in self._lucky if hot == heat]
        shared, own = (np.concatenate(runs) for runs in zip(*there, strict=True))
        return luck_of(shared, own, self.yardstick, self.whose)

    def _first_unit(self) -> np.ndarray:
        return unit_draws(self.experiment, len(self.names))

    def _plan(self, unit: np.ndarray, first_luck: int | None = None, n_replications: int = 1) -> Plan:
        """Return the plan of points: all with the same people, contacts and chance, or each with its own, by number."""
        experiment = dataclasses.replace(self.experiment, replications=n_replications)
        points = points_from_unit(experiment, unit)
        if first_luck is not None:
            points = dataclasses.replace(points, luck=array("q", range(first_luck, first_luck + len(unit))))
        return plan_for_experiment(experiment, points)

    def _next(self, number: int, mode: Mode) -> tuple[np.ndarray, float, tuple[float, ...]]:
        """Return the points of a later wave, how far they follow the emulator, and what that one explains.

        Those on disk are taken, if they follow from the same waves.
        """
        unit = np.concatenate(self._units)
        simulated = np.concatenate(self._shown)
        is_used = usable(self.yardstick, simulated, self.is_wanted)
        used = self.yardstick.part(is_used)
        heat = HEATS[number - 1] if number <= len(HEATS) else 1.0
        file = self.folder / f"wave-{number}-design.npz"
        key = self._key(is_used)
        if mode != "overwrite" and (stored := _stored_design(file, key)) is not None:
            self._guides.append((heat, around_of(stored, used)))
            return stored["unit"], heat, tuple(stored["explained"].tolist())
        generator = keyed_generator("calibration", "wave", number, self.experiment.seed)
        n_first, n_parameters = self._units[0].shape
        n_points = LATER * n_first
        n_prior = round(FROM_PRIOR * n_points)
        with one_thread():
            emulator = Emulator(unit, simulated[:, is_used], used, self.off_share, number)
            around = emulator.around(luck=self._luck[-1].part(is_used))
            cloud = propose(around, heat, n_points - n_prior, n_parameters, generator)
            cloud = cloud.moved(around, heat, LAST_MOVES, generator)
        drawn = np.concatenate([cloud.unit, generator.random((n_prior, n_parameters))])
        with written_whole(file) as out:
            arrays: dict[str, Any] = around.arrays()
            np.savez(out, key=np.array(key), unit=drawn, explained=emulator.explained, **arrays)
        self._guides.append((heat, around))
        return drawn, heat, tuple(emulator.explained.tolist())

    def _key(self, is_used: np.ndarray) -> str:
        """Return a hash of everything that the points of the next wave follow from."""
        facts = {
            "plans": [wave.plan_hash for wave in (*self.done, *self.run_beside)],
            "targets": [
                [
                    target.id,
                    target.value,
                    target.tolerance,
                    target.scale,
                    target.kind,
                    target.about,
                    target.organizations,
                ]
                for target in self.targets
            ],
            "used": is_used.tolist(),
            # Another emulator would look elsewhere.
            "emulator": [inspect.getsource(one) for one in (emulator_module, proposals_module)],
            "waves": [FROM_PRIOR, HEATS, LAST_MOVES, LUCKY, OWN, LATER],
        }
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


class _How(NamedTuple):
    """How runs are done, as for `Waves.conduct`."""

    execution: Execution
    mode: Mode
    progress: Progress
    command: Sequence[str]
    engine: Engine | None


def _stored_design(file: Path, key: str) -> dict[str, np.ndarray] | None:
    """Return the points of a wave that was begun, with its emulator; None if they follow from others.

    What cannot be read is made anew, as a missing one is: it follows from what was run before.
    """
    try:
        with open_regular(file) as opened, np.load(opened, allow_pickle=False) as stored:
            return dict(stored) if str(stored["key"]) == key else None
    except Exception:  # there is no end to what is raised about bytes that nobody wrote
        return None


def refuse_unfit(experiment: Experiment, targets: Sequence[Target]) -> None:
    """Refuse an experiment that cannot serve for a calibration.

    Raises
    ------
    InputError
        With every reason.
    """
    reasons = []
    if experiment.design not in {"sobol", "latin_hypercube"}:
        reasons.append(said("refusal.calibration.design"))
    if experiment.levers:
        reasons.append(said("refusal.calibration.levers"))
    listed = [factor.name for factor in experiment.uncertainties if factor.spread is None]
    if listed:
        reasons.append(said("refusal.calibration.ranges", names=", ".join(listed)))
    if not experiment.uncertainties:
        reasons.append(said("refusal.calibration.nothing"))
    missing = [name for name in needed_outcomes(targets) if name not in experiment.outcomes]
    if missing:
        reasons.append(said("refusal.calibration.outcomes", names=", ".join(missing)))
    if reasons:
        raise InputError([said("refusal.in_file", file=experiment.file, message=reason) for reason in reasons])
    check_scenarios(targets, [base.name for base in experiment.bases], experiment.file)


@contextmanager
def one_thread() -> Iterator[None]:
    """Keep linear algebra to one thread: on a busy machine many of them wait for each other."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        yield
