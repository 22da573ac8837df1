"""The roof: wiring, and the pages and chores that span apps."""

from inclusion.celery import app as celery_app

__all__ = ("celery_app",)
