"""``intranet-sim class``: what a lecturer needs for a class; each command is imported when it is called."""

from __future__ import annotations

from sim.cli import CommandTable

COMMANDS: dict[str, str] = {
    "build": "Write the page for a class: a folder for any web host, or one file.",
    "serve": "Serve the page for a class from this computer.",
    "collect": "Lay the run cards of a class over each other, check them, and write the debrief.",
}

command = CommandTable(
    "class",
    table=COMMANDS,
    modules={name: f"class_{name}" for name in COMMANDS},
    help="Build and serve the page for a class, and collect what the class found.",
    context_settings={"help_option_names": ["-h", "--help"]},
)
