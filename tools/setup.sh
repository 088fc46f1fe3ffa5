#!/usr/bin/env bash
# Make .venv with the locked packages and the command .venv/bin/zhipo.
# Usage: tools/setup.sh        PYTHON=/path/to/python3 chooses the interpreter.
set -euo pipefail
cd "$(dirname "$0")/.."

is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
    local name
    for name in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
        if command -v "$name" >/dev/null && is_new_enough "$name"; then
            echo "$name"
            return
        fi
    done
    echo "zhipo needs Python 3.11 or newer, and found none: install it," \
        "or name one with PYTHON=/path/to/python3 make setup." >&2
    exit 1
}

if [ ! -x .venv/bin/python ] || ! is_new_enough .venv/bin/python; then
    python=$(find_python)
    "$python" -m venv --clear .venv || {
        echo "$python cannot make environments: install its venv package" \
            "(Debian, Ubuntu: apt-get install python3-venv)." >&2
        exit 1
    }
fi

pip=(.venv/bin/python -m pip --disable-pip-version-check -qq)
"${pip[@]}" install --requirement requirements.lock
# The builder is in the lock file: no second download, the same one everywhere.
"${pip[@]}" install --no-deps --no-build-isolation --editable .
touch .venv/ready
echo "Ready: .venv/bin/zhipo --help"
