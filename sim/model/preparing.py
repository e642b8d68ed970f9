"""Getting compiled code ready: what is not kept on disk is compiled, in two processes at the same time."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from sim.catalog.registry import default_values
from sim.kernel.compiled import WATCHERS, cache_folder, is_ready, watched
from sim.kernel.processors import n_processors
from sim.kernel.tables import as_records
from sim.model.engine import run_days
from sim.model.state import Draws, World, build_world, policies_by_week
from sim.organization import Contacts, Workforce


def _nobody() -> tuple[Workforce, Contacts]:
    """Return an organization of one who is nobody in particular, made without compiled code."""
    columns = {name: np.zeros(1) for name in Workforce._fields}
    whole = {name: np.zeros(1, dtype=np.int64) for name in ("level", "department", "team", "expertise_topic")}
    manager, interests = np.full(1, -1), np.zeros((1, 3), dtype=np.int64)
    workforce = Workforce(**{**columns, **whole, "manager": manager, "interests": interests})
    return workforce, Contacts(np.zeros(2, dtype=np.int64), np.zeros(0, dtype=np.int32), np.zeros(1))


def arguments_of_days() -> tuple[World, Any, Draws, int, int, int]:
    """Return what `run_days` can be called with, so that it is compiled; no day is run."""
    values = default_values()
    values["organization"]["employees"] = 1
    world, _ = build_world(values, 1, *_nobody())
    bits = np.zeros((1, 8), dtype=np.uint32)
    return world, as_records(policies_by_week(values)[:1]), Draws(bits, bits, bits, bits, bits), 0, 0, 0


def compile_days() -> None:
    """Compile the days of a week, and print the name of each function as it is compiled."""
    with watched(lambda name: print(name, flush=True)):
        run_days(*arguments_of_days())


@contextlib.contextmanager
def days_compiled_elsewhere() -> Iterator[None]:
    """Have a process of its own compile the days while the body of the ``with`` compiles the rest; then wait for it.

    It only helps: whatever goes wrong there, what is missing is compiled here. Nothing is started where code is ready,
    where nothing can be kept, where there is one processor, and in workers, of which there may be many.
    """
    is_worker = multiprocessing.parent_process() is not None
    if is_ready() or not cache_folder() or n_processors() < 2 or is_worker:
        yield
        return
    # The same modules as here, wherever they lie, and none of the folder that it happens to be started in.
    path = [part or os.getcwd() for part in sys.path]
    code = f"import sys; sys.path[:] = {path!r}; from sim.model.preparing import compile_days; compile_days()"
    try:
        helper = subprocess.Popen(
            [sys.executable, "-c", code], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True, cwd=Path(__file__).parents[2],
        )  # fmt: skip
    except OSError:
        yield
        return

    def listen() -> None:
        for name in helper.stdout or []:
            for watcher in WATCHERS:
                watcher(name.strip())

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    try:
        yield
        helper.wait()
    finally:
        if helper.poll() is None:
            helper.kill()
            helper.wait()
        listener.join()
        if helper.stdout is not None:
            helper.stdout.close()
