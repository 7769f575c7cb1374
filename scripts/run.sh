#!/bin/sh
# Bring the database up to date, say as whom to sign in, and serve until Ctrl-C, with the worker
# that does what nobody asks for (reminders, alerts, spreadsheets) beside the server.
set -eu

python=.venv/bin/python
export HOST="${HOST:-127.0.0.1}" PORT="${PORT:-8000}"
# With no mail server, the administrator of the demonstration reads the e-mails on a page.
[ -n "${MAIL_SERVER:-}" ] || export DEMONSTRATION="${DEMONSTRATION:-1}"

"$python" scripts/free_port.py "$HOST" "$PORT"
"$python" scripts/prepare.py

"$python" -m flask work --every 5 &
worker=$!
"$python" -m gunicorn --config gunicorn.conf.py &
server=$!
trap 'kill "$server" "$worker" 2>/dev/null || true' EXIT INT TERM
wait "$server"
