"""The waves of a calibration: each an ordinary experiment in a results folder of its own, so that it can be resumed."""

from __future__ import annotations

import dataclasses
import hashlib
import inspect
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.errors import InputError
from sim.files import open_regular
from sim.study.calibration import emulator as emulator_module
from sim.study.calibration import moving as moving_module
from sim.study.calibration import proposals as proposals_module
from sim.study.calibration.bank import Bank
from sim.study.calibration.emulator import Around, Emulator
from sim.study.calibration.inference import usable
from sim.study.calibration.moving import SWEEPS, Moved, move_by_runs
from sim.study.calibration.proposals import propose
from sim.study.calibration.simulated import luck, needed_outcomes, read_simulated
from sim.study.calibration.targets import Target, check_scenarios, compared
from sim.study.calibration.weighing import Yardstick
from sim.study.conduct import conduct_runs
from sim.study.designs import plan_for_experiment, points_from_unit, unit_draws
from sim.study.executors import Execution
from sim.study.files import written_whole
from sim.study.progress import Progress
from sim.study.statistics import keyed_generator
from sim.study.store import Mode, open_store
from sim.texts import said

if TYPE_CHECKING:
    from sim.scenario.experiment import Experiment
    from sim.study.plan import Plan
    from sim.study.worker import Engine

DEFAULT_WAVES = 5
FROM_PRIOR = 0.1
"""Part of each later wave that is drawn from the prior, so that the emulator goes on learning about all of it."""


