"""How a session's user is read: with the memberships held, since every page asks for both."""

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import Membership, User


class StaffBackend(AuthenticationBackend):
    def get_user(self, user_id: object) -> User | None:
        held = list(Membership.objects.held_by(user_id))
        if not held:
            return super().get_user(user_id)
        user = held[0].user
        for hat in held:
            hat.user = user
        user.hats = held
        return user
