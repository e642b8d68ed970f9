"""``python -m benchmarks``: measure the figures that the project holds itself to, and compare each with its bar."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.figures import Figure


def _rows() -> dict[str, Callable[[bool], list[Figure]]]:
    """Return everything that can be measured, by the name of its row."""
    from benchmarks.figures import ROWS
    from benchmarks.sweeps import SWEEP_ROWS

    return {**ROWS, **SWEEP_ROWS}


def _arguments(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--only", action="append", choices=list(_rows()), help="measure this row alone; may be repeated"
    )
    parser.add_argument("--quick", action="store_true", help="fewer repeats and smaller sizes: rough figures")
    parser.add_argument("--json", action="store_true", dest="as_json", help="print JSON on standard output")
    return parser.parse_args(given)


def main(given: Sequence[str] | None = None) -> int:
    """Measure, print, and return 0 if every figure meets its bar, else 1."""
    # One core: numerical libraries read these when they are first imported.
    os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"), "1"))
    arguments = _arguments(given)
    from benchmarks.sweeps import ON_REQUEST
    from benchmarks.table import table
    from benchmarks.timing import machine_facts

    facts = machine_facts()
    figures = []
    rows = _rows()
    for row in arguments.only or [row for row in rows if row not in ON_REQUEST]:
        print(f"measuring {row} ...", file=sys.stderr, flush=True)
        figures += rows[row](arguments.quick)
    if arguments.as_json:
        report = {"machine": facts, "quick": arguments.quick, "figures": [figure.as_json() for figure in figures]}
        print(json.dumps(report, indent=2))
    else:
        print(table(figures, facts, arguments.quick))
    return 0 if all(figure.holds for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
