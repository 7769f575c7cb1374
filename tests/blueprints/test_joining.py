"""Entering the network: asking, deciding, inviting, and what links tell (REQ 4, 69, 70, 77)."""

import datetime as dt

import pytest
import time_machine
from playhouse.test_utils import count_queries

from models import (
    Account,
    CharterSignature,
    CharterVersion,
    Invitation,
    JoinRequest,
    Membership,
    Organisation,
    OutgoingEmail,
    TrainingCompletion,
)
from models.accounts.account import Role
from models.base import RuleBroken, today
from models.charter.signatures import Capacity, leave_network
from models.identifiers import check_siret, holds_social_security_number
from models.network.joining import DAILY_MAILS, RequestState
from tests import factories
from tests.visitor import Visitor

pytestmark = pytest.mark.usefixtures("db")

ANSWERS = {
    "organisme": "Association Le Pont",
    "categorie": "associations",
    "commune": "Muret",
    "siret": "732 829 320 00074",
    "site": "www.lepont.example",
    "contact": "Jeanne Kerbrat",
    "fonction": "Présidente",
    "courriel": "Jeanne@lepont.example",
}
PASSWORD = "moulin corbeau ardoise vingt-sept"
MONTH = dt.timedelta(days=31)


def ask(visitor, **changes):
    page = visitor.visit("/rejoindre")
    return visitor.submit(page, "Envoyer la demande", ANSWERS | changes)


def someone(app, role=Role.COORDINATOR):
    return Visitor(app).enter(factories.account(role=role, name="François Gaüzère"))


def mails(kind):
    return [one for one in OutgoingEmail.select().order_by(OutgoingEmail.id) if one.kind == kind]


def last_token():
    return mails("invitation")[-1].values["token"]


def waiting_request(**values):
    return JoinRequest.submit(
        **{
            "organisation_name": "Association Le Pont",
            "category": "associations",
            "contact_name": "Jeanne Kerbrat",
            "contact_email": "jeanne@lepont.example",
        }
        | values
    )


# Asking


def test_an_organisation_asks_without_an_account_and_follows_its_request(visitor):
    """REQ-4: the path is shown, and never who made the request."""
    page = ask(visitor)
    request = JoinRequest.get()
    assert page.address == f"/rejoindre/{request.code}"
    assert "Votre organisme demande à entrer (fait)" in page.text
    assert "La coordination valide la demande (à faire maintenant)" in page.text
    assert "15 jours" in page.text
    assert "Jeanne" not in page.text
    assert "lepont.example" not in page.text
    assert (request.commune, request.siret) == ("Muret", "73282932000074")
    assert request.website == "https://www.lepont.example"
    [mail] = mails("join_received")
    assert (mail.recipient, mail.values["code"]) == ("Jeanne@lepont.example", request.code)


def test_a_request_sent_twice_is_one_request(visitor):
    """reliability §5: double click, Back, or a line that breaks."""
    page = visitor.visit("/rejoindre")
    first = visitor.submit(page, "Envoyer la demande", ANSWERS)
    again = visitor.submit(page, "Envoyer la demande", ANSWERS)
    assert first.address == again.address
    assert JoinRequest.select().count() == 1
    assert len(mails("join_received")) == 1


