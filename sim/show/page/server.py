"""The server of the page: files from memory, and one address that takes the one message. For this machine alone, unless
it is told to listen to others.

A reply is a stream of lines of JSON: ``{"kind": "network" | "week", ...}`` for what is known on the way, and last
``{"kind": "reply", "reply": {...}}``.
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import hashlib
import socket
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from functools import cached_property
from pathlib import PurePath
from typing import Any

from sim.errors import InputError
from sim.scenario.plain import NoMessageError, message_in
from sim.show.page.files import SECURITY_POLICY
from sim.show.page.live import Live
from sim.show.page.workers import REPLY, Team
from sim.texts import said

HOST = "127.0.0.1"
HTTP_PORT = 80  # browsers leave it out of the name
LONGEST_MESSAGE = 200_000  # bytes
# Deadlines: for a message to come in, for a reader to take the next part of an answer, for a process to be ready.
MESSAGE_SECONDS = 30.0
READER_SECONDS = 60.0
READY_SECONDS = 600.0
MOST_CONNECTIONS = 1000
TYPES = {
    ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
    ".json": "application/json", ".txt": "text/plain; charset=utf-8", ".mjs": "text/javascript; charset=utf-8",
    ".wasm": "application/wasm",
}  # fmt: skip
HEADERS = {
    "Content-Security-Policy": f"{SECURITY_POLICY}; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",
}


def bound_socket(port: int | None, host: str = HOST) -> socket.socket:
    """Return a socket of this machine alone, or of one of its names; without a port, on one that is free.

    Raises
    ------
    sim.errors.InputError
        If the port is taken or not allowed, or the name is not of this machine.
    """
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port or 0))
    except OSError as error:
        listening.close()
        if host != HOST and port is None:
            raise InputError(said("refusal.page.host", host=host, reason=error.strerror)) from error
        raise InputError(said("refusal.page.port", port=port, reason=error.strerror)) from error
    return listening


def own_names(port: int, names: Sequence[str] = (HOST, "localhost")) -> frozenset[str]:
    """Return what a browser (on this machine, if not told otherwise) calls the server: other names come by a trick."""
    names = [name.lower() for name in names]
    return frozenset([f"{name}:{port}" for name in names] + (list(names) if port == HTTP_PORT else []))


class _File:
    """A file in memory: packed when somebody first asks, and known by its content, so that it is sent once."""

    def __init__(self, name: str, content: bytes) -> None:
        self.content = content
        self.type = TYPES.get(PurePath(name).suffix, "application/octet-stream")

    @cached_property
    def tag(self) -> str:
        return f'"{hashlib.sha256(self.content).hexdigest()[:32]}"'

    @cached_property
    def packed(self) -> bytes | None:
        """What gzip makes of it; None where that saves little."""
        packed = gzip.compress(self.content, 6, mtime=0)
        return packed if len(packed) < 0.9 * len(self.content) else None


def application(files: Mapping[str, bytes], team: Team | None, names: frozenset[str], live: Live | None = None) -> Any:
    """Return the ASGI application.

    Parameters
    ----------
    files : mapping of str to bytes
        What is served, by name; ``index.html`` also as the root.
    team : Team, optional
        Answers the messages; started and ended with the server. Left out: there are files alone.
    names : frozenset of str
        Host and port by which the server may be called.
    live : Live, optional
        Takes what a class sends to the screen; left out: nothing can be sent.
    """
    from starlette.applications import Starlette
    from starlette.requests import ClientDisconnect, Request
    from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
    from starlette.routing import Route

    held = {name: _File(name, content) for name, content in files.items()}

    async def file(request: Request) -> Response:
        found = held.get(request.path_params["name"] or "index.html")
        if found is None:
            return PlainTextResponse("not found", 404, HEADERS)
        headers = {**HEADERS, "ETag": found.tag, "Vary": "Accept-Encoding"}
        if found.tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        if "gzip" in request.headers.get("accept-encoding", "") and found.packed is not None:
            return Response(found.packed, headers={**headers, "Content-Encoding": "gzip"}, media_type=found.type)
        return Response(found.content, headers=headers, media_type=found.type)

    def refused(status: int, error: InputError, **more: Any) -> Response:
        return JSONResponse({**error.as_reply(), **more}, status, HEADERS)

    async def ready(request: Request) -> Response:
        assert team is not None
        if "now" in request.query_params:  # a look whether anybody is there at all
            return JSONResponse({"ready": team.is_ready}, headers=HEADERS)
        if await team.until_ready(READY_SECONDS):
            return JSONResponse({"ready": True}, headers=HEADERS)
        why_not = team.why_not() or InputError(said("refusal.page.starting", seconds=round(READY_SECONDS)))
        return refused(503, why_not, ready=False)

    async def body_of(request: Request) -> bytearray | Response:
        """Return what was sent, or what is to be said instead."""
        if request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
            return PlainTextResponse("a message is JSON", 415, HEADERS)
        body = bytearray()
        try:
            async with asyncio.timeout(MESSAGE_SECONDS):
                async for part in request.stream():
                    body += part
                    if len(body) > LONGEST_MESSAGE:
                        return PlainTextResponse("the message is too long", 413, HEADERS)
        except TimeoutError:
            return PlainTextResponse("the message does not come", 408, {**HEADERS, "Connection": "close"})
        except ClientDisconnect:
            return Response(status_code=400)  # that nobody reads
        return body

    async def on_screen(request: Request) -> Response:
        assert live is not None
        if request.method == "GET":
            first = request.query_params.get("from", "0")
            return JSONResponse(live.state(int(first) if first.isdecimal() else 0), headers=HEADERS)
        body = await body_of(request)
        if isinstance(body, Response):
            return body
        try:
            message = message_in(body.decode())
            if not isinstance(message, dict):
                raise InputError(said("refusal.live.message"))
            live.take(message)
        except UnicodeDecodeError:
            return refused(400, InputError(said("refusal.message.encoding")))
        except InputError as error:
            return refused(400, error)
        return Response(status_code=204, headers=HEADERS)

    async def ask(request: Request) -> Response:
        assert team is not None
        body = await body_of(request)
        if isinstance(body, Response):
            return body
        client = request.client.host if request.client is not None else ""
        try:
            message = body.decode()
            message_in(message)
            team.refuse_too_many(client)
        except UnicodeDecodeError:
            return refused(400, InputError(said("refusal.message.encoding")))
        except NoMessageError as error:
            return refused(400, error)
        except InputError as error:
            return refused(429, error)
        why_not = team.why_not()
        if why_not is not None:
            return refused(503, why_not)
        return StreamingResponse(_lines(team, message, client), headers=HEADERS, media_type="application/x-ndjson")

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        if team is not None:
            team.start()
        try:
            yield
        finally:
            if team is not None:
                await team.close()

    answering = [Route("/api/ready", ready), Route("/api/ask", ask, methods=["POST"])]
    showing = [Route("/api/live", on_screen, methods=["GET", "POST"])]
    routes = [
        *(answering if team is not None else []),
        *(showing if live is not None else []),
        Route("/{name:path}", file),
    ]
    return _only_under(Starlette(routes=routes, lifespan=lifespan), names)


async def _lines(team: Team, message: str, client: str) -> AsyncIterator[str]:
    async with contextlib.aclosing(team.ask(message, client)) as answers:
        async for kind, text in answers:
            yield f'{{"kind":"reply","reply":{text}}}\n' if kind == REPLY else f"{text}\n"


def _only_under(inner: Any, names: frozenset[str]) -> Any:
    """Refuse requests that another site sends (Origin), or that reach us under another name (Host)."""

    async def guarded(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
            origin = headers.get("origin")
            if headers.get("host") not in names or (origin is not None and origin.removeprefix("http://") not in names):
                from starlette.responses import PlainTextResponse

                await PlainTextResponse("this server does not go by that name", 403, HEADERS)(scope, receive, send)
                return

        async def in_time(message: Any) -> None:
            """Send a part of an answer; who does not take it in time has gone away."""
            try:
                async with asyncio.timeout(READER_SECONDS):
                    await send(message)
            except TimeoutError:
                raise OSError("nobody reads the answer") from None

        await inner(scope, receive, in_time if scope["type"] == "http" else send)

    return guarded


def serve(app: Any, listening: socket.socket, when_ready: Callable[[], None], team: Team | None = None) -> None:
    """Serve until somebody presses Ctrl-C.

    Parameters
    ----------
    app : ASGI application
        See `application`.
    listening : socket
        Where.
    when_ready : callable
        Called once requests are taken.
    team : Team, optional
        Of the application: told to stop first, so that whoever waits for an answer hears it.

    Raises
    ------
    KeyboardInterrupt
        On Ctrl-C, when everything is closed.
    """
    import uvicorn

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets=sockets)
            when_ready()

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            if team is not None:
                team.stop()
            await super().shutdown(sockets=sockets)

    config = uvicorn.Config(
        app, log_level="warning", ws="none", timeout_graceful_shutdown=1, access_log=False,
        limit_concurrency=MOST_CONNECTIONS,
    )  # fmt: skip
    try:
        Server(config).run(sockets=[listening])
    finally:
        if team is not None:
            team.kill()
