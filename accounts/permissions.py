"""Who may do what: roles, permissions and the one table between them.

Pure. A permission says what a role may do at all; which records it may do it to is a queryset's
`visible_to(membership)`.
"""

from enum import StrEnum, nonmember

from accounts.wording import gettext_lazy as _


class Role(StrEnum):
    CLINICIAN = "clinician"
    SUPPORT_WORKER = "support_worker"
    ADMIN = "admin"

    @property
    def label(self) -> str:
        return ROLES[self]


ROLES = {
    Role.CLINICIAN: _("Clinician"),
    Role.SUPPORT_WORKER: _("Support worker"),
    Role.ADMIN: _("Admin"),
}


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
    PRINT_PLANS = "print_plans"
    SEE_DIRECTORY = "see_directory"
    EDIT_OFFERS = "edit_offers"
    EXCHANGE_DIRECTORY = "exchange_directory"
    """Read other directories and spreadsheets into this one, and take it away as one."""
    SEE_REFERRALS = "see_referrals"
    MAKE_REFERRALS = "make_referrals"
    WORK_REFERRALS = "work_referrals"
    CORRECT_REFERRALS = "correct_referrals"
    SEE_OUTBOX = "see_outbox"
    HAND_OVER_WORK = "hand_over_work"
    """End a colleague's membership, and give what they looked after to others."""
    SEE_MAIL = "see_mail"
    """E-mail to staff and providers, and what became of it."""
    CONNECT_SYSTEMS = "connect_systems"
    """Where events go: webhooks of the own organisation's systems."""
    SEE_REPORTS = "see_reports"
    EXPORT_REPORTS = "export_reports"
    SEE_SYSTEM = "see_system"
    """How the machinery does, and what it set aside: try that again."""
    SET_UP_ORGANISATION = "set_up_organisation"
    """How one's own organisation works: the words of its messages, its reasons, its clocks."""


_EVERYONE = {Permission.SIGNED_IN, Permission.SEE_DIRECTORY, Permission.SEE_REFERRALS}

LEAD_PERMISSIONS = frozenset({Permission.HAND_OVER_WORK})
"""What a team lead may besides, in their own team, whatever their role."""

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
            Permission.PRINT_PLANS,
            Permission.MAKE_REFERRALS,
            Permission.SEE_OUTBOX,
        }
    ),
    Role.SUPPORT_WORKER: frozenset(
        _EVERYONE | {Permission.EDIT_OFFERS, Permission.WORK_REFERRALS, Permission.SEE_OUTBOX}
    ),
    Role.ADMIN: frozenset(
        _EVERYONE
        | {
            Permission.SEE_SERVICE_USERS,
            Permission.SEE_SCREENINGS,
            Permission.HAND_OVER_WORK,
            Permission.CORRECT_REFERRALS,
            Permission.EDIT_OFFERS,
            Permission.EXCHANGE_DIRECTORY,
            Permission.SEE_OUTBOX,
            Permission.SEE_MAIL,
            Permission.CONNECT_SYSTEMS,
            Permission.SEE_REPORTS,
            Permission.EXPORT_REPORTS,
            Permission.SEE_SYSTEM,
            Permission.SET_UP_ORGANISATION,
        }
    ),
}


def may(role: str, permission: Permission) -> bool:
    """Default deny: a role or permission that the table does not name is refused."""
    return role in ROLE_PERMISSIONS and permission in ROLE_PERMISSIONS[Role(role)]


def roles_with(permission: Permission) -> list[Role]:
    return [role for role, held in ROLE_PERMISSIONS.items() if permission in held]
