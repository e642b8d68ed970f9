"""Every word that appears in a figure, in one catalog.

The figure functions take a catalog as an argument: another language is another dictionary with these keys.
"""

from __future__ import annotations

from collections.abc import Mapping

from sim.scenario.outcome_table import OUTCOMES

Words = Mapping[str, str]

SHARES = frozenset(outcome.name for outcome in OUTCOMES if outcome.unit == "share") | {"alive"}
"""Outcomes shown in percent, differences of them in points. The mean of `alive` is a share of runs."""

GAPS = frozenset(outcome.name for outcome in OUTCOMES if outcome.unit == "difference of shares")
"""Outcomes that are themselves a difference of shares: shown in percentage points, with a sign."""

ENGLISH: Words = {
    "decimal_sign": ".",
    "list_and": " and ",
    # names of outcomes
    "outcome.reach": "Reach",
    "outcome.adoption": "Adoption",
    "outcome.weekly_readers": "Weekly readers",
    "outcome.monthly_readers": "Monthly readers",
    "outcome.weekly_posters": "Weekly posters",
    "outcome.monthly_posters": "Monthly posters",
    "outcome.weekly_active": "Weekly active staff",
    "outcome.monthly_active": "Monthly active staff",
    "outcome.posts_per_employee_month": "Posts",
    "outcome.interactions_per_employee_month": "Interactions",
    "outcome.work_share": "Work posts and questions",
    "outcome.reply_rate": "Posts with a reply",
    "outcome.answer_rate": "Questions answered",
    "outcome.days_to_answer": "Time to an answer",
    "outcome.top5_share": "Written by the top 5%",
    "outcome.gini": "Inequality of writing",
    "outcome.age_gap": "Age gap in posting",
    "outcome.experience_gradient": "Experience and posting",
    "outcome.intention_gap": "Age gap in willingness",
    "outcome.intention_use_correlation": "Willingness and posting",
    "outcome.frame_social": "Social frame",
    "outcome.frame_collaboration": "Collaboration frame",
    "outcome.frame_broadcast": "Broadcast frame",
    "outcome.frame_congruence": "Agreement of frames",
    "outcome.cross_department_share": "Read across departments",
    "outcome.knowledge": "Knowledge to be found",
    "outcome.metaknowledge": "Knowing who knows",
    "outcome.cohesion": "Belonging",
    "outcome.cohesion_newcomers": "Belonging of newcomers",
    "outcome.cohesion_remote": "Belonging of remote staff",
    "outcome.weeks_to_critical_mass": "Time to critical mass",
    "outcome.peak_week": "Peak week",
    "outcome.persistence": "Adopters still active",
    "outcome.alive": "Platform alive",
    # what staff in a share did
    "meaning.reach": "have ever read",
    "meaning.adoption": "have ever posted",
    "meaning.weekly_readers": "read in the past week",
    "meaning.monthly_readers": "read in the past four weeks",
    "meaning.weekly_posters": "posted in the past week",
    "meaning.monthly_posters": "posted in the past four weeks",
    "meaning.weekly_active": "posted, replied or reacted in the past week",
    "meaning.monthly_active": "posted, replied or reacted in the past four weeks",
    # units on axes
    "unit.reach": "share of staff",
    "unit.adoption": "share of staff",
    "unit.weekly_readers": "share of staff",
    "unit.monthly_readers": "share of staff",
    "unit.weekly_posters": "share of staff",
    "unit.monthly_posters": "share of staff",
    "unit.weekly_active": "share of staff",
    "unit.monthly_active": "share of staff",
    "unit.posts_per_employee_month": "posts per employee per month",
    "unit.interactions_per_employee_month": "posts, replies and reactions per employee per month",
    "unit.work_share": "share of posts",
    "unit.reply_rate": "share of posts",
    "unit.answer_rate": "share of questions",
    "unit.days_to_answer": "working days",
    "unit.top5_share": "share of content",
    "unit.gini": "Gini coefficient, 0 to 1",
    "unit.age_gap": "percentage points of staff",
    "unit.experience_gradient": "rank correlation",
    "unit.intention_gap": "percentage points of willingness",
    "unit.intention_use_correlation": "rank correlation",
    "unit.frame_social": "mean share of the frame",
    "unit.frame_collaboration": "mean share of the frame",
    "unit.frame_broadcast": "mean share of the frame",
    "unit.frame_congruence": "0 (apart) to 1 (the same)",
    "unit.cross_department_share": "share of items read",
    "unit.knowledge": "share of full worth",
    "unit.metaknowledge": "share of one's topics",
    "unit.cohesion": "share of the most possible",
    "unit.cohesion_newcomers": "share of the most possible",
    "unit.cohesion_remote": "share of the most possible",
    "unit.weeks_to_critical_mass": "weeks",
    "unit.peak_week": "weeks",
    "unit.persistence": "share of adopters",
    "unit.alive": "share of runs",
    # how many runs, and what a band or bar covers
    "runs.one": "1 run",
    "runs.same": "{n} runs",
    "runs.between": "{low} to {high} runs",
    "runs.each": "{runs} of each scenario",
    "spread.middle": "middle 90% of the runs (5th to 95th percentile)",
    "spread.range": "lowest to highest run",
    "band.some": "Line: mean of {runs}. Band: {spread}.",
    "band.none": "Line: {runs}. No band: a single run cannot show how far luck goes.",
    "bar.some": "Marker: mean of {runs}. Bar: {spread}.",
    "bar.none": "Marker: {runs}. No bar: a single run cannot show how far luck goes.",
    "week": "weeks since launch",
    "no_value": "{name}: no value",
    # weekly curves
    "curves.title": "How many take part, week by week",
    "curves.title_one": "How many take part, week by week: {scenario}",
    "curves.scales": "Each panel has its own scale.",
    # differences
    "differences.title": "What differs: {a} minus {b}",
    "differences.title_many": "How far each scenario is from {a}",
    "differences.title_pairs": "What differs between the scenarios",
    "differences.subtitle": "Each small dot is one pair of runs with the same staff and the same luck.",
    "differences.subtitle_many": "Zero is {a}; right of it a scenario is higher, left of it lower.",
    "differences.higher_left": "←\u00a0{scenario} higher",
    "differences.higher_right": "{scenario} higher\u00a0→",
    "differences.minus": "{a} minus {b}",
    "differences.points_staff": "percentage points of staff",
    "differences.points": "percentage points",
    "differences.column_mean": "mean [95% interval]",
    "differences.column_greater": "pairs with {scenario} higher",
    "differences.greater": "{n_greater} of {n}",
    "differences.caption": (
        "Marker: mean difference; bar: its 95% interval over the pairs; "
        "hollow where the interval includes zero (cannot tell)."
    ),
    "differences.caption_one": (
        "Hollow marker: the one pair of runs there is; without an interval nothing can be said about luck."
    ),
    "differences.caption_sample": "{shown} of {n} pairs are drawn as dots.",
    "differences.none": "no pair has a value for both",
    # groups
    "groups.title.monthly_posters": "Who posts",
    "groups.title.monthly_readers": "Who reads",
    "groups.title.posts_per_employee_month": "Who posts how much",
    "groups.one": "{title}: {scenario}",
    "groups.subtitle": "{outcome} in the last four weeks of the run",
    "groups.age_band": "By age",
    "groups.leisure_experience": "By experience with social media outside work",
    "groups.level": "By level",
    "groups.department": "By department",
    "groups.remote": "By remote work",
    "groups.tenure": "By tenure",
    "groups.unit.age_band": "age (years)",
    "groups.unit.leisure_experience": "experience with social media outside work",
    "groups.unit.level": "level",
    "groups.unit.department": "department",
    "groups.unit.remote": "remote work",
    "groups.unit.tenure": "tenure (years)",
    "groups.share": "share of the group",
    "groups.staff": "{n} staff",
    "groups.small": "Groups of fewer than {n} employees are left out; staff numbers are means over runs.",
    "groups.largest": "the {n} largest of {of}",
    "groups.none": "no group has {n} or more employees",
    # frames
    "frames.title": "What people think the platform is for",
    "frames.title_one": "What people think the platform is for: {scenario}",
    "frames.scenario": "Scenario “{scenario}”",
    "frames.frame_social": "social",
    "frames.frame_collaboration": "collaboration",
    "frames.frame_broadcast": "broadcast",
    "frames.caption": "The three shares add up to 100% for every employee.",
    # overview
    "noun.monthly_readers": "monthly readers",
    "noun.monthly_active": "monthly active staff",
    "noun.monthly_posters": "monthly posters",
    "overview.more": "More {outcome} with “{upper}” than with “{lower}”",
    "overview.none": "“{upper}” or “{lower}”: nothing to compare, no pair has a value for both",
    "overview.tie": "“{upper}” or “{lower}”: cannot tell which gets more {outcome}",
    "overview.one": "“{upper}” against “{lower}”: one pair of runs, which luck may decide",
    "overview.finding": (
        "Paired runs, with the same staff and the same luck: {mean} percentage points at the end "
        "(95% interval {low} to {high})."
    ),
    "overview.finding_one": "“{upper}” differs by {mean} percentage points in the one pair of runs there is.",
    "overview.curves": "Share of staff who {meaning}",
    "overview.pairs": "Difference at the end, by pair",
    "overview.ahead": "{scenario} ahead in\u00a0{ahead}\u00a0of\u00a0{n}",
    "overview.zero": "no difference",
    "overview.caption": (
        "Right: each dot is one pair (mean of its last four weeks); big marker: mean difference; bar: its "
        "95% interval; a hollow marker means that the interval includes zero (cannot tell)."
    ),
    "overview.caption_one": "Right: the one pair there is (mean of its last four weeks); no interval.",
}
