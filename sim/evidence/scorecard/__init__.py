"""The scorecard: what the literature claims, run at plausible worlds, with and without the mechanisms behind it.

A *pattern* is a claim turned into a statistic and the side of zero (or the region) on which it would have to lie. Each
is judged in four *arms*: the full model, and the model with frames, with peer influence or with outside experience
switched off. ``claims`` has what is claimed and what an arm leaves out, ``plan`` what is compared and what people might
be like, ``measures`` what is looked at, ``verdicts`` what counts as holding. Nothing here changes the model, and no
default was ever chosen by what this table says.
"""
