from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import api_schema  # noqa: F401 - drf-spectacular finds what is imported
