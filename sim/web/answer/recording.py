"""The organization week by week, as the picture shows it: what each employee drawn takes it for, and does with it."""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from sim.model.groups import total_posts
from sim.model.simulation import Simulation
from sim.model.state import DAYS_PER_WEEK, NEVER

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


# Who is drawn in the picture of an organization that may be too large to draw: every department in its proportion.


MOST_DRAWN = 500  # employees; more dots than this are no picture
MOST_EDGES = 3000  # contacts; more lines than this are a gray blot


def drawn_employees(department: np.ndarray, most: int = MOST_DRAWN) -> np.ndarray:
    """Return the employees to draw, rising: evenly spaced in each department, at least one of each if there is room.

    Parameters
    ----------
    department : ndarray
        Department of each employee, numbered from 0 and contiguous; (N,).
    most : int
        How many there may be.
    """
    n = len(department)
    if n <= most:
        return np.arange(n, dtype=np.int64)
    starts = np.flatnonzero(np.diff(department, prepend=-1)).astype(np.int64)
    sizes = np.diff(np.append(starts, n))
    if len(sizes) > most:
        return _evenly(n, most)
    # One for each department, and the rest by the method of largest remainders.
    left = most - len(sizes)
    parts = (sizes - 1) * left
    counts = 1 + parts // (n - len(sizes))
    remainders = parts % (n - len(sizes))
    counts[np.argsort(-remainders, kind="stable")[: most - int(counts.sum())]] += 1
    return np.concatenate(
        [start + _evenly(int(size), int(count)) for start, size, count in zip(starts, sizes, counts, strict=True)]
    )


def _evenly(n: int, count: int) -> np.ndarray:
    """Return `count` of `n` places, evenly spaced."""
    return (2 * np.arange(count, dtype=np.int64) + 1) * n // (2 * count)


def edges_among(
    drawn: np.ndarray, offsets: np.ndarray, neighbors: np.ndarray, most: int = MOST_EDGES
) -> list[tuple[int, int]]:
    """Return the contacts among the employees drawn, as pairs of places in `drawn`; evenly thinned if too many.

    Parameters
    ----------
    drawn : ndarray, int64
        Employees, rising.
    offsets, neighbors : ndarray
        The contacts as compressed rows.
    most : int
        How many pairs there may be.
    """
    pairs = []
    for place, employee in enumerate(drawn.tolist()):
        contacts = neighbors[offsets[employee] : offsets[employee + 1]]
        later = contacts[contacts > employee]
        places = np.searchsorted(drawn, later)
        found = places < len(drawn)
        found[found] = drawn[places[found]] == later[found]
        pairs += [(place, other) for other in places[found].tolist()]
    if len(pairs) <= most:
        return pairs
    return [pairs[place] for place in _evenly(len(pairs), most).tolist()]


# Where employees stand in the picture: teams as disks of dots, departments as disks of teams, packed without overlap.
#
# Nothing is drawn by chance, and contacts play no part: the picture of an organization is the same in every run of it.


DOT = 1.0  # distance between neighbors in a team
TEAM_GAP = 0.5
DEPARTMENT_GAP = 2.0
GOLDEN_ANGLE = math.pi * (3.0 - math.sqrt(5.0))
ROUNDS = 90
MOST_PACKED = 120  # disks moved apart one by one; with more, the spiral alone must do
PLACE_DECIMALS = 4


class Layout(NamedTuple):
    """Places in the unit square.

    Attributes
    ----------
    x, y : ndarray, float64 (n,)
        Of each employee, 0 to 1.
    department_x, department_y, department_radius : ndarray, float64 (departments,)
        Disks around the employees of each department, in the order in which departments come.
    """

    x: np.ndarray
    y: np.ndarray
    department_x: np.ndarray
    department_y: np.ndarray
    department_radius: np.ndarray


