"""`make bench`: figures and ratios of one run on this machine; nothing here asserts.

On a shared machine, trust the ratios and the processor time rather than the seconds.
"""

import argparse
import base64
import contextlib
import datetime as dt
import pathlib
import platform
import statistics
import tempfile
from urllib.parse import urlencode

import models.database
from bench import (
    datasette,
    diagnostics,
    exchange,
    files,
    generate,
    matching,
    network,
    prescriptions,
    process,
    retention,
    search_kinds,
    writing,
)  # fmt: skip
from bench.http import Client, middle
from models import sealing
from models.base import database
from tests.browser.server import serve
from tests.engines import ENGINES, engine_address

RESULTS = pathlib.Path(__file__).parent.parent / "bench-results"
ORDINARY_PAGE = "/plan-du-site"
WARM_UP = 20
BARE = "« bonjour » de Flask"
# The key of no importance under which the measured world is sealed (`network.fill`).
DATA_KEY = base64.b64encode(bytes(sealing.KEY_BYTES)).decode()


class Report:
    """Lines shown as they come and kept for the file."""

    def __init__(self):
        self._lines = []

    def say(self, line=""):
        print(line, flush=True)
        self._lines.append(line)

    def table(self, title, header, rows):
        self.say(f"\n## {title}\n")
        rows = [header, ["---"] * len(header), *rows]
        widths = [max(len(str(row[i])) for row in rows) for i in range(len(header))]
        for row in rows:
            cells = (str(cell).ljust(width) for cell, width in zip(row, widths, strict=True))
            self.say(f"| {' | '.join(cells)} |")

    def save(self):
        RESULTS.mkdir(exist_ok=True)
        path = RESULTS / f"{dt.datetime.now():%Y-%m-%d-%H%M%S}.md"
        path.write_text("\n".join(self._lines) + "\n", encoding="utf-8")
        return path


@contextlib.contextmanager
def bank(engine, rows):
    """A migrated database of this engine, filled with generated actions and bound here."""
    with engine_address(engine) as address:
        opened = models.database.bind(address)
        models.database.migrate()
        with database.connection_context():
            generate.fill(rows)
        try:
            yield address
        finally:
            opened.close_all()


def words_by_frequency():
    """Three words of the generated sheets: in 9 % of them, in a few hundred, in a few dozen."""
    words, _weights = generate.vocabulary()
    return {"courant": words[0], "moyen": words[2_000], "rare": words[20_000]}


def ours(text):
    return "/actions?" + urlencode({"q": text})


def compare(report, address, home, rounds):
    """Full search pages, asked in turn of the two programs by one client."""
    copy = pathlib.Path(home, "banque.db")
    with database.connection_context():
        datasette.export(copy)
    rows = []
    with serve(address) as portal, datasette.serve(copy) as other:
        here, there = Client(portal.address), Client(other)
        for kind, word in words_by_frequency().items():
            pairs = [
                (here.get(ours(word)), there.get(datasette.search_path(copy, word)))
                for _ in range(rounds + 1)
            ][1:]
            rows.append([f"{kind} : {word}", *_compared(*zip(*pairs, strict=True))])
    report.table(
        "Page de recherche entière, 5 facettes, mêmes lignes, un client",
        ["mot", "portail ms", "Datasette ms", "rapport", "portail o", "Datasette o", "rapport",
         "rapport décompressé"],
        rows,
    )  # fmt: skip


def _compared(portal, other):
    mine, its = middle(portal, "seconds"), middle(other, "seconds")
    return (
        f"{mine * 1000:.1f}",
        f"{its * 1000:.1f}",
        f"{mine / its:.3f}",
        f"{middle(portal, 'wire'):.0f}",
        f"{middle(other, 'wire'):.0f}",
        f"{middle(portal, 'wire') / middle(other, 'wire'):.3f}",
        f"{middle(portal, 'plain') / middle(other, 'plain'):.3f}",
    )


