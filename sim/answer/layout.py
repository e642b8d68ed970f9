"""Where employees stand in the picture: teams as disks of dots, departments as disks of teams, packed without overlap.

Nothing is drawn by chance, and contacts play no part: the picture of an organization is the same in every run of it.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

DOT = 1.0  # distance between neighbors in a team
TEAM_GAP = 0.5
DEPARTMENT_GAP = 2.0
GOLDEN_ANGLE = math.pi * (3.0 - math.sqrt(5.0))
ROUNDS = 90
MOST_PACKED = 120  # disks moved apart one by one; with more, the spiral alone must do
DECIMALS = 4


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
    points, centers = (np.round(0.5 + (one - middle) / width, DECIMALS) for one in (points, centers))
    x, y = points.T
    department_x, department_y = centers.T
    return Layout(x, y, department_x, department_y, np.round(radius / width, DECIMALS))


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
