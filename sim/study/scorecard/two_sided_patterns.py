"""Claims of the theory that something cuts both ways: rules of different kinds, leaders, familiarity."""

from __future__ import annotations

from sim.study.scorecard.article_patterns import POINT
from sim.study.scorecard.claims import Pattern
from sim.study.scorecard.statistic import difference, gains_compared

_RULES = "theory of the model: rules differ in kind (with 3.5 and 4.2)"
_LEADERS = "theory of the model: leaders are double-edged (with 4.2 and 4.3)"
_LIKENESS = "theory of the model: framing has two sides (with 0.1 and 1.6)"

PATTERNS: tuple[Pattern, ...] = (
    Pattern(
        "rules-work-only", "two sides", _RULES,
        "Banning leisure talk removes a reason to come: fewer people read.",
        "Een verbod op vrijetijdspraat neemt een reden weg om te komen: minder mensen lezen.",
        difference("monthly_readers", "baseline", "work-only"), "more", POINT,
        "The shipped ban against the baseline. That restriction deters is row 3.5, that guidance helps row 4.2.",
        "direction",
        "Social talk is a small part of what there is to read, and a feed without it has more room for work.",
    ),
    Pattern(
        "leaders-invite", "two sides", _LEADERS,
        "Leaders who take part invite: of staff with much trust, more post.",
        "Leiders die meedoen nodigen uit: van de medewerkers met veel vertrouwen schrijven er meer.",
        difference("high_trust_posters", "leaders take part", "leaders stay away"), "more", POINT,
        "Only participation differs; the third of staff with the most trust, who have least to fear.",
        "direction",
    ),
    Pattern(
        "leaders-stakes", "two sides", _LEADERS,
        "Leaders in the audience raise the stakes: staff with little trust gain less by their taking part.",
        "Leiders in het publiek maken het spannender: wie weinig vertrouwen heeft wint er minder bij.",
        gains_compared(
            "high_trust_posters", ("leaders take part", "leaders stay away"),
            "low_trust_posters", ("leaders take part", "leaders stay away"),
        ),
        "more", POINT,
        "The gain of the third with the most trust minus that of the third with the least.",
        "partly",
        "Managers read whether or not they are expected to post, so that the boss looks on either way; what their "
        "taking part adds is mostly example.",
    ),
    Pattern(
        "leaders-deter", "two sides", _LEADERS,
        "Where trust is low and the platform looks personal, leaders who take part deter: fewer staff post.",
        "Waar weinig vertrouwen is en het platform persoonlijk lijkt, schrikken leiders die meedoen af.",
        difference("low_trust_posters", "leaders stay away, low trust", "leaders take part, low trust"), "more", POINT,
        "The least trusting third of staff in an organization of little trust, with the like-facebook launch.",
        "no",
        "Example and support invite more than the boss in the audience deters, even here: managers look on anyway, and "
        "few of them do what they are asked to where the platform looks social.",
    ),
    Pattern(
        "likeness-familiar", "two sides", _LIKENESS,
        "Likeness to Facebook helps by familiarity: without it fewer would read.",
        "Gelijkenis met Facebook helpt door vertrouwdheid: zonder die zouden minder mensen lezen.",
        difference("monthly_readers", "like-facebook", "like-facebook, nothing familiar"), "more", POINT,
        "The like-facebook launch with the relief of effort that familiarity gives, and without.",
        "direction",
    ),
    Pattern(
        "likeness-unease", "two sides", _LIKENESS,
        "Likeness to Facebook hurts by unease: if something social were fine at work, more would read.",
        "Gelijkenis met Facebook schaadt door ongemak: was iets sociaals op het werk gepast, dan lazen er meer.",
        difference("monthly_readers", "like-facebook, no unease", "like-facebook"), "more", POINT,
        "The like-facebook launch without and with the sense that it is not for work.",
        "direction",
    ),
    Pattern(
        "likeness-net", "two sides", _LIKENESS,
        "Under like-facebook unease outweighs familiarity: without both, more would read.",
        "Bij een soort Facebook weegt het ongemak zwaarder dan de vertrouwdheid: zonder beide lazen er meer.",
        difference("monthly_readers", "like-facebook, neither", "like-facebook"), "more", POINT,
        "The like-facebook launch without either of the two, against both. The theory leaves the sign open; the "
        "articles (0.1, 1.6) bet on unease.",
        "no",
        "Where much effort is saved and few mind something social at work, familiarity wins.",
    ),
)  # fmt: skip
