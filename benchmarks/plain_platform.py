"""What is on the platform of the plain model: posts, communities, and what happened in a week."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sim.model.rules.posting import QUESTION, SOCIAL_POST, WORK

if TYPE_CHECKING:
    from benchmarks.plain_employee import PlainEmployee


@dataclass(slots=True, eq=False)
class Post:
    """One post; `answered` is the day of the first answer to a question."""

    number: int
    author: PlainEmployee
    kind: int
    topic: int
    day: int
    n_replies: int = 0
    answered: int | None = None


class Community:
    """The place where a topic is talked about: its newest posts, and the knowledge that they hold."""

    def __init__(self, topic: int, length: int) -> None:
        self.topic = topic
        self.wall: deque[Post] = deque(maxlen=length)
        self.n_posts = 0
        self.knowledge = 0.0

    def add(self, post: Post) -> None:
        """Put a post on the wall; a full wall loses its oldest."""
        self.wall.append(post)
        self.n_posts += 1


@dataclass(slots=True)
class WeekTally:
    """What was done in a week; replied and answered posts count for the week in which they were written."""

    posts: Counter[int] = field(default_factory=Counter)  # by kind
    replies: int = 0
    reactions: int = 0
    items: int = 0
    cross_items: int = 0
    cross_authors: int = 0  # not read before in the month
    replied_posts: int = 0
    answered_questions: int = 0
    answers: int = 0
    days_to_answer: int = 0

    @property
    def n_posts(self) -> int:
        """Posts of all kinds."""
        return self.posts[WORK] + self.posts[QUESTION] + self.posts[SOCIAL_POST]
