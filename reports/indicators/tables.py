"""Counts by row: a level, a need, a state, a number of days."""

from accounts.wording import gettext_lazy as _
from reports.indicator import Indicator, Page, Shape
from reports.indicators import acting, caseload, funnel, harm, onwards, questions, reviewing, suggesting

OF_SCREENINGS = (
    Indicator(
        "levels",
        _("How much each theme weighs"),
        _(
            "People by the level of this theme in their latest whole screening, if it is of the last 365 days. "
            "“At least some” and “Not known” mean that questions were left open: never “no need”."
        ),
        Page.NEEDS,
        caseload.levels,
        Shape.MIXES,
        standing=True,
        top=True,
    ),
    Indicator(
        "status",
        _("Where people stand"),
        _("People by the overall status in their latest whole screening, if it is of the last 365 days."),
        Page.NEEDS,
        caseload.statuses,
        Shape.MIX,
        standing=True,
        top=True,
    ),
    Indicator(
        "needs",
        _("What people need"),
        _("People with each need in their latest whole screening, if it is of the last 365 days."),
        Page.NEEDS,
        caseload.needs,
        Shape.MIX,
        standing=True,
    ),
    Indicator(
        "gaps",
        _("Why questions have no answer"),
        _(
            "People by why a question that applied has no answer in their latest whole screening, if it is of the "
            "last 365 days. Somebody counts once for each reason that there was."
        ),
        Page.REACH,
        questions.gaps,
        Shape.MIX,
        standing=True,
        top=True,
    ),
    Indicator(
        "minutes",
        _("How long a screening takes"),
        _(
            "Minutes from start to submission of the whole screenings of this month. Left out: those typed in "
            "from paper, and those that were left open for more than a day."
        ),
        Page.REACH,
        questions.minutes,
        Shape.MINUTES,
    ),
    Indicator(
        "decisions",
        _("What people said to suggestions"),
        _(
            "Suggestions of the screenings and reviews of this month by what was decided, as it stands now. A "
            "team is not shown what private questions raise."
        ),
        Page.ACTING,
        suggesting.decisions,
        Shape.MIX,
    ),
    Indicator(
        "declined_by_rule",
        _("Suggestions declined, by what they are for"),
        _("The same share for the suggestions of each rule. A team is not shown what private questions raise."),
        Page.ACTING,
        suggesting.declined_by_rule,
        Shape.RATES,
    ),
)

OF_REFERRALS = (
    Indicator(
        "states",
        _("Where referrals are"),
        _(
            "Referrals by the state that they were in at the end of the month. What was entered "
            "in error is left out."
        ),
        Page.REFERRALS,
        onwards.states,
        Shape.MIX,
        standing=True,
    ),
    Indicator(
        "waits",
        _("How long people waited"),
        _(
            "Days from sending a referral to the first contact both ways, of referrals sent in "
            "the 90 days up to the end of the month. Those not reached are counted "
            "beside them, and are not in the days."
        ),
        Page.REFERRALS,
        onwards.waits,
        Shape.WAITS,
        standing=True,
        top=True,
    ),
    Indicator(
        "loop_outcomes",
        _("How referrals ended in 12 weeks"),
        _("Referrals whose 84 days were up this month, by how they had ended by then and why."),
        Page.REFERRALS,
        onwards.loop_outcomes,
        Shape.PAIRS,
        top=True,
    ),
    Indicator(
        "unmet",
        _("What was missing locally"),
        _(
            "Agreed needs for which nothing fitted, by kind of support and why, as recorded this "
            "month; a need that was recorded twice for the same reason counts once."
        ),
        Page.MISSING,
        acting.unmet,
        Shape.PAIRS,
        by_quarter=True,
        top=True,
    ),
    Indicator(
        "unmet_area",
        _("Where it was missing"),
        _(
            "The same needs by the district where the person lives, the first half of the postcode, and the kind "
            "of support."
        ),
        Page.MISSING,
        acting.unmet_by_area,
        Shape.PAIRS,
        by_quarter=True,
        top=True,
    ),
    Indicator(
        "unmet_format",
        _("In which format it was missing"),
        _(
            "The same needs where there was help, but none in the format asked for: by kind of support and each "
            "way in which the person likes to learn."
        ),
        Page.MISSING,
        acting.unmet_by_format,
        Shape.PAIRS,
        by_quarter=True,
        top=True,
    ),
)

OF_WHAT_CAME = (
    Indicator(
        "follow_up_results",
        _("What came of reviews"),
        _(
            "Reviews whose time ended this month, by what came of them. Left out: reviews whose place another "
            "screening took."
        ),
        Page.OUTCOMES,
        reviewing.follow_up_results,
        Shape.MIXES,
    ),
    Indicator(
        "change",
        _("Change at 12 weeks"),
        _(
            "12-week reviews of this month by how their answer compares with the last whole screening before. Not "
            "known: no answer in one of the two, or no screening before. Who was not reviewed is in none of them."
        ),
        Page.OUTCOMES,
        reviewing.change,
        Shape.MIXES,
    ),
    Indicator(
        "against_plan",
        _("Messages sent against a contact plan"),
        _(
            "Messages to people that were handed over this month although the contact plan of that moment did not "
            "allow that way or that hour. There should be none. For the whole organisation only."
        ),
        Page.REACH,
        harm.against_plan,
        Shape.MIX,
        whole_only=True,
        top=True,
    ),
    Indicator(
        "incidents",
        _("Harm and incidents"),
        _(
            "What went wrong for people along the way, by kind and by the day that it happened, or else was "
            "recorded. For the whole organisation only."
        ),
        Page.OUTCOMES,
        harm.incidents,
        Shape.MIX,
        whole_only=True,
    ),
    Indicator(
        "funnel",
        _("From screening to outcome"),
        _(
            "People with a whole screening this month, and how far they have come by now: those of them who "
            "agreed to something, were then referred before their next screening, and so on. Each is a part of "
            "the one before. The last: a need that the review after 70 to 112 days no longer raised."
        ),
        Page.OUTCOMES,
        funnel.funnel,
        Shape.FUNNEL,
        by_quarter=True,
    ),
)

TABLES = (*OF_SCREENINGS, *OF_REFERRALS, *OF_WHAT_CAME)