def cost_of(server, path, requests, cookies=()):
    """Milliseconds of processor per request, all the server's processes together."""
    client = Client(server.address, cookies)
    for _ in range(WARM_UP):
        client.get(path)
    before = process.cpu_seconds(server.process.pid)
    answers = [client.get(path) for _ in range(requests)]
    spent = process.cpu_seconds(server.process.pid) - before
    return spent / requests * 1000, middle(answers, "seconds") * 1000, middle(answers, "wire")


def costs(report, address, requests):
    words = words_by_frequency()
    pages = {
        f"recherche, mot courant ({words['courant']})": ours(words["courant"]),
        f"recherche, mot moyen ({words['moyen']})": ours(words["moyen"]),
        "recherche sans mot": "/actions",
        "page ordinaire": ORDINARY_PAGE,
    }
    with serve(address, workers=1, application="bench.hello:app") as bare:
        least = cost_of(bare, "/bonjour", requests * 3)
    with serve(address, workers=1) as portal:
        measured = {name: cost_of(portal, path, requests) for name, path in pages.items()}
        after = _memory(portal)
    pages_table(report, "Processeur par requête, un processus", {BARE: least, **measured})
    report.table("Mémoire après ces requêtes", ["processus", "RSS Mo", "PSS Mo"], after)


def network_costs(report, engine, requests):
    """Pages of the network at its announced size, with the rights they read at each request."""
    with engine_address(engine) as address:
        opened = models.database.bind(address)
        models.database.migrate()
        with database.connection_context():
            people = network.fill()
        opened.close_all()
        with serve(address, workers=1, application="bench.hello:app") as bare:
            least = cost_of(bare, "/bonjour", requests * 3)
        with serve(address, workers=1) as portal:
            measured = {
                name: cost_of(portal, path, requests, cookies)
                for name, path, cookies in _network_pages(people)
            }
    title = f"Réseau de 30 organismes et 150 référents, {engine}"
    pages_table(report, title, {BARE: least, **measured})


def _network_pages(people):
    """`(name, path, cookies)` of what is measured."""
    manager, code = people["manager"]
    professional, _ = people["professional"]
    return [
        ("la charte", "/charte", {}),
        ("les signataires", "/charte/signataires", {}),
        ("les partenaires", "/partenaires", {}),
        ("les référents", "/referents", {}),
        ("mon espace", "/espace-pro", {"session_id": professional}),
        ("mon équipe", f"/organismes/{code}/equipe", {"session_id": manager}),
    ]


def _memory(server):
    master, *workers = process.family(server.process.pid)
    named = [("maître", master), *((f"ouvrier {n}", pid) for n, pid in enumerate(workers, 1))]
    return [[name, *(f"{size:.1f}" for size in process.memory_mb(pid))] for name, pid in named]


def kinds(report, engine, rows):
    """Wall time, then this process's own processor time: PostgreSQL's is not in it."""
    lines = []
    for kind, ask in search_kinds.questions().items():
        walls, cpus = search_kinds.measure(ask)
        figures = [
            of(times) for times in (walls, cpus) for of in (statistics.median, search_kinds.p95)
        ]
        lines.append([kind, *(f"{figure:.2f}" for figure in figures)])
    header = ["sorte", "médiane ms", "95 % sous ms", "processeur ms", "95 % sous ms"]
    report.table(f"Sortes de recherche, {engine}, {rows} actions", header, lines)


def measure_search(report, options):
    home = tempfile.TemporaryDirectory(prefix="spie-bench-")
    with home as directory, bank("sqlite", options.rows) as address:
        compare(report, address, directory, options.rounds)
        costs(report, address, options.requests)


def measure_network(report, options):
    for engine in ENGINES:
        network_costs(report, engine, options.requests)


def measure_kinds(report, options):
    for rows in options.kinds:
        for engine in ENGINES:
            with bank(engine, rows), database.connection_context():
                kinds(report, engine, rows)


def measure_matching(report, options):
    for engine in ENGINES:
        with bank(engine, options.rows), database.connection_context():
            lines = [
                [where, *(f"{of(times):.2f}" for times in measured
                          for of in (statistics.median, search_kinds.p95))]
                for where, measured in matching.measure().items()
            ]  # fmt: skip
        header = ["d’où", "médiane ms", "95 % sous ms", "processeur ms", "95 % sous ms"]
        report.table(f"D’un besoin aux actions, {engine}, {options.rows} actions", header, lines)


