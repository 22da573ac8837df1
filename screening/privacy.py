"""The privacy class of every field about screenings and needs."""

from accounts.privacy import Fields, Privacy

FIELDS: Fields = {
    "Screening": {
        Privacy.SENSITIVE: "responses result interpreter interpreter_language",
        Privacy.WORDS: "void_reason helped_by goal_in_words correction_reason",
        Privacy.WORKING: "id service_user team definition definition_version form answered_by how on_paper_on "
        "status version goal_version scoring_version started_at started_by submitted_at submitted_by voided_at "
        "voided_by corrects corrected_at",
    },
    "Need": {
        Privacy.SENSITIVE: "code because decision",
        Privacy.WORDS: "decision_reason",
        Privacy.WORKING: "id screening service_user decided_at decided_by resolved_at resolved_by_screening "
        "raised_in_error carried_to ask_again_on",
    },
    "NeedDecision": {
        Privacy.SENSITIVE: "decision",
        Privacy.WORDS: "reason",
        Privacy.WORKING: "id need at by ask_again_on",
    },
    "RuleChoice": {
        Privacy.SENSITIVE: "rule chosen",
        Privacy.WORKING: "id screening at by",
    },
}
