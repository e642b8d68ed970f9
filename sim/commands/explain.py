"""``intranet-sim explain``: why one employee did or did not read and post in one week."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from sim.commands.options import json_option, lang_option, overrides, scenario_argument, seed_option, set_option
from sim.commands.progress import progress_for
from sim.errors import InputError
from sim.study.progress import compiling_shown
from sim.texts import text
from sim.texts.said import in_language

if TYPE_CHECKING:
    from sim.explanation import WeekExplained
    from sim.organization.importing import StaffFile
    from sim.scenario import Scenario
    from sim.simulation import Simulation

TOP, SILENT = "top", "silent"


@click.command(name="explain")
@scenario_argument
@click.option(
    "--employee",
    required=True,
    metavar="ID",
    help=(
        "Number from 0, or the id in your own staff file; top for who posted most by the end of the week, silent for"
        " who reads most without ever having posted."
    ),
)
@click.option("--week", type=int, required=True, metavar="W", help="Week, counted from 1.")
@set_option
@seed_option
@json_option
@lang_option
def command(
    *,
    scenario: str,
    employee: str,
    week: int,
    settings: tuple[str, ...],
    seed: int | None,
    as_json: bool,
    lang: str,
) -> None:
    """Tell why one employee did or did not read and post in one week.

    Shows who this is, what happened day by day, each term of the decisions of the day that tells most, and what would
    have changed them.

    The run explained is the first replication of run and compare with the same scenario and --seed (replication 0 in
    the results), so employees are those behind the first row of its results.
    """
    from sim.explanation import explain_week
    from sim.scenario import load_scenario
    from sim.simulation import Simulation, warm_up
    from sim.study.plan import replication_seed

    loaded = load_scenario(scenario, overrides(settings, seed=seed))
    resolved = loaded.resolved()
    if not 1 <= week <= loaded.run.weeks:
        raise InputError(text(lang, "explain.bad_week", week=week, n_weeks=loaded.run.weeks))
    run_seed = replication_seed(loaded.run.seed, 0)
    staff = _staff_file(loaded)
    with compiling_shown(progress_for(is_quiet=False, language=lang)):
        warm_up()
    simulation = Simulation(resolved, run_seed)
    ids = staff.employees if staff else tuple(map(str, range(simulation.n_employees)))
    if employee in (TOP, SILENT) and employee not in ids:
        row = _by_role(Simulation(resolved, run_seed), employee, week, lang)
    else:
        row = _by_id(employee, ids, str(loaded.organization.workforce) if staff else "", lang)
    explained = explain_week(simulation, row, week)
    if as_json:
        found = {"scenario": loaded.name, "seed": loaded.run.seed, "replication": 0, "run_seed": run_seed}
        click.echo(json.dumps({**found, "employee": ids[row], **_week_json(explained)}))
        return
    from sim.commands.explain_output import Context, Printer

    department = int(simulation.table["department"][row])
    context = Context(
        employee=ids[row],
        department=staff.department_names[department] if staff and staff.department_names else str(department),
        scenario=loaded.name,
        seed=loaded.run.seed,
        n_weeks=loaded.run.weeks,
        c=simulation.world.c,
    )
    Printer(explained, context, lang).print_all()


def _staff_file(scenario: Scenario) -> StaffFile | None:
    """Return the user's own staff, None where a profile is used."""
    from sim.organization import PROFILE_NAMES

    workforce = scenario.resolved()["organization"]["workforce"]
    if workforce in PROFILE_NAMES:
        return None
    from sim.organization.importing import read_staff

    return read_staff(workforce)


def _by_id(employee: str, ids: tuple[str, ...], file: str, language: str) -> int:
    """Return the position of an employee.

    Raises
    ------
    InputError
        If there is none with this id.
    """
    if employee in ids:
        return ids.index(employee)
    guess = ""
    if file:
        from sim.scenario.wording import did_you_mean

        guess = in_language(did_you_mean(employee, ids), language)
        allowed = text(language, "explain.allowed_ids", n=len(ids), file=file, examples=", ".join(ids[:3]))
    else:
        allowed = text(language, "explain.allowed_numbers", last=len(ids) - 1)
    roles = text(language, "explain.roles")
    message = text(language, "explain.bad_employee", employee=employee, allowed=allowed, roles=roles, guess=guess)
    raise InputError(message)


def _by_role(simulation: Simulation, role: str, week: int, language: str) -> int:
    """Return who posted most, or who reads most without ever having posted, by the end of the week.

    Raises
    ------
    InputError
        If nobody did.
    """
    import numpy as np

    from sim.state import NEVER

    simulation.run(until_week=week)
    table = simulation.table
    n_posts = table["n_work_posts"] + table["n_questions"] + table["n_social_posts"]
    if role == TOP:
        if not n_posts.any():
            raise InputError(text(language, "explain.nobody_posted", week=week))
        return int(np.argmax(n_posts))
    is_silent = (n_posts == 0) & (table["last_read"] > NEVER)
    if not is_silent.any():
        raise InputError(text(language, "explain.nobody_silent", week=week))
    return int(np.argmax(np.where(is_silent, table["habit"], -1.0)))


def _week_json(week: WeekExplained) -> dict[str, Any]:
    """Return a week as JSON can hold it; what is infinite becomes null."""
    from sim.answer.reasons import plain
    from sim.explanation import telling_day

    telling = telling_day(week)
    fields = plain(week)
    del fields["employee"]
    return {"row": week.employee, **fields, "telling_day": None if telling is None else telling.day}
