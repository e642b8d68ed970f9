"""Where code lives: imports only go down, and the science core needs nothing but NumPy.

``docs`` and the design call the layers by these names; a new module gets its place in `LAYERS`.
"""

from __future__ import annotations

import ast
import graphlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from time_limits import PROGRAM_SECONDS

import sim

SOURCE = Path(sim.__file__).resolve().parent

# From the bottom up; modules of one layer may import each other.
LAYERS: tuple[tuple[str, ...], ...] = (
    ("version", "words", "errors"),
    ("kernel",),
    ("catalog",),
    ("exports",),
    ("scenario",),
    ("organization",),
    ("model",),
    ("experiments",),
    ("runs",),
    ("analysis",),
    ("evidence",),
    ("web",),
    ("figures",),
    ("documents",),
    ("pages",),
    ("cli", "request", "studies", "program", "__main__"),
)
HEIGHT = {name: height for height, layer in enumerate(LAYERS) for name in layer}
# The same within a shelf that has floors of its own.
WITHIN: dict[str, tuple[tuple[str, ...], ...]] = {
    "model": (
        ("rules",),
        ("state", "person_columns"),
        ("steps",),
        ("engine",),
        ("outcomes", "groups"),
        ("preparing", "simulation"),
        ("extension",),
        ("why",),
        ("employee",),
        ("face",),
    ),
    "web": (("answer",), ("page",), ("classroom",)),
}

CORE = (
    "kernel.streams",
    "kernel.tables",
    "kernel.files",
    "organization",
    *(f"model.{name}" for floor in WITHIN["model"][:6] for name in floor),
)
PLAIN_SCENARIO = ("catalog", "scenario.departments")

AFTER_RUNS = tuple(f"sim.{name}" for name in ("runs", "analysis", "evidence", "figures", "documents", "pages", "web"))
# Who may import which third-party package, by the beginning of the module's name.
THIRD_PARTY: dict[str, tuple[str, ...]] = {
    "networkx": ("sim.model.face",),
    "numba": ("sim.kernel.compiled",),
    "ruamel": ("sim.scenario", "sim.experiments"),
    "python_calamine": ("sim.exports",),
    "mesa": ("sim.model.face", "sim.model.employee"),
    "pandas": ("sim.model.face", *AFTER_RUNS, "sim.studies", "sim.program"),
    "pyarrow": ("sim.runs", "sim.analysis", "sim.evidence"),
    "scipy": ("sim.kernel.estimates", "sim.experiments", "sim.runs", "sim.analysis", "sim.evidence"),
    "SALib": ("sim.experiments", "sim.analysis"),
    "sklearn": ("sim.analysis.discovery", "sim.evidence.calibration"),
    "threadpoolctl": ("sim.evidence.calibration",),
    "matplotlib": ("sim.figures", "sim.documents", "sim.pages", "sim.web"),
    "jinja2": ("sim.documents", "sim.pages"),
    "markupsafe": ("sim.documents", "sim.pages"),
    "distributed": ("sim.runs.executors",),
    "starlette": ("sim.web.page",),
    "uvicorn": ("sim.web.page",),
    "click": ("sim.cli", "sim.__main__"),
    "rich": ("sim.cli", "sim.documents"),
    "numpy": tuple(
        f"sim.{name}"
        for name in (
            "kernel",
            "exports",
            "organization",
            "model",
            "experiments",
            "runs",
            "analysis",
            "evidence",
            "figures",
            "documents",
            "pages",
            "web",
            "cli",
        )
    ),
}


class Import(NamedTuple):
    """One import statement."""

    importer: str
    imported: str
    is_for_types: bool
    line: int
    is_text: bool = False  # a name in quotes, for ``importlib`` to import, or a folder whose data is read


