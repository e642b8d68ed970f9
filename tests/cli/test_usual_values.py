"""What a command takes where nothing is given, Python takes too: a usual value stands in a table and in a signature."""

from __future__ import annotations

import inspect

import click

import sim
from sim.__main__ import cli
from sim.evidence.calibration.waves import DEFAULT_WAVES, Waves

ANOTHER_ON_PURPOSE = {"jobs"}  # all processors for who types, one for who programs


def usual_of_commands() -> dict[str, tuple[object, object]]:
    """Return the usual value of each option that a command and a function of its name both have, in both."""
    context = click.Context(cli)
    found = {}
    for typed in cli.list_commands(context):
        function = getattr(sim, typed.replace("-", "_"), None)
        command = cli.get_command(context, typed)
        if not inspect.isfunction(function) or command is None:
            continue
        parameters = inspect.signature(function).parameters
        for option in command.params:
            names = {option.name or "", *(name.lstrip("-").replace("-", "_") for name in option.opts)}
            for name in sorted(names & set(parameters) - ANOTHER_ON_PURPOSE):
                if isinstance(option.default, str | int) and not isinstance(option.default, bool):
                    usual = option.type_cast_value(click.Context(command), option.default)
                    found[f"{typed}({name})"] = (usual, parameters[name].default)
    return found


def test_usual_values_of_commands_are_those_of_python() -> None:
    found = usual_of_commands()
    assert {"calibrate(waves)", "discover(boxes)", "new-staff(seed)"} <= set(found)
    assert {place: values for place, values in found.items() if values[0] != values[1]} == {}


def test_a_calibration_has_one_usual_number_of_waves() -> None:
    assert inspect.signature(sim.calibrate).parameters["waves"].default == DEFAULT_WAVES
    assert inspect.signature(Waves).parameters["n_waves"].default == DEFAULT_WAVES
