"""What ships: where scenarios and experiments are, in a checkout or an installed package, and scenarios as plain data.

Reading a scenario file takes ruamel.yaml; reading ``data/shipped.json``, which has what each sets other than the
defaults, takes the standard library, so it works in a browser too. ``python docs/make_pages.py`` writes it from
``scenarios/``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from sim.catalog.registry import default_values
from sim.words import said, typed

SUFFIX = ".yaml"
_PACKAGE = Path(__file__).resolve().parents[1]


def shipped_folder() -> Path:
    """Return the folder of the shipped scenarios.

    A wheel carries them in the package; a checkout, also when installed editable, has them beside it.
    """
    return _folder("scenarios")


def _folder(name: str) -> Path:
    installed = _PACKAGE / "library" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


def shipped_names() -> tuple[str, ...]:
    """Return the names of the shipped scenarios, in the order of the alphabet, the baseline first."""
    names = sorted(path.stem for path in shipped_folder().glob(f"*{SUFFIX}"))
    return tuple(sorted(names, key=lambda name: name != "baseline"))


def shipped_file(name: str) -> Path | None:
    """Return the file of a shipped scenario, or None where `name` is not the bare name of one."""
    return shipped_folder() / f"{name}{SUFFIX}" if name in shipped_names() else None


def other_command(name: str) -> str:
    """Say what the name of a shipped experiment, or scenario, is and what to type; nothing for other names."""
    if shipped_file(name) is not None:
        return said("refusal.is_scenario", name=name, command=typed("intranet-sim", "run", name))
    experiment = experiment_file(name)
    if experiment is None:
        return ""
    has_method = any(line.startswith("method:") for line in experiment.read_text(encoding="utf-8").splitlines())
    command = typed("intranet-sim", "sensitivity" if has_method else "sweep", name)
    return said("refusal.is_experiment", name=name, command=command)


def experiments_folder() -> Path:
    """Return the folder of the shipped experiments, found as that of the scenarios."""
    return _folder("experiments")


def experiment_names() -> tuple[str, ...]:
    """Return the names of the shipped experiments, in the order of the alphabet."""
    return tuple(sorted(path.stem for path in experiments_folder().glob(f"*{SUFFIX}")))


def experiment_file(name: str) -> Path | None:
    """Return the file of a shipped experiment, or None where `name` is not the bare name of one."""
    return experiments_folder() / f"{name}{SUFFIX}" if name in experiment_names() else None


FILE = "shipped.json"


@cache
def _settings() -> dict[str, dict[str, Any]]:
    text = resources.files("sim.scenario").joinpath("data", FILE).read_text(encoding="utf-8")
    settings: dict[str, dict[str, Any]] = json.loads(text)
    return settings


def plain_names() -> tuple[str, ...]:
    """Return the names of the shipped scenarios, the baseline first."""
    return tuple(_settings())


def plain_values(name: str | None) -> dict[str, Any]:
    """Return all values of a shipped scenario (None: the defaults), in the form of ``Scenario.resolved()``.

    Raises
    ------
    KeyError
        If there is no such scenario.
    """
    values = default_values()
    if name is None:
        return {**values, "name": "scenario"}
    for path, value in _settings()[name].items():
        *groups, key = path.split(".")
        place = values
        for group in groups:
            place = place[group]
        place[key] = deepcopy(value)
    return values


def settings_of(resolved: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a scenario sets other than the defaults, by dotted key; a framing and waves are one value each."""
    return _different(resolved, default_values(), "")


def _different(values: Mapping[str, Any], defaults: Mapping[str, Any], start: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in values.items():
        path = start + key
        if isinstance(value, Mapping) and path not in ("launch.framing", "launch.waves"):
            found.update(_different(value, defaults[key], f"{path}."))
        elif value != defaults[key]:
            found[path] = value
    return found
