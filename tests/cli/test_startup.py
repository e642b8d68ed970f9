"""Commands that compute nothing start without the libraries that compute."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from time_limits import PROGRAM_SECONDS

REPOSITORY = Path(__file__).resolve().parents[2]
HEAVY = ("numpy", "numba", "mesa", "pandas", "pyarrow", "scipy", "SALib", "matplotlib")


def loaded_after(code: str) -> set[str]:
    """Return which top-level modules are there after running `code` in a fresh interpreter."""
    script = f"import sys\n{code}\nprint('MODULES', *sorted({{name.split('.')[0] for name in sys.modules}}))"
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
        check=True,
        timeout=PROGRAM_SECONDS,
    )
    return set(done.stdout.rsplit("MODULES", 1)[1].split())


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["--version"], ["validate", "scenarios/patient-rollout.yaml"], ["scenarios"], ["schema"]],
    ids=lambda arguments: arguments[0],
)
def test_command_is_light(arguments: list[str]) -> None:
    modules = loaded_after(f"from sim.__main__ import main\nassert main({arguments!r}) == 0")
    assert not modules & set(HEAVY)


def test_validate_with_a_staff_file_needs_numpy_and_no_more(tmp_path: Path) -> None:
    (tmp_path / "staff.csv").write_text("age,department\n30,a\n40,b\n")
    (tmp_path / "own.yaml").write_text("organization: {workforce: staff.csv}\n")
    varied = "base: own.yaml\ndesign: grid\nlevers: {launch.waves: [all_at_once, {pilot: [a]}]}\n"
    (tmp_path / "varied.yaml").write_text(varied)
    files = [str(tmp_path / "own.yaml"), str(tmp_path / "varied.yaml")]
    modules = loaded_after(f"from sim.__main__ import main\nassert main({['validate', *files]!r}) == 0")
    assert not modules & ({*HEAVY} - {"numpy", "numba", "scipy"})  # numba looks for scipy


def test_help_and_parameters_need_no_yaml_reader() -> None:
    modules = loaded_after("from sim.__main__ import main\nmain(['--help'])\nmain(['parameters'])")
    assert not modules & {*HEAVY, "ruamel", "rich"}


def test_importing_the_package_imports_nothing_else() -> None:
    modules = loaded_after("import sim.scenario, sim.catalog.registry")
    third_party = modules - set(sys.stdlib_module_names) - {"sim", "__main__"}
    before = loaded_after("pass") - set(sys.stdlib_module_names)
    assert third_party <= before | {"sim"}
