"""How long the acts of a sheet take within a large bank, index included, in milliseconds."""

import time

from bench.generate import SEED, Generator
from models import Account, Action, Organisation, sealing
from models.action_bank import lifecycle, versions

ROUNDS = 60
SPARE_ROUNDS = 5
SECRET_HASH = "no password opens this account"


def measure():
    """`{act: times}`, each act committed and searchable when its time ends."""
    # Publishing tells the author, in a message that is sealed while it waits.
    sealing.use_key(bytes(sealing.KEY_BYTES))
    author, reviewer = (_account(name) for name in ("auteur", "relecture"))
    texts, organisation = Generator(SEED + 2), Organisation.select().first()
    times = {}
    for _ in range(ROUNDS + SPARE_ROUNDS):
        sheet = _draft(organisation, texts, author)
        for name, act in _acts(sheet, texts, author, reviewer):
            start = time.perf_counter()
            act()
            times.setdefault(name, []).append((time.perf_counter() - start) * 1000)
    return {name: all_times[SPARE_ROUNDS:] for name, all_times in times.items()}


def _account(name):
    return Account.create(identifier=f"{name}@example.org", name=name, password_hash=SECRET_HASH)


def _draft(organisation, texts, author):
    sheet = lifecycle.start(organisation, by=author, name=texts.text(6))
    values = {
        "description": texts.text(60),
        "thematics": [texts.random.choice(texts.thematics)],
        "reception_modes": ["a-distance"],
        "phone": "+33561000000",
    }
    return versions.write(sheet, values, by=author, seen=sheet.edition)[0]


def _acts(sheet, texts, author, reviewer):
    """Each act on the sheet as the one before left it."""

    def now():
        return Action.get_by_id(sheet.id)

    return (
        ("proposer", lambda: lifecycle.submit(now(), by=author)),
        ("publier", lambda: lifecycle.publish(now(), by=reviewer)),
        ("modifier une fiche publiée", lambda: _rewrite(now(), texts, author)),
        ("archiver", lambda: lifecycle.archive(now(), by=author)),
    )


def _rewrite(sheet, texts, author):
    values = {"description": texts.text(60)}
    versions.write(sheet, values, by=author, seen=sheet.edition)
