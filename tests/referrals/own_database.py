"""Databases of their own for scripts that run in processes of their own, on the engine of the tests."""

import json
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg2
from django.conf import settings


@contextmanager
def database_of_its_own(folder, like=""):
    """Its address: empty, or a copy of the one at `like`, which nobody may be using."""
    given = os.environ.get("DATABASE_URL", "")
    if not given.startswith("postgres"):
        file = folder / f"{uuid4().hex}.sqlite3"
        if like:
            shutil.copy(like.removeprefix("sqlite:///"), file)
        yield f"sqlite:///{file}"
        return
    name, source = f"own_{uuid4().hex}", Path(urlsplit(like).path).name or "template1"
    server = psycopg2.connect(urlunsplit(urlsplit(given)._replace(path="/postgres")))
    server.autocommit = True
    with server.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE {source}")
    try:
        yield urlunsplit(urlsplit(given)._replace(path=f"/{name}"))
    finally:
        with server.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
        server.close()


def run(module, database_url, *arguments, exit_codes=(0,), **env):
    """What it reports in its last line."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    done = subprocess.run(
        command,
        env={**os.environ, **env, "DATABASE_URL": database_url},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )
    assert done.returncode in exit_codes, f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"
    return json.loads(done.stdout.splitlines()[-1])


def migrate(database_url):
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(command, env={**os.environ, "DATABASE_URL": database_url}, cwd=settings.BASE_DIR, check=True)
