"""The state of a run: a table of employees, a table of posts, and a few arrays.

N employees, E directed contact edges, P posts in circulation, T topics, K places in a feed, F places for followed
colleagues, W weeks. Every attribute is a column of numbers, so that the compiled day can read and write it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.kernel.compiled import compiled
from sim.kernel.streams import normals, uniforms
from sim.kernel.tables import ColumnTable, as_record, make_table, row_of, rows, stable_order
from sim.model.rules.coefficients import coefficients_of
from sim.model.rules.remembering import casual_belonging
from sim.model.rules.responding import acceptance_probability
from sim.organization import Contacts, Workforce
from sim.organization.contacts import luck_of_both
from sim.scenario.departments import concerns, in_order, opening_weeks

if TYPE_CHECKING:
    from sim.views import Coefficients, Posts

DAYS_PER_WEEK = 5
DAYS_PER_MONTH = 20
MOST_POSTS_A_DAY = 5  # of one person
DAYS_REMEMBERED = 10  # working days of which it is known whether someone read
NEVER = -(10**9)  # a day long before the launch: "has never read", "has never posted"
WORDING_THREAT = {"addition": 0.0, "catalyst": 0.0, "intervention": 0.5, "migration": 1.0}


class Policy(NamedTuple):
    """What the organization does in one week: plain numbers, switches as 0 or 1."""

    message_social: float
    message_collaboration: float
    message_broadcast: float
    association: float
    clarity: float
    campaign_weeks: float
    campaign_reach: float
    campaign_start: float
    wording_threat: float
    mandate: float
    restriction: float
    guidance: float
    work_only: float
    moderation: float
    participation: float
    support: float
    appraisal: float
    appraisal_start: float
    announcements: float
    is_open: float
    integration: float


# One row an employee. What every quiet day needs stands first, so that it lies together in memory; what a delivered
# post changes stands together too.
PERSON: tuple[tuple[str, type], ...] = (
    # the pull of unread items, by kind, and the feed
    ("unread_work", np.float64),
    ("unread_question", np.float64),
    ("unread_social", np.float64),
    ("unread_news", np.float64),
    ("access_day", np.int32),  # first day with access
    ("feed_top", np.int32),  # place after the newest item of the feed
    ("feed_count", np.int32),
    ("n_active_contacts", np.int32),  # contacts who posted lately
    ("n_contacts", np.int32),
    ("reached", np.int32),  # 1 if a campaign message came today
    ("aware", np.int32),  # 1 once trained, reached by a message or there
    ("last_read", np.int32),  # day, or NEVER
    ("level", np.int32),
    # the frame: counts of the three meanings
    ("frame_social", np.float64),
    ("frame_collaboration", np.float64),
    ("frame_broadcast", np.float64),
    # what reading and remembering move
    ("habit", np.float64),
    ("contact_activity", np.float64),  # perceived share of active contacts
    ("resistance", np.float64),  # reactance under the present policy
    ("trained", np.float64),  # 0 or 1
    ("leisure_experience", np.float64),
    ("remote_share", np.float64),
    ("working_share", np.float64),  # of a full week
    ("reading_inclination", np.float64),
    ("segmentation", np.float64),
    ("expected_work", np.float64),  # worth expected of visits: work, fun, news
    ("expected_fun", np.float64),
    ("expected_news", np.float64),
    ("skill", np.float64),  # with such platforms, under the present policy
    ("feedback", np.float64),
    ("cohesion", np.float64),
    ("acquainted", np.float64),  # colleagues beyond the contacts, known by reading
    ("casual", np.float64),  # belonging from casual contact
    ("received_replies", np.int32),  # today
    ("received_reactions", np.int32),  # today
    ("last_post", np.int32),  # day, or NEVER
    ("visible", np.int32),  # 1 while contacts count this employee as active
    # what posting and responding need
    ("trust", np.float64),
    ("inclination", np.float64),
    ("expertise", np.float64),
    ("champion", np.float64),  # 0 or 1
    ("compliance", np.float64),
    ("own_skill", np.float64),  # what has nothing to do with outside media, standard normal
    ("unease", np.float64),  # of writing, on the last day of reading
    ("risk", np.float64),  # felt on the last day of reading
    ("n_items", np.float64),  # read on the last day of reading, news included
    ("new_authors", np.float64),  # met in communities on the last day of reading
    ("expertise_topic", np.int32),
    ("own_position", np.int32),  # place of the expertise topic among the interests
    ("manager", np.int32),  # -1 if none
    ("manager_accepted", np.int32),  # 1 if the manager is an accepted contact (any contact where requests play no part)
    ("team", np.int32),
    ("department", np.int32),
    ("n_followed", np.int32),
    ("first_follower", np.int32),  # head of the list of followers, -1 if none
    # records
    ("last_active", np.int32),  # day of the last post, reply or reaction
    ("n_work_posts", np.int32),
    ("n_questions", np.int32),
    ("n_social_posts", np.int32),
    ("n_replies", np.int32),
    ("n_reactions", np.int32),
    ("knows", np.int32),  # bit k: knows an expert on interest k
    ("intention", np.float64),  # willingness to come of one's own accord within a month, at the announcement
    ("intention_post", np.float64),  # willingness to post on a day of reading, at the announcement
    ("days_read", np.int32),  # days of reading so far
    ("read_lately", np.int32),  # bit k: read k days before the last day of reading, for the last 10 working days
    ("age", np.float64),  # for measuring only: no rule reads it
    ("professional_experience", np.float64),
    ("tenure", np.float64),
)

# One row a post, for as long as it is read.
POST: tuple[tuple[str, type], ...] = (
    ("author", np.int32),
    ("team", np.int32),  # of the author
    ("department", np.int32),  # of the author
    ("expert_topic", np.int32),  # topic on which the author is an expert, -1 if none
    ("kind", np.int32),
    ("topic", np.int32),
    ("day", np.int32),
    ("n_replies", np.int32),
    ("answered", np.int32),  # day of the first answer, -1 if none
)


class People(NamedTuple):
    """The table of employees as compiled rules take it; ``row_of(people, i)`` is one of them."""

    memory: np.ndarray  # bytes, all columns
    n_places: int  # places in a column
    n_rows: int

    columns = PERSON  # type: ignore[misc]


class World(NamedTuple):
    """Everything that one day needs."""

    c: Coefficients  # Coefficients, as a record
    people: People  # rows of PERSON, N of them, see ``sim.kernel.tables.row_of``
    interests: np.ndarray  # int32 (N, 3), topics
    offsets: np.ndarray  # int64 (N + 1,), rows of contacts
    neighbors: np.ndarray  # int32 (E,), sorted in each row
    accepted: np.ndarray  # uint8 (E,), contact request accepted
    feed: np.ndarray  # int32 (N, K), numbers of the posts waiting, a ring with the newest on top
    followed: np.ndarray  # int32 (N, F), colleagues followed beyond the contacts
    follower: np.ndarray  # int32 (N * F,), pool of follower lists
    next_follower: np.ndarray  # int32 (N * F,)
    posts: Posts  # rows of POST, (P,), by post number modulo P
    first_post: np.ndarray  # int64 (days + 1,), number of the first post of each day
    wall: np.ndarray  # int64 (T, K), numbers of the newest posts of each community, a ring
    n_wall: np.ndarray  # int64 (T,), posts ever on it
    knowledge: np.ndarray  # float64 (T,), items of an expert, decayed
    utility: np.ndarray  # float64 (N,), their utility of reading
    chance: np.ndarray  # float64 (N,), what their chance to read today does not exceed
    readers: np.ndarray  # int64 (N,), readers of the day
    items: np.ndarray  # int64 (N * attention,), per reader: 2 * slot, + 1 if met in a community
    n_found: np.ndarray  # int64 (N,), items per reader
    posters: np.ndarray  # int64 (N or more,), authors of the posts of the day
    kinds: np.ndarray  # int64, per post
    topics: np.ndarray  # int64, per post
    counts: np.ndarray  # int64 (5,), see below
    n_able: np.ndarray  # int64 (T,), people with expertise on each topic
    talked: np.ndarray  # float64 (N, 3), shares of everyone's frame before they talk; empty without talk
    leisure_scale: np.ndarray  # float64 (2,), mean and standard deviation of leisure experience
    track: np.ndarray  # int32 (N,), which of several policies holds for each; empty where one holds for all
    panel: np.ndarray  # uint8 (P, N / 8), of some employees, P of them: a bit for each author read this month
    replies: np.ndarray  # int32 (R, 4), day, author, replier and kind, since they were last taken; empty if not kept
    order: np.ndarray  # float64 (days,), luck of each day: whose post of the day comes first
    tally: np.ndarray  # float64 (W, N_TALLIES), sums of each week


# Places in World.counts: readers and posters of today, posts and links ever, a sum that nobody reads, rows of replies.
N_READERS, N_POSTERS, N_POSTS, N_LINKS, N_TOUCHED, N_REPLIES = 0, 1, 2, 3, 4, 5
# Kinds of World.replies.
REPLY, ANSWER, REACTION = 0, 1, 2

PANEL_BITS = 2**24  # room for whom everyone has read this month, for up to 4,096 employees
SMALLEST_PANEL = 512  # people, of whom it is known in any organization

POSTED_WORK, POSTED_QUESTION, POSTED_SOCIAL = 0, 1, 2
REPLIES, REACTIONS, ITEMS, CROSS_ITEMS = 3, 4, 5, 6
REPLIED_POSTS, ANSWERED_QUESTIONS, ANSWERS, DAYS_TO_ANSWER, CROSS_AUTHORS = 7, 8, 9, 10, 11
N_TALLIES = 12


class Draws(NamedTuple):
    """Draws of 32 random bits, employee as position, keyed by purpose and day; a few places at the end are unused."""

    campaign: np.ndarray  # uint32 (weeks, N or more), a row a week, for its first day; none after the last campaign
    read: np.ndarray  # uint32 (days, N or more), a row a day; so are the others
    discover: np.ndarray
    post: np.ndarray
    respond: np.ndarray


def _latest(changes: list[Mapping[str, Any]], week: int, *keys: str) -> int:
    """Return the week of the latest change, up to `week`, of what begins with one of `keys`; 0 if there is none."""
    return max(
        (
            change["week"]
            for change in changes
            if change["week"] <= week and any(key.startswith(keys) for key in change["set"])
        ),
        default=0,
    )


def set_value(values: dict[str, Any], path: str, value: Any) -> None:
    """Set one dotted key of a resolved scenario; of a group, the keys that are given."""
    *parents, name = path.split(".")
    for parent in parents:
        values = values[parent]
    if isinstance(value, Mapping) and isinstance(values.get(name), dict):
        values[name].update(value)
    else:
        values[name] = value


def copy_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy of nested groups, whose values can be set."""
    return {key: copy_of(value) if isinstance(value, Mapping) else value for key, value in values.items()}


