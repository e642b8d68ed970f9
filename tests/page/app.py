"""Runs ``intranet-sim app`` for a test, and talks to it without a browser."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from time_limits import PROGRAM_SECONDS, SOON_SECONDS


class App(NamedTuple):
    """A running app."""

    address: str
    process: subprocess.Popen[str]
    seconds_to_ready: float

    @property
    def host(self) -> str:
        """Host and port."""
        return urlsplit(self.address).netloc

    def ask(self, path: str, body: str | None = None, **headers: str) -> tuple[int, dict[str, str], str]:
        """Return status, headers and text of an answer."""
        connection = http.client.HTTPConnection(self.host, timeout=PROGRAM_SECONDS)
        try:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request("GET" if body is None else "POST", path, body, sent)
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read().decode()
        finally:
            connection.close()

    def reply(self, message: Any) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """Return the reply to a message, and what became known on the way."""
        status, _, text = self.ask("/api/ask", json.dumps(message), Content_Type="application/json")
        assert status == 200, text
        *news, last = [json.loads(line) for line in text.splitlines()]
        assert last["kind"] == "reply"
        return last["reply"], news


@contextmanager
def running_app(*options: str) -> Iterator[App]:
    """Start the app on a free port, wait until the model is loaded; end it by Ctrl-C."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "sim", "app", "--no-browser", *options],
        stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    try:
        assert process.stderr is not None
        line = process.stderr.readline()
        assert line.startswith("http://127.0.0.1:"), line + process.stderr.read()
        app = App(line.split()[0], process, 0.0)
        app.ask("/api/ready")
        yield app._replace(seconds_to_ready=time.perf_counter() - started)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        try:
            process.communicate(timeout=SOON_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate(timeout=SOON_SECONDS)
            raise
