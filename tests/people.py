"""People who sign in: their accounts, their telephones, and the way in through the pages."""

import argon2

from models import Account, SecondFactor
from models.accounts.second_factor import code_now

PASSWORD = "cheval pile agrafe correcte"
# The parameters do not change what is proved; a thousand sign-ins would wait for them.
HASH = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
TELEPHONE = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def account(name="Amina", **values):
    """An account whose password is `PASSWORD`; its address is its name at example.org."""
    defaults = {"identifier": f"{name.lower()}@example.org", "name": name, "password_hash": HASH}
    return Account.create(**defaults | values)


def with_telephone(person):
    """The same account, with the second factor that `code_of` answers for."""
    SecondFactor.keep(person, TELEPHONE)
    return person


def code_of(person):
    """What the person's telephone shows, as if it had not been used in this half minute."""
    SecondFactor.update(last_step=0).where(SecondFactor.account == person).execute()
    return code_now(TELEPHONE)


def sign_in(visitor, person, *, password=PASSWORD, address="/connexion?suite=/mon-compte"):
    """Through the pages, second factor included when the person has to show one."""
    if person.must_use_second_factor and SecondFactor.of(person) is None:
        with_telephone(person)
    page = visitor.visit(address)
    fields = {"identifiant": person.identifier, "mot_de_passe": password}
    page = visitor.submit(page, "Se connecter", fields)
    if page.words("h1") == "Votre second code":
        page = visitor.submit(page, "Continuer", {"code": code_of(person)})
    return page
