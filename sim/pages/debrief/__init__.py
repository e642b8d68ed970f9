"""The debrief of a class: all run cards laid over each other, checked by running a sample of them again."""
