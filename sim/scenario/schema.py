"""The scenario as a frozen, typed object. Defaults and limits come from the parameter registry.

The classes name each key once more, with its type, so that editors and type checkers know them; a test compares
them with the registry in both directions. What a key may hold, and what is held of it, ``grammar`` says; what no single
key can tell, ``contradictions``. It needs nothing but the standard library: the page in a browser uses it too.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import FrozenInstanceError
from typing import TYPE_CHECKING, Any, ClassVar

from sim.catalog.registry import CHANGEABLE, COEFFICIENTS, PRESETS
from sim.scenario.contradictions import FRAMING, contradictions, is_profile
from sim.scenario.grammar import FORMS, WAVES, Group, wrong_values
from sim.scenario.places import Problem, ScenarioError, dotted


class Section:
    """A group of keys with their values, all of them right by themselves; it cannot be changed.

    Parameters
    ----------
    **values
        Values of some keys; the others have their defaults. Groups are mappings, or such objects.

    Raises
    ------
    TypeError
        If the group does not have such a key.
    """

    _fields: ClassVar[tuple[str, ...]] = ()
    _makers: ClassVar[dict[str, Callable[[Any], Any]]] = {}
    _defaults: ClassVar[dict[str, Any]] = {}

    def __init_subclass__(cls, at: str) -> None:
        group = FORMS[at]
        assert isinstance(group, Group)
        own = tuple(name for name in inspect.get_annotations(cls) if not name.startswith("_"))
        cls._fields = own or tuple(group.forms)
        cls._makers = {name: group.forms[name].made for name in cls._fields}
        cls._defaults = {name: group.forms[name].made(group.forms[name].default) for name in cls._fields}
        group.section = cls

    def __init__(self, **values: Any) -> None:
        made = dict(self._defaults)
        for name, value in values.items():
            if name not in made:
                raise TypeError(f"{type(self).__name__} has no {name!r}")
            made[name] = self._makers[name](value)
        self.__dict__.update(made, _given=frozenset(values))

    def as_dict(self) -> dict[str, Any]:
        """Return the values as plain ones that JSON can hold."""
        return {name: _plain(self.__dict__[name]) for name in self._fields}

    def __setattr__(self, name: str, value: Any) -> None:
        raise FrozenInstanceError(f"a scenario is frozen: {name!r} cannot be set; make another one")

    def __delattr__(self, name: str) -> None:
        raise FrozenInstanceError(f"a scenario is frozen: {name!r} cannot be taken away; make another one")

    def _values(self) -> tuple[Any, ...]:
        return tuple(self.__dict__[name] for name in self._fields)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Section) and type(other) is type(self) and self._values() == other._values()

    def __hash__(self) -> int:
        return hash((type(self), self._values()))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={self.__dict__[name]!r}' for name in self._fields)})"


def _plain(value: Any) -> Any:
    if isinstance(value, Section):
        return value.as_dict()
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return dict(value) if isinstance(value, dict) else value


class Contacts(Section, at="organization.contacts"):
    """Contacts beyond the own team."""

    department: float
    across: float
    everyone: bool


class Staff(Section, at="organization.staff"):
    """The organization's own staff file, and how it is to be read."""

    file: str | None
    columns: dict[str, str | None] | None
    date: str | None
    deskless: str
    profile: str
    contacts: str | None


class Organization(Section, at="organization"):
    """Who works there and who knows whom."""

    employees: int
    departments: int
    workforce: str
    sector: str
    remote_share: float | None
    trust: float
    staff: Staff
    contacts: Contacts


class Platform(Section, at="platform"):
    """What the product lets people do."""

    following: str
    integration: float
    communities: int
    feed_length: int


class Framing(Section, at=FRAMING):
    """What the launch says that the platform is for, in numbers; the three shares sum to 1."""

    social: float
    collaboration: float
    broadcast: float
    association: float
    clarity: float

    @classmethod
    def preset(cls, name: str) -> Framing:
        """Return the numbers of a preset.

        Raises
        ------
        KeyError
            If there is no preset of this name.
        """
        return cls(**PRESETS[name]._asdict())


class Campaign(Section, at="launch.campaign"):
    """The launch campaign."""

    weeks: int
    reach: float


class Waves(Section, at=WAVES):
    """A launch department by department."""

    pilot: tuple[int | str, ...]
    every_weeks: int


class Champions(Section, at="launch.champions"):
    """Colleagues asked to set the example."""

    share: float
    choose: str


class Launch(Section, at="launch"):
    """How the platform is introduced. `waves` is the word ``all_at_once`` or the numbers."""

    framing: Framing
    campaign: Campaign
    waves: Waves | str
    training: float
    champions: Champions
    wording: str
    mandate: float


class Rules(Section, at="rules"):
    """Rules of use, by kind."""

    restriction: float
    guidance: float
    work_only: bool
    moderation: bool


