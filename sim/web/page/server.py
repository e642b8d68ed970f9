"""The server of the page: files, and one address that takes the one message. For this machine alone, unless
it is told to listen to others.

A reply is a stream of lines of JSON: ``{"kind": "network" | "week", ...}`` for what is known on the way, and last
``{"kind": "reply", "reply": {...}}``.
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import mimetypes
import socket
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sim.errors import InputError
from sim.scenario.plain import NoMessageError, message_in
from sim.web.answer.card import LARGEST_NONCE, WINNERS, CardError, decode
from sim.web.answer.requests import is_whole
from sim.web.page.arc import ROUNDS
from sim.web.page.files import SECURITY_POLICY
from sim.web.page.workers import REPLY, Team
from sim.words import DEFAULT_LANGUAGE, LANGUAGES, said

HOST = "127.0.0.1"
HTTP_PORT = 80  # browsers leave it out of the name
LONGEST_MESSAGE = 200_000  # bytes
# Deadlines: for a message to come in, for a reader to take the next part of an answer, for a process to be ready.
MESSAGE_SECONDS = 30.0
READER_SECONDS = 60.0
READY_SECONDS = 600.0
MOST_CONNECTIONS = 1000
PLAIN, PACKED, PACKING = "plain", "packed", 6
TYPES = {
    ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".json": "application/json",
    ".txt": "text/plain", ".mjs": "text/javascript", ".wasm": "application/wasm",
}  # fmt: skip
HEADERS = {
    "Content-Security-Policy": f"{SECURITY_POLICY}; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
PACKED_HEADERS = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]


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

    Raises
    ------
    sim.errors.InputError
        If there is no room for the files.
    """
    from starlette.applications import Starlette
    from starlette.middleware import Middleware
    from starlette.middleware.trustedhost import TrustedHostMiddleware
    from starlette.requests import ClientDisconnect, Request
    from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
    from starlette.routing import Mount, Route

    folder = _folder_with(files)

    def refused(status: int, error: InputError, **more: Any) -> Response:
        return JSONResponse({**error.as_reply(), **more}, status)

    async def ready(request: Request) -> Response:
        assert team is not None
        if "now" in request.query_params:  # a look whether anybody is there at all
            return JSONResponse({"ready": team.is_ready})
        if await team.until_ready(READY_SECONDS):
            return JSONResponse({"ready": True})
        why_not = team.why_not() or InputError(said("refusal.page.starting", seconds=round(READY_SECONDS)))
        return refused(503, why_not, ready=False)

    async def body_of(request: Request) -> bytearray | Response:
        """Return what was sent, or what is to be said instead."""
        if request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
            return PlainTextResponse("a message is JSON", 415)
        body = bytearray()
        try:
            async with asyncio.timeout(MESSAGE_SECONDS):
                async for part in request.stream():
                    body += part
                    if len(body) > LONGEST_MESSAGE:
                        return PlainTextResponse("the message is too long", 413)
        except TimeoutError:
            return PlainTextResponse("the message does not come", 408, {"Connection": "close"})
        except ClientDisconnect:
            return Response(status_code=400)  # that nobody reads
        return body

    async def on_screen(request: Request) -> Response:
        assert live is not None
        if request.method == "GET":
            first = request.query_params.get("from", "0")
            return JSONResponse(live.state(int(first) if first.isdecimal() else 0))
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
        return Response(status_code=204)

    async def debrief(request: Request) -> Response:
        assert live is not None
        assert live.team is not None
        client = request.client.host if request.client is not None else ""
        try:
            live.team.refuse_too_many(client)
        except InputError as error:
            return refused(429, error)
        message = live.message(request.query_params.get("lang", DEFAULT_LANGUAGE))
        return StreamingResponse(_lines(live.team, message, client), media_type="application/x-ndjson")

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
        return StreamingResponse(_lines(team, message, client), media_type="application/x-ndjson")

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        teams = [one for one in (team, live.team if live else None) if one is not None]
        for one in teams:
            one.start()
        try:
            yield
        finally:
            for one in teams:
                await one.close()
            folder.cleanup()

    answering = [Route("/api/ready", ready), Route("/api/ask", ask, methods=["POST"])]
    showing = [Route("/api/live", on_screen, methods=["GET", "POST"])]
    routes = [
        *(answering if team is not None else []),
        *(showing if live is not None else []),
        *([Route("/api/debrief", debrief)] if live is not None and live.team is not None else []),
        Mount("/", _packed_or_plain(Path(folder.name))),
    ]
    # A name that is not ours comes by a trick: from a page whose name was made to lead here.
    hosts = sorted({name.split(":")[0] for name in names})
    trusted = Middleware(TrustedHostMiddleware, allowed_hosts=hosts, www_redirect=False)
    return _guarded(Starlette(routes=routes, lifespan=lifespan, middleware=[trusted]), names)


def _packed_or_plain(folder: Path) -> Any:
    """Serve files as they are, or packed to whoever takes gzip: they were packed once, not for each request."""
    from starlette.datastructures import Headers, MutableHeaders
    from starlette.staticfiles import StaticFiles

    plain, packed = (StaticFiles(directory=folder / name, html=True) for name in (PLAIN, PACKED))

    async def served(scope: Any, receive: Any, send: Any) -> None:
        is_packed = "gzip" in Headers(scope=scope).get("accept-encoding", "")

        async def told(message: Any) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.add_vary_header("Accept-Encoding")
                if is_packed and message["status"] in (200, 206):
                    headers["Content-Encoding"] = "gzip"
            await send(message)

        await (packed if is_packed else plain)(scope, receive, told)

    return served


