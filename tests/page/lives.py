"""Lives that processes of the page can have, importable by name: what the real one meets once in a while, at will."""

from __future__ import annotations

import os
import time
from multiprocessing.connection import Connection

from sim.web.page.workers import Limits


def echo(connection: Connection, limits: Limits) -> None:
    """Answer with the message and the process; ``die``, ``hang`` and ``news`` do what they say."""
    connection.send((0, "reply", ""))
    while True:
        try:
            number, message = connection.recv()
        except EOFError:
            return
        if message == "die":
            os._exit(3)
        if message == "hang":
            time.sleep(1000)
        if message == "news":
            for _ in range(2000):
                connection.send((number, "known", "x" * 1000))
        if message is not None:
            connection.send((number, "reply", f"{message} {os.getpid()}"))


def cannot_start(connection: Connection, limits: Limits) -> None:
    """Die before it is ready."""
    os._exit(7)


def never_ready(connection: Connection, limits: Limits) -> None:
    """Take for ever to start."""
    time.sleep(1000)


def starts_the_third_time(connection: Connection, limits: Limits) -> None:
    """Die twice before it is ready."""
    with open(os.environ["TRIES"], "a+b", buffering=0) as tries:
        tries.write(b"x")
        if tries.tell() < 3:
            os._exit(7)
    echo(connection, limits)
