"""The privacy class of every field of the directory; all but unmet needs is about organisations."""

from accounts.privacy import Fields, Privacy

FIELDS: Fields = {
    "ProviderProfile": {Privacy.OPEN: "id organisation phone email website description"},
    "Location": {Privacy.OPEN: "id organisation name address postcode step_free hearing_support sight_support"},
    "SupportOffer": {
        Privacy.OPEN: "id version provider team location name description kinds formats serves remote at_home "
        "languages schedule cost min_age max_age low_income_only benefits_only capacity wait_days warm_handover "
        "accepts_referrals verified_on withdrawn_at"
    },
    "UnmetNeed": {
        Privacy.SENSITIVE: "kind reason",
        Privacy.WORDS: "words",
        Privacy.CONTACT: "area",
        Privacy.WORKING: "id need team recorded_on recorded_at recorded_by",
    },
}
