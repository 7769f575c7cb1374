"""How gunicorn serves the portal; `make run` and production read the same settings."""

import os

_host = os.environ.get("HOST", "127.0.0.1")
_port = os.environ.get("PORT", "8000")

bind = f"[{_host}]:{_port}" if ":" in _host else f"{_host}:{_port}"
wsgi_app = "app:create_app()"
worker_class = "gthread"
workers = int(os.environ.get("WORKERS") or os.cpu_count() or 1)
threads = int(os.environ.get("THREADS") or 4)
# Loaded once, then forked: less memory, and a wrong setting stops the service at once. The
# application keeps no database connection before its first request, so none is shared.
preload_app = True

# A page takes milliseconds; a minute leaves room for a slow line sending a document.
timeout = 60
graceful_timeout = 30
keepalive = 5

# Words searched say what a person lives through: no query string may reach a log. The portal
# writes its own lines, without them.
accesslog = None
loglevel = "warning"

# Only the portal believes a proxy, as many of them as PROXY_HOPS says.
forwarded_allow_ips = ""


def when_ready(server):
    """Read what every worker reads, once and before the forks: the first visitor waits for nothing.
    Then say where to go."""
    from models.needs import recognise
    from models.territories import find_communes

    recognise("emploi")
    find_communes("Toulouse")
    templates = server.app.wsgi().jinja_env
    for name in templates.list_templates():
        templates.get_template(name)
    address = os.environ.get("PUBLIC_URL") or f"http://{bind}/"
    print(f"\nLe portail est ouvert : {address} (Ctrl-C pour l’arrêter)\n", flush=True)
