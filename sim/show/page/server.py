"""The server of the page: files from memory, and one address that takes the one message. For this machine alone.

A reply is a stream of lines of JSON: ``{"kind": "network" | "week", ...}`` for what is known on the way, and last
``{"kind": "reply", "reply": {...}}``.
"""

from __future__ import annotations

import contextlib
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import PurePath
from typing import Any

from sim.errors import InputError
from sim.show.page.files import SECURITY_POLICY
from sim.show.page.workers import REPLY, Team

HOST = "127.0.0.1"
HTTP_PORT = 80  # browsers leave it out of the name
LONGEST_MESSAGE = 200_000  # bytes
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


def bound_socket(port: int | None) -> socket.socket:
    """Return a socket of this machine alone; without a port, on one that is free.

    Raises
    ------
    sim.errors.InputError
        If the port is taken or not allowed.
    """
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((HOST, port or 0))
    except OSError as error:
        listening.close()
        raise InputError(f"--port {port}: {error.strerror}; leave it out to take a free one") from error
    return listening


def own_names(port: int) -> frozenset[str]:
    """Return what a browser on this machine calls the server: any other name came by a trick."""
    names = (HOST, "localhost")
    return frozenset([f"{name}:{port}" for name in names] + (list(names) if port == HTTP_PORT else []))


def application(files: Mapping[str, bytes], team: Team, names: frozenset[str]) -> Any:
    """Return the ASGI application.

    Parameters
    ----------
    files : mapping of str to bytes
        What is served, by name; ``index.html`` also as the root.
    team : Team
        Answers the messages; started and ended with the server.
    names : frozenset of str
        Host and port by which the server may be called.
    """
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
    from starlette.routing import Route

    async def file(request: Request) -> Response:
        name = request.path_params["name"] or "index.html"
        if name not in files:
            return PlainTextResponse("not found", 404, HEADERS)
        kind = TYPES.get(PurePath(name).suffix, "application/octet-stream")
        return Response(files[name], headers=HEADERS, media_type=kind)

    async def ready(_: Request) -> Response:
        await team.ready.wait()
        return JSONResponse({"ready": True}, headers=HEADERS)

    async def ask(request: Request) -> Response:
        if request.headers.get("content-type", "").split(";")[0] != "application/json":
            return PlainTextResponse("a message is JSON", 415, HEADERS)
        body = bytearray()
        async for part in request.stream():
            body += part
            if len(body) > LONGEST_MESSAGE:
                return PlainTextResponse("the message is too long", 413, HEADERS)
        message = body.decode("utf-8", "replace")
        return StreamingResponse(_lines(team, message), headers=HEADERS, media_type="application/x-ndjson")

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        team.start()
        try:
            yield
        finally:
            await team.close()

    routes = [
        Route("/api/ready", ready),
        Route("/api/ask", ask, methods=["POST"]),
        Route("/{name:path}", file),
    ]
    return _only_from_here(Starlette(routes=routes, lifespan=lifespan), names)


async def _lines(team: Team, message: str) -> AsyncIterator[str]:
    async with contextlib.aclosing(team.ask(message)) as answers:
        async for kind, text in answers:
            yield f'{{"kind":"reply","reply":{text}}}\n' if kind == REPLY else f"{text}\n"


def _only_from_here(inner: Any, names: frozenset[str]) -> Any:
    """Refuse requests that another site sends (Origin), or that reach us under another name (Host)."""

    async def guarded(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
            origin = headers.get("origin")
            if headers.get("host") not in names or (origin is not None and origin.removeprefix("http://") not in names):
                from starlette.responses import PlainTextResponse

                await PlainTextResponse("this page is for this computer alone", 403, HEADERS)(scope, receive, send)
                return
        await inner(scope, receive, send)

    return guarded


def serve(app: Any, listening: socket.socket, when_ready: Callable[[], None]) -> None:
    """Serve until somebody presses Ctrl-C."""
    import uvicorn

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets=sockets)
            when_ready()

    config = uvicorn.Config(app, log_level="warning", ws="none", timeout_graceful_shutdown=1, access_log=False)
    with contextlib.suppress(KeyboardInterrupt):
        Server(config).run(sockets=[listening])