def test_a_form_without_its_key_is_asked_again(visitor):
    page = ask(visitor, cle="x")
    assert page.status == 422
    assert JoinRequest.select().count() == 0


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("organisme", "", "écrivez le nom de l’organisme"),
        ("organisme", "a" * 256, "255 caractères au plus"),
        ("organisme", "a" * 400_000, "255 caractères au plus"),
        ("categorie", "pilotage", "choisissez une catégorie"),
        ("categorie", "' OR 1=1 --", "choisissez une catégorie"),
        ("commune", "Marseille", "nous ne trouvons pas cette commune"),
        ("commune", "Saint", "plusieurs communes y ressemblent"),
        ("siret", "73282932000075", "ce SIRET n’est pas le bon"),
        ("siret", "²" * 14, "ce SIRET n’est pas le bon"),
        ("site", "javascript:alert(1)", "cette adresse de site"),
        ("site", "ftp://x.example", "cette adresse de site"),
        ("contact", "\x00\u202e ", "écrivez votre nom"),
        ("courriel", "jeanne", "ne peut pas recevoir de courriel"),
        ("courriel", "a@b.example\nBcc: c@d.example", "ne peut pas recevoir de courriel"),
    ],
)
def test_a_wrong_answer_gets_a_sentence_and_keeps_what_was_typed(visitor, field, value, words):
    """ASVS 2.2.1, 2.2.2"""
    page = ask(visitor, **{field: value})
    assert page.status == 422
    assert words in page.text
    assert "Présidente" in page.html
    assert JoinRequest.select().count() == 0


@pytest.mark.parametrize("field", ["siret", "organisme", "contact", "fonction"])
@pytest.mark.parametrize("number", ["1850578006084", "2 85 05 78 006 084 36", "185052A006084"])
def test_a_social_security_number_is_refused_and_not_even_shown_back(visitor, field, number):
    """décret 2019-341: never stored, not even in part."""
    page = ask(visitor, **{field: number})
    assert page.status == 422
    assert "sécurité sociale" in page.text
    assert number not in page.html


def test_a_siret_has_its_key_and_la_poste_its_own():
    assert check_siret("356 000 000 00048") == "35600000000048"
    assert check_siret("35600000049837") == "35600000049837"
    with pytest.raises(RuleBroken):
        check_siret("35600000049838")
    assert not holds_social_security_number("05 36 49 00 31, 05 36 49 00 32")


def test_one_mailbox_is_not_flooded(visitor):
    for number in range(DAILY_MAILS):
        assert ask(visitor, organisme=f"Association {number}").status == 200
    page = ask(visitor)
    assert page.status == 422
    assert "réessayez demain" in page.text


# Deciding


def decide(visitor, request, button, values):
    page = visitor.visit(f"/coordination/demandes/{request.code}")
    return visitor.submit(page, button, values)


def test_accepting_lets_the_organisation_in_and_invites_its_signatory(app, visitor):
    """REQ-4"""
    request = waiting_request()
    page = decide(someone(app), request, "Accepter la demande", {"organisme": "nouveau"})
    assert "La réponse est enregistrée" in page.text
    organisation = Organisation.get(Organisation.name == "Association Le Pont")
    assert organisation.is_admitted
    [invitation] = Invitation.of_organisation(organisation)
    assert invitation.is_manager
    followed = visitor.visit(f"/rejoindre/{request.code}")
    assert "Votre responsable engage l’organisme (à faire maintenant)" in followed.text


def test_accepting_a_known_organisation_makes_no_second_sheet(app):
    """REQ-1: likely duplicates are shown, and one of them may be it."""
    known = factories.organisation(name="Le Pont", is_network_member=True)
    other = factories.organisation(name="Tout autre chose")
    request = waiting_request()
    visitor = someone(app)
    page = visitor.visit(f"/coordination/demandes/{request.code}")
    assert "C’est déjà cette fiche : Le Pont" in page.text
    refused = visitor.submit(page, "Accepter la demande", {"organisme": other.code})
    assert refused.status == 422
    visitor.submit(page, "Accepter la demande", {"organisme": known.code})
    assert Organisation.get_by_id(known.id).is_admitted
    assert Organisation.select().where(Organisation.name == "Association Le Pont").count() == 0


def test_declining_says_why_to_the_applicant(app, visitor):
    request = waiting_request()
    values = {"motif": "hors-perimetre"}
    decide(someone(app), request, "Refuser la demande", values)
    page = visitor.visit(f"/rejoindre/{request.code}")
    assert "Demande refusée" in page.text
    assert "n’agit pas pour l’insertion dans le territoire" in page.text
    assert "François" not in page.text
    [mail] = mails("join_declined")
    assert mail.recipient == "jeanne@lepont.example"


