"""An employee of the plain model: an ordinary Mesa agent with ordinary attributes.

What an employee decides comes from the scalar rules of ``sim.model.rules``; who decides when, and what follows from
it, is written here anew, with lists and objects.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, NamedTuple

import mesa

from benchmarks.plain_platform import Post
from sim.model.rules.frame import (
    commitment,
    credibility,
    forget,
    initial_frame,
    item_counts,
    message_counts,
    reactance,
    talk_counts,
    talk_weight,
    transfer_share,
    update_frame,
)
from sim.model.rules.numbers import approach, happens, uniform_from_bits, unused_luck
from sim.model.rules.posting import (
    NEWS,
    NOTHING,
    QUESTION,
    SOCIAL_POST,
    WORK,
    PostingSituation,
    choose_post,
    felt_risk,
    is_visible,
    is_watching,
    kind_fit,
    luck_after_choice,
    mix_level,
    post_chances,
    posts_again,
    topic_position,
    unease_of_writing,
)
from sim.model.rules.reading import (
    ReadingSituation,
    ease_of_use,
    learned_worth,
    read_terms,
    read_utility,
    skill_with_platforms,
    standardized,
    visit_probability,
    willingness,
)
from sim.model.rules.remembering import (
    belonging_today,
    casual_belonging,
    knowledge_added,
    remember_authors,
    remember_feedback,
)
from sim.model.rules.responding import (
    acceptance_probability,
    answer_probability,
    expertise_match,
    follow_probability,
    respond_probability,
)

if TYPE_CHECKING:
    from benchmarks.plain_mesa import PlainIntranetModel
    from benchmarks.plain_policy import Policy

NEVER = -(10**9)  # a day long before the launch
MOST_POSTS_A_DAY = 5
DAYS_PER_WEEK = 5


class Traits(NamedTuple):
    """What the workforce says about one employee, under its names."""

    age: float
    tenure: float
    leisure_experience: float
    professional_experience: float
    segmentation: float
    remote_share: float
    trust: float
    level: int
    department: int
    team: int
    manager: int
    interests: list[int]
    expertise_topic: int
    expertise: float
    inclination: float
    reading_inclination: float
    compliance: float
    working_share: float


class PlainEmployee(mesa.Agent):
    """One employee.

    Parameters
    ----------
    model : PlainIntranetModel
    row : int
        Position in the workforce, 0 to N - 1: where this employee's luck stands among the draws of a day.
    traits : Traits
    feed_length : int
        Posts that wait in the feed at most.
    """

    model: PlainIntranetModel

    def __init__(self, model: PlainIntranetModel, row: int, traits: Traits, feed_length: int) -> None:
        super().__init__(model)
        self.row = row
        self.age = traits.age
        self.tenure = traits.tenure
        self.leisure_experience = traits.leisure_experience
        self.professional_experience = traits.professional_experience
        self.segmentation = traits.segmentation
        self.remote_share = traits.remote_share
        self.trust = traits.trust
        self.level = traits.level
        self.department = traits.department
        self.team = traits.team
        self.interests = traits.interests
        self.expertise_topic = traits.expertise_topic
        self.expertise = traits.expertise
        self.inclination = traits.inclination
        self.reading_inclination = traits.reading_inclination
        self.compliance = traits.compliance
        self.working_share = traits.working_share

        self.manager: PlainEmployee | None = None
        self.contacts: list[PlainEmployee] = []
        self.accepted: list[PlainEmployee] = []  # contacts who share posts where following needs approval
        self.circle: list[PlainEmployee] = []  # contacts whose posts come through the feed
        self.contact_set: set[PlainEmployee] = set()
        self.circle_set: set[PlainEmployee] = set()
        self.followed: list[PlainEmployee] = []
        self.followers: list[PlainEmployee] = []

        c = model.c
        self.expert_topic = self.expertise_topic if self.expertise >= c.expert_level else None
        # Where there are fewer than three topics, the field of expertise may stand twice among them; the last counts.
        self.own_position = max((k for k in range(3) if self.interests[k] == self.expertise_topic), default=0)
        self.knows: set[int] = set()  # topics of interest on which one knows an expert
        self.notice_expert(self)
        self.work_remotely(self.remote_share)
        self.cohesion = self.casual

        self.access_day = 0
        self.is_champion = False
        self.is_trained = False
        self.frame_social = 0.0
        self.frame_collaboration = 0.0
        self.frame_broadcast = 0.0
        self.resistance = 0.0
        self.intention = 0.0
        self.intention_post = 0.0
        self.days_of_reading: list[int] = []
        self.authors_elsewhere: set[PlainEmployee] = set()  # of other departments, read this month
        self.habit = 0.0
        self.contact_activity = 0.0
        self.feedback = 0.0
        self.risk = 0.0
        self.unease = 0.0
        self.own_skill = 0.0
        self.skill = 0.0
        self.expected_work = self.expected_fun = self.expected_news = c.expectation
        self.acquainted = 0.0
        self.new_authors = 0.0
        self.shares_before_talk = (0.0, 0.0, 0.0)

        self.feed: deque[Post] = deque(maxlen=feed_length)
        self.unread = {WORK: 0.0, QUESTION: 0.0, SOCIAL_POST: 0.0}
        self.unread_news = 0.0
        self.is_reached = False
        self.is_aware = False
        self.reads_today = False
        self.items: list[tuple[Post, bool]] = []  # read today, and whether it came through the feed
        self.n_items = 0.0  # read on the last day of reading, news included
        self.plans: list[tuple[int, int]] = []  # kind and topic of each post of today
        self.received_replies = 0
        self.received_reactions = 0
        self.share_active = 0.0  # of the contacts, this morning

        self.last_read = NEVER
        self.last_post = NEVER
        self.last_active = NEVER
        self.n_posts = {WORK: 0, QUESTION: 0, SOCIAL_POST: 0}
        self.n_replies = 0
        self.n_reactions = 0

    # --- relations

    def work_remotely(self, share_of_days: float) -> None:
        """Work remotely on a share of days, which thins casual contact."""
        self.remote_share = share_of_days
        self.casual = casual_belonging(share_of_days, self.tenure, self.model.c)

    def meet(self, other: PlainEmployee, draw: float) -> None:
        """Become contacts; a contact request goes both ways, so the mean of both probabilities decides."""
        c = self.model.c
        own = acceptance_probability(self.trust, self.segmentation, c)
        theirs = acceptance_probability(other.trust, other.segmentation, c)
        is_accepted = draw < 0.5 * (own + theirs)
        for one, another in ((self, other), (other, self)):
            one.contacts.append(another)
            if is_accepted:
                one.accepted.append(another)
            one.notice_expert(another)

    @property
    def policy(self) -> Policy:
        """What the organization does in one's own department."""
        policies = self.model.policies
        return policies[self.department] if self.department in policies else policies[None]

    def set_circle(self) -> None:
        """Find out whose posts come through the feed under the present policy."""
        self.circle = self.contacts if self.policy.is_open else self.accepted
        self.circle_set = set(self.circle)
        self.contact_set = set(self.contacts)

    def notice_expert(self, other: PlainEmployee) -> None:
        """Remember that `other` is an expert, if it is on a topic of interest."""
        topic = other.expert_topic
        if topic is not None and topic in self.interests:
            self.knows.add(topic)

    def follow(self, other: PlainEmployee) -> None:
        """Follow someone beyond the contacts, if there is room."""
        if len(self.followed) >= self.model.follow_limit or other in self.followed or other in self.contact_set:
            return
        self.followed.append(other)
        other.followers.append(self)

    # --- how things stand

    def luck(self, purpose: str) -> float:
        """Return today's draw for a purpose."""
        return uniform_from_bits(self.model.bits[purpose][self.row])

    @property
    def is_active(self) -> bool:
        """Whether one counts as active in the eyes of others: by a post not long ago."""
        return is_visible(self.model.day - self.last_post, self.model.c)

    @property
    def n_active_contacts(self) -> int:
        """Contacts who are seen to be active."""
        return sum(contact.is_active for contact in self.circle)

    @property
    def frame_shares(self) -> tuple[float, float, float]:
        """What the platform is for: social, collaboration, broadcast."""
        total = self.frame_social + self.frame_collaboration + self.frame_broadcast
        return self.frame_social / total, self.frame_collaboration / total, self.frame_broadcast / total

    @property
    def committed(self) -> float:
        """How far one follows the official line as a leader."""
        return commitment(self.frame_shares[0], self.resistance, self.model.c)

    @property
    def ease(self) -> float:
        """How much knowing how to use the platform pushes."""
        return ease_of_use(self.skill, self.is_trained, self.model.c)

    @property
    def known(self) -> float:
        """Knowledge on the own topics, in items of an expert."""
        first, second, third = self.interests
        communities = self.model.communities
        return (communities[first].knowledge + communities[second].knowledge + communities[third].knowledge) / 3.0

    def fit(self, kind: int) -> float:
        """Return the push towards posts of `kind` that one's frame gives."""
        share_social, share_collaboration, _ = self.frame_shares
        level = mix_level(share_social, share_collaboration, self.model.c)
        return kind_fit(share_social if kind == SOCIAL_POST else share_collaboration, level, self.model.c)

    # --- before the first day, and when the policy changes

    def form_frame(self) -> None:
        """Form a first frame at the announcement."""
        c, policy = self.model.c, self.policy
        self.frame_social, self.frame_collaboration, self.frame_broadcast = initial_frame(
            self.leisure_experience, self.professional_experience, self.tenure, policy.association, policy.clarity, c
        )
        self.take_in_message(c.message_weight)

    def state_intention(self) -> None:
        """State how willing one is to come of one's own accord, and to post, before having seen the platform."""
        p_work, p_question, p_social = post_chances(self.posting_situation(), self.model.c)
        self.intention_post = p_work + p_question + p_social
        self.intention = willingness(read_utility(read_terms(self.reading_situation(), self.model.c)))

    def feel_resistance(self) -> None:
        """React to how the launch sounds and to the mandate."""
        policy = self.policy
        self.resistance = reactance(policy.wording_threat, policy.mandate, self.trust, self.model.c)

    def feel_skilled(self) -> None:
        """Find out how far outside experience helps with the platform as it is likened to outside media."""
        model, policy, c = self.model, self.policy, self.model.c
        carried = transfer_share(policy.association, policy.clarity)
        familiarity = standardized(carried * self.leisure_experience, model.mean_leisure, model.spread_leisure)
        self.skill = skill_with_platforms(familiarity, self.own_skill, c)

    def take_in_message(self, weight: float) -> None:
        """Take in a message of the launch, as far as one believes it."""
        policy = self.policy
        belief = credibility(self.trust, policy.support, self.model.c)
        counts = message_counts(weight, policy.clarity, belief, self.resistance)
        self.frame_social = update_frame(self.frame_social, counts * policy.message_social)
        self.frame_collaboration = update_frame(self.frame_collaboration, counts * policy.message_collaboration)
        self.frame_broadcast = update_frame(self.frame_broadcast, counts * policy.message_broadcast)

    # --- the steps of a day

    def hear_campaign(self) -> None:
        """1. A campaign message may reach one while one's campaign lasts."""
        model, policy = self.model, self.policy
        first_week = max(self.access_day // DAYS_PER_WEEK, policy.campaign_start)
        if first_week <= model.week < first_week + policy.campaign_weeks:
            self.is_reached = happens(self.luck("campaign"), policy.campaign_reach)
            if self.is_reached:
                self.is_aware = True
                self.take_in_message(model.c.message_weight)

    def decide_reading(self) -> None:
        """2. Decide whether to look today."""
        c = self.model.c
        self.share_active = self.n_active_contacts / len(self.contacts) if self.contacts else 0.0
        situation = self.reading_situation()
        p_read = visit_probability(situation, read_utility(read_terms(situation, c)), c)
        self.reads_today = happens(self.luck("read"), p_read)

    def reading_situation(self) -> ReadingSituation:
        """Return what there is to decide from whether to look, as things stand."""
        policy, c = self.policy, self.model.c
        share_social, share_collaboration, share_broadcast = self.frame_shares
        return ReadingSituation(
            share_social=share_social,
            share_collaboration=share_collaboration,
            share_broadcast=share_broadcast,
            habit=self.habit,
            contact_activity=self.contact_activity,
            share_visible=self.share_active,
            remote_share=self.remote_share,
            working_share=self.working_share,
            segmentation=self.segmentation,
            resistance=self.resistance,
            level=self.level,
            reading_inclination=self.reading_inclination,
            skill=self.skill if c.ease > 0.0 else 0.0,
            trained=self.is_trained if c.ease > 0.0 else False,
            expected_work=self.expected_work,
            expected_fun=self.expected_fun,
            expected_news=self.expected_news,
            reached=self.is_reached,
            aware=self.is_aware,
            participation=policy.participation,
            integration=policy.integration,
            mandate=policy.mandate,
            work_only=policy.work_only,
        )

    def read(self) -> None:
        """2. Look: see who is active, and pick what to read as far as attention lasts, the feed first."""
        model = self.model
        self.contact_activity = approach(self.contact_activity, self.share_active, model.c.perception)
        self.items = []
        self.read_feed()
        self.read_communities()
        n_news = min(self.unread_news, model.attention - len(self.items))
        self.unread_news -= n_news
        self.n_items = len(self.items) + n_news
        self.last_read = model.day
        self.days_of_reading.append(model.day)
        self.is_aware = True

    def read_feed(self) -> None:
        """Read the feed from the newest post on; what is past its lifetime is given up."""
        model = self.model
        while self.feed and len(self.items) < model.attention:
            post = self.feed.pop()
            if model.day - post.day > model.item_lifetime:
                self.feed.clear()
                break
            self.unread[post.kind] = max(0.0, self.unread[post.kind] - 1.0)
            self.items.append((post, True))

    def read_communities(self) -> None:
        """Read what is new in the communities of interest; no interest always comes first."""
        model = self.model
        since = max(self.last_read, model.day - model.item_lifetime)
        for topic in dict.fromkeys(self.interests[(model.day + k) % 3] for k in range(3)):
            for post in reversed(model.communities[topic].wall):
                if len(self.items) >= model.attention or post.day < since:
                    break
                author = post.author
                if author is not self and author not in self.circle_set and author not in self.followed:
                    self.items.append((post, False))

    def learn(self) -> None:
        """3. Learn from what was read: what the platform is for, who knows what, whom to follow."""
        model, policy, c = self.model, self.policy, self.model.c
        luck = self.luck("discover")
        for post, through_feed in self.items:
            author = post.author
            self.add_evidence(post.kind, item_counts(author.team == self.team, c))
            if post.kind == WORK:
                self.notice_expert(author)
            if not through_feed:
                p_follow = follow_probability(policy.is_open, author.trust, author.segmentation, c)
                if happens(luck, p_follow):
                    self.follow(author)
                luck = unused_luck(luck, p_follow)
        model.tally.items += len(self.items)
        elsewhere = [post.author for post, _ in self.items if post.author.department != self.department]
        model.tally.cross_items += len(elsewhere)
        model.tally.cross_authors += len(set(elsewhere) - self.authors_elsewhere)
        self.authors_elsewhere.update(elsewhere)
        n_news = self.n_items - len(self.items)
        if n_news > 0.0:
            self.add_evidence(NEWS, n_news * item_counts(False, c))
        if c.worth_learning > 0.0:
            n_social = sum(post.kind == SOCIAL_POST for post, _ in self.items)
            self.expected_work = learned_worth(self.expected_work, self.known + (len(self.items) - n_social), c)
            self.expected_fun = learned_worth(self.expected_fun, n_social, c)
            self.expected_news = learned_worth(self.expected_news, n_news, c)
        if c.acquaintance > 0.0:
            self.new_authors = float(len({post.author for post, through_feed in self.items if not through_feed}))

    def add_evidence(self, kind: int, counts: float) -> None:
        """Take items of `kind` as evidence of what the platform is for."""
        if kind == SOCIAL_POST:
            self.frame_social = update_frame(self.frame_social, counts)
        elif kind == NEWS:
            self.frame_broadcast = update_frame(self.frame_broadcast, counts)
        else:
            self.frame_collaboration = update_frame(self.frame_collaboration, counts)

    def posting_situation(self) -> PostingSituation:
        """Return what there is to decide from whether and what to post."""
        model, policy, c = self.model, self.policy, self.model.c
        boss = self.manager
        share_social, share_collaboration, share_broadcast = self.frame_shares
        watching = 0.0
        if boss is not None:
            watching = is_watching(model.day - boss.last_read, policy.is_open or boss in self.accepted, c)
        return PostingSituation(
            share_social=share_social,
            share_collaboration=share_collaboration,
            share_broadcast=share_broadcast,
            contact_activity=self.contact_activity,
            feedback=self.feedback,
            inclination=self.inclination,
            champion=self.is_champion,
            skill=self.skill,
            trained=self.is_trained,
            resistance=self.resistance,
            segmentation=self.segmentation,
            trust=self.trust,
            expertise=self.expertise,
            compliance=self.compliance,
            level=self.level,
            has_manager=boss is not None,
            manager_posts=boss is not None and boss.is_active,
            manager_looks=watching,
            manager_commitment=0.0 if boss is None else boss.committed,
            participation=policy.participation,
            support=policy.support,
            work_only=policy.work_only,
            restriction=policy.restriction,
            guidance=policy.guidance,
            moderation=policy.moderation,
            appraisal=policy.appraisal,
            weeks_of_appraisal=model.weeks_of_appraisal(policy),
        )

    def decide_posting(self) -> None:
        """4. Choose among nothing, a work post, a question and a social post."""
        situation = self.posting_situation()
        self.risk = felt_risk(situation, self.model.c)
        self.unease = unease_of_writing(self.frame_shares[0], self.segmentation, self.model.c)
        self.plans = []
        luck = self.luck("post")
        probabilities = post_chances(situation, self.model.c)
        kind = choose_post(luck, *probabilities)
        if kind == NOTHING:
            return
        luck = luck_after_choice(luck, *probabilities, kind)
        c = self.model.c
        for _ in range(MOST_POSTS_A_DAY):
            goes_on = posts_again(luck, c)
            luck = unused_luck(luck, c.post_again)
            self.plans.append((kind, self.interests[topic_position(kind, luck, self.own_position, c)]))
            if not goes_on:
                break

    def respond(self) -> None:
        """5. Answer questions in one's own field; reply or react to other items."""
        model, c = self.model, self.model.c
        luck = self.luck("respond")
        for post, through_feed in self.items:
            match = expertise_match(post.topic, self.expertise_topic, self.expertise)
            # Answers of one day do not know of each other.
            is_unanswered = post.answered is None or post.answered == model.day
            if post.kind == QUESTION and match > 0.0 and is_unanswered:
                others = model.n_able[post.topic] - 1.0
                p_answer = answer_probability(
                    match, self.trust, self.risk, self.unease, self.ease, others, model.reward(self.policy), c
                )
                if happens(luck, p_answer):
                    self.answer(post, match)
                luck = unused_luck(luck, p_answer)
                continue
            is_social = post.kind == SOCIAL_POST
            p_respond = respond_probability(
                self.fit(post.kind),
                through_feed,
                is_social,
                self.inclination,
                self.segmentation,
                self.risk,
                self.unease,
                c,
            )
            responds = happens(luck, p_respond)
            luck = unused_luck(luck, p_respond)
            if responds:
                in_words = happens(luck, c.reply_share)
                luck = unused_luck(luck, c.reply_share)
                if in_words:
                    self.reply(post)
                else:
                    self.react(post)

    def reply(self, post: Post) -> None:
        """Reply in words."""
        model = self.model
        if post.n_replies == 0:
            model.tallies[post.day // DAYS_PER_WEEK].replied_posts += 1
        post.n_replies += 1
        post.author.received_replies += 1
        model.tally.replies += 1
        self.n_replies += 1
        self.last_active = model.day

    def react(self, post: Post) -> None:
        """React without words."""
        post.author.received_reactions += 1
        self.model.tally.reactions += 1
        self.n_reactions += 1
        self.last_active = self.model.day

    def answer(self, post: Post, match: float) -> None:
        """Answer a question: a reply that adds knowledge and shows who knows."""
        model = self.model
        if post.answered is None:
            post.answered = model.day
            model.tallies[post.day // DAYS_PER_WEEK].answered_questions += 1
            model.tally.answers += 1
            model.tally.days_to_answer += model.day - post.day
        self.reply(post)
        model.communities[post.topic].knowledge += knowledge_added(match, model.c)
        post.author.notice_expert(self)

    def look_back(self) -> None:
        """6. Know how one sees the platform before others say how they do."""
        self.shares_before_talk = self.frame_shares

    def talk(self) -> None:
        """6. Hear how contacts see the platform, off it."""
        c = self.model.c
        weights, social, collaboration, broadcast = 0.0, 0.0, 0.0, 0.0
        for other in self.contacts:
            weight, shares = talk_weight(other.team == self.team, c), other.shares_before_talk
            weights += weight
            social += weight * shares[0]
            collaboration += weight * shares[1]
            broadcast += weight * shares[2]
        if not self.contacts:
            return
        counts = talk_counts(self.remote_share, c) / weights
        self.frame_social = update_frame(self.frame_social, counts * social)
        self.frame_collaboration = update_frame(self.frame_collaboration, counts * collaboration)
        self.frame_broadcast = update_frame(self.frame_broadcast, counts * broadcast)

    def publish(self, kind: int, topic: int) -> None:
        """6. Put a post of today into the feeds of contacts and followers and onto its community."""
        model, policy = self.model, self.policy
        post = Post(len(model.posts), self, kind, topic, model.day)
        model.posts.append(post)
        model.tally.posts[kind] += 1
        self.n_posts[kind] += 1
        self.last_post = self.last_active = model.day
        community = model.communities[topic]
        if kind == WORK:
            match = expertise_match(topic, self.expertise_topic, self.expertise)
            community.knowledge += knowledge_added(match, model.c)
        for contact in self.circle:
            contact.receive(post)
        for follower in self.followers:
            follower.receive(post)
        # Moderators keep leisure talk out of the communities.
        if not (kind == SOCIAL_POST and policy.moderation):
            community.add(post)

    def receive(self, post: Post) -> None:
        """Find a post on top of the feed; a full feed loses its oldest."""
        if self.access_day <= self.model.day:
            self.feed.append(post)
            self.unread[post.kind] += 1.0

    def remember(self) -> None:
        """6. Let habit, feedback, belonging, frame and what is unread move with the day."""
        c = self.model.c
        self.habit = approach(self.habit, float(self.reads_today), c.habit_weight)
        self.feedback = remember_feedback(self.feedback, self.received_replies, self.received_reactions, c)
        if c.acquaintance > 0.0:
            self.acquainted = remember_authors(self.acquainted, self.new_authors if self.reads_today else 0.0, c)
        belonging = belonging_today(self.casual, self.acquainted, c)
        self.cohesion = approach(self.cohesion, belonging, c.cohesion_weight)
        total = self.frame_social + self.frame_collaboration + self.frame_broadcast
        self.frame_social = forget(self.frame_social, total, c)
        self.frame_collaboration = forget(self.frame_collaboration, total, c)
        self.frame_broadcast = forget(self.frame_broadcast, total, c)
        kept = 1.0 - c.unread_decay
        for kind in self.unread:
            self.unread[kind] *= kept
        self.unread_news = self.unread_news * kept + self.policy.announcements / DAYS_PER_WEEK
        self.received_replies = 0
        self.received_reactions = 0
        self.is_reached = False
