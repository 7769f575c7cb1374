"""Stopping a command between two things it does, never in the middle of one."""

import signal
import threading


def stopped_by_signal():
    """An event set by SIGTERM or Ctrl-C."""
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    return stop
