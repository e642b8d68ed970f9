"""How far the means of candidates may move against each other, drawn at random.

With many worlds (or replications) the draws follow what these did to the candidates: random weights, the same for
all. With few, that is not enough to go by. Two replications say nothing about how the luck of two candidates hangs
together, and next to nothing about how large it is. So the fewer there are,

* the more the draws of the candidates are taken for independent (the sample correlation gets the weight
  1 - 1 / (n - 1), as in shrinkage of covariances: Schäfer and Strimmer 2005, doi:10.2202/1544-6115.1175);
* the more the size of a candidate's luck is drawn to that of the others, as in Smyth (2004,
  doi:10.2202/1544-6115.1027), though never more than four more worlds or replications would be worth;
* the heavier the tails (Student's t).
"""

from __future__ import annotations

import numpy as np

MOST_PRIOR_FREEDOM = 4.0
FEWEST_CANDIDATES = 4
"""With fewer there is nothing to learn from the others."""

# A variance of zero among others has no logarithm; it is taken for this share of the middle one.
_SMALLEST = 1e-5


def wobble(effects: np.ndarray, generator: np.random.Generator, n_draws: int) -> np.ndarray:
    """Draw how the means move, float64 (n_draws, k).

    Parameters
    ----------
    effects : array (k, n_blocks)
        How far each world (or replication) moves the mean of each candidate; squares add up to its variance.
    generator : Generator
        Where draws come from.
    n_draws : int
        Number of draws.
    """
    k, n_blocks = effects.shape
    if n_blocks < 2 or not effects.any():
        return np.zeros((n_draws, k))
    own = (effects**2).sum(axis=1)
    variance, freedom = moderated(own, n_blocks - 1)
    together = (
        generator.standard_normal((n_draws, n_blocks)) @ (effects / np.sqrt(np.where(own > 0, own, 1.0))[:, None]).T
    )
    apart = generator.standard_normal((n_draws, k))
    # As the effects do, these add up to zero over the candidates.
    apart = (apart - apart.mean(axis=1, keepdims=True)) * np.sqrt(k / (k - 1))
    share = 1 / (n_blocks - 1)
    tails = np.sqrt(freedom / generator.chisquare(freedom, n_draws))
    return np.asarray((np.sqrt(1 - share) * together + np.sqrt(share) * apart) * np.sqrt(variance) * tails[:, None])


def moderated(variances: np.ndarray, freedom: float) -> tuple[np.ndarray, float]:
    """Return variances drawn to those of the others, and their degrees of freedom.

    Parameters
    ----------
    variances : array (k,)
        One for each candidate.
    freedom : float
        Degrees of freedom of each.
    """
    known = variances[variances > 0]
    if len(known) < FEWEST_CANDIDATES:
        return variances, freedom
    prior, more = _prior(np.maximum(variances, _SMALLEST * np.median(known)), freedom)
    # A candidate that nothing moves (no posts in any world, say) stays where it is.
    return np.where(variances > 0, (more * prior + freedom * variances) / (more + freedom), 0.0), freedom + more


def _prior(variances: np.ndarray, freedom: float) -> tuple[float, float]:
    """Return the usual variance and how many degrees of freedom it is worth (Smyth 2004, section 6.2)."""
    from scipy.special import digamma, polygamma

    logs = np.log(variances) - digamma(freedom / 2) + np.log(freedom / 2)
    left = float(logs.var(ddof=1) - polygamma(1, freedom / 2))
    worth = MOST_PRIOR_FREEDOM
    if left > float(polygamma(1, MOST_PRIOR_FREEDOM / 2)):
        worth = 2 * _inverse_trigamma(left)
    return float(np.exp(logs.mean() + digamma(worth / 2) - np.log(worth / 2))), worth


def _inverse_trigamma(value: float) -> float:
    """Return x with trigamma(x) = value, by Newton's method on 1 / trigamma, which converges from this start."""
    from scipy.special import polygamma

    x = 0.5 + 1 / value
    for _ in range(50):
        trigamma = float(polygamma(1, x))
        step = trigamma * (1 - trigamma / value) / float(polygamma(2, x))
        x += step
        if abs(step) < 1e-9 * x:
            break
    return x
