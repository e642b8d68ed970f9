"""Scenario discovery: in which part of the space of levers and uncertainties does something happen?

A box is a few limits on a few factors, such as trust below 0.45 and restriction above 0.6. The boxes come from
small classification trees (scikit-learn); what is particular to this project is around them: what counts as a
case, which points belong together, and whether a box is more than what chance gives.
"""
