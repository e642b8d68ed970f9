"""Calibration: which settings of the coefficients agree with published numbers, and which numbers disagree.

From targets (``data/targets.csv``) by waves of runs and approximate Bayesian computation to sets of plausible
worlds (``levels.csv``, ``interviews.csv`` in ``sim/experiments/data``).
The pages in ``docs/calibration.md`` say how and with what result.
"""