def module_name(file: Path) -> str:
    """Return the dotted name of a source file."""
    parts = ("sim", *file.relative_to(SOURCE).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def statements(node: ast.AST, is_for_types: bool = False) -> Iterator[tuple[ast.AST, bool]]:
    """Yield every node below `node`, and whether only type checkers see it."""
    for child in ast.iter_child_nodes(node):
        for_types = is_for_types or (isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test))
        yield child, for_types
        yield from statements(child, for_types)


def is_module(name: str) -> bool:
    """Return whether a dotted name is one of ours."""
    path = SOURCE.joinpath(*name.split(".")[1:])
    return name.startswith("sim.") and (path.with_suffix(".py").exists() or (path / "__init__.py").exists())


def imports_of(file: Path) -> Iterator[Import]:
    """Yield the imports of a file, also those inside functions, and modules that it names in quotes."""
    importer = module_name(file)
    for node, for_types in statements(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(importer, alias.name, for_types, node.lineno)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}:{node.lineno}: relative import"
            base = node.module or ""
            for alias in node.names:
                # `from sim import engine` names a module, `from sim.model.engine import one_day` does not.
                whole = f"{base}.{alias.name}"
                yield Import(importer, whole if is_module(whole) else base, for_types, node.lineno)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and is_module(node.value.rstrip(".")):
            yield Import(importer, node.value.rstrip("."), for_types, node.lineno, is_text=True)


EVERY = [one for file in sorted(SOURCE.rglob("*.py")) for one in imports_of(file)]
ALL_IMPORTS = [one for one in EVERY if not one.is_text]
NAMED = [one for one in EVERY if one.is_text]
INNER = [one for one in ALL_IMPORTS if one.imported.split(".")[0] == "sim"]
OUTER = [
    one for one in ALL_IMPORTS if one.imported.split(".")[0] not in {"sim", *sys.stdlib_module_names, "__future__"}
]


def layer(module: str) -> str:
    """Return the part of the package that a module belongs to."""
    return module.split(".")[1] if "." in module else "sim"


def test_the_walk_finds_what_it_should() -> None:
    assert len(ALL_IMPORTS) > 300
    assert ("sim.model.engine", "sim.model.state") in {(one.importer, one.imported) for one in INNER}
    assert ("sim.model.face", "mesa") in {(one.importer, one.imported) for one in OUTER}
    # An import inside a function counts, one for type checkers only is marked.
    assert ("sim.model.employee", "sim.model.why.explanation", False) in {one[:3] for one in INNER}
    assert ("sim.model.employee", "sim.model.face", True) in {one[:3] for one in INNER}
    # So does a name in quotes: of a table that is looked up in, the beginning of one that is put together.
    assert {("sim", "sim.program"), ("sim.cli.table", "sim.cli")} <= {one[:2] for one in NAMED}


def test_every_module_has_a_layer() -> None:
    present = {layer(module_name(file)) for file in SOURCE.rglob("*.py")} - {"sim", "library"}
    assert present == set(HEIGHT)


def test_imports_only_go_down() -> None:
    upward = [
        f"{one.importer}:{one.line} imports {one.imported}"
        for one in [*INNER, *NAMED]
        if not one.is_for_types and "sim" not in (layer(one.importer), layer(one.imported))
        if HEIGHT[layer(one.importer)] < HEIGHT[layer(one.imported)]
    ]
    assert upward == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph: dict[str, set[str]] = {}
    for one in INNER:
        if not one.is_for_types and one.imported != one.importer:
            graph.setdefault(one.importer, set()).add(one.imported)
    graphlib.TopologicalSorter(graph).prepare()  # raises CycleError, with the circle


def floor(module: str) -> str:
    """Return the part of a shelf that a module belongs to; the shelf itself has none."""
    return module.split(".")[2] if module.count(".") > 1 else ""


