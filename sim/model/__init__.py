"""The model: the day, the state, the rules, outcomes, why somebody did something, and the Mesa face."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.model.face import IntranetModel

__all__ = ["IntranetModel"]


def __getattr__(name: str) -> Any:
    """Load the Mesa face when it is asked for: the rest of the model does without Mesa."""
    if name != "IntranetModel":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from sim.model.face import IntranetModel

    return IntranetModel
