"""Pages: which blocks in which order, for the report, the scorecard and the debrief of a class."""