def policies_by_week(resolved: Mapping[str, Any], department: int | None = None) -> list[Policy]:
    """Return the policy of each week, the timed changes of the scenario taken into account.

    Parameters
    ----------
    resolved : mapping
        A scenario with all values filled in.
    department : int, optional
        For which department; for those that no change names, if left out.

    Returns
    -------
    list of Policy
        One for each week of the run. A change of week w holds from the first day of that week (weeks count from 0).
    """
    values = {name: copy_of(resolved[name]) for name in ("organization", "platform", "launch", "rules", "leadership")}
    changes = [change for change in in_order(resolved.get("changes")) if concerns(change, department)]
    policies: list[Policy] = []
    waiting = list(changes)
    for week in range(resolved["run"]["weeks"]):
        if policies and not (waiting and waiting[0]["week"] <= week):
            policies.append(policies[-1])
            continue
        while waiting and waiting[0]["week"] <= week:
            for path, value in waiting.pop(0)["set"].items():
                set_value(values, path, value)
        policies.append(_policy(values, changes, week))
    return policies


def remote_shares_by_week(resolved: Mapping[str, Any]) -> dict[int, list[tuple[float, tuple[int, ...]]]]:
    """Return the weeks in which another share comes to work remotely: that share [0-1], and of which departments.

    Of all staff where none are named.
    """
    found: dict[int, list[tuple[float, tuple[int, ...]]]] = {}
    for change in in_order(resolved.get("changes")):
        if "organization.remote_share" in change["set"]:
            share = change["set"]["organization.remote_share"], tuple(change.get("departments") or ())
            found.setdefault(change["week"], []).append(share)
    return found


