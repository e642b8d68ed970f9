"""What a container pays for decides how many processes are started."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sim.kernel import processors
from sim.kernel.processors import n_processors
from sim.runs import runner

Files = dict[str, str]


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Files], Path]:
    """Return a function that makes a machine of 16 processors with some files of the system."""
    monkeypatch.setattr(processors, "_allowed", lambda: 16)

    def made(files: Files) -> Path:
        for name, text in files.items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        return tmp_path

    return made


SECOND = {"proc/self/cgroup": "0::/docker/ab12\n"}
FIRST = {"proc/self/cgroup": "5:memory:/ab\n4:cpu,cpuacct:/docker/ab\n1:name=systemd:/docker/ab\n"}
V1 = "sys/fs/cgroup/cpu,cpuacct"


@pytest.mark.parametrize(
    ("files", "n"),
    [
        ({}, 16),
        ({"proc/self/cgroup": "strange\n"}, 16),
        ({**SECOND, "sys/fs/cgroup/docker/ab12/cpu.max": "max 100000\n"}, 16),
        ({**SECOND, "sys/fs/cgroup/docker/ab12/cpu.max": "200000 100000\n"}, 2),
        ({**SECOND, "sys/fs/cgroup/docker/ab12/cpu.max": "10000 100000\n"}, 1),
        ({**SECOND, "sys/fs/cgroup/docker/ab12/cpu.max": "250000 100000\n"}, 3),
        # The least that any group above allows; a container that sees its own group as the root of all.
        ({**SECOND, "sys/fs/cgroup/docker/ab12/cpu.max": "8000 1000", "sys/fs/cgroup/docker/cpu.max": "3000 1000"}, 3),
        ({**SECOND, "sys/fs/cgroup/cpu.max": "400000 100000\n"}, 4),
        ({"proc/self/cgroup": "0::/../outside\n", "sys/fs/cgroup/cpu.max": "400000 100000\n"}, 4),
        ({**SECOND, "sys/fs/cgroup/docker/ab12/cpu.max": "4 apples\n"}, 16),
        ({**FIRST, f"{V1}/docker/ab/cpu.cfs_quota_us": "-1\n", f"{V1}/docker/ab/cpu.cfs_period_us": "100000\n"}, 16),
        ({**FIRST, f"{V1}/docker/ab/cpu.cfs_quota_us": "150000\n", f"{V1}/docker/ab/cpu.cfs_period_us": "50000\n"}, 3),
        ({**FIRST, "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "5000", "sys/fs/cgroup/cpu/cpu.cfs_period_us": "5000"}, 1),
        ({**SECOND, "sys/fs/cgroup/docker/ab12/cpu.max": "9900000 100000\n"}, 16),
    ],
)  # fmt: skip
def test_the_least_of_what_is_allowed_holds(machine: Callable[[Files], Path], files: Files, n: int) -> None:
    assert n_processors(machine(files)) == n


def test_this_machine_has_some() -> None:
    assert n_processors() >= 1


def test_no_more_processes_than_that_are_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "n_processors", lambda: 3)
    assert runner.choose_jobs(1000, 1.0) == 3
