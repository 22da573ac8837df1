"""The shares: each with a numerator, a denominator, and where it applies those of whom it cannot be said."""

from accounts.wording import gettext_lazy as _
from reports.indicator import Indicator, Page
from reports.indicators import acting, caseload, onwards, questions, reviewing, suggesting

HEADLINES = (
    Indicator(
        "coverage",
        _("Screened in the last year"),
        _(
            "People aged 18 and over on the caseload on the last day of the month, for 28 days "
            "or more, with a whole screening (in full or the short form) in the 365 days before. "
            "Of all people on that caseload; nobody is taken off it because a screening does not suit them "
            "right now. Not known: people whose date of birth is not recorded."
        ),
        Page.REACH,
        caseload.coverage,
        standing=True,
        headline=True,
        top=True,
    ),
    Indicator(
        "acted_on",
        _("Acted on in 14 days"),
        _(
            "People with a high level in any theme who agreed to something, or said “not now”, "
            "within 14 days of that screening. Of all such people whose 14 days were up this "
            "month."
        ),
        Page.ACTING,
        acting.acted_on,
        by_quarter=True,
        headline=True,
        top=True,
    ),
    Indicator(
        "acknowledged",
        _("Acknowledged in 14 days"),
        _(
            "Referrals that the provider acknowledged within 14 days of sending. Of all whose 14 "
            "days were up this month."
        ),
        Page.REFERRALS,
        onwards.acknowledged,
        headline=True,
        top=True,
    ),
    Indicator(
        "started",
        _("Started in 6 weeks"),
        _(
            "Referrals where the person was reached, both ways, within 42 days of sending. Of "
            "all whose 42 days were up this month. A voicemail or a letter alone is not a "
            "contact."
        ),
        Page.REFERRALS,
        onwards.started,
        headline=True,
        top=True,
    ),
    Indicator(
        "closed_with_word",
        _("Closed with the person’s own word"),
        _(
            "Referrals closed this month, and not reopened since, where the outcome is the "
            "person’s own word. Of all that were closed so."
        ),
        Page.OUTCOMES,
        onwards.closed_with_word,
        headline=True,
    ),
    Indicator(
        "needs_resolved",
        _("Needs resolved at 12 weeks"),
        _(
            "Needs that the last screening 70 to 112 days later had asked about and no longer "
            "raised. Of all needs first raised whose 112 days were up this month, and that were "
            "asked about again in that time. Not known: those that were not asked about again."
        ),
        Page.OUTCOMES,
        acting.needs_resolved,
        headline=True,
        top=True,
    ),
)

OF_SCREENINGS = (
    Indicator(
        "completeness",
        _("Questions answered"),
        _(
            "Questions that were answered, or whose answer followed from others. Of all questions that applied, "
            "in the whole screenings of the last 365 days of the people on the caseload. Questions asked only "
            "because of the answer before are left out."
        ),
        Page.REACH,
        questions.completeness,
        standing=True,
        top=True,
        per_person=25,
    ),
    Indicator(
        "contact_safety",
        _("Asked about safe contact"),
        _(
            "People whose latest whole screening of the last 365 days has an answer about whether contact is "
            "private and safe. Of all people of the caseload with such a screening. For the whole organisation "
            "only."
        ),
        Page.REACH,
        questions.contact_safety,
        standing=True,
        whole_only=True,
        top=True,
    ),
    Indicator(
        "reachable_offline",
        _("Can be reached without going online"),
        _(
            "People whose contact plan allows a call, a letter, a meeting or somebody they trust. Of all people "
            "of the caseload whose latest whole screening of the last 365 days says that they are hard to reach "
            "online."
        ),
        Page.REACH,
        caseload.reachable_offline,
        standing=True,
    ),
    Indicator(
        "drop_off",
        _("Screenings not finished in 7 days"),
        _(
            "Screenings that were not submitted within 7 days of being started. Of all started whose 7 days were "
            "up this month. Corrections, and what was recorded in error or thrown away, are left out."
        ),
        Page.REACH,
        questions.drop_off,
    ),
    Indicator(
        "declined",
        _("Suggestions declined"),
        _(
            "Suggestions where the person declined everything that they were for, as it stands now. Of all that "
            "screenings and reviews of this month suggested, also for later or on hold. Why is written down in "
            "words alone, so it is not counted. A team is not shown what private questions raise."
        ),
        Page.ACTING,
        suggesting.declined,
    ),
)

OF_REFERRALS = (
    Indicator(
        "loop_closed",
        _("Ended with an outcome in 12 weeks"),
        _(
            "Referrals that within 84 days of sending were closed with an outcome, withdrawn by the person, or "
            "cancelled or rerouted with a reason, and not reopened since. Of all whose 84 days were up this "
            "month."
        ),
        Page.REFERRALS,
        onwards.loop_closed,
        top=True,
    ),
    Indicator(
        "warm_handover",
        _("Warm handover given"),
        _(
            "Referrals with a first contact both ways within 42 days of sending, and a note of who was there "
            "when the work began. Of all that were to have a warm handover and whose 42 days were up this month."
        ),
        Page.REFERRALS,
        onwards.warm_handover,
    ),
    Indicator(
        "started_with_handover",
        _("Started in 6 weeks, with a warm handover"),
        _(
            "Referrals where the person was reached, both ways, within 42 days of sending. Of all that were to "
            "have a warm handover and whose 42 days were up this month."
        ),
        Page.REFERRALS,
        onwards.started_with_handover,
    ),
    Indicator(
        "started_without_handover",
        _("Started in 6 weeks, without one"),
        _(
            "Referrals where the person was reached, both ways, within 42 days of sending. Of all that were to "
            "have no warm handover and whose 42 days were up this month."
        ),
        Page.REFERRALS,
        onwards.started_without_handover,
    ),
)

_REVIEWS = _(
    "Reviews done in their time: somebody spoke with the person, or asked the questions of a review. Of all whose "
    "time ended this month. Left out: reviews whose place another screening took."
)
OF_REVIEWS = (
    Indicator(
        "follow_up_4",
        _("Reviewed at 4 weeks (day 21 to 42)"),
        _REVIEWS,
        Page.OUTCOMES,
        reviewing.follow_up_done(4),
    ),
    Indicator(
        "follow_up_12",
        _("Reviewed at 12 weeks (day 70 to 112)"),
        _REVIEWS,
        Page.OUTCOMES,
        reviewing.follow_up_done(12),
    ),
    Indicator(
        "follow_up_26",
        _("Reviewed at 26 weeks (day 154 to 224)"),
        _REVIEWS,
        Page.OUTCOMES,
        reviewing.follow_up_done(26),
    ),
    Indicator(
        "goal_reached",
        _("Goal reached, in full or in part"),
        _(
            "12-week reviews of this month in which the person says that their goal was reached, or partly. Of "
            "all in which they rated a goal. Not known: reviews of people who had named a goal before, and did "
            "not rate it."
        ),
        Page.OUTCOMES,
        reviewing.goal_reached,
    ),
    Indicator(
        "access_lasting",
        _("Access that lasts 26 weeks"),
        _(
            "26-week reviews of this month of people who had been given a device or SIM, where it still works and "
            "they can afford it without hardship. Of all such reviews that tell. Not known: reviews that do not."
        ),
        Page.OUTCOMES,
        reviewing.access_lasting,
    ),
)

RATES = (*HEADLINES, *OF_SCREENINGS, *OF_REFERRALS, *OF_REVIEWS)
