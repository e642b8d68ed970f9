"""Write down in what share of the worlds of the prior each pattern comes out: what labels patterns as built in.

    intranet-sim scorecard --source prior --out results/scorecard-prior
    python docs/programs/prior_patterns.py results/scorecard-prior

The scorecard over calibrated worlds then says which of its patterns come out whatever the coefficients are.
"""

from __future__ import annotations

import csv
import io
import math
import sys
from pathlib import Path

from sim.evidence.scorecard.score import read_scorecard
from sim.evidence.scorecard.verdicts import COLUMNS, FILE
from sim.kernel.files import write_text


def main() -> None:
    """Write the shares of the scorecard in the folder that is named."""
    found = read_scorecard(Path(sys.argv[1]))
    if found.source != "prior":
        sys.exit(f"{sys.argv[1]} is no scorecard over the prior: give `scorecard --source prior`")
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(COLUMNS)
    for score in found.scores:
        share = score.share_over_prior
        written = "" if math.isnan(share) else f"{share:.4f}"
        writer.writerow([score.pattern.id, score.pattern.statistic.text, written])
    write_text(FILE, lines.getvalue())
    print(f"{FILE.name}: {len(found.scores)} patterns over {found.size.n_worlds} worlds")


if __name__ == "__main__":
    main()
