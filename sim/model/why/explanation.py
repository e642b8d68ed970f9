"""Why one employee did or did not read and post in one week: each term of the decisions, and what would change them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.kernel.tables import as_record
from sim.model.rules.numbers import approach, happens, uniform_from_bits
from sim.model.rules.posting import (
    NOTHING,
    QUESTION,
    SOCIAL_POST,
    WORK,
    PostingSituation,
    choose_post,
    post_chances,
    post_terms,
    post_utilities,
    social_allowed,
)
from sim.model.rules.reading import (
    ReadingSituation,
    heeded_probability,
    presence,
    prompt_probability,
    read_probability,
    read_terms,
    read_utility,
    visit_probability,
)
from sim.model.simulation import Simulation
from sim.model.state import DAYS_PER_WEEK, N_POSTERS, PERSON
from sim.model.steps.inputs import posting_situation, reading_situation
from sim.model.steps.launching import launch
from sim.model.steps.learning import learn_from_reading
from sim.model.steps.posting import decide_posting
from sim.model.steps.reading import decide_reading
from sim.model.steps.remembering import remember
from sim.model.steps.responding import respond
from sim.model.steps.talking import talk

if TYPE_CHECKING:
    from sim.views import Coefficients

OPTIONS = ("work", "question", "social")
KINDS = {NOTHING: "nothing", WORK: "work post", QUESTION: "question", SOCIAL_POST: "social post"}
EXTREME = 700.0  # logits: certainly, or certainly not
PRECISION = 1e-9  # logits


class Situation(NamedTuple):
    """All that the decisions of one employee on one day depend on, but for coefficients and luck."""

    reading: ReadingSituation
    posting: PostingSituation


def situation_of(simulation: Simulation, i: int) -> Situation:
    """Return the situation of employee `i` at this moment of the present day, as the engine sees it."""
    world, person = simulation.world, simulation.table.view(i)
    policy = as_record(simulation.policy_of(i))
    return Situation(
        reading_situation(person, policy, world.c),
        posting_situation(person, world.people, policy, world.c, simulation.day),
    )


def p_read_in(s: ReadingSituation, c: Coefficients) -> float:
    """Return the chance of reading today."""
    return float(visit_probability(s, read_utility(read_terms(s, c)), c))


def changed(s: Any, changes: Mapping[str, float]) -> Any:
    """Return a situation of a decision with other values, as far as the decision depends on them."""
    return s._replace(**{name: value for name, value in changes.items() if name in s._fields})


class WhatIf(NamedTuple):
    """One thing that could have been different on that day, all else and the luck of the day equal.

    Attributes
    ----------
    change : str
        Key of what is different, such as ``trained``.
    p : float
        Probability of reading, or of posting anything, in that case.
    would_have : bool
        Whether the employee would have read, or posted, in that case.
    """

    change: str
    p: float
    would_have: bool


class ReadingExplained(NamedTuple):
    """The decision whether to read on one day.

    Attributes
    ----------
    situation : Situation
        What the employee decided from.
    terms : dict of str to float
        Logits; they add up to `utility`.
    present : float
        How far the platform is on the employee's mind [0-1]: the chance of one's own accord is that share of the logit.
    p_prompt : float
        Chance of being brought to the platform from outside: a prompt comes and is followed.
    p : float
        Chance of reading, of one's own accord or prompted.
    draw : float
        Luck of the day: who draws less than `p` reads.
    lacking : float
        Utility that was lacking for reading; negative: what could have been lost without missing it; minus infinity
        for someone who would have been prompted anyway; infinity where none would have been enough, because the
        platform was not on his or her mind.
    """

    situation: Situation
    terms: dict[str, float]
    utility: float
    present: float
    p_prompt: float
    p: float
    draw: float
    did_read: bool
    lacking: float
    what_if: list[WhatIf]


class PostingExplained(NamedTuple):
    """The decision whether and what to post on a day of reading.

    Attributes
    ----------
    situation : Situation
        What the employee decided from.
    terms : dict of str to float
        Logits: those for any post, then those for each kind, which begin with its name.
    utilities : dict of str to float
        Of ``work``, ``question`` and ``social``; minus infinity for what is not allowed.
    probabilities : dict of str to float
        Of the same.
    draw : float
        Luck of the day: who draws less than the sum of the probabilities posts.
    lacking : float
        Utility, the same for every kind, that was lacking for a post of any kind; negative: what could have been lost;
        infinity where more of it would have made a post of a kind that is banned.
    """

    situation: Situation
    terms: dict[str, float]
    utilities: dict[str, float]
    probabilities: dict[str, float]
    may_be_social: bool
    draw: float
    chosen: str
    lacking: float
    what_if: list[WhatIf]

    @property
    def did_post(self) -> bool:
        """Whether anything was posted."""
        return self.chosen != KINDS[NOTHING]

    @property
    def p(self) -> float:
        """Chance of posting anything."""
        return sum(self.probabilities.values())


class DayExplained(NamedTuple):
    """One day of one employee; `reading` is None without access, `posting` is None without reading.

    Whoever posts may go on and post more of the same kind that day, by luck alone: `n_posts` counts them all.
    """

    day: int
    has_access: bool
    n_items: float
    reading: ReadingExplained | None
    posting: PostingExplained | None
    n_posts: int = 0


class WeekExplained(NamedTuple):
    """One week of one employee.

    Attributes
    ----------
    employee : int
        Position, 0 to N - 1.
    week : int
        Counted from 1.
    before, person : dict of str to float
        The row of the state at the start and at the end of the week; columns as in ``sim.model.state.PERSON``.
    days : list of DayExplained
        The working days in order.
    """

    employee: int
    week: int
    before: dict[str, float]
    person: dict[str, float]
    days: list[DayExplained]


def explain_week(simulation: Simulation, employee: int, week: int) -> WeekExplained:
    """Run `simulation` to the end of a week and explain what one employee decided on each of its days.

    Parameters
    ----------
    simulation : Simulation
        Not yet beyond the start of the week; it is moved on.
    employee : int
        Position, 0 to N - 1.
    week : int
        Counted from 1.

    Raises
    ------
    ValueError
        If there is no such employee or week, or the simulation is already past its start.
    """
    if not 0 <= employee < simulation.n_employees:
        raise ValueError(f"employee {employee}: allowed are 0 to {simulation.n_employees - 1}")
    if not 1 <= week <= simulation.n_weeks:
        raise ValueError(f"week {week}: allowed are 1 to {simulation.n_weeks}")
    if simulation.day > (week - 1) * DAYS_PER_WEEK:
        raise ValueError(f"the simulation is already past the start of week {week}")
    simulation.run(until_week=week - 1)
    before = _person(simulation, employee)
    days = [_explain_day(simulation, employee) for _ in range(DAYS_PER_WEEK)]
    return WeekExplained(employee, week, before, _person(simulation, employee), days)


def telling_day(week: WeekExplained) -> DayExplained | None:
    """Return the day that tells most: of the first post; else nearest to a post; else nearest to reading.

    None without access in the whole week. "Nearest" is where the least utility was lacking.
    """
    reading_days = [day for day in week.days if day.posting is not None]
    if reading_days:
        posting_days = [day for day in reading_days if day.posting is not None and day.posting.did_post]
        return posting_days[0] if posting_days else min(reading_days, key=_lacking_for_post)
    return min((day for day in week.days if day.reading is not None), key=_lacking_for_reading, default=None)


def _lacking_for_post(day: DayExplained) -> float:
    return math.inf if day.posting is None else day.posting.lacking


def _lacking_for_reading(day: DayExplained) -> float:
    return math.inf if day.reading is None else day.reading.lacking


def _person(simulation: Simulation, i: int) -> dict[str, float]:
    row = simulation.table[i]
    return {name: row[name].item() for name, _ in PERSON}


def _explain_day(simulation: Simulation, i: int) -> DayExplained:
    """Run one day step by step, looking at employee `i` just before each decision."""
    simulation.begin_day()
    world, day = simulation.world, simulation.day
    policies, draws = simulation.policy_rows, simulation.draws(day, 1)
    launch(world, policies, draws, day, 0)
    has_access = bool(simulation.table["access_day"][i] <= day)
    reading = None
    if has_access:
        reading = explain_reading(situation_of(simulation, i), uniform_from_bits(int(draws.read[0, i])), world.c)
    decide_reading(world, policies, draws, day, 0)
    learn_from_reading(world, policies, draws, day, 0)
    posting, n_items = None, 0.0
    if reading is not None and reading.did_read:
        posting = explain_posting(situation_of(simulation, i), uniform_from_bits(int(draws.post[0, i])), world.c)
        n_items = float(simulation.table["n_items"][i])
    decide_posting(world, policies, draws, day, 0)
    n_posts = int(np.count_nonzero(world.posters[: world.counts[N_POSTERS]] == i))
    respond(world, policies, draws, day, 0)
    talk(world, day)
    remember(world, policies, day)
    simulation.end_days(1)
    return DayExplained(day, has_access, n_items, reading, posting, n_posts)


def explain_reading(situation: Situation, draw: float, c: Coefficients) -> ReadingExplained:
    """Explain the decision whether to read, given the luck of the day in [0, 1)."""
    s = situation.reading
    terms = read_terms(s, c)
    utility, present = float(read_utility(terms)), float(presence(s.aware, s.integration, s.mandate, c))
    p_prompt = float(prompt_probability(s.reached, s.share_visible, c))
    p = p_read_in(s, c)
    what_if = []
    for name, case in _cases(s, READING_CASES).items():
        p_case = p_read_in(case, c)
        what_if.append(WhatIf(name, p_case, bool(happens(draw, p_case))))
    return ReadingExplained(
        situation=situation,
        terms=_without_minus_zero(terms),
        utility=utility,
        present=present,
        p_prompt=float(heeded_probability(utility, p_prompt, c)),
        p=p,
        draw=draw,
        did_read=bool(happens(draw, p)),
        lacking=_needed(draw / s.working_share, present, p_prompt, c) - utility,
        what_if=what_if,
    )


def _needed(draw: float, present: float, p_prompt: float, c: Coefficients) -> float:
    """Return the utility above which someone reads at a draw; infinite where no or any utility would do.

    Parameters
    ----------
    draw : float
        Luck of the day.
    present : float
        How far the platform is on his or her mind.
    p_prompt : float
        Chance that something brings it to mind.
    c : Coefficients
    """
    if heeded_probability(-EXTREME, p_prompt, c) == p_prompt:
        # Every prompt is followed. Who gets none reads where the logistic of the utility, as far as present, exceeds
        # what is left of the draw.
        left = (draw - p_prompt) / (1.0 - p_prompt) if draw >= p_prompt else 0.0
        return _logit(left / present) if left < present else math.inf
    low, high = -EXTREME, EXTREME
    if draw >= read_probability(high, present, heeded_probability(high, p_prompt, c)):
        return math.inf
    if draw < read_probability(low, present, heeded_probability(low, p_prompt, c)):
        return -math.inf
    while high - low > PRECISION:
        middle = (low + high) / 2.0
        if draw < read_probability(middle, present, heeded_probability(middle, p_prompt, c)):
            high = middle
        else:
            low = middle
    return (low + high) / 2.0


def explain_posting(situation: Situation, draw: float, c: Coefficients) -> PostingExplained:
    """Explain the decision whether and what to post, given the luck of the day in [0, 1)."""
    s = situation.posting
    terms, chances = post_terms(s, c), post_chances(s, c)
    utilities = dict(zip(OPTIONS, map(float, post_utilities(terms)), strict=True))
    may_be_social = bool(social_allowed(s.work_only, s.compliance, c))
    what_if = []
    for name, case in _cases(s, {**POSTING_CASES, **_cases_of(s, c)}).items():
        in_case = post_chances(case, c)
        what_if.append(WhatIf(name, float(sum(in_case)), choose_post(draw, *in_case) != NOTHING))
    return PostingExplained(
        situation=situation,
        terms=_without_minus_zero(terms),
        utilities=utilities if may_be_social else {**utilities, "social": -math.inf},
        probabilities=dict(zip(OPTIONS, map(float, chances), strict=True)),
        may_be_social=may_be_social,
        draw=draw,
        chosen=KINDS[int(choose_post(draw, *chances))],
        lacking=_lacking(list(utilities.values()), draw, may_be_social),
        what_if=what_if,
    )


def _lacking(utilities: list[float], draw: float, may_be_social: bool) -> float:
    """Return how much more utility of every option would have made a choice other than nothing.

    With `d` more, the chance of a post is exp(d) a / (1 + exp(d) b): `a` sums exp(utility) over what is allowed, `b`
    over all kinds, since what is banned turns into nothing. It must exceed the draw; infinite where no `d` is enough.
    """
    top = max(utilities)
    weights = [math.exp(utility - top) for utility in utilities]
    of_all = sum(weights)
    allowed = of_all if may_be_social else of_all - weights[2]
    needed = allowed - draw * of_all
    if needed <= 0.0:
        return math.inf
    return (math.log(draw / needed) if draw > 0.0 else -math.inf) - top


def _logit(p: float) -> float:
    return math.log(p / (1.0 - p)) if p > 0.0 else -math.inf


def _without_minus_zero(terms: Any) -> dict[str, float]:
    return {name: value + 0.0 for name, value in terms._asdict().items()}


# --- what if --------------------------------------------------------------------------------------------------------


COMMON_CASES: dict[str, dict[str, float]] = {
    "trained": {"trained": 1.0},
    "seen_as_collaboration": {"share_social": 0.0, "share_collaboration": 1.0, "share_broadcast": 0.0},
    "seen_as_social": {"share_social": 1.0, "share_collaboration": 0.0, "share_broadcast": 0.0},
    "seen_as_broadcast": {"share_social": 0.0, "share_collaboration": 0.0, "share_broadcast": 1.0},
    "not_forced": {"resistance": 0.0, "mandate": 0.0},
    "contacts_active": {"contact_activity": 1.0, "share_visible": 1.0},
    "contacts_silent": {"contact_activity": 0.0, "share_visible": 0.0},
}
READING_CASES = {
    **COMMON_CASES,
    "habit": {"habit": 1.0},
    "no_habit": {"habit": 0.0},
    "much_expected": {"expected_work": 1.0, "expected_fun": 1.0, "expected_news": 1.0},
    "nothing_expected": {"expected_work": 0.0, "expected_fun": 0.0, "expected_news": 0.0},
    "integrated": {"integration": 1.0},
    "not_integrated": {"integration": 0.0},
    "campaign_message": {"reached": 1.0, "aware": 1.0},
    "no_campaign_message": {"reached": 0.0},
    "has_been_there": {"aware": 1.0},
}
POSTING_CASES = {
    **COMMON_CASES,
    "no_restriction": {"restriction": 0.0},
    "full_restriction": {"restriction": 1.0},
    "full_guidance": {"guidance": 1.0},
    "no_guidance": {"guidance": 0.0},
    "had_a_reply": {"feedback": 1.0},  # as far as one reply goes
    "no_feedback": {"feedback": 0.0},
    "appraisal_rewards": {"appraisal": 1.0},
    "appraisal_penalizes": {"appraisal": -1.0},
    "full_support": {"support": 1.0},
    "no_support": {"support": 0.0},
    "full_trust": {"trust": 1.0},
    "average_writer": {"inclination": 0.0},
    "social_talk_allowed": {"work_only": 0.0},
}


def _cases_of(s: PostingSituation, c: Coefficients) -> dict[str, dict[str, float]]:
    """Return what could be different when deciding whether to post, where that depends on the situation."""
    cases = {"had_a_reply": {"feedback": float(approach(s.feedback, 1.0, c.feedback_gain))}}
    if s.has_manager:
        cases["manager_posts"] = {"manager_posts": 1.0}
        cases["manager_silent"] = {"manager_posts": 0.0}
        cases["manager_looks"] = {"manager_looks": 1.0}
        cases["manager_does_not_look"] = {"manager_looks": min(s.manager_looks, float(c.imagined_audience))}
    return cases


def _cases(s: Any, cases: Mapping[str, Mapping[str, float]]) -> dict[str, Any]:
    """Return the situation of each case, without the cases that are as things stand."""
    situations = {name: changed(s, changes) for name, changes in cases.items()}
    return {name: case for name, case in situations.items() if case != s}
