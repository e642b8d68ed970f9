"""Sensitivity analysis: which of the things that vary decide what comes out.

The way of one analysis: ``sampling`` (points that the method needs, from SALib) -> the runs, as in every study ->
``values`` (outcomes by point and replication, what is wrong with them, and what chance does) -> ``analysis`` (the
indices of each method with intervals and a yardstick, as tables) -> ``results`` (a results folder).
"""
