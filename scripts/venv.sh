#!/bin/sh
# Fill a virtual environment with exactly what a lock names, once per content of that lock.
# usage: scripts/venv.sh ENVIRONMENT LOCK [LARGER_LOCK]
# An environment that already holds LARGER_LOCK (LOCK and more) is left as it is.
set -eu

venv=$1 lock=$2 larger=${3:-}
python=${PYTHON:-python3}

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "Il faut Python 3.11 ou plus récent ; « $python » n’en est pas un." >&2
    echo "Un autre interpréteur se choisit ainsi : make run PYTHON=/chemin/de/python3" >&2
    exit 1
fi

# A digest, not a date: a fresh clone or a rebase gives new dates to the same content.
fingerprint() {
    "$python" -c '
import hashlib, pathlib, sys
content = pathlib.Path(sys.argv[1]).read_bytes() + sys.version.encode()
print(hashlib.sha256(content).hexdigest())' "$1"
}

wanted=$(fingerprint "$lock")
held=$(cat "$venv/.lock" 2>/dev/null || true)
if "$venv/bin/python" -c '' 2>/dev/null; then
    [ "$held" = "$wanted" ] && exit 0
    [ -n "$larger" ] && [ "$held" = "$(fingerprint "$larger")" ] && exit 0
fi

# Asking its version rather than its path: a shim may stand on PATH with nothing behind it. Where
# uv cannot reach the packages (its own view of certificates or mirrors), pip often can.
with_uv() {
    uv --version >/dev/null 2>&1 || return 1
    echo "Installation de $lock dans $venv (uv)…"
    uv venv --quiet --clear --python "$("$python" -c 'import sys; print(sys.executable)')" "$venv" &&
        uv pip sync --quiet --require-hashes --compile-bytecode --python "$venv/bin/python" "$lock"
}

with_pip() {
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        echo "Ce Python ne sait pas créer d’environnement. Sous Debian ou Ubuntu :" >&2
        echo "    apt-get install -y python3-venv" >&2
        exit 1
    fi
    echo "Installation de $lock dans $venv (pip, une vingtaine de secondes)…"
    "$python" -m venv --clear "$venv"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check \
        --require-hashes -r "$lock"
}

with_uv || with_pip
# An environment is never committed, whatever its name.
echo '*' >"$venv/.gitignore"
echo "$wanted" >"$venv/.lock"