def test_a_decision_needs_its_reason(app):
    page = decide(someone(app), waiting_request(), "Refuser la demande", {"motif": "parce que"})
    assert page.status == 422
    assert "choisissez la raison" in page.text


def test_who_decides_second_reads_the_first_decision(app):
    """reliability §5: the decision taken meanwhile is said, and nothing changes."""
    request = waiting_request()
    first, second = someone(app), someone(app)
    page = second.visit(f"/coordination/demandes/{request.code}")
    decide(first, request, "Refuser la demande", {"motif": "incomplete"})
    late = second.submit(page, "Accepter la demande", {"organisme": "nouveau"})
    assert late.status == 409
    assert "Cette demande a déjà reçu sa réponse" in late.text
    assert "Refusée" in late.text
    assert "François Gaüzère" in late.text
    assert JoinRequest.get().state == RequestState.DECLINED
    assert mails("invitation") == []


def test_accepting_twice_by_the_same_form_is_accepting_once(app):
    request, visitor = waiting_request(), someone(app)
    page = visitor.visit(f"/coordination/demandes/{request.code}")
    for _ in range(2):
        answer = visitor.submit(page, "Accepter la demande", {"organisme": "nouveau"})
        assert answer.status == 200
    assert len(mails("invitation")) == 1
    assert Organisation.select().count() == 1


def test_animation_sees_requests_and_does_not_decide(app):
    request = waiting_request()
    page = someone(app, Role.ANIMATOR).visit(f"/coordination/demandes/{request.code}")
    assert page.status == 200
    assert "Accepter" not in page.text


def test_the_page_of_coordination_counts_what_waits(app):
    request = waiting_request()
    unmanaged = factories.admitted_organisation(name="Sans personne")
    Invitation.send(unmanaged, "chef@example.org", "Chef", by=None, is_manager=True)
    with time_machine.travel(dt.datetime.now(dt.UTC) + 40 * dt.timedelta(days=1), tick=False):
        page = someone(app).visit("/coordination")
    assert page.status == 200
    assert "(1 en attente)" in page.title
    assert "depuis 40 jours" in page.text
    assert "Périmée le" in page.text
    assert page.link("Sans personne") == f"/coordination/organismes/{unmanaged.code}"
    assert page.link("Association Le Pont") == f"/coordination/demandes/{request.code}"


def test_the_page_of_coordination_asks_as_much_for_two_as_for_forty(app):
    visitor = someone(app)
    counts = []
    for wanted in (2, 40):
        while JoinRequest.select().count() < wanted:
            number = JoinRequest.select().count()
            waiting_request(contact_email=f"a{number}@example.org")
            organisation = factories.admitted_organisation()
            Invitation.send(organisation, f"b{number}@example.org", "B", by=None, is_manager=True)
        with count_queries() as counted:
            assert visitor.visit("/coordination").status == 200
        counts.append(counted.count)
    assert counts[0] == counts[1]


# Inviting an organisation


def test_coordination_invites_an_organisation_that_did_not_ask(app):
    announced = factories.organisation(name="Annoncée", is_network_member=True)
    visitor = someone(app)
    page = visitor.visit("/coordination/inviter")
    values = {"organisme": announced.code, "contact": "Chef", "courriel": "chef@example.org"}
    sent = visitor.submit(page, "Envoyer l’invitation", values)
    visitor.submit(page, "Envoyer l’invitation", values)
    assert "L’invitation part par courriel" in sent.text
    assert Organisation.get_by_id(announced.id).is_admitted
    assert len(mails("invitation")) == 1


def test_coordination_names_a_new_organisation(app):
    visitor = someone(app)
    page = visitor.visit("/coordination/inviter")
    values = {
        "organisme": "", "nouveau": "Toute Neuve", "categorie": "entreprises",
        "contact": "Chef", "courriel": "chef@example.org",
    }  # fmt: skip
    visitor.submit(page, "Envoyer l’invitation", values)
    assert Organisation.get(Organisation.name == "Toute Neuve").is_admitted


