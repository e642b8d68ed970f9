"""The outcomes: name, meaning, unit, range and direction of each, in the order of the tables.

Plain data without third-party imports, so that the command line and the schema can read it quickly.
"Share of staff" counts all employees, with access or not. A month is 20 working days, a week 5.
"""

from __future__ import annotations

from dataclasses import dataclass

INFINITE = float("inf")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One outcome of a run.

    Attributes
    ----------
    name : str
        Key in tables, files and ``--json``.
    meaning : str
        Definition in one sentence.
    unit : str
        ``share`` (of 1), ``per month``, ``days``, ``weeks``, ``correlation``, ``difference of shares``, ``people``,
        ``1``.
    low, high : float
        Range of possible values.
    level : str
        ``operational`` (messages), ``tactical`` (communities and people), ``strategic`` (the organization),
        ``course`` (how the adoption went).
    better : int
        +1 if an organization wants more of it, -1 if less, 0 if neither is better.
    when_undefined : str
        Why the value can be missing (NaN); empty if it never is.
    over_run : str
        How a run is summed up: ``mean`` of the last 4 weeks (that are defined), or ``last`` week.
    kind : str
        ``number``; ``yes or no`` (0 or 1 in each run, so that its mean over runs is a share of them); or ``time``, a
        week that may lie after the end of the run: a missing value then means *later than the run*.
    """

    name: str
    meaning: str
    unit: str
    low: float
    high: float
    level: str
    better: int
    when_undefined: str = ""
    over_run: str = "mean"
    kind: str = "number"


NO_POSTS = "nobody has posted in that week"
NO_WRITERS = "nobody has written anything yet"
NO_GROUP = "one of the groups compared is empty"
NO_SPREAD = "one of the two quantities is the same for everyone"
NO_MEMBERS = "nobody has read anything yet"
NOT_A_QUARTER = "fewer than 14 weeks have passed"

OUTCOMES: tuple[Outcome, ...] = (
    Outcome(
        "reach",
        "Share of staff who have ever read on the platform.",
        "share",
        0,
        1,
        "operational",
        1,
        over_run="last",
    ),
    Outcome("adoption", "Share of staff who have ever posted.", "share", 0, 1, "operational", 1, over_run="last"),
    Outcome(
        "registered",
        "Share of staff who came a second time, on another day, or have written something.",
        "share",
        0,
        1,
        "operational",
        1,
        over_run="last",
    ),
    Outcome(
        "daily_readers",
        "Share of staff who read on at least 8 of the last 10 working days.",
        "share",
        0,
        1,
        "operational",
        1,
    ),
    Outcome("weekly_readers", "Share of staff who read in the last week.", "share", 0, 1, "operational", 1),
    Outcome("monthly_readers", "Share of staff who read in the last month.", "share", 0, 1, "operational", 1),
    Outcome("weekly_posters", "Share of staff who posted in the last week.", "share", 0, 1, "operational", 1),
    Outcome("monthly_posters", "Share of staff who posted in the last month.", "share", 0, 1, "operational", 1),
    Outcome(
        "weekly_active",
        "Share of staff who posted, replied or reacted in the last week.",
        "share",
        0,
        1,
        "operational",
        1,
    ),
    Outcome(
        "monthly_active",
        "Share of staff who posted, replied or reacted in the last month.",
        "share",
        0,
        1,
        "operational",
        1,
    ),
    Outcome(
        "posts_per_employee_month",
        "Posts of the week per employee, scaled to a month.",
        "per month",
        0,
        INFINITE,
        "operational",
        1,
    ),
    Outcome(
        "interactions_per_employee_month",
        "Posts, replies and reactions of the week per employee, scaled to a month.",
        "per month",
        0,
        INFINITE,
        "operational",
        1,
    ),
    Outcome(
        "work_share",
        "Work posts and questions among the posts of the week.",
        "share",
        0,
        1,
        "operational",
        0,
        NO_POSTS,
    ),
    Outcome(
        "reply_rate",
        "Share of the week's posts that got a reply while they were being read.",
        "share",
        0,
        1,
        "tactical",
        1,
        "nobody posted in that week, or its posts can still get replies",
    ),
    Outcome(
        "answer_rate",
        "Share of the week's questions that were answered while they were being read.",
        "share",
        0,
        1,
        "strategic",
        1,
        "nobody asked in that week, or its questions can still be answered",
    ),
    Outcome(
        "days_to_answer",
        "Mean number of working days from question to first answer, for answers of the week.",
        "days",
        1,
        INFINITE,
        "strategic",
        -1,
        "no question was answered in that week",
    ),
    Outcome(
        "top5_share",
        "Share of all posts and replies so far written by the most active 5% of members (ever read).",
        "share",
        0,
        1,
        "tactical",
        -1,
        NO_WRITERS,
        over_run="last",
    ),
    Outcome(
        "repeat_writers",
        "Share of members (ever read) who have written more than one post or reply.",
        "share",
        0,
        1,
        "tactical",
        1,
        NO_MEMBERS,
        over_run="last",
    ),
    Outcome(
        "gini",
        "Gini coefficient of posts and replies so far over members (ever read).",
        "1",
        0,
        1,
        "tactical",
        -1,
        NO_WRITERS,
        over_run="last",
    ),
    Outcome(
        "age_gap",
        "Monthly posters among those of 25 and over minus among those under 25.",
        "difference of shares",
        -1,
        1,
        "tactical",
        0,
        NO_GROUP,
    ),
    Outcome(
        "age_gap_readers",
        "Monthly readers among those of 25 and over minus among those under 25.",
        "difference of shares",
        -1,
        1,
        "tactical",
        0,
        NO_GROUP,
    ),
    Outcome(
        "experience_gradient",
        "Rank correlation of leisure experience with posts so far.",
        "correlation",
        -1,
        1,
        "tactical",
        0,
        NO_SPREAD,
        over_run="last",
    ),
    Outcome(
        "reading_gradient",
        "Rank correlation of leisure experience with days of reading so far.",
        "correlation",
        -1,
        1,
        "tactical",
        0,
        NO_SPREAD,
        over_run="last",
    ),
    Outcome(
        "intention_gap",
        "Stated willingness before launch to come of one's own accord within a month: 25 and over minus under 25.",
        "difference of shares",
        -1,
        1,
        "tactical",
        0,
        NO_GROUP,
        over_run="last",
    ),
    Outcome(
        "intention_use_correlation",
        "Rank correlation of willingness before launch with posts so far.",
        "correlation",
        -1,
        1,
        "tactical",
        0,
        NO_SPREAD,
        over_run="last",
    ),
    Outcome("frame_social", "Mean share of the social meaning in the frames.", "share", 0, 1, "strategic", 0),
    Outcome(
        "frame_collaboration",
        "Mean share of the collaboration meaning in the frames.",
        "share",
        0,
        1,
        "strategic",
        1,
    ),
    Outcome("frame_broadcast", "Mean share of the broadcast meaning in the frames.", "share", 0, 1, "strategic", 0),
    Outcome(
        "frame_congruence",
        "1 minus the mean distance (total variation) between the mean frames of levels and of age groups.",
        "1",
        0,
        1,
        "strategic",
        1,
        "fewer than two groups have members",
    ),
    Outcome(
        "cross_department_share",
        "Share of the week's items read that came from another department.",
        "share",
        0,
        1,
        "tactical",
        1,
        "no item was read in that week",
    ),
    Outcome(
        "cross_department_authors",
        "Different authors of other departments whom a reader read in the last whole month; mean over its readers.",
        "people",
        0,
        INFINITE,
        "tactical",
        1,
        "no month has ended yet, or nobody read in it",
    ),
    Outcome(
        "knowledge",
        "Worth of the knowledge on the topics of one's interest, as a share of full worth; mean over staff.",
        "share",
        0,
        1,
        "strategic",
        1,
    ),
    Outcome(
        "metaknowledge",
        "Share of one's topics on which one knows an expert; mean over staff.",
        "share",
        0,
        1,
        "strategic",
        1,
    ),
    Outcome("cohesion", "Sense of belonging; mean over staff.", "share", 0, 1, "strategic", 1),
    Outcome(
        "cohesion_newcomers",
        "Sense of belonging of staff with less than a year of tenure.",
        "share",
        0,
        1,
        "strategic",
        1,
        "nobody has less than a year of tenure",
    ),
    Outcome(
        "cohesion_remote",
        "Sense of belonging of staff who sometimes work remotely.",
        "share",
        0,
        1,
        "strategic",
        1,
        "nobody works remotely",
    ),
    Outcome(
        "weeks_to_critical_mass",
        "First week in which weekly posters reached the critical share.",
        "weeks",
        1,
        INFINITE,
        "course",
        -1,
        "weekly posters never reached the critical share",
        over_run="last",
        kind="time",
    ),
    Outcome(
        "peak_week",
        "Week with the most weekly posters so far (the first of them).",
        "weeks",
        1,
        INFINITE,
        "course",
        0,
        NO_WRITERS,
        over_run="last",
    ),
    Outcome(
        "stationarity",
        "Change of monthly readers over the last 13 weeks.",
        "difference of shares",
        -1,
        1,
        "course",
        0,
        NOT_A_QUARTER,
    ),
    Outcome(
        "persistence",
        "Share of those who ever posted that were active in the last month.",
        "share",
        0,
        1,
        "course",
        1,
        NO_WRITERS,
    ),
    Outcome(
        "alive",
        "1 if weekly posters stayed at or above the critical share in the last 4 weeks, else 0.",
        "1",
        0,
        1,
        "course",
        1,
        over_run="last",
        kind="yes or no",
    ),
)

YES_OR_NO: frozenset[str] = frozenset(outcome.name for outcome in OUTCOMES if outcome.kind == "yes or no")
TIMES: frozenset[str] = frozenset(outcome.name for outcome in OUTCOMES if outcome.kind == "time")
OUTCOME_NAMES: tuple[str, ...] = tuple(outcome.name for outcome in OUTCOMES)