@pytest.mark.parametrize("shelf", WITHIN)
def test_imports_only_go_down_within_a_shelf(shelf: str) -> None:
    height = {name: height for height, names in enumerate(WITHIN[shelf]) for name in names}
    inside = [one for one in [*INNER, *NAMED] if layer(one.importer) == layer(one.imported) == shelf]
    assert {floor(one.importer) for one in inside} - {""} <= set(height)
    upward = [
        f"{one.importer}:{one.line} imports {one.imported}"
        for one in inside
        if not one.is_for_types and floor(one.importer) and floor(one.imported)
        if height[floor(one.importer)] < height[floor(one.imported)]
    ]
    assert upward == []


def test_nobody_imports_the_package_as_a_whole() -> None:
    # It would hide the layer; only the version lives in the package itself.
    assert [one for one in INNER if one.imported == "sim"] == []


def test_third_party_packages_stay_where_they_belong() -> None:
    strays = [
        f"{one.importer}:{one.line} imports {one.imported}"
        for one in OUTER
        if not one.is_for_types
        if not one.importer.startswith(THIRD_PARTY.get(one.imported.split(".")[0], ("nowhere",)))
    ]
    assert strays == []


def test_the_tables_of_the_scenario_layer_are_plain_data() -> None:
    plain = tuple(f"sim.{name}" for name in PLAIN_SCENARIO)
    for one in ALL_IMPORTS:
        if one.importer.startswith(plain) and one.imported.split(".")[0] not in sys.stdlib_module_names:
            assert one.imported.startswith((*plain, "sim.words", "sim.kernel")), one


def test_the_core_sees_only_the_plain_part_of_the_scenario_layer() -> None:
    core = tuple(f"sim.{name}" for name in CORE)
    plain = tuple(f"sim.{name}" for name in PLAIN_SCENARIO)
    seen = [one for one in INNER if one.importer.startswith(core) and layer(one.imported) in ("catalog", "scenario")]
    assert len(seen) > 2
    assert [one for one in seen if not one.imported.startswith(plain)] == []


RUN_CORE = """
import sys

ALLOWED = {"sim", "numpy", *sys.stdlib_module_names, *sys.argv[1:]}

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] not in ALLOWED and not name.startswith("_"):
            raise ImportError(f"the science core must not import {name}")
        return None

sys.meta_path.insert(0, Blocker())
from sim.catalog.registry import default_values
from sim.model.simulation import simulate
from sim.kernel.compiled import HAS_NUMBA

values = default_values()
values["organization"]["employees"] = 60
values["run"]["weeks"] = 3
values["platform"]["following"] = "approval"
result = simulate(values, 5)
third_party = {name.split(".")[0] for name in sys.modules} - set(sys.stdlib_module_names) - {"sim", "__main__"}
print(HAS_NUMBA, float.hex(result.outcomes["cohesion"]), float.hex(result.outcomes["monthly_readers"]))
print(*sorted(name for name in third_party if not name.startswith("_")))
"""


def run_core(*allowed: str, script: str = RUN_CORE) -> tuple[list[str], set[str]]:
    """Run the core where nothing but NumPy and `allowed` can be imported; return results and packages loaded."""
    environment = {**os.environ, "PYTHONPATH": str(SOURCE.parent)}
    environment.pop("NUMBA_DISABLE_JIT", None)
    done = subprocess.run(
        [sys.executable, "-c", script, *allowed],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=PROGRAM_SECONDS,
    )
    assert done.returncode == 0, done.stderr
    results, packages = done.stdout.splitlines()
    return results.split(), set(packages.split())


def test_the_core_runs_with_numpy_alone_and_gives_the_same_numbers() -> None:
    (is_compiled, *plain), packages = run_core()
    assert is_compiled == "False"
    assert packages <= {"numpy", "cython_runtime"}
    (is_compiled, *compiled), packages = run_core("numba", "llvmlite")
    assert is_compiled == "True"
    assert packages <= {"numpy", "cython_runtime", "numba", "llvmlite"}
    assert plain == compiled


def test_the_block_blocks() -> None:
    with pytest.raises(AssertionError, match="must not import pandas"):
        run_core(script=RUN_CORE.replace("from sim.model.simulation", "import pandas\nfrom sim.model.simulation"))