def _policy(values: Mapping[str, Any], changes: list[Mapping[str, Any]], week: int) -> Policy:
    launch, rules, leadership, platform = (values[name] for name in ("launch", "rules", "leadership", "platform"))
    framing = launch["framing"]
    numbers = {
        **launch, **rules, **leadership, **platform, **framing,
        **{f"message_{meaning}": framing[meaning] for meaning in ("social", "collaboration", "broadcast")},
        **{f"campaign_{name}": value for name, value in launch["campaign"].items()},
        # A new framing or campaign starts a campaign for everyone; rewards work most while they are new.
        "campaign_start": _latest(changes, week, "launch.framing", "launch.campaign"),
        "appraisal_start": _latest(changes, week, "leadership.appraisal"),
        "wording_threat": WORDING_THREAT[launch["wording"]],
        "is_open": platform["following"] == "open",
    }  # fmt: skip
    return Policy(*(float(numbers[name]) for name in Policy._fields))


def _access_days(departments: np.ndarray, launch: Mapping[str, Any], champion: np.ndarray) -> np.ndarray:
    """Return the first day with access: pilot departments at once, then one department a wave, in order."""
    weeks = opening_weeks(int(departments.max()) + 1, launch["waves"])
    days = np.array(weeks, dtype=np.int64)[departments] * DAYS_PER_WEEK
    days[champion > 0.0] = 0
    return days


