"""The privacy class of every field about the service users themselves."""

from accounts.privacy import Fields, Privacy

FIELDS: Fields = {
    "ServiceUser": {
        Privacy.IDENTIFIES: "name preferred_name pronouns date_of_birth nhs_number local_number search_name",
        Privacy.CONTACT: "phone email address postcode no_fixed_address care_of",
        Privacy.SENSITIVE: "interpreter_language pause_reason",
        Privacy.WORDS: "communication_needs",
        Privacy.WORKING: "id organisation team version on_caseload_since left_caseload_on paused_at paused_by "
        "pause_review_on merged_into created_at created_by",
    },
    "FairnessAnswers": {
        Privacy.SENSITIVE: "gender gender_since_birth ethnic_group main_language disability diagnosis_group "
        "living_situation deprivation_quintile",
        Privacy.WORKING: "id service_user version recorded_at recorded_by",
    },
    "ContactPlan": {
        Privacy.CONTACT: "allowed voicemail hours_from hours_to weekdays preferred fallback may_name_service "
        "via_person",
        Privacy.SENSITIVE: "answered automatic automatic_reason",
        Privacy.WORDS: "reason",
        Privacy.WORKING: "id service_user number source source_id made_at made_by",
    },
    "Consent": {
        Privacy.SENSITIVE: "choice provider how",
        Privacy.WORDS: "withdrawn_how",
        Privacy.WORKING: "id service_user wording given_at recorded_by expires_on withdrawn_at withdrawn_by",
    },
    "Merge": {
        Privacy.IDENTIFIES: "facts",
        Privacy.WORDS: "reason undo_reason",
        Privacy.SENSITIVE: "moved",
        Privacy.WORKING: "id kept other made_at made_by undone_at undone_by",
    },
}
