"""What the browser tests need beside Python; a test that lacks something says what."""

from __future__ import annotations

import os
import shutil

import parts
import pytest

PAGE = parts.HERE.parents[1] / "sim" / "web" / "page"


def chromium(*, with_numpy: bool = False) -> str:
    """Return the browser's program; skip, or fail where everything should be there, without one of the tools."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    missing = [name for name, found in {"chromium": program, "node": shutil.which("node")}.items() if not found]
    if not all((parts.HERE / "node_modules" / name).is_dir() for name in ("playwright-core", "axe-core")):
        missing.append("npm packages (npm ci --prefix tests/page)")
    if with_numpy:
        try:
            parts.numpy_wheel()
        except parts.MissingPartError as error:
            missing.append(str(error))
    _skip_without(missing)
    return str(program)


def node() -> str:
    """Return node; skip, or fail, without."""
    found = shutil.which("node")
    _skip_without([] if found else ["node"])
    return str(found)


def node_for_building() -> str:
    """Return node, with the packages that the page is built with; skip, or fail, without."""
    node = shutil.which("node")
    missing = [] if node else ["node"]
    if not (PAGE / "node_modules" / "esbuild").is_dir():
        missing.append("npm packages (npm ci --prefix sim/web/page)")
    _skip_without(missing)
    return str(node)


def _skip_without(missing: list[str]) -> None:
    if missing:
        message = f"missing: {'; '.join(missing)}"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
