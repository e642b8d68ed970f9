"""Mutation testing: change one thing in the rules or the statistics, and see whether a test notices.

Run as ``python -m tests.mutation`` (about an hour on two cores; ``--every 8`` tries each eighth mutant). Each mutant is
a small change of one file of ``TRIED``; a child process imports the changed file in the place of the original and runs
the tests that concern it, stopping at the first that fails. A mutant that no test notices survives; survivors are
listed, to be judged. Rules run as plain Python here, since compiling each mutant would take hours.
"""

from __future__ import annotations

import argparse
import ast
import importlib.abc
import importlib.machinery
import importlib.util
import os
import random
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[2]
RULES = (
    "tests/docs/test_odd.py", "tests/behavior/test_all_rules.py", "tests/behavior/test_frame_rules.py",
    "tests/behavior/test_number_rules.py", "tests/behavior/test_posting_rules.py",
    "tests/behavior/test_reading_rules.py", "tests/behavior/test_responding_and_remembering_rules.py",
)  # fmt: skip
STATISTICS = tuple(
    f"tests/study/test_{name}.py"
    for name in (
        "known_values", "statistics", "intervals", "verdict", "yes_or_no", "ranking", "over_worlds", "decides", "times",
    )
)  # fmt: skip
TRIED: dict[str, tuple[str, ...]] = {
    **{
        f"sim/model/rules/{name}.py": RULES
        for name in ("frame", "numbers", "posting", "reading", "remembering", "responding")
    },
    "sim/kernel/estimates.py": STATISTICS,
    **{f"sim/analysis/{name}.py": STATISTICS for name in ("comparison", "statistics", "verdict", "over_worlds")},
}
SECONDS = 120
"""A mutant whose tests take longer hangs, which a time limit would notice."""

PASSED, NOTICED, BROKEN = 0, (1, 2, -signal.SIGKILL), 70
"""How the tests of a mutant end: a failed test, one that cannot be collected, and one that hangs are noticed."""

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult,
    ast.FloorDiv: ast.Div, ast.Mod: ast.Mult,
}  # fmt: skip
NAMES = {"min": "max", "max": "min", "any": "all", "all": "any"}


class Mutant(NamedTuple):
    """One change of one file: at which of its places, and what; at none it is the file as it is."""

    file: str
    line: int
    place: int
    what: str

    def tree(self) -> ast.Module:
        """Return the changed file."""
        tree = ast.parse((ROOT / self.file).read_text(encoding="utf-8"))
        if self.what:
            dict(_changes(_places(tree)[self.place]))[self.what]()
        return ast.fix_missing_locations(tree)


def mutants(file: str) -> Iterator[Mutant]:
    """Yield every mutant of a file."""
    for place, node in enumerate(_places(ast.parse((ROOT / file).read_text(encoding="utf-8")))):
        for what, _ in _changes(node):
            yield Mutant(file, getattr(node, "lineno", 0), place, what)


def _places(tree: ast.Module) -> list[ast.AST]:
    """Return what can be changed, the same in every copy of a file."""
    quiet = {id(node) for node in ast.walk(tree) for node in _unread(node)}
    return [node for node in ast.walk(tree) if id(node) not in quiet]