def _folder_with(files: Mapping[str, bytes]) -> TemporaryDirectory[str]:
    """Return a folder with the files, plain and packed, and nothing else, which goes when nobody needs it any more."""
    for suffix, kind in TYPES.items():  # a computer may think otherwise, and browsers take no script of another type
        mimetypes.add_type(kind, suffix)
    folder = TemporaryDirectory(prefix="intranet-sim-")
    try:
        for name, content in files.items():
            for kind, bytes_ in ((PLAIN, content), (PACKED, gzip.compress(content, PACKING, mtime=0))):
                place = Path(folder.name, kind, name)
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(bytes_)
    except OSError as error:
        folder.cleanup()
        raise InputError(said("refusal.place", place=folder.name, reason=error.strerror)) from error
    return folder


async def _lines(team: Team, message: str, client: str) -> AsyncIterator[str]:
    async with contextlib.aclosing(team.ask(message, client)) as answers:
        async for kind, text in answers:
            yield f'{{"kind":"reply","reply":{text}}}\n' if kind == REPLY else f"{text}\n"


def _guarded(inner: Any, names: frozenset[str]) -> Any:
    """Refuse what another site sends (Origin), let nobody wait for a reader who has gone, and say what pages may do."""

    async def guarded(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await inner(scope, receive, send)
            return

        async def in_time(message: Any) -> None:
            """Send a part of an answer; who does not take it in time has gone away."""
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *PACKED_HEADERS]
            try:
                async with asyncio.timeout(READER_SECONDS):
                    await send(message)
            except TimeoutError:
                raise OSError("nobody reads the answer") from None

        origins = [value.decode("latin-1") for name, value in scope["headers"] if name == b"origin"]
        if all(origin.removeprefix("http://") in names for origin in origins):
            await inner(scope, receive, in_time)
            return
        from starlette.responses import PlainTextResponse

        await PlainTextResponse("another site may not ask this server", 403)(scope, receive, in_time)

    return guarded


def serve(app: Any, listening: socket.socket, when_ready: Callable[[], None], *teams: Team | None) -> None:
    """Serve until somebody presses Ctrl-C.

    Parameters
    ----------
    app : ASGI application
        See `application`.
    listening : socket
        Where.
    when_ready : callable
        Called once requests are taken.
    *teams : Team or None
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
            for team in filter(None, teams):
                team.stop()
            await super().shutdown(sockets=sockets)

    config = uvicorn.Config(
        app, log_level="warning", ws="none", timeout_graceful_shutdown=1, access_log=False,
        limit_concurrency=MOST_CONNECTIONS,
    )  # fmt: skip
    try:
        Server(config).run(sockets=[listening])
    finally:
        for team in filter(None, teams):
            team.kill()


# What a class sends to the screen in front of it: predictions as they are made, cards as they come; in memory alone.


MOST_STUDENTS = 300
ROUND_NAMES = tuple(one.name for one in ROUNDS)


class Live:
    """Predictions and cards of a class, as they come in.

    Parameters
    ----------
    team : Team, optional
        Answers the messages of `message`: the debrief of the cards. Left out: there is none.
    """

    def __init__(self, team: Team | None = None) -> None:
        self.team = team
        self._predicted: dict[str, dict[int, str]] = {name: {} for name in ROUND_NAMES}
        self._joined: set[int] = set()
        self._cards: dict[tuple[int, str], str] = {}

    def take(self, message: Mapping[str, Any]) -> None:
        """Take a message: ``{"nonce": N}``, with ``round`` and ``winner`` for a prediction, and ``code`` for its card.

        A prediction stays what it was first; so does a card.

        Raises
        ------
        sim.errors.InputError
            If there is anything else in it, or the class is full.
        """
        parts: Any = [message.get(key) for key in ("nonce", "round", "winner", "code")]
        nonce, name, winner, code = parts
        is_right = is_whole(nonce, 0, LARGEST_NONCE) and set(message) <= {"nonce", "round", "winner", "code"}
        is_right = is_right and (name is None or name in ROUND_NAMES) and (winner is None or winner in WINNERS)
        if not is_right or ((winner or code) and name is None):
            raise InputError(said("refusal.live.message"))
        if nonce not in self._joined and len(self._joined) >= MOST_STUDENTS:
            raise InputError(said("refusal.live.full", most=MOST_STUDENTS))
        if code is not None:
            self._check_card(code, nonce)
            self._cards.setdefault((nonce, name), code)
        self._joined.add(nonce)
        if winner is not None:
            self._predicted[name].setdefault(nonce, winner)

    @staticmethod
    def _check_card(code: Any, nonce: Any) -> None:
        try:
            is_own = isinstance(code, str) and decode(code).nonce == nonce
        except CardError:
            is_own = False
        if not is_own:
            raise InputError(said("refusal.live.card"))

    def state(self, first: int = 0) -> dict[str, Any]:
        """Return how many have joined, the counts of predictions by round, and the cards from the `first` one on."""
        counts = {
            name: {winner: list(found.values()).count(winner) for winner in WINNERS}
            for name, found in self._predicted.items()
        }
        cards = list(self._cards.values())
        return {"joined": len(self._joined), "predicted": counts, "cards": cards[first:], "n_cards": len(cards)}

    def message(self, language: str) -> str:
        """Return what asks the team for the debrief of all cards so far."""
        known = language if language in LANGUAGES else DEFAULT_LANGUAGE
        return json.dumps({"codes": list(self._cards.values()), "language": known})
