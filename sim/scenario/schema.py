"""The scenario as a frozen, typed object. Defaults, ranges and descriptions come from the parameter registry.

The classes name each key once more, with its type, so that editors and type checkers know them; a test
compares them with the registry in both directions. What no single key can tell is checked in
``contradictions``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationInfo,
    create_model,
    model_validator,
)
from pydantic_core import PydanticCustomError

from sim.scenario.coefficients import COEFFICIENTS, CONSTANTS
from sim.scenario.contradictions import contradictions, is_profile
from sim.scenario.framing import DEFAULT_PRESET, PRESETS, shares_sum_to_one
from sim.scenario.parameters import parameter
from sim.scenario.registry import Parameter
from sim.scenario.structure import CHANGE_DEPARTMENTS, CHANGE_WEEK, CHANGEABLE, NAME_LENGTH, TOP_LEVEL, is_valid_name
from sim.scenario.walk import framing_form, is_department, shares_message
from sim.scenario.wording import shown
from sim.texts.said import said

FIELDS_ONLY = {"fields_only": True}
"""Validation context under which contradictions between keys are left to the caller."""

ALL_AT_ONCE = parameter("launch.waves").default
_TYPES: dict[str, type] = {"float": float, "int": int, "bool": bool, "choice": str, "text": str}


def _limits(entry: Parameter) -> dict[str, Any]:
    """Return the arguments of ``pydantic.Field`` that hold a value to the registry."""
    if entry.kind == "choice":
        # Choices are plain words, so that they stand for themselves in a pattern.
        return {"description": entry.meaning, "pattern": f"^(?:{'|'.join(entry.choices)})$"}
    return {"description": entry.meaning, "ge": entry.low, "le": entry.high}


def registered(path: str) -> Any:
    """Return the field of one registered key."""
    entry = parameter(path)
    return Field(default=entry.default, **_limits(entry))


def required(path: str) -> Any:
    """Return the field of a registered key that has no default in the place where it stands."""
    return Field(**_limits(parameter(path)))


def _refusal(kind: str, message: str) -> PydanticCustomError:
    """Return an error of our own; the message is a value, since the template has no way to write a brace."""
    return PydanticCustomError(kind, "{message}", {"message": message})


def own_words(error: Any) -> str:
    """Return the message of one of pydantic's errors, for an error of our own as it was made."""
    return str(error["msg"]) if "message" not in error.get("ctx", {}) else error["ctx"]["message"]


def _list_as_tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


class Section(BaseModel):
    """A group of keys: frozen, strict about types, without unknown keys, without NaN and infinity."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", allow_inf_nan=False)


class Contacts(Section):
    """Contacts beyond the own team."""

    department: float = registered("organization.contacts.department")
    across: float = registered("organization.contacts.across")
    everyone: bool = registered("organization.contacts.everyone")


class Staff(Section):
    """The organization's own staff file, and how it is to be read."""

    file: str | None = registered("organization.staff.file")
    columns: dict[str, str | None] | None = registered("organization.staff.columns")
    date: str | None = registered("organization.staff.date")
    deskless: str = registered("organization.staff.deskless")
    profile: str = registered("organization.staff.profile")


class Organization(Section):
    """Who works there and who knows whom."""

    employees: int = registered("organization.employees")
    departments: int = registered("organization.departments")
    workforce: str = registered("organization.workforce")
    sector: str = registered("organization.sector")
    remote_share: float | None = registered("organization.remote_share")
    trust: float = registered("organization.trust")
    staff: Staff = Field(default_factory=Staff)
    contacts: Contacts = Field(default_factory=Contacts)


class Platform(Section):
    """What the product lets people do."""

    following: str = registered("platform.following")
    integration: float = registered("platform.integration")
    communities: int = registered("platform.communities")
    feed_length: int = registered("platform.feed_length")


class Framing(Section):
    """What the launch says that the platform is for, in numbers; the three shares sum to 1."""

    social: float = required("launch.framing.social")
    collaboration: float = required("launch.framing.collaboration")
    broadcast: float = required("launch.framing.broadcast")
    association: float = registered("launch.framing.association")
    clarity: float = registered("launch.framing.clarity")

    @model_validator(mode="after")
    def _is_whole(self) -> Framing:
        if shares_sum_to_one(self.social, self.collaboration, self.broadcast):
            return self
        raise _refusal("framing_sum", shares_message(self.social, self.collaboration, self.broadcast))

    @classmethod
    def preset(cls, name: str) -> Framing:
        """Return the numbers of a preset.

        Raises
        ------
        KeyError
            If there is no preset of this name.
        """
        return cls(**PRESETS[name]._asdict())


