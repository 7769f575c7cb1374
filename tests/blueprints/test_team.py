"""One's own space, one's card and the team: who sees what, who may do what (REQ 69, 70, 77)."""

import datetime as dt

import pytest
import time_machine
from playhouse.test_utils import count_queries

from models import Account, AuditEntry, Invitation, Membership, OutgoingEmail, TrainingCompletion
from models.base import RuleBroken, today
from models.network.joining import DAILY_MAILS
from models.network.memberships import Availability, unmanaged
from tests import factories
from tests.visitor import Visitor

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def manager():
    return factories.membership(is_manager=True)


def enter(app, membership):
    return Visitor(app).enter(membership.account)


def team(membership):
    return f"/organismes/{membership.organisation.code}/equipe"


def colleague(membership, **values):
    return factories.membership(organisation=membership.organisation, **values)


# One's own space


def test_the_space_shows_the_path_step_by_step(app):
    """REQ-69, REQ-70: done, to do now, later: in words as in shape."""
    factories.charter()
    member = factories.membership()
    page = enter(app, member).visit("/espace-pro")
    assert "Votre organisme est admis dans le réseau (fait)" in page.text
    assert "Engager votre organisme dans la charte (à faire maintenant)" in page.text
    assert "Suivre la formation (plus tard)" in page.text
    assert "Vous pouvez écrire" not in page.text
    writer = factories.writer()
    page = enter(app, writer).visit("/espace-pro")
    assert "Vous pouvez écrire." in page.text
    assert page.text.count("(fait)") == 4


def test_the_space_of_nobody_says_how_to_join(app):
    page = Visitor(app).enter(factories.account()).visit("/espace-pro")
    assert "Vous n’êtes dans aucun organisme" in page.text
    assert page.link("Comment rejoindre") == "/rejoindre"


def test_the_space_shows_every_organisation_and_links_the_account(app):
    first = factories.membership(is_manager=True)
    second = factories.membership(of=first.account)
    page = enter(app, first).visit("/espace-pro")
    assert page.link("Mon compte") == "/mon-compte"
    assert page.link("Mon équipe") == team(first)
    for one in (first, second):
        assert one.organisation.name in page.text
        assert f"/ma-fiche/{one.code}" in page.html
    assert team(second) not in page.html
    assert page.link("Mon espace") == "/espace-pro"


def test_a_suspended_organisation_says_so_in_the_space(app):
    member = factories.writer()
    member.organisation.suspend("risque", by=None)
    page = enter(app, member).visit("/espace-pro")
    assert "L’accès de l’organisme est suspendu." in page.text
    assert "Vous pouvez écrire" not in page.text


# The team


def test_the_table_of_the_team_can_be_heard(app, manager):
    """WCAG 1.3.1: a caption, a header for each column and each line."""
    writer = factories.writer(organisation=factories.signed_organisation(), function="Conseillère")
    boss = colleague(writer, is_manager=True)
    page = enter(app, boss).visit(team(writer))
    table = page.root.find(".//table")
    assert table.find("caption") is not None
    columns = len(table.findall("thead/tr/th[@scope='col']"))
    for line in table.findall("tbody/tr"):
        assert len(line.findall("th[@scope='row']")) == 1
        assert len(list(line)) == columns
    assert "Conseillère" in page.text
    assert "oui" in page.all_words("td/span")


def test_the_team_asks_as_much_for_two_as_for_forty(app, manager):
    visitor = enter(app, manager)
    counts = []
    for wanted in (2, 40):
        while len(Membership.of_organisation(manager.organisation)) < wanted:
            colleague(manager)
            Invitation.send(
                manager.organisation,
                f"a{Invitation.select().count()}@example.org",
                "A",
                by=manager.account,
            )
        with count_queries() as counted:
            assert visitor.visit(team(manager)).status == 200
        counts.append(counted.count)
    assert counts[0] == counts[1]


def invite(visitor, address, **changes):
    page = visitor.visit(address)
    values = {"nom": "Léa", "courriel": "lea@example.org"} | changes
    return visitor.submit(page, "Envoyer l’invitation", values)


def test_inviting_tells_nothing_of_the_address(app, manager):
    """ASVS 6.3.8: same page, same mail, same number of queries for a known address."""
    factories.account(identifier="connue@example.org")
    visitor = enter(app, manager)
    answers = []
    for address in ("connue@example.org", "inconnue@example.org"):
        with count_queries() as counted:
            page = invite(visitor, team(manager), nom="Léa", courriel=address)
        mail = OutgoingEmail.select().order_by(OutgoingEmail.id.desc()).first()
        said = page.text.replace(address, "X").replace("Invitations en attente (2)", "(1)")
        answers.append((page.status, mail.kind, sorted(mail.values), counted.count))
        assert "Elle sert pendant trente jours" in said
        Invitation.of_organisation(manager.organisation)[0].withdraw(by=None)
    assert answers[0] == answers[1]


