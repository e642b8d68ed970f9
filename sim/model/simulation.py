"""A run from start to end: builds the organization, drives the days and measures the weeks.

This is what ``IntranetModel``, the study commands and the browser edition share. It takes a scenario as a plain mapping
with all values filled in, and imports nothing but numpy.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from sim.catalog.registry import default_values
from sim.kernel.compiled import compiled, is_ready, note_ready
from sim.kernel.streams import DailyStream
from sim.kernel.tables import array_of, as_record, as_records, rows
from sim.model.engine import one_day, run_days
from sim.model.groups import group_table, total_posts
from sim.model.outcomes import FINAL_WEEKS, Yardsticks, by_name, empty_series, measure_week, summarize, yardsticks
from sim.model.person_columns import MEASURED_WITH, SET_UP_GIVES
from sim.model.preparing import days_compiled_elsewhere
from sim.model.rules.coefficients import coefficients_of
from sim.model.rules.frame import reactance
from sim.model.rules.remembering import casual_belonging
from sim.model.state import (
    DAYS_PER_WEEK,
    N_POSTS,
    N_REPLIES,
    Draws,
    People,
    Policy,
    World,
    accept_requests,
    always_open,
    build_world,
    derive,
    fill_casual,
    find_contact,
    policies_by_week,
    remote_shares_by_week,
    scale_of,
)
from sim.model.steps.inputs import skill_of
from sim.model.steps.launching import announce, form_frames, state_willingness, update_stance
from sim.model.steps.remembering import recount_active_contacts
from sim.organization import PROFILE_NAMES, Contacts, Workforce, build_contacts, build_workforce, own_pairs
from sim.organization.people import draw_remote_shares
from sim.scenario.departments import named_departments

REPLY_ROW = np.dtype([(name, np.int32) for name in ("day", "author", "replier", "kind")])
MOST_POSTS = 2**31 - 1  # feeds hold the numbers of posts in 32 bits
DRAWS_AT_ONCE = 20_000  # of each purpose, at least a week's: no more than the processor's cache has room for


class RunResult(NamedTuple):
    """What one run leaves behind.

    Attributes
    ----------
    outcomes : dict of str to float
        Outcomes of the run; NaN where undefined.
    reasons : dict of str to str
        For each undefined outcome, why.
    series : dict of str to ndarray
        For each outcome, float64 (weeks,).
    groups : list of dict
        Who reads and posts in the last 4 weeks, by age band, experience, level, department, remote work and tenure.
    replies : ndarray, optional
        Who replied to whom (`Simulation.replies`), where that is asked for.
    """

    outcomes: dict[str, float]
    reasons: dict[str, str]
    series: dict[str, np.ndarray]
    groups: list[dict[str, Any]]
    replies: np.ndarray | None = None


@compiled
def run_weeks(
    world: World,
    policies: Sequence[Policy],
    draws: Draws,
    first_week: int,
    n_weeks: int,
    fixed: Yardsticks,
    series: np.ndarray,
) -> None:
    """Run and measure whole weeks under one policy: one call, since each has to look through the whole of `world`."""
    for passed in range(n_weeks):
        week = first_week + passed
        run_days(world, policies, draws, week * DAYS_PER_WEEK, DAYS_PER_WEEK, passed * DAYS_PER_WEEK)
        measure_week(world, fixed, week, series)


def tracks_of(departments: np.ndarray, own: Sequence[int]) -> np.ndarray:
    """Return which policy holds for each employee, int32 (N,): 0, or 1 and up for departments with their own."""
    tracks = np.zeros(len(departments), dtype=np.int32)
    for place, department in enumerate(own, start=1):
        tracks[departments == department] = place
    return tracks


class Simulation:
    """One organization, one launch, one seed.

    Parameters
    ----------
    resolved : mapping
        A scenario with all values filled in (``Scenario.resolved()``).
    seed : int
        Seed of workforce, network and luck, 0 or more.
    workforce, contacts : Workforce, Contacts, optional
        An organization built elsewhere, instead of the one the scenario describes.
    keeps_replies : bool
        Whether `replies` tells who replied to whom. It changes nothing else.

    Attributes
    ----------
    day : int
        Days that have ended.
    world : World
        The state, as the rules see it.
    table : ColumnTable
        The employees: a live column for each attribute, ``table["habit"]``.
    series : dict of str to ndarray
        Weekly outcomes; NaN for weeks to come.
    policies : list of Policy
        The policy of each week.
    organization : tuple of Workforce and Contacts
        Who works there, as given or made; copies of the simulation do without.
    policy_rows : Any
        The policies in force, in the form the rules take them: that of all, then those of departments with their own.
    """

    def __init__(
        self,
        resolved: Mapping[str, Any],
        seed: int,
        workforce: Workforce | None = None,
        contacts: Contacts | None = None,
        keeps_replies: bool = False,
    ) -> None:
        self._shown: tuple[Sequence[str], int] = ((), 1)  # names of departments, people of the smallest group told of
        if workforce is None and resolved["organization"]["workforce"] not in PROFILE_NAMES:
            from sim.organization.own_staff import fitted_to_staff, groups_to_show

            resolved = fitted_to_staff(resolved)
            self._shown = groups_to_show(resolved)
        self.resolved = resolved
        self.seed = seed
        self.n_weeks: int = resolved["run"]["weeks"]
        self.n_days = self.n_weeks * DAYS_PER_WEEK
        self.day = 0
        workforce = self.make_workforce() if workforce is None else workforce
        contacts = self.make_contacts(workforce) if contacts is None else contacts
        self.organization = workforce, contacts
        self._remote_shares = remote_shares_by_week(resolved)
        # Departments with a policy of their own, each with its policies; the first is that of all others.
        own = named_departments(resolved.get("changes"))
        self.tracks = [policies_by_week(resolved), *(policies_by_week(resolved, department) for department in own)]
        self.policies = self.tracks[0]
        self.policy_rows = as_records([track[0] for track in self.tracks])
        self.table: Any
        self.world, self.table = build_world(resolved, seed, workforce, contacts, keeps_replies)
        self.keeps_replies = keeps_replies
        self._replies: list[np.ndarray] = []
        self.n_employees = len(workforce.age)
        if own:
            self.world = self.world._replace(track=tracks_of(workforce.department, own))
        self._campaign_stream = DailyStream(seed, "campaign", self.n_employees)
        self._weeks_at_once = max(1, DRAWS_AT_ONCE // (self.n_employees * DAYS_PER_WEEK))
        self._no_bits = np.zeros((0, self.n_employees), dtype=np.uint32)
        self._campaign_end = self._last_campaign_week() + 1
        self._streams = [DailyStream(seed, purpose, self.n_employees) for purpose in Draws._fields[1:]]
        announce(self.world, self.policy_rows[0])
        self._yardsticks = self._fixed_yardsticks()
        self._request_luck = None if always_open(resolved) else contacts.luck
        self.first_writes: dict[tuple[str, int], float] = {}
        self.day_of_later_write: int | None = None
        self._must_settle = False
        self._series = empty_series(self.n_weeks)
        self.series = by_name(self._series)
        self._final_weeks_start = max(0, self.n_weeks - FINAL_WEEKS)
        self._posts_before: np.ndarray | None = None

    def make_workforce(self) -> Workforce:
        """Return the people whom the scenario describes."""
        return build_workforce(self.resolved["organization"], self.resolved["platform"]["communities"], self.seed)

    def make_contacts(self, workforce: Workforce) -> Contacts:
        """Return who knows whom among some people."""
        organization = self.resolved["organization"]
        return build_contacts(workforce, organization["contacts"], self.seed, own_pairs(organization))

    def _fixed_yardsticks(self) -> Yardsticks:
        return yardsticks(self.table, self.resolved["run"]["critical_share"], int(self.world.c.item_lifetime))

    def _last_campaign_week(self) -> int:
        """Return the last week in which a campaign message can reach somebody."""
        last_opening = int(self.table["access_day"].max()) // DAYS_PER_WEEK
        policies = [policy for track in self.tracks for policy in track]
        return max(int(max(last_opening, policy.campaign_start) + policy.campaign_weeks) for policy in policies)

    @property
    def week(self) -> int:
        """The week that the next day belongs to, counted from 0."""
        return self.day // DAYS_PER_WEEK

    def draws(self, first_day: int, n_days: int) -> Draws:
        """Return the random draws of `n_days` days, a row each (of one week or of whole weeks)."""
        campaign = self._campaign_draws(first_day, n_days)
        return Draws(campaign, *(stream.whole_steps(first_day, n_days) for stream in self._streams))

    def _campaign_draws(self, first_day: int, n_days: int) -> np.ndarray:
        """Return the draws for campaign messages, which go out on the first day of a week: a row a week, if at all."""
        if first_day % DAYS_PER_WEEK != 0 or first_day // DAYS_PER_WEEK >= self._campaign_end:
            return self._no_bits
        days = range(first_day, first_day + n_days, DAYS_PER_WEEK)
        return np.concatenate([self._campaign_stream.whole_steps(day, 1) for day in days])

    def begin_day(self) -> None:
        """Let a new policy take effect where one starts today."""
        self.settle()
        if self.day % DAYS_PER_WEEK != 0:
            return
        week = self.week
        if week == self._final_weeks_start:
            self._posts_before = total_posts(self.table)
        if week > 0 and self._changes_in(week):
            self.policy_rows = as_records([track[week] for track in self.tracks])
            update_stance(self.world, self.policy_rows)
            if self.policies[week].is_open != self.policies[week - 1].is_open:
                recount_active_contacts(self.world, self.policy_rows[0])
            for share, departments in self._remote_shares.get(week, ()):
                self._work_remotely(share, departments)

    @property
    def has_own_policies(self) -> bool:
        """Whether a change concerns some departments only, so that policies may differ between them."""
        return len(self.tracks) > 1

    def policy_of(self, row: int) -> Policy:
        """Return the policy that holds this week for the employee at `row`."""
        week = min(self.week, self.n_weeks - 1)
        return self.tracks[self._track_of(row)][week]

    def _track_of(self, row: int) -> int:
        return int(self.world.track[row]) if self.has_own_policies else 0

    def _changes_in(self, week: int) -> bool:
        return any(track[week] is not track[week - 1] for track in self.tracks)

    def _work_remotely(self, share: float, departments: Sequence[int]) -> None:
        """Let another share of staff work remotely: the same luck, so that whoever did so before goes on or comes back.

        Belonging from casual contact follows at once, the belonging that people feel by and by.
        """
        shares = draw_remote_shares(share, self.seed, self.n_employees)
        if departments:
            concerned = np.isin(self.table["department"], departments)
            shares = np.where(concerned, shares, self.table["remote_share"])
        self.table["remote_share"] = shares
        fill_casual(self.world.people, self.world.c)

    def write(self, name: str, row: int, value: float) -> None:
        """Write one attribute of one employee, a value that ``sim.model.person_columns`` allows, and what follows
        from it.

        Before the first day, the announcement is made anew: to people as they are now. Later on it is past, and frames
        are memories; what the rules read every day follows all the same.
        """
        self.table[name][row] = value
        if self.day == 0:
            self.first_writes.pop((name, row), None)
            self.first_writes[name, row] = value
            self._must_settle = True
        else:
            self.day_of_later_write = self.day if self.day_of_later_write is None else self.day_of_later_write
            self._must_settle = self._must_settle or name in MEASURED_WITH
        person, c = self.table.view(row), self.world.c
        if name == "champion" and value > 0:  # who is appointed is trained, and need not wait
            person.trained, person.access_day = 1.0, min(person.access_day, self.day)
        if person.trained > 0.0 and name in {"champion", "trained"}:
            person.aware = 1
        if name == "trust":
            policy = self.policy_of(row)
            person.resistance = reactance(policy.wording_threat, policy.mandate, person.trust, c)
        if name in {"leisure_experience", "own_skill"} and c.ease > 0.0:
            person.skill = skill_of(person, self.world.leisure_scale, self.policy_rows[self._track_of(row)], c)
        if name in {"remote_share", "tenure"}:
            person.casual = casual_belonging(person.remote_share, person.tenure, c)
        if name == "manager":
            edge = find_contact(self.world.offsets, self.world.neighbors, row, person.manager) if value >= 0 else -1
            person.manager_accepted = int(edge >= 0 and self.world.accepted[edge] == 1)

    def settle(self) -> None:
        """Make anew what follows from attributes that were written since it was made."""
        if not self._must_settle:
            return
        self._must_settle = False
        self._campaign_end = self._last_campaign_week() + 1
        if self.day == 0:
            self._announce_anew()
        self._yardsticks = self._fixed_yardsticks()

    def _announce_anew(self) -> None:
        world, policy = self.world, self.policy_rows[0]
        if self._request_luck is not None:
            accept_requests(world.people, world.offsets, world.neighbors, self._request_luck, world.accepted, world.c)
        derive(world, self.table)
        world.leisure_scale[:] = scale_of(self.table["leisure_experience"])
        form_frames(world, policy)
        for (name, row), value in self.first_writes.items():
            if name in SET_UP_GIVES:
                self.table[name][row] = value
        state_willingness(world, policy)

    def __getstate__(self) -> dict[str, Any]:
        """Return all that a copy needs to go on in the same way: numbers and arrays, nothing that is compiled."""
        live = {"world", "policy_rows", "series", "organization"}
        arrays = {name: value for name, value in self.world._asdict().items() if name not in {"c", "people", "posts"}}
        return {
            **{name: value for name, value in vars(self).items() if name not in live},
            "world": (tuple(self.world.c), array_of(self.world.posts), arrays),
            "policy_rows": [tuple(row) for row in self.policy_rows],
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Put rules and arrays together again."""
        vars(self).update(state)
        coefficients, posts, arrays = state["world"]
        c = as_record(type(coefficients_of(self.resolved))(*coefficients))
        self.world = World(c=c, people=self.table.rows(People), posts=rows(posts), **arrays)
        self.policy_rows = as_records([Policy(*values) for values in state["policy_rows"]])
        self.series = by_name(self._series)

    def __copy__(self) -> Simulation:
        """Return a whole copy: half of one would share its days with the original."""
        return copy.deepcopy(self)

    def end_days(self, n_days: int) -> None:
        """Count `n_days` days as done, and measure the week that ends with them."""
        self._count_days(n_days)
        if self.day % DAYS_PER_WEEK == 0:
            measure_week(self.world, self._yardsticks, self.week - 1, self._series)

    def _count_days(self, n_days: int) -> None:
        self.day += n_days
        n_replies = int(self.world.counts[N_REPLIES])
        if n_replies > 0:
            self._replies.append(self.world.replies[:n_replies].copy())
            self.world.counts[N_REPLIES] = 0
        if self.world.counts[N_POSTS] > MOST_POSTS:
            raise OverflowError(f"more than {MOST_POSTS} posts: the feeds cannot number them")

    def advance(self, n_days: int) -> None:
        """Run up to `n_days` days, not beyond the end of the week or of the run."""
        if self.day >= self.n_days:
            raise RuntimeError(f"the run is over: it has {self.n_days} days")
        n_days = min(n_days, DAYS_PER_WEEK - self.day % DAYS_PER_WEEK)
        if self.keeps_replies or self.has_own_policies:
            n_days = 1  # there is room for the replies of a day
        self.begin_day()
        draws = self.draws(self.day, n_days)
        if self.has_own_policies:
            one_day(self.world, self.policy_rows, draws, self.day, 0)
        else:
            run_days(self.world, self.policy_rows, draws, self.day, n_days, 0)
        self.end_days(n_days)

    def _weeks_together(self, last_week: int) -> int:
        """Return how many weeks from this one on, before `last_week`, can be run in one call.

        As many as share a policy; posts are counted before the last weeks of the run.
        """
        end = min(last_week, self.week + self._weeks_at_once)
        for week in range(self.week + 1, end):
            if self.policies[week] is not self.policies[self.week] or week == self._final_weeks_start:
                return week - self.week
        return end - self.week

    def step(self) -> None:
        """Run one working day."""
        self.advance(1)

    def run(self, until_week: int | None = None) -> None:
        """Run to the end of the horizon, or until `until_week` weeks are done."""
        last_week = self.n_weeks if until_week is None else min(self.n_weeks, until_week)
        in_weeks = not (self.keeps_replies or self.has_own_policies)
        while self.week < last_week and not (in_weeks and self.day % DAYS_PER_WEEK == 0):
            self.advance(DAYS_PER_WEEK)
        while self.week < last_week:
            n_weeks = self._weeks_together(last_week)
            n_days = n_weeks * DAYS_PER_WEEK
            self.begin_day()
            draws = self.draws(self.day, n_days)
            run_weeks(self.world, self.policy_rows, draws, self.week, n_weeks, self._yardsticks, self._series)
            self._count_days(n_days)

    def outcomes(self) -> dict[str, float]:
        """Return the outcomes of the weeks done so far; NaN where undefined."""
        return self.outcomes_by(self.week)

    def outcomes_by(self, week: int) -> dict[str, float]:
        """Return the outcomes as they were when `week` weeks had ended; NaN where undefined."""
        return summarize(self.series, week, self._yardsticks.weeks_to_settle)[0]

    def reasons(self) -> dict[str, str]:
        """Return why outcomes are undefined, for those that are."""
        return summarize(self.series, self.week, self._yardsticks.weeks_to_settle)[1]

    def replies(self) -> np.ndarray:
        """Return who replied to whom so far, a row a reply, answer or reaction, in the order in which they were made.

        Returns
        -------
        ndarray
            Of `REPLIES`: `day` (from 0), `author` (of the post) and `replier` (rows of employees), and `kind`.

        Raises
        ------
        RuntimeError
            If this run does not keep them.
        """
        if not self.keeps_replies:
            raise RuntimeError("this run does not keep who replied to whom: give keeps_replies=True")
        rows_of_all = np.concatenate([np.empty((0, 4), dtype=np.int32), *self._replies])
        return np.ascontiguousarray(rows_of_all).view(REPLY_ROW)[:, 0]

    def groups(self) -> list[dict[str, Any]]:
        """Return who reads and posts, group by group, in the last 4 weeks of the run."""
        return group_table(self.table, self.day - 1, self._posts_before, *self._shown)


