"""Numbers and names in the sentences and tables of a report."""

from __future__ import annotations

import math

from sim.scenario.outcome_table import YES_OR_NO
from sim.show.layout import clean_name
from sim.study.statistics import MeanInterval
from sim.study.wording import MISSING, difference_number, is_gap, is_share, mean_text, unit_text, value_text
from sim.texts import DEFAULT_LANGUAGE, number, text

# Reasons as the tables have them, in English -> the key of the text.
REASONS = {text(DEFAULT_LANGUAGE, f"report.reason.{name}"): name for name in (
    "no_posts", "no_writers", "no_group", "no_spread", "no_members", "few_groups", "no_items", "no_answers",
    "no_questions", "no_newcomers", "no_replies_yet", "no_remote", "no_critical_mass", "all_missing", "one_run",
    "one_pair", "no_pair", "few_equal", "never_reached",
)}  # fmt: skip


def quoted(name: str) -> str:
    """Return the name of a scenario in quotation marks, fit to print."""
    return f"“{clean_name(name)}”"


def capital(sentence: str) -> str:
    """Return a text with a capital at its beginning."""
    return sentence[:1].upper() + sentence[1:]


def value_with_unit(outcome: str, value: float, language: str) -> str:
    """Return a value of an outcome with its unit, such as ``6.3%`` or ``4.1 days``."""
    unit = unit_text(outcome, language)
    shown = value_text(outcome, value, language)
    return f"{shown} {unit}" if unit and not math.isnan(value) else shown


def ends_text(outcome: str, low: float, high: float, language: str) -> str:
    """Return the ends of an interval as ``4.1 to 6.0``, in the unit of the outcome."""
    ends = (difference_number(outcome, end, language) for end in (low, high))
    return text(language, "report.from_to", low=next(ends), high=next(ends))


def interval_words(outcome: str, interval: MeanInterval, language: str) -> str:
    """Return a mean with its interval as it stands in a sentence: ``6.3% (95% interval 5.1 to 7.4%)``."""
    mean = value_with_unit(outcome, interval.mean, language)
    if interval.n_not_reached:
        mean = text(language, "number.at_least", number=mean)
    if math.isnan(interval.low):
        return mean
    sign = "%" if is_share(outcome) and not is_gap(outcome) else ""
    ends = ends_text(outcome, interval.low, interval.high, language) + sign
    return text(language, "report.mean_interval", mean=mean, ends=ends)


def cell_text(outcome: str, interval: MeanInterval, language: str) -> str:
    """Return a mean with its interval as it stands in a table; a dash where there is none."""
    mean = mean_text(outcome, interval.mean, interval.n_not_reached, language)
    if math.isnan(interval.low):
        return mean
    ends = [difference_number(outcome, end, language) for end in (interval.low, interval.high)]
    return _unbroken(f"{mean} {text(language, 'number.interval', low=ends[0], high=ends[1])}")


def difference_cell(outcome: str, mean: float, low: float, high: float, language: str) -> str:
    """Return a signed difference with its interval as it stands in a table; a dash where there is none."""
    if math.isnan(mean):
        return MISSING
    shown = difference_number(outcome, mean, language, is_signed=True)
    if math.isnan(low):
        return shown
    ends = [difference_number(outcome, end, language) for end in (low, high)]
    return _unbroken(f"{shown} {text(language, 'number.interval', low=ends[0], high=ends[1])}")


def _unbroken(cell: str) -> str:
    """Return numbers that stay on one line."""
    return cell.replace(" ", "\N{NO-BREAK SPACE}")


def per_hundred(share: float, language: str) -> str:
    """Return a share as a number out of a hundred; what is not quite none or all is not called so."""
    if math.isnan(share):
        return MISSING
    if 0 < share < 0.005:
        return "<1"
    if 0.995 <= share < 1:
        return ">99"
    return number(100 * share, 0, language)


def reason_text(reason: str, language: str) -> str:
    """Return why a number is missing, in the language of the reader.

    Reasons are kept in English in the results; one that is not known stays as it is.
    """
    parts = []
    for part in reason.split("; "):
        said, bracket, counted = part.partition(" (")
        known = REASONS.get(said)
        shown = text(language, f"report.reason.{known}") if known else said
        if bracket and language != "en":
            counted = counted.replace(" of ", f" {text(language, 'report.of')} ")
            counted = counted.replace("worlds)", text(language, "report.worlds") + ")")
        parts.append(shown + bracket + counted)
    return "; ".join(parts)


def is_yes_or_no(outcome: str) -> bool:
    """Say whether an outcome is yes or no in each run."""
    return outcome in YES_OR_NO
