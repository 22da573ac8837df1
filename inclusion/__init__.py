"""The roof: wiring, and the pages and chores that span apps."""

from django.utils import translation

from accounts import wording

wording.use(translation)  # before anything that has words in it

from inclusion.celery import app as celery_app  # noqa: E402

__all__ = ("celery_app",)
