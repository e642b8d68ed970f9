"""Makes a synthetic class: ``python tests/debrief/make_class.py DIR [N]`` writes N run cards (30), as the page would.

Students differ in what they launch, in their luck numbers and in what they expect; who they are comes from a fixed
seed. The runs are real: each card is made from the model's answers.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from sim.version import __version__
from sim.web.answer import answer
from sim.web.answer.card import AGES, BANDS, CARD, SIDES, WINNERS, encode

OUTCOME = "monthly_posters"
EMPLOYEES, WEEKS, N_RUNS = 150, 52, 6
SHIPPED = ("like-facebook", "collaboration", "knowledge", "news-channel", "leaders-post", "strict-rules", "big-bang")
EXTRAS: tuple[dict[str, Any], ...] = (
    {}, {}, {"rules.restriction": 0.0}, {"leadership.participation": 0.8},
    {"launch.training": 0.5, "rules.guidance": 0.8},
)  # fmt: skip


def make_card(
    a: Mapping[str, Any], b: Mapping[str, Any], seeds: list[int], both: Mapping[str, Any],
    prediction: Mapping[str, str] | None,
) -> dict[str, Any]:  # fmt: skip
    """Run two launches and return their card."""
    launches = dict(zip(SIDES, (a, b), strict=True))
    answers = {
        side: _answer(json.dumps({"scenario": launch["scenario"], "overrides": {**both, **launch["overrides"]},
                                  "seeds": seeds}, sort_keys=True))
        for side, launch in launches.items()
    }  # fmt: skip
    return {
        "card": CARD, "model": __version__, "edition": "native", "seeds": seeds, "both": dict(both), **launches,
        "outcome": OUTCOME, "prediction": prediction,
        "result": {
            **{side: round(_mean(one["outcomes"][OUTCOME]), 6) for side, one in answers.items()},
            "posts": _posts(answers),
        },
        "hash": {side: one["hash"] for side, one in answers.items()},
    }  # fmt: skip


@cache
def _answer(request: str) -> dict[str, Any]:
    return answer({**json.loads(request), "detail": {"network": False}})


def _mean(values: list[float | None]) -> float:
    known = [value for value in values if value is not None]
    return sum(known) / len(known)


def _posts(answers: Mapping[str, Mapping[str, Any]]) -> dict[str, float | None]:
    shares: dict[str, float | None] = {}
    for band in BANDS:
        counts = [run[band] for one in answers.values() for run in one["ages"]]
        n, posted = (sum(values) for values in zip(*counts, strict=True))
        shares[band] = round(posted / n, 6) if n >= 10 else None
    return shares


def make_class(
    n: int = 30, employees: int = EMPLOYEES, weeks: int = WEEKS, n_runs: int = N_RUNS
) -> list[dict[str, Any]]:
    """Return the cards of a class: half compare the two launches of the story, the others what they like."""
    random_ = random.Random(7)
    cards = []
    for student in range(n):
        a, b = ("like-facebook", "collaboration") if student % 2 else random_.sample(SHIPPED, 2)
        extra = {} if student % 4 == 1 else random_.choice(EXTRAS)
        seeds = [1000 * (student + 1) + run for run in range(n_runs)]
        prediction = {"winner": random_.choice([*WINNERS, "b"]), "age": random_.choice([*AGES, "younger"])}
        both = {"organization.employees": employees}
        if weeks != WEEKS:
            both["run.weeks"] = weeks
        cards.append(
            make_card(
                {"scenario": a, "overrides": {}}, {"scenario": b, "overrides": extra}, seeds, both,
                None if student % 15 == 14 else prediction,
            )
        )  # fmt: skip
    return cards


def write_class(folder: Path, cards: list[dict[str, Any]]) -> None:
    """Write two thirds of the cards as files, the others as short codes in one file."""
    folder.mkdir(parents=True, exist_ok=True)
    n_files = 2 * len(cards) // 3
    for card in cards[:n_files]:
        name = f"run-card-{card['hash']['a'][:8]}.json"
        (folder / name).write_text(json.dumps(card, separators=(",", ":")), encoding="utf-8")
    codes = "\n".join(encode(card) for card in cards[n_files:])
    (folder / "codes.txt").write_text(codes + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_class(Path(sys.argv[1]), make_class(int(sys.argv[2]) if len(sys.argv) > 2 else 30))