def _unread(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what does nothing in a run: docstrings and annotations, and types that only checkers read."""
    found: list[ast.AST] = []
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        found.append(node.value)
    if isinstance(node, ast.AnnAssign | ast.arg) and node.annotation is not None:
        found.append(node.annotation)
    if isinstance(node, ast.FunctionDef) and node.returns is not None:
        found.append(node.returns)
    if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
        found.append(node)
    if isinstance(node, ast.Raise):
        found.append(node)  # the words of an error
    for one in found:
        yield from ast.walk(one)


def _changes(node: ast.AST) -> Iterator[tuple[str, Any]]:
    """Yield what can be changed about a node: a name for the change, and what makes it."""
    if isinstance(node, ast.Compare):
        for position, operator in enumerate(node.ops):
            other = COMPARISONS[type(operator)]
            yield (
                f"{type(operator).__name__} -> {other.__name__}",
                lambda n=node, p=position, o=other: n.ops.__setitem__(p, o()),
            )
    elif isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        other_operator = OPERATORS[type(node.op)]
        yield (
            f"{type(node.op).__name__} -> {other_operator.__name__}",
            lambda n=node, o=other_operator: setattr(n, "op", o()),
        )
    elif isinstance(node, ast.BoolOp):
        turned: type[ast.boolop] = ast.Or if isinstance(node.op, ast.And) else ast.And
        yield f"{type(node.op).__name__} -> {turned.__name__}", lambda n=node, o=turned: setattr(n, "op", o())
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield "minus -> plus", lambda n=node: setattr(n, "op", ast.UAdd())
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield f"{node.value} -> {not node.value}", lambda n=node: setattr(n, "value", not n.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        yield f"{node.value} -> {node.value + 1}", lambda n=node: setattr(n, "value", n.value + 1)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in NAMES:
        new = NAMES[node.func.id]
        yield f"{node.func.id} -> {new}", lambda n=node, o=new: setattr(n.func, "id", o)
    elif isinstance(node, ast.If | ast.IfExp):
        for value in (True, False):
            yield f"if ... -> if {value}", lambda n=node, v=value: setattr(n, "test", ast.Constant(v))


class Changed(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Gives one changed module in the place of the original."""

    def __init__(self, mutant: Mutant) -> None:
        self.name = mutant.file.removesuffix(".py").replace("/", ".")
        self.file = str(ROOT / mutant.file)
        self.code = compile(mutant.tree(), self.file, "exec")

    def find_spec(self, name: str, path: object = None, target: object = None) -> importlib.machinery.ModuleSpec | None:
        """Return where the changed module comes from."""
        if name != self.name:
            return None
        return importlib.util.spec_from_file_location(name, self.file, loader=self)  # type: ignore[arg-type]

    def get_code(self, fullname: str) -> CodeType:
        """Return the changed code."""
        return self.code

    def get_source(self, fullname: str) -> str:
        """Return the source as it was, for messages."""
        return Path(self.file).read_text(encoding="utf-8")

    def exec_module(self, module: ModuleType) -> None:
        """Run the changed code."""
        exec(self.code, module.__dict__)


def start(mutant: Mutant) -> int:
    """Run the tests of a mutant in a child; return its process id."""
    child = os.fork()
    if child:
        return child
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    os.setsid()
    code = BROKEN
    try:
        import pytest

        sys.meta_path.insert(0, Changed(mutant))
        options = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-m", "not slow"]
        code = int(pytest.main([*options, *TRIED[mutant.file]]))
    finally:
        os._exit(code)


def results(tried: Sequence[Mutant], jobs: int) -> Iterator[tuple[Mutant, bool]]:
    """Yield each mutant with whether a test noticed it.

    Raises
    ------
    RuntimeError
        If tests could not be run at all: that is no verdict.
    """
    waiting = list(tried)
    running: dict[int, tuple[Mutant, float]] = {}
    while waiting or running:
        while waiting and len(running) < jobs:
            mutant = waiting.pop(0)
            running[start(mutant)] = (mutant, time.monotonic())
        child, status = os.waitpid(-1, os.WNOHANG)
        if child:
            mutant, _ = running.pop(child)
            code = os.waitstatus_to_exitcode(status)
            if code not in (PASSED, *NOTICED):
                raise RuntimeError(f"{mutant.file}:{mutant.line}: {mutant.what}: the tests ended with {code}")
            yield mutant, code != PASSED
            continue
        for one, (_, since) in running.items():
            if time.monotonic() - since > SECONDS:
                os.killpg(one, signal.SIGKILL)
        time.sleep(0.02)


def main() -> None:
    """Try the mutants and print what survived."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("files", nargs="*", default=list(TRIED), help="files to change; all if left out")
    parser.add_argument("--every", type=int, default=1, help="try each N-th mutant only, chosen by a fixed seed")
    parser.add_argument("--first", type=int, default=0, metavar="K", help="with --every: begin at the K-th, from 0")
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args()
    os.environ["NUMBA_DISABLE_JIT"] = "1"
    os.chdir(ROOT)
    import numpy  # noqa: F401, what every child needs is loaded once
    import pandas  # noqa: F401
    import pytest  # noqa: F401
    import scipy.stats  # noqa: F401

    of_each_set = {TRIED[file]: Mutant(file, 0, 0, "") for file in given.files}  # files share their tests
    for mutant, is_killed in results(list(of_each_set.values()), given.jobs):
        if is_killed:
            raise SystemExit(f"{mutant.file}: its tests fail as it is")
    all_of_them = [mutant for file in given.files for mutant in mutants(file)]
    random.Random(1).shuffle(all_of_them)
    tried = all_of_them[given.first :: given.every]
    counts: dict[str, list[int]] = {}
    survivors = []
    for done, (mutant, is_killed) in enumerate(results(tried, given.jobs), start=1):
        count = counts.setdefault(mutant.file, [0, 0])
        count[0] += is_killed
        count[1] += 1
        if not is_killed:
            survivors.append(mutant)
        print(f"\r{done} of {len(tried)}, {len(survivors)} survive", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    for file, (killed, n) in sorted(counts.items()):
        print(f"{file}: {killed} of {n} killed ({100 * killed / n:.0f}%)")
    n_killed = sum(killed for killed, _ in counts.values())
    print(f"all: {n_killed} of {len(tried)} killed ({100 * n_killed / max(len(tried), 1):.0f}%)")
    for mutant in sorted(survivors, key=lambda one: (one.file, one.line)):
        print(f"survives: {mutant.file}:{mutant.line}: {mutant.what}")


if __name__ == "__main__":
    main()