def test_inviting_twice_by_the_same_form_is_inviting_once(app, manager):
    visitor = enter(app, manager)
    page = visitor.visit(team(manager))
    values = {"nom": "Léa", "courriel": "lea@example.org"}
    for _ in range(2):
        assert visitor.submit(page, "Envoyer l’invitation", values).status == 200
    assert OutgoingEmail.select().count() == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"nom": ""}, "écrivez le nom"),
        ({"nom": "a" * 300}, "120 caractères au plus"),
        ({"courriel": "lea"}, "ne peut pas recevoir de courriel"),
        ({"courriel": "lea@" + "a" * 300 + ".fr"}, "254 caractères au plus"),
        ({"nom": "185057800608436"}, "sécurité sociale"),
    ],
)
def test_a_wrong_invitation_is_explained(app, manager, changes, words):
    page = invite(enter(app, manager), team(manager), **changes)
    assert page.status == 422
    assert words in page.text
    assert OutgoingEmail.select().count() == 0


def test_inviting_too_often_is_explained(app, manager):
    visitor = enter(app, manager)
    for _ in range(DAILY_MAILS):
        invite(visitor, team(manager))
    page = invite(visitor, team(manager))
    assert page.status == 422
    assert "réessayez demain" in page.text


def test_an_invitation_is_sent_again_or_withdrawn_in_one_click(app, manager):
    """REQ-77"""
    visitor = enter(app, manager)
    page = invite(visitor, team(manager))
    again = visitor.submit(page, "Renvoyer l’invitation de lea@example.org")
    assert "l’ancien ne sert plus" in again.text
    assert OutgoingEmail.select().count() == 2
    gone = visitor.submit(again, "Retirer l’invitation de lea@example.org")
    assert "L’invitation est retirée." in gone.text
    assert visitor.submit(again, "Retirer l’invitation de lea@example.org").status == 200


def test_training_is_recorded_with_its_day_and_cancelled(app, manager):
    """REQ-70"""
    member = colleague(manager)
    visitor = enter(app, manager)
    page = visitor.visit(f"/equipe/{member.code}")
    for wrong in ("", "31/02/2026", "2026-02-31", "9" * 500, "2999-01-01"):
        answer = visitor.submit(page, "Noter la formation", {"jour": wrong})
        assert answer.status == 422, wrong
    noted = visitor.submit(page, "Noter la formation", {"jour": "2026-01-05"})
    assert TrainingCompletion.of_account(member.account).done_on == dt.date(2026, 1, 5)
    visitor.submit(page, "Noter la formation", {"jour": "2026-01-05"})
    assert TrainingCompletion.select().count() == 1
    visitor.submit(noted, "Notée par erreur : l’annuler")
    assert TrainingCompletion.of_account(member.account) is None
    assert visitor.submit(noted, "Notée par erreur : l’annuler").status == 200


def test_a_training_of_somebody_else_is_not_cancelled_from_here(app, manager):
    """I13: every code in a form is authorised again."""
    member = colleague(manager)
    other = TrainingCompletion.record(factories.writer().account, today(), by=None)
    TrainingCompletion.record(member.account, today(), by=None)
    visitor = enter(app, manager)
    page = visitor.visit(f"/equipe/{member.code}")
    for code in (other.code, "0000000000", "\x00", "a" * 5000, ""):
        answer = visitor.submit(page, "Notée par erreur : l’annuler", {"formation": code})
        assert answer.status == 409
    assert TrainingCompletion.get_by_id(other.id).cancelled_at is None


def test_nobody_notes_his_own_training_nor_changes_his_own_role(app, manager):
    """I15"""
    colleague(manager, is_manager=True)
    visitor = enter(app, manager)
    page = visitor.visit(f"/equipe/{manager.code}")
    assert "Une autre personne doit noter votre formation." in page.text
    for words in ("Noter la formation", "Ne plus être responsable", "Nommer responsable"):
        with pytest.raises(AssertionError):
            page.form(words)
    with pytest.raises(RuleBroken, match="propre rôle"):
        manager.set_manager(False, by=manager.account)


def test_a_manager_names_another_then_may_be_replaced(app, manager):
    """I15: the last manager does not vanish."""
    member = colleague(manager)
    visitor = enter(app, manager)
    page = visitor.visit(f"/equipe/{member.code}")
    named = visitor.submit(page, "Nommer responsable")
    visitor.submit(page, "Nommer responsable")
    assert Membership.get_by_id(member.id).is_manager
    acts = AuditEntry.select().where(AuditEntry.act == "membership:manager")
    assert acts.count() == 1
    visitor.submit(named, "Ne plus être responsable")
    assert not Membership.get_by_id(member.id).is_manager


