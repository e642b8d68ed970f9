"""Calibration: which settings of the coefficients agree with published numbers, and which numbers disagree.

From targets (``data/targets.csv``) by waves of runs and approximate Bayesian computation to sets of plausible
worlds (``data/levels.csv``, ``data/interviews.csv``).
The pages in ``docs/calibration.md`` say how and with what result.
"""
