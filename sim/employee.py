"""An employee as a Mesa agent: a live view of one row of the table of employees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mesa

from sim.state import PERSON

if TYPE_CHECKING:
    from sim.explanation import WeekExplained
    from sim.model import IntranetModel


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

    The other columns are documented where they are defined, in ``sim.state.PERSON``.
    """

    model: IntranetModel

    def __init__(self, model: IntranetModel, row: int) -> None:
        super().__init__(model)
        self.row = row

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

        The week is run again from the start with the same seed, so that the model itself stays as it is.
        """
        from sim.explanation import explain_week

        return explain_week(self.model.fresh_simulation(), self.row, week)

    # The columns of the state become properties below; this keeps type checkers content.
    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"{type(self).__name__!r} has no attribute {name!r}")


def _column(name: str) -> property:
    def read(self: Employee) -> float | int:
        value: float | int = self.model.simulation.table[name].item(self.row)
        return value

    def write(self: Employee, value: float) -> None:
        self.model.simulation.table[name][self.row] = value

    return property(read, write, doc=f"Column {name!r} of the state.")


for _name, _type in PERSON:
    setattr(Employee, _name, _column(_name))