@pytest.mark.parametrize(
    "values",
    [
        {"organisme": "", "nouveau": ""},
        {"organisme": "0000000000", "nouveau": ""},
        {"organisme": "", "nouveau": "Neuve", "categorie": "inconnue"},
        {"organisme": "", "nouveau": "Neuve", "courriel": "x"},
    ],
)
def test_an_invitation_that_names_nobody_is_explained(app, values):
    visitor = someone(app)
    page = visitor.visit("/coordination/inviter")
    whole = {"categorie": "entreprises", "contact": "Chef", "courriel": "c@example.org"} | values
    assert visitor.submit(page, "Envoyer l’invitation", whole).status == 422
    assert Organisation.select().count() == 0


# Suspending


def test_suspending_says_what_stops_then_stops_it(app):
    """charter, article 14; I3"""
    writer = factories.writer()
    visitor = someone(app, Role.ANIMATOR)
    organisation = writer.organisation
    page = visitor.visit(f"/coordination/organismes/{organisation.code}/suspendre")
    assert "1 personne perd le droit d’écrire" in page.text
    assert visitor.submit(page, "Suspendre l’accès", {"motif": "x"}).status == 422
    done = visitor.submit(page, "Suspendre l’accès", {"motif": "manquement"})
    assert "L’accès est suspendu." in done.text
    assert not Account.get_by_id(writer.account_id).rights.may_write
    again = visitor.submit(page, "Suspendre l’accès", {"motif": "manquement"})
    assert again.status == 200
    back = visitor.submit(done, "Rendre l’accès")
    assert "L’accès est rendu." in back.text
    assert Account.get_by_id(writer.account_id).rights.may_write


def test_an_organisation_that_left_is_admitted_again(app):
    organisation = factories.signed_organisation()
    manager = Membership.of_organisation(organisation)[0]
    leave_network(manager)
    visitor = someone(app)
    page = visitor.visit(f"/coordination/organismes/{organisation.code}")
    assert "Admettre de nouveau" in page.text
    visitor.submit(page, "Admettre de nouveau")
    assert Organisation.get_by_id(organisation.id).is_admitted


def test_admitting_does_not_lift_a_suspension():
    organisation = factories.admitted_organisation()
    organisation.suspend("risque", by=None)
    with pytest.raises(RuleBroken, match="suspendu"):
        organisation.admit(by=None)


# Invitations


def invited(*, is_manager=False, email="lea@example.org", **values):
    where = factories.admitted_organisation(**values)
    inviter = factories.account(name="Hélène Iché")
    return Invitation.send(where, email, "Léa", by=inviter, is_manager=is_manager)


def test_opening_the_link_tells_everything_and_uses_nothing(visitor):
    """A mail filter opens links too."""
    invitation = invited(name="L’Envol")
    for _ in range(3):
        page = visitor.visit(f"/invitation/{last_token()}")
    assert "Hélène Iché" in page.text
    assert "L’Envol" in page.text
    assert "professionnel" in page.text
    assert Invitation.get_by_id(invitation.id).is_open


def test_a_newcomer_chooses_a_password_and_lands_on_her_space(visitor):
    """REQ-77"""
    invited(name="L’Envol")
    page = visitor.visit(f"/invitation/{last_token()}")
    values = {"nom": "Léa Martin", "mot_de_passe": PASSWORD}
    home = visitor.submit(page, "Créer mon compte et rejoindre", values)
    assert home.address == "/espace-pro"
    assert "Bonjour Léa Martin" in home.text
    assert "Vous avez rejoint : L’Envol." in home.text
    account = Account.get(Account.identifier == "lea@example.org")
    assert Membership.of_account(account)[0].organisation.name == "L’Envol"


