"""An outcome of one's own: the share of staff who read last month and have never written."""

import numpy as np


def silent(state):
    """Count those who read in the last 20 days and have posted nothing so far."""
    has_read = state["last_read"] >= state.day - 20
    n_posts = state["n_work_posts"] + state["n_questions"] + state["n_social_posts"]
    return float(np.mean(has_read & (n_posts == 0)))


outcomes = {"silent": silent}
