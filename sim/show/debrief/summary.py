"""What a debrief says, as plain data for a program."""

from __future__ import annotations

import math
from typing import Any

from sim.show.debrief.known import Known
from sim.show.debrief.levers import Lever, levers
from sim.show.debrief.luck import parts_of
from sim.show.debrief.predictions import Signs, age_fates, winner_fates
from sim.show.debrief.spread import launch_table


def summary(known: Known) -> dict[str, Any]:
    """Return predictions, spread, launches and levers in a form that JSON can hold."""
    parts = parts_of(known.runs)
    return {
        "outcome": known.outcome,
        "runs": len(known.runs),
        "predictions": {
            name: {row["answer"]: {key: int(n) for key, n in row.items() if key != "answer"} for row in rows}
            for name, rows in (
                ("winner", winner_fates(known.cards).to_dict("records")),
                ("age", age_fates(known.cards).to_dict("records")),
            )
        },
        "spread": {
            "luck": _number(parts.luck),
            "strategy": _number(parts.strategy),
            "share_of_strategy": _number(parts.share),
            "p": _number(parts.p),
        },
        "launches": [
            {"name": str(row["name"]), "mean": _number(float(row["mean"]))} for _, row in launch_table(known).iterrows()
        ],
        "levers": [_lever(one) for one in levers(known)],
    }


def _lever(one: Lever) -> dict[str, Any]:
    asked = one.question
    return {
        "setting": asked.path,
        "kind": asked.kind,
        "sides": [asked.first, asked.second],
        "is_turned": one.is_turned,
        "difference": _number(one.difference),
        "pairs": _signs(one.pairs),
        "alone": _signs(one.alone),
        "verdict": one.verdict,
    }


def _signs(signs: Signs) -> dict[str, int]:
    return {"ahead": signs.n_first, "behind": signs.n_second, "n": signs.n}


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value
