from django.apps import AppConfig


class ScreeningConfig(AppConfig):
    name = "screening"

    def ready(self) -> None:
        """Every definition is read and checked at start: a broken one stops it, with the place and the reason."""
        from screening.questionnaire import load_all

        load_all()
