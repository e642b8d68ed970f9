"""What may be asked of a study, for commands and Python alike: ``run``, ``compare``, ``sweep`` and ``sensitivity``.

A ``run`` or ``compare`` is an experiment without factors: scenarios that are named one by one, in the place of a file
with a design. An option stands here once, in `ScenarioOptions` or `StudyOptions`, with what it means; a command has
besides how it is typed (``sim/cli/options.py``).
"""

import functools
import hashlib
import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple, TypedDict, TypeVar

from sim.errors import InputError
from sim.words import said, typed

if TYPE_CHECKING:
    from concurrent.futures import Executor

    import pyarrow as pa

    from sim.analysis.conduct import UntilWidth
    from sim.evidence.fitting.from_week import FromWeek
    from sim.experiments import Experiment
    from sim.experiments.questionnaire import Answers
    from sim.experiments.world_sets import InWorlds, Source
    from sim.model.extension import Extension
    from sim.runs.executors import Execution
    from sim.runs.plan import Plan, Shard
    from sim.runs.progress import Progress
    from sim.runs.store import Mode
    from sim.runs.worker import Engine
    from sim.scenario import Problem, Scenario
    from sim.scenario.overrides import Overrides

Function = TypeVar("Function", bound=Callable[..., Any])
Kind = Literal["run", "compare", "sweep", "sensitivity"]


class Means(NamedTuple):
    """What an option means, and what holds if it is left out."""

    meaning: str
    usual: Any = None


class StudyOptions(TypedDict, total=False):
    """What may be asked of every study."""

    overrides: Annotated[
        "Overrides",
        Means(
            'Settings in the place of those of the file: ``["rules.restriction=0.5"]``, ``{"rules.restriction": 0.5}``'
            " or, of an experiment, ``samples=64``.",
            (),
        ),
    ]
    weeks: Annotated["int | None", Means("Working weeks to simulate; what the scenario says if left out.")]
    replications: Annotated[
        "int | None",
        Means("Number of runs in each world, or at each point; 1 in worlds, else what the file says, if left out."),
    ]
    seed: Annotated["int | None", Means("Seed of the study; what the file says if left out.")]
    out: Annotated["str | Path | None", Means("Folder for the results; nothing stays on disk if left out.")]
    jobs: Annotated[
        "int | None",
        Means(
            "Number of processes; None chooses. More than one needs the script's work under"
            ' ``if __name__ == "__main__":``. With `executor`, the number of its workers (asked of it if 1).',
            1,
        ),
    ]
    mode: Annotated[
        "Mode",
        Means("What to do if `out` has results: ``new``, ``resume`` or ``overwrite`` (see `open_store`).", "new"),
    ]
    engine: Annotated["Engine | None", Means("Another simulation, for tests.")]
    progress: Annotated["Progress | None", Means("Who watches.")]
    extension: Annotated[
        "Extension | str | Path | None",
        Means(
            "What is added to the model: the file of ``--with``, or an ``Extension``. Or its parts, each by its name:"
            " ``outcomes``, ``interventions``, ``rules``, ``workforce``, ``contacts``, ``columns``."
        ),
    ]
    outcomes: Annotated["Any", Means("")]
    interventions: Annotated["Any", Means("")]
    rules: Annotated["Any", Means("")]
    workforce: Annotated["Any", Means("")]
    contacts: Annotated["Any", Means("")]
    columns: Annotated["Any", Means("")]


class InWorldsOptions(StudyOptions, total=False):
    """What may be asked of studies in plausible worlds."""

    worlds: Annotated[
        "int | str | Path | None",
        Means(
            "Number of plausible worlds; if left out 120, for a sweep 60 (20 if quick) or as many as it draws of its"
            " own. Or the folder of a fit or a calibration, to answer from its worlds."
        ),
    ]
    world_set: Annotated[
        "str | None",
        Means("``levels`` or ``interviews``; left out, the answer rests on ``levels`` and tells of the other besides."),
    ]
    world_source: Annotated[
        "Source | None",
        Means("``calibrated`` (the worlds of ``levels`` alone) or ``prior`` (drawn from the plausible ranges)."),
    ]
    at_defaults: Annotated[
        "bool",
        Means("Whether coefficients are as files have them instead: at their default values, or drawn.", False),
    ]
    answers: Annotated[
        "str | Path | None",
        Means("An answers file of the questionnaire, whose ranges are drawn over together with the worlds."),
    ]


