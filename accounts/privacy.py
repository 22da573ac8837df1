"""The privacy class of every stored field, app by app: what erasure, subject access and exports go by.

Pure. Each app's `privacy.py` holds FIELDS: model name → class → names of fields, parted by spaces. A field
without a class, or with two, fails the build (tests/test_architecture.py).
"""

from enum import StrEnum


class Privacy(StrEnum):
    IDENTIFIES = "identifies"
    """Says who a service user is."""
    CONTACT = "contact"
    """Reaches a service user."""
    SENSITIVE = "sensitive"
    """Says something about a service user's health, life or wishes: special category."""
    WORDS = "words"
    """Free text about a service user: may hold anything of the above."""
    STAFF = "staff"
    """About someone who signs in."""
    SECRET = "secret"  # noqa: S105 - the name of a class of fields, not a secret
    """Lets somebody in: never shown, exported or logged."""
    WORKING = "working"
    """How the work goes: states, times, links. Says nothing by itself once the person is erased."""
    OPEN = "open"
    """About organisations and offers: may be published."""


Fields = dict[str, dict[Privacy, str]]


def classified(fields: Fields, model: str) -> list[str]:
    """Names of the model's classified fields, repeats kept so that a test can find them."""
    return [name for names in fields.get(model, {}).values() for name in names.split()]


FIELDS: Fields = {
    "User": {
        Privacy.STAFF: "id email name is_active created_at last_login",
        Privacy.SECRET: "password",
    },
    "Organisation": {Privacy.OPEN: "id name kind phone sender_name clocks"},
    "Team": {Privacy.OPEN: "id organisation name phone"},
    "Membership": {Privacy.STAFF: "id user team role is_lead started_at ended_at"},
    "ApiToken": {
        Privacy.STAFF: "id membership name created_at expires_at last_used_at revoked_at",
        Privacy.SECRET: "digest",
    },
    "AuditEvent": {
        Privacy.STAFF: "id at organisation actor membership action",
        Privacy.WORKING: "subject_type subject_id details",
    },
    "IdempotencyKey": {
        Privacy.STAFF: "id membership key fingerprint status created_at",
        Privacy.WORDS: "body",
    },
    "Heartbeat": {Privacy.WORKING: "name at"},
    "SetAside": {Privacy.WORKING: "id what key organisation reason error tries first_at last_at next_at"},
}
