"""Celery as clock and hands: what runs, and how often, as one readable table."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "inclusion.settings")

app = Celery("inclusion")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

HOURS = 3600.0

# Every task here may be missed, late or run twice: each looks at rows that are due, and claims them one by one.
# A call that no worker heard before the next one is forgotten, so that none pile up while no worker runs.
app.conf.beat_schedule = {
    name: {"task": task, "schedule": seconds, "options": {"expires": seconds}}
    for name, task, seconds in [
        ("the scheduler is alive", "accounts.tasks.beat", 20.0),
        ("queue what is due", "referrals.tasks.queue_due", 60.0),
        ("send what is queued", "referrals.tasks.send_queued", 30.0),
        ("mail to staff and providers", "referrals.tasks.send_mail", 30.0),
        ("events for other systems", "referrals.tasks.send_hooks", 30.0),
        ("morning email to staff", "referrals.tasks.write_digests", 60.0),
        ("codes for partner links", "referrals.tasks.answer_partners", 30.0),
        ("read other directories", "directory.tasks.read_feeds", 60.0),
        ("clocks that ran out", "referrals.tasks.run_clocks", 300.0),
        ("listings that nobody has confirmed", "directory.tasks.ask_about_listings", 6 * HOURS),
        ("letters printed and not posted", "referrals.tasks.chase_letters", HOURS),
        ("waits as they were", "referrals.tasks.work_out_waits", 6 * HOURS),
        ("count whoever changed", "reports.tasks.count_changed", 30.0),
        ("count everybody by new definitions", "reports.tasks.count_anew", 60.0),
        ("rows of months that are over", "reports.tasks.tidy", HOURS),
        ("whether figures are what records give", "reports.tasks.check_figures", HOURS),
        ("rows that came late to a record", "inclusion.tasks.gather_late", 300.0),
        ("set aside, and not there any more", "accounts.tasks.forget_gone", 6 * HOURS),
    ]
}