class WaveDone(NamedTuple):
    """One wave that was run.

    Attributes
    ----------
    number : int
        From 1; moves are counted on.
    n_points, n_runs, n_failed : int
        Its size.
    heat : float
        How far it trusted the emulator, 0 for the first wave; for a move, how far runs decide.
    explained : tuple of float
        Part of the variance of each target that its emulator explained at points not learned from; empty for the
        first wave and for moves.
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
        Holds a folder for each wave and each move.
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
        self.is_wanted = np.array([target.is_used for target in self.targets], dtype=bool)
        self.done: list[WaveDone] = []
        self.moved: Moved | None = None
        self.is_used = self.is_wanted
        self._units: list[np.ndarray] = []
        self._runs: list[np.ndarray] = []

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

    def conduct(
        self,
        execution: Execution,
        mode: Mode,
        progress: Progress,
        command: Sequence[str] = (),
        engine: Engine | None = None,
    ) -> Bank:
        """Do what is left of all waves and moves and return the bank.

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
            n_runs = len(unit) * len(self.experiment.bases) * self._replications(number)
            progress.step(said("progress.wave_runs", number=number, total=self.n_waves, n=n_runs))
            self._run(number, f"wave-{number}", unit, heat, explained, how)
        progress.step(said("progress.moving"))
        self.moved = self._move(how)
        return self.bank()

    def bank(self) -> Bank:
        """Return the points of the waves and moves that are done."""
        unit = np.concatenate(self._units)
        sizes = [len(one) for one in self._units]
        visits = np.zeros(len(unit), dtype=np.int64)
        if self.moved is not None:
            np.add.at(visits, len(unit) - self.moved.n_run + self.moved.visited.ravel(), 1)
        # The last wave is where the posterior is, so that its luck is the luck that counts; none is known before.
        last = self._runs[min(len(self._runs), self.n_waves) - 1]
        return Bank(
            names=self.names,
            unit=unit,
            simulated=np.concatenate([runs[:, :, 0] for runs in self._runs]),
            luck=luck(last, self.yardstick),
            wave=np.repeat(np.arange(1, len(sizes) + 1), sizes),
            visits=visits,
        )

    def _run(
        self, number: int, name: str, unit: np.ndarray, heat: float, explained: tuple[float, ...], how: _How
    ) -> np.ndarray:
        """Run points, keep what they showed, and return it, float64 (n_points, n_targets): their first run."""
        n_replications = self._replications(number)
        plan = self._plan(unit, n_replications)
        with open_store(self.folder / name, plan, how.mode, how.command) as store:
            conduct_runs(store, how.engine, how.execution, how.progress)
            n_failed = len(store.failed)
        shown = read_simulated(self.folder / name, self.targets, len(unit), n_replications)
        self._units.append(unit)
        self._runs.append(shown.runs)
        self.done.append(WaveDone(number, len(unit), len(plan.runs), n_failed, heat, explained, plan.content_hash))
        return shown.runs[:, :, 0]

    def _move(self, how: _How) -> Moved:
        """Lead clouds of points from where the emulator expects agreement to where runs agree.

        A first cloud, of half as many points, teaches the emulator what runs show there; the second one counts.
        """
        bank = self.bank()
        self.is_used = usable(bank, self.yardstick, self.is_wanted)
        used = self.yardstick.part(self.is_used)
        luck_of_used = bank.for_targets(self.is_used).luck
        n_points = len(self._units[0])

        def log_likelihood_at(unit: np.ndarray, _move: int, power: float) -> np.ndarray:
            move = len(self.done) - self.n_waves
            how.progress.step(said("progress.move", number=move, percent=round(100 * power), n=len(unit)))
            simulated = self._run(self.n_waves + 1 + move, f"move-{move}", unit, power, (), how)
            return used.log_likelihood(simulated[:, self.is_used], 2.0 * luck_of_used)

        def learned() -> Around:
            known = self.bank().for_targets(self.is_used)
            emulator = Emulator(known.unit, known.simulated, used, self.off_share, len(self.done))
            return emulator.around(luck=luck_of_used)

        with one_thread():
            seed = self.experiment.seed
            for number, n, sweeps in ((1, n_points // 2, 0), (2, n_points, SWEEPS)):
                generator = keyed_generator("calibration", "cloud", number, seed)
                moved = move_by_runs(learned, log_likelihood_at, n, len(self.names), generator, sweeps)
        return moved

    def _first_unit(self) -> np.ndarray:
        return unit_draws(self.experiment, len(self.names))

    def _plan(self, unit: np.ndarray, n_replications: int | None = None) -> Plan:
        experiment = self.experiment
        if n_replications is not None:
            experiment = dataclasses.replace(experiment, replications=n_replications)
        return plan_for_experiment(experiment, points_from_unit(self.experiment, unit))

    def _replications(self, number: int) -> int:
        """Return the runs of a point: those of the experiment in the last wave, which tells how large luck is; else 1.

        More points say more than more runs of each, since luck is counted as an error; so each point shows its first
        run.
        """
        return self.experiment.replications if number == self.n_waves else 1

    def _next(self, number: int, mode: Mode) -> tuple[np.ndarray, float, tuple[float, ...]]:
        """Return the points of a later wave, how far they follow the emulator, and what that one explains.

        Those on disk are taken, if they follow from the same waves.
        """
        bank = self.bank()
        is_used = usable(bank, self.yardstick, self.is_wanted)
        heat = 1.0 - 0.5 ** (number - 1)
        file = self.folder / f"wave-{number}-design.npz"
        key = self._key(is_used)
        if mode != "overwrite" and (stored := _stored_design(file, key)) is not None:
            return stored[0], heat, stored[1]
        near = bank.for_targets(is_used)
        generator = keyed_generator("calibration", "wave", number, self.experiment.seed)
        n_points, n_parameters = self._units[0].shape
        n_prior = round(FROM_PRIOR * n_points)
        with one_thread():
            used = self.yardstick.part(is_used)
            emulator = Emulator(near.unit, near.simulated, used, self.off_share, number)
            around: Around = emulator.around(luck=near.luck)
            cloud = propose(around, heat, n_points - n_prior, n_parameters, generator)
        unit = np.concatenate([cloud.unit, generator.random((n_prior, n_parameters))])
        with written_whole(file) as out:
            np.savez(out, key=np.array(key), unit=unit, explained=emulator.explained)
        return unit, heat, tuple(emulator.explained.tolist())

    def _key(self, is_used: np.ndarray) -> str:
        """Return a hash of everything that the points of the next wave follow from."""
        facts = {
            "plans": [wave.plan_hash for wave in self.done],
            "targets": [
                [target.id, target.value, target.tolerance, target.scale, target.kind] for target in self.targets
            ],
            "used": is_used.tolist(),
            # Another emulator would look elsewhere.
            "emulator": [inspect.getsource(one) for one in (emulator_module, proposals_module, moving_module)],
        }
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


class _How(NamedTuple):
    """How runs are done, as for `Waves.conduct`."""

    execution: Execution
    mode: Mode
    progress: Progress
    command: Sequence[str]
    engine: Engine | None


def _stored_design(file: Path, key: str) -> tuple[np.ndarray, tuple[float, ...]] | None:
    """Return the points of a wave that was begun, with what its emulator explained; None if they follow from others.

    What cannot be read is made anew, as a missing one is: it follows from what was run before.
    """
    try:
        with open_regular(file) as opened, np.load(opened, allow_pickle=False) as stored:
            if str(stored["key"]) != key:
                return None
            return stored["unit"], tuple(stored["explained"].tolist())
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
