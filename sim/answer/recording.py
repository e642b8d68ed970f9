"""The organization week by week, as the picture shows it: what each employee drawn takes it for, and does with it."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import numpy as np

from sim.answer.layout import lay_out
from sim.answer.sample import drawn_employees, edges_among
from sim.groups import total_posts
from sim.simulation import Simulation
from sim.state import DAYS_PER_WEEK, NEVER

FULL = 255  # what a whole is written as
STATES = ("none", "away", "read", "responded", "posted")  # the last week of an employee; numbers are places here
DECIMALS = 4
_SHOWN = (
    "age", "level", "department", "team", "tenure", "leisure_experience", "professional_experience", "segmentation",
    "trust", "remote_share", "trained", "champion", "n_contacts",
)  # fmt: skip
_COUNTED = {
    "work": "n_work_posts", "questions": "n_questions", "social": "n_social_posts", "replies": "n_replies",
    "reactions": "n_reactions",
}  # fmt: skip


def packed_bytes(values: np.ndarray) -> str:
    """Return numbers from 0 to 255 as text: base64 of one byte each."""
    return base64.b64encode(values.astype(np.uint8).tobytes()).decode("ascii")


class Recorder:
    """Follows the employees drawn through one run.

    Parameters
    ----------
    simulation : Simulation
        Before its first day.

    Attributes
    ----------
    drawn : ndarray, int64 (n,)
        The employees in the picture, rising.
    """

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self.drawn = drawn_employees(simulation.table["department"])
        self._people = simulation.table[self.drawn]
        self._frames_at_start = self._shares(self._people)
        self._n_before = self._n_contributions(self._people)
        self._first_read = np.zeros(len(self.drawn), dtype=np.int64)
        self._first_post = np.zeros(len(self.drawn), dtype=np.int64)

    @staticmethod
    def _shares(people: np.ndarray) -> np.ndarray:
        counts = np.column_stack([people[f"frame_{name}"] for name in ("social", "collaboration", "broadcast")])
        return counts / counts.sum(axis=1, keepdims=True)

    @staticmethod
    def _n_contributions(people: np.ndarray) -> np.ndarray:
        return total_posts(people) + people["n_replies"] + people["n_reactions"]

    def picture(self) -> dict[str, Any]:
        """Return what stays the same: places, departments and contacts of the employees drawn."""
        world, people = self._simulation.world, self._people
        layout = lay_out(people["department"], people["team"])
        edges = edges_among(self.drawn, world.offsets, world.neighbors)
        numbers = list(dict.fromkeys(people["department"].tolist()))
        return {
            "n_employees": self._simulation.n_employees,
            "employee": self.drawn.tolist(),
            "x": layout.x.tolist(),
            "y": layout.y.tolist(),
            "department": people["department"].tolist(),
            "departments": {
                "number": numbers,
                "x": layout.department_x.tolist(),
                "y": layout.department_y.tolist(),
                "radius": layout.department_radius.tolist(),
                "n_employees": [int(np.count_nonzero(self._simulation.table["department"] == one)) for one in numbers],
            },
            "edges": [place for edge in edges for place in edge],
        }

    def week(self) -> dict[str, Any]:
        """Return the state after the week that has just ended (0: before the launch); call once a week."""
        simulation = self._simulation
        week, people = simulation.week, simulation.table[self.drawn]
        start = (week - 1) * DAYS_PER_WEEK
        n_contributions = self._n_contributions(people)
        has_read, has_posted = people["last_read"] > NEVER, people["last_post"] > NEVER
        self._first_read[has_read & (self._first_read == 0)] = week
        self._first_post[has_posted & (self._first_post == 0)] = week
        state = (people["access_day"] < simulation.day).astype(np.int64)
        state[people["last_read"] >= start] = 2
        state[people["last_active"] >= start] = 3
        state[people["last_post"] >= start] = 4
        frames = np.rint(FULL * self._shares(people)).astype(np.int64)
        frames[:, 2] = FULL - frames[:, 0] - frames[:, 1]
        activity = np.minimum(n_contributions - self._n_before, FULL)
        self._n_before, self._people = n_contributions, people
        return {
            "week": week,
            "frames": packed_bytes(np.clip(frames, 0, FULL)),
            "activity": packed_bytes(activity),
            "state": packed_bytes(state),
        }

    def people(self) -> dict[str, list[Any]]:
        """Return who the employees drawn are and what they did, a list for each column."""
        people = self._people
        managers = people["manager"].tolist()
        columns: Mapping[str, list[Any]] = {
            **{name: np.round(people[name], DECIMALS).tolist() for name in _SHOWN},
            "manager": [None if manager < 0 else manager for manager in managers],
            "access_week": (people["access_day"] // DAYS_PER_WEEK + 1).tolist(),
            "first_read": [week or None for week in self._first_read.tolist()],
            "first_post": [week or None for week in self._first_post.tolist()],
            **{name: people[column].tolist() for name, column in _COUNTED.items()},
            "frame_start": np.round(self._frames_at_start, DECIMALS).tolist(),
            "frame_end": np.round(self._shares(people), DECIMALS).tolist(),
        }
        return {"employee": self.drawn.tolist(), **columns}
