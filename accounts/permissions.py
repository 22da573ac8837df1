"""Who may do what: roles, permissions and the one table between them.

Pure. A permission says what a role may do at all; which records it may do it to is a queryset's
`visible_to(membership)`.
"""

from enum import StrEnum, nonmember


class Role(StrEnum):
    CLINICIAN = "clinician"
    SUPPORT_WORKER = "support_worker"
    ADMIN = "admin"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()


class Permission(StrEnum):
    do_not_call_in_templates = nonmember(
        True
    )  # so that a template can name one: {% if hat|may:Permission.SCREEN %}

    SIGNED_IN = "signed_in"
    """Pages about oneself: any membership will do."""
    SEE_SERVICE_USERS = "see_service_users"
    EDIT_SERVICE_USERS = "edit_service_users"
    LOOSEN_CONTACT_PLAN = "loosen_contact_plan"
    SEE_SCREENINGS = "see_screenings"
    SCREEN = "screen"
    AGREE_NEEDS = "agree_needs"
    SEE_DIRECTORY = "see_directory"
    SEE_REFERRALS = "see_referrals"
    MAKE_REFERRALS = "make_referrals"
    WORK_REFERRALS = "work_referrals"
    CORRECT_REFERRALS = "correct_referrals"
    SEE_OUTBOX = "see_outbox"
    SEE_REPORTS = "see_reports"
    EXPORT_REPORTS = "export_reports"


_EVERYONE = {Permission.SIGNED_IN, Permission.SEE_DIRECTORY, Permission.SEE_REFERRALS}

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.CLINICIAN: frozenset(
        _EVERYONE
        | {
            Permission.SEE_SERVICE_USERS,
            Permission.EDIT_SERVICE_USERS,
            Permission.LOOSEN_CONTACT_PLAN,
            Permission.SEE_SCREENINGS,
            Permission.SCREEN,
            Permission.AGREE_NEEDS,
            Permission.MAKE_REFERRALS,
            Permission.SEE_OUTBOX,
        }
    ),
    Role.SUPPORT_WORKER: frozenset(_EVERYONE | {Permission.WORK_REFERRALS, Permission.SEE_OUTBOX}),
    Role.ADMIN: frozenset(
        _EVERYONE
        | {
            Permission.SEE_SERVICE_USERS,
            Permission.SEE_SCREENINGS,
            Permission.CORRECT_REFERRALS,
            Permission.SEE_OUTBOX,
            Permission.SEE_REPORTS,
            Permission.EXPORT_REPORTS,
        }
    ),
}


def may(role: str, permission: Permission) -> bool:
    """Default deny: a role or permission that the table does not name is refused."""
    return role in ROLE_PERMISSIONS and permission in ROLE_PERMISSIONS[Role(role)]


def roles_with(permission: Permission) -> list[Role]:
    return [role for role, held in ROLE_PERMISSIONS.items() if permission in held]
