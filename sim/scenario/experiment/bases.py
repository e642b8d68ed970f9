"""The base scenarios of an experiment: what everything starts from."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from sim.scenario.experiment.settings import Setting
from sim.scenario.extending import find_beside, near_file, outside_reach, read_chain
from sim.scenario.loading import checked_with
from sim.scenario.located import KeyPath, Listing, Node, Place, Scalar, plain
from sim.scenario.problems import Problem
from sim.scenario.structure import name_from_file
from sim.scenario.wording import shown
from sim.texts.said import said

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario

_EXAMPLE = "base: baseline"


class Bases(NamedTuple):
    """The base scenarios as named and as loaded, and everything that is wrong with them."""

    names: tuple[str, ...]
    scenarios: tuple[Scenario, ...]
    problems: list[Problem]


def read_bases(node: Node | None, start: Place, fixed: Sequence[Setting]) -> Bases:
    """Return the base scenarios with the settings that hold for every run laid over them.

    Parameters
    ----------
    node : Node or None
        What stands behind ``base``.
    start : Place
        The beginning of the experiment, where a missing key is reported.
    fixed : sequence of Setting
        Settings, each right by itself, in the order in which they are laid.
    """
    if node is None or (isinstance(node, Scalar) and node.value is None):
        place = start if node is None else node.place
        message = said("refusal.base.missing", example=_EXAMPLE)
        return Bases((), (), [place.problem(("base",), message)])
    items: list[tuple[Node, KeyPath]] = [(node, ("base",))]
    if isinstance(node, Listing):
        items = [(item, ("base", index)) for index, item in enumerate(node.items)]
        if not items:
            return Bases((), (), [node.place.problem(("base",), said("refusal.base.empty", example=_EXAMPLE))])
    names: list[str] = []
    scenarios: dict[str, Scenario] = {}
    problems: list[Problem] = []
    for item, path in items:
        name = plain(item)
        if not isinstance(name, str) or not name.strip():
            message = said("refusal.base.form", value=shown(name))
            problems.append(item.place.problem(path, message))
            continue
        names.append(name)
        scenario, wrong = _base(name, item.place, path, fixed)
        problems += wrong
        if scenario is None:
            continue
        if scenario.name in scenarios:
            message = said("refusal.base.twice", name=scenario.name)
            problems.append(item.place.problem(path, message))
        scenarios[scenario.name] = scenario
    return Bases(tuple(names), tuple(scenarios.values()), problems)


def _base(name: str, place: Place, path: KeyPath, fixed: Sequence[Setting]) -> tuple[Scenario | None, list[Problem]]:
    file, display = find_beside(name, place.source)
    # Beside the folder of experiments lies that of scenarios, as here: base: ../scenarios/mine.yaml.
    folders = [os.fspath(place.source.folder), os.fspath(place.source.folder / ".." / "scenarios")]
    if (outside := outside_reach(file, display, place.source, folders)) is not None:
        return None, [place.problem(path, outside)]
    try:
        exists = file.exists()
    except (OSError, ValueError):
        exists = False
    if not exists:
        return None, [place.problem(path, said("refusal.base.none", file=display, hint=near_file(name, file)))]
    chain = read_chain(file, display)
    checked = checked_with(chain, [(one.parts, one.node) for one in fixed], name_from_file(file.stem))
    return checked.scenario, checked.problems
