"""Everything that can be wrong with an experiment file: exact messages, at the right place, with exit code 2."""

# ruff: noqa: E501 (messages stand here as they are printed)

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from sim.__main__ import main
from sim.experiments import load_experiment
from sim.scenario import ScenarioError, load_scenario

FILE = "x.yaml"
WRONG_BASE = "rules: {guidance: 3}\nrun: {weaks: 3}\n"


class Case(NamedTuple):
    """A malformed file and the messages it must give, in full."""

    name: str
    text: str
    lines: tuple[str, ...]  # {folder} stands for the folder of the file


NAMES = (
    'must be a name that a folder can have (1 to 80 characters, no / \\ : * ? " < > |, no space or dot at either end, '
    "at most 200 bytes, not CON, NUL or another name of a device)"
)

CASES = (
    Case("empty", "", ("x.yaml:1:1: is empty; an experiment has at least one key, such as name",)),
    Case("list at the top", "- a\n", ("x.yaml:1:1: must hold keys with values, is a list",)),
    Case(
        "factor twice",
        "base: baseline\ndesign: grid\nlevers: {rules.guidance: [0], rules.guidance: [1]}\n",
        ("x.yaml:3:31: levers.rules.guidance: is given twice, first on line 3; keep one of them",),
    ),
    Case(
        "key twice",
        "base: baseline\ndesign: grid\nlevers: {rules.restriction: [0, 1]}\nseed: 1\nseed: 2\n",
        ("x.yaml:5:1: seed: is given twice, first on line 4; keep one of them",),
    ),
    Case(
        "unknown key",
        "base: baseline\ndesign: grid\nlevers: {rules.restriction: [0, 1]}\nsample: 3\n",
        (
            "x.yaml:4:1: sample: unknown key; allowed: name, description, base, set, design, method, by_group, levers, uncertainties, strategies, samples, replications, seed, outcomes, series, groups, keep, quick; did you mean samples?",
        ),
    ),
    Case(
        "section of a scenario",
        "base: baseline\ndesign: grid\nlevers: {rules.restriction: [0, 1]}\nrun: {weeks: 3}\n",
        ("x.yaml:4:1: run: keys of a scenario go under set, as in set: {run.weeks: ...}",),
    ),
    Case(
        "key of a scenario",
        "base: baseline\ndesign: grid\nlevers: {rules.restriction: [0, 1]}\nrules.guidance: 0.5\n",
        ("x.yaml:4:1: rules.guidance: keys of a scenario go under set, as in set: {rules.guidance: ...}",),
    ),
    Case(
        "base missing",
        "design: grid\nlevers: {rules.restriction: [0, 1]}\n",
        ("x.yaml:1:1: base: is missing; name a scenario to start from, such as base: baseline",),
    ),
    Case(
        "base empty",
        "base:\ndesign: grid\nlevers: {rules.restriction: [0, 1]}\n",
        ("x.yaml:1:1: base: is missing; name a scenario to start from, such as base: baseline",),
    ),
    Case(
        "base that does not exist",
        "base: bseline\ndesign: grid\nlevers: {rules.restriction: [0, 1]}\n",
        ("x.yaml:1:7: base: there is no scenario bseline; did you mean baseline?",),
    ),
    Case(
        "base as a number",
        "base: 3\ndesign: grid\nlevers: {rules.restriction: [0, 1]}\n",
        ("x.yaml:1:7: base: must be a file or the name of a shipped scenario, is 3",),
    ),
    Case(
        "no bases",
        "base: []\ndesign: grid\nlevers: {rules.restriction: [0, 1]}\n",
        ("x.yaml:1:7: base: is empty; name a scenario, as in base: baseline",),
    ),
    Case(
        "two arms of one name",
        "base: [baseline, baseline]\ndesign: grid\nlevers: {rules.restriction: [0, 1]}\n",
        ("x.yaml:1:18: base[1]: there are two arms called baseline; give one of the scenarios another name",),
    ),
    Case(
        "design missing",
        "base: baseline\nlevers: {rules.restriction: [0, 1]}\n",
        (
            "x.yaml:1:1: design: is missing; one of grid, list, zip, latin_hypercube, sobol (or method, for a sensitivity analysis)",
        ),
    ),
    Case(
        "unknown design",
        "base: baseline\ndesign: gird\nlevers: {rules.restriction: [0, 1]}\n",
        ("x.yaml:2:9: design: must be one of grid, list, zip, latin_hypercube, sobol, is 'gird'; did you mean grid?",),
    ),
    Case(
        "design and method",
        "base: baseline\ndesign: grid\nmethod: morris\nsamples: 4\nlevers: {rules.restriction: [0, 1]}\n",
        (
            "x.yaml:3:1: method: cannot stand together with design; a sweep has a design, a sensitivity analysis a method",
        ),
    ),
    Case(
        "unknown method",
        "base: baseline\nmethod: moris\nsamples: 4\nlevers: {rules.restriction: [0, 1]}\n",
        ("x.yaml:2:9: method: must be one of morris, sobol, pawn, is 'moris'; did you mean morris?",),
    ),
    Case(
        "nothing varies",
        "base: baseline\ndesign: grid\n",
        ("x.yaml:1:1: varies nothing; give levers, uncertainties or both",),
    ),
    Case(
        "levers empty",
        "base: baseline\ndesign: grid\nlevers:\n",
        ("x.yaml:1:1: varies nothing; give levers, uncertainties or both",),
    ),
    Case(
        "levers as a list",
        "base: baseline\ndesign: grid\nlevers: [rules.restriction]\n",
        (
            "x.yaml:3:9: levers: must be keys of a scenario, each with a list of values, a range {low: ..., high: ...}, named alternatives, or registry; is a list",
        ),
    ),
    Case(
        "unknown factor",
        "base: baseline\ndesign: grid\nlevers: {rules.restrictoin: [0, 1]}\n",
        ("x.yaml:3:10: levers.rules.restrictoin: unknown key; did you mean rules.restriction?",),
    ),
    Case(
        "factor without its section",
        "base: baseline\ndesign: grid\nlevers: {restriction: [0, 1]}\n",
        ("x.yaml:3:10: levers.restriction: unknown key; did you mean rules.restriction?",),
    ),
    Case(
        "one value for a factor",
        "base: baseline\ndesign: grid\nlevers: {rules.restriction: 0.5}\n",
        (
            "x.yaml:3:29: levers.rules.restriction: must be a list of values, a range {low: ..., high: ...}, named alternatives, or registry; is 0.5; a value for all runs goes under set",
        ),
    ),
    Case(
        "registry misspelled",
        "base: baseline\ndesign: grid\nlevers: {rules.restriction: regstry}\n",
        (
            "x.yaml:3:29: levers.rules.restriction: must be a list of values, a range {low: ..., high: ...}, named alternatives, or registry; is 'regstry'; did you mean registry?",
        ),
    ),
    Case(
        "empty list",
        "base: baseline\ndesign: grid\nlevers: {rules.restriction: []}\n",
        ("x.yaml:3:29: levers.rules.restriction: is an empty list; it must hold at least one value",),
    ),
    Case(
        "value out of range",
        "base: baseline\ndesign: grid\nlevers: {rules.restriction: [0, 2]}\n",
        ("x.yaml:3:33: levers.rules.restriction[1]: must be a number from 0 to 1, is 2",),
    ),
    Case(
        "unknown preset",
        "base: baseline\ndesign: grid\nlevers: {launch.framing: [collaboraton]}\n",
        (
            "x.yaml:3:27: levers.launch.framing[0]: must be one of mixed, like_facebook, collaboration, knowledge, news, unframed, or the numbers {social: ..., collaboration: ..., broadcast: ..., association: ..., clarity: ...}, is 'collaboraton'; did you mean collaboration?",
        ),
    ),
    Case(
        "value twice",
        "base: baseline\ndesign: grid\nlevers: {rules.restriction: [0, 0.0]}\n",
        ("x.yaml:3:33: levers.rules.restriction[1]: is in the list twice: 0.0",),
    ),
    Case(
        "range lever in a grid without steps",
        "base: baseline\ndesign: grid\nlevers: {rules.restriction: {low: 0, high: 1}}\n",
        (
            "x.yaml:3:10: levers.rules.restriction: is a range without steps; a grid needs values, such as {low: ..., high: ..., steps: 3} or a list",
        ),
    ),
    Case(
        "low above high",
        "base: baseline\ndesign: grid\nlevers: {rules.restriction: {low: 1, high: 0, steps: 3}}\n",
        ("x.yaml:3:35: levers.rules.restriction.low: must be below high (0), is 1",),
    ),
    Case(
        "high above the hard limit",
        "base: baseline\ndesign: grid\nlevers: {rules.restriction: {low: 0, high: 2, steps: 3}}\n",
        ("x.yaml:3:44: levers.rules.restriction.high: must be a number from 0 to 1, is 2",),
    ),
    Case(
        "high missing",
        "base: baseline\ndesign: grid\nlevers: {rules.restriction: {low: 0, steps: 3}}\n",
        ("x.yaml:3:29: levers.rules.restriction.high: is missing; a range is written {low: ..., high: ...}",),
    ),
    Case(
        "min and max",
        "base: baseline\ndesign: grid\nlevers: {rules.restriction: {min: 0, max: 1, steps: 2}}\n",
        (
            "x.yaml:3:29: levers.rules.restriction.low: is missing; a range is written {low: ..., high: ...}",
            "x.yaml:3:29: levers.rules.restriction.high: is missing; a range is written {low: ..., high: ...}",
            "x.yaml:3:30: levers.rules.restriction.min: unknown key; allowed: low, high, distribution, mode, mean, sd, steps, off_at, off_share; did you mean low?",
            "x.yaml:3:38: levers.rules.restriction.max: unknown key; allowed: low, high, distribution, mode, mean, sd, steps, off_at, off_share; did you mean high?",
        ),
    ),
    Case(
        "one step",
        "base: baseline\ndesign: grid\nlevers: {rules.restriction: {low: 0, high: 1, steps: 1}}\n",
        ("x.yaml:3:54: levers.rules.restriction.steps: must be a whole number from 2 to 1000, is 1",),
    ),
    Case(
        "more steps than whole numbers",
        "base: baseline\ndesign: grid\nlevers: {platform.communities: {low: 5, high: 7, steps: 9}}\n",
        ("x.yaml:3:57: levers.platform.communities.steps: must be at most 3, the whole numbers from 5 to 7, is 9",),
    ),
    Case(
        "decimals for a whole number",
        "base: baseline\ndesign: grid\nlevers: {platform.communities: {low: 5.5, high: 7, steps: 2}}\n",
        ("x.yaml:3:38: levers.platform.communities.low: must be a whole number from 1 to 500, is 5.5",),
    ),
    Case(
        "range of a choice",
        "base: baseline\ndesign: grid\nlevers: {launch.framing: {low: 0, high: 1}}\n",
        ("x.yaml:3:26: levers.launch.framing: takes no range; list its values, as in [mixed, like_facebook]",),
    ),
    Case(
        "range of a switch",
        "base: baseline\ndesign: grid\nlevers: {rules.work_only: {low: 0, high: 1}}\n",
        ("x.yaml:3:27: levers.rules.work_only: takes no range; list its values, as in [true, false]",),
    ),
    Case(
        "unknown distribution",
        "base: baseline\ndesign: grid\nlevers: {rules.restriction: [0, 1]}\nuncertainties: {organization.trust: {low: 0, high: 1, distribution: unifrom}}\nsamples: 3\n",
        (
            "x.yaml:4:69: uncertainties.organization.trust.distribution: must be one of uniform, log_uniform, triangular, normal, is 'unifrom'; did you mean uniform?",
        ),
    ),
    Case(
        "off without a probability",
        "base: baseline\ndesign: grid\nlevers: {rules.restriction: [0, 1]}\nuncertainties: {behavior.talk: {low: 0.1, high: 1, off_at: 0}}\nsamples: 3\n",
        (
            "x.yaml:4:60: uncertainties.behavior.talk.off_at: off_at and off_share go together (the value at which it is off, and how probable that is), without steps",
        ),
    ),
    Case(
        "always off",
        "base: baseline\ndesign: grid\nlevers: {rules.restriction: [0, 1]}\nuncertainties: {behavior.talk: {low: 0.1, high: 1, off_at: 0, off_share: 1}}\nsamples: 3\n",
        ("x.yaml:4:74: uncertainties.behavior.talk.off_share: must be a probability from 0 to below 1, is 1",),
    ),
    Case(
        "mode of a uniform range",
        "base: baseline\ndesign: grid\nlevers: {rules.restriction: [0, 1]}\nuncertainties: {organization.trust: {low: 0, high: 1, mode: 0.5}}\nsamples: 3\n",
        (
            "x.yaml:4:61: uncertainties.organization.trust.mode: belongs to distribution: triangular, which is uniform here",
        ),
    ),
    Case(
        "triangular without mode",
        "base: baseline\ndesign: grid\nlevers: {rules.restriction: [0, 1]}\nuncertainties: {organization.trust: {low: 0, high: 1, distribution: triangular}}\nsamples: 3\n",
        ("x.yaml:4:37: uncertainties.organization.trust.mode: is missing; triangular needs mode: 0.4",),
    ),
    Case(
        "normal with impossible numbers",
        "base: baseline\ndesign: grid\nlevers: {rules.restriction: [0, 1]}\nuncertainties: {organization.trust: {low: 0, high: 1, distribution: normal, mean: 2, sd: 0}}\nsamples: 3\n",
        (
            "x.yaml:4:83: uncertainties.organization.trust.mean: must be from low to high (0 to 1), is 2",
            "x.yaml:4:90: uncertainties.organization.trust.sd: must be above 0, is 0",
        ),
    ),
    Case(
        "log_uniform from 0",
        "base: baseline\ndesign: grid\nlevers: {rules.restriction: [0, 1]}\nuncertainties: {organization.trust: {low: 0, high: 1, distribution: log_uniform}}\nsamples: 3\n",
        ("x.yaml:4:43: uncertainties.organization.trust.low: must be above 0 with log_uniform, is 0",),
    ),
    Case(
        "steps of a normal range",
        "base: baseline\ndesign: grid\nlevers: {rules.guidance: {low: 0, high: 1, distribution: normal, mean: .5, sd: .1, steps: 3}}\n",
        ("x.yaml:3:91: levers.rules.guidance.steps: are evenly spaced values, without distribution: normal",),
    ),
    Case(
        "steps in a sampled design",
        "base: baseline\ndesign: latin_hypercube\nsamples: 3\nlevers: {rules.restriction: {low: 0, high: 1, steps: 3}}\n",
        (
            "x.yaml:4:47: levers.rules.restriction.steps: belongs to a grid or zip; latin_hypercube draws from the whole range",
        ),
    ),
    Case(
        "zip of unequal lengths",
        "base: baseline\ndesign: zip\nlevers: {rules.restriction: [0, 1], rules.guidance: [0, 0.5, 1]}\n",
        (
            "x.yaml:2:9: design: in a zip all lists need the same number of values; rules.restriction has 2, rules.guidance has 3",
        ),
    ),
    Case(
        "lever and uncertainty of one key",
        "base: baseline\ndesign: grid\nlevers: {rules.restriction: [0, 1]}\nuncertainties: {rules.restriction: [0.5]}\n",
        (
            "x.yaml:4:17: uncertainties.rules.restriction: sets rules.restriction, as levers.rules.restriction (line 3) does; keep one of them",
        ),
    ),
    Case(
        "bundle and factor of one key",
        "base: baseline\ndesign: grid\nlevers:\n  rules.restriction: [0, 1]\n  kind:\n    a: {rules.restriction: 0.5}\n",
        (
            "x.yaml:5:3: levers.kind: sets rules.restriction, as levers.rules.restriction (line 4) does; keep one of them",
        ),
    ),
    Case(
        "factor inside another",
        "base: baseline\ndesign: grid\nlevers: {launch.framing: [mixed, news], launch.framing.clarity: [0, 1]}\n",
        (
            "x.yaml:3:41: levers.launch.framing.clarity: sets launch.framing.clarity, and levers.launch.framing (line 3) sets launch.framing, which replace each other; put both into named alternatives",
        ),
    ),
    Case(
        "factor also under set",
        "base: baseline\ndesign: grid\nlevers: {rules.restriction: [0, 1]}\nset: {rules.restriction: 0.5}\n",
        ("x.yaml:4:7: set.rules.restriction: has no effect, levers.rules.restriction varies it; keep one of them",),
    ),
    Case(
        "unknown key under set",
        "base: baseline\ndesign: grid\nlevers: {rules.restriction: [0, 1]}\nset: {rules.guidanc: 0.5}\n",
        ("x.yaml:4:7: set.rules.guidanc: unknown key; did you mean rules.guidance?",),
    ),
    Case(
        "wrong value under set",
        "base: baseline\ndesign: grid\nlevers: {rules.restriction: [0, 1]}\nset: {rules: {guidance: 5}}\n",
        ("x.yaml:4:25: set.rules.guidance: must be a number from 0 to 1, is 5",),
    ),
    Case(
        "set as a list",
        "base: baseline\ndesign: grid\nlevers: {rules.restriction: [0, 1]}\nset: [3]\n",
        ("x.yaml:4:6: set: must be keys and values, such as {rules.guidance: 0.5}, is a list",),
    ),
    Case(
        "replications under set",
        "base: baseline\ndesign: grid\nlevers: {rules.restriction: [0, 1]}\nset: {run.replications: 5}\n",
        ("x.yaml:4:7: set.run.replications: has no effect in an experiment; write replications beside it",),
    ),
    Case(
        "name under set",
        "base: baseline\ndesign: grid\nlevers: {rules.restriction: [0, 1]}\nset: {name: x}\n",
        ("x.yaml:4:7: set.name: can be set in a scenario file only",),
    ),
    Case(
        "registry without a plausible range",
        "base: baseline\ndesign: grid\nuncertainties: {launch.wording: registry}\nsamples: 3\n",
        (
            "x.yaml:3:17: uncertainties.launch.wording: nothing here has a plausible range in the registry; list the values or give low and high",
        ),
    ),
    Case(
        "registry of nothing",
        "base: baseline\ndesign: grid\nuncertainties: {behaviour: registry}\nsamples: 3\n",
        ("x.yaml:3:17: uncertainties.behaviour: the registry has no keys of this name; did you mean behavior?",),
    ),
    Case(
        "registry of what is set",
        "base: baseline\ndesign: grid\nset: {organization.trust: 0.5}\nuncertainties: {organization.trust: registry}\nsamples: 3\n",
        ("x.yaml:4:17: uncertainties.organization.trust: adds nothing: all its keys are set elsewhere",),
    ),
    Case(
        "registry levers in a grid",
        "base: baseline\ndesign: grid\nlevers: {rules: registry}\n",
        (
            "x.yaml:3:10: levers.rules: gives rules.restriction a range; a grid needs values, such as {low: ..., high: ..., steps: 3} or a list",
            "x.yaml:3:10: levers.rules: gives rules.guidance a range; a grid needs values, such as {low: ..., high: ..., steps: 3} or a list",
        ),
    ),
    Case(
        "samples missing",
        "base: baseline\ndesign: grid\nlevers: {rules.restriction: [0, 1]}\nuncertainties: {organization.trust: registry}\n",
        ("x.yaml:1:1: samples: is missing; uncertainties that are ranges need it, as in samples: 200",),
    ),
    Case(
        "samples without draws",
        "base: baseline\ndesign: grid\nlevers: {rules.restriction: [0, 1]}\nsamples: 3\n",
        ("x.yaml:4:10: samples: has no effect: nothing is drawn, since no uncertainty is a range",),
    ),
    Case(
        "no samples",
        "base: baseline\ndesign: grid\nlevers: {rules.restriction: [0, 1]}\nuncertainties: {organization.trust: registry}\nsamples: 0\n",
        ("x.yaml:5:10: samples: must be a whole number from 1 to 1000000, is 0",),
    ),
    Case(
        "samples as text",
        "base: baseline\ndesign: grid\nlevers: {rules.restriction: [0, 1]}\nuncertainties: {organization.trust: registry}\nsamples: many\n",
        ("x.yaml:5:10: samples: must be a whole number from 1 to 1000000, is 'many'",),
    ),
    Case(
        "sobol design of 100",
        "base: baseline\ndesign: sobol\nsamples: 100\nlevers: {rules.restriction: {low: 0, high: 1}}\n",
        ("x.yaml:3:10: samples: must be a power of 2 for sobol, such as 64 or 128, is 100",),
    ),
    Case(
        "sobol method of 100",
        "base: baseline\nmethod: sobol\nsamples: 100\nlevers: {rules.restriction: {low: 0, high: 1}}\n",
        ("x.yaml:3:10: samples: must be a power of 2 for sobol, such as 64 or 128, is 100",),
    ),
    Case(
        "too few samples for pawn",
        "base: baseline\nmethod: pawn\nsamples: 19\nlevers: {rules.restriction: {low: 0, high: 1}}\n",
        ("x.yaml:3:10: samples: must be at least 20 for pawn, is 19",),
    ),
    Case(
        "three samples for sobol",
        "base: baseline\nmethod: sobol\nsamples: 3\nlevers: {rules.restriction: {low: 0, high: 1}}\n",
        ("x.yaml:3:10: samples: must be a power of 2 for sobol, such as 4 or 8, is 3",),
    ),
    Case(
        "too few samples for sobol",
        "base: baseline\nmethod: sobol\nsamples: 2\nlevers: {rules.restriction: {low: 0, high: 1}}\n",
        ("x.yaml:3:10: samples: must be at least 4 for sobol, is 2",),
    ),
    Case(
        "one value in sensitivity",
        "base: baseline\nmethod: pawn\nsamples: 30\nlevers: {rules.restriction: [0]}\n",
        ("x.yaml:4:10: levers.rules.restriction: has one value only; sensitivity needs two or more",),
    ),
    Case(
        "unknown and repeated outcomes",
        "base: baseline\ndesign: grid\nlevers: {rules.restriction: [0, 1]}\noutcomes: [monthly_poster, alive, alive, zzz]\n",
        (
            "x.yaml:4:12: outcomes[0]: there is no outcome 'monthly_poster'; did you mean monthly_posters?",
            "x.yaml:4:35: outcomes[2]: names alive twice",
            "x.yaml:4:42: outcomes[3]: there is no outcome 'zzz'; allowed: reach, adoption, registered and 38 others",
        ),
    ),
    Case(
        "no outcomes",
        "base: baseline\ndesign: grid\nlevers: {rules.restriction: [0, 1]}\noutcomes: []\n",
        ("x.yaml:4:11: outcomes: is an empty list; leave the key out to keep all outcomes",),
    ),
    Case(
        "no replications",
        "base: baseline\ndesign: grid\nlevers: {rules.restriction: [0, 1]}\nreplications: 0\n",
        ("x.yaml:4:15: replications: must be a whole number from 1 to 1000000, is 0",),
    ),
    Case(
        "negative seed",
        "base: baseline\ndesign: grid\nlevers: {rules.restriction: [0, 1]}\nseed: -1\n",
        ("x.yaml:4:7: seed: must be a whole number from 0 to 9223372036854775807, is -1",),
    ),
    Case(
        "series of 0",
        "base: baseline\ndesign: grid\nlevers: {rules.restriction: [0, 1]}\nseries: 0\n",
        ("x.yaml:4:9: series: must be none, all, or N to keep every N-th week, is 0",),
    ),
    Case(
        "groups as a number",
        "base: baseline\ndesign: grid\nlevers: {rules.restriction: [0, 1]}\ngroups: 1\n",
        ("x.yaml:4:9: groups: must be true or false, is 1",),
    ),
    Case(
        "shares of a grid that are no whole",
        "base: baseline\ndesign: grid\nlevers:\n  rules.guidance: [0, 1]\n  launch.framing.social: [0.3, 0.9]\n  launch.framing.collaboration: [0.4, 0.1]\n",
        (
            "x.yaml:5:3: levers.launch.framing.social: launch.framing.social=0.3, launch.framing.collaboration=0.1: launch.framing: social, collaboration and broadcast must sum to 1, sum to 0.7 (with the base baseline)",
            "x.yaml:5:3: levers.launch.framing.social: launch.framing.social=0.9, launch.framing.collaboration=0.4: launch.framing: social, collaboration and broadcast must sum to 1, sum to 1.6 (with the base baseline)",
            "x.yaml:5:3: levers.launch.framing.social: launch.framing.social=0.9, launch.framing.collaboration=0.1: launch.framing: social, collaboration and broadcast must sum to 1, sum to 1.3 (with the base baseline)",
        ),
    ),
    Case(
        "shares of a zip that are no whole",
        "base: baseline\ndesign: zip\nlevers:\n  launch.framing.social: [0.3, 0.5]\n  launch.framing.collaboration: [0.4, 0.3]\n",
        (
            "x.yaml:4:3: levers.launch.framing.social: launch.framing.social=0.5, launch.framing.collaboration=0.3: launch.framing: social, collaboration and broadcast must sum to 1, sum to 1.1 (with the base baseline)",
        ),
    ),
    Case(
        "range of a share that leaves no whole",
        "base: baseline\ndesign: latin_hypercube\nsamples: 9\nuncertainties:\n  launch.framing.social: {low: 0.3, high: 0.4}\n",
        (
            "x.yaml:5:3: uncertainties.launch.framing.social: launch.framing.social=0.4: launch.framing: social, collaboration and broadcast must sum to 1, sum to 1.1 (with the base baseline)",
        ),
    ),
    Case(
        "pilot and departments that do not go together",
        "base: [baseline, collaboration]\ndesign: grid\nlevers: {launch.waves: [all_at_once, {pilot: [6]}]}\nuncertainties: {organization.departments: [4, 8]}\n",
        tuple(
            f"x.yaml:3:10: levers.launch.waves: launch.waves={{pilot: [6]}}, organization.departments=4: launch.waves.pilot[0]: department 6 does not exist; the 4 departments are numbered from 0 to 3 (with the base {base})"
            for base in ("baseline", "collaboration")
        ),
    ),
    Case(
        "contradiction of a factor with --quick",
        "base: baseline\ndesign: grid\nlevers: {launch.waves: [all_at_once, {pilot: [6]}], rules.guidance: [0, 1]}\nquick: {set: {organization.departments: 3}}\n",
        (
            "x.yaml:3:38: levers.launch.waves: {pilot: [6]}: launch.waves.pilot[0]: department 6 does not exist; the 3 departments are numbered from 0 to 2 (with the base baseline) (with --quick)",
        ),
    ),
    Case(
        "alternatives without an order",
        "base: baseline\nmethod: morris\nsamples: 4\nlevers: {launch.framing: [mixed, news, unframed]}\n",
        (
            "x.yaml:4:10: levers.launch.framing: has 3 alternatives without an order, between which method morris cannot take steps; leave two of them, give a range (low, high) if they are numbers, or use method sobol or pawn",
        ),
    ),
    Case(
        "groups for pawn",
        "base: baseline\nmethod: pawn\nsamples: 40\nby_group: true\nlevers: {rules.guidance: {low: 0, high: 1}}\n",
        ("x.yaml:4:1: by_group: method pawn looks at one factor at a time; use sobol or morris for groups",),
    ),
    Case(
        "by_group in a sweep",
        "base: baseline\ndesign: grid\nlevers: {rules.restriction: [0, 1]}\nby_group: true\n",
        ("x.yaml:4:1: by_group: belongs to a sensitivity analysis, which has a method",),
    ),
    Case(
        "name with a slash",
        "base: baseline\ndesign: grid\nlevers: {rules.restriction: [0, 1]}\nname: a/b\n",
        (f"x.yaml:4:7: name: {NAMES}, is 'a/b'",),
    ),
    Case(
        "name of a device",
        "base: baseline\ndesign: grid\nlevers: {rules.restriction: [0, 1]}\nname: Nul\n",
        (f"x.yaml:4:7: name: {NAMES}, is 'Nul'",),
    ),
    Case(
        "description as a list",
        "base: baseline\ndesign: grid\nlevers: {rules.restriction: [0, 1]}\ndescription: [a]\n",
        ("x.yaml:4:14: description: must be text, is a list",),
    ),
    Case(
        "unknown key of quick",
        "base: baseline\ndesign: grid\nlevers: {rules.restriction: [0, 1]}\nquick: {sample: 3}\n",
        ("x.yaml:4:9: quick.sample: unknown key; allowed: samples, replications, set; did you mean samples?",),
    ),
    Case(
        "quick as a switch",
        "base: baseline\ndesign: grid\nlevers: {rules.restriction: [0, 1]}\nquick: true\n",
        ("x.yaml:4:8: quick: must be a group of keys (samples, replications, set), is true",),
    ),
    Case(
        "wrong values in quick",
        "base: baseline\ndesign: grid\nlevers: {rules.restriction: [0, 1]}\nquick: {set: {run.weks: 3}, replications: 0}\n",
        (
            "x.yaml:4:15: quick.set.run.weks: unknown key; did you mean run.weeks?",
            "x.yaml:4:43: quick.replications: must be a whole number from 1 to 1000000, is 0",
        ),
    ),
    Case(
        "contradiction in quick only",
        "base: baseline\ndesign: grid\nlevers: {rules.restriction: [0, 1]}\nset: {changes: [{week: 26, set: {rules.guidance: 1}}]}\nquick: {set: {run.weeks: 12}}\n",
        ("x.yaml:4:24: changes[0].week: week 26 never comes, run.weeks is 12; must be from 1 to 11 (with --quick)",),
    ),
    Case(
        "two million runs",
        "base: baseline\ndesign: grid\nlevers: {rules.restriction: {low: 0, high: 1, steps: 1000}, rules.guidance: {low: 0, high: 1, steps: 1000}}\nreplications: 2\n",
        ("x.yaml:2:9: design: makes 2,000,000 runs (1,000,000 points x 1 arm x 2 replications); at most 1,000,000",),
    ),
    Case(
        "list without rows",
        "base: baseline\ndesign: list\n",
        ("x.yaml:1:1: strategies: is missing; design list takes rows {name: ..., set: {key: value}}",),
    ),
    Case(
        "rows in a grid",
        "base: baseline\ndesign: grid\nstrategies: [{rules.guidance: 1}]\n",
        ("x.yaml:3:1: strategies: belongs to design: list",),
    ),
    Case(
        "no rows",
        "base: baseline\ndesign: list\nstrategies: []\n",
        ("x.yaml:3:13: strategies: must be a list of rows {name: ..., set: {key: value}}, is an empty list",),
    ),
    Case(
        "wrong rows",
        "base: baseline\ndesign: list\nstrategies: [{name: a, set: {rules.guidance: 1}}, {name: a, set: {rules.guidance: 2}, x: 1}, 3]\n",
        (
            "x.yaml:3:51: strategies[1]: there are two rows called 'a'",
            "x.yaml:3:83: strategies[1].set.rules.guidance: must be a number from 0 to 1, is 2",
            "x.yaml:3:87: strategies[1].x: unknown key; allowed: name, set",
            "x.yaml:3:94: strategies[2]: must be {name: ..., set: {key: value}} or {key: value}, is 3",
        ),
    ),
    Case(
        "rows and levers",
        "base: baseline\ndesign: list\nstrategies: [{rules.guidance: 1}]\nlevers: {rules.restriction: [0, 1]}\n",
        ("x.yaml:4:1: levers: cannot stand together with strategies; put what they set into the rows",),
    ),
    Case(
        "bundle called as an outcome",
        "base: baseline\ndesign: grid\nlevers: {alive: {a: {rules.guidance: 1}}}\n",
        ("x.yaml:3:10: levers.alive: cannot be called alive, which is a column of the results; choose another name",),
    ),
    Case(
        "bundle with a space in its name",
        "base: baseline\ndesign: grid\nlevers: {my kind: {a: {rules.guidance: 1}}}\n",
        (
            "x.yaml:3:10: levers.my kind: alternatives need a name of letters, digits, _ and -, that starts with a letter, is 'my kind'",
        ),
    ),
    Case(
        "bundle without alternatives",
        "base: baseline\ndesign: grid\nlevers: {kind: {}}\n",
        ("x.yaml:3:10: levers.kind: must hold named alternatives, such as {mild: {rules.restriction: 0.2}}",),
    ),
    Case(
        "wrong alternatives",
        "base: baseline\ndesign: grid\nlevers: {kind: {a: {rules.guidanc: 1}, b: 3}}\n",
        (
            "x.yaml:3:21: levers.kind.a.rules.guidanc: unknown key; did you mean rules.guidance?",
            "x.yaml:3:43: levers.kind.b: must be keys and values, such as {rules.guidance: 0.5}, is 3",
        ),
    ),
    Case(
        "nested lever",
        "base: baseline\ndesign: grid\nlevers: {rules: {restriction: [0, 1]}}\n",
        ("x.yaml:3:18: levers.rules.restriction: write rules.restriction: ... for the key of a scenario",),
    ),
    Case(
        "nested range",
        "base: baseline\ndesign: grid\nlevers: {rules: {restriction: {low: 0, high: 1}}}\n",
        ("x.yaml:3:18: levers.rules.restriction: write rules.restriction: ... for the key of a scenario",),
    ),
    Case(
        "list for a group of keys",
        "base: baseline\ndesign: grid\nlevers: {rules: [0, 1]}\n",
        ("x.yaml:3:10: levers.rules: is a group of keys; name one, such as rules.restriction, or write registry",),
    ),
    Case(
        "alternatives of a key",
        "base: baseline\ndesign: grid\nlevers: {launch.framing: {a: {rules.guidance: 1}}}\n",
        (
            "x.yaml:3:10: levers.launch.framing: is a key of a scenario and cannot name alternatives; choose another name for them",
        ),
    ),
    Case(
        "seed as a factor",
        "base: baseline\ndesign: grid\nlevers: {run.seed: [1, 2]}\n",
        ("x.yaml:3:10: levers.run.seed: cannot vary in an experiment; write seed beside it",),
    ),
    Case(
        "changes as a factor",
        "base: baseline\ndesign: grid\nlevers: {changes: [[]]}\n",
        ("x.yaml:3:10: levers.changes: is no parameter that can vary; a named alternative can set it",),
    ),
    Case(
        "department that does not exist",
        "base: baseline\ndesign: grid\nlevers: {launch.waves: [all_at_once, {pilot: [9]}]}\n",
        (
            "x.yaml:3:38: levers.launch.waves: {pilot: [9]}: launch.waves.pilot[0]: department 9 does not exist; the 8 departments are numbered from 0 to 7 (with the base baseline)",
        ),
    ),
    Case(
        "shares that do not sum to 1",
        "base: baseline\ndesign: grid\nlevers: {launch.framing: [{social: 0.5, collaboration: 0.6, broadcast: 0}, {social: 1}]}\n",
        (
            "x.yaml:3:27: levers.launch.framing[0]: social, collaboration and broadcast must sum to 1, sum to 1.1",
            "x.yaml:3:76: levers.launch.framing[1].collaboration: is missing; a framing in numbers needs social, collaboration and broadcast",
            "x.yaml:3:76: levers.launch.framing[1].broadcast: is missing; a framing in numbers needs social, collaboration and broadcast",
        ),
    ),
    Case(
        "sector of American tables",
        "base: baseline\ndesign: grid\nuncertainties: {organization.sector: [all, financial]}\nset: {organization.workforce: us-2021}\n",
        (
            "x.yaml:3:44: uncertainties.organization.sector: financial: organization.sector: must be all with the workforce us-2021; only Dutch tables tell sectors apart (with the base baseline)",
        ),
    ),
    Case(
        "base that is wrong itself",
        "base: wrong.yaml\ndesign: grid\nlevers: {rules.restriction: [0, 1]}\n",
        (
            "wrong.yaml:1:19: rules.guidance: must be a number from 0 to 1, is 3",
            "wrong.yaml:2:7: run.weaks: unknown key; allowed: weeks, replications, seed, critical_share; did you mean weeks?",
        ),
    ),
    Case(
        "workforce file that does not exist",
        "base: baseline\ndesign: grid\nuncertainties: {organization.workforce: [nl-2014, staff.csv]}\n",
        (
            "x.yaml:3:51: uncertainties.organization.workforce: staff.csv: organization.workforce: must be one of nl-2012, nl-2014, nl-2016, us-2015, us-2021, or a CSV file; there is no file {folder}staff.csv (with the base baseline)",
        ),
    ),
    Case(
        "bundle label empty",
        "base: baseline\ndesign: grid\nlevers: {kind: {'': {rules.guidance: 1}, a: {}}}\n",
        ("x.yaml:3:17: levers.kind: an alternative must have a name",),
    ),
    Case(
        "quick and factor",
        "base: baseline\ndesign: grid\nlevers: {organization.employees: [100, 200]}\nquick: {set: {organization.employees: 50}}\n",
        (
            "x.yaml:4:15: quick.set.organization.employees: has no effect, levers.organization.employees varies it; keep one of them",
        ),
    ),
    Case(
        "alias",
        "base: baseline\ndesign: grid\nlevers: &x {rules.guidance: [0, 1]}\n",
        ("x.yaml:3:9: levers: the anchor &x is not allowed; write the value out",),
    ),
    Case(
        "tab", "base: baseline\n\tdesign: grid\n", ("x.yaml:2:1: is not valid YAML: indent with spaces, not with tabs",)
    ),
    Case(
        "nan",
        "base: baseline\ndesign: grid\nlevers: {rules.guidance: [.nan]}\n",
        ("x.yaml:3:27: levers.rules.guidance[0]: must be a number from 0 to 1, is .nan",),
    ),
    Case(
        "two designs wrong everywhere",
        "bas: baseline\ndesign: lhc\nlevers: {rules.guidanc: [0]}\nreplications: 1.5\n",
        (
            "x.yaml:1:1: bas: unknown key; allowed: name, description, base, set, design, method, by_group, levers, uncertainties, strategies, samples, replications, seed, outcomes, series, groups, keep, quick; did you mean base?",
            "x.yaml:1:1: base: is missing; name a scenario to start from, such as base: baseline",
            "x.yaml:2:9: design: must be one of grid, list, zip, latin_hypercube, sobol, is 'lhc'",
            "x.yaml:3:10: levers.rules.guidanc: unknown key; did you mean rules.guidance?",
            "x.yaml:4:15: replications: must be a whole number from 1 to 1000000, is 1.5",
        ),
    ),
)


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("wrong.yaml").write_text(WRONG_BASE)