def _champions(workforce: Workforce, n_contacts: np.ndarray, champions: Mapping[str, Any], seed: int) -> np.ndarray:
    """Return who is a champion (1.0) and who is not; ties are broken by a keyed draw."""
    n_employees = len(workforce.age)
    champion = np.zeros(n_employees)
    n_champions = round(champions["share"] * n_employees)
    if n_champions == 0:
        return champion
    luck = uniforms(seed, "champions", n_employees)
    ways: dict[str, Callable[[], np.ndarray]] = {
        "random": lambda: luck,
        "central": lambda: n_contacts + luck,
        "managers": lambda: workforce.level + luck,
        "youngest": lambda: -workforce.age + luck * 1e-3,
        "experienced": lambda: workforce.leisure_experience + luck * 1e-6,
    }
    merit = ways[champions["choose"]]()
    champion[stable_order(-merit)[:n_champions]] = 1.0
    return champion


def always_open(resolved: Mapping[str, Any]) -> bool:
    """Return whether contact requests never play a part: everyone's posts are open to all throughout."""
    followings = [resolved["platform"]["following"]]
    followings += [
        change["set"]["platform.following"]
        for change in resolved.get("changes") or []
        if "platform.following" in change["set"]
    ]
    return all(following == "open" for following in followings)


@compiled
def accept_requests(
    people: People,
    offsets: np.ndarray,
    neighbors: np.ndarray,
    luck: np.ndarray,
    accepted: np.ndarray,
    c: Coefficients,
) -> None:
    """Set `accepted` (uint8 (E,)) to 1 or 0: a request goes both ways, so the mean of both probabilities decides."""
    for i in range(len(offsets) - 1):
        own = acceptance_probability(row_of(people, i).trust, row_of(people, i).segmentation, c)
        for e in range(offsets[i], offsets[i + 1]):
            j = neighbors[e]
            other = acceptance_probability(row_of(people, j).trust, row_of(people, j).segmentation, c)
            accepted[e] = 1 if luck_of_both(luck[i], luck[j]) < 0.5 * (own + other) else 0