def test_the_last_manager_is_protected(app, manager):
    visitor = Visitor(app).enter(factories.account(role="administration"))
    page = visitor.visit(f"/equipe/{manager.code}/retirer")
    answer = visitor.submit(page, f"Retirer {manager.account.name}")
    assert answer.status == 409
    assert "dernier responsable" in answer.text
    assert Membership.get_by_id(manager.id).ended_at is None


def test_ending_a_membership_says_what_stops_then_stops_it(app):
    """I3: at the very next request."""
    writer = factories.writer()
    boss = colleague(writer, is_manager=True)
    visitor, ended = enter(app, boss), enter(app, writer)
    page = visitor.visit(f"/equipe/{writer.code}/retirer")
    assert "Son droit d’écrire pour cet organisme." in page.text
    done = visitor.submit(page, f"Retirer {writer.account.name}")
    assert f"{writer.account.name} ne fait plus partie de l’équipe." in done.text
    assert "aucun organisme" in ended.visit("/espace-pro").text
    assert ended.visit(f"/ma-fiche/{writer.code}").status == 404
    again = visitor.submit(page, f"Retirer {writer.account.name}")
    assert again.status == 200
    assert AuditEntry.select().where(AuditEntry.act == "membership:end").count() == 1


def test_the_manager_of_one_organisation_reaches_nothing_of_another(app, manager):
    """I13, ASVS 8.4.1: absent and forbidden are one answer."""
    stranger = factories.membership(is_manager=True)
    invitation = Invitation.send(stranger.organisation, "x@example.org", "X", by=None)
    visitor = enter(app, manager)
    token = visitor.visit(team(manager)).root.find(".//input[@name='csrf_token']").get("value")
    for address in (
        team(stranger),
        f"/equipe/invitations/{invitation.code}/renvoyer",
        f"/equipe/invitations/{invitation.code}/retirer",
        f"/equipe/{stranger.code}/formation",
        f"/equipe/{stranger.code}/formation/annuler",
        f"/equipe/{stranger.code}/role",
        f"/equipe/{stranger.code}/retirer",
        f"/ma-fiche/{stranger.code}",
    ):
        answer = visitor.client.post(address, data={"csrf_token": token, "responsable": "oui"})
        assert answer.status_code == 404, address
        assert stranger.account.name not in answer.text
    for address in (team(stranger), f"/equipe/{stranger.code}", f"/equipe/{stranger.code}/retirer"):
        assert visitor.visit(address).status == 404
    assert Invitation.get_by_id(invitation.id).is_pending


def test_a_role_that_is_neither_yes_nor_no_is_refused(app, manager):
    member = colleague(manager)
    visitor = enter(app, manager)
    page = visitor.visit(f"/equipe/{member.code}")
    answer = visitor.submit(page, "Nommer responsable", {"responsable": "administration"})
    assert answer.status == 400
    assert not Membership.get_by_id(member.id).is_manager


def test_an_organisation_without_living_manager_is_told(manager):
    assert unmanaged() == []
    Account.update(is_active=False).where(Account.id == manager.account_id).execute()
    assert unmanaged() == [manager.organisation]


# The card

CARD = {
    "fonction": "Conseillère en insertion",
    "territoire": "Muret, Toulouse Métropole",
    "publics": ["jeunes", "seniors"],
    "disponibilite": "complet",
    "telephone": "05 36 49 00 31",
    "courriel": "lea@organisme.example",
    "referent": "1",
    "visible": "1",
}


def write_card(app, member, **changes):
    visitor = enter(app, member)
    page = visitor.visit(f"/ma-fiche/{member.code}")
    return visitor.submit(page, "Enregistrer ma fiche", CARD | changes)


def test_a_card_is_written_in_words_and_read_back(app):
    member = factories.membership()
    assert write_card(app, member).address == "/espace-pro"
    card = Membership.get_by_id(member.id)
    assert card.zones == ["31395", "243100518"]
    assert card.audiences == ["jeunes", "seniors"]
    assert card.availability == Availability.FULL
    assert (card.is_lead, card.is_listed) == (True, True)
    page = enter(app, member).visit(f"/ma-fiche/{member.code}")
    assert page.root.find(".//textarea").text == "Muret, Toulouse Métropole"


def test_one_appears_to_nobody_unless_one_asks(app):
    """Off by default."""
    member = factories.membership()
    assert not member.is_listed
    page = enter(app, member).visit(f"/ma-fiche/{member.code}")
    assert page.root.find(".//input[@name='visible']").get("checked") is None
    assert "tout le monde" in page.text


