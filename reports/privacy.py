"""The privacy class of every field behind the reports."""

from accounts.privacy import Fields, Privacy

FIELDS: Fields = {
    "Count": {Privacy.SENSITIVE: "code n", Privacy.OPEN: "id edition scope day"},
    "Counted": {Privacy.SENSITIVE: "facts", Privacy.WORKING: "person team"},
    "Mark": {Privacy.WORKING: "id person at"},
    "Edition": {
        Privacy.OPEN: "number state definitions began_at finished_at turns people",
        Privacy.WORKING: "reached",
    },
    "Check": {Privacy.OPEN: "id at people differences triggers_missing"},
    "SavedView": {
        Privacy.OPEN: "id organisation name page span team is_shared saved_at",
        Privacy.STAFF: "saved_by",
    },
    "Restated": {Privacy.OPEN: "id scope month at"},
}
