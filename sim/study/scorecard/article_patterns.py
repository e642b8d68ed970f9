"""The claims of the five source articles that name a direction; rows are those of ``docs/sources.md``."""

from __future__ import annotations

from sim.study.scorecard.claims import Pattern
from sim.study.scorecard.statistic import difference, excess, gains_compared, level, ratio

# What counts as no difference: a percentage point of staff (or of belonging, knowledge), 0.05 of a correlation. The
# age groups are small, so a difference between them counts from two points on; of runs that stay alive, from five.
POINT = 0.01
AGE_POINTS = 0.02
CORRELATION = 0.05
ALIVE_POINTS = 0.05
# Of a ratio a twentieth; of people read in a month half a person.
TWENTIETH = 0.05
HALF_A_PERSON = 0.5

_0 = "article 0, on Treem, Dailey & Pierce 2013"
_1 = "article 1, on Treem, Dailey, Pierce & Leonardi 2015"
_2 = "article 2, a talk by R. Jansen"
_3 = "article 3, a round table of Microsoft and Achmea"
_4 = "article 4, on kinds of network"

PATTERNS: tuple[Pattern, ...] = (
    Pattern(
        "0.1-posters", "articles", _0,
        "Presented as a way to work together, the platform gets more people to post than presented as like Facebook.",
        "Gepresenteerd als manier om samen te werken krijgt het platform meer schrijvers dan als een soort Facebook.",
        difference("monthly_posters", "collaboration", "like-facebook"), "more", POINT,
        "The two shipped launches, equally clear, that differ in the framing and in nothing else.",
        "partly",
        "Mechanisms pull both ways (unease and knowledge against familiarity and fun); see the framing page.",
    ),
    Pattern(
        "0.1-readers", "articles", _0,
        "Presented as a way to work together, the platform gets more readers than presented as like Facebook.",
        "Gepresenteerd als manier om samen te werken krijgt het platform meer lezers dan als een soort Facebook.",
        difference("monthly_readers", "collaboration", "like-facebook"), "more", POINT,
        "As 0.1-posters; reading and posting are two decisions.",
        "partly",
        "Mechanisms pull both ways (unease and knowledge against familiarity and fun); see the framing page.",
    ),
    Pattern(
        "0.2-natives", "articles", _0,
        "Digital natives do not embrace it by themselves: those under 25 do not post more than the others.",
        "Digitale inboorlingen omarmen het niet vanzelf: wie jonger is dan 25 schrijft niet vaker dan de rest.",
        level("age_gap", "baseline", "`age_gap` (25 and over minus under 25): baseline"), "at least", AGE_POINTS,
        "The usual launch in the usual organization; nothing is done for any age.",
        "no",
        "The young have more experience, which makes posting easier and social posts fitting; unease keeps people "
        "from reading only.",
    ),
    Pattern(
        "0.2-alike", "articles", _0,
        "The generation that enters hardly differs from those before it in how many post.",
        "De generatie die binnenkomt verschilt nauwelijks van de eerdere in hoeveel er schrijven.",
        level("age_gap", "baseline", "`age_gap` (25 and over minus under 25): baseline"), "alike", AGE_POINTS,
        "As 0.2-natives; hardly: within two points of the staff in an age group.",
        "no",
        "Differences in experience, tenure and boundaries add up to a difference by age.",
    ),
    Pattern(
        "0.2-champions", "articles", _0,
        "Choosing digital natives as champions does no better than choosing the best connected.",
        "Digitale inboorlingen als voortrekkers kiezen werkt niet beter dan wie de meeste contacten heeft.",
        difference("monthly_posters", "champions-central", "champions-digital-natives"), "at least", POINT,
        "The two shipped scenarios, with as many champions; only the choice differs.",
        "no",
        "Young champions have as many contacts as others of their team, so their example is seen as well.",
    ),
    Pattern(
        "0.4", "articles", _0,
        "Shown what it can do for them, more of the young post.",
        "Als men laat zien wat zij eraan hebben, schrijven meer jongeren.",
        difference("young_posters", "shown what for", "shown nothing"), "more", AGE_POINTS,
        "A clear message, a campaign of a quarter that reaches three in five a week, and training for three in five, "
        "against no campaign, no training and no message; the same mix of meanings.",
        "direction",
        "A clear mixed message replaces the frame that people bring by one that draws no better.",
    ),
    Pattern(
        "0.5", "articles", _0 + ", a comment",
        "Where people trust each other, more of them post.",
        "Waar mensen elkaar vertrouwen, schrijven er meer.",
        difference("monthly_posters", "baseline", "low-trust"), "more", POINT,
        "The baseline and the same launch with little trust.",
        "direction",
    ),
    Pattern(
        "0.5-answers", "articles", _0 + ", a comment",
        "Where people trust each other, more questions are answered.",
        "Waar mensen elkaar vertrouwen, worden meer vragen beantwoord.",
        difference("answer_rate", "baseline", "low-trust"), "more", POINT,
        "As 0.5; worlds in which nobody asks are left out.",
        "direction",
        "Most questions find somebody who answers with or without trust, so that there is little left to raise.",
    ),
    Pattern(
        "0.6", "articles", _0 + ", a comment",
        "Where contributing counts in the appraisal, more people post.",
        "Waar bijdragen meetelt in de beoordeling, schrijven meer mensen.",
        difference("monthly_posters", "appraisal-rewards", "baseline"), "more", POINT,
        "The comment complains that it does not count, so: counting against not counting.",
        "direction",
    ),
    Pattern(
        "1.3-intention", "articles", _1,
        "A willingness stated before the launch goes with use after it.",
        "Wie vooraf zegt het te willen gebruiken, gebruikt het naderhand meer.",
        level("intention_use_correlation", "baseline", "`intention_use_correlation`: baseline", unit="correlation"),
        "more", CORRELATION,
        "The usual launch; the study asked the same people before and after.",
        "partly",
        "Willingness is to come of one's own accord; how much somebody writes hangs mostly on a lasting inclination to "
        "write, which has nothing to do with that to come.",
    ),
    Pattern(
        "1.3-before", "articles", _1,
        "Before the launch those under 25 are less willing to use it than the others.",
        "Vóór de lancering willen jongeren onder de 25 het minder graag gebruiken dan de anderen.",
        level("intention_gap", "baseline", "`intention_gap` (25 and over minus under 25): baseline"), "more", POINT,
        "The usual launch, at the announcement.",
        "no",
        "Willingness is the chance of coming of one's own accord within a month. Unease about something social makes "
        "the experienced less willing, what is familiar makes them more so, and in these worlds ease weighs several "
        "times as much beside usefulness as the literature gives it.",
    ),
    Pattern(
        "1.3-after", "articles", _1,
        "After the launch fewer of those under 25 use it than of the others.",
        "Na de lancering gebruiken minder jongeren onder de 25 het dan anderen.",
        level("age_gap", "baseline", "`age_gap` (25 and over minus under 25): baseline"), "more", AGE_POINTS,
        "The usual launch, after a year.",
        "no",
        "Experience works both ways: what is familiar costs less effort, which weighs much in worlds that agree with "
        "published use, and an unease about something social keeps away from reading. Over a year the two nearly "
        "cancel out.",
    ),
    Pattern(
        "1.4-before", "articles", _1,
        "The more experience with social media, the less willing to use it before the launch.",
        "Hoe meer ervaring met sociale media, hoe minder men het vooraf wil gebruiken.",
        level(
            "intention_by_experience", "baseline", "minus `intention_by_experience`: baseline",
            sign=-1.0, unit="correlation",
        ),
        "more", CORRELATION,
        "The usual launch, at the announcement; experience itself instead of age.",
        "no",
        "As 1.3-before: what is familiar about weighs up the unease.",
    ),
    Pattern(
        "1.4-after", "articles", _1,
        "The more experience with social media, the less people post after the launch.",
        "Hoe meer ervaring met sociale media, hoe minder men na de lancering schrijft.",
        level(
            "experience_gradient", "baseline", "minus `experience_gradient`: baseline", sign=-1.0, unit="correlation"
        ),
        "more", CORRELATION,
        "The usual launch, after a year.",
        "no",
        "As 1.3-after. Without frames, where only familiarity is left of the two, the experienced post slightly more.",
    ),
    Pattern(
        "1.5-young", "articles", _1,
        "The young take it for something social more than the others do.",
        "Jongeren zien het meer als iets sociaals dan de anderen.",
        level("social_frame_gap", "unframed", "`social_frame_gap`: unframed"), "more", POINT,
        "Nobody says what the platform is for, so that the frames which people bring are seen, at the announcement.",
        "partly",
        is_about_frames=True,
    ),
    Pattern(
        "1.5-old", "articles", _1,
        "The older take it for contacts, recognition and knowledge more than the young do.",
        "Ouderen zien het meer als netwerk, erkenning en kennis dan jongeren.",
        level("collaboration_frame_gap", "unframed", "`collaboration_frame_gap`: unframed"), "more", POINT,
        "As 1.5-young.",
        "no",
        "Experience with professional networks is the same at every age (no table says otherwise), while old "
        "intranets make the older see broadcast: what they see less of the social goes to broadcast, not to "
        "collaboration.",
        is_about_frames=True,
    ),
    Pattern(
        "1.6", "articles", _1,
        "Not likened to outside social media, the platform gets more people to post.",
        "Zonder vergelijking met sociale media van buiten krijgt het platform meer schrijvers.",
        difference("monthly_posters", "not likened", "likened"), "more", POINT,
        "One and the same mixed message, without and with the likeness; nothing else differs.",
        "partly",
        "Likeness brings familiarity and unease at once, and professional experience comes along with leisure. "
        "Worlds that agree with published use have much effort of reading, so that familiarity saves much; where it "
        "saves little or unease is strong the claim shows. Frames work for the claim, only not enough: without them "
        "likeness is further ahead.",
    ),
    Pattern(
        "1.7-use", "articles", _1,
        "With its goals stated clearly, the platform gets more people to post.",
        "Met duidelijke doelen krijgt het platform meer schrijvers.",
        difference("monthly_posters", "goals stated", "goals not stated"), "more", POINT,
        "One and the same goal (working together), stated clearly (0.9) or hardly (0.1).",
        "partly",
        "Unclear goals also let people bring what they know, which makes the platform easier.",
    ),
    Pattern(
        "1.7-projection", "articles", _1,
        "Where goals are not stated, people project the frames they have: those of young and old lie further apart.",
        "Waar doelen niet genoemd worden, projecteert men het beeld dat men had: jong en oud staan verder uit elkaar.",
        difference("social_frame_gap", "goals not stated", "goals stated"), "more", POINT,
        "As 1.7-use, at the announcement.",
        "direction",
        is_about_frames=True,
    ),
    Pattern(
        "1.8-imposed", "articles", _1,
        "Imposed on staff, it does not bring the success hoped for: once the order has ended fewer readers post.",
        "Opgelegd brengt het niet het gehoopte succes: als de opdracht voorbij is, schrijven er minder van de lezers.",
        difference("posters_per_reader", "baseline", "order ended"), "more", POINT,
        "The shipped mandate, lifted after half a year, against the same launch without it, half a year later: monthly "
        "posters for each monthly reader. An order brings people to look; the claim is about what they then do.",
        "partly",
        "An order leaves nothing behind but resistance while it lasts, and habits; the model has no memory of having "
        "been forced.",
        before="Monthly posters while the order lasts: does not hold. That an order brings people to look, of whom "
        "some post, is no success of the kind that the article means.",
    ),
    Pattern(
        "1.8-lasts", "articles", _1,
        "What an order brings does not last: once it has ended no more people post than where there was none.",
        "Wat een opdracht oplevert beklijft niet: als die voorbij is, schrijven er niet meer mensen dan zonder.",
        difference("monthly_posters", "baseline", "order ended"), "at least", POINT,
        "As 1.8-imposed, by all who post.",
        "no",
        "Habits and contacts made under the order stay after it.",
    ),
    Pattern(
        "1.8-patient", "articles", _1,
        "Introduced with patience, the platform gets more people to post than launched with a bang.",
        "Met geduld ingevoerd krijgt het platform meer schrijvers dan met een grote klap.",
        difference("monthly_posters", "patient", "big bang"), "more", POINT,
        "The two shipped scenarios, a year and a half after the first access: half a year after the last campaign of "
        "the patient one. They also differ in training and guidance, which is what patience is for.",
        "partly",
    ),
    Pattern(
        "2.5", "articles", _2,
        "As part of a wider change the platform gets more people to post than with the right message alone.",
        "Als deel van een bredere verandering krijgt het platform meer schrijvers dan met alleen de goede boodschap.",
        difference("monthly_posters", "change-program", "collaboration"), "more", POINT,
        "The shipped change program, against the collaboration launch that it builds on.",
        "direction",
    ),
    Pattern(
        "2.6-migration", "articles", _2,
        "Words matter: called a migration, the change gets fewer people to post than called an addition.",
        "Woorden doen ertoe: heet het een migratie, dan schrijven er minder dan als het een toevoeging heet.",
        difference("monthly_posters", "baseline", "called a migration"), "more", POINT,
        "The usual launch; only the word differs.",
        "direction",
    ),
    Pattern(
        "2.6-intervention", "articles", _2,
        "Words matter: called an intervention, the change gets fewer people to post than called an addition.",
        "Woorden doen ertoe: heet het een interventie, dan schrijven er minder dan als het een toevoeging heet.",
        difference("monthly_posters", "baseline", "called an intervention"), "more", POINT,
        "The usual launch; only the word differs.",
        "direction",
    ),
    Pattern(
        "3.1", "articles", _3,
        "Remote work lowers cohesion.",
        "Werken op afstand verlaagt de samenhang.",
        difference("cohesion", "hardly remote", "remote-first"), "more", POINT,
        "A tenth of staff working remotely at times against four fifths; the same platform.",
        "direction",
    ),
    Pattern(
        "3.1-newcomers", "articles", _3,
        "Remote work costs newcomers more than others: it slows the growth of their ties more.",
        "Werken op afstand kost nieuwkomers meer dan anderen: het remt de groei van hun banden sterker.",
        gains_compared(
            "tie_growth_newcomers", ("hardly remote", "remote-first"),
            "tie_growth_others", ("hardly remote", "remote-first"),
        ),
        "more", POINT,
        "What remote work takes from the belonging that a year more of casual contact would give: of newcomers (less "
        "than a year) minus of all others.",
        "direction",
        before="What remote work takes from all belonging: does not hold. Newcomers have had little to lose yet, so "
        "what they lack is growth.",
    ),
    Pattern(
        "3.2-cohesion", "articles", _3,
        "The platform gives remote staff extra connection.",
        "Het platform geeft wie op afstand werkt extra verbondenheid.",
        level("cohesion_gained", "remote-first", "`cohesion_gained`: remote-first"), "more", POINT,
        "Belonging of remote staff after a year against the day before the launch, in the remote-first organization.",
        "direction",
        "It goes the way of the claim, but is too small to matter. Belonging follows what one reads on the day "
        "itself, and in worlds that agree with published use most remote staff read on no day of a week; the mean is "
        "over all of them.",
    ),
    Pattern(
        "3.2-people", "articles", _3,
        "On the platform remote staff come to know of colleagues elsewhere: in a month they read several of them.",
        "Op het platform leert wie op afstand werkt collega's van elders kennen: per maand leest men er een paar.",
        level(
            "cross_department_authors", "remote-first", "`cross_department_authors`: remote-first, less one",
            bar=1.0, unit="people",
        ),
        "more", HALF_A_PERSON,
        "Different authors of other departments whom a reader reads in a month, in the remote-first organization; "
        "several: more than one.",
        "no",
        "Few write, or few of those who read do so often.",
    ),
    Pattern(
        "3.2-experts", "articles", _3,
        "The platform lets people find expertise.",
        "Het platform laat mensen deskundigheid vinden.",
        level("experts_gained", "baseline", "`experts_gained`: baseline"), "more", POINT,
        "Topics on which one knows an expert, after a year against before.",
        "direction",
    ),
    Pattern(
        "3.4", "articles", _3,
        "People meet who would never meet: in a month one reads more people of other departments than one knows there.",
        "Wie elkaar nooit zou treffen, treft elkaar: per maand leest men meer mensen van elders dan men er kent.",
        excess("cross_department_authors", "contacts_elsewhere", "baseline", unit="people"), "more", HALF_A_PERSON,
        "Different authors of other departments whom a reader reads in a month, against the contacts in other "
        "departments that people have anyway.",
        "no",
        "Few write: there are fewer authors to be read in a month than contacts to be had.",
        before="The share of items from other departments minus that of contacts there: holds. A share says nothing of "
        "how many people are met.",
    ),
    Pattern(
        "3.4-open", "articles", _3,
        "Open following brings together people of different departments more than contact requests do.",
        "Vrij volgen brengt mensen van verschillende afdelingen meer samen dan contactverzoeken.",
        ratio("cross_department_authors", "baseline", "approval-following"), "more", TWENTIETH,
        "The usual open platform against the same with contact requests: different authors of other departments whom "
        "a reader reads in a month.",
        "partly",
        "Under contact requests posts of contacts who did not accept do not come through the feed, and what is "
        "read instead comes from the communities, where other departments write.",
        before="The share of items read that come from other departments: does not hold. Under requests fewer items of "
        "any kind are read, so that the share has a smaller denominator.",
    ),
    Pattern(
        "3.5", "articles", _3,
        "Without restrictive rules more people post than with strict ones.",
        "Zonder beperkende regels schrijven meer mensen dan met strenge.",
        difference("monthly_posters", "no-rules", "strict-rules"), "more", POINT,
        "The two shipped scenarios; guidance stays as it is. Also the claim that restriction, of all rules, deters.",
        "direction",
    ),
    Pattern(
        "3.5-late", "articles", _3,
        "Use falls when rules arrive.",
        "Het gebruik daalt wanneer er regels komen.",
        difference("monthly_posters", "no-rules", "rules-arrive-late"), "more", POINT,
        "Equal for half a year, then restricted for half a year.",
        "direction",
    ),
    Pattern(
        "3.6", "articles", _3,
        "Linked to documents and workflows, the platform holds more shared knowledge.",
        "Gekoppeld aan documenten en werkprocessen bevat het platform meer gedeelde kennis.",
        difference("knowledge", "integrated-tools", "baseline"), "more", POINT,
        "The shipped scenario against the baseline.",
        "direction",
    ),
    Pattern(
        "4.1", "articles", _4,
        "Networks that ask for permission differ from open following in how many post.",
        "Netwerken met toestemming verschillen van vrij volgen in hoeveel er schrijven.",
        difference("monthly_posters", "baseline", "approval-following"), "differ", POINT,
        "The article says that they differ, not which way, so either side will do.",
        "partly",
        "Fewer see a post and fewer contacts seem active, but the manager looks on less often, too.",
    ),
    Pattern(
        "4.2", "articles", _4,
        "Where everybody can look on, guidance on who sees what gets more people to post.",
        "Waar iedereen meekijkt, schrijven meer mensen als duidelijk is wie wat ziet.",
        difference("monthly_posters", "clear-guidance", "baseline"), "more", POINT,
        "The shipped scenario against the baseline. Also the claim that guidance, of all rules, helps.",
        "direction",
    ),
    Pattern(
        "4.3", "articles", _4,
        "Where leaders take part, more people post than where they only announce.",
        "Waar leiders meedoen, schrijven meer mensen dan waar zij alleen aankondigen.",
        difference("monthly_posters", "leaders-post", "leaders-announce-only"), "more", POINT,
        "The two shipped scenarios.",
        "partly",
    ),
    Pattern(
        "4.3-decides", "articles", _4,
        "Leaders decide between success and failure: more platforms stay alive where they take part.",
        "Leiders beslissen over slagen of mislukken: waar zij meedoen blijven meer platforms in leven.",
        difference("alive", "leaders-post", "leaders-announce-only"), "more", ALIVE_POINTS,
        "As 4.3, by the share of worlds in which the platform is alive after a year.",
        "partly",
        "Whether a platform lives depends on how readily people read and write at all more than on leaders.",
    ),
    Pattern(
        "4.4", "articles", _4,
        "Where teams manage themselves, more people post than where management is in control.",
        "Waar teams zichzelf sturen, schrijven meer mensen dan waar de leiding de touwtjes in handen houdt.",
        difference("monthly_posters", "self-managing", "in control"), "more", POINT,
        "Few restrictions, no moderation and much trust against the opposite; reporting lines cannot be set.",
        "direction",
    ),
    Pattern(
        "4.5", "articles", _4,
        "Where an organization is not ready, patience gets more people to post than a bang.",
        "Waar een organisatie er niet klaar voor is, levert geduld meer schrijvers op dan een grote klap.",
        difference("monthly_posters", "patient, low trust", "big bang, low trust"), "more", POINT,
        "As 1.8-patient, with little trust: the readiness that the model has.",
        "partly",
        "Patience works through messages and training. Where nobody trusts, messages are not believed.",
    ),
)  # fmt: skip
