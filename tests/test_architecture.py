"""The house itself: imports point one way, pure modules stay pure, every field has a privacy class."""

import ast
import importlib
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from accounts.privacy import classified

ROOT = Path(__file__).resolve().parent.parent
APPS = ["accounts", "people", "screening", "directory", "referrals", "reports"]  # low to high
PURE = [
    "accounts/errors.py",
    "accounts/permissions.py",
    "accounts/privacy.py",
    "people/identifiers.py",
    "people/safe_contact.py",
    "screening/questionnaire.py",
    "screening/scoring.py",
    "screening/progress.py",
    "screening/reading.py",
    "screening/responses.py",
    "screening/settled.py",
    "screening/words.py",
    "directory/matching.py",
    "directory/places.py",
    "referrals/lifecycle.py",
    "referrals/followup.py",
    "referrals/support_steps.py",
    "referrals/documentation.py",
    "people/contact_plan.py",
    "directory/kinds.py",
    "reports/periods.py",
    "reports/disclosure.py",
]


def imported_modules(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module


def imported_packages(path):
    return {module.split(".")[0] for module in imported_modules(path)}


@pytest.mark.parametrize("app", APPS)
def test_app_imports_only_apps_below_it(app):
    above = {*APPS[APPS.index(app) + 1 :], "inclusion"}
    for path in (ROOT / app).rglob("*.py"):
        assert not above & imported_packages(path), path


def own_imports(path):
    """Files of ours that a file imports, whether it names a module or something in it."""
    for module in imported_modules(path):
        if module.split(".")[0] in {*APPS, "inclusion"}:
            file = ROOT / (module.replace(".", "/") + ".py")
            yield file if file.exists() else ROOT / module.replace(".", "/") / "__init__.py"


def everything_under(path, seen):
    """`path` and all of ours that it imports, directly or not."""
    if path in seen:
        return seen
    seen.add(path)
    for other in own_imports(path):
        everything_under(other, seen)
    return seen


@pytest.mark.parametrize("module", PURE)
def test_pure_module_never_reaches_django(module):
    for path in everything_under(ROOT / module, set()):
        assert not {"django", "rest_framework", "celery"} & imported_packages(path), f"{module}, by {path}"


OWN_MODELS = [model for app in APPS for model in apps.get_app_config(app).get_models()]


@pytest.mark.parametrize("model", OWN_MODELS, ids=lambda model: model._meta.label)
def test_every_field_has_one_privacy_class(model):
    fields = importlib.import_module(f"{model._meta.app_label}.privacy").FIELDS
    stored = [field.name for field in (*model._meta.fields, *model._meta.many_to_many)]
    assert sorted(classified(fields, model.__name__)) == sorted(stored)


@pytest.mark.parametrize("app", APPS)
def test_no_privacy_class_for_a_model_that_is_gone(app):
    if not (ROOT / app / "privacy.py").exists():
        assert not list(apps.get_app_config(app).get_models())
        return
    named = set(importlib.import_module(f"{app}.privacy").FIELDS)
    assert named == {model.__name__ for model in apps.get_app_config(app).get_models()}


def test_no_signal_receivers_of_our_own():
    for path in (path for app in [*APPS, "inclusion"] for path in (ROOT / app).rglob("*.py")):
        assert "django.db.models.signals" not in set(imported_modules(path)), path


STAFF = {"accounts.User", "accounts.Team", "accounts.Membership", "accounts.Organisation"}
ABOUT_ORGANISATIONS = {"ProviderProfile", "Location", "ReasonCode"}


@pytest.mark.parametrize("model", OWN_MODELS, ids=lambda model: model._meta.label)
def test_deleting_staff_or_teams_never_takes_a_record_with_it(model):
    if model._meta.app_label == "accounts" or model.__name__ in ABOUT_ORGANISATIONS:
        return
    for field in model._meta.fields:
        if field.remote_field and field.related_model._meta.label in STAFF:
            assert field.remote_field.on_delete in {models.PROTECT, models.SET_NULL}, field
