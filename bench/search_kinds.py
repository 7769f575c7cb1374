"""How long each kind of search takes on the database of DATABASE_URL, in milliseconds.

DATABASE_URL=… python -m bench.search_kinds
"""

import os
import random
import statistics
import time

from bench.generate import SEED, TRADE, Generator
from models import database
from models.base import database as handle
from models.search_index import Place, Query, current_index

ROUNDS = 60
SPARE_ROUNDS = 5


def questions():
    """Kind of query → a function that makes one at random."""
    pick, generator = random.Random(SEED + 1), Generator()
    medium, rare = generator.words[200:800], generator.words[20_000:]
    themes, formats = generator.thematics, generator.kinds

    def theme():
        return {"thematic": (pick.choice(themes),)}

    def place(radius_km=20):
        commune = generator.commune()
        return Place(commune.latitude, commune.longitude, radius_km, commune.zone_codes)

    common = TRADE[:6]
    return {
        "rare word": lambda: Query(pick.choice(rare)),
        "two medium words": lambda: Query(" ".join(pick.sample(medium, 2))),
        "common word": lambda: Query(pick.choice(common)),
        "common + theme + kind": lambda: Query(
            pick.choice(common), facets=theme() | {"kind": (pick.choice(formats),)}
        ),
        "theme + zone": lambda: Query(facets=theme(), place=place(100)),
        "theme only": lambda: Query(facets=theme()),
        "within 20 km": lambda: Query(place=place()),
        "common within 20 km": lambda: Query(pick.choice(common), place=place()),
        "sentence with themes": lambda: Query(
            " ".join(pick.sample(medium, 4)), thematics=tuple(pick.sample(themes, 3))
        ),
        "no sheet holds all": lambda: Query(" ".join(pick.sample(medium, 6))),
        "landing": Query,
    }


def measure(ask):
    """Wall time, and the processor time of this process (all of SQLite, none of PostgreSQL)."""
    index, walls, cpus = current_index(), [], []
    for _ in range(ROUNDS + SPARE_ROUNDS):
        query = ask()
        wall, cpu = time.perf_counter(), time.process_time()
        index.query(query)
        walls.append((time.perf_counter() - wall) * 1000)
        cpus.append((time.process_time() - cpu) * 1000)
    return walls[SPARE_ROUNDS:], cpus[SPARE_ROUNDS:]


def p95(times):
    return statistics.quantiles(times, n=20)[-1]


if __name__ == "__main__":
    database.bind(os.environ["DATABASE_URL"])
    with handle.connection_context():
        print(f"{'':22} {'wall p50':>9} {'p95':>7} {'cpu p50':>9} {'p95':>7}")
        for kind, ask in questions().items():
            walls, cpus = measure(ask)
            row = statistics.median(walls), p95(walls), statistics.median(cpus), p95(cpus)
            print("{:22} {:9.2f} {:7.2f} {:9.2f} {:7.2f}".format(kind, *row))
