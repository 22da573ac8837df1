"""The house itself: imports point one way, pure modules stay pure, every field has a privacy class."""

import ast
import importlib
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.urls import get_resolver

from accounts.privacy import classified

ROOT = Path(__file__).resolve().parent.parent
APPS = ["accounts", "people", "screening", "directory", "referrals", "reports"]  # low to high
PURE = [
    "accounts/errors.py",
    "accounts/permissions.py",
    "accounts/privacy.py",
    "accounts/wording.py",
    "accounts/spreadsheets.py",
    "people/identifiers.py",
    "people/safe_contact.py",
    "people/same_person.py",
    "people/names.py",
    "people/consenting.py",
    "screening/questionnaire.py",
    "screening/scoring.py",
    "screening/progress.py",
    "screening/reading.py",
    "screening/responses.py",
    "screening/settled.py",
    "screening/translation.py",
    "screening/words.py",
    "directory/matching.py",
    "directory/opening.py",
    "directory/places.py",
    "directory/stock_steps.py",
    "referrals/lifecycle.py",
    "referrals/followup.py",
    "referrals/support_steps.py",
    "referrals/documentation.py",
    "referrals/giving_away.py",
    "referrals/printing/plan.py",
    "people/contact_plan.py",
    "people/groups.py",
    "directory/kinds.py",
    "directory/openreferral/reading.py",
    "directory/openreferral/writing.py",
    "directory/openreferral/documents.py",
    "directory/openreferral/asking.py",
    "directory/spreadsheet/columns.py",
    "directory/spreadsheet/files.py",
    "reports/periods.py",
    "reports/disclosure.py",
    "reports/behind.py",
    "reports/documentation.py",
    "reports/facts.py",
    "reports/indicators/__init__.py",
    "reports/intervals.py",
    "reports/tallies.py",
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
    """But for what Django itself has no other place for: what must stand once `migrate` is done."""
    after_migrating = "from django.db.models.signals import post_migrate"
    for path in (path for app in [*APPS, "inclusion"] for path in (ROOT / app).rglob("*.py")):
        told = [line for line in path.read_text().splitlines() if "django.db.models.signals" in line]
        assert set(told) <= {after_migrating}, path


STAFF = {"accounts.User", "accounts.Team", "accounts.Membership", "accounts.Organisation"}
ABOUT_ORGANISATIONS = {"ProviderProfile", "Location", "ReasonCode"}


@pytest.mark.parametrize("model", OWN_MODELS, ids=lambda model: model._meta.label)
def test_deleting_staff_or_teams_never_takes_a_record_with_it(model):
    if model._meta.app_label == "accounts" or model.__name__ in ABOUT_ORGANISATIONS:
        return
    for field in model._meta.fields:
        if field.remote_field and field.related_model._meta.label in STAFF:
            assert field.remote_field.on_delete in {models.PROTECT, models.SET_NULL}, field


LINK = re.compile(r"""\{%\s*url\s+['"]([\w:-]+)['"]""")


def missing_routes(html):
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    for space, (_, resolver) in get_resolver().namespace_dict.items():
        names |= {f"{space}:{name}" for name in resolver.reverse_dict if isinstance(name, str)}
    return [name for name in LINK.findall(html) if name not in names]


@pytest.mark.parametrize("path", sorted((ROOT / "templates").rglob("*.html")), ids=lambda path: path.name)
def test_a_template_links_to_nothing_that_is_not_there(path):
    """Also where `as` would swallow it: a link that is silently left out is a page that nobody can reach."""
    assert not missing_routes(path.read_text())


def test_a_link_to_nowhere_is_noticed():
    assert missing_routes("{% url 'people:detail' pk %}{% url 'people:nowhere' pk as url %}") == ["people:nowhere"]
