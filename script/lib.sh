# Sourced by the other scripts: goes to the project's folder and finds a Python that is new enough.

cd "$(dirname "$0")/.."

python=""
for candidate in python3 python3.13 python3.12 python3.11; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    echo "Python 3.11 or newer is needed; this machine has $(python3 --version 2>/dev/null || echo none)." >&2
    exit 1
fi
