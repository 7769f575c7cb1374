#!/bin/sh
# The programs the tests drive: Chromium, lynx and PostgreSQL. As root on Debian they are
# installed; elsewhere the command is named, and CI fails rather than skip the tests.
set -eu

missing=
# Chromium without its tabs and menus suffices, and is four times quicker; the whole one will do.
command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null ||
    missing="$missing chromium-headless-shell fonts-dejavu-core"
command -v lynx >/dev/null || missing="$missing lynx"
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null ||
    missing="$missing postgresql"
[ -z "$missing" ] && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installation de :$missing"
    apt-get update -qq
    # One word per package is wanted here.
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing \
        </dev/null >/dev/null
    exit 0
fi

echo "Il manque de quoi mener tous les tests. Sous Debian, en tant que root :" >&2
echo "    apt-get install -y --no-install-recommends$missing" >&2
[ "${CI:-}" != true ]