@compiled
def find_contact(offsets: np.ndarray, neighbors: np.ndarray, i: int, j: int) -> int:
    """Return the edge from `i` to `j`, or -1 if `j` is no contact of `i`."""
    low = offsets[i]
    high = offsets[i + 1]
    while low < high:
        middle = (low + high) // 2
        if neighbors[middle] < j:
            low = middle + 1
        else:
            high = middle
    if low < offsets[i + 1] and neighbors[low] == j:
        return low
    return -1


@compiled
def bits_of(topic: int, first: int, second: int, third: int) -> int:
    """Return bit k for the one of three interests that `topic` is, 0 if it is none."""
    return int(topic == first) | int(topic == second) << 1 | int(topic == third) << 2


@compiled
def fill_casual(people: People, c: Coefficients) -> None:
    """Fill everyone's belonging from casual contact: it follows from remote work and tenure."""
    for i in range(people.n_rows):
        person = row_of(people, i)
        person.casual = casual_belonging(person.remote_share, person.tenure, c)


@compiled
def fill_derived(world: World, expert_topics: np.ndarray) -> None:
    """Fill what follows from workforce and network: casual belonging, known experts, the manager as a contact.

    `expert_topics` is the topic on which each employee is an expert, -1 if none; int16 (N,).
    """
    c, people, interests = world.c, world.people, world.interests
    offsets, neighbors, accepted = world.offsets, world.neighbors, world.accepted
    fill_casual(people, c)
    for i in range(people.n_rows):
        person = row_of(people, i)
        for k in range(3):
            if interests[i, k] == person.expertise_topic:
                person.own_position = k
        person.cohesion = person.casual
        if person.manager >= 0:
            edge = find_contact(offsets, neighbors, i, person.manager)
            if edge >= 0 and accepted[edge] == 1:
                person.manager_accepted = 1
        first, second, third = interests[i, 0], interests[i, 1], interests[i, 2]
        known = bits_of(expert_topics[i], first, second, third)
        for e in range(offsets[i], offsets[i + 1]):
            known |= bits_of(expert_topics[neighbors[e]], first, second, third)
        person.knows = known


def _people(workforce: Workforce, offsets: np.ndarray, resolved: Mapping[str, Any], seed: int) -> ColumnTable:
    """Return the table of employees before the announcement."""
    n_employees = len(workforce.age)
    table = ColumnTable(PERSON, n_employees)
    columns = {name for name, _ in PERSON}
    for name in workforce._fields:
        if name in columns:
            table[name] = getattr(workforce, name)
    launch = resolved["launch"]
    table["n_contacts"] = np.diff(offsets)
    table["champion"] = _champions(workforce, table["n_contacts"], launch["champions"], seed)
    is_champion = table["champion"] > 0.0
    table["trained"] = (uniforms(seed, "training", n_employees) < launch["training"]) | is_champion
    table["aware"] = table["trained"] > 0.0
    table["access_day"] = _access_days(workforce.department, launch, table["champion"])
    for name in ("last_read", "last_post", "last_active"):
        table[name] = NEVER
    table["first_follower"] = -1
    return table


def scale_of(values: np.ndarray) -> np.ndarray:
    """Return mean and standard deviation of some values, float64 (2,)."""
    return np.array([values.mean(), values.std()])