class ScenarioOptions(InWorldsOptions, total=False):
    """What may be asked of a ``run`` or ``compare``."""

    until: Annotated[
        "UntilWidth | None",
        Means("Add replications until an interval is narrow enough; at the default values."),
    ]
    keep: Annotated[
        "Sequence[str]",
        Means("Tables that are kept only where they are asked for: ``replies`` (who replied to whom).", ()),
    ]


class CompareOptions(ScenarioOptions, total=False):
    """What may be asked of a ``compare`` alone."""

    n_worlds: Annotated["int | None", Means("Another name for `worlds`.")]
    from_week: Annotated[
        "int | None",
        Means(
            "The first week in which scenarios differ: before it all are as the one that a fit (`worlds`) is about was"
            " lived, or else the first."
        ),
    ]


class _OfAFile(TypedDict, total=False):
    samples: Annotated["int | None", Means("Draws of what is a range; base samples of a method.")]
    quick: Annotated["bool", Means("Whether to run the small version in the file's section ``quick``.", False)]
    dask: Annotated["str | None", Means("Address of a Dask scheduler whose workers do the runs.")]
    executor: Annotated[
        "Executor | None",
        Means("Another executor, such as ``mpi4py.futures.MPIPoolExecutor``; it is not shut down."),
    ]
    shard: Annotated[
        "str | None",
        Means("``I/N``: every N-th run only, in the folder `out`; put together by ``sim.merge``."),
    ]


class SensitivityOptions(StudyOptions, _OfAFile, total=False):
    """What may be asked of a ``sensitivity``."""


class SweepOptions(InWorldsOptions, _OfAFile, total=False):
    """What may be asked of a ``sweep``."""


OPTIONS: dict[Kind, type] = {
    "run": ScenarioOptions, "compare": CompareOptions, "sweep": SweepOptions, "sensitivity": SensitivityOptions,
}  # fmt: skip
PARTS = ("outcomes", "interventions", "rules", "workforce", "contacts", "columns")

LONGEST_NAME = 80
_BYTES_OF_FIRST = 120  # leaves room for what follows, and for what is added to the name of the folder


def takes(kind: Kind) -> Callable[[Function], Function]:
    """Let a function that takes the options of a kind of study show them, each with what it means."""
    options = {name: hint for name, hint in OPTIONS[kind].__annotations__.items() if name not in PARTS}

    def decorate(function: Function) -> Function:
        own = [each for each in inspect.signature(function).parameters.values() if each.kind is not each.VAR_KEYWORD]
        of_kind = [
            inspect.Parameter(
                name, inspect.Parameter.KEYWORD_ONLY, default=hint.__metadata__[0].usual,
                annotation=hint.__origin__.__forward_arg__,
            )
            for name, hint in options.items()
        ]  # fmt: skip
        rest = inspect.Parameter("own", inspect.Parameter.VAR_KEYWORD, annotation="Any")
        function.__signature__ = inspect.Signature([*own, *of_kind, rest])  # type: ignore[attr-defined]
        told = "".join(
            f"    {name} : {hint.__origin__.__forward_arg__}\n        {hint.__metadata__[0].meaning}\n"
            for name, hint in options.items()
        )
        before, returns, after = (function.__doc__ or "").partition("\n\n    Returns\n")
        function.__doc__ = f"{before}\n{told}{returns[1:]}{after}"
        return function

    return decorate


