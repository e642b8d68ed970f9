"""What the figures about a class have in common: colors for what a launch says that the platform is for."""

from __future__ import annotations

from sim.show.style import FRAME_LOOKS, Look

MEANING_LOOKS: dict[str, Look] = {
    **{name.removeprefix("frame_"): look for name, look in FRAME_LOOKS.items()},
    "mixed": Look("#8A8A8A", "#5C5C5C", (0, (4, 1.5)), "D"),
}
"""By what a message is mostly about; the colors are those of the frames in every other figure."""
