"""An employee as a Mesa agent: a live view of one row of the table of employees."""

from __future__ import annotations

import difflib
import inspect
from typing import TYPE_CHECKING, Any

import mesa

from sim.model.person_columns import FOLLOWING, checked
from sim.model.state import DAYS_PER_WEEK, PERSON

if TYPE_CHECKING:
    from sim.model.face import IntranetModel
    from sim.model.why.explanation import WeekExplained

LEVELS = ("staff", "team lead", "middle manager", "executive")
FRAME = ("frame_social", "frame_collaboration", "frame_broadcast")


class Employee(mesa.Agent):
    """One employee; every column of the state is an attribute that can be read and written.

    Attributes
    ----------
    row : int
        Position in the arrays, 0 to N - 1 (Mesa's ``unique_id`` is ``row + 1``).
    age, tenure : float
        Years.
    leisure_experience, professional_experience, segmentation, remote_share, trust, expertise : float
        0 to 1.
    frame_social, frame_collaboration, frame_broadcast : float
        Counts of the three meanings; see also `frame_shares`.
    habit, contact_activity, feedback, cohesion : float
        0 to 1.
    last_read, last_post, last_active : int
        Day, or a day long before the launch if never.

    The other columns are documented where they are defined, in ``sim.model.state.PERSON``. Names and ranges are
    checked when
    an attribute is written (``sim.model.person_columns``), and what follows from it follows: belonging from casual
    contact
    from ``remote_share`` and ``tenure``, say, or, before the first day, the frame formed at the announcement from
    ``leisure_experience``. Attributes that follow from others, and records, can only be read.

    Attributes of one's own are declared in a subclass, which a subclass of the model names as its `employee_class`.

    Examples
    --------
    >>> from sim import IntranetModel, load_scenario
    >>> class Moody(Employee):
    ...     mood: float = 0.5
    >>> class MoodyModel(IntranetModel):
    ...     employee_class = Moody
    >>> model = MoodyModel(load_scenario("baseline", ["organization.employees=40"]), rng=1)
    >>> model.agents.set("mood", 0.75).agg("mood", max)
    0.75
    """

    model: IntranetModel

    def __init__(self, model: IntranetModel, row: int) -> None:
        model.refuse_more_employees(row)
        super().__init__(model)
        self.row = row
        object.__setattr__(self, "unique_id", row + 1)  # also where Mesa has counted agents that were refused

    def __setattr__(self, name: str, value: Any) -> None:
        """Write a column, or an attribute that a subclass has declared."""
        cls = type(self)
        found = getattr(cls, name, None)
        if isinstance(found, _Column) or name in _NOT_AGAIN:
            if isinstance(found, _Column):
                found.write(self, value)
            elif vars(self).get(name) is None:
                object.__setattr__(self, name, value)
            else:
                raise AttributeError(f"{name!r} of an employee can only be read")
        elif name in vars(Employee):
            raise AttributeError(f"{name!r} of an employee can only be read")
        elif name in _own_columns(self):
            _own_columns(self)[name][self.row] = float(value)
        elif name == "pos" or name.startswith("_") or _is_declared(cls, name):
            object.__setattr__(self, name, value)
        else:
            raise AttributeError(
                f"{_unknown(self, name)}; attributes of your own are declared in a subclass of Employee, which a"
                " subclass of IntranetModel names: employee_class = ..."
            )

    def __repr__(self) -> str:
        level = LEVELS[self.level]
        return f"<{type(self).__name__} {self.row}: {level} in department {self.department}, {self.n_posts} posts>"

    def __copy__(self) -> Employee:
        raise TypeError("an employee is a view of one row of the model: copy the model with copy.deepcopy")

    def remove(self) -> None:
        """Refuse: staff are the same throughout a run."""
        raise NotImplementedError(NO_FEWER)

    def step(self) -> None:
        """Refuse: a day is one for all. A subclass may have a step of its own."""
        raise NotImplementedError("an employee has no step of its own: model.step() is a day of everybody")

    def advance(self) -> None:
        """Refuse: a day is one for all."""
        raise NotImplementedError("an employee has no step of its own: model.step() is a day of everybody")

    @classmethod
    def create_agents(cls, *arguments: Any, **options: Any) -> Any:
        """Refuse: the model makes its employees itself."""
        raise NotImplementedError(NO_MORE)

    @classmethod
    def from_dataframe(cls, *arguments: Any, **options: Any) -> Any:
        """Refuse: the model makes its employees itself."""
        raise NotImplementedError(NO_MORE)

    @property
    def frame_shares(self) -> tuple[float, float, float]:
        """What the platform is for in the eyes of this employee: social, collaboration, broadcast; they add up to 1."""
        counts = (self.frame_social, self.frame_collaboration, self.frame_broadcast)
        total = sum(counts)
        return counts[0] / total, counts[1] / total, counts[2] / total

    @property
    def n_posts(self) -> int:
        """Posts of any kind so far."""
        return int(self.n_work_posts + self.n_questions + self.n_social_posts)

    @property
    def interests(self) -> tuple[int, int, int]:
        """The three topics of interest."""
        first, second, third = self.model.simulation.world.interests[self.row]
        return int(first), int(second), int(third)

    @property
    def contacts(self) -> list[Employee]:
        """The colleagues this employee knows."""
        world = self.model.simulation.world
        first, last = world.offsets[self.row], world.offsets[self.row + 1]
        return [self.model.employee(int(j)) for j in world.neighbors[first:last]]

    @property
    def boss(self) -> Employee | None:
        """The manager, None at the top (attribute ``manager`` is the manager's row, -1 if none)."""
        return self.model.employee(self.manager) if self.manager >= 0 else None

    def explain(self, week: int) -> WeekExplained:
        """Explain what this employee decided in `week` (counted from 1).

        The week is run again from the start with the same seed, so that the model itself stays as it is. What was
        written before the first day is written again.

        Raises
        ------
        ValueError
            If attributes were written after the first day and before the end of that week: the weeks run again would be
            others than those of this model.
        """
        from sim.model.why.explanation import explain_week

        if self.model.extension is not None and self.model.extension.rules:
            raise NotImplementedError("the rules of this model are others than those that can be explained")
        fresh, here = self.model.fresh_simulation(), self.model.simulation
        later = here.day_of_later_write
        if later is not None and later < week * DAYS_PER_WEEK:
            raise ValueError(f"attributes were written on day {later}: week {week} cannot be run again as it was")
        for (name, row), value in here.first_writes.items():
            fresh.write(name, row, value)
        return explain_week(fresh, self.row, week)

    # The columns of the state become properties below; this keeps type checkers content.
    def __getattr__(self, name: str) -> Any:
        if name in _own_columns(self):
            return _own_columns(self)[name].item(self.row)
        raise AttributeError(_unknown(self, name))