def result_of(simulation: Simulation, with_groups: bool = True) -> RunResult:
    """Run to the end of the horizon, and return what is left behind; see `simulate`."""
    simulation.run()
    groups = simulation.groups() if with_groups else []
    replies = simulation.replies() if simulation.keeps_replies else None
    return RunResult(simulation.outcomes(), simulation.reasons(), simulation.series, groups, replies)


def simulate(
    resolved: Mapping[str, Any], seed: int, with_groups: bool = True, keeps_replies: bool = False
) -> RunResult:
    """Run a scenario once.

    Parameters
    ----------
    resolved : mapping
        A scenario with all values filled in.
    seed : int
        Seed of the run.
    with_groups : bool
        Whether to work out who reads and posts, group by group.
    keeps_replies : bool
        Whether to keep who replied to whom.

    Returns
    -------
    RunResult
        The same bytes for the same scenario and seed.
    """
    return result_of(Simulation(resolved, seed, keeps_replies=keeps_replies), with_groups)


def warm_up() -> None:
    """Compile the rules, or load what was compiled before, by running a tiny organization for two weeks.

    Requests for contact and changes under way are among them, so that no run has anything left to compile.
    """
    values = default_values()
    values["organization"]["employees"] = 12
    values["run"]["weeks"] = 2
    values["platform"]["following"] = "approval"
    values["changes"] = [{"week": 1, "set": {"platform.following": "open", "organization.remote_share": 0.5}}]
    if not is_ready():
        with days_compiled_elsewhere():
            Simulation(values, 1).end_days(DAYS_PER_WEEK)  # no day is run, but the week is measured
    simulate(values, 1)
    note_ready()
