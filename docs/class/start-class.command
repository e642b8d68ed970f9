#!/bin/sh
# The page for a class, with the view for the beamer: double-click this file. Ctrl-C or closing this window ends it.
cd "$(dirname "$0")/../.." || exit 1
program=.venv/bin/intranet-sim
[ -x "$program" ] || program=intranet-sim
echo "Everybody in this network can open the page while this window is open."
"$program" class serve --native --live --host 0.0.0.0 "$@"
status=$?
[ "$status" -eq 130 ] || [ "$status" -eq 0 ] || echo "It did not start. Is intranet-sim installed? See README.md."
exit "$status"