def test_a_newcomer_who_clicks_twice_enters_all_the_same(app, visitor):
    """The second click leaves before the first answer: with the cookie of before."""
    invited()
    page = visitor.visit(f"/invitation/{last_token()}")
    impatient = Visitor(app)
    impatient.client.set_cookie("portail", visitor.client.get_cookie("portail").value)
    values = {"nom": "Léa Martin", "mot_de_passe": PASSWORD}
    for one in (visitor, impatient):
        home = one.submit(page, "Créer mon compte et rejoindre", values)
        assert home.address == "/espace-pro"
    assert Account.select().where(Account.identifier == "lea@example.org").count() == 1
    assert Membership.select().count() == 1


def test_a_used_link_opens_nothing_without_the_password(app, visitor):
    invited()
    page = visitor.visit(f"/invitation/{last_token()}")
    thief = Visitor(app)
    thief.client.set_cookie("portail", visitor.client.get_cookie("portail").value)
    values = {"nom": "Léa Martin", "mot_de_passe": PASSWORD}
    visitor.submit(page, "Créer mon compte et rejoindre", values)
    again = thief.submit(page, "Créer mon compte et rejoindre", values | {"mot_de_passe": "autre"})
    assert (again.status, again.words("h1")) == (410, "Invitation déjà acceptée")
    assert thief.client.get_cookie("session_id") is None


@pytest.mark.parametrize("password", ["court", "a" * 30, "lea@example.org12", "x" * 5000, ""])
def test_a_weak_password_is_explained_and_uses_nothing(visitor, password):
    """ASVS 6.2.1, 6.2.4"""
    invitation = invited()
    page = visitor.visit(f"/invitation/{last_token()}")
    values = {"nom": "Léa Martin", "mot_de_passe": password}
    answer = visitor.submit(page, "Créer mon compte et rejoindre", values)
    assert answer.status == 422
    assert "Léa Martin" in answer.html
    assert Invitation.get_by_id(invitation.id).is_open
    assert Account.select().where(Account.identifier == "lea@example.org").count() == 0


def test_a_newcomer_manager_is_led_to_her_second_factor(visitor):
    """access.md §1: mandatory for managers."""
    invited(is_manager=True)
    page = visitor.visit(f"/invitation/{last_token()}")
    values = {"nom": "Léa Martin", "mot_de_passe": PASSWORD}
    answer = visitor.submit(page, "Créer mon compte et rejoindre", values)
    assert answer.address == "/second-code?suite=/espace-pro"


def test_who_has_an_account_signs_in_then_joins_by_a_button(app, visitor):
    account = factories.account(identifier="lea@example.org")
    invited()
    address = f"/invitation/{last_token()}"
    page = visitor.visit(address)
    assert "Vous avez déjà un compte" in page.text
    sign_in = visitor.visit(page.link("Me connecter pour accepter"))
    values = {"identifiant": "lea@example.org", "mot_de_passe": factories.SECRET}
    back = visitor.submit(sign_in, "Se connecter", values)
    assert back.address == address
    home = visitor.submit(back, "Rejoindre cet organisme")
    assert home.address == "/espace-pro"
    assert len(Membership.of_account(account)) == 1
    again = visitor.submit(back, "Rejoindre cet organisme")
    assert again.address == "/espace-pro"


def test_an_invitation_is_not_for_whoever_else_is_signed_in(app):
    invitation = invited()
    other = Visitor(app).enter(factories.account(name="Quelqu’un d’Autre"))
    page = other.visit(f"/invitation/{last_token()}")
    assert "Vous êtes connecté comme Quelqu’un d’Autre" in page.text
    assert "lea@example.org" not in page.text
    page.form("Me déconnecter")
    forced = other.client.post(
        f"/invitation/{last_token()}/rejoindre",
        data={"csrf_token": page.root.find(".//input[@name='csrf_token']").get("value")},
    )
    assert forced.status_code == 409
    assert Invitation.get_by_id(invitation.id).is_open


