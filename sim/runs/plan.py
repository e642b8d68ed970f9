"""The plan of a study: one row a run to do, known in full before the first run starts.

A row has everything that its numbers depend on: the arm (a resolved scenario), the point of the design, the seed,
and the version of the code, summed up in a content hash. Two rows with one hash are the same run, so finished work
can be recognized.

Rows are made when they are looked at. What is held is one hash for each scenario that differs, so that a plan of
many thousands of runs stays small.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, overload

from sim.catalog.outcomes import OUTCOME_NAMES
from sim.errors import InputError
from sim.experiments.points import Overlay, Points, weight_columns
from sim.runs.code_version import code_version
from sim.words import said

if TYPE_CHECKING:
    import numpy as np

    from sim.model.extension import Extension


# Facts of the study or names for the reader: they do not enter a run.
NOT_IN_A_RUN = ("name", "description")
NOT_IN_A_RUN_SECTION = ("replications", "seed")
_BEHAVIOR = "behavior."


@dataclass(frozen=True)
class Kept:
    """What of a run goes into the results: a design of many thousands of runs need not keep every week of each.

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


class Shard(NamedTuple):
    """A part of a plan for a process of its own: the runs whose id leaves `number` - 1 when divided by `n_shards`."""

    number: int
    n_shards: int

    @classmethod
    def parse(cls, text: str) -> Shard:
        """Return what ``2/3`` means.

        Raises
        ------
        InputError
            If it means nothing.
        """
        match = re.fullmatch(r"(\d+)/(\d+)", text.strip())
        if match is None or not 1 <= int(match[1]) <= int(match[2]):
            raise InputError(said("refusal.shard", text=text))
        return cls(int(match[1]), int(match[2]))

    @property
    def suffix(self) -> str:
        """What the name of its results folder ends in."""
        return f"-shard-{self.number}-of-{self.n_shards}"

    def runs(self, n_runs: int) -> range:
        """Return the ids of its runs in a plan of `n_runs`."""
        return range(self.number - 1, n_runs, self.n_shards)

    def __str__(self) -> str:
        return f"{self.number}/{self.n_shards}"


WHOLE = Shard(1, 1)


class Arm(NamedTuple):
    """One thing to try: a resolved scenario under a name that is unique in the study.

    `own_coefficients` are the dotted keys of the coefficients that it sets itself, and that no world changes;
    `own_settings` those that files of one's own set, and that no answer changes.
    """

    name: str
    resolved: Mapping[str, Any]
    own_coefficients: tuple[str, ...] = ()
    own_settings: tuple[str, ...] = ()


class PlannedRun(NamedTuple):
    """One run to do.

    `run_id` is its place in the plan; `replication` and `point` count from 0. A study without a design has point 0
    only.
    """

    run_id: int
    scenario: str
    point: int
    replication: int
    seed: int
    content_hash: str


class About(NamedTuple):
    """What an experiment says of itself, for the manifest.

    `kind` is the command that can work out and show the results; `experiment` and `factors` are plain data.
    """

    kind: str
    experiment: Mapping[str, Any]
    factors: Sequence[Mapping[str, Any]]


def kept_coefficients(arms: Sequence[Arm], factors: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, float]]:
    """Return for each scenario the coefficients that it keeps as it sets them, while worlds or draws set the others.

    Empty where nothing varies the coefficients. A factor that is named by its key varies it in every scenario.

    Parameters
    ----------
    arms : sequence of Arm
        The scenarios.
    factors : sequence of mapping
        What the manifest says of the factors.
    """
    if not any(str(key).startswith(_BEHAVIOR) for factor in factors for key in factor["keys"]):
        return {}
    named = {key for each in factors if each.get("registry", "") in ("", each["name"]) for key in each["keys"]}
    kept = {
        arm.name: {
            key: float(arm.resolved["behavior"][key.removeprefix(_BEHAVIOR)])
            for key in arm.own_coefficients
            if key not in named
        }
        for arm in arms
    }
    return {name: values for name, values in kept.items() if values}


