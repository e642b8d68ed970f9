"""What the organization does in a week, as the plain model sees it."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

THREAT_OF_WORDING = {"addition": 0.0, "catalyst": 0.0, "intervention": 0.5, "migration": 1.0}
STARTS_A_CAMPAIGN = ("launch.framing", "launch.campaign")
REMOTE_SHARE = "organization.remote_share"
_SECTIONS = ("platform", "launch", "rules", "leadership", "organization")


@dataclass(frozen=True, slots=True)
class Policy:
    """The levers in force, under the names that the rules use."""

    message_social: float
    message_collaboration: float
    message_broadcast: float
    association: float
    clarity: float
    campaign_weeks: int
    campaign_reach: float
    campaign_start: int
    wording_threat: float
    mandate: float
    restriction: float
    guidance: float
    work_only: bool
    moderation: bool
    participation: float
    support: float
    appraisal: float
    appraisal_start: int
    announcements: float
    is_open: bool
    integration: float


class Course:
    """The policy from week to week: the launch as planned, then the timed changes, as far as they are for a department.

    None stands for the departments that no change names.
    """

    def __init__(self, resolved: Mapping[str, Any], department: int | None = None) -> None:
        self._settings = deepcopy({name: resolved[name] for name in _SECTIONS})
        ours = [c for c in resolved.get("changes") or [] if "departments" not in c or department in c["departments"]]
        # In a week, what is for some departments only comes last.
        self._changes = [c for c in ours if "departments" not in c] + [c for c in ours if "departments" in c]
        self._campaign_start = 0
        self._appraisal_start = 0

    def remote_share_from(self, week: int) -> float | None:
        """Return the share of staff who come to work remotely in `week`, if that changes."""
        shares = [c["set"][REMOTE_SHARE] for c in self._changes if c["week"] == week and REMOTE_SHARE in c["set"]]
        return shares[-1] if shares else None

    def take_changes_of(self, week: int) -> bool:
        """Let the changes of `week` take effect; return whether there are any."""
        due = [change["set"] for change in self._changes if change["week"] == week]
        for settings in due:
            for path, value in settings.items():
                self._change(path, value)
                if path.startswith(STARTS_A_CAMPAIGN):
                    self._campaign_start = week
                if path == "leadership.appraisal":
                    self._appraisal_start = week
        return bool(due)

    def _change(self, path: str, value: Any) -> None:
        *groups, name = path.split(".")
        place = self._settings
        for group in groups:
            place = place[group]
        place[name] = dict(value) if isinstance(value, Mapping) else value

    def policy(self) -> Policy:
        """Return the policy as it is now."""
        platform, launch, rules, leadership, _ = self._settings.values()
        framing = launch["framing"]
        return Policy(
            message_social=framing["social"],
            message_collaboration=framing["collaboration"],
            message_broadcast=framing["broadcast"],
            association=framing["association"],
            clarity=framing["clarity"],
            campaign_weeks=launch["campaign"]["weeks"],
            campaign_reach=launch["campaign"]["reach"],
            campaign_start=self._campaign_start,
            wording_threat=THREAT_OF_WORDING[launch["wording"]],
            mandate=launch["mandate"],
            restriction=rules["restriction"],
            guidance=rules["guidance"],
            work_only=rules["work_only"],
            moderation=rules["moderation"],
            participation=leadership["participation"],
            support=leadership["support"],
            appraisal=leadership["appraisal"],
            appraisal_start=self._appraisal_start,
            announcements=leadership["announcements"],
            is_open=platform["following"] == "open",
            integration=platform["integration"],
        )
