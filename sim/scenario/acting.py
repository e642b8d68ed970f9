"""When a key acts: what else has to be so that any rule reads it. One place for all of it, key by key.

A key that is set where nothing reads it changes no run. Whoever sets it means something by it, so it is named, with the
reason. `ACTS_WHEN` lists what each key needs; a key that is not listed always acts. A test changes every key of the
registry in several settings and compares whole runs: what changes nothing is named, and what is named changes nothing.
Plain data and the standard library only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sim.catalog.registry import PATH_OF, PROFILES
from sim.scenario.departments import in_order
from sim.words import said

_ANY_NUMBER = 10**9

Values = Mapping[str, Sequence[Any]]
"""The values that each dotted key of a resolved scenario has at some time, or at some point of a design."""


class Need(NamedTuple):
    """Something that a key needs in order to act."""

    key: str
    holds: Callable[[Any], bool]  # says of one of its values whether it will do

    def is_met(self, values: Values) -> bool:
        """Return whether any of the values will do."""
        return any(self.holds(value) for value in values[self.key])

    def why_not(self, values: Values) -> str:
        """Return how the key stands in the way."""
        return said("acting.is", key=self.key, value=_shown(values[self.key]))


class Either(NamedTuple):
    """Several needs of which one is enough."""

    needs: tuple[Any, ...]

    def is_met(self, values: Values) -> bool:
        """Return whether one of them is met."""
        return any(need.is_met(values) for need in self.needs)

    def why_not(self, values: Values) -> str:
        """Return how all of them stand in the way."""
        first, *others = [need.why_not(values) for need in self.needs]
        for other in others:
            first = said("acting.and", first=first, second=other)
        return first


class Both(NamedTuple):
    """Several needs that all have to be met."""

    needs: tuple[Any, ...]

    def is_met(self, values: Values) -> bool:
        """Return whether all of them are met."""
        return all(need.is_met(values) for need in self.needs)

    def why_not(self, values: Values) -> str:
        """Return how the first that is not met stands in the way."""
        return next(need.why_not(values) for need in self.needs if not need.is_met(values))


class Fact(NamedTuple):
    """Something that follows from several keys; the reason is a text of its own."""

    holds: Callable[[Values], bool]
    reason: str

    def is_met(self, values: Values) -> bool:
        """Return whether it is so."""
        return self.holds(values)

    def why_not(self, values: Values) -> str:
        """Return the reason."""
        return said(self.reason)


def _shown(values: Sequence[Any]) -> str:
    words = {True: "true", False: "false"}
    return ", ".join(
        dict.fromkeys(
            words[one] if isinstance(one, bool) else f"{one:g}" if isinstance(one, float) else str(one)
            for one in values
        )
    )


def _above(key: str, limit: float = 0.0) -> Need:
    return Need(key, lambda value: value > limit)


def _below(key: str, limit: float = 1.0) -> Need:
    return Need(key, lambda value: value < limit)


def _is(key: str, wanted: Any) -> Need:
    return Need(key, lambda value: value == wanted)


def _on(*names: str) -> Any:
    """Return the need that at least one of some coefficients is not 0."""
    needs = tuple(Need(PATH_OF[name], lambda value: value != 0.0) for name in names)
    return needs[0] if len(needs) == 1 else Either(needs)


COUNTED = "organization.counted"
"""Stands among values whose numbers of people and departments are those of the staff file (`staffing.counted`)."""


def _is_open(values: Values) -> bool:
    """Return whether there is a staff file of which nobody has counted the people: it may have any number."""
    return not set(values["organization.workforce"]) <= set(PROFILES) and COUNTED not in values


def _n_departments(values: Values) -> int:
    """Return the largest number of departments."""
    if _is_open(values):
        return _ANY_NUMBER
    return max(min(d, e) for d in values["organization.departments"] for e in values["organization.employees"])


def _has_later_departments(values: Values) -> bool:
    n = _n_departments(values)
    if n == _ANY_NUMBER:
        return any(isinstance(waves, Mapping) for waves in values["launch.waves"])
    return any(
        isinstance(waves, Mapping) and not set(range(n)) <= set(waves["pilot"]) and len(set(waves["pilot"])) < n
        for waves in values["launch.waves"]  # a pilot of a staff file may be named
    )


def _has_champions(values: Values) -> bool:
    if _is_open(values):
        return any(share > 0.0 for share in values["launch.champions.share"])
    return any(
        round(share * n) > 0 for share in values["launch.champions.share"] for n in values["organization.employees"]
    )


OWN_STAFF = Need("organization.workforce", lambda name: name not in PROFILES)
PEOPLE = Either(
    (_above("organization.employees", 1), Need("organization.workforce", lambda name: name not in PROFILES))
)
DEPARTMENTS = Fact(lambda values: _n_departments(values) > 1, "acting.one_department")
LATER = Fact(_has_later_departments, "acting.no_later_department")
CHAMPIONS = Fact(_has_champions, "acting.no_champion")
CHAMPIONS_OR_NONE = Fact(
    lambda values: 0.0 in values["launch.champions.share"] or _has_champions(values), "acting.no_champion"
)
CAMPAIGN = Both((_above("launch.campaign.weeks"), _above("launch.campaign.reach")))
APPROVAL = _is("platform.following", "approval")
CONTACTS = Both((PEOPLE, Either((_is("platform.following", "open"), _on("acceptance")))))
STRANGERS = _is("organization.contacts.everyone", False)
LEISURE = Either((_is("rules.work_only", False), _below("constants.compliance")))
LEISURE_SEEN = Either((_is("rules.moderation", False), CONTACTS))
CLEAR = _above("launch.framing.clarity")
UNCLEAR = _below("launch.framing.clarity")
"""Where goals are left open, people project what they know."""
CARRIED = Either((_above("launch.framing.association"), UNCLEAR))
"""Something is carried over from outside media."""
LEADERS_ASKED = _above("leadership.participation")
SUPPORTED = _above("leadership.support")
RISK = _on("post_risk")
EASE = _on("ease")
WORTH = _on("worth")
EXPECTED = _on("expectation", "worth_learning")
FORCED = Either((Need("launch.wording", lambda word: word in ("intervention", "migration")),
                 Both((_above("launch.mandate"), _on("mandate_threat")))))  # fmt: skip
APPRAISED = Both((Need("leadership.appraisal", lambda value: value != 0.0), _on("post_appraisal")))
REWARDED = Both((_above("leadership.appraisal"), _on("post_appraisal")))
"""Only what rewards wears off; a penalty does not."""
BELIEVED = Both((CLEAR, _above("organization.trust")))

NEWS_COUNT = Either((_on("learning"), Both((WORTH, _on("worth_learning")))))
"""What waits to be read moves frames and what is expected, and nothing else."""
SEEN = Either((Both((CONTACTS, _on("peers", "conformity", "word_of_mouth"))), _on("leaders")))
"""That somebody has posted lately is noticed."""

STAFF_KEYS = ("file", "columns", "date", "deskless", "profile", "contacts")

ACTS_WHEN: Mapping[str, tuple[Any, ...]] = {
    "organization.contacts.department": (PEOPLE, _is("organization.contacts.everyone", False)),
    "organization.contacts.across": (PEOPLE, _is("organization.contacts.everyone", False), DEPARTMENTS),
    "organization.contacts.everyone": (PEOPLE,),
    **{f"organization.staff.{name}": (OWN_STAFF,) for name in STAFF_KEYS},
    "organization.sector": (Need("organization.workforce", lambda name: not str(name).startswith("us-")),),
    "launch.framing.social": (CLEAR,),
    "launch.framing.collaboration": (CLEAR,),
    "launch.framing.broadcast": (CLEAR,),
    "launch.framing.association": (CLEAR, Either((_on("frame_outside"), Both((EASE, _on("skill_leisure")))))),
    "launch.campaign.weeks": (_above("launch.campaign.reach"),),
    "launch.campaign.reach": (_above("launch.campaign.weeks"),),
    "launch.waves": (DEPARTMENTS,),
    "launch.waves.pilot": (DEPARTMENTS,),
    "launch.waves.every_weeks": (LATER,),
    "launch.champions.share": (CHAMPIONS_OR_NONE,),
    "launch.champions.choose": (CHAMPIONS,),
    "rules.restriction": (_on("risk_restriction"), RISK),
    "rules.guidance": (Either((_on("post_guidance"), Both((_on("risk_guidance"), RISK)))),),
    "rules.work_only": (Either((_on("compliance"), Both((WORTH, EXPECTED)))),),
    "leadership.announcements": (NEWS_COUNT,),
    "leadership.participation": (_on("leaders"),),
    "leadership.appraisal": (_on("post_appraisal"),),
    "behavior.frame_outside": (CARRIED,),
    "behavior.frame_work_tools": (UNCLEAR,),
    "constants.tenure_half": (UNCLEAR, _on("frame_outside", "frame_work_tools")),
    "behavior.message_weight": (BELIEVED,),
    "constants.credibility_base": (BELIEVED, _on("message_weight"), _below("leadership.support")),
    "constants.group_attraction": (_on("learning", "talk"),),
    "constants.label_cost": (Either((SUPPORTED, LEADERS_ASKED)), _on("leaders"), _on("frame_strength")),
    "constants.mandate_threat": (_above("launch.mandate"),),
    "behavior.read_integration": (_above("platform.integration"),),
    "behavior.read_mandate": (_above("launch.mandate"),),
    "behavior.read_segmentation": (_on("read_inappropriate"),),
    "behavior.reactance": (FORCED,),
    "behavior.campaign_prompt": (CAMPAIGN,),
    "constants.unawareness": (_below("platform.integration"), _below("launch.mandate")),
    "behavior.peers": (CONTACTS,),
    "behavior.word_of_mouth": (CONTACTS,),
    "constants.perception": (CONTACTS, _on("peers", "conformity")),
    "constants.follow": (STRANGERS, CONTACTS, _above("constants.follow_limit")),
    "constants.follow_limit": (STRANGERS, CONTACTS, _on("follow")),
    "constants.acceptance": (APPROVAL,),
    "constants.acceptance_trust": (APPROVAL, _on("acceptance")),
    "constants.acceptance_segmentation": (APPROVAL, _on("acceptance")),
    "behavior.peer_exponent": (CONTACTS, _on("peers")),
    "constants.peer_reference": (
        CONTACTS, _on("peers"), Need("behavior.peer_exponent", lambda value: value != 1.0),
    ),
    "constants.respond_contact": (CONTACTS,),
    "constants.respond_exposure": (Either((RISK, Both((_on("post_boundary"), LEISURE, LEISURE_SEEN)))),),
    "behavior.post_guidance": (_above("rules.guidance"),),
    "behavior.post_appraisal": (Need("leadership.appraisal", lambda value: value != 0.0),),
    "constants.reward_half": (APPRAISED,),
    "behavior.reward_floor": (REWARDED,),
    "constants.reward_half_life": (REWARDED, _below("behavior.reward_floor")),
    "behavior.reward_crowding": (_above("leadership.appraisal"), _on("post_expertise")),
    "constants.risk_restriction": (_above("rules.restriction"), RISK),
    "constants.risk_guidance": (_above("rules.guidance"), RISK),
    "constants.watch_days": (RISK,),
    "behavior.imagined_audience": (RISK,),
    "constants.risk_social": (RISK,),
    "behavior.unease_post": (_on("read_inappropriate"), _on("frame_strength")),
    "behavior.skill_leisure": (EASE,),
    "behavior.worth": (EXPECTED,),
    "behavior.worth_learning": (WORTH,),
    "constants.expectation": (WORTH,),
    "constants.unread_decay": (_above("leadership.announcements"), NEWS_COUNT),
    "constants.visible_days": (SEEN,),
    "constants.risk_moderation": (_is("rules.moderation", True), RISK),
    "constants.compliance": (_is("rules.work_only", True),),
    "constants.feedback_gain": (_on("post_feedback"),),
    "constants.reaction_worth": (_on("post_feedback"), _on("feedback_gain"), _below("constants.reply_share")),
    "constants.feedback_decay": (_on("post_feedback"), _on("feedback_gain")),
    "behavior.habit_weight": (_on("read_habit"),),
    "behavior.acquaintance": (STRANGERS, _on("cohesion_weight")),
    "constants.acquaintance_half": (STRANGERS, _on("acquaintance"), _on("cohesion_weight")),
    "constants.acquaintance_decay": (STRANGERS, _on("acquaintance"), _on("cohesion_weight")),
}  # fmt: skip

NOT_IN_A_RUN = ("run.replications", "run.seed")


class Idle(NamedTuple):
    """A key that is set and does nothing."""

    key: str
    reason: str  # why nothing reads it here


def idle_keys(keys: Iterable[str], values: Values) -> list[Idle]:
    """Return those of some dotted keys that no rule reads, with the reason; `values` are all that each key has."""
    found = []
    for key in keys:
        for need in ACTS_WHEN.get(key, ()):
            if not need.is_met(values):
                found.append(Idle(key, need.why_not(values)))
                break
    return found


def values_of(resolved: Mapping[str, Any], from_week: int = 0) -> dict[str, list[Any]]:
    """Return the values that each dotted key of a resolved scenario has from a week on, in the order of the weeks."""
    found = {key: [value] for key, value in _flat(resolved).items()}
    for change in in_order(resolved.get("changes")):
        for path, value in change["set"].items():
            for key, one in _flat(value, path).items() if isinstance(value, Mapping) else [(path, value)]:
                # A change for some departments leaves the others as they were.
                takes_place = change["week"] <= from_week and not change.get("departments")
                found[key] = [one] if takes_place else [*found[key], one]
    return found


def _flat(values: Mapping[str, Any], start: str = "") -> dict[str, Any]:
    """Return the values by dotted key; waves, and whatever is a list, stay in one piece."""
    flat: dict[str, Any] = {}
    for name, value in values.items():
        key = f"{start}.{name}" if start else name
        if isinstance(value, Mapping) and key != "launch.waves":
            flat |= _flat(value, key)
        else:
            flat[key] = value
    return flat
