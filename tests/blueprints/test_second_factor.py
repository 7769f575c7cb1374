"""The pages of the second factor: nothing opens before it is shown (REQ 71, ASVS 6.3.3, 7.2.4)."""

import datetime as dt
import re

import pytest
import time_machine

from models import Account, SecondFactor, Session
from models.accounts.account import Role
from models.accounts.second_factor import code_now
from tests import people
from tests.visitor import Visitor


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(dt.datetime(2026, 11, 22, 9, 0, 10, tzinfo=dt.UTC), tick=False) as it:
        yield it


@pytest.fixture
def diane(db):
    return people.account("Diane", role=Role.ANIMATOR)


def give_password(visitor, person, address="/connexion"):
    fields = {"identifiant": person.identifier, "mot_de_passe": people.PASSWORD}
    return visitor.submit(visitor.visit(address), "Se connecter", fields)


def cookie(visitor):
    return visitor.client.get_cookie("session_id").value


def set_up(visitor, page):
    """Follow the set-up pages; answers the page that shows the paper codes."""
    page = visitor.submit(page, "Commencer")
    key = page.words("b[@class='key']").replace(" ", "")
    return visitor.submit(page, "Relier ce téléphone", {"code": code_now(key)})


def test_who_must_have_a_telephone_sets_it_up_before_anything_opens(visitor, diane):
    page = give_password(visitor, diane)
    assert page.words("h1") == "Le second code"
    assert visitor.visit("/mon-compte").words("h1") == "Le second code"
    page = set_up(visitor, page)
    assert page.words("h1") == "Vos codes de secours"
    codes = page.all_words("b[@class='key']")
    assert len(codes) == 8
    assert visitor.visit("/mon-compte").words("h1") == "Vos codes de secours"
    page = visitor.submit(page, "J’ai noté mes codes")
    assert page.words("h1") == "Bonjour Diane"
    assert visitor.visit("/second-code/codes-de-secours").words("h1") == "Mon compte"
    assert not any(code in visitor.visit("/second-code").html for code in codes)


def test_the_key_can_be_typed_and_the_picture_holds_it(visitor, diane):
    page = visitor.submit(give_password(visitor, diane), "Commencer")
    key = page.words("b[@class='key']")
    assert re.fullmatch(r"([A-Z2-7]{4} ){7}[A-Z2-7]{4}", key)
    assert page.root.find(".//img[@class='qr']").get("src").startswith("data:image/svg+xml")
    factor = SecondFactor.of(diane)
    assert factor.next_address.startswith("otpauth://totp/Portail%20SPIE:diane%40example.org?")
    assert key.replace(" ", "") in factor.next_address


def test_a_session_without_its_code_is_a_visitor_everywhere(visitor, diane, app):
    """I12: every page but those of the second factor, whatever the method."""
    people.with_telephone(diane)
    give_password(visitor, diane)
    for rule in app.url_map.iter_rules():
        if rule.arguments or app.view_functions[rule.endpoint].access != "signed in":
            continue
        method = "GET" if "GET" in rule.methods else "POST"
        if method == "GET":
            answer = visitor.client.open(rule.rule, method=method)
            assert answer.headers["Location"].startswith("/connexion/code"), rule
    assert "Mon compte" not in visitor.visit("/").text


@pytest.mark.parametrize(
    "address", ["/second-code", "/second-code/telephone", "/second-code/codes-de-secours"]
)
def test_who_has_a_telephone_cannot_set_up_another_without_its_code(visitor, diane, address):
    """The password alone must not be enough to replace the second factor."""
    people.with_telephone(diane)
    page = give_password(visitor, diane)
    assert visitor.visit(address).words("h1") == "Votre second code"
    token = dict(_pairs(page))["csrf_token"]
    for path in ("commencer", "changer", "telephone", "codes-de-secours"):
        answer = visitor.client.post(f"/second-code/{path}", data={"csrf_token": token})
        assert answer.headers["Location"].startswith("/connexion/code")
    assert SecondFactor.of(diane).next_secret is None


def _pairs(page):
    from tests.visitor import fields

    return fields(page.form("Continuer"))


def test_the_code_opens_the_page_first_asked_for_under_a_new_cookie(visitor, diane):
    """ASVS 7.2.4"""
    people.with_telephone(diane)
    page = give_password(visitor, diane, "/connexion?suite=/mon-compte/mot-de-passe")
    before = cookie(visitor)
    page = visitor.visit("/mon-compte/mot-de-passe")
    page = visitor.submit(page, "Continuer", {"code": people.code_of(diane)})
    assert page.address == "/mon-compte/mot-de-passe"
    assert cookie(visitor) != before
    thief = Visitor(visitor.client.application)
    thief.client.set_cookie("session_id", before)
    assert thief.visit("/mon-compte").words("h1") == "Se connecter"


