"""The command line with one of the fakes in the place of the simulation: ``program.py FAKE ARGUMENT...``."""

from __future__ import annotations

import sys

from sim.kernel.processors import spare_threads

spare_threads()  # as the command does first of all: the fakes bring NumPy in, whose threads cannot be told afterwards

import fakes  # noqa: E402

from sim.__main__ import main  # noqa: E402
from sim.runs import plan, worker  # noqa: E402

if __name__ == "__main__":
    fake = worker.Engine(getattr(fakes, sys.argv.pop(1)), fakes.warm_up)
    worker.engine = lambda: fake
    plan.code_version = lambda: fakes.CODE_VERSION
    sys.exit(main())
