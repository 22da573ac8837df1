"""What every answer tells the browser: nothing may be framed, cached, injected or sent elsewhere."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
ALWAYS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/account/login/", "/me/", "/no-such-page/", "/api/v1/", "/api/v1/service-users/"]
)
def test_every_answer_has_the_headers(as_ash, path):
    response = as_ash.get(path)

    for name, value in ALWAYS.items():
        assert value in response[name], name
    assert "camera=()" in response["Permissions-Policy"]
    assert "default-src 'none'" in response["Content-Security-Policy"]


@pytest.mark.django_db
def test_policy_allows_nothing_inline_and_nothing_from_elsewhere(as_ash):
    policy = as_ash.get("/me/")["Content-Security-Policy"]

    assert "unsafe" not in policy
    assert not re.search(r"https?:|\*|data:", policy)
    for directive in ("frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'", "object-src 'none'"):
        assert directive in policy


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/account/login/", "/me/", "/account/second-step/", "/account/password/change/"])
def test_pages_carry_nothing_inline(as_ash, path):
    page = as_ash.get(path).content.decode()

    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", page)
    assert not re.search(r"<script(?![^>]*\ssrc=)", page)


FIRST_PAGE_OVER_HTTPS = """
import json, django
django.setup()
from django.conf import settings
settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
from django.core.management import call_command
from django.test import Client
call_command("migrate", verbosity=0)
client = Client()
plain = client.get("/account/login/", headers={"host": "localhost"})
page = client.get("/account/login/", secure=True, headers={"host": "localhost"})
cookies = {name: {k: str(v) for k, v in morsel.items()} for name, morsel in page.cookies.items()}
print(json.dumps({"plain": [plain.status_code, plain.url], "headers": dict(page.headers), "cookies": cookies}))
"""


@pytest.fixture(scope="module")
def deployed(tmp_path_factory):
    """The first page as a deployment with HTTPS answers it: settings are read once, so in a process of its own."""
    var = tmp_path_factory.mktemp("var")
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "inclusion.settings",
        "HTTPS": "1",
        "DEMO_MODE": "0",
        "REDIS_URL": "",
        "VAR_DIR": str(var),
        "DATABASE_URL": f"sqlite:///{var / 'test.sqlite3'}",
    }
    done = subprocess.run(
        [sys.executable, "-c", FIRST_PAGE_OVER_HTTPS],
        cwd=ROOT,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def test_deployment_redirects_to_https(deployed):
    assert deployed["plain"] == [301, "https://localhost/account/login/"]


def test_deployment_sends_hsts_for_two_years_and_subdomains(deployed):
    assert deployed["headers"]["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains; preload"


def test_deployment_binds_its_cookies_to_the_host(deployed):
    assert deployed["cookies"], "the sign-in form needs its CSRF cookie"
    for name, cookie in deployed["cookies"].items():
        assert name.startswith("__Host-"), name
        assert cookie["secure"]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert cookie["path"] == "/"
        assert not cookie["domain"]
