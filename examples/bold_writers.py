"""Another rule: who is there writes something twice as often, whatever it is."""

from math import exp


def post_probabilities(work, question, social, may_be_social):
    """Return the chances of a work post, a question and a social post; the rule has logits of each, and so has this."""
    kinds = (exp(work), exp(question), exp(social) if may_be_social else 0.0)
    total = 0.5 + kinds[0] + kinds[1] + kinds[2]  # the rule has 1.0: nothing is written so much less often
    return kinds[0] / total, kinds[1] / total, kinds[2] / total


rules = {"post_probabilities": post_probabilities}