def _framing_from_preset(value: Any) -> Any:
    """Put the numbers in the place of a preset's name, and refuse what is neither."""
    if isinstance(value, str) and value in PRESETS:
        return Framing.preset(value)
    if isinstance(value, (dict, Framing)):
        return value
    raise _refusal("framing", framing_form(value))


FramingField = Annotated[Framing, BeforeValidator(_framing_from_preset)]


class Campaign(Section):
    """The launch campaign."""

    weeks: int = registered("launch.campaign.weeks")
    reach: float = registered("launch.campaign.reach")


def _department(value: Any) -> Any:
    """Return a department as a number from 0, or as its name in a staff file."""
    if not is_department(value):
        raise _refusal("department", said("refusal.department_number", value=shown(value)))
    return value


Departments = Annotated[tuple[Annotated[int | str, BeforeValidator(_department)], ...], BeforeValidator(_list_as_tuple)]


class Waves(Section):
    """A launch department by department."""

    pilot: Departments = Field(
        default=parameter("launch.waves.pilot").default,
        min_length=1,
        description=parameter("launch.waves.pilot").meaning,
    )
    every_weeks: int = registered("launch.waves.every_weeks")


class Champions(Section):
    """Colleagues asked to set the example."""

    share: float = registered("launch.champions.share")
    choose: str = registered("launch.champions.choose")


# The tags of the two forms of `launch.waves` turn up in the paths of errors; the brackets tell them from
# keys.
_IN_WAVES, _AT_ONCE = "<in waves>", "<at once>"


def _form_of_waves(value: Any) -> str:
    return _IN_WAVES if isinstance(value, (dict, Waves)) else _AT_ONCE


class Launch(Section):
    """How the platform is introduced. `waves` is the word ``all_at_once`` or the numbers."""

    framing: FramingField = Field(
        default_factory=lambda: Framing.preset(DEFAULT_PRESET),
        description=parameter("launch.framing").meaning,
    )
    campaign: Campaign = Field(default_factory=Campaign)
    waves: Annotated[
        Annotated[Waves, Tag(_IN_WAVES)] | Annotated[str, Field(pattern=f"^{ALL_AT_ONCE}$"), Tag(_AT_ONCE)],
        Discriminator(_form_of_waves),
    ] = Field(default=ALL_AT_ONCE, description=parameter("launch.waves").meaning)
    training: float = registered("launch.training")
    champions: Champions = Field(default_factory=Champions)
    wording: str = registered("launch.wording")
    mandate: float = registered("launch.mandate")


class Rules(Section):
    """Rules of use, by kind."""

    restriction: float = registered("rules.restriction")
    guidance: float = registered("rules.guidance")
    work_only: bool = registered("rules.work_only")
    moderation: bool = registered("rules.moderation")


class Leadership(Section):
    """What directors and managers do and reward."""

    participation: float = registered("leadership.participation")
    support: float = registered("leadership.support")
    appraisal: float = registered("leadership.appraisal")
    announcements: float = registered("leadership.announcements")


class Run(Section):
    """How long, how often, with what luck."""

    weeks: int = registered("run.weeks")
    replications: int = registered("run.replications")
    seed: int = registered("run.seed")
    critical_share: float = registered("run.critical_share")


if TYPE_CHECKING:

    class Behavior(Section):
        """Coefficients of behavior, one attribute each."""

        def __getattr__(self, name: str) -> float: ...

    class Constants(Section):
        """Numbers of behavior that are fixed, one attribute each."""

        def __getattr__(self, name: str) -> float: ...

else:
    # The coefficients are many and listed in the registry alone.
    Behavior = create_model(
        "Behavior",
        __base__=Section,
        __module__=__name__,
        __doc__="Coefficients of behavior, one attribute each.",
        **{entry.name: (_TYPES[entry.kind], registered(entry.path)) for entry in COEFFICIENTS},
    )
    Constants = create_model(
        "Constants",
        __base__=Section,
        __module__=__name__,
        __doc__="Numbers of behavior that are fixed, one attribute each.",
        **{entry.name: (_TYPES[entry.kind], registered(entry.path)) for entry in CONSTANTS},
    )


def _changed_field(entry: Parameter) -> tuple[Any, Any]:
    """Return type and field of a key under ``changes[].set``: as in the scenario, but only there if given."""
    if entry.path == "launch.framing":
        return FramingField, Field(default=None, alias=entry.path)
    return _TYPES[entry.kind], Field(default=None, alias=entry.path, **_limits(entry))


