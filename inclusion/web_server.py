"""How gunicorn serves the pages: `gunicorn -c python:inclusion.web_server`, which `manage.py serve` runs."""

import gc
import os
from typing import Any

from inclusion import environment
from inclusion.supervisor import die_with_parent

CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

wsgi_app = "inclusion.wsgi"
# Two processes a core. Threads, since a browser holds connections open that would each block a plain worker.
worker_class = "gthread"
workers = environment.whole_number("WEB_CONCURRENCY", min(2 * CORES, 8), low=1, high=64)
threads = 4
# A worker is renewed now and then, not all at the same moment, so that a leak never adds up.
max_requests = 2000
max_requests_jitter = 500
timeout = 60
graceful_timeout = 4  # less than the supervisor's patience
# Addresses of pages can name a person's record: no access log.
accesslog = None
errorlog = "-"
loglevel = "warning"
# Loaded once and shared by all workers.
preload_app = True
# By default gunicorn listens for commands on a socket in the home folder, shared by all that run there.
control_socket_disable = True


def when_ready(server: Any) -> None:
    """Load the URL map, and so the views, before workers are forked: nobody's first page waits for it."""
    from django.urls import get_resolver  # not before the application is set up

    _ = get_resolver().url_patterns
    gc.freeze()


def post_fork(server: Any, worker: Any) -> None:
    die_with_parent(server.pid)
