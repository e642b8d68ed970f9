"""Runs ``intranet-sim class serve`` for a test."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from app import App
from time_limits import SOON_SECONDS


@contextmanager
def served(*options: str) -> Iterator[tuple[App, list[str]]]:
    """Serve on a free port until the test is over; the value is the server and what it said when it was ready."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "sim", "class", "serve", "--no-browser", *options],
        stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    try:
        assert process.stderr is not None
        said = [process.stderr.readline()]
        assert said[0].startswith("http://"), said[0] + process.stderr.read()
        while "0.0.0.0" in options and not said[-1].startswith("Warning"):
            said.append(process.stderr.readline())
            assert said[-1]
        address = next(line.split()[0] for line in said if "//127.0.0.1:" in line)
        app = App(address, process, time.perf_counter() - started)
        if "--native" in options:
            app.ask("/api/ready")
        yield app, said
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        try:
            process.communicate(timeout=SOON_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate(timeout=SOON_SECONDS)
            raise