class Request:
    """What is asked of one study; what follows from that is worked out when it is first looked at.

    Parameters
    ----------
    kind : str
        ``run``, ``compare``, ``sweep`` or ``sensitivity``.
    given : sequence of Scenario, Experiment, str or Path
        The scenarios; or the one experiment.
    options : mapping
        By their names in `OPTIONS`; what else is there are parts of an extension.
    notes : list of Problem, optional
        Gets the settings that have no effect.
    home : Path, optional
        Where results go, in a folder of their name, unless another is asked for; nowhere if left out.
    """

    def __init__(
        self,
        kind: Kind,
        given: Sequence[Any],
        options: Mapping[str, Any],
        notes: "list[Problem] | None" = None,
        home: Path | None = None,
    ) -> None:
        hints = OPTIONS[kind].__annotations__
        self.kind: Kind = kind
        self.given = given
        self._notes = notes
        self._home = home
        self._options = {name: hints[name].__metadata__[0].usual for name in hints if name not in PARTS}
        self._own = {name: value for name, value in options.items() if name not in self._options}
        self._options |= {name: value for name, value in options.items() if name in self._options}

    def __getitem__(self, option: str) -> Any:
        """Return an option; None where studies of this kind do not have it."""
        return self._options.get(option)

    @property
    def is_of_scenarios(self) -> bool:
        """Whether scenarios are named, in the place of an experiment with factors."""
        return self.kind in ("run", "compare")

    @property
    def folder(self) -> Path | None:
        """Where results go; None if they are not kept."""
        if self["out"] is not None:
            return Path(self["out"])
        return None if self._home is None else self._home / self.name

    @property
    def mode(self) -> "Mode":
        """What to do with results that are there."""
        mode: Mode = self["mode"]
        return mode

    @functools.cached_property
    def progress(self) -> "Progress":
        """Who watches."""
        from sim.runs.progress import Silent

        return self["progress"] or Silent()

    @functools.cached_property
    def execution(self) -> "Execution":
        """Where the runs are done."""
        from sim.runs.executors import Execution

        if self["executor"] is not None and self["jobs"] == 1:
            return Execution(None, self["dask"], self["executor"])
        return Execution(self["jobs"], self["dask"], self["executor"])

    @functools.cached_property
    def shard(self) -> "Shard":
        """The part of the plan that is to be done."""
        from sim.runs.plan import WHOLE, Shard

        return WHOLE if self["shard"] is None else Shard.parse(self["shard"])

    @functools.cached_property
    def where(self) -> "InWorlds":
        """In which worlds it is to be done."""
        from sim.experiments.world_sets import worlds_asked_for

        worlds = self["n_worlds"] if self["worlds"] is None else self["worlds"]
        return worlds_asked_for(worlds, self["world_set"], self["world_source"], bool(self["at_defaults"]))

    @functools.cached_property
    def answers(self) -> "Answers | None":
        """What is known of the organization."""
        if self["answers"] is None:
            return None
        from sim.experiments.questionnaire import load_answers

        return load_answers(self["answers"])

    @functools.cached_property
    def scenarios(self) -> "list[Scenario]":
        """The scenarios, with settings laid over them."""
        return [loaded_scenario(each, self["overrides"], self["weeks"], notes=self._notes) for each in self.given]

    @functools.cached_property
    def lived(self) -> "FromWeek | None":
        """The scenarios with weeks in common that were lived, if that is asked for."""
        if self["from_week"] is None:
            return None
        from sim.evidence.fitting.from_week import from_week

        return from_week(self.scenarios, self["from_week"], self.where.folder)

    @functools.cached_property
    def experiment(self) -> "Experiment":
        """The experiment, with settings laid over it.

        Raises
        ------
        InputError
            If it is one for another command.
        """
        given = self.given[0]
        loaded = loaded_experiment(given, self._file_overrides, bool(self["quick"]), self._notes)
        if loaded.kind != self.kind:
            name = given if isinstance(given, str | Path) else loaded.name
            other = typed("intranet-sim", loaded.kind, Path(name))
            raise InputError(said("refusal.cli.other_command", file=name, command=other))
        return loaded

    @property
    def _file_overrides(self) -> "Overrides":
        named = {name: self[name] for name in ("replications", "samples", "seed")} | {"run.weeks": self["weeks"]}
        return with_named(self["overrides"], named)

    @functools.cached_property
    def plan(self) -> "Plan":
        """All runs, with what was added to the model.

        Raises
        ------
        InputError
            If what is asked contradicts itself.
        """
        from sim.model.extension.parts import extension_from

        plan = self._of_scenarios() if self.is_of_scenarios else self.done_as[1]
        return plan.extended(extension_from(self["extension"], self._own))

    def _of_scenarios(self) -> "Plan":
        from sim.analysis.over_worlds import plan_of
        from sim.runs.plan import KEPT_IF_ASKED

        where, answers = self.where, self.answers
        scenarios = self.scenarios if self.lived is None else self.lived.scenarios
        plan = plan_of(scenarios, where, self._n_replications(), self["seed"], self["until"], answers)
        names = [self["keep"]] if isinstance(self["keep"], str) else list(self["keep"])
        unknown = [name for name in names if name not in KEPT_IF_ASKED]
        if unknown:
            raise ValueError(f"keep: there is no {unknown[0]!r}; allowed: {', '.join(KEPT_IF_ASKED)}")
        return plan.keeping(names)

    def _n_replications(self) -> int | None:
        """Return the replications to start with, if they are known; a study that grew before starts where it ended."""
        from sim.runs.manifest import read_manifest

        if self["replications"] is None and asks_for_replications(self["overrides"]):
            return self.scenarios[0].run.replications
        if self["until"] is None or self["replications"] is not None or self.mode == "overwrite" or not self.folder:
            n: int | None = self["replications"]
            return n
        manifest = read_manifest(self.folder, is_checked=False)
        return None if manifest is None else manifest.get("replications")

    @functools.cached_property
    def done_as(self) -> "tuple[Experiment, Plan]":
        """The experiment as it is done, and the plan of that without what was added to the model."""
        from sim.analysis.sensitivity.sampling import sensitivity_points
        from sim.analysis.sweeping.standing import plan_of_sweep
        from sim.runs.designs import plan_for_experiment

        if self.kind == "sensitivity":
            return self.experiment, plan_for_experiment(self.experiment, sensitivity_points(self.experiment))
        return plan_of_sweep(self.experiment, self.where, asks_for_replications(self._file_overrides), self.answers)

    @property
    def name(self) -> str:
        """Name of its results folder unless another is asked for: a quick look and each shard have their own."""
        if self.is_of_scenarios:
            later = "" if self["from_week"] is None else f"-from-week-{self['from_week']}"
            return folder_name([each.name for each in self.scenarios]) + self._suffix + later
        done = self.done_as[0]
        return done.name + ("-quick" if done.quick else "") + (self.shard.suffix if self.shard.n_shards > 1 else "")

    @property
    def _suffix(self) -> str:
        """What is added to the name of the results folder where the worlds are not the usual ones."""
        if self["at_defaults"] or self["until"] is not None:
            return "-at-defaults"
        named = [name for name in (self["world_set"], self["world_source"]) if name is not None]
        return "-".join(["-over-worlds" if self["worlds"] is not None or named else "", *named])


