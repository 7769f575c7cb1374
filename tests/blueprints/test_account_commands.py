"""`flask accounts`: the first administrator, and closing an account at once (REQ 69)."""

import pytest

from models import Account, OutgoingEmail
from models.accounts.account import Role
from tests import people


@pytest.fixture
def run(app):
    return lambda *args: app.test_cli_runner().invoke(args=["accounts", *args])


def test_the_first_coordinator_chooses_a_password_by_the_printed_link(run, visitor):
    """ASVS 6.4.1: nothing to guess, nothing permanent."""
    result = run("create", "Nina@Example.org", "Nina Roux", "--role", "coordination")
    assert result.exit_code == 0, result.output
    link = result.output.split()[-1]
    nina = Account.get()
    assert (nina.identifier, nina.role) == ("nina@example.org", Role.COORDINATOR)
    assert OutgoingEmail.get().kind == "welcome"
    page = visitor.visit(link[link.index("/mot-de-passe") :])
    assert "Bienvenue" in page.text
    visitor.submit(page, "Garder ce mot de passe", {"nouveau": "quatre nouveaux mots ensemble"})
    page = people.sign_in(visitor, nina, password="quatre nouveaux mots ensemble")
    assert page.words("h1") == "Mon compte"


@pytest.mark.parametrize("address", ["nina", "", "a b@c"])
def test_an_impossible_address_is_told(run, address):
    result = run("create", address, "Nina")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "adresse" in result.stderr


def test_an_account_is_closed_by_its_address(run, visitor, db):
    amina = people.account()
    people.sign_in(visitor, amina)
    assert run("deactivate", "AMINA@example.org").exit_code == 0
    assert visitor.visit("/mon-compte").words("h1") == "Se connecter"
    assert run("deactivate", "amina@example.org").exit_code == 1