def measure_writing(report, options):
    for engine in ENGINES:
        with bank(engine, options.rows), database.connection_context():
            rows = [
                [act, *(f"{of(times):.1f}" for of in (statistics.median, search_kinds.p95))]
                for act, times in writing.measure().items()
            ]
        title = f"Actes sur une fiche, cherchable aussitôt, {engine}, {options.rows} actions"
        report.table(title, ["acte", "médiane ms", "95 % sous ms"], rows)


def measure_feed(report, options):
    for engine in ENGINES:
        with bank(engine, options.rows) as address:
            with database.connection_context():
                steps = exchange.spreadsheet()
            database.obj.close_all()
            with serve(address, workers=1) as portal:
                read, before, after = exchange.feed(portal)
        report.table(
            f"Flux data·inclusion, {engine}, {options.rows} actions",
            ["ce qu’on lit", "secondes", "Mo", "fiches et structures", "par seconde"],
            [
                [name, f"{seconds:.1f}", f"{size:.1f}", count, f"{count / seconds:.0f}"]
                for name, seconds, size, count in read
            ],
        )
        report.say(
            f"\nMémoire de l’ouvrier : {before:.0f} Mo avant, {after:.0f} Mo au plus fort "
            f"({after - before:+.0f} Mo)"
        )
        report.table(
            f"Un tableur de {exchange.ROWS} lignes, {engine}",
            ["étape", "secondes"],
            [[name, f"{seconds:.1f}"] for name, seconds in steps],
        )


def measure_retention(report, options):
    for engine in ENGINES:
        with bank(engine, 0), database.connection_context():
            retention.fill(options.persons)
            measured = retention.measure()
        report.table(
            f"Oublier à temps, {options.persons} personnes, {engine}",
            ["ce qu’on fait", "secondes", "personnes", "ko de mémoire au plus fort"],
            [
                [what, f"{seconds:.2f}", count, f"{peak:.0f}"]
                for what, seconds, count, peak in measured
            ],
        )


def measure_files(report, options):
    for engine in ENGINES:
        with engine_address(engine) as address:
            opened = models.database.bind(address)
            models.database.migrate()
            with database.connection_context():
                measured = files.fill(options.persons, options.lines)
                files.settle()
                acts = files.measure(measured, options.requests)
            opened.close_all()
            with serve(address, workers=1, application="bench.hello:app") as bare:
                least = cost_of(bare, "/bonjour", options.requests * 3)
            pages = files_pages(address, measured, options.requests)
        title = f"{options.persons} dossiers et {options.lines} traces, {engine}"
        acts_costs(report, title, acts, least[0])
        pages_table(report, f"Pages des dossiers, {engine}", {BARE: least, **pages})


