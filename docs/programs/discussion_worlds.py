"""Choose the three worlds to discuss and write them as scenarios: ``python docs/programs/discussion_worlds.py``.

Every world of the set `levels` runs both launches in a small organization, with little and with much trust. By rule and
not by taste: where like-facebook wins most clearly, where both launches come out most alike, and where the winner turns
around most clearly with trust. Takes a few minutes.
"""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from sim.experiments.worlds import load_worlds
from sim.kernel.files import write_text
from sim.model.simulation import simulate
from sim.scenario import load_scenario

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
OUTCOME = "monthly_posters"
SEEDS = range(4)
SMALL = {"organization.employees": 300, "run.weeks": 52}
LITTLE, MUCH = 0.3, 0.9
IDLE = ("read_mandate", "reactance", "post_appraisal", "reward_floor", "reward_crowding")
"""Coefficients without effect in the baseline, which obliges, pushes and rewards nobody."""
CLAIM = "# Claims 0.1 and 1.6: does likeness to Facebook help or hurt? Plausible worlds disagree; this is one of them."
TEXTS = {
    "world-like-facebook-wins": "The plausible world in which the like-facebook launch wins most clearly.",
    "world-tie": "The plausible world in which the like-facebook and the collaboration launch come out most alike.",
    "world-turns-around": (
        "The plausible world in which the winner of like-facebook and collaboration turns around most clearly with "
        f"trust: compare at organization.trust {LITTLE} and {MUCH}."
    ),
}


def differences(settings: dict[str, float]) -> list[float]:
    """Return collaboration minus like-facebook as it is, with little and with much trust; means over seeds."""
    found = []
    for trust in ({}, {"organization.trust": LITTLE}, {"organization.trust": MUCH}):
        means = [
            np.mean([
                simulate(load_scenario(name, {**SMALL, **settings, **trust}).resolved(), seed).outcomes[OUTCOME]
                for seed in SEEDS
            ])
            for name in ("collaboration", "like-facebook")
        ]  # fmt: skip
        found.append(float(means[0] - means[1]))
    return found


def main() -> None:
    """Run all worlds and write the three scenarios."""
    worlds = load_worlds("levels")
    settings = [worlds.settings(world) for world in range(worlds.n_worlds)]
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        found = np.array(list(pool.map(differences, settings, chunksize=8)))
    usual, little, much = found.T
    turned = np.where(np.sign(little) * np.sign(much) < 0, np.minimum(np.abs(little), np.abs(much)), 0.0)
    chosen = {
        "world-like-facebook-wins": int(np.argmin(usual)),
        "world-tie": int(np.argmin(np.abs(found).max(axis=1))),
        "world-turns-around": int(np.argmax(turned)),
    }
    for name, world in chosen.items():
        by, (low, high) = np.round(100 * found[world]) + 0.0, (LITTLE, MUCH)
        lines = [
            CLAIM,
            f"# World {world} of the set levels, by docs/programs/discussion_worlds.py. Monthly posters, in points,",
            f"# collaboration minus like-facebook: {by[0]:+.0f};"
            f" with trust at {low:.0%}: {by[1]:+.0f}; at {high:.0%}: {by[2]:+.0f}.",
            f"name: {name}",
            "description: >-",
            f"  {TEXTS[name]}",
            "  Run both launches in it with the experiment discussion-worlds.",
            "extends: baseline.yaml",
            "behavior:",
            *(
                f"  {name}: {value:.6g}"
                for name, value in ((key.removeprefix("behavior."), value) for key, value in settings[world].items())
                if name not in IDLE
            ),
        ]
        write_text(SCENARIOS / f"{name}.yaml", "\n".join(lines) + "\n")
        print(f"{name}: world {world}, {np.round(by, 1).tolist()}")


if __name__ == "__main__":
    main()
