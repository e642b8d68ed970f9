"""The model behind the example for SolaraViz: a launch with a few settings, made anew for each visitor.

Needs Mesa and this project, not Solara, so it can be tried in a notebook or a test.
"""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from sim import IntranetModel, load_scenario
from sim.figures.style import FRAME_LOOKS
from sim.web.answer.recording import lay_out

LAUNCHES = ("like-facebook", "collaboration", "unframed", "patient-rollout", "strict-rules", "leaders-post")
DAYS_A_WEEK = 5
RESTING, ACTIVE = 8.0, 60.0  # size of a dot [points squared]


def _since_a_week(model: IntranetModel, column: str) -> np.ndarray:
    """Return for whom the last day of `column` is one of the last five; days are counted from 0."""
    found: np.ndarray = model.day - model.simulation.table[column] <= DAYS_A_WEEK
    return found


def _share_since_a_week(model: IntranetModel, column: str) -> float:
    """Return that as a share of staff; measuring draws no luck, so that it changes nothing."""
    return float(np.mean(_since_a_week(model, column)))


def read_this_week(model: IntranetModel) -> float:
    """Return the share of staff who read in the last five working days."""
    return _share_since_a_week(model, "last_read")


def posted_this_week(model: IntranetModel) -> float:
    """Return the share of staff who posted in the last five working days."""
    return _share_since_a_week(model, "last_post")


class LaunchModel(IntranetModel):
    """A shipped launch in an organization of some size and trust.

    SolaraViz makes a model from the values of its controls, so it must be made from plain values instead of a scenario.

    Parameters
    ----------
    launch : str
        One of `LAUNCHES`.
    employees : int
        Number of staff; a thousand draw slowly.
    trust : float
        0 to 1.
    weeks : int
        Working weeks until it stops.
    seed : int
        Luck.
    """

    def __init__(
        self, launch: str = "like-facebook", employees: int = 300, trust: float = 0.6, weeks: int = 52, seed: int = 1
    ) -> None:
        settings = {"organization.employees": employees, "organization.trust": trust, "run.weeks": weeks}
        reporters = {"read this week": read_this_week, "posted this week": posted_this_week}
        super().__init__(load_scenario(launch, settings), rng=seed, model_reporters=reporters)
        people = self.simulation.table
        self.layout = lay_out(people["department"], people["team"])
        self.is_left = False  # nobody looks on any more

    def step(self) -> None:
        """Run a day, unless the visitor has left: Solara goes on playing in a closed tab."""
        if self.is_left:
            self.running = False
        else:
            super().step()


def network_figure(model: LaunchModel) -> Figure:
    """Draw the staff: place is the department, color what somebody takes the platform to be for, size who posts."""
    people = model.simulation.table
    meaning = np.argmax([people[name] for name in FRAME_LOOKS], axis=0)
    posted = _since_a_week(model, "last_post")
    figure = Figure(figsize=(6.0, 6.4), layout="constrained")
    axes = figure.add_subplot()
    for number, (name, look) in enumerate(FRAME_LOOKS.items()):
        chosen = meaning == number
        axes.scatter(
            model.layout.x[chosen], model.layout.y[chosen], s=np.where(posted[chosen], ACTIVE, RESTING),
            color=look.color, linewidths=0, label=name.removeprefix("frame_"),
        )  # fmt: skip
    axes.set_aspect("equal")
    axes.set_axis_off()
    axes.set_title(f"Week {model.week}: what the platform is for (large: posted this week)")
    handles = figure.legend(loc="outside lower center", ncols=len(FRAME_LOOKS), frameon=False).legend_handles
    for handle in handles:
        handle.set_sizes([ACTIVE])
    return figure
