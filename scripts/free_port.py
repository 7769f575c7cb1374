"""Say in one sentence that the port is taken, rather than let the server retry and give up."""

import socket
import sys

host, port = sys.argv[1:]
try:
    where = socket.getaddrinfo(host, int(port), type=socket.SOCK_STREAM)[0]
    with socket.socket(where[0], socket.SOCK_STREAM) as attempt:
        # As the server does: a port that only finishes closing is free.
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        attempt.bind(where[4])
except (OSError, ValueError, OverflowError) as error:
    sys.exit(
        f"Impossible d’écouter sur {host}, port {port} : {getattr(error, 'strerror', error)}.\n"
        "Choisissez un autre port, par exemple : make run PORT=8001"
    )
