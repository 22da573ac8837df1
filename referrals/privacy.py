"""The privacy class of every field about referrals, the support given, and messages."""

from accounts.privacy import Fields, Privacy

FIELDS: Fields = {
    "Referral": {
        Privacy.SENSITIVE: "needs kind adjustments urgent safeguarding warm_handover",
        Privacy.CONTACT: "preferred_channel fallback_channel",
        Privacy.WORDS: "asked_for goal shared",
        Privacy.WORKING: "id service_user referring_team offer provider provider_team previous status version "
        "action_with due_on clock clock_left consent named_worker kept_by expected_on created_at created_by "
        "sent_at acknowledged_at accepted_at first_contact_at started_at delivered_at ended_at",
    },
    "ReferralEvent": {
        Privacy.WORDS: "words evidence",
        Privacy.WORKING: "id referral step from_status to_status by role side happened_at recorded_at "
        "reason_code source link",
    },
    "Outcome": {
        Privacy.SENSITIVE: "outcome whose_word",
        Privacy.CONTACT: "heard_by",
        Privacy.WORDS: "words",
        Privacy.WORKING: "id referral recorded_at recorded_by",
    },
    "NeedOutcome": {
        Privacy.SENSITIVE: "outcome",
        Privacy.WORKING: "id referral need recorded_at recorded_by",
    },
    "Incident": {
        Privacy.SENSITIVE: "kind",
        Privacy.WORDS: "what done",
        Privacy.WORKING: "id service_user referral screening follow_up happened_on recorded_at recorded_by",
    },
    "ReasonCode": {
        Privacy.OPEN: "id organisation step code label needs_words ask next_action park_days silent hidden",
    },
    "MessageWords": {
        Privacy.OPEN: "id organisation template channel body state written_at in_force_at ended_at",
        Privacy.STAFF: "written_by in_force_by ended_by",
    },
    "SettingChange": {
        Privacy.OPEN: "id organisation area what number done before after at",
        Privacy.STAFF: "by",
    },
    "ContactAttempt": {
        Privacy.CONTACT: "channel result",
        Privacy.WORDS: "words",
        Privacy.WORKING: "id referral happened_at recorded_at recorded_by",
    },
    "Appointment": {
        Privacy.SENSITIVE: "where bring",
        Privacy.WORDS: "reason",
        Privacy.WORKING: "id referral starts_at minutes status version rearranged_from created_at created_by "
        "outcome_at outcome_by outcome_link",
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
        Privacy.WORDS: "what words details",
        Privacy.WORKING: "id key service_user referral team due_on opened_at done_at done_by result",
    },
    "GivenPlan": {
        Privacy.SENSITIVE: "form",
        Privacy.CONTACT: "how",
        Privacy.WORKING: "id service_user given_at given_by",
    },
    "Reminder": {
        Privacy.CONTACT: "channel reason",
        Privacy.WORKING: "id dedupe_key service_user referral appointment follow_up template status due_at "
        "useful_until queued_at claim claimed_until tries sent_on sent_at settled_at "
        "carrier asked_at",
    },
    "Mail": {
        Privacy.STAFF: "to",
        Privacy.SECRET: "subject body",
        Privacy.WORKING: "id key team referral secret while_open queued_at due_at useful_until claim "
        "claimed_until tries settled_at fate reason asked_at",
    },
    "HookEvent": {Privacy.WORKING: "id referral event kind at state action_with due_on for_provider"},
    "HookEndpoint": {
        Privacy.SECRET: "salt old_salt",
        Privacy.STAFF: "created_by",
        Privacy.WORKING: "id organisation url description kinds active version created_at old_until "
        "secret_shown_at resume_at failures failing_since switched_off_at",
    },
    "HookDelivery": {
        Privacy.WORKING: "id endpoint event referral created_at due_at claim claimed_until tries settled_at fate "
        "code took_ms result tried_at"
    },
    "Digest": {Privacy.STAFF: "id membership wanted looked_on"},
    "MailAttempt": {Privacy.WORKING: "id mail started_at ended_at result"},
    "Receipt": {Privacy.CONTACT: "said", Privacy.WORKING: "id reminder at heard_at how"},
    "LetterBatch": {
        Privacy.WORKING: "id organisation team code both_sides made_at made_by posted_on last_collection "
        "posted_at posted_by",
    },
    "BatchLetter": {
        Privacy.SENSITIVE: "large_print",
        Privacy.CONTACT: "to returned_reason reason",
        Privacy.WORDS: "body words",
        Privacy.WORKING: "id batch reminder place reference status settled_at settled_by returned_on",
    },
    "LetterPrint": {Privacy.WORKING: "id batch letter letters printed_at printed_by"},
    "CallAttempt": {
        Privacy.CONTACT: "how result",
        Privacy.WORDS: "words why_then",
        Privacy.WORKING: "id service_user team happened_at next_on next_part recorded_at recorded_by",
    },
    "CallTopic": {Privacy.WORKING: "id call follow_up contact told"},
    "Attempt": {Privacy.WORKING: "id reminder started_at ended_at result"},
    "PartnerLink": {
        Privacy.SECRET: "digest",
        Privacy.WORKING: "id referral sent_to made_at made_by expires_at opened_at seen_at stopped_at stopped_why "
        "stopped_by",
    },
    "PartnerCode": {Privacy.SECRET: "digest", Privacy.WORKING: "id link made_at tries used_at ended_at"},
    "PartnerTry": {Privacy.SECRET: "link", Privacy.STAFF: "address", Privacy.WORKING: "id what at answered_at"},
    "PartnerReference": {Privacy.WORKING: "id referral code word made_at"},
    "OutboxMessage": {
        Privacy.CONTACT: "channel to",
        Privacy.WORDS: "body",
        Privacy.WORKING: "id reference service_user accepted_at settled_as",
    },
}
