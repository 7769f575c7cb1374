"""Fill a database with plausible sheets of Haute-Garonne, the same at each run.

DATABASE_URL=… python -m bench.generate 100000
"""

import bisect
import datetime as dt
import itertools
import json
import os
import random
import sys

from models import Action, Organisation, database
from models.base import database as handle
from models.base import new_code
from models.search_index import current_index
from models.territories import communes
from models.vocabularies import AUDIENCES, FEES, FORMATS, SERVICE_TYPES, THEMATICS

SEED = 31
CHUNK = 5_000
SHEETS_PER_ORGANISATION = 100
TODAY = dt.date(2026, 11, 21)

# The words of the trade, most frequent first: each of the first six is in over 9 % of the sheets.
TRADE = """
emploi accompagnement aide formation insertion projet atelier personnes parcours professionnel
logement mobilité santé numérique budget permis conduite garde enfants français entretien métier
compétences candidature entreprise recrutement droits démarches famille jeunes seniors handicap
informatique alimentation colis hébergement loyer véhicule vélo réparation garage transport
soutien écoute confiance sport culture bénévolat réseau parrainage alternance apprentissage
diplôme création activité financement microcrédit dettes médiation interprète lecture écriture
calcul addiction nutrition crèche parentalité aidants discrimination juridique permanence
collectif individuel gratuit inscription rendez-vous téléphone quartier rural association
""".split()  # noqa: SIM905
SYLLABLES = "ba bi bo ca co da de fa fi ga gi la li lo ma mi mo na no pa pe ra ri sa so ta te ti vo"
RARE_WORDS = 30_000
BODY_WORDS = 60


def vocabulary():
    """Words and their cumulated weights, after Zipf: the trade first, then a long tail."""
    syllables = SYLLABLES.split()
    tail = itertools.islice(itertools.product(syllables, repeat=4), 0, None, 17)
    words = TRADE + ["".join(four) for four in itertools.islice(tail, RARE_WORDS)]
    weights = itertools.accumulate(1 / (rank + 100) for rank in range(len(words)))
    return words, list(weights)


class Generator:
    def __init__(self, seed=SEED):
        self.random = random.Random(seed)
        self.words, self.weights = vocabulary()
        self.communes = communes()
        self.populations = list(itertools.accumulate(c.population for c in self.communes))
        self.thematics, self.audiences = list(THEMATICS), list(AUDIENCES)
        self.kinds, self.formats, self.fees = list(SERVICE_TYPES), list(FORMATS), list(FEES)

    def text(self, count):
        return " ".join(self.random.choices(self.words, cum_weights=self.weights, k=count))

    def commune(self):
        place = self.random.random() * self.populations[-1]
        return self.communes[bisect.bisect(self.populations, place)]

    def sheet(self, number, organisations):
        pick, commune = self.random, self.commune()
        day = TODAY - dt.timedelta(days=int(pick.expovariate(1 / 200)))
        zones = [[], [commune.department], [commune.epci_code], [commune.code]]
        return {
            # Row numbers would do, but a public identifier must not be guessed from them.
            "code": new_code(),
            "source_id": f"bench--{number}",
            "source": "bench",
            "organisation_id": pick.choice(organisations),
            "name": self.text(6).capitalize(),
            "description": self.text(BODY_WORDS),
            "updated_on": day,
            "verified_on": day,
            "kind": pick.choice(self.kinds),
            "format": pick.choice(self.formats),
            "fees": pick.choice(self.fees),
            "thematics": sorted(set(pick.choices(self.thematics, k=pick.choice((1, 1, 2, 3))))),
            "audiences": sorted(set(pick.choices(self.audiences, k=2))),
            "commune": commune.name,
            "insee_code": commune.code,
            "latitude": commune.latitude + pick.gauss(0, 0.01),
            "longitude": commune.longitude + pick.gauss(0, 0.01),
            "reception_modes": pick.choice((["en-presentiel"], ["en-presentiel"], ["a-distance"])),
            "eligibility": pick.choice(zones),
        }


def fill(count):
    """Write `count` sheets and their organisations, and index them."""
    generator = Generator()
    with handle.atomic():
        number = max(1, count // SHEETS_PER_ORGANISATION)
        organisations = _organisations(generator, number)
        for start in range(0, count, CHUNK):
            numbers = range(start, min(start + CHUNK, count))
            _write(Action, [generator.sheet(n, organisations) for n in numbers])
        current_index().rebuild()


def _organisations(generator, count):
    rows = [{"code": new_code(), "name": generator.text(3).title()} for _ in range(count)]
    _write(Organisation, rows)
    return [row_id for (row_id,) in Organisation.select(Organisation.id).tuples()]


def _write(model, rows):
    """Insert rows through the driver: a million of them through peewee takes ten minutes."""
    defaults = {field.column_name: _plain(value) for field, value in model._meta.defaults.items()}
    rows = [defaults | {name: _plain(value) for name, value in row.items()} for row in rows]
    columns = sorted(rows[0])
    values = ", ".join([handle.obj.param] * len(columns))
    insert = f"INSERT INTO {model._meta.table_name} ({', '.join(columns)}) VALUES ({values})"
    handle.cursor().executemany(insert, [[row[name] for name in columns] for row in rows])


def _plain(value):
    value = value() if callable(value) else value
    if isinstance(value, list | dict):
        return json.dumps(value)
    return str(value) if isinstance(value, str | dt.date) else value


if __name__ == "__main__":
    database.bind(os.environ["DATABASE_URL"])
    database.migrate()
    with handle.connection_context():
        fill(int(sys.argv[1]))
