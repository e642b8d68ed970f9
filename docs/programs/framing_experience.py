"""Why experience with social media works as it does: the terms of both decisions at the announcement."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from framing_runs import LAUNCHES, SEED, resolved_launch

from sim.analysis.wording import number
from sim.model.rules.posting import PostTerms, post_chances, post_terms
from sim.model.rules.reading import ReadTerms, read_terms
from sim.model.simulation import Simulation
from sim.model.why.explanation import p_read_in, situation_of
from sim.runs.plan import replication_seed

N_ORGANIZATIONS = 5
MUCH = 0.5  # leisure experience of the average user
SMALLEST = 0.015  # logits; smaller differences are left out of the table

READING = {
    "ease": "skill",
    "fun": "fun expected",
    "inappropriate": "not for work",
    "communal": "worth expected for work",
    "news": "news expected",
}
POSTING = {
    "ease": "skill",
    "unease": "not for work",
    "social_mix": "social posts fit what it is for",
    "social_boundary": "work and private life apart (social posts)",
    "work_mix": "work posts and questions fit what it is for",
    "broadcast": "not for me to post",
    "risk": "risk of being seen",
}


def _terms(launch: str) -> tuple[np.ndarray, np.ndarray, list[dict[str, float]]]:
    """Return leisure experience, age, and the terms and chances of everyone at the announcement."""
    experience, age, rows = [], [], []
    for replication in range(N_ORGANIZATIONS):
        simulation = Simulation(resolved_launch(launch, {}), replication_seed(SEED, replication))
        c = simulation.world.c
        for i in range(simulation.n_employees):
            s = situation_of(simulation, i)
            read, post = read_terms(s.reading, c), post_terms(s.posting, c)
            p_post = sum(post_chances(s.posting, c))
            row = {f"read {name}": getattr(read, name) for name in ReadTerms._fields}
            row |= {f"post {name}": getattr(post, name) for name in PostTerms._fields}
            row |= {"read": sum(read), "p_read": p_read_in(s.reading, c), "p_post": p_post}
            rows.append({**row, "p_both": row["p_read"] * p_post})
        experience.append(simulation.table["leisure_experience"].copy())
        age.append(simulation.table["age"].copy())
    return np.concatenate(experience), np.concatenate(age), rows


def experience_table() -> str:
    """Return the differences between those with much experience and those without any, by term."""
    columns: list[Mapping[str, float]] = []
    for launch in LAUNCHES:
        experience, age, rows = _terms(launch)
        values = {name: np.array([row[name] for row in rows]) for name in rows[0]}
        much, none, young = experience >= MUCH, experience == 0.0, age < 25.0
        found = {name: float(value[much].mean() - value[none].mean()) for name, value in values.items()}
        for name in ("p_read", "p_post", "p_both"):
            found[f"ratio {name}"] = float(values[name][much].mean() / values[name][none].mean())
            found[f"gap {name}"] = float(values[name][~young].mean() - values[name][young].mean())
        columns.append(found)
    lines = [f"| | {LAUNCHES[0]} | {LAUNCHES[1]} |", "|---|---:|---:|"]

    def add(text: str, name: str, decimals: int = 2, scale: float = 1.0, is_signed: bool = True) -> None:
        cells = [number(scale * column[name], decimals, is_signed=is_signed) for column in columns]
        lines.append(f"| {text} | {' | '.join(cells)} |")

    def add_terms(decision: str, texts: Mapping[str, str]) -> None:
        for term, text in texts.items():
            name = f"{decision} {term}"
            if max(abs(column[name]) for column in columns) >= SMALLEST:
                add(f"{text} [logit]", name)

    lines.append("| **reading**, much experience minus none | | |")
    add_terms("read", READING)
    add("sum of all terms [logit]", "read")
    lines.append("| **posting on a day of reading**, much minus none | | |")
    add_terms("post", POSTING)
    lines.append("| **chances a day**, much divided by none | | |")
    add("of reading", "ratio p_read", is_signed=False)
    add("of posting on a day of reading", "ratio p_post", is_signed=False)
    add("of both", "ratio p_both", is_signed=False)
    lines.append("| **25 and over minus under 25** | | |")
    add("chance of posting on a day of reading [points]", "gap p_post", scale=100.0)
    add("chance of reading and posting [points]", "gap p_both", scale=100.0)
    assert all(math.isfinite(value) for column in columns for value in column.values())
    return "\n".join(lines)