@dataclass(frozen=True)
class Plan:
    """All runs of a study: replication by replication, so that partial results cover the design, then point by point.

    Attributes
    ----------
    arms : tuple of Arm
        What is tried, in the order given.
    seed : int
        Seed of the study, from which the seed of each replication follows.
    n_replications : int
        Runs per arm and point.
    code_version : str
        Version of the code that is to do the runs.
    scenario_hashes : tuple of str
        Hash of the scenario of each point and arm, arms of one point together.
    points : Points or None
        What varies over the runs of an arm; None where nothing does.
    kept : Kept
        What of each run goes into the results.
    about : About or None
        The experiment it belongs to.
    staff : mapping of str to str
        Content hash of each staff file of the user's own, by its path: as it was when the plan was made.
    extension : Extension or None
        What the user has added to the model.
    added : str
        The name of the file that it is from; also of a plan that is read from a results folder.
    """

    arms: tuple[Arm, ...]
    seed: int
    n_replications: int
    code_version: str
    scenario_hashes: tuple[str, ...]
    points: Points | None = None
    kept: Kept = EVERYTHING
    about: About | None = None
    staff: Mapping[str, str] = field(default_factory=dict)
    extension: Extension | None = None
    added: str = ""

    @property
    def made_of(self) -> str:
        """What a run is made of beside its scenario and seed: the code, and what was added to it."""
        return self.code_version if self.extension is None else f"{self.code_version}+{self.extension.digest}"

    def __post_init__(self) -> None:
        # Who replied to whom is a table of persons, and the order of employees follows from the file.
        if self.kept.replies and self.staff:
            raise InputError(said("refusal.replies_of_staff"))

    @property
    def n_points(self) -> int:
        """Number of points; 1 where there is no design."""
        return 1 if self.points is None else self.points.n_points

    @cached_property
    def seeds(self) -> tuple[int, ...]:
        """Seed of each replication."""
        return tuple(replication_seed(self.seed, replication) for replication in range(self.n_replications))

    def seed_of(self, point: int, replication: int) -> int:
        """Return the seed of one replication at one point: that of all points, unless points have luck of their own."""
        if self.points is None or self.points.luck is None:
            return self.seeds[replication]
        luck = self.points.luck[point]
        if luck < 0:
            return replication_seed(self.seed, (-1 - luck) * self.n_replications + replication)
        return replication_seed(self.seed, replication, luck)

    @cached_property
    def runs(self) -> Sequence[PlannedRun]:
        """The rows, sorted by `run_id`, which counts from 0 without gaps."""
        return _Runs(self)

    @cached_property
    def _overlays(self) -> dict[str, Overlay]:
        return {arm.name: _overlay(arm, self.points, index) for index, arm in enumerate(self.arms)}

    def resolved(self, run: PlannedRun) -> Mapping[str, Any]:
        """Return the resolved scenario of `run`; what its point leaves alone is shared with the other runs."""
        return self.scenario_at(run.scenario, run.point)

    def scenario_at(self, name: str, point: int) -> Mapping[str, Any]:
        """Return the resolved scenario of the arm called `name` at one point."""
        with self.as_planned():
            return _fitted(self._overlays[name].at(point))

    def as_planned(self) -> AbstractContextManager[None]:
        """Have staff files read as they were when the plan was made, or refused if they have changed since."""
        return fixed_staff(self.staff)

    def staff_of(self, resolved: Mapping[str, Any]) -> str:
        """Return the content hashes of the files of one's own that a scenario of this plan names; empty if none."""
        return HASHES.join(self.staff[file] for file in own_files(resolved) if file in self.staff)

    def keeping(self, names: Sequence[str]) -> Plan:
        """Return the same runs, of which these tables are kept, too (`KEPT_IF_ASKED`)."""
        return dataclasses.replace(self, kept=dataclasses.replace(self.kept, replies="replies" in names))

    def extended(self, extension: Extension | None) -> Plan:
        """Return the same runs with an extension, whose outcomes are kept, too."""
        if extension is None:
            return self
        own = [name for name in extension.outcomes if name not in self.kept.outcomes]
        kept = dataclasses.replace(self.kept, outcomes=(*self.kept.outcomes, *own))
        return dataclasses.replace(self, kept=kept, extension=extension, added=extension.name)

    def with_replications(self, n_replications: int) -> Plan:
        """Return this plan with another number of replications; rows that are in both are equal."""
        return dataclasses.replace(self, n_replications=n_replications)

    @cached_property
    def content_hash(self) -> str:
        """Hash of the whole plan."""
        digest = hashlib.sha256()
        for run in self.runs:
            digest.update(f"{chr(10) if run.run_id else ''}{run.run_id} {run.scenario} {run.content_hash}".encode())
        if self.points is not None:
            digest.update(self.points_hash.encode())
        return digest.hexdigest()

    @cached_property
    def points_hash(self) -> str:
        """Hash of the points as a person would write them, with what is kept; empty where there is no design.

        Two designs may ask for the same runs and mean something else by them.
        """
        if self.points is None:
            return ""
        digest = hashlib.sha256(json.dumps(self.kept.as_mapping()).encode())
        columns = {
            "strategy": self.points.strategy, "world": self.points.world, **self.points.factors,
            **weight_columns(self.points),
        }  # fmt: skip
        for name, values in columns.items():
            digest.update(json.dumps([name, plain_values(values)]).encode())
        return digest.hexdigest()


