"""The page for a class: a folder for any web host, or one file that opens by double-click.

Two editions: with the model itself, which Pyodide runs in the reader's browser, and with runs recorded earlier.
"""
