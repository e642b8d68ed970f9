"""Who is drawn, and where: all of a small organization, a fair part of a large one, dots that can be told apart."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.model.simulation import Simulation
from sim.scenario.plain import resolve
from sim.web.answer.recording import MOST_DRAWN, MOST_EDGES, drawn_employees, edges_among, lay_out

SIZES = st.lists(st.integers(1, 400), min_size=1, max_size=30)


@settings(deadline=None)
@given(SIZES, st.integers(1, 200))
def test_departments_are_drawn_in_proportion(sizes: list[int], most: int) -> None:
    department = np.repeat(np.arange(len(sizes)), sizes)
    drawn = drawn_employees(department, most)
    assert len(drawn) == min(most, len(department))
    assert (np.diff(drawn) > 0).all()
    if len(sizes) <= most:
        counts = np.bincount(department[drawn], minlength=len(sizes))
        assert counts.min() >= 1
        fair = np.array(sizes) * len(drawn) / len(department)
        assert (np.abs(counts - fair) <= 2 + len(sizes) * np.array(sizes) / len(department)).all()


def test_at_most_so_many_are_drawn_of_very_many_departments() -> None:
    assert len(drawn_employees(np.arange(3000))) == MOST_DRAWN


@settings(deadline=None, max_examples=25)
@given(st.lists(st.lists(st.integers(1, 25), min_size=1, max_size=12), min_size=1, max_size=12))
def test_nobody_stands_on_anybody(departments: list[list[int]]) -> None:
    n_in = [sum(teams) for teams in departments]
    department = np.repeat(np.arange(len(departments)), n_in)
    team_sizes = [size for teams in departments for size in teams]
    layout = lay_out(department, np.repeat(np.arange(len(team_sizes)), team_sizes))
    points = np.column_stack((layout.x, layout.y))
    assert ((points >= 0) & (points <= 1)).all()
    distance = np.sqrt(((points[:, None] - points) ** 2).sum(axis=2)) + np.eye(len(points))
    typical = layout.department_radius.max() / np.sqrt(max(n_in))
    assert distance.min() > 0.2 * typical
    centers = np.column_stack((layout.department_x, layout.department_y))
    for number in range(len(departments)):
        inside = np.sqrt(((points[department == number] - centers[number]) ** 2).sum(axis=1))
        assert inside.max() <= layout.department_radius[number] + 2e-4
    between = np.sqrt(((centers[:, None] - centers) ** 2).sum(axis=2))
    apart = layout.department_radius[:, None] + layout.department_radius
    assert (between + np.eye(len(centers)) * 9 >= apart - 4e-4).all()


def test_one_employee_stands_in_the_middle() -> None:
    layout = lay_out(np.array([0]), np.array([0]))
    assert (layout.x[0], layout.y[0]) == (0.5, 0.5)


@pytest.mark.parametrize("n", [40, 900])
def test_contacts_are_drawn_among_those_drawn(n: int) -> None:
    simulation = Simulation(resolve(None, {"organization.employees": n, "run.weeks": 1}), 2)
    world, drawn = simulation.world, drawn_employees(simulation.table["department"])
    edges = edges_among(drawn, world.offsets, world.neighbors, most=10**6)
    place = {int(employee): position for position, employee in enumerate(drawn)}
    expected = {
        (place[int(i)], place[int(j)])
        for i in drawn
        for j in world.neighbors[world.offsets[i] : world.offsets[i + 1]]
        if i < j and int(j) in place
    }
    assert sorted(expected) == sorted(edges)
    few = edges_among(drawn, world.offsets, world.neighbors, most=100)
    assert len(few) == 100
    assert set(few) < expected


def test_a_complete_network_is_thinned() -> None:
    overrides = {"organization.employees": 300, "organization.contacts.everyone": True, "run.weeks": 1}
    world = Simulation(resolve(None, overrides), 2).world
    edges = edges_among(np.arange(300), world.offsets, world.neighbors)
    assert len(edges) == MOST_EDGES
    assert len({first for first, _ in edges}) > 250
