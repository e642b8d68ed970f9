"""``intranet-sim explain``: why one employee did or did not read and post in one week."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from sim.cli.options import command, overrides
from sim.cli.progress import progress_for
from sim.errors import InputError
from sim.runs.progress import compiling_shown
from sim.words import text

if TYPE_CHECKING:
    from sim.exports.staff import StaffFile
    from sim.model.simulation import Simulation
    from sim.model.why.explanation import WeekExplained
    from sim.runs.progress import Progress
    from sim.scenario import Scenario

TOP, SILENT = "top", "silent"


@command("explain", "scenario employee identify week set seed json lang")
def explain_command(
    *, scenario: str, employee: str, identify: bool, week: int, settings: tuple[str, ...], seed: int | None,
    as_json: bool, lang: str,
) -> None:  # fmt: skip
    """Tell why one employee did or did not read and post in one week.

    Shows who this is, what happened day by day, each term of the decisions of the day that tells most, and what would
    have changed them.

    The run explained is the first replication of run and compare with the same scenario and --seed (replication 0 in
    the results), so employees are those behind the first row of its results.
    """
    from sim.scenario import load_scenario

    loaded = load_scenario(scenario, overrides(settings, {"run.seed": seed}))
    told = explained(loaded, employee, week, identify, lang, progress_for(is_quiet=False, language=lang))
    simulation, row, staff = told.simulation, told.row, told.staff
    called = str(row) if staff is None else employee
    about = ""
    if staff is not None:
        about = text(lang, "explain.identified" if identify else "explain.type")
    if as_json:
        found = {"scenario": loaded.name, "seed": loaded.run.seed, "replication": 0, "run_seed": simulation.seed}
        found |= {"about": about} if about else {}
        click.echo(json.dumps({**found, "employee": called, **_week_json(told.week)}))
        return
    from sim.documents.terminal import print_blocks, print_text
    from sim.model.why.finding import Context, WeekInWords

    department = int(simulation.table["department"][row])
    context = Context(
        employee=called,
        department=_department_name(department, staff, lang),
        scenario=loaded.name,
        seed=loaded.run.seed,
        n_weeks=loaded.run.weeks,
        c=simulation.world.c,
    )
    print_blocks(WeekInWords(told.week, context, lang).blocks())
    if about:
        print_text(about)


class Explained(NamedTuple):
    """A week of one employee, and the run it is of.

    `row` is the position of the employee, `staff` one's own staff file if there is one.
    """

    week: WeekExplained
    simulation: Simulation
    row: int
    staff: StaffFile | None


def explained(
    scenario: Scenario, employee: str, week: int, identify: bool, language: str = "en", progress: Progress | None = None
) -> Explained:
    """Explain what one employee did in one week of the first replication.

    Raises
    ------
    InputError
        If there is no such employee or week.
    """
    from sim.model.simulation import Simulation, warm_up
    from sim.model.why.explanation import explain_week
    from sim.runs.plan import replication_seed
    from sim.runs.progress import Silent

    resolved = scenario.resolved()
    if not 1 <= week <= scenario.run.weeks:
        raise InputError(text(language, "explain.bad_week", week=week, n_weeks=scenario.run.weeks))
    run_seed = replication_seed(scenario.run.seed, 0)
    staff = _staff_file(scenario)
    with compiling_shown(progress or Silent()):
        warm_up()
    simulation = Simulation(resolved, run_seed)
    is_id = staff is not None and identify and staff.place_of(employee) is not None
    if employee in (TOP, SILENT) and not is_id:
        row = _by_role(Simulation(resolved, run_seed), employee, week, language)
    elif staff is None:
        row = _by_number(employee, simulation.n_employees, language)
    else:
        row = _by_id(employee, staff, identify, language)
    found = explain_week(simulation, row, week)
    return Explained(found if staff is None or identify else _as_type(found), simulation, row, staff)


def _staff_file(scenario: Scenario) -> StaffFile | None:
    """Return the user's own staff, None where a profile is used."""
    from sim.organization import PROFILE_NAMES

    workforce = scenario.resolved()["organization"]["workforce"]
    if workforce in PROFILE_NAMES:
        return None
    from sim.organization.own_staff import staff_of

    return staff_of(scenario.resolved())


def _by_number(employee: str, n_employees: int, language: str) -> int:
    """Return the position of a synthetic employee.

    Raises
    ------
    InputError
        If there is none of this number.
    """
    if employee.isdecimal() and int(employee) < n_employees:
        return int(employee)
    allowed = text(language, "explain.allowed_numbers", last=n_employees - 1)
    roles = text(language, "explain.roles")
    raise InputError(text(language, "explain.bad_employee", employee=employee, allowed=allowed, roles=roles))


def _by_id(employee: str, staff: StaffFile, is_asked: bool, language: str) -> int:
    """Return the position of somebody of one's own staff, if a person is asked for; no id is ever said.

    Raises
    ------
    InputError
        If there is nobody with this id, or no person was asked for.
    """
    if not is_asked:
        raise InputError(text(language, "explain.no_person"))
    row = staff.place_of(employee)
    if row is None:
        raise InputError(text(language, "explain.unknown_id"))
    return row


def _department_name(department: int, staff: StaffFile | None, language: str) -> str:
    """Return what a department is called; of a staff file those of fewer than 5 people are not named."""
    if staff is None or not staff.department_names:
        return str(department)
    from sim.organization.own_staff import names_to_show

    return names_to_show(staff)[department] or text(language, "explain.small_department")


def _as_type(week: WeekExplained) -> WeekExplained:
    """Return a week without what would tell who it is: ages and years here in round numbers, no place in the file."""
    rounded = [
        {**person, "age": 10.0 * round(person["age"] / 10.0), "tenure": 5.0 * round(person["tenure"] / 5.0)}
        for person in (week.before, week.person)
    ]
    return week._replace(employee=-1, before=rounded[0], person=rounded[1])


def _by_role(simulation: Simulation, role: str, week: int, language: str) -> int:
    """Return who posted most, or who reads most without ever having posted, by the end of the week.

    Raises
    ------
    InputError
        If nobody did.
    """
    import numpy as np

    from sim.model.state import NEVER

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
    from sim.model.why.explanation import telling_day
    from sim.web.answer.reasons import plain

    telling = telling_day(week)
    fields = plain(week)
    del fields["employee"]
    row = week.employee if week.employee >= 0 else None
    return {"row": row, **fields, "telling_day": None if telling is None else telling.day}