def lay_out(department: np.ndarray, team: np.ndarray) -> Layout:
    """Return where to draw employees.

    Parameters
    ----------
    department, team : ndarray
        Of each employee drawn, contiguous, (n,).
    """
    places, radii = [], []
    for first, end in _blocks(department):
        teams = [_dots(last - start) for start, last in _blocks(team[first:end])]
        centers = _packed(np.array([_radius(dots) for dots in teams]) + 0.5 * TEAM_GAP)
        dots = np.concatenate([center + dots for center, dots in zip(centers, teams, strict=True)])
        dots -= 0.5 * (dots.min(axis=0) + dots.max(axis=0))
        places.append(dots)
        radii.append(_radius(dots))
    radius = np.array(radii)
    centers = _packed(radius + 0.5 * DEPARTMENT_GAP)
    points = np.concatenate([center + dots for center, dots in zip(centers, places, strict=True)])
    low = (centers - radius[:, np.newaxis]).min(axis=0)
    high = (centers + radius[:, np.newaxis]).max(axis=0)
    width = float((high - low).max())
    middle = 0.5 * (low + high)
    points, centers = (np.round(0.5 + (one - middle) / width, PLACE_DECIMALS) for one in (points, centers))
    x, y = points.T
    department_x, department_y = centers.T
    return Layout(x, y, department_x, department_y, np.round(radius / width, PLACE_DECIMALS))


def _blocks(numbers: np.ndarray) -> list[tuple[int, int]]:
    """Return first place and end of each run of equal numbers."""
    starts = [0, *(np.flatnonzero(np.diff(numbers)) + 1).tolist()]
    return list(zip(starts, [*starts[1:], len(numbers)], strict=True))


def _dots(n: int) -> np.ndarray:
    """Return places of the `n` members of a team, evenly spread over a disk around 0; float64 (n, 2)."""
    return DOT * _spiral(np.arange(n) + (0.5 if n > 1 else 0.0)) * 0.75


def _spiral(area: np.ndarray) -> np.ndarray:
    """Return points on the spiral of a sunflower, such that each has `area` disks of radius 1 before it."""
    angle = GOLDEN_ANGLE * np.arange(len(area))
    turn = np.round(np.column_stack((np.cos(angle), np.sin(angle))), 9)  # C libraries differ in the last bit
    return np.sqrt(area)[:, np.newaxis] * turn


def _radius(dots: np.ndarray) -> float:
    """Return the radius of the disk around dots whose middle is 0."""
    return float(np.sqrt((dots * dots).sum(axis=1).max())) + 0.5 * DOT


def _packed(radii: np.ndarray) -> np.ndarray:
    """Return centers of disks that lie close together and do not overlap; float64 (disks, 2).

    They start on a spiral, the largest in the middle, and are pushed apart and drawn together in turns.
    """
    n = len(radii)
    order = np.argsort(-radii, kind="stable")
    sizes = radii[order]
    areas = sizes * sizes
    points = 1.3 * _spiral(np.cumsum(areas) - areas[0])
    if 1 < n <= MOST_PACKED:
        wanted = sizes[:, np.newaxis] + sizes
        np.fill_diagonal(wanted, 0.0)
        for round_ in range(ROUNDS):
            if round_ < 2 * ROUNDS // 3:
                points *= 0.97
            points += _push(points, wanted)
        # Whatever still overlaps is cured by more room for all.
        points *= max(1.0, _crowding(points, wanted))
    else:
        points *= 1.6
    places = np.empty_like(points)
    places[order] = points
    return places


def _push(points: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Return by how much each point moves so that pairs come to the distance `wanted` if they are nearer."""
    between = points[:, np.newaxis] - points
    distance = np.sqrt((between * between).sum(axis=2)) + 1e-9
    push = np.maximum(wanted - distance, 0.0) / distance
    return 0.35 * (push[:, :, np.newaxis] * between).sum(axis=1)


def _crowding(points: np.ndarray, wanted: np.ndarray) -> float:
    """Return the largest factor by which a pair is nearer than wanted."""
    between = points[:, np.newaxis] - points
    distance = np.sqrt((between * between).sum(axis=2))
    np.fill_diagonal(distance, 1.0)
    return float((wanted / np.maximum(distance, 1e-9)).max())
