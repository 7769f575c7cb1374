#!/bin/sh
# Bring the database up to date, say as whom to sign in, and serve until Ctrl-C.
set -eu

python=.venv/bin/python
export HOST="${HOST:-127.0.0.1}" PORT="${PORT:-8000}"
# With no mail server, the administrator of the demonstration reads the e-mails on a page.
[ -n "${MAIL_SERVER:-}" ] || export DEMONSTRATION="${DEMONSTRATION:-1}"

"$python" scripts/free_port.py "$HOST" "$PORT"
"$python" scripts/prepare.py
exec "$python" -m gunicorn --config gunicorn.conf.py
