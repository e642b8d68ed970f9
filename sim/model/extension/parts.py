"""The parts of an extension: what they see of a run, how they are checked, what of them enters the hash of a run."""

from __future__ import annotations

import hashlib
import inspect
import keyword
import marshal
import pickle
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.catalog.outcomes import OUTCOME_NAMES
from sim.errors import InputError
from sim.kernel.files import regular_content
from sim.model.extension.replacing import rules_that_are
from sim.model.person_columns import checked
from sim.model.state import DAYS_PER_WEEK, PERSON
from sim.scenario.hints import did_you_mean
from sim.words import said

if TYPE_CHECKING:
    from sim.model.extension.running import ExtendedSimulation
    from sim.organization import Contacts, Workforce

PARTS = ("outcomes", "interventions", "rules", "workforce", "contacts", "columns")
DAILY, WEEKLY = "day", "week"


COLUMNS = tuple(name for name, _ in PERSON)


class State:
    """The organization on one day, to look at.

    ``state["trust"]`` is a column of employees, an array that cannot be written: any of ``sim.model.state.PERSON``,
    or one of your own.

    Attributes
    ----------
    n_employees : int
    scenario : mapping
        The scenario, all values filled in: ``state.scenario["rules"]["restriction"]``.
    """

    def __init__(self, simulation: ExtendedSimulation) -> None:
        self._simulation = simulation

    @property
    def n_employees(self) -> int:
        """Number of staff."""
        return self._simulation.n_employees

    @property
    def day(self) -> int:
        """Working days that have ended."""
        return self._simulation.day

    @property
    def week(self) -> int:
        """The week that has just ended, or that begins, counted from 1 as in all tables."""
        return self._simulation.day // DAYS_PER_WEEK

    @property
    def scenario(self) -> Mapping[str, Any]:
        """The scenario, all values filled in."""
        return self._simulation.resolved

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of all columns."""
        return (*COLUMNS, *self._simulation.own_columns)

    def __getitem__(self, name: str) -> np.ndarray:
        simulation = self._simulation
        if name in simulation.own_columns:
            column = simulation.own_columns[name]
        elif name in COLUMNS:
            simulation.settle()
            column = simulation.table[name]
        else:
            raise KeyError(f"there is no column {name!r} of employees")
        shown: np.ndarray = column.view()
        shown.flags.writeable = False
        return shown

    def contacts(self, row: int) -> np.ndarray:
        """Return the rows of the colleagues whom an employee knows."""
        world = self._simulation.world
        shown: np.ndarray = world.neighbors[world.offsets[row] : world.offsets[row + 1]].view()
        shown.flags.writeable = False
        return shown


class ChangingState(State):
    """The organization at the beginning of a day, to look at and to change."""

    @property
    def week(self) -> int:
        """The week that the day belongs to, counted from 1 as in all tables."""
        return self._simulation.day // DAYS_PER_WEEK + 1

    def set(self, name: str, values: Any, rows: Sequence[int] | np.ndarray | None = None) -> None:
        """Write a column of employees, and what follows from it.

        Parameters
        ----------
        name : str
            A column that can be written (``sim.model.person_columns``), or one of your own.
        values : float or array
            One for all, or one for each row.
        rows : sequence of int or of bool, optional
            Whose; everybody if left out.

        Raises
        ------
        AttributeError, TypeError, ValueError
            If the column cannot be written, or a value is not allowed; then nothing is.
        """
        simulation = self._simulation
        places = np.arange(self.n_employees) if rows is None else np.arange(self.n_employees)[np.asarray(rows)]
        given = np.broadcast_to(np.asarray(values), places.shape)
        if name in simulation.own_columns:
            numbers = np.asarray(given, dtype=float)
            if not np.isfinite(numbers).all():
                raise ValueError(f"{name!r}: values must be finite numbers")
            simulation.own_columns[name][places] = numbers
            return
        has_begun = simulation.day > 0
        allowed = [checked(name, value, has_begun) for value in given.tolist()]
        for row, value in zip(places.tolist(), allowed, strict=True):
            simulation.write(name, row, value)


class Outcome(NamedTuple):
    """An outcome of one's own, where a function alone does not say enough.

    Attributes
    ----------
    function : callable
        Called with the state at the end of each week; gives a number, NaN where there is none.
    over_run : str
        What a run comes to: ``mean`` of the last 4 weeks that have a value, or ``last`` week.
    when_undefined : str
        Why the value can be missing.
    """

    function: Callable[[State], float]
    over_run: str = "mean"
    when_undefined: str = "the function of this outcome gave no number"


class Intervention:
    """Something that changes a run. Derive from it, or give a function of the same two arguments, called each week.

    Attributes
    ----------
    each : str
        ``week`` or ``day``: when `act` is called, before the first day of the week or before the day.
    """

    each = WEEKLY

    def act(self, model: ChangingState, luck: np.random.Generator) -> None:
        """Change the organization.

        Parameters
        ----------
        model : ChangingState
            To look at and to change.
        luck : Generator
            Random draws of this intervention alone, on this day: the same for all scenarios of one seed, whatever else
            draws.
        """
        raise NotImplementedError


class FromFile(NamedTuple):
    """The file that an extension was read from: its name, and what was in it."""

    name: str
    content: bytes


Columns = Mapping[str, float | Callable[..., Any]]


@dataclass(frozen=True)
class Extension:
    """What is added to the model, or replaced in it.

    Attributes
    ----------
    outcomes : mapping
        Name to a function of the state (`State`), or an `Outcome`: measured at the end of each week.
    interventions : mapping
        Name to a function of the model and of luck, or an `Intervention`.
    rules : mapping
        Name of a rule of ``sim.model.rules`` to a function of the same parameters that takes its place.
    workforce : callable, optional
        Takes the usual workforce and luck, and gives another one.
    contacts : callable, optional
        Takes the usual contacts, the workforce and luck, and gives others.
    columns : mapping
        Name to the value of everybody, or to a function of the state and of luck that gives an array.

    Raises
    ------
    InputError
        If a part is not what it must be: everything that is wrong, at once.
    """

    outcomes: Mapping[str, Callable[[State], float] | Outcome] = field(default_factory=dict)
    interventions: Mapping[str, Callable[..., None] | Intervention] = field(default_factory=dict)
    rules: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    workforce: Callable[[Workforce, np.random.Generator], Workforce] | None = None
    contacts: Callable[[Contacts, Workforce, np.random.Generator], Contacts] | None = None
    columns: Columns = field(default_factory=dict)
    file: FromFile | None = None

    def __post_init__(self) -> None:
        problems = [*self._problems()]
        if problems:
            where = self.file.name if self.file else "extension"
            raise InputError(said("refusal.with.part", where=where, what=each) for each in problems)

    def _problems(self) -> list[str]:
        found: list[str] = []
        for part in ("outcomes", "interventions", "rules", "columns"):
            if not isinstance(getattr(self, part), Mapping):
                found.append(said("refusal.with.mapping", part=part))
        if found:
            return found
        taken = {"outcomes": set(OUTCOME_NAMES), "columns": set(COLUMNS)}
        for part in ("outcomes", "columns"):
            for name in getattr(self, part):
                if not (isinstance(name, str) and name.isidentifier()) or keyword.iskeyword(name):
                    found.append(said("refusal.with.name", part=part, name=str(name)))
                elif name in taken[part]:
                    found.append(said("refusal.with.taken", part=part, name=name))
        for name, given in self.outcomes.items():
            function = given.function if isinstance(given, Outcome) else given
            if not callable(function):
                found.append(said("refusal.with.function", part="outcomes", name=name))
            if isinstance(given, Outcome) and given.over_run not in ("mean", "last"):
                found.append(said("refusal.with.over_run", name=name))
        for name, each in self.interventions.items():
            if not callable(each) and not isinstance(each, Intervention):
                found.append(said("refusal.with.function", part="interventions", name=str(name)))
            elif isinstance(each, type):
                found.append(said("refusal.with.made", name=str(name), kind=each.__name__))
            elif when_of(each) not in (DAILY, WEEKLY):
                found.append(said("refusal.with.each", name=str(name)))
        for part in ("workforce", "contacts"):
            if getattr(self, part) is not None and not callable(getattr(self, part)):
                found.append(said("refusal.with.function", part=part, name=part))
        return [*found, *_problems_of_rules(self.rules)]

    def __bool__(self) -> bool:
        return any(getattr(self, part) for part in PARTS)

    @property
    def name(self) -> str:
        """What to call it: the name of its file, or that it was put together in Python."""
        return self.file.name if self.file else "Python"

    @cached_property
    def digest(self) -> str:
        """SHA-256 of everything that its functions can be made from; empty if there is nothing in it."""
        if not self:
            return ""
        if self.file is not None:
            return hashlib.sha256(self.file.content).hexdigest()
        digest = hashlib.sha256()
        for part in PARTS:
            given = getattr(self, part)
            named = given.items() if isinstance(given, Mapping) else [(part, given)]
            for name, each in named:
                if each is None:
                    continue
                digest.update(f"{part} {name}\0".encode())
                digest.update(_content_of(each))
        return digest.hexdigest()

    def facts(self) -> dict[str, Any]:
        """Return what a manifest says of it."""
        parts = {part: sorted(getattr(self, part)) for part in ("outcomes", "interventions", "rules", "columns")}
        made = [part for part in ("workforce", "contacts") if getattr(self, part) is not None]
        named = {name: values for name, values in {**parts, "organization": made}.items() if values}
        return {"file": self.name, "sha256": self.digest, **named}

    def refuse_unless_sendable(self, to_other_machines: bool = False) -> None:
        """Refuse an extension that other processes could not be given.

        Raises
        ------
        InputError
            If it holds what cannot be found by its name there.
        """
        if self.file is not None or not self:
            return
        try:
            content = pickle.dumps(self)
        except (pickle.PicklingError, AttributeError, TypeError) as error:
            raise InputError(said("refusal.with.send", reason=str(error))) from None
        if to_other_machines and b"__main__" in content:
            raise InputError(said("refusal.with.send", reason="__main__"))

    def __deepcopy__(self, memo: Any) -> Extension:
        return self  # nothing of it changes

    def __reduce__(self) -> Any:
        """Let it travel: a file by its content, so that it need not be where the other process is."""
        if self.file is not None:
            return _from_content, (self.file.name, self.file.content)
        return _from_parts, ({part.name: getattr(self, part.name) for part in fields(self) if part.name != "file"},)


def _from_parts(parts: Mapping[str, Any]) -> Extension:
    return Extension(**parts)


def when_of(intervention: Any) -> str:
    """Return ``day`` or ``week``: how often an intervention acts."""
    return str(getattr(intervention, "each", WEEKLY))


def _problems_of_rules(rules: Mapping[str, Any]) -> list[str]:
    found: list[str] = []
    known = rules_that_are() if rules else {}
    for name, mine in rules.items():
        if name not in known:
            found.append(said("refusal.with.no_rule", name=str(name), hint=did_you_mean(name, known)))
            continue
        if not callable(mine):
            found.append(said("refusal.with.function", part="rules", name=name))
            continue
        wanted = list(inspect.signature(known[name]).parameters)
        try:
            inspect.signature(mine).bind(*wanted)
        except (TypeError, ValueError):
            found.append(said("refusal.with.parameters", name=name, names=", ".join(wanted)))
    return found


def _content_of(given: Any) -> bytes:
    """Return what a part is made from: the whole file of a function, where there is one, since it may use any of it."""
    if isinstance(given, int | float | np.number):
        return repr(float(given)).encode()
    if isinstance(given, Outcome):
        return f"{given.over_run} {given.when_undefined}\0".encode() + _content_of(given.function)
    maker = given if inspect.isfunction(given) else type(given)
    values = b"" if maker is given else repr(sorted(getattr(given, "__dict__", {}).items())).encode()
    try:
        return values + Path(str(inspect.getsourcefile(maker))).read_bytes()
    except (OSError, TypeError):
        pass
    try:
        return values + inspect.getsource(maker).encode()
    except (OSError, TypeError):
        return values + (marshal.dumps(given.__code__) if inspect.isfunction(given) else repr(maker).encode())


# One file, read as a module that nobody else can import: what it means is in the file alone, and so in its hash.


def read_extension(file: str | Path) -> Extension:
    """Return the extension in a Python file: the names of `PARTS` that it defines.

    Raises
    ------
    InputError
        If the file cannot be read or run, or defines none of them.
    """
    path = Path(file)
    try:
        content = regular_content(path)
    except OSError as error:
        raise InputError(said("refusal.with.unreadable", file=path, reason=error.strerror or str(error))) from None
    return _from_content(path.name, content, str(path))


_READ: dict[tuple[str, bytes], Extension] = {}


def _from_content(name: str, content: bytes, shown: str | None = None) -> Extension:
    """Return the extension that the content of a file makes; read once in a process."""
    key = (name, content)
    if key not in _READ:
        _READ[key] = _run(name, content, shown or name)
    return _READ[key]


def _run(name: str, content: bytes, shown: str) -> Extension:
    module = ModuleType(f"intranet_sim_with_{hashlib.sha256(content).hexdigest()[:16]}")
    module.__file__ = shown
    sys.modules[module.__name__] = module  # for dataclasses and the like, which look there
    try:
        exec(compile(content, shown, "exec"), vars(module))
    except SyntaxError as error:
        where = f"{shown}:{error.lineno or 1}:{error.offset or 1}"
        raise InputError(said("refusal.with.part", where=where, what=str(error.msg))) from None
    except Exception as error:  # whatever its author has made of it
        line = _line_in(error, shown)
        reason = f"{type(error).__name__}: {error}"
        key = "refusal.with.alone" if isinstance(error, ModuleNotFoundError) else "refusal.with.part"
        raise InputError(said(key, where=f"{shown}:{line}", what=reason)) from None
    defined = {part: vars(module)[part] for part in PARTS if part in vars(module)}
    near = [each for each in vars(module) if not each.startswith("_") and f"{each}s" in PARTS]
    if near:
        raise InputError(said("refusal.with.near", where=shown, name=near[0], meant=f"{near[0]}s"))
    if not any(defined.values()):
        raise InputError(said("refusal.with.nothing", file=shown, names=", ".join(PARTS)))
    return Extension(**defined, file=FromFile(name, content))


def _line_in(error: BaseException, file: str) -> int:
    """Return the last line of a file that an error passed through."""
    line, trace = 1, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == file:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def extension_from(given: Extension | str | Path | None, parts: Mapping[str, Any]) -> Extension | None:
    """Return the extension that a function was given, whole or in parts; None where there is nothing in it.

    Raises
    ------
    TypeError
        If it is given in both ways, or there is no such part.
    """
    unknown = [name for name in parts if name not in PARTS]
    if unknown:
        raise TypeError(f"there is no {unknown[0]!r}{did_you_mean(unknown[0], PARTS)}")
    if given is not None and parts:
        raise TypeError("give an extension, or its parts, not both")
    if isinstance(given, str | Path):
        return read_extension(given)
    found = Extension(**parts) if given is None else given
    return found or None