class _Runs(Sequence[PlannedRun]):
    """The rows of a plan, each made when it is looked at."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._n_points = plan.n_points
        self._n_arms = len(plan.arms)

    def __len__(self) -> int:
        return self._plan.n_replications * self._n_points * self._n_arms

    @overload
    def __getitem__(self, index: int) -> PlannedRun: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[PlannedRun]: ...

    def __getitem__(self, index: int | slice) -> PlannedRun | Sequence[PlannedRun]:
        places = range(len(self))
        if isinstance(index, slice):
            return tuple(self._row(place) for place in places[index])
        return self._row(places[index])

    def __iter__(self) -> Iterator[PlannedRun]:
        return map(self._row, range(len(self)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence):
            return NotImplemented
        return len(self) == len(other) and all(a == b for a, b in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]

    def _row(self, run_id: int) -> PlannedRun:
        plan = self._plan
        replication, scenario = divmod(run_id, self._n_points * self._n_arms)
        point, arm = divmod(scenario, self._n_arms)
        seed = plan.seed_of(point, replication)
        digest = _run_hash(plan.scenario_hashes[scenario], seed, plan.made_of)
        return PlannedRun(run_id, plan.arms[arm].name, point, replication, seed, digest)


def replication_seed(seed: int, replication: int, *luck: int) -> int:
    """Return the seed of one replication, in [0, 2**63); of one luck of several, where points have luck of their own.

    It depends on nothing else: all arms share it (paired by seed), and it stays when replications are added.
    Uses NumPy's SeedSequence with the replication (and the number of the luck) as spawn key.
    """
    from numpy import uint64
    from numpy.random import SeedSequence

    return int(SeedSequence(seed, spawn_key=(replication, *luck)).generate_state(1, uint64)[0] >> uint64(1))


def own_files(resolved: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the files of the user's own that a scenario names: its staff file, and the contacts file beside it."""
    organization = resolved.get("organization", {})
    workforce = str(organization.get("workforce", ""))
    if not os.path.isabs(workforce):  # profiles have no path
        return ()
    contacts = (organization.get("staff") or {}).get("contacts")
    return (workforce, str(contacts)) if contacts else (workforce,)


HASHES = " "
"""Between the content hashes of the files of one's own that a run is made from."""


def fixed_staff(staff: Mapping[str, str]) -> AbstractContextManager[None]:
    """Have staff files read as they were when their hashes were taken (by path), or refused."""
    if not staff:
        return nullcontext()
    from sim.exports.staff import staff_as_planned

    return staff_as_planned(staff)