def files_pages(address, measured, requests):
    """`{page: what it costs}`."""
    with serve(address, workers=1, DATA_KEY=DATA_KEY) as portal:
        return {
            name: cost_of(
                portal, path, requests if often else max(requests // 20, 3),
                {"session_id": measured.tokens[who]},
            )
            for name, path, who, often in files.pages(measured)
        }  # fmt: skip


def pages_table(report, title, measured):
    """What each page costs, and how many times the first of them, which is the least."""
    least, *_ = next(iter(measured.values()))
    report.table(
        title,
        ["page", "ms de processeur", "ms au client", "octets", "fois « bonjour »"],
        [
            [name, f"{cpu:.2f}", f"{seen:.2f}", f"{wire:.0f}", f"{cpu / least:.1f}"]
            for name, (cpu, seen, wire) in measured.items()
        ],
    )


def acts_costs(report, title, acts, least):
    """Processor time is this process's own: PostgreSQL's is not in it."""
    report.table(
        title,
        ["acte", "médiane ms", "95 % sous ms", "processeur ms", "fois « bonjour »"],
        [
            [
                name,
                f"{statistics.median(wall for wall, _ in times):.2f}",
                f"{search_kinds.p95([wall for wall, _ in times]):.2f}",
                f"{statistics.mean(cpu for _, cpu in times):.2f}",
                f"{statistics.mean(cpu for _, cpu in times) / least:.1f}",
            ]
            for name, times in acts.items()
        ],
    )
    report.say(f"\n« bonjour » de Flask : {least:.2f} ms de processeur")


def measure_diagnostics(report, options):
    for engine in ENGINES:
        with engine_address(engine) as address:
            opened = models.database.bind(address)
            models.database.migrate()
            acts, size, answers = diagnostics.measure(address, options.requests)
            opened.close_all()
            with serve(address, workers=1, application="bench.hello:app") as bare:
                least, *_ = cost_of(bare, "/bonjour", options.requests * 3)
        title = f"Un diagnostic de {answers} réponses, {size} octets compressés, {engine}"
        acts_costs(report, title, acts, least)


def measure_prescriptions(report, options):
    """`--lines` counts the prescriptions of the longest walk: a tenth of them first, to compare."""
    for engine in ENGINES:
        with engine_address(engine) as address:
            opened = models.database.bind(address)
            models.database.migrate()
            browsers = prescriptions.Browsers(address)
            with database.connection_context():
                world = prescriptions.begin()
            acts = prescriptions.measure(browsers, world, options.rounds)
            with database.connection_context():
                lists = prescriptions.lists(world, options.rounds)
                walks = [
                    [count, *walk]
                    for count in (options.lines // 10, options.lines)
                    for walk in prescriptions.tasks(world, count)
                ]
            opened.close_all()
            with serve(address, workers=1, application="bench.hello:app") as bare:
                least, *_ = cost_of(bare, "/bonjour", options.requests * 3)
        acts_costs(report, f"Une prescription, {engine}", acts, least)
        prescriptions_tables(report, engine, lists, walks)


def prescriptions_tables(report, engine, lists, walks):
    middle_of = statistics.median
    report.table(
        f"Listes, {engine}",
        ["liste", "lignes", "requêtes", "médiane ms", "processeur ms"],
        [[name, lines, queries, f"{middle_of(w for w, _ in times):.1f}",
          f"{middle_of(c for _, c in times):.1f}"]
         for name, lines, queries, times in lists],
    )  # fmt: skip
    report.table(
        f"Ce que fait le temps, {engine}",
        ["en attente", "ce qu’on fait", "secondes", "prescriptions", "ko de mémoire au plus fort"],
        [[count, what, f"{seconds:.1f}", done, f"{peak:.0f}"]
         for count, what, seconds, done, peak in walks],
    )  # fmt: skip


PARTS = {
    "search": measure_search,
    "network": measure_network,
    "kinds": measure_kinds,
    "matching": measure_matching,
    "writing": measure_writing,
    "feed": measure_feed,
    "retention": measure_retention,
    "files": measure_files,
    "diagnostics": measure_diagnostics,
    "prescriptions": measure_prescriptions,
}


def main():
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000, help="actions de la banque")
    parser.add_argument("--rounds", type=int, default=30, help="requêtes comparées par mot")
    parser.add_argument("--requests", type=int, default=300, help="requêtes par page mesurée")
    parser.add_argument("--kinds", type=int, nargs="*", default=[100_000],
                        help="tailles des mesures par sorte de recherche")  # fmt: skip
    parser.add_argument("--persons", type=int, default=100_000, help="dossiers (partie files)")
    parser.add_argument("--lines", type=int, default=1_000_000, help="traces (partie files)")
    parser.add_argument("--parts", nargs="*", choices=PARTS, default=PARTS,
                        help="ce que l’on mesure (tout, par défaut)")  # fmt: skip
    options = parser.parse_args()
    report = Report()
    report.say(f"# Mesures du {dt.datetime.now():%Y-%m-%d %H:%M}")
    report.say(f"Python {platform.python_version()}, {options.rows} actions, {platform.machine()}")
    for part in options.parts:
        PARTS[part](report, options)
    print(f"\nGardé dans {report.save().relative_to(RESULTS.parent)}")


main()
