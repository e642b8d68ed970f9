"""The four arms: the full model, and what each other arm sets to 0 to silence one mechanism.

Every switch is a coefficient of the registry whose weight at 0 leaves no trace; ``tests/scorecard`` shows for each arm
that the mechanism is silent. What an arm switches off counts in every setting and every world, also where a setting
names that coefficient itself.
"""

from __future__ import annotations

from typing import NamedTuple


class Switch(NamedTuple):
    """One arm.

    Attributes
    ----------
    name : str
        As in files and ``--json``.
    title, title_nl : str
        For a reader.
    off : tuple of str
        Coefficients set to 0.
    because : str
        Why these and no others.
    """

    name: str
    title: str
    title_nl: str
    off: tuple[str, ...]
    because: str


FULL = Switch("full", "full model", "volledig model", (), "Nothing is switched off.")

FRAMES_OFF = Switch(
    "frames_off",
    "frames off",
    "zonder beelden",
    ("frame_outside", "frame_work_tools", "message_weight", "learning", "talk"),
    "Nothing forms a frame: not experience, not tenure, not the launch, not what is read. Everybody keeps the same "
    "open mind, a third for each meaning, for good. What frames do is left as it is (a share of a third still has its "
    "pull and its unease), so that the platform is about as attractive as before and only the differences between "
    "frames are gone. Two framings then differ through one channel that is no frame: outside experience makes "
    "the platform easier where it is likened to outside media or its goals are unclear.",
)

PEERS_OFF = Switch(
    "peers_off",
    "peer influence off",
    "zonder collega-invloed",
    ("peers", "conformity", "word_of_mouth", "post_feedback", "group_attraction", "talk"),
    "What colleagues do no longer moves anybody as an example: not how many contacts are active (to read, to post, to "
    "conform, by word of mouth), not their replies, not that an item comes from one's own team. What they write is "
    "still there to be read, as content, and one's own manager is a leader and no peer.",
)

EXPERIENCE_OFF = Switch(
    "experience_off",
    "outside experience off",
    "zonder ervaring van buiten",
    ("frame_outside", "skill_leisure"),
    "What people know from media outside work does not enter: neither as a frame (leisure, professional) nor as "
    "skill. Frames are still formed by older tools at work, the launch, talk and what is read.",
)

SWITCHES: tuple[Switch, ...] = (FULL, FRAMES_OFF, PEERS_OFF, EXPERIENCE_OFF)
SWITCH_BY_NAME: dict[str, Switch] = {switch.name: switch for switch in SWITCHES}
