"""The privacy class of every field about referrals, the support given, and messages."""

from accounts.privacy import Fields, Privacy

FIELDS: Fields = {
    "Referral": {
        Privacy.SENSITIVE: "needs kind adjustments urgent safeguarding warm_handover",
        Privacy.CONTACT: "preferred_channel fallback_channel",
        Privacy.WORDS: "asked_for goal shared",
        Privacy.WORKING: "id service_user referring_team offer provider provider_team previous status version "
        "action_with due_on clock clock_left consent named_worker expected_on created_at created_by sent_at "
        "acknowledged_at accepted_at first_contact_at started_at delivered_at ended_at",
    },
    "ReferralEvent": {
        Privacy.WORDS: "words evidence",
        Privacy.WORKING: "id referral step from_status to_status by role side happened_at recorded_at "
        "reason_code source",
    },
    "Outcome": {
        Privacy.SENSITIVE: "outcome whose_word",
        Privacy.WORDS: "words",
        Privacy.WORKING: "id referral recorded_at recorded_by",
    },
    "NeedOutcome": {
        Privacy.SENSITIVE: "outcome",
        Privacy.WORKING: "id referral need recorded_at recorded_by",
    },
    "ReasonCode": {Privacy.OPEN: "id organisation step code label needs_words next_action hidden"},
    "ContactAttempt": {
        Privacy.CONTACT: "channel result",
        Privacy.WORDS: "words",
        Privacy.WORKING: "id referral happened_at recorded_at recorded_by",
    },
    "Appointment": {
        Privacy.SENSITIVE: "where bring",
        Privacy.WORDS: "reason",
        Privacy.WORKING: "id referral starts_at minutes status version rearranged_from created_at created_by "
        "outcome_at outcome_by",
    },
    "Loan": {
        Privacy.SENSITIVE: "item label signed_or_witnessed",
        Privacy.WORKING: "id referral status version reserved_at reserved_by handed_over_on ends_on ended_on",
    },
    "CaseNote": {
        Privacy.WORDS: "text",
        Privacy.WORKING: "id referral corrects written_at written_by",
    },
    "FollowUp": {
        Privacy.SENSITIVE: "kind",
        Privacy.WORDS: "what words",
        Privacy.WORKING: "id key service_user referral team due_on opened_at done_at done_by result",
    },
    "Reminder": {
        Privacy.CONTACT: "channel reason",
        Privacy.WORKING: "id dedupe_key service_user referral appointment follow_up template status due_at "
        "useful_until queued_at claim claimed_until tries sent_on sent_at settled_at",
    },
    "Attempt": {Privacy.WORKING: "id reminder started_at ended_at result"},
    "OutboxMessage": {
        Privacy.CONTACT: "channel to",
        Privacy.WORDS: "body",
        Privacy.WORKING: "id reference service_user accepted_at settled_as",
    },
}
