"""The contact network: well formed, with the means that were asked, thinned where people meet less."""

from __future__ import annotations

import numpy as np
import pytest
from work_counted import calls_of

from sim.kernel.compiled import HAS_NUMBA
from sim.organization import build_contacts, build_workforce
from sim.organization.contacts import sociability


def edges_of(contacts):
    """Return both ends of every entry, int64 (E,)."""
    rows = np.repeat(np.arange(len(contacts.offsets) - 1), np.diff(contacts.offsets))
    return rows, contacts.neighbors.astype(np.int64)


def kinds_of(workforce, contacts):
    """Return which entries are in the team, in the department beyond it, and across."""
    i, j = edges_of(contacts)
    in_team = workforce.team[i] == workforce.team[j]
    in_department = (workforce.department[i] == workforce.department[j]) & ~in_team
    return in_team, in_department, ~in_team & ~in_department


def assert_well_formed(workforce, contacts):
    n = len(workforce.age)
    assert contacts.offsets.dtype == np.int64
    assert contacts.neighbors.dtype == np.int32
    assert contacts.accept_draw.dtype == np.float64
    assert contacts.offsets[0] == 0
    assert len(contacts.offsets) == n + 1
    assert contacts.offsets[-1] == len(contacts.neighbors) == len(contacts.accept_draw)
    i, j = edges_of(contacts)
    assert (i != j).all()
    assert (np.diff(i * n + j) > 0).all(), "rows rise, nobody twice"
    backward = np.argsort(j * n + i)
    np.testing.assert_array_equal(j[backward] * n + i[backward], i * n + j)
    np.testing.assert_array_equal(contacts.accept_draw[backward], contacts.accept_draw)
    assert ((contacts.accept_draw >= 0.0) & (contacts.accept_draw < 1.0)).all()


@pytest.mark.parametrize("n", [1, 2, 3, 7, 50, 1000])
@pytest.mark.parametrize("n_departments", [1, 2, 8, 1000])
@pytest.mark.parametrize(("department", "across"), [(6.0, 2.0), (0.0, 0.0), (200.0, 200.0), (0.1, 3.0)])
def test_any_size_works(organization, n, n_departments, department, across):
    workforce, contacts = organization(
        employees=n, departments=n_departments, contacts={"department": department, "across": across}
    )
    assert_well_formed(workforce, contacts)


def test_a_team_knows_itself(organization):
    workforce, contacts = organization(employees=1000)
    sizes = np.bincount(workforce.team)
    in_team, _, _ = kinds_of(workforce, contacts)
    assert in_team.sum() == (sizes * (sizes - 1)).sum()


@pytest.mark.parametrize(("department", "across"), [(6.0, 2.0), (15.0, 0.5), (0.1, 6.0), (2.0, 0.005)])
def test_means_are_what_was_asked(organization, department, across):
    n = 20_000
    workforce, contacts = organization(
        employees=n, contacts={"department": department, "across": across}, remote_share=0.36
    )
    _, in_department, is_across = kinds_of(workforce, contacts)
    for is_kind, mean in ((in_department, department), (is_across, across)):
        error = 4.0 * (2.0 * mean / n) ** 0.5 + 0.02 * mean
        assert is_kind.sum() / n == pytest.approx(mean, abs=error)


def test_no_contacts_are_asked(organization):
    workforce, contacts = organization(employees=2000, contacts={"department": 0.0, "across": 0.0})
    in_team, _, _ = kinds_of(workforce, contacts)
    assert in_team.all()


def test_more_contacts_than_colleagues_means_all(organization):
    workforce, contacts = organization(employees=200, contacts={"department": 200.0, "across": 0.0})
    sizes = np.bincount(workforce.department)
    assert len(contacts.neighbors) == (sizes * (sizes - 1)).sum()


def test_every_pair_of_a_department_is_as_likely(organization):
    """Reporting lines are always there; all other pairs of one department equally often."""
    section = {"department": 2.0, "across": 0.0}
    workforce, _ = organization(employees=40, departments=1, contacts=section)
    times = np.zeros((40, 40))
    n_seeds = 1500
    for seed in range(n_seeds):
        i, j = edges_of(build_contacts(workforce, {**section, "everyone": False}, seed))
        times[i, j] += 1
    possible = np.triu(workforce.team[:, None] != workforce.team[None, :])
    managers = np.arange(40)[:, None] == workforce.manager[None, :]
    lines = possible & (managers | managers.T)
    assert lines.sum() >= 2
    assert (times[lines] == n_seeds).all()
    free = times[possible & ~lines] / n_seeds
    expected = (0.5 * 2.0 * 40 - lines.sum()) / len(free)
    assert free.mean() == pytest.approx(expected, rel=0.03)
    spread = (expected * (1.0 - expected) / n_seeds) ** 0.5
    assert free.std() == pytest.approx(spread, rel=0.15)
    assert abs(free - expected).max() < 5.0 * spread