def test_an_expired_link_offers_a_fresh_one_to_the_same_address(visitor):
    """REQ-77: thirty days; the new link goes to the address invited and to no other."""
    invited()
    former = last_token()
    with time_machine.travel(dt.datetime.now(dt.UTC) + MONTH, tick=False):
        page = visitor.visit(f"/invitation/{former}")
        assert page.status == 410
        assert page.words("h1") == "Invitation périmée"
        sent = visitor.submit(page, "Recevoir un lien neuf")
        assert [mail.recipient for mail in mails("invitation")] == ["lea@example.org"] * 2
        assert visitor.visit(f"/invitation/{last_token()}").status == 200
        assert visitor.visit(f"/invitation/{former}").status == 404
    assert "part vers l’adresse invitée" in sent.text


def test_asking_for_a_link_says_the_same_words_whatever_happens(visitor):
    """ASVS 6.3.8"""
    invited()
    token = last_token()
    with time_machine.travel(dt.datetime.now(dt.UTC) + MONTH, tick=False):
        page = visitor.visit(f"/invitation/{token}")
        said = {visitor.submit(page, "Recevoir un lien neuf").text}
        said.add(visitor.submit(page, "Recevoir un lien neuf").text)
        form = page.form("Recevoir un lien neuf")
        form.set("action", "/invitation/jamais-vu/nouveau-lien")
        said.add(visitor.submit(page, "Recevoir un lien neuf").text)
    assert len(said) == 1


def test_a_withdrawn_link_and_an_unknown_one_are_explained(visitor):
    invited().withdraw(by=None)
    page = visitor.visit(f"/invitation/{last_token()}")
    assert (page.status, page.words("h1")) == (410, "Invitation retirée")
    for token in ("inconnu", "%00", "é" * 200, "..%2F..", "a" * 5000):
        page = visitor.visit(f"/invitation/{token}")
        assert page.status == 404


def test_an_invitation_into_a_suspended_organisation_waits(visitor):
    invitation = invited()
    invitation.organisation.suspend("risque", by=None)
    page = visitor.visit(f"/invitation/{last_token()}")
    assert page.status == 410
    assert "suspendu" in page.text


def test_clicking_to_send_again_cannot_flood_a_mailbox():
    invitation = invited()
    for _ in range(DAILY_MAILS - 1):
        invitation.resend(by=None)
    with pytest.raises(RuleBroken, match="demain"):
        invitation.resend(by=None)


def test_sending_again_keeps_who_invited():
    invitation = invited()
    invitation.resend(by=None)
    assert mails("invitation")[-1].values["inviter"] == "Hélène Iché"


# The whole path


def test_the_path_of_an_applicant_ends_with_a_professional_who_may_write(app, visitor):
    """REQ-4, REQ-69, REQ-70: each stage shows on the page of the request, in its order."""
    factories.charter()
    request = waiting_request()
    decide(someone(app), request, "Accepter la demande", {"organisme": "nouveau"})
    manager = factories.account(identifier="jeanne@lepont.example")
    membership = Invitation.of_token(last_token()).accept(manager)
    version = CharterVersion.current()
    stages = [done(visitor, request)]
    for act in (
        lambda: CharterSignature.sign(version, membership, Capacity.ORGANISATION),
        lambda: CharterSignature.sign(version, membership, Capacity.PROFESSIONAL),
        lambda: TrainingCompletion.record(manager, today(), by=None),
    ):
        act()
        stages.append(done(visitor, request))
    assert stages == [2, 3, 4, 5]
    assert "a le droit d’écrire" in visitor.visit(f"/rejoindre/{request.code}").text


def done(visitor, request):
    return visitor.visit(f"/rejoindre/{request.code}").text.count("(fait)")


def test_an_unknown_follow_up_address_is_not_found(visitor):
    assert visitor.visit("/rejoindre/0000000000").status == 404
