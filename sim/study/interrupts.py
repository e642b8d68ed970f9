"""Ctrl-C, which a terminal sends to a program and to all its processes: only the program itself should hear it."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from multiprocessing import resource_tracker


@contextlib.contextmanager
def deaf_to_interrupts() -> Iterator[None]:
    """Let processes that are started here inherit that Ctrl-C does not concern them.

    It is held up meanwhile, not lost: an interrupt during the block is raised at its end. (A worker that only ignores
    it once it runs Python code of ours would print a traceback if it came while the interpreter still starts.)
    """
    if not hasattr(signal, "pthread_sigmask") or threading.current_thread() is not threading.main_thread():
        yield  # Windows; or a thread, which does not hear of signals
        return
    resource_tracker.ensure_running()  # when it starts it lets all signals through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