def test_employees_know_their_manager(organization):
    workforce, contacts = organization(employees=2000)
    i, j = edges_of(contacts)
    known = set(zip(i.tolist(), j.tolist(), strict=True))
    reporting = np.flatnonzero(workforce.manager >= 0)
    assert all((employee, workforce.manager[employee]) in known for employee in reporting.tolist())


def test_newcomers_and_remote_workers_know_fewer_across_departments(organization):
    workforce, contacts = organization(employees=50_000, contacts={"across": 6.0}, remote_share=0.5)
    i, _ = edges_of(contacts)
    _, in_department, is_across = kinds_of(workforce, contacts)
    n_across = np.bincount(i[is_across], minlength=50_000)
    n_department = np.bincount(i[in_department], minlength=50_000)
    new, remote = workforce.tenure < 1.0, workforce.remote_share > 0.5
    long = workforce.tenure > 5.0
    means = {
        name: n_across[chosen].mean()
        for name, chosen in (
            ("office long", long & (workforce.remote_share == 0)),
            ("remote long", long & remote),
            ("office new", new & (workforce.remote_share == 0)),
            ("remote new", new & remote),
        )
    }
    assert means["remote long"] < 0.95 * means["office long"]
    assert means["office new"] < 0.9 * means["office long"]
    # newcomers lose most by remote work
    assert means["remote new"] / means["office new"] < means["remote long"] / means["office long"] - 0.05
    # in the department remote work makes no difference
    assert n_department[remote].mean() == pytest.approx(n_department[~remote].mean(), rel=0.02)


def test_sociability():
    tenure = np.array([0.0, 1.0, 20.0])
    office, remote = sociability(tenure, 0.0), sociability(tenure, 1.0)
    assert (np.diff(office) > 0).all()
    assert (remote < office).all()
    assert (np.diff(remote / office) > 0).all()
    assert ((remote > 0) & (office <= 1)).all()


def test_more_remote_work_only_takes_contacts_away(organization):
    _, some = organization(employees=3000, remote_share=0.2)
    _, few = organization(employees=3000, remote_share=0.9)
    luck_of = [
        dict(zip(zip(*(ends.tolist() for ends in edges_of(contacts)), strict=True), contacts.accept_draw, strict=True))
        for contacts in (some, few)
    ]
    assert luck_of[1].items() < luck_of[0].items()


def test_luck_of_requests_is_uniform(organization):
    _, contacts = organization(employees=20_000)
    counts = np.histogram(contacts.accept_draw, bins=20, range=(0.0, 1.0))[0]
    assert counts.std() / counts.mean() < 0.02


@pytest.mark.parametrize("n", [1, 2, 3, 50, 300])
def test_everyone_knows_everyone(organization, n):
    workforce, contacts = organization(employees=n, contacts={"everyone": True})
    assert_well_formed(workforce, contacts)
    assert len(contacts.neighbors) == n * (n - 1)


def test_everyone_has_a_limit(organization):
    with pytest.raises(ValueError, match="at most 5,000"):
        organization(employees=5001, contacts={"everyone": True})


def test_blocks_must_be_contiguous(organization):
    workforce, _ = organization(employees=50)
    shuffled = workforce._replace(department=workforce.department[::-1].copy())
    with pytest.raises(ValueError, match="not contiguous"):
        build_contacts(shuffled, {"department": 6.0, "across": 2.0, "everyone": False}, 1)


def test_nobody_knows_all_of_a_very_large_team(organization):
    workforce, _ = organization(employees=1000, departments=2)
    one_team = workforce._replace(
        team=np.zeros(1000, dtype=np.int64),
        department=np.zeros(1000, dtype=np.int64),
        manager=np.where(np.arange(1000) == 7, -1, 7),
    )
    contacts = build_contacts(one_team, {"department": 6.0, "across": 2.0, "everyone": False}, 1)
    assert_well_formed(one_team, contacts)
    n_contacts = np.diff(contacts.offsets)
    assert np.median(n_contacts) == pytest.approx(61, abs=2)
    assert n_contacts[7] == 999  # who leads the team knows all


@pytest.mark.skipif(not HAS_NUMBA, reason="needs compiled code")
def test_contacts_call_nothing_for_each_employee(section):
    """What is done for everybody is done in arrays and compiled loops; `benchmarks` has the seconds."""

    def calls(employees: int) -> int:
        organization = section(employees=employees)
        workforce = build_workforce(organization, 20, 1)
        return calls_of(build_contacts, workforce, organization["contacts"], 1)

    calls(50)  # compiles
    assert calls(20_000) < 1.5 * calls(200)
