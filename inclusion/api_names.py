"""Names for the types that clients generate, where two fields share a list or two lists share a field's name.

Pure: where each list is, as text, since no model is there yet when the settings are read.
"""

ENUM_NAMES = {
    "ScreeningStatusEnum": "screening.models.Screening.Status",
    "ReferralStatusEnum": "referrals.states.STATUS_CHOICES",
    "HowScreenedEnum": "screening.models.Screening.How",
    "HowConsentedEnum": "people.models.Consent.How",
    "SupportKindEnum": "directory.kinds.TITLES",
    "StockKindEnum": "directory.models.Stock.Kind",
    "FollowUpKindEnum": "referrals.models.FollowUp.Kind",
    "ListingSourceEnum": "directory.models.SupportOffer.Source",
    "OfferEndedReasonEnum": "directory.models.SupportOffer.Withdrawn",
    "UnmetReasonEnum": "directory.models.UnmetNeed.Reason",
    "PauseReasonEnum": "people.models.ServiceUser.PauseReason",
    "ContactChannelEnum": ["app", "call", "email", "in_person", "letter", "text", "via"],
    "ReferralChannelEnum": ["app", "call", "email", "in_person", "letter", "referrer", "text", "via"],
    "HowReachedEnum": "referrals.models.CallAttempt.How",
    "CallResultEnum": "referrals.models.CallAttempt.Result",
    "ContactResultEnum": "referrals.models.ContactAttempt.Result",
    "LetterNotPostedReasonEnum": "referrals.post.reasons.REASONS",
    "LetterReturnedReasonEnum": "referrals.models.BatchLetter.Returned",
    "SaidYesOrNoEnum": "people.groups.YES_OR_NO",
    "IncidentKindEnum": "referrals.models.Incident.Kind",
    "WebhookKindEnum": "referrals.webhooks.kinds.KINDS",
}