def scenario_hash(resolved: Mapping[str, Any]) -> str:
    """Return a hash of everything in a resolved scenario that its runs depend on.

    Name, description and the study's own settings (replications, seed) are left out. A workforce file counts
    by its content, not by where it lies.
    """
    content = {key: value for key, value in resolved.items() if key not in NOT_IN_A_RUN}
    if "run" in content:
        content["run"] = {key: value for key, value in content["run"].items() if key not in NOT_IN_A_RUN_SECTION}
    own = own_files(resolved)
    if own:
        from sim.exports.staff import staff_hash

        organization = {**content["organization"], "workforce": staff_hash(own[0])}
        if len(own) > 1:
            organization["staff"] = {**organization["staff"], "contacts": staff_hash(own[1])}
        content["organization"] = organization
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def plain_values(values: Sequence[Any]) -> list[Any]:
    """Return a column of points as a list of plain Python values; it may be an array."""
    found: list[Any] = values.tolist() if hasattr(values, "tolist") else list(values)
    return found


def _run_hash(scenario: str, seed: int, version: str) -> str:
    return hashlib.sha256(f"{scenario} {seed} {version}".encode()).hexdigest()


def _fitted(resolved: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a scenario that fits the user's own workforce file, if it names one."""
    if not own_files(resolved):
        return resolved
    from sim.organization.own_staff import fitted_to_staff

    return fitted_to_staff(resolved)


def _overlay(arm: Arm, points: Points | None, index: int) -> Overlay:
    return Overlay(arm.resolved, {} if points is None else points.leaves[index])


def make_plan(
    arms: Sequence[Arm],
    n_replications: int,
    seed: int,
    version: str | None = None,
    points: Points | None = None,
    kept: Kept = EVERYTHING,
    about: About | None = None,
) -> Plan:
    """Return the plan for every arm, at every point, with `n_replications` each.

    Parameters
    ----------
    arms : sequence of Arm
        At least one, with unique names.
    n_replications : int
        Runs per arm and point, at least 1.
    seed : int
        Seed of the study, at least 0.
    version : str, optional
        Version of the code; that of this installation if left out.
    points : Points, optional
        The design; its `leaves` are those of `arms`, in their order.
    kept : Kept, optional
        What of each run goes into the results; everything if left out.
    about : About, optional
        The experiment it belongs to.

    Raises
    ------
    ValueError
        If there are no arms, names repeat, points are of other arms or none, or `n_replications` is below 1.
    InputError
        If a scenario does not fit the workforce file that it names.
    """
    names = [arm.name for arm in arms]
    if not names or len(set(names)) < len(names):
        raise ValueError(f"a plan needs arms with unique names, got {names}")
    if n_replications < 1:
        raise ValueError(f"a plan needs at least 1 replication, got {n_replications}")
    if points is not None and (len(points.leaves) != len(arms) or points.n_points < 1):
        raise ValueError(
            f"a plan needs points for each arm: {len(points.leaves)} for {len(arms)} arms, {points.n_points} points"
        )
    version = code_version() if version is None else version
    n_points = 1 if points is None else points.n_points
    staff = _staff_of(arms, points)
    with fixed_staff(staff):
        arms = tuple(arm._replace(resolved=_fitted(arm.resolved)) for arm in arms)
        overlays = [_overlay(arm, points, index) for index, arm in enumerate(arms)]
        hashes = tuple(scenario_hash(_fitted(overlay.at(point))) for point in range(n_points) for overlay in overlays)
    return Plan(arms, seed, n_replications, version, hashes, points, kept, about, staff)


def _staff_of(arms: Sequence[Arm], points: Points | None) -> dict[str, str]:
    """Return the content hash of every staff file that is named, by its path."""
    scenarios: list[Mapping[str, Any]] = [arm.resolved for arm in arms]
    for leaves in () if points is None else points.leaves:
        scenarios += [{"organization": {"workforce": each}} for each in leaves.get("organization.workforce", ())]
        scenarios += [{"organization": each} for each in leaves.get("organization", ())]
    files = dict.fromkeys(file for scenario in scenarios for file in own_files(scenario))
    if not files:
        return {}
    from sim.exports.staff import staff_hash

    return {file: staff_hash(file) for file in files}