def folder_name(names: Sequence[str]) -> str:
    """Return the name of the default results folder, such as ``a-vs-b``; shortened where it gets long."""
    from sim.scenario.grammar import NAME_BYTES

    name = "-vs-".join(names)
    if len(names) == 1 or (len(name) <= LONGEST_NAME and len(name.encode()) <= NAME_BYTES):
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:6]
    first = names[0][:40].encode()[:_BYTES_OF_FIRST].decode(errors="ignore")
    return f"{first}-vs-{len(names) - 1}-others-{digest}"


def loaded_scenario(
    scenario: "Scenario | str | Path",
    overrides: "Overrides" = (),
    weeks: int | None = None,
    seed: int | None = None,
    notes: "list[Problem] | None" = None,
) -> "Scenario":
    """Return a scenario, given as it is, by its name or as a file, with settings laid over it."""
    from sim.scenario.loading import as_scenario, load_scenario

    laid = with_named(overrides, {"run.weeks": weeks, "run.seed": seed})
    return load_scenario(scenario, laid, notes) if isinstance(scenario, str | Path) else as_scenario(scenario, laid)


def loaded_experiment(
    experiment: "Experiment | str | Path",
    overrides: "Overrides" = (),
    quick: bool = False,
    notes: "list[Problem] | None" = None,
) -> "Experiment":
    """Return an experiment, given as it is, by its name or as a file, with settings in the place of its own.

    Raises
    ------
    InputError
        If there are such settings for one that is given as it is.
    """
    if isinstance(experiment, str | Path):
        from sim.experiments import load_experiment

        return load_experiment(experiment, overrides, quick, notes)
    if overrides or quick:
        raise InputError(said("refusal.from_file_only"))
    return experiment


def with_named(overrides: "Overrides", named: Mapping[str, int | None]) -> "Overrides":
    """Return overrides, as a mapping or as texts, with those besides that have a name of their own; these win."""
    given = {key: value for key, value in named.items() if value is not None}
    if isinstance(overrides, Mapping):
        return {**overrides, **given}
    before = [overrides] if isinstance(overrides, str) else overrides
    return [*before, *(f"{key}={value}" for key, value in given.items())]


def asks_for_replications(overrides: "Overrides") -> bool:
    """Return whether settings beside a file say how many replications there are."""
    given = list(overrides) if isinstance(overrides, Mapping) else [getattr(each, "text", each) for each in overrides]
    return any(re.match(r"\s*(run\.)?replications\s*(=|$)", str(each)) for each in given)


def derived(folder: Path, kind: str) -> Mapping[str, "pa.Table"]:
    """Return the tables that follow from the runs of an experiment in a results folder, by name.

    Raises
    ------
    InputError
        If nothing follows from runs of this kind.
    """
    if kind == "sweep":
        from sim.analysis.sweeping.sweep import read_sweep

        return read_sweep(folder).sweep.arrow()
    if kind != "sensitivity":
        raise InputError(said("refusal.cli.no_command", kind=kind))
    from sim.analysis.sensitivity.results import derived_tables

    return derived_tables(folder)
