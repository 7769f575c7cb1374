"""The feed of a large bank, and a spreadsheet of five thousand rows from its file to its report."""

import http.client
import time
from urllib.parse import urlsplit

from bench import process
from bench.generate import SEED, Generator
from models import Account, BulkImport, Organisation
from models.accounts.account import Role
from models.exchange.bulk import State, advance
from models.exchange.spreadsheets.columns import SERVICES
from models.exchange.spreadsheets.reading import read_file
from models.exchange.spreadsheets.writing import as_xlsx
from models.vocabularies import AUDIENCES, RECEPTION_MODES, THEMATICS

FEED = "/flux/data-inclusion/v1"
ROWS = 5_000
PIECE = 1 << 16
LONGEST_SECONDS = 600
SECRET_HASH = "no password opens this account"


def feed(server):
    """`[(what, seconds, megabytes, records)]`, then how the memory of the workers grew, in MB."""
    _read(server, f"{FEED}/services?taille=10")
    workers = process.family(server.process.pid)[1:]
    before = sum(process.memory_mb(pid)[0] for pid in workers)
    whole = _read(server, f"{FEED}/complet.json")
    after = sum(process.peak_mb(pid) for pid in workers)
    page = _read(server, f"{FEED}/services?taille=1000")
    return [("le document entier", *whole), ("une page de 1 000", *page)], before, after


def _read(server, path):
    """The seconds, megabytes and records of an answer, none of it kept."""
    connection = http.client.HTTPConnection(urlsplit(server.address).netloc, timeout=600)
    started, size, records = time.perf_counter(), 0, 0
    connection.request("GET", path)
    answer = connection.getresponse()
    if answer.status != 200:
        raise RuntimeError(f"{path} : réponse {answer.status}")
    while piece := answer.read(PIECE):
        size += len(piece)
        # Cut between two pieces, one is lost now and then: this is a speed, not a proof.
        records += piece.count(b'"date_maj"')
    connection.close()
    return time.perf_counter() - started, size / 1e6, records


def spreadsheet():
    """`[(step, seconds)]` of a file of `ROWS` new sheets, all valid, two thirds of cells filled."""
    where = Organisation.select().first()
    who = Account.create(
        identifier="depot@example.org", name="Dépôt", password_hash=SECRET_HASH,
        role=Role.BANK_ANIMATOR,
    )  # fmt: skip
    content = as_xlsx({SERVICES.key: _rows()})
    found, steps = None, []

    def measured(name, act):
        started = time.perf_counter()
        answer = act()
        steps.append((name, time.perf_counter() - started))
        return answer

    found = measured(f"lire le fichier ({len(content) / 1e6:.1f} Mo)", lambda: read_file(content))
    one = measured("garder ses lignes", lambda: BulkImport.receive(where, found, by=who))
    measured("vérifier chaque ligne", lambda: advance(one.id, time.monotonic() + LONGEST_SECONDS))
    one = BulkImport.get_by_id(one.id)
    if (one.state, one.new_count) != (State.CHECKED, ROWS):
        raise RuntimeError(f"{one.state} : {one.new_count} lignes valables, {one.errors[:3]}")
    return steps


def _rows():
    """Rows whose free columns hold words, and the others their first values."""
    generator = Generator(SEED + 3)
    given = {
        "description": lambda: generator.text(60),
        "nom": lambda: generator.text(6),
        "thematiques": lambda: " ; ".join(list(THEMATICS.values())[:3]),
        "publics": lambda: " ; ".join(list(AUDIENCES.values())[1:4]),
        "modes_accueil": lambda: next(iter(RECEPTION_MODES.values())),
        "code_postal": lambda: "31600",
        "commune": lambda: "Muret",
        "telephone": lambda: "05 61 00 00 00",
        "courriel": lambda: "accueil@example.org",
        "lien_mobilisation": lambda: "https://example.org/atelier",
        "frais": lambda: "Gratuit",
        "prochaines_sessions": lambda: "03/12/2026 13:30 à 16:00 ; 10/12/2026 13:30 à 16:00",
        "places.restantes": lambda: 4,
        "age.min": lambda: 18,
    }
    texts = ("_precisions", "conditions", "adresse", "sans_internet", "contact", "en_une_phrase")
    given |= {
        column.path: lambda: generator.text(8)
        for column in SERVICES.columns
        if column.path not in given and any(part in column.path for part in texts)
    }
    return [
        [given[path]() if path in given else "" for path in SERVICES.paths] for _ in range(ROWS)
    ]
