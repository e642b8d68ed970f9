"""The model once more, as a plain Mesa model: one object an employee, plain attributes, lists and loops.

It shares with the engine the scalar rules of ``sim.model.rules``, the workforce, the contacts and the keyed draws, and
nothing else. That it gives the same numbers to the last bit is what shows that the engine does what the rules say
(``tests/engine/test_reference.py``); how long it takes is what the speed of the engine is compared with. Run it
with ``NUMBA_DISABLE_JIT=1``: plain code should call plain functions.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from typing import Any

import mesa
import numpy as np

from benchmarks.plain_employee import DAYS_PER_WEEK, PlainEmployee, Traits
from benchmarks.plain_measures import MONTH, RATES, Yardsticks, measure_week, rates_of
from benchmarks.plain_platform import Community, Post, WeekTally
from benchmarks.plain_policy import Course, Policy
from sim.catalog.outcomes import OUTCOME_NAMES
from sim.kernel.streams import DailyStream, normals, uniforms
from sim.model.rules.coefficients import coefficients_of
from sim.model.rules.posting import reward
from sim.organization import Contacts, Workforce, build_contacts, build_workforce
from sim.organization.people import draw_remote_shares

PURPOSES = ("campaign", "read", "discover", "post", "respond")


class PlainIntranetModel(mesa.Model):
    """One organization, one launch, one seed.

    Parameters
    ----------
    resolved : mapping
        A scenario with all values filled in (``Scenario.resolved()``).
    rng : int
        Seed of workforce, network and luck.
    """

    def __init__(self, resolved: Mapping[str, Any], rng: int) -> None:
        super().__init__(rng=rng)
        self.resolved = resolved
        self.seed = rng
        self.c = coefficients_of(resolved)
        self.attention = int(self.c.attention)
        self.item_lifetime = int(self.c.item_lifetime)
        self.follow_limit = int(self.c.follow_limit)
        self.day = 0
        self.n_days = resolved["run"]["weeks"] * DAYS_PER_WEEK

        platform, organization = resolved["platform"], resolved["organization"]
        self.communities = [Community(topic, platform["feed_length"]) for topic in range(platform["communities"])]
        self.posts: list[Post] = []
        self.tallies = [WeekTally() for _ in range(resolved["run"]["weeks"])]
        own = {one for change in resolved.get("changes") or [] for one in change.get("departments", ())}
        self.courses = {department: Course(resolved, department) for department in [None, *sorted(own)]}
        self.policies = {department: course.policy() for department, course in self.courses.items()}

        workforce = build_workforce(organization, platform["communities"], rng)
        contacts = build_contacts(workforce, organization["contacts"], rng)
        self._hire(workforce)
        self.n_able = Counter(employee.expertise_topic for employee in self.agents if employee.expertise > 0.0)
        if self.c.inclination_correlation != 0.0:
            self._correlate_inclinations()
        self._introduce(workforce, contacts)
        self._prepare_launch()
        self._streams = {purpose: DailyStream(rng, purpose, len(self.agents)) for purpose in PURPOSES}
        self.order = uniforms(rng, "order of posts", resolved["run"]["weeks"] * DAYS_PER_WEEK).tolist()
        self.bits: dict[str, list[int]] = {}

        self.agents.do("feel_resistance")
        self._hand_out_skills(workforce.leisure_experience)
        self.agents.do("form_frame")
        self.agents.do("state_intention")
        self.online = self.agents.select(lambda employee: employee.access_day <= 0)
        self.yardsticks = Yardsticks(list(self.agents))
        self.datacollector = mesa.DataCollector(
            tables={"weeks": [name for name in OUTCOME_NAMES if name not in RATES], "rates": list(RATES)}
        )

    def _hire(self, workforce: Workforce) -> None:
        columns = [column.tolist() for column in workforce]
        people = [Traits(**dict(zip(workforce._fields, row, strict=True))) for row in zip(*columns, strict=True)]
        n, feed_length = len(people), self.resolved["platform"]["feed_length"]
        PlainEmployee.create_agents(self, n, list(range(n)), people, feed_length)

    def _hand_out_skills(self, leisure: np.ndarray) -> None:
        self.mean_leisure, self.spread_leisure = float(leisure.mean()), float(leisure.std())
        if self.c.ease > 0.0:
            for employee, skill in zip(
                self.agents, normals(self.seed, "own skill", len(leisure)).tolist(), strict=True
            ):
                employee.own_skill = skill
            self.agents.do("feel_skilled")

    @property
    def policy(self) -> Policy:
        """The policy of the departments that no change names."""
        return self.policies[None]

    def reward(self, policy: Policy) -> float:
        """Return what appraisal counts today."""
        return reward(policy.appraisal, self.weeks_of_appraisal(policy), self.c)

    def weeks_of_appraisal(self, policy: Policy) -> float:
        """Return for how many weeks appraisal has been what it is."""
        return (self.day - DAYS_PER_WEEK * policy.appraisal_start) / DAYS_PER_WEEK

    def _correlate_inclinations(self) -> None:
        correlation = self.c.inclination_correlation
        for employee in self.agents:
            common, own = correlation * employee.inclination, employee.reading_inclination
            employee.reading_inclination = common + math.sqrt(1.0 - correlation**2) * own

    def _introduce(self, workforce: Workforce, contacts: Contacts) -> None:
        employees = list(self.agents)
        columns = (contacts.offsets, contacts.neighbors, contacts.accept_draw)
        offsets, neighbors, draws = (column.tolist() for column in columns)
        for employee, manager in zip(employees, workforce.manager.tolist(), strict=True):
            employee.manager = employees[manager] if manager >= 0 else None
            first, last = offsets[employee.row], offsets[employee.row + 1]
            for other, draw in zip(neighbors[first:last], draws[first:last], strict=True):
                if other > employee.row:
                    employee.meet(employees[other], draw)
        self.agents.do("set_circle")

    def _prepare_launch(self) -> None:
        """Choose champions, train some, and set when each department gets access."""
        launch = self.resolved["launch"]
        employees = list(self.agents)
        luck = uniforms(self.seed, "champions", len(employees)).tolist()
        merit = {
            "random": lambda employee: luck[employee.row],
            "central": lambda employee: len(employee.contacts) + luck[employee.row],
            "managers": lambda employee: employee.level + luck[employee.row],
            "youngest": lambda employee: -employee.age + luck[employee.row] * 1e-3,
            "experienced": lambda employee: employee.leisure_experience + luck[employee.row] * 1e-6,
        }[launch["champions"]["choose"]]
        n_champions = round(launch["champions"]["share"] * len(employees))
        for employee in sorted(employees, key=merit, reverse=True)[:n_champions]:
            employee.is_champion = True
        for employee, draw in zip(employees, uniforms(self.seed, "training", len(employees)).tolist(), strict=True):
            employee.is_trained = employee.is_champion or draw < launch["training"]
            employee.is_aware = employee.is_trained
        if launch["waves"] == "all_at_once":
            return
        pilot, every_weeks = launch["waves"]["pilot"], launch["waves"]["every_weeks"]
        n_departments = 1 + max(employee.department for employee in employees)
        later = [department for department in range(n_departments) if department not in pilot]
        for employee in employees:
            if employee.department in later and not employee.is_champion:
                employee.access_day = (1 + later.index(employee.department)) * every_weeks * DAYS_PER_WEEK

    @property
    def week(self) -> int:
        """The present week, counted from 0."""
        return self.day // DAYS_PER_WEEK

    @property
    def tally(self) -> WeekTally:
        """What is done in the present week."""
        return self.tallies[self.week]

    def step(self) -> None:
        """Run one working day."""
        starts_week = self.day % DAYS_PER_WEEK == 0
        if self.day % MONTH == 0:
            for employee in self.agents:
                employee.authors_elsewhere.clear()
        if starts_week:
            self._begin_week()
        purposes = PURPOSES if starts_week else PURPOSES[1:]
        self.bits = {purpose: self._streams[purpose].bits(self.day, 1)[0].tolist() for purpose in purposes}

        if starts_week:
            self.online.do("hear_campaign")
        self.online.do("decide_reading")
        readers = self.online.select(lambda employee: employee.reads_today)
        readers.do("read")
        readers.do("learn")
        readers.do("decide_posting")
        readers.do("respond")
        if self.c.talk > 0.0 and (self.day + 1) % DAYS_PER_WEEK == 0:
            self.agents.do("look_back")
            self.agents.do("talk")
        plans = [(employee, plan) for employee in readers for plan in employee.plans]
        first = int(self.order[self.day] * len(plans))  # a random post begins, the others follow in order
        for employee, (kind, topic) in plans[first:] + plans[:first]:
            employee.publish(kind, topic)
        for community in self.communities:
            community.knowledge *= 1.0 - self.c.knowledge_decay
        self.online.do("remember")

        if (self.day + 1) % DAYS_PER_WEEK == 0:
            self._record_week()
        self.day += 1
        self.running = self.day < self.n_days

    def _begin_week(self) -> None:
        """Let waves open access, and changes of the policy take effect."""
        self.online = self.agents.select(lambda employee: employee.access_day <= self.day)
        changed = [department for department, course in self.courses.items() if course.take_changes_of(self.week)]
        if changed:
            before = self.policy
            self.policies.update((department, self.courses[department].policy()) for department in changed)
            self.agents.do("feel_resistance")
            if self.c.ease > 0.0:
                self.agents.do("feel_skilled")
            if self.policy.is_open != before.is_open:
                self.agents.do("set_circle")
            self._work_remotely()

    def _work_remotely(self) -> None:
        """Let everybody whose share of remote work changes have it from today on."""
        shares = {department: course.remote_share_from(self.week) for department, course in self.courses.items()}
        days = {
            department: draw_remote_shares(share, self.seed, len(self.agents)).tolist()
            for department, share in shares.items()
            if share is not None
        }
        for employee in self.agents:
            department = employee.department if employee.department in self.courses else None
            if department in days:
                employee.work_remotely(days[department][employee.row])

    def _record_week(self) -> None:
        """Record the week that ends today, and the rates of the week whose posts can get no more replies."""
        collector = self.datacollector
        earlier = collector.tables["weeks"]
        collector.add_table_row("weeks", measure_week(self, self.yardsticks, earlier))
        settled = self.week - math.ceil(self.item_lifetime / DAYS_PER_WEEK)
        if settled >= 0:
            collector.add_table_row("rates", rates_of(self.tallies[settled]))

    def run(self) -> None:
        """Run to the end of the horizon."""
        while self.running:
            self.step()
