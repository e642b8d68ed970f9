"""Published orderings, at plausible worlds; ``tests/known_answers`` has them as limiting cases of the same engine."""

from __future__ import annotations

from sim.study.scorecard.article_patterns import POINT
from sim.study.scorecard.claims import Pattern, Range
from sim.study.scorecard.statistic import (
    above_the_better,
    change_within,
    difference,
    gains_compared,
    level,
    ratio,
    where,
)

NEARLY_ALL = 0.9  # "near-universal" use, as a share of staff
LEFT = 0.5  # users have stopped again where less than this share of their peak is left
TENTH = 0.1

_FOOTE = "Foote, Treem, van den Hooff & Honcoop 2024"
_REN = "Ren & Kraut 2014"
_MARKUS = "Markus 1987"
_OLIVER = "Oliver & Marwell 1985"
_FULK = "Fulk 1993"
_SAENZ = "Sáenz-Royo, Gracia-Lázaro & Moreno 2015"

PATTERNS: tuple[Pattern, ...] = (
    Pattern(
        "8-mixture", "literature", _FOOTE,
        "A mixture of connective and communal motives is adopted at least as much as either motive alone.",
        "Een mengsel van verbindende en gemeenschappelijke motieven wordt minstens zo veel opgepakt als elk apart.",
        above_the_better("adoption", "baseline", ("connective only", "communal only")), "at least", POINT,
        "Each motive as strong as it is in a world, or absent. The two pulls have no common currency, so a mixture "
        "of halves would compare apples and pears.",
        "direction",
    ),
    Pattern(
        "8-decay", "literature", _FOOTE,
        "Faster decay of information lowers use: fewer people read.",
        "Hoe sneller informatie veroudert, hoe minder mensen het platform gebruiken.",
        difference("monthly_readers", "knowledge lasts", "knowledge fades"), "more", POINT,
        "The slowest and the fastest decay that are plausible; monthly readers, who come for what there is to find.",
        "direction",
        "It goes the way of the claim, but may be too small to matter: most come for other reasons than stored "
        "knowledge. A part of its pull is expected before anything is seen, and work posts not read yet, which pull in "
        "the same way, make up for some that has faded.",
        before="Whoever has ever posted (`adoption`): does not hold. That count can only grow, whatever decays.",
    ),
    Pattern(
        "9-attention", "literature", _REN,
        "The benefit of reading falls beyond about 40 items a day.",
        "Meer lezen levert boven zo'n 40 berichten per dag minder op.",
        gains_compared(
            "monthly_readers", ("40 items a day", "10 items a day"),
            "monthly_readers", ("160 items a day", "40 items a day"),
        ),
        "more", POINT,
        "Readers gained by attention for 30 items more, minus those gained by 120 items more on top; feeds that "
        "hold 160. Where fewer than ten items are found on a day of reading, with attention for 160, nobody is near "
        "any of these limits, and the claim is outside the range of the model.",
        "partly",
        "Few people in an organization of this size ever find as many as 40 items, or even 10, in a day, so that "
        "nothing is gained or lost by reading more of them. Without peer influence attention for more than ten gains "
        "a little and for more than 40 nothing, as claimed; why peers hide it we do not know.",
        reaches=Range(
            "items_a_day", "160 items a day", 10.0,
            "on a day of reading a reader has to find ten items or more for a limit to bind",
            "op een dag van lezen moet een lezer tien berichten of meer vinden voordat een grens knelt",
        ),
    ),
    Pattern(
        "9-hiding", "literature", _REN,
        "Hiding off-topic items for all gives about as many posts as not hiding them (within a tenth).",
        "Berichten die niet ter zake doen voor iedereen verbergen geeft ongeveer evenveel berichten.",
        ratio("posts_per_employee_month", "off-topic hidden", "nothing hidden"), "alike", TENTH,
        "Moderation that keeps leisure talk out of the communities, without the cost of being looked over.",
        "no",
        "People who meet less leisure talk come to see the platform as something for work, and fewer feel that it "
        "is out of place there: more read, and more is posted. Without frames the number of posts stays as it was, as "
        "claimed.",
    ),
    Pattern(
        "10-stop", "literature", _MARKUS,
        "Below the critical mass early users stop again: less than half of the early readers are left.",
        "Onder de kritische massa haken de eerste gebruikers af: minder dan de helft van de eerste lezers blijft.",
        where(
            "alive", 0.0, "small start",
            change_within(
                "weekly_readers", "early_readers", "small start", LEFT,
                "half of `early_readers` minus `weekly_readers`: small start",
            ),
            "where the platform is not alive in the end",
        ),
        "more", POINT,
        "A campaign that reaches a tenth of staff a week and no champions, in the worlds where too few write.",
        "no",
        "There is no early peak to fall from. After a start this small most do not have the platform on their mind; "
        "they come upon it by and by, and after a year there are more readers than in the first quarter, even "
        "where too few write. Nor does reading hang on posts alone: news, habit and tools keep readers. The claim is "
        "about media that are worth only as much as others use them.",
    ),
    Pattern(
        "10-universal", "literature", _MARKUS,
        "Above the critical mass use becomes near-universal (nine in ten read).",
        "Boven de kritische massa gebruikt bijna iedereen het (negen op de tien lezen).",
        where(
            "alive", 1.0, "large start",
            level("monthly_readers", "large start", "`monthly_readers` minus 90%: large start", bar=NEARLY_ALL),
            "where the platform is alive in the end",
        ),
        "more", POINT,
        "A campaign that reaches four in five a week and one champion in twenty, in the worlds where it lives.",
        "no",
        "People differ, and an intranet is no telephone: enough can write for a platform to live while many find "
        "nothing there for them, or have never had it on their mind. The calibrated worlds are no test of this: they "
        "were chosen by published use, which is 61% to 85% readers where a platform does well, and never nine in ten.",
    ),
    Pattern(
        "10-returns", "literature", _OLIVER,
        "With increasing returns the start decides where use ends up, with decreasing returns it does not.",
        "Bij toenemende meeropbrengst beslist de start waar het gebruik eindigt, bij afnemende niet.",
        gains_compared(
            "monthly_posters", ("increasing returns, pushed", "increasing returns"),
            "monthly_posters", ("decreasing returns, pushed", "decreasing returns"),
        ),
        "more", POINT,
        "What is left, ten months on, of a reward for contributing in the first eight weeks; at either end of the "
        "plausible shape of peer influence.",
        "no",
        "A share of active contacts well below one is made smaller by the exponent of increasing returns and larger "
        "by that of decreasing ones, so that peers push less with increasing returns and less is left of the reward. "
        "Two humps need a push of peers far stronger than the plausible ones, as in the limiting case of the tests.",
    ),
    Pattern(
        "11", "literature", _FULK,
        "With the same peers, the more people are drawn to their group, the more their attitudes converge within it.",
        "Met dezelfde collega's groeien houdingen binnen de groep meer naar elkaar toe als de groep sterker trekt.",
        difference("team_spread", "no attraction", "strong attraction"), "more", POINT,
        "Items of the own team weigh as much as others, or three times as much; frames within teams after a year.",
        "partly",
        "Little of what people read comes from their own team, and only those who read learn: their frames move away "
        "from those of colleagues who do not, and the more so the more an item weighs. That pulls teams apart as much "
        "as it draws readers together; where frames are alike to begin with (without outside experience) teams come "
        "to lie further apart.",
        is_about_frames=True,
    ),
    Pattern(
        "12-mixed", "literature", _SAENZ,
        "Well-mixed organizations adopt more than strongly modular ones.",
        "Goed gemengde organisaties nemen meer over dan sterk verzuilde.",
        difference("adoption", "well mixed", "modular"), "more", POINT,
        "As many contacts beyond the team (8), three quarters of them in other departments or one in sixteen.",
        "no",
        "Contacts carry example and word of mouth. Where the launch makes most people look by itself, nothing has to "
        "spread from module to module; and a close department gives its members more active contacts.",
    ),
    Pattern(
        "12-conformity", "literature", _SAENZ,
        "Conformity to a majority that does not take part lowers adoption.",
        "Aanpassing aan een meerderheid die niet meedoet verlaagt de adoptie.",
        difference("adoption", "no conformity", "strong conformity"), "more", POINT,
        "No conformity against the strongest that is plausible.",
        "direction",
    ),
)  # fmt: skip
