"""Usage exports: from the bytes of a file to what an organization's platform showed in each week, and nobody's names.

Who used the platform is counted while a file is read; ids are replaced by their place then and kept nowhere.
"""

from sim.exports.usage.reading import UsageFile, read_usage
from sim.exports.usage.weeks import EVER, MONTH, WEEK, Figure, Usage, in_weeks

__all__ = ["EVER", "MONTH", "WEEK", "Figure", "Usage", "UsageFile", "in_weeks", "read_usage"]
