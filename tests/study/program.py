"""The command line with one of the fakes in the place of the simulation: ``program.py FAKE ARGUMENT...``."""

from __future__ import annotations

import sys

import fakes

from sim.__main__ import main
from sim.study import plan, worker

if __name__ == "__main__":
    fake = worker.Engine(getattr(fakes, sys.argv.pop(1)), fakes.warm_up)
    worker.engine = lambda: fake
    plan.code_version = lambda: fakes.CODE_VERSION
    sys.exit(main())
