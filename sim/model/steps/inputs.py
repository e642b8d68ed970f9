"""What one employee's situation looks like to the rules: the state, turned into the numbers that they take."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.kernel.compiled import inlined, step
from sim.kernel.tables import row_of
from sim.model.rules.frame import commitment, transfer_share
from sim.model.rules.posting import (
    SOCIAL_POST,
    PostingSituation,
    is_visible,
    is_watching,
    kind_fit,
    mix_level,
    reward,
)
from sim.model.rules.reading import ReadingSituation, ease_of_use, skill_with_platforms, standardized
from sim.model.state import DAYS_PER_WEEK, N_READERS, People, Policy, World

if TYPE_CHECKING:
    from sim.views import Coefficients, Person


# A change can concern some departments only: then several policies hold at a time, and a step goes from one run of
# people for whom the same one holds (`World.track`) to the next. Mostly one holds for all, and there is one run.


@step
def track_of(world: World, i: int) -> int:
    """Return which of the policies holds for `i`."""
    return world.track[i] if len(world.track) > 0 else 0


@step
def end_of_people(world: World, first: int) -> int:
    """Return the employee after the run of employees from `first` on for whom the same policy holds."""
    if len(world.track) == 0:
        return world.people.n_rows
    end = first + 1
    while end < world.people.n_rows and world.track[end] == world.track[first]:
        end += 1
    return end


@step
def end_of_readers(world: World, first: int) -> int:
    """Return the place after the run of readers from `first` on for whom the same policy holds."""
    n_readers = world.counts[N_READERS]
    if len(world.track) == 0:
        return n_readers
    end = first + 1
    while end < n_readers and world.track[world.readers[end]] == world.track[world.readers[first]]:
        end += 1
    return end


@step
def skill_of(person: Person, leisure_scale: np.ndarray, policy: Policy, c: Coefficients) -> float:
    """Return someone's skill with such platforms under the present policy."""
    carried = transfer_share(policy.association, policy.clarity)
    familiarity = standardized(carried * person.leisure_experience, leisure_scale[0], leisure_scale[1])
    return skill_with_platforms(familiarity, person.own_skill, c)


@step
def share_social_of(person: Person) -> float:
    """Return the share of the social meaning in someone's frame."""
    return person.frame_social / (person.frame_social + person.frame_collaboration + person.frame_broadcast)


@inlined
def share_visible_of(person: Person) -> float:
    """Return the share of someone's contacts who posted lately, 0 without contacts."""
    if person.n_contacts == 0:
        return 0.0
    return person.n_active_contacts / person.n_contacts


@step
def knowledge_of(knowledge: np.ndarray, interests: np.ndarray, i: int) -> float:
    """Return the knowledge on the topics of interest of `i`, in items of an expert; mean of the three."""
    return (knowledge[interests[i, 0]] + knowledge[interests[i, 1]] + knowledge[interests[i, 2]]) / 3.0


@inlined
def reading_situation(person: Person, policy: Policy, c: Coefficients) -> ReadingSituation:
    """Return what someone decides from whether to read.

    Columns of mechanisms that are off are not even fetched: this is done for everybody on every day.
    """
    total = person.frame_social + person.frame_collaboration + person.frame_broadcast
    skill, trained = 0.0, 0.0
    if c.ease > 0.0:
        skill, trained = person.skill, person.trained
    work, fun, news = c.expectation, c.expectation, c.expectation
    if c.worth_learning > 0.0:
        work, fun, news = person.expected_work, person.expected_fun, person.expected_news
    return ReadingSituation(
        share_social=person.frame_social / total,
        share_collaboration=person.frame_collaboration / total,
        share_broadcast=person.frame_broadcast / total,
        habit=person.habit,
        contact_activity=person.contact_activity,
        share_visible=share_visible_of(person),
        remote_share=person.remote_share,
        working_share=person.working_share,
        segmentation=person.segmentation,
        resistance=person.resistance,
        level=float(person.level),
        reading_inclination=person.reading_inclination,
        skill=skill,
        trained=trained,
        expected_work=work,
        expected_fun=fun,
        expected_news=news,
        reached=float(person.reached),
        aware=float(person.aware),
        participation=policy.participation,
        integration=policy.integration,
        mandate=policy.mandate,
        work_only=policy.work_only,
    )


@step
def weeks_of_appraisal(policy: Policy, day: int) -> float:
    """Return for how many weeks appraisal has been what it is."""
    return (day - DAYS_PER_WEEK * policy.appraisal_start) / DAYS_PER_WEEK


@step
def reward_of(policy: Policy, c: Coefficients, day: int) -> float:
    """Return what appraisal counts on a day."""
    return reward(policy.appraisal, weeks_of_appraisal(policy, day), c)


@step
def posting_situation(person: Person, people: People, policy: Policy, c: Coefficients, day: int) -> PostingSituation:
    """Return what someone decides from whether and what to post."""
    total = person.frame_social + person.frame_collaboration + person.frame_broadcast
    has_manager, posts, looks, committed = 0.0, 0.0, 0.0, 0.0
    if person.manager >= 0:
        has_manager = 1.0
        manager = row_of(people, person.manager)
        posts = 1.0 if is_visible(day - manager.last_post, c) else 0.0
        in_audience = policy.is_open > 0.5 or person.manager_accepted == 1
        looks = is_watching(day - manager.last_read, in_audience, c)
        committed = commitment(share_social_of(manager), manager.resistance, c)
    return PostingSituation(
        share_social=person.frame_social / total,
        share_collaboration=person.frame_collaboration / total,
        share_broadcast=person.frame_broadcast / total,
        contact_activity=person.contact_activity,
        feedback=person.feedback,
        inclination=person.inclination,
        champion=person.champion,
        skill=person.skill,
        trained=person.trained,
        resistance=person.resistance,
        segmentation=person.segmentation,
        trust=person.trust,
        expertise=person.expertise,
        compliance=person.compliance,
        level=float(person.level),
        has_manager=has_manager,
        manager_posts=posts,
        manager_looks=looks,
        manager_commitment=committed,
        participation=policy.participation,
        support=policy.support,
        work_only=policy.work_only,
        restriction=policy.restriction,
        guidance=policy.guidance,
        moderation=policy.moderation,
        appraisal=policy.appraisal,
        weeks_of_appraisal=weeks_of_appraisal(policy, day),
    )


@step
def fit_of(person: Person, kind: int, c: Coefficients) -> float:
    """Return the push towards posts of `kind` that someone's frame gives, in logits."""
    total = person.frame_social + person.frame_collaboration + person.frame_broadcast
    share_social, share_collaboration = person.frame_social / total, person.frame_collaboration / total
    level = mix_level(share_social, share_collaboration, c)
    return kind_fit(share_social if kind == SOCIAL_POST else share_collaboration, level, c)


@step
def ease_of(person: Person, c: Coefficients) -> float:
    """Return the push of knowing how, in logits."""
    return ease_of_use(person.skill, float(person.trained), c)