_NOT_AGAIN = {"row", "model", "unique_id"}
NO_MORE = "the employees of a model are those of its scenario, or of the `workforce` given to it; none can be added"
NO_FEWER = "employees cannot be removed: contacts and reporting lines are fixed. Nothing was done"


def _own_columns(employee: Employee) -> Any:
    """Return the columns that an extension adds; none while an employee is being made."""
    model = vars(employee).get("model")
    return {} if model is None else getattr(model.simulation, "own_columns", {})


def _unknown(employee: Employee, name: str) -> str:
    cls = type(employee)
    names = {*dir(cls), *vars(employee)}
    near = difflib.get_close_matches(name, [known for known in names if not known.startswith("_")], n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    return f"{cls.__name__!r} has no attribute {name!r}{hint}"


def _is_declared(cls: type, name: str) -> bool:
    """Say whether a subclass of `Employee`, or a class mixed in, has or announces an attribute."""
    return any(
        name in vars(base) or name in inspect.get_annotations(base)
        for base in cls.__mro__
        if base not in Employee.__mro__
    )


class _Column(property):
    """A column of the state as an attribute: read and written in the row of the employee."""

    def __init__(self, name: str) -> None:
        def read(employee: Employee) -> float | int:
            simulation = employee.model.simulation
            if name in FOLLOWING:
                simulation.settle()
            value: float | int = simulation.table[name].item(employee.row)
            return value

        super().__init__(read, doc=f"Column {name!r} of the state.")
        self._name = name

    def write(self, employee: Employee, value: Any) -> None:
        """Check a value and write it."""
        name, simulation = self._name, employee.model.simulation
        number = checked(name, value, has_begun=simulation.day > 0)
        if name == "manager" and (number >= simulation.n_employees or number == employee.row):
            raise ValueError(f"'manager' must be the row of somebody else, or -1 for nobody; is {value!r}")
        if name == "expertise_topic" and number not in employee.interests:
            raise ValueError(f"'expertise_topic' must be one of the interests {employee.interests}, is {value!r}")
        if number == 0.0 and name in FRAME and not any(getattr(employee, other) for other in FRAME if other != name):
            raise ValueError(f"{name!r} must be more than 0 while the other two meanings are 0")
        simulation.write(name, employee.row, number)


for _name, _type in PERSON:
    setattr(Employee, _name, _Column(_name))