def expected(case: Case) -> tuple[str, ...]:
    return tuple(line.replace("{folder}", f"{Path.cwd()}/") for line in case.lines)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_messages(case: Case) -> None:
    Path(FILE).write_text(case.text)
    with pytest.raises(ScenarioError) as caught:
        load_experiment(FILE)
    assert caught.value.lines == expected(case)


def test_there_are_many_cases_and_each_has_a_name() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 40


def test_no_traceback_and_exit_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    case = next(case for case in CASES if case.name == "nothing varies")
    Path(FILE).write_text(case.text)
    assert main(["validate", FILE]) == 2
    output = capsys.readouterr()
    assert output.out == "x.yaml: 1 problem\n"
    assert output.err.splitlines() == list(expected(case))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("framign", "framign: there is no such file or shipped experiment; did you mean framing?"),
        (
            "low-trust",
            "low-trust: there is no such file or shipped experiment; low-trust is a scenario: intranet-sim run low-trust",
        ),
        ("", "'': must be a file or the name of a shipped experiment"),
        (".", ".: is a folder, not a file"),
    ],
)
def test_no_such_file(given: str, message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        load_experiment(given)
    assert caught.value.lines == (message,)


@pytest.mark.parametrize(("name", "command"), [("framing", "sweep"), ("sensitivity-sobol", "sensitivity")])
def test_an_experiment_is_no_scenario_and_its_command_is_told(name: str, command: str) -> None:
    with pytest.raises(ScenarioError, match=f"; {name} is an experiment: intranet-sim {command} {name}$"):
        load_scenario(name)


RIGHT = "base: baseline\ndesign: grid\nlevers: {rules.restriction: [0, 1]}\n"


@pytest.mark.parametrize(
    ("override", "line"),
    [
        ("replications=0", "--set replications=0: replications: must be a whole number from 1 to 1000000, is 0"),
        ("sampels=3", "--set sampels=3: sampels: unknown key; did you mean samples?"),
        ("rules.guidance=7", "--set rules.guidance=7: rules.guidance: must be a number from 0 to 1, is 7"),
        (
            "rules.restriction=0.5",
            "--set rules.restriction=0.5: rules.restriction: has no effect, levers.rules.restriction varies it; "
            "keep one of them",
        ),
        ("run.seed=3", "--set run.seed=3: run.seed: has no effect in an experiment; write seed beside it"),
        (
            "levers.rules.guidance=[2]",
            "--set levers.rules.guidance=[2]: levers.rules.guidance[0]: must be a number from 0 to 1, is 2",
        ),
        ("samples", "--set samples: must be key=value, such as rules.restriction=0.5"),
        ("extends=x", "--set extends=x: extends: can be set in a scenario file only"),
    ],
)
def test_overrides(override: str, line: str) -> None:
    Path(FILE).write_text(RIGHT)
    with pytest.raises(ScenarioError) as caught:
        load_experiment(FILE, [override])
    assert caught.value.lines == (line,)


def test_quick_without_a_section() -> None:
    Path(FILE).write_text(RIGHT)
    with pytest.raises(ScenarioError) as caught:
        load_experiment(FILE, quick=True)
    assert caught.value.lines == (
        "x.yaml:1:1: quick: is missing; say what makes a small version, such as "
        "quick: {replications: 2, set: {organization.employees: 100, run.weeks: 12}}",
    )
