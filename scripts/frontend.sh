#!/bin/sh
# Copy the pinned front-end asset to static/vendor, named by its content.
# usage: scripts/frontend.sh [tests]     (tests: also the accessibility checker)
# Pages work without it, so a machine without npm, or offline, gets one line and goes on.
set -eu

python=.venv/bin/python
kind=${1:-run}

digest() {
    "$python" -c 'import hashlib, pathlib, sys
print(hashlib.sha256(pathlib.Path(sys.argv[1]).read_bytes()).hexdigest())' "$1"
}

wanted=$(digest package-lock.json)
case $(cat node_modules/.lock 2>/dev/null || true) in
"$wanted $kind" | "$wanted tests") ;;
*)
    [ "$kind" = tests ] && omit= || omit=--omit=dev
    if ! command -v npm >/dev/null 2>&1; then
        echo "npm est absent : le portail tourne sans htmx, toutes ses pages fonctionnent."
        exit 0
    fi
    if ! npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error $omit >/dev/null; then
        echo "npm n’a pas abouti : le portail tourne sans htmx, toutes ses pages fonctionnent."
        exit 0
    fi
    echo "$wanted $kind" >node_modules/.lock
    ;;
esac

source=node_modules/htmx.org/dist/htmx.min.js
name=htmx-$(digest "$source" | cut -c 1-12).min.js
[ -f "static/vendor/$name" ] && exit 0
rm -rf static/vendor
mkdir -p static/vendor
cp "$source" "static/vendor/$name"
