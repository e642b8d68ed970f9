"""Run the notebooks of ``docs/tutorials`` and keep what their cells print.

Run as ``python docs/programs/notebooks.py`` after a change of results or of the notebooks. It needs no Jupyter: a cell
is run as it stands, what it prints and the value of its last expression become its output, as text. A test runs them
anew and holds the outputs against those that are kept.
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[1] / "tutorials"


def notebooks() -> list[Path]:
    """Return the files of all notebooks."""
    return sorted(FOLDER.glob("*.ipynb"))


def executed(notebook: dict[str, Any]) -> dict[str, Any]:
    """Return a notebook with the outputs of its cells, run one after the other.

    Raises
    ------
    Exception
        Whatever a cell raises.
    """
    names: dict[str, Any] = {"__name__": "__main__"}
    cells = []
    count = 0
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            count += 1
            text = _run("".join(cell["source"]), names)
            lines = text.splitlines(keepends=True)
            outputs = [{"name": "stdout", "output_type": "stream", "text": lines}] if lines else []
            cells.append({**cell, "execution_count": count, "outputs": outputs})
        else:
            cells.append(cell)
    return {**notebook, "cells": cells}


def _run(source: str, names: dict[str, Any]) -> str:
    """Return what a cell prints, and the value of its last expression."""
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(tree, "<cell>", "exec"), names)
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), "<cell>", "eval"), names)
            if value is not None:
                print(value)
    return printed.getvalue()


def main() -> None:
    """Run all notebooks and write them back."""
    for file in notebooks():
        found = executed(json.loads(file.read_text(encoding="utf-8")))
        file.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
