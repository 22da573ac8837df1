"""Celery as clock and hands: what runs, and how often, as one readable table."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "inclusion.settings")

app = Celery("inclusion")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# Every task here may be missed, late or run twice: each looks at rows that are due, and claims them one by one.
app.conf.beat_schedule = {
    "the scheduler is alive": {"task": "accounts.tasks.beat", "schedule": 20.0},
    "queue what is due": {"task": "referrals.tasks.queue_due", "schedule": 60.0},
    "send what is queued": {"task": "referrals.tasks.send_queued", "schedule": 30.0},
    "clocks that ran out": {"task": "referrals.tasks.run_clocks", "schedule": 300.0},
}
