#!/bin/sh
# Bring the database up to date, say where and as whom to sign in, and serve until Ctrl-C.
set -eu

python=.venv/bin/python
export HOST="${HOST:-127.0.0.1}" PORT="${PORT:-8000}"

"$python" scripts/free_port.py "$HOST" "$PORT"
"$python" -m flask database migrate
# Only an empty database gets the demonstration world: real data never meets invented data.
if "$python" scripts/empty_database.py; then
    "$python" -m flask demo load
fi
"$python" -m flask demo accounts
case $HOST in *:*) site="[$HOST]" ;; *) site=$HOST ;; esac
echo "Le portail est ouvert à l’adresse ${PUBLIC_URL:-http://$site:$PORT/} (Ctrl-C pour l’arrêter)."
exec "$python" -m gunicorn --config gunicorn.conf.py
