"""The pages of signing in, under the names that allauth redirects to; what is not here does not exist.

No page signs anybody up, changes an email address or asks for a password by email: an admin does that.
"""

from django.urls import path, re_path

from accounts import sign_in

urlpatterns = [
    path("login/", sign_in.login, name="account_login"),
    path("logout/", sign_in.logout, name="account_logout"),
    path("inactive/", sign_in.inactive, name="account_inactive"),
    path("reauthenticate/", sign_in.reauthenticate, name="account_reauthenticate"),
    path("password/change/", sign_in.change_password, name="account_change_password"),
    path("password/chosen/", sign_in.password_chosen, name="account_reset_password_from_key_done"),
    re_path(
        r"^password/choose/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        sign_in.choose_password,
        name="account_reset_password_from_key",
    ),
    path("second-step/", sign_in.second_steps, name="mfa_index"),
    path("second-step/code/", sign_in.give_code, name="mfa_authenticate"),
    path("second-step/code-again/", sign_in.give_code_again, name="mfa_reauthenticate"),
    path("second-step/app/", sign_in.activate_totp, name="mfa_activate_totp"),
    path("second-step/app/remove/", sign_in.deactivate_totp, name="mfa_deactivate_totp"),
    path("second-step/recovery-codes/", sign_in.view_codes, name="mfa_view_recovery_codes"),
    path("second-step/recovery-codes/new/", sign_in.make_codes, name="mfa_generate_recovery_codes"),
]
