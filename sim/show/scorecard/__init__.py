"""The page of the scorecard: what it says (``content``), its pictures, and how it is written as HTML and Markdown."""