@pytest.mark.parametrize(
    ("text", "zones"),
    [
        ("", []),
        ("Haute-Garonne", ["31"]),
        ("tout le département", ["31"]),
        ("le Volvestre\nMuret", ["200066819", "31395"]),
        ("31600, muret", None),
        ("Marseille", None),
        (",,, ,", []),
        ("Saint", None),
        (", ".join(["Muret"] * 31), None),
        ("\x00", []),
        ("a" * 1001, None),
    ],
)
def test_a_territory_is_understood_or_asked_again(app, text, zones):
    member = factories.membership()
    page = write_card(app, member, territoire=text)
    assert page.status == (422 if zones is None else 200)
    assert Membership.get_by_id(member.id).zones == (zones or [])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("fonction", ""),
        ("fonction", "a" * 200),
        ("publics", ["personne"]),
        ("disponibilite", "peut-être"),
        ("telephone", "<script>"),
        ("telephone", "--------"),
        ("courriel", "x"),
        ("courriel", "a@b.example, c@d.example"),
    ],
)
def test_a_wrong_card_is_explained_and_changes_nothing(app, field, value):
    member = factories.membership()
    page = write_card(app, member, **{field: value})
    assert page.status == 422
    assert Membership.get_by_id(member.id).function == ""


def test_nobody_writes_the_card_of_another(app, manager):
    """ASVS 8.2.2: not even the manager."""
    member = colleague(manager)
    assert enter(app, manager).visit(f"/ma-fiche/{member.code}").status == 404


def test_hidden_fields_of_a_card_change_nothing_else(app):
    """ASVS 15.3.3: mass assignment."""
    member = factories.membership()
    write_card(app, member, is_manager="1", organisation="1", account="1", ended_at="2020-01-01")
    assert not Membership.get_by_id(member.id).is_manager
    assert Membership.get_by_id(member.id).account_id == member.account_id


def test_an_old_invitation_shows_as_expired(app, manager):
    Invitation.send(manager.organisation, "lea@example.org", "Léa", by=manager.account)
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=31), tick=False):
        page = enter(app, manager).visit(team(manager))
    assert "Périmée le" in page.text


# The ages that an organisation accompanies (REQ-207)


def test_a_manager_says_whom_the_organisation_accompanies_and_since_when(app, manager):
    page = enter(app, manager).visit(team(manager))
    typed = {"age_min": "16", "age_max": "25", "depuis": "2020-03-01"}
    visitor = enter(app, manager)
    page = visitor.submit(visitor.visit(team(manager)), "Enregistrer l’âge", typed)
    assert "est enregistré" in page.text
    shown = visitor.visit(f"/partenaires/{manager.organisation.code}").text
    assert "Accompagne les personnes de 16 à 25 ans." in shown
    assert "Règle en vigueur depuis le 1 mars 2020." in shown.replace("1er", "1")


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ({"age_min": "25", "age_max": "16", "depuis": "2020-03-01"}, "age_max"),
        ({"age_min": "16", "age_max": "25", "depuis": ""}, "age_max"),
        ({"age_min": "seize", "age_max": "25", "depuis": "2020-03-01"}, "age_min"),
        ({"age_min": "16", "age_max": "125", "depuis": "2020-03-01"}, "age_max"),
        ({"age_min": "16", "age_max": "25", "depuis": "2020-02-31"}, "depuis"),
    ],
)
def test_an_age_that_cannot_be_is_explained_with_what_was_typed(app, manager, typed, name):
    visitor = enter(app, manager)
    page = visitor.submit(visitor.visit(team(manager)), "Enregistrer l’âge", typed)
    assert page.status == 422
    assert page.root.find(f".//input[@id='{name}']").get("aria-invalid") == "true"
    assert page.root.find(".//input[@id='age_min']").get("value") == typed["age_min"]


def test_a_rule_of_age_holds_from_its_day_and_refuses_nobody(manager):
    """REQ-207: dated, and never written in the code."""
    organisation = manager.organisation
    assert organisation.accompanies(70)
    organisation.target_ages(16, None, today() + dt.timedelta(days=1), by=manager.account)
    assert organisation.accompanies(15)
    organisation.target_ages(16, 25, today(), by=manager.account)
    assert [organisation.accompanies(age) for age in (15, 16, 25, 26)] == [False, True, True, False]
    organisation.target_ages(None, 25, today(), by=manager.account)
    assert organisation.accompanies(15)
    organisation.target_ages(None, None, today(), by=manager.account)
    assert organisation.target_age_since is None
    assert organisation.accompanies(70)
