"""Makes the data ready for the service to start: tables, static files, and in demo mode the made-up people."""

import os
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand

from inclusion import starting

NEVER_SERVED = ["redoc", "rest_framework"]
"""Packages' pages that this service does not have; compressing their files would double the first start."""


def signature_of_static_files() -> str:
    """Changes when a static file of ours or of a package does."""
    files = [storage.path(path) for finder in get_finders() for path, storage in finder.list([])]
    seen = [(path, os.stat(path)) for path in sorted(files)]
    return "\n".join(f"{path} {stat.st_size} {stat.st_mtime_ns}" for path, stat in seen)


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        starting.check_database()
        starting.check_redis()
        with starting.one_at_a_time():
            call_command("migrate", verbosity=0, interactive=False)
            self.collect_static()
            if settings.DEMO_MODE:
                call_command("seed_demo", if_empty=True)

    def collect_static(self) -> None:
        stamp = settings.STATIC_ROOT / ".collected"
        signature = signature_of_static_files()
        if stamp.exists() and stamp.read_text() == signature:
            return
        self.stdout.write("Collecting the static files")
        call_command("collectstatic", verbosity=0, interactive=False, clear=True, ignore_patterns=NEVER_SERVED)
        stamp.write_text(signature)
