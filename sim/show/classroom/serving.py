"""What ``class serve`` serves, and under which names."""

from __future__ import annotations

import contextlib
import json
import socket
from collections.abc import Mapping
from pathlib import Path, PurePath

from sim.errors import InputError
from sim.files import regular_content
from sim.show.classroom.folder import DEFAULTS, SUMS
from sim.show.page.files import NATIVE, Wishes, page_files
from sim.show.page.workers import Limits
from sim.texts import said, typed

CLASS_LIMITS = Limits(employees=2_000, work=1_000_000)  # thirty ask at a time
EVERYWHERE = ("0.0.0.0", "::")
HERE = ("127.0.0.1", "localhost")
SOMEWHERE_ELSE = ("192.0.2.1", 9)  # an address for documents; nothing is sent to it


def files_to_serve(
    folder: Path | None, is_native: bool, language: str | None = None, wishes: Wishes | None = None
) -> dict[str, bytes]:
    """Return the files to serve by name.

    Parameters
    ----------
    folder : Path, optional
        An edition; left out: the page alone.
    is_native : bool
        Whether this computer runs the model; the engine of an edition with the model stays as a second one.
    language : str, optional
        Language to start in, where the page is not that of the folder.
    wishes : Wishes, optional
        What the lecturer wants of the page, likewise.

    Raises
    ------
    sim.errors.InputError
        If `folder` is no edition.
    """
    files = {} if folder is None else _edition_in(folder)
    if not is_native:
        return files
    engines = json.loads(files["config.json"])["engines"] if files else []
    beside = [engine for engine in engines if engine["kind"] == "browser"]
    return {**files, **page_files([NATIVE, *beside], DEFAULTS, language, has_lesson=True, wishes=wishes)}


def with_live(files: Mapping[str, bytes], address: str) -> dict[str, bytes]:
    """Return the files of a page that offers to send predictions and cards to the screen; `address` leads to it."""
    config = {**json.loads(files["config.json"]), "live": address}
    return {**files, "config.json": json.dumps(config, ensure_ascii=False).encode()}


def _edition_in(folder: Path) -> dict[str, bytes]:
    """Return the files that an edition lists, and nothing else that lies there."""
    try:
        lines = regular_content(folder / SUMS).decode("utf-8").splitlines()
        root = folder.resolve()
        names = [name for name in (line.partition("  ")[2] for line in lines) if ".." not in PurePath(name).parts]
        places = {name: (root / name).resolve() for name in names}
        files = {name: regular_content(place) for name, place in places.items() if place.is_relative_to(root)}
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(_no_page(folder)) from error
    if not {"index.html", "config.json"} <= files.keys():
        raise InputError(_no_page(folder))
    return files


def addresses(host: str) -> list[str]:
    """Return the names under which a browser can call a server that listens on `host`, the best one first."""
    if host not in EVERYWHERE:
        return list(HERE) if host in HERE else [host]
    own = [address for address in _own_addresses() if not address.startswith("127.")]
    return [*own, socket.gethostname(), *HERE]


def _own_addresses() -> list[str]:
    """Return the IPv4 addresses of this computer, the one that leads to others first."""
    found = []
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(SOMEWHERE_ELSE)
        found.append(str(probe.getsockname()[0]))
    with contextlib.suppress(OSError):
        found += [str(one[4][0]) for one in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)]
    return list(dict.fromkeys(found))


def _no_page(folder: Path) -> str:
    return said("refusal.class.no_page", folder=folder, command=typed("intranet-sim", "class", "build", folder))
