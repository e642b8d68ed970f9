"""The page: two launches side by side in a web browser, computed by this machine or by the browser itself.

The page itself is in ``src`` (ES modules, CSS, HTML) and, built, in ``dist``; the Python beside it serves it.
"""
