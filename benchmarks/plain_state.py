"""The state of the plain model in the columns of ``sim.model.state``, so that both can be compared to the last bit."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from benchmarks.plain_employee import PlainEmployee
from benchmarks.plain_mesa import PlainIntranetModel
from benchmarks.plain_platform import Post, WeekTally
from sim.model.rules.posting import QUESTION, SOCIAL_POST, WORK
from sim.model.simulation import Simulation
from sim.model.state import N_POSTS, PERSON, POST

# Where things lie in memory; what lies there is compared.
LAYOUT = {"feed_top", "first_follower"}
# On a platform that is open throughout, the engine does not work out who would accept a contact request.
REQUESTS = {"accepted", "person.manager_accepted"}
PERSON_COLUMNS = tuple(name for name, _ in PERSON if name not in LAYOUT)
POST_COLUMNS = tuple(name for name, _ in POST)


def person_row(employee: PlainEmployee) -> dict[str, Any]:
    """Return the columns of one employee."""
    boss = employee.manager
    same = (
        "access_day", "n_active_contacts", "level", "frame_social", "frame_collaboration", "frame_broadcast", "habit",
        "contact_activity", "resistance", "leisure_experience", "remote_share", "segmentation", "feedback", "cohesion",
        "skill", "own_skill", "unease", "expected_work", "expected_fun", "expected_news", "acquainted", "new_authors",
        "casual", "received_replies", "received_reactions", "trust", "inclination", "reading_inclination", "expertise",
        "compliance", "working_share", "risk", "n_items", "expertise_topic", "own_position", "team", "department",
        "n_replies", "n_reactions", "intention", "intention_post", "age", "professional_experience", "tenure",
        "unread_news", "last_read", "last_post", "last_active",
    )  # fmt: skip
    return {name: getattr(employee, name) for name in same} | {
        "unread_work": employee.unread[WORK],
        "unread_question": employee.unread[QUESTION],
        "unread_social": employee.unread[SOCIAL_POST],
        "feed_count": len(employee.feed),
        "n_contacts": len(employee.contacts),
        "reached": employee.is_reached,
        "aware": employee.is_aware,
        "trained": employee.is_trained,
        "champion": employee.is_champion,
        "visible": employee.is_active,
        "days_read": len(employee.days_of_reading),
        "read_lately": sum(
            1 << (employee.last_read - day) for day in employee.days_of_reading if employee.last_read - day < 10
        ),
        "manager": -1 if boss is None else boss.row,
        "manager_accepted": boss in employee.accepted,
        "n_followed": len(employee.followed),
        "n_work_posts": employee.n_posts[WORK],
        "n_questions": employee.n_posts[QUESTION],
        "n_social_posts": employee.n_posts[SOCIAL_POST],
        "knows": sum(1 << k for k in range(3) if employee.interests[k] in employee.knows),
    }


def post_row(post: Post) -> dict[str, int]:
    """Return the columns of one post."""
    author = post.author
    return {
        "author": author.row,
        "team": author.team,
        "department": author.department,
        "expert_topic": -1 if author.expert_topic is None else author.expert_topic,
        "kind": post.kind,
        "topic": post.topic,
        "day": post.day,
        "n_replies": post.n_replies,
        "answered": -1 if post.answered is None else post.answered,
    }


def plain_state(model: PlainIntranetModel) -> dict[str, Any]:
    """Return the whole state: columns of people and of all posts as arrays, the rest mostly as lists."""
    staff = list(model.agents)
    rows = [person_row(employee) for employee in staff]
    posts = [post_row(post) for post in model.posts]
    state: dict[str, Any] = {
        f"person.{name}": np.array([row[name] for row in rows], dtype=dtype)
        for name, dtype in PERSON
        if name not in LAYOUT
    }
    state |= {f"post.{name}": np.array([post[name] for post in posts], dtype=dtype) for name, dtype in POST}
    return state | {
        "feeds": [[post.number for post in employee.feed] for employee in staff],
        "interests": [list(employee.interests) for employee in staff],
        "contacts": [[other.row for other in employee.contacts] for employee in staff],
        "accepted": [[other.row for other in employee.accepted] for employee in staff],
        "followed": [[other.row for other in employee.followed] for employee in staff],
        "followers": [[other.row for other in employee.followers] for employee in staff],
        "walls": [[post.number for post in community.wall] for community in model.communities],
        "n_wall": [community.n_posts for community in model.communities],
        "knowledge": np.array([community.knowledge for community in model.communities]),
        "n_posts": len(model.posts),
        "tally": np.array([tally_row(week) for week in model.tallies]),
    }


def tally_row(week: WeekTally) -> list[float]:
    """Return the sums of a week in the order of the engine."""
    sums = (
        week.posts[WORK], week.posts[QUESTION], week.posts[SOCIAL_POST], week.replies, week.reactions, week.items,
        week.cross_items, week.replied_posts, week.answered_questions, week.answers, week.days_to_answer,
        week.cross_authors,
    )  # fmt: skip
    return [float(value) for value in sums]


def plain_series(model: PlainIntranetModel) -> dict[str, list[float]]:
    """Return the weekly outcomes; rates not yet known are NaN."""
    weeks, rates = model.datacollector.tables["weeks"], model.datacollector.tables["rates"]
    n_weeks = len(weeks["reach"])
    return dict(weeks) | {name: values + [math.nan] * (n_weeks - len(values)) for name, values in rates.items()}


def engine_state(simulation: Simulation) -> dict[str, Any]:
    """Return the state of the engine in the form of `plain_state`, with as many of the newest posts as it keeps."""
    world, people = simulation.world, simulation.table
    n_posts, n_kept = int(world.counts[N_POSTS]), len(simulation.world.posts)
    newest = [number % n_kept for number in range(max(0, n_posts - n_kept), n_posts)]
    rows = range(len(people))
    contacts = [slice(int(world.offsets[i]), int(world.offsets[i + 1])) for i in rows]
    state: dict[str, Any] = {f"person.{name}": people[name].copy() for name in PERSON_COLUMNS}
    for name, dtype in POST:
        state[f"post.{name}"] = np.array([_cell(world.posts, slot, name) for slot in newest], dtype=dtype)
    return state | {
        "feeds": [_ring(world.feed[i], people["feed_top"][i], people["feed_count"][i]) for i in rows],
        "interests": world.interests.tolist(),
        "contacts": [world.neighbors[row].tolist() for row in contacts],
        "accepted": [world.neighbors[row][world.accepted[row] == 1].tolist() for row in contacts],
        "followed": [world.followed[i, : people["n_followed"][i]].tolist() for i in rows],
        "followers": [_followers(simulation, int(people["first_follower"][i])) for i in rows],
        "walls": [
            _ring(wall, n % len(wall), min(n, len(wall)))
            for wall, n in zip(world.wall, world.n_wall.tolist(), strict=True)
        ],
        "n_wall": world.n_wall.tolist(),
        "knowledge": world.knowledge.copy(),
        "n_posts": n_posts,
        "tally": world.tally.copy(),
    }


def _cell(table: Any, row: int, name: str) -> Any:
    """Return one value of a table, which is an array when rules are compiled and a list of views when they are not."""
    return table[name][row] if isinstance(table, np.ndarray) else getattr(table[row], name)


def _ring(places: np.ndarray, top: int, count: int) -> list[int]:
    """Return what lies in a ring, the oldest first."""
    return [int(places[(top - count + k) % len(places)]) for k in range(count)]


def _followers(simulation: Simulation, link: int) -> list[int]:
    """Return a list of followers, the first follower first."""
    found = []
    while link >= 0:
        found.append(int(simulation.world.follower[link]))
        link = int(simulation.world.next_follower[link])
    return found[::-1]


def digest(state: Mapping[str, Any]) -> str:
    """Return a hash of a state, but for single posts (the engine keeps the newest) and contact requests."""
    sha = hashlib.sha256()
    for name, value in state.items():
        if not name.startswith("post.") and name not in REQUESTS:
            sha.update(name.encode())
            sha.update(value.tobytes() if isinstance(value, np.ndarray) else repr(value).encode())
    return sha.hexdigest()
