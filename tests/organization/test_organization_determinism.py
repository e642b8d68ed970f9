"""Same seed, same bytes; another setting, only what depends on it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from time_limits import PROGRAM_SECONDS
from work_counted import calls_of

HERE = Path(__file__).parent


def run_fingerprint(**environment):
    result = subprocess.run(
        [sys.executable, str(HERE / "fingerprint.py")],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
        timeout=PROGRAM_SECONDS,
    )
    return result.stdout.split()


def test_compiled_and_plain_python_give_the_same_bytes():
    compiled = run_fingerprint(NUMBA_DISABLE_JIT="0")
    plain = run_fingerprint(NUMBA_DISABLE_JIT="1")
    assert len(compiled) == 6
    assert len(set(compiled)) == 6
    assert compiled == plain


def assert_equal(one, other, but=()):
    for name in one._fields:
        if name not in but:
            np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)


def test_same_seed_same_organization(organization):
    one, other = organization(seed=9), organization(seed=9)
    assert_equal(one[0], other[0])
    assert_equal(one[1], other[1])


def test_another_seed_is_another_organization(organization):
    one, other = organization(seed=9)[0], organization(seed=10)[0]
    for name in set(one._fields) - {"working_share"}:  # all work full weeks
        assert not np.array_equal(getattr(one, name), getattr(other, name)), name


def test_trust_changes_trust_only(organization):
    one, other = organization(trust=0.6), organization(trust=0.3)
    assert_equal(one[0], other[0], but=("trust",))
    assert_equal(one[1], other[1])
    assert (one[0].trust > other[0].trust).all()


def test_remote_share_changes_remote_work_only(organization):
    one, other = organization(remote_share=0.2)[0], organization(remote_share=0.5)[0]
    assert_equal(one, other, but=("remote_share",))
    # whoever was remote still is, on as many days
    was = one.remote_share > 0.0
    np.testing.assert_array_equal(one.remote_share[was], other.remote_share[was])


@pytest.mark.parametrize("contacts", [{"department": 3.0}, {"across": 5.0}, {"everyone": True}])
def test_contacts_change_contacts_only(organization, contacts):
    one, other = organization(), organization(contacts=contacts)
    assert_equal(one[0], other[0])


def test_communities_change_topics_only(organization):
    one, other = organization(n_topics=20)[0], organization(n_topics=50)[0]
    assert_equal(one, other, but=("interests", "expertise_topic"))


def test_sector_changes_tenure_and_what_follows_only(organization):
    one, other = organization(sector="all")[0], organization(sector="public")[0]
    assert_equal(one, other, but=("tenure", "level", "manager", "expertise"))


def test_departments_change_no_person(organization):
    one, other = organization(departments=8)[0], organization(departments=3)[0]
    units = ("department", "team", "manager", "level", "interests", "expertise_topic")
    assert_equal(one, other, but=units)


def test_year_of_the_profile_changes_experience_and_remote_work_only(organization):
    one, other = organization(workforce="nl-2012")[0], organization(workforce="nl-2016")[0]
    assert_equal(one, other, but=("leisure_experience", "remote_share"))


def test_plain_python_does_little_for_each_of_a_class():
    """Work is counted, in calls of functions: seconds would be those of a busy machine. It was 18 for each employee."""
    script = (
        "import sys; sys.path[:0] = sys.argv[1:]; from fingerprint import fingerprint\n"
        "from work_counted import calls_of; fingerprint(20); print(calls_of(fingerprint, 300, seed=1))\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", script, str(HERE), str(HERE.parent)],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=True,
        timeout=PROGRAM_SECONDS,
    )
    assert int(result.stdout) < 36 * 300


@pytest.mark.skipif(os.environ.get("NUMBA_DISABLE_JIT") == "1", reason="plain Python calls for everybody")
def test_set_up_calls_nothing_for_each_employee(organization):
    """What is done for everybody is done in arrays and compiled loops."""

    organization(employees=50)  # compiles
    assert calls_of(organization, employees=1000) < 1.5 * calls_of(organization, employees=100)


def test_the_core_reads_no_files_of_users():
    """Building from a profile imports neither the reader of staff files nor a package but numpy."""
    script = (
        "import sys; sys.modules['numba'] = None  # as where it is not installed\n"
        "sys.path.insert(0, sys.argv[1]); from fingerprint import fingerprint; fingerprint(5)\n"
        "tops = {name.split('.')[0] for name in sys.modules}\n"
        "unwanted = {'ruamel', 'mesa', 'pandas', 'pyarrow', 'scipy', 'matplotlib'} & tops\n"
        "unwanted |= {name for name in sys.modules if name.startswith('sim.exports.staff')}\n"
        "print(sorted(unwanted))\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", script, str(HERE)], capture_output=True, text=True, check=True, timeout=PROGRAM_SECONDS
    )
    assert result.stdout == "[]\n"
