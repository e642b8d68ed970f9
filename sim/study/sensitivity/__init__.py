"""Sensitivity analysis: which of the things that vary decide what comes out.

The way of one analysis: ``sampling`` (points that the method needs, from SALib) -> the runs, as in every study ->
``values`` (outcomes by point and replication, and what is wrong with them) -> ``luck`` (what chance does) ->
``sobol``, ``morris`` or ``pawn`` (indices, each with an interval and a yardstick) -> ``analysis`` (all of it as
tables).
"""
