"""Runs by MPI workers, through an executor that the caller opens: real processes, the same bytes."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import fakes
import pytest
from time_limits import PROGRAM_SECONDS

import sim

MPIEXEC = shutil.which("mpiexec", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        MPIEXEC is None or importlib.util.find_spec("mpi4py") is None, reason="needs mpi4py and an MPI library"
    ),
]

SCRIPT = """
import fakes
from mpi4py.futures import MPIPoolExecutor
from sim import sweep
from sim.runs import plan, worker

# Every process, worker or not, takes the version of the code that the tests have.
plan.code_version = worker.code_version = lambda: fakes.CODE_VERSION

if __name__ == "__main__":
    with MPIPoolExecutor(main=True) as executor:
        sweep("small.yaml", at_defaults=True, executor=executor, out="mpi", engine=fakes.ENGINE)
"""


def test_the_same_bytes_with_mpi_workers(experiment_file: Path) -> None:
    (experiment_file.parent / "script.py").write_text(SCRIPT)
    places = [Path(sim.__file__).parents[1], Path(fakes.__file__).parent]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, places))}
    command = [str(MPIEXEC), "-n", "3", sys.executable, "-m", "mpi4py.futures", "script.py"]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=PROGRAM_SECONDS, check=False
    )
    assert done.returncode == 0, done.stderr
    sim.sweep("small.yaml", at_defaults=True, out="one", engine=fakes.ENGINE)
    for file in Path("one").glob("*.parquet"):
        if file.name != "timing.parquet":
            assert file.read_bytes() == (Path("mpi") / file.name).read_bytes(), file.name
