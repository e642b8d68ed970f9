"""The registry entries of the scenario keys, one section a file.

Sources name an evidence id (``T3.17``) with a short reference, a claim of the source articles (``claim 3.5``,
see ``docs/sources.md``), or ``assumption`` with the reason. Plain data: standard library only.
"""
