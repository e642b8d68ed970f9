"""A small server for the browser tests: the proof page, Pyodide, NumPy and the science core, on 127.0.0.1 alone."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import parts

from sim.web.classroom.parts import core_archive

PROOF = parts.HERE / "proof"
PYODIDE_FILES = ("pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
TYPES = {
    ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".json": "application/json",
    ".wasm": "application/wasm", ".css": "text/css",
}  # fmt: skip


def served_files() -> dict[str, bytes]:
    """Return all that the page can ask for, by path."""
    return {
        "/": (PROOF / "index.html").read_bytes(),
        "/worker.js": (PROOF / "worker.js").read_bytes(),
        "/core.zip": core_archive(),
        "/numpy.whl": parts.numpy_wheel().read_bytes(),
        **{f"/pyodide/{name}": (parts.PYODIDE / name).read_bytes() for name in PYODIDE_FILES},
    }


@contextmanager
def server(files: Mapping[str, bytes], headers: Mapping[str, str] | None = None) -> Iterator[str]:
    """Serve files in the background, each with these headers; the value is the address of the page."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = files.get(self.path.partition("?")[0])
            self.send_response(404 if content is None else 200)
            self.send_header(
                "Content-Type",
                TYPES.get(Path(self.path.partition("?")[0]).suffix or ".html", "application/octet-stream"),
            )
            self.send_header("Content-Length", str(len(content or b"")))
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content or b"")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.server_port}/"
    finally:
        listening.shutdown()
        listening.server_close()
        thread.join()
