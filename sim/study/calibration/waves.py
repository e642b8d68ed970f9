"""The waves of a calibration: each an ordinary experiment in a results folder of its own, so that it can be resumed."""

from __future__ import annotations

import dataclasses
import hashlib
import inspect
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.errors import InputError
from sim.study.calibration import emulator as emulator_module
from sim.study.calibration import proposals as proposals_module
from sim.study.calibration.bank import Bank, mixture_log_density, needed_widening
from sim.study.calibration.emulator import Emulator
from sim.study.calibration.inference import usable
from sim.study.calibration.proposals import PARTICLES, Proposal, propose
from sim.study.calibration.simulated import luck, needed_outcomes, read_simulated
from sim.study.calibration.targets import Target, check_scenarios, compared
from sim.study.calibration.weighing import Yardstick
from sim.study.designs import points_from_unit, unit_draws
from sim.study.experiments import Execution, conduct_experiment, plan_for_experiment
from sim.study.files import written_whole
from sim.study.progress import Progress
from sim.study.statistics import keyed_generator
from sim.study.store import Mode, open_store
from sim.texts.said import said

if TYPE_CHECKING:
    from sim.scenario.experiment import Experiment
    from sim.study.plan import Plan
    from sim.study.worker import Engine

DEFAULT_WAVES = 10


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
        self.is_wanted = np.array([target.is_used for target in self.targets], dtype=bool)
        self.done: list[WaveDone] = []
        self._units: list[np.ndarray] = []
        self._runs: list[np.ndarray] = []
        self._proposals: list[Proposal] = []

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
        watch: Callable[[Bank], None] | None = None,
    ) -> Bank:
        """Do what is left of all waves and return the bank.

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
        watch : callable, optional
            Hears the bank after each wave.

        Raises
        ------
        KeyboardInterrupt
            If interrupted; what was finished is kept.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        for number in range(1, self.n_waves + 1):
            proposal, unit = None, self._first_unit()
            if number > 1:
                n_points = sum(map(len, self._units))
                progress.step(said("progress.wave_learning", number=number, total=self.n_waves, n=n_points))
                proposal, unit = self._next(number, mode)
            plan = self._plan(unit, number)
            progress.step(said("progress.wave_runs", number=number, total=self.n_waves, n=len(plan.runs)))
            with open_store(self.folder / f"wave-{number}", plan, mode, command) as store:
                conduct_experiment(store, engine, execution, progress)
                n_failed = len(store.failed)
            shown = read_simulated(self.folder / f"wave-{number}", self.targets, len(unit), self._replications(number))
            self._units.append(unit)
            self._runs.append(shown.runs)
            if proposal is not None:
                self._proposals.append(proposal)
            explained = tuple(_emulator(proposal).explained.tolist()) if proposal else ()
            heat = proposal.heat if proposal else 0.0
            self.done.append(WaveDone(number, len(unit), len(plan.runs), n_failed, heat, explained, plan.content_hash))
            if watch is not None:
                watch(self.bank())
        return self.bank()

    def bank(self) -> Bank:
        """Return the points of the waves that are done."""
        unit = np.concatenate(self._units)
        densities = [np.zeros(len(unit)), *(proposal.log_density(unit) for proposal in self._proposals)]
        sizes = [len(one) for one in self._units]
        return Bank(
            names=self.names,
            unit=unit,
            simulated=np.concatenate([runs[:, :, 0] for runs in self._runs]),
            luck=luck(self._runs[0], self.yardstick),
            n_replications=1,
            wave=np.repeat(np.arange(1, len(sizes) + 1), sizes),
            log_density=mixture_log_density(densities, sizes),
        )

    def _first_unit(self) -> np.ndarray:
        return unit_draws(self.experiment, len(self.names))

    def _plan(self, unit: np.ndarray, number: int = 1) -> Plan:
        experiment = dataclasses.replace(self.experiment, replications=self._replications(number))
        return plan_for_experiment(experiment, points_from_unit(experiment, unit))

    def _replications(self, number: int) -> int:
        """Return the runs of a point: those of the experiment in the first wave, which tells how large luck is, then 1.

        More points say more than more runs of each, since luck is counted as an error; so each point shows its first
        run.
        """
        return self.experiment.replications if number == 1 else 1

    def _next(self, number: int, mode: Mode) -> tuple[Proposal, np.ndarray]:
        """Return the proposal of a later wave and its points: those on disk, if they follow from the same waves."""
        with one_thread():
            bank = self.bank()
            is_used = usable(bank, self.yardstick, self.is_wanted)
            near = bank.for_targets(is_used)
            wider = self.yardstick.widened(needed_widening(bank, self.yardstick, is_used))
            emulator = Emulator(near.unit, near.simulated, wider.part(is_used), near.luck, self.off_share, number)
        heat = 1.0 - 0.5 ** (number - 1)
        file = self.folder / f"wave-{number}-design.npz"
        key = self._key(is_used)
        if mode != "overwrite" and (stored := _stored_design(file, key)) is not None:
            unit, log_constant = stored
            return Proposal(emulator, heat, log_constant, np.empty((0, len(self.names)))), unit
        generator = keyed_generator("calibration", "wave", number, self.experiment.seed)
        n_points = len(self._units[0])
        with one_thread():
            proposal = propose(emulator, heat, max(PARTICLES, n_points), len(self.names), generator)
        unit = proposal.draw(n_points, generator)
        with written_whole(file) as out:
            np.savez(out, key=np.array(key), unit=unit, log_constant=np.array(proposal.log_constant))
        return proposal, unit

    def _key(self, is_used: np.ndarray) -> str:
        """Return a hash of everything that the points of the next wave follow from."""
        facts = {
            "plans": [wave.plan_hash for wave in self.done],
            "targets": [
                [target.id, target.value, target.tolerance, target.scale, target.kind] for target in self.targets
            ],
            "used": is_used.tolist(),
            # The density of a wave is that of the emulator that drew it: another one would tell another density.
            "emulator": [inspect.getsource(module) for module in (emulator_module, proposals_module)],
        }
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def _emulator(proposal: Proposal) -> Emulator:
    assert isinstance(proposal.likelihood, Emulator)
    return proposal.likelihood


def _stored_design(file: Path, key: str) -> tuple[np.ndarray, float] | None:
    """Return points and constant of a wave that was begun; None if there are none or they follow from other waves."""
    if not file.exists():
        return None
    with np.load(file, allow_pickle=False) as stored:
        if str(stored["key"]) != key:
            return None
        return stored["unit"], float(stored["log_constant"])


def refuse_unfit(experiment: Experiment, targets: Sequence[Target]) -> None:
    """Refuse an experiment that cannot serve for a calibration.

    Raises
    ------
    InputError
        With every reason.
    """
    reasons = []
    if experiment.design not in {"sobol", "latin_hypercube"}:
        reasons.append("design: must be sobol or latin_hypercube")
    if experiment.levers:
        reasons.append("levers: a calibration has none; what an organization did stands in its scenario")
    listed = [factor.name for factor in experiment.uncertainties if factor.spread is None]
    if listed:
        reasons.append(f"uncertainties: {', '.join(listed)} must be a range")
    if not experiment.uncertainties:
        reasons.append("uncertainties: name what is to be calibrated, such as behavior: registry")
    missing = [name for name in needed_outcomes(targets) if name not in experiment.outcomes]
    if missing:
        reasons.append(f"outcomes: the targets also need {', '.join(missing)}")
    if reasons:
        raise InputError([f"{experiment.file}: {reason}" for reason in reasons])
    check_scenarios(targets, [base.name for base in experiment.bases], experiment.file)


@contextmanager
def one_thread() -> Iterator[None]:
    """Keep linear algebra to one thread: on a busy machine many of them wait for each other."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        yield
