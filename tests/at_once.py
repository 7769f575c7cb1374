"""Several acts in the same instant, each in a thread and a connection of its own."""

import threading

from models.base import RuleBroken, database


def together(acts):
    """Run each act at the same moment, in a thread and a connection of its own; what each answered,
    or the `RuleBroken` that refused it."""
    start, results = threading.Barrier(len(acts)), []

    def run(act):
        with database.connection_context():
            start.wait()
            try:
                results.append(act())
            except RuleBroken as broken:
                results.append(broken)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