def test_a_wrong_or_used_code_says_so_and_too_many_wait(visitor, diane, app):
    people.with_telephone(diane)
    page = give_password(visitor, diane)
    code = people.code_of(diane)
    for _ in range(5):
        page = visitor.submit(page, "Continuer", {"code": "000000"})
        assert (page.status, page.title[:8]) == (422, "Erreur :")
        assert "Ce code n’est pas le bon" in page.text
    page = visitor.submit(page, "Continuer", {"code": code})
    assert page.status == 429
    assert "Trop d’essais avec cet identifiant. Attendez 1 min" in page.text


def test_a_double_click_on_the_code_ends_in_the_account_not_in_a_fault(visitor, diane):
    people.with_telephone(diane)
    page = give_password(visitor, diane)
    code = people.code_of(diane)
    visitor.submit(page, "Continuer", {"code": code})
    again = visitor.submit(page, "Continuer", {"code": code})
    assert again.status in (200, 403)


def test_someone_promoted_during_a_session_is_asked_at_the_next_request(visitor, db):
    """I2, ASVS 8.3.2"""
    amina = people.account()
    people.sign_in(visitor, amina)
    assert visitor.visit("/mon-compte").words("h1") == "Mon compte"
    Account.update(role=Role.COORDINATOR).execute()
    assert visitor.visit("/mon-compte").words("h1") == "Le second code"
    Account.update(role=Role.PROFESSIONAL).execute()
    assert visitor.visit("/mon-compte").words("h1") == "Mon compte"


def test_who_set_up_a_telephone_elsewhere_is_asked_here_too(app, db):
    amina = people.account()
    here, elsewhere = Visitor(app), Visitor(app)
    people.sign_in(here, amina)
    people.sign_in(elsewhere, amina)
    page = set_up(here, here.visit("/second-code"))
    visitor_page = here.submit(page, "J’ai noté mes codes")
    assert visitor_page.words("h1") == "Bonjour Amina"
    assert elsewhere.visit("/mon-compte").words("h1") == "Votre second code"


def test_a_paper_code_replaces_the_telephone(visitor, diane):
    page = set_up(visitor, give_password(visitor, diane))
    code = page.all_words("b[@class='key']")[4]
    visitor.submit(page, "J’ai noté mes codes")
    other = Visitor(visitor.client.application)
    page = other.submit(give_password(other, diane), "Continuer", {"code": code})
    assert page.words("h1") == "Bonjour Diane"
    third = Visitor(visitor.client.application)
    page = third.submit(give_password(third, diane), "Continuer", {"code": code})
    assert page.status == 422


def test_changing_the_second_factor_asks_for_the_present_code(visitor, diane):
    """ASVS 7.5.1"""
    people.sign_in(visitor, diane)
    page = visitor.visit("/second-code")
    page = visitor.submit(page, "Continuer", {"acte": "codes", "code": "000000"})
    assert page.status == 422
    page = visitor.submit(page, "Continuer", {"acte": "codes", "code": people.code_of(diane)})
    assert page.words("h1") == "Vos codes de secours"


@pytest.mark.parametrize("act", ["", "autre", "\x00"])
def test_an_unknown_change_is_a_question_again(visitor, diane, act):
    people.sign_in(visitor, diane)
    page = visitor.submit(
        visitor.visit("/second-code"), "Continuer", {"acte": act, "code": people.code_of(diane)}
    )
    assert page.status == 422
    assert page.link("Choisissez ce qui change.") == "#acte"


def test_a_required_second_factor_is_not_removed_by_a_forged_form(visitor, diane):
    people.sign_in(visitor, diane)
    page = visitor.visit("/second-code")
    assert "Ne plus utiliser" not in page.text
    page = visitor.submit(page, "Continuer", {"acte": "retirer", "code": people.code_of(diane)})
    assert page.status == 422
    assert SecondFactor.of(diane).is_ready


def test_one_may_sign_out_before_the_code(visitor, diane):
    page = give_password(visitor, diane)
    assert visitor.submit(page, "Se déconnecter").words("h1") == "Vous êtes déconnecté"
    assert Session.get().ended_at is not None
