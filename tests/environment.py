"""What the settings need before anything is imported; loaded first, by `-p` in pyproject.toml."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("SECRET_KEY", "only for tests: nothing that it signs outlives them")
os.environ.setdefault("HTTPS", "0")
os.environ.setdefault("VAR_DIR", tempfile.mkdtemp(prefix="inclusion-tests-"))
os.environ["DEMO_MODE"] = "0"
for name in [name for name in os.environ if name.startswith("NOTIFY_")]:
    del os.environ[name]  # a developer's own key must not send anything from a test
# Emptying every table between two tests is slower than anything that a page may do.
os.environ.setdefault("DATABASE_PATIENCE_MS", "60000")
Path(os.environ["VAR_DIR"], "static").mkdir(exist_ok=True)  # WhiteNoise warns, and warnings are errors