def panel_size(n_employees: int) -> int:
    """Return of how many employees, evenly spaced, it is noted whom they read: of all in all but large organizations.

    Examples
    --------
    >>> panel_size(1000), panel_size(100_000)
    (1000, 511)
    """
    wanted = max(SMALLEST_PANEL, PANEL_BITS // n_employees)
    spacing = -(-n_employees // wanted)
    return -(-n_employees // spacing)


def build_world(
    resolved: Mapping[str, Any], seed: int, workforce: Workforce, contacts: Contacts, keeps_replies: bool = False
) -> tuple[World, ColumnTable]:
    """Return the state before the announcement.

    Parameters
    ----------
    resolved : mapping
        A scenario with all values filled in.
    seed : int
        Seed of the run.
    workforce, contacts
        The organization, N employees.
    keeps_replies : bool
        Whether it is noted who replied to whom.

    Returns
    -------
    world : World
        All that a day needs.
    table : ColumnTable
        The employees, N rows with the columns of ``PERSON``; `world.people` reads and writes it.
    """
    c = as_record(coefficients_of(resolved))
    platform = resolved["platform"]
    n, n_topics, feed_length = len(workforce.age), platform["communities"], platform["feed_length"]
    follow_limit = int(c.follow_limit)
    table = _people(workforce, contacts.offsets, resolved, seed)
    if c.ease > 0.0:
        table["own_skill"] = normals(seed, "own skill", n)
    if c.inclination_correlation != 0.0:
        together, apart = c.inclination_correlation, math.sqrt(1.0 - c.inclination_correlation**2)
        table["reading_inclination"] = together * workforce.inclination + apart * workforce.reading_inclination
    for name in ("expected_work", "expected_fun", "expected_news"):
        table[name] = c.expectation
    people = table.rows(People)
    accepted = np.ones(len(contacts.neighbors), dtype=np.uint8)
    if not always_open(resolved):
        accept_requests(people, contacts.offsets, contacts.neighbors, contacts.luck, accepted, c)
    n_days = resolved["run"]["weeks"] * DAYS_PER_WEEK
    # Nobody posts more often in a day, so this many places keep every post for as long as anything asks for it; a
    # power of two, so that the place of a post is its number without the high bits. Unused places cost no memory.
    n_days_kept = min(max(int(c.item_lifetime), int(c.visible_days)), n_days) + 2
    n_a_day = n * (MOST_POSTS_A_DAY if c.post_again > 0.0 else 1)
    n_places = 1 << (n_a_day * n_days_kept - 1).bit_length()
    world = World(
        c=c,
        people=people,
        interests=workforce.interests.astype(np.int32),
        offsets=contacts.offsets,
        neighbors=contacts.neighbors,
        accepted=accepted,
        feed=np.zeros((n, feed_length), dtype=np.int32),
        followed=np.zeros((n, follow_limit), dtype=np.int32),
        follower=np.zeros(n * follow_limit, dtype=np.int32),
        next_follower=np.zeros(n * follow_limit, dtype=np.int32),
        posts=rows(make_table(POST, n_places)),
        first_post=np.zeros(n_days + 1, dtype=np.int64),
        wall=np.zeros((n_topics, feed_length), dtype=np.int64),
        n_wall=np.zeros(n_topics, dtype=np.int64),
        knowledge=np.zeros(n_topics),
        utility=np.zeros(n),
        chance=np.zeros(n),
        readers=np.zeros(n, dtype=np.int64),
        items=np.zeros(n * int(c.attention), dtype=np.int64),
        n_found=np.zeros(n, dtype=np.int64),
        posters=np.zeros(n_a_day, dtype=np.int64),
        kinds=np.zeros(n_a_day, dtype=np.int64),
        topics=np.zeros(n_a_day, dtype=np.int64),
        counts=np.zeros(6, dtype=np.int64),
        n_able=np.zeros(n_topics, dtype=np.int64),
        talked=np.zeros((n if c.talk > 0.0 else 0, 3)),
        leisure_scale=scale_of(workforce.leisure_experience),
        track=np.zeros(0, dtype=np.int32),
        panel=np.zeros((panel_size(n), -(-n // 8)), dtype=np.uint8),
        # More than this nobody can say in a day; it is emptied every day, and what is not written takes no memory.
        replies=np.empty((n * int(c.attention) if keeps_replies else 0, 4), dtype=np.int32),
        order=uniforms(seed, "order of posts", n_days),
        tally=np.zeros((resolved["run"]["weeks"], N_TALLIES)),
    )
    derive(world, table)
    return world, table


def derive(world: World, table: ColumnTable) -> None:
    """Fill the columns that follow from workforce and network; can be done again before the first day."""
    expertise = table["expertise"]
    experts = np.where(expertise >= world.c.expert_level, table["expertise_topic"], -1).astype(np.int16)
    world.n_able[:] = np.bincount(table["expertise_topic"][expertise > 0.0], minlength=len(world.n_able))
    table["own_position"] = table["manager_accepted"] = 0
    fill_derived(world, experts)
