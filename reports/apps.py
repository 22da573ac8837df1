from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        post_migrate.connect(_after_migrating, sender=self)


def _after_migrating(using: str, **_: object) -> None:
    """Not a model's signal: Django's own place for what must stand once the tables do."""
    from reports import counting, triggers

    if "reports_edition" in connections[using].introspection.table_names():  # not when migrated back to nothing
        triggers.install(using)
        counting.begin()
