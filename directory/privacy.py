"""The privacy class of every field of the directory; all but unmet needs is about organisations."""

from accounts.privacy import Fields, Privacy

FIELDS: Fields = {
    "Feed": {
        Privacy.OPEN: "id organisation name url",
        Privacy.WORKING: "is_active last_tried_at last_read_at last_result created_at",
        Privacy.STAFF: "created_by",
    },
    "FeedReading": {
        Privacy.WORKING: "id feed stage file_name next_page troubles leased_until may_end_many started_at "
        "ended_at why_failed",
        Privacy.STAFF: "started_by",
    },
    "FeedService": {
        Privacy.OPEN: "id reading place external_id name received is_repeat was_cleaned tries fate offer",
    },
    "Sheet": {
        Privacy.OPEN: "rows",
        Privacy.WORKING: "id file_name uploaded_at applied_at result",
        Privacy.STAFF: "uploaded_by",
    },
    "FeedQuirk": {Privacy.OPEN: "id service path code value"},
    "ProviderProfile": {Privacy.OPEN: "id organisation phone email website description kept_by feed external_id"},
    "Location": {
        Privacy.OPEN: "id organisation name address postcode latitude longitude step_free hearing_support "
        "sight_support feed external_id extra"
    },
    "SupportOffer": {
        Privacy.OPEN: "id version provider team name description kinds formats location serves remote at_home "
        "schedule times min_age max_age low_income_only benefits_only needs_diagnosis languages cost "
        "warm_handover goes_along capacity wait_days usual_wait_days usual_wait_of usual_wait_on "
        "accepts_referrals contact_name contact_phone contact_email listed_on verified_on source feed "
        "external_id extra set_here withdrawn_at withdrawn_reason withdrawn_words goes_on",
        Privacy.STAFF: "verified_by withdrawn_by",
    },
    "OfferChange": {
        Privacy.OPEN: "id offer what fields version source at",
        Privacy.STAFF: "by",
    },
    "Stock": {Privacy.OPEN: "id offer kind on_shelf reserved handed_over lost"},
    "StockMovement": {
        Privacy.WORKING: "id stock step quantity ends_on reference words at",
        Privacy.STAFF: "by",
    },
    "UnmetNeed": {
        Privacy.SENSITIVE: "kind reason",
        Privacy.WORDS: "words",
        Privacy.CONTACT: "area",
        Privacy.WORKING: "id need team recorded_on recorded_at recorded_by",
    },
}