_ChangedKeys = create_model(  # type: ignore[call-overload]
    "_ChangedKeys",
    __base__=Section,
    __module__=__name__,
    **{entry.path.replace(".", "__"): _changed_field(entry) for entry in CHANGEABLE},
)


class ChangedKeys(_ChangedKeys):  # type: ignore[misc, valid-type]
    """New values of some keys, each written with its dotted path."""

    @model_validator(mode="after")
    def _changes_something(self) -> ChangedKeys:
        if not self.model_fields_set:
            raise _refusal("nothing_set", said("refusal.sets_nothing"))
        return self

    def __repr_args__(self) -> Iterator[tuple[str, Any]]:
        yield from self.as_dict().items()

    def as_dict(self) -> dict[str, Any]:
        """Return the new values by dotted key, a framing as its five numbers."""
        return dict(self.model_dump(mode="json", by_alias=True, exclude_unset=True))


class Change(Section):
    """A change during the run, in effect after `week` weeks."""

    week: int = Field(description=CHANGE_WEEK.meaning, ge=CHANGE_WEEK.low)
    departments: Departments | None = Field(default=None, min_length=1, description=CHANGE_DEPARTMENTS)
    set: ChangedKeys = Field(description="Dotted keys and their new values.")

    def as_dict(self) -> dict[str, Any]:
        """Return the change as plain values; departments only where some are named."""
        named = {} if self.departments is None else {"departments": list(self.departments)}
        return {"week": self.week, **named, "set": self.set.as_dict()}


def _refuse_unusable_name(name: str) -> str:
    if not is_valid_name(name):
        raise _refusal(
            "name",
            said("refusal.scenario_name", length=NAME_LENGTH, value=shown(name)),
        )
    return name


class Scenario(Section):
    """One launch in one organization: everything that a run needs to know.

    Raises
    ------
    pydantic.ValidationError
        If a value is not allowed. `sim.scenario.load_scenario` and `sim.scenario.scenario_from_mapping` raise
        a `ScenarioError` with file, line and column instead.

    Examples
    --------
    >>> Scenario().organization.employees
    1000
    >>> Scenario(launch={"framing": "like_facebook"}).launch.framing.social
    0.8
    """

    name: Annotated[str, AfterValidator(_refuse_unusable_name)] = Field(
        default="scenario", description=TOP_LEVEL["name"]
    )
    description: str = Field(default="", description=TOP_LEVEL["description"])
    organization: Organization = Field(default_factory=Organization)
    platform: Platform = Field(default_factory=Platform)
    launch: Launch = Field(default_factory=Launch)
    rules: Rules = Field(default_factory=Rules)
    leadership: Leadership = Field(default_factory=Leadership)
    changes: Annotated[tuple[Change, ...], BeforeValidator(_list_as_tuple)] = Field(
        default=(), description=TOP_LEVEL["changes"]
    )
    behavior: Behavior = Field(default_factory=Behavior)
    constants: Constants = Field(default_factory=Constants)
    run: Run = Field(default_factory=Run)

    @model_validator(mode="after")
    def _does_not_contradict_itself(self, info: ValidationInfo) -> Scenario:
        if info.context is FIELDS_ONLY:
            return self
        found = contradictions(self)
        if found:
            raise _refusal("contradiction", "; ".join(str(one) for one in found))
        return self

    def own_coefficients(self) -> tuple[str, ...]:
        """Return the dotted keys of the coefficients of behavior that were given, whatever their values.

        They stay as set in every plausible world. What was given is known of a scenario, not of its resolved values:
        in one that was made from `resolved` every coefficient was given.
        """
        given = self.behavior.model_fields_set
        return tuple(entry.path for entry in COEFFICIENTS if entry.name in given)

    def resolved(self) -> dict[str, Any]:
        """Return every value as a nested plain dict that JSON can hold; the simulation sees nothing else.

        A framing is its five numbers, also under ``changes``, which are in the order of their weeks. There is
        no ``extends``. `scenario_from_mapping` of the result is an equal scenario.
        """
        plain = self.model_dump(mode="json", exclude={"changes"})
        if is_profile(self):
            del plain["organization"]["staff"]  # nothing is to be said of a file that is not there
        in_order = sorted(self.changes, key=lambda change: change.week)
        plain["changes"] = [change.as_dict() for change in in_order]
        return plain