class Leadership(Section, at="leadership"):
    """What directors and managers do and reward."""

    participation: float
    support: float
    appraisal: float
    announcements: float


class Run(Section, at="run"):
    """How long, how often, with what luck."""

    weeks: int
    replications: int
    seed: int
    critical_share: float


class Behavior(Section, at="behavior"):
    """Coefficients of behavior, one attribute each; they are many and listed in the registry alone."""

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> float: ...


class Constants(Section, at="constants"):
    """Numbers of behavior that are fixed, one attribute each."""

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> float: ...


class ChangedKeys:
    """New values of some keys, each written with its dotted path; a framing as the numbers that are given."""

    def __init__(self, **values: Any) -> None:
        self._new = {
            entry.path: _changed(entry.path, values[entry.path]) for entry in CHANGEABLE if entry.path in values
        }

    def as_dict(self) -> dict[str, Any]:
        """Return the new values by dotted key, a framing as its numbers."""
        return {key: _plain(value) for key, value in self._new.items()}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ChangedKeys) and self._new == other._new

    def __hash__(self) -> int:
        return hash(repr(self))

    def __repr__(self) -> str:
        return f"ChangedKeys({', '.join(f'{key}={value!r}' for key, value in self._new.items())})"


def _changed(path: str, value: Any) -> Any:
    """Return a new value: of a framing in numbers those that are given, the others stay in force."""
    made = FORMS[path].made(value)
    if path != FRAMING:
        return made
    return {name: number for name, number in made.as_dict().items() if isinstance(value, str) or name in value}


_SETTINGS = FORMS["changes[].set"]
assert isinstance(_SETTINGS, Group)
_SETTINGS.section = ChangedKeys


class Change(Section, at="changes[]"):
    """A change during the run, in effect after `week` weeks, for everybody or for some departments."""

    week: int
    departments: tuple[int | str, ...] | None
    set: ChangedKeys

    def as_dict(self) -> dict[str, Any]:
        """Return the change as plain values; departments only where some are named."""
        named = {} if self.departments is None else {"departments": list(self.departments)}
        return {"week": self.week, **named, "set": self.set.as_dict()}


class Scenario(Section, at=""):
    """One launch in one organization: everything that a run needs to know.

    Raises
    ------
    ScenarioError
        If a key or value is not allowed, or two cannot hold together; it lists every problem. Of a file,
        `sim.scenario.load_scenario` raises it with line and column.

    Examples
    --------
    >>> Scenario().organization.employees
    1000
    >>> Scenario(launch={"framing": "like_facebook"}).launch.framing.social
    0.8
    """

    name: str
    description: str
    organization: Organization
    platform: Platform
    launch: Launch
    rules: Rules
    leadership: Leadership
    changes: tuple[Change, ...]
    behavior: Behavior
    constants: Constants
    run: Run

    def __init__(self, **values: Any) -> None:
        wrong = [(one.path, one.message) for one in wrong_values(_as_written(values), takes_files=True)]
        if not wrong:
            super().__init__(**values)
            wrong = [(one.path, one.message) for one in contradictions(self)]
        if wrong:
            raise ScenarioError(Problem("scenario", None, None, dotted(path), message) for path, message in wrong)

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Scenario:
        """Return the scenario of values that are right by themselves; whether they can hold together is not checked."""
        scenario = cls.__new__(cls)
        Section.__init__(scenario, **values)
        return scenario

    def own_coefficients(self) -> tuple[str, ...]:
        """Return the dotted keys of the coefficients of behavior that were given, whatever their values.

        They stay as set in every plausible world. What was given is known of a scenario, not of its resolved values:
        in one that was made from `resolved` every coefficient was given.
        """
        given = self.behavior.__dict__["_given"]
        return tuple(entry.path for entry in COEFFICIENTS if entry.name in given)

    def own_settings(self, keys: Iterable[str]) -> tuple[str, ...]:
        """Return those of some keys that files of one's own or options set, whatever their values."""
        return tuple(key for key in keys if key in self.__dict__.get("_own", ()))

    def resolved(self) -> dict[str, Any]:
        """Return every value as a nested plain dict that JSON can hold; the simulation sees nothing else.

        A framing is its five numbers, also under ``changes``, which are in the order of their weeks. There is
        no ``extends``. `scenario_from_mapping` of the result is an equal scenario.
        """
        plain = self.as_dict()
        if is_profile(self):
            del plain["organization"]["staff"]  # nothing is to be said of a file that is not there
        del plain["changes"]
        in_order = sorted(self.changes, key=lambda change: change.week)
        plain["changes"] = [change.as_dict() for change in in_order]
        return plain


def _as_written(values: Any) -> Any:
    """Return values as they could stand in a file, where objects stand in the place of groups."""
    if isinstance(values, Section):
        return values.as_dict()
    if isinstance(values, Mapping):
        return {key: _as_written(value) for key, value in values.items()}
    return [_as_written(one) for one in values] if isinstance(values, list | tuple) else values
