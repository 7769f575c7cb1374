"""Keeping actions, handing lists over, saving searches, and the links that need no session."""

import datetime as dt
import re
import xml.etree.ElementTree as ET
from urllib.parse import urlsplit

import pytest
import time_machine
from playhouse.test_utils import count_queries

from blueprints import mail
from models import ActionList, AuditEntry, Bookmark, OutgoingEmail, SavedSearch
from models.accounts.account import Role
from models.base import now, today
from models.following.news import alert_due
from models.following.saved_searches import Rhythm
from models.search_index import current_index
from models.vocabularies import Status
from tests import factories
from tests.visitor import Visitor

pytestmark = pytest.mark.usefixtures("db")

ATOM = "{http://www.w3.org/2005/Atom}"
NIR = "2 85 05 78 006 084 36"


@pytest.fixture
def membership():
    return factories.membership()


@pytest.fixture
def me(app, membership):
    return Visitor(app).enter(membership.account)


@pytest.fixture
def stranger(app):
    return Visitor(app).enter(factories.membership().account)


def published(name="Passer le permis", **values):
    action = factories.action(name=name, **values)
    current_index().put(action)
    return action


def acts():
    return [entry.act for entry in AuditEntry.select() if not entry.act.startswith("session")]


def sheet_of(action):
    return f"/actions/{action.code}"


# Bookmarks


def test_a_sheet_is_kept_and_let_go_from_its_page(me):
    action = published()
    page = me.visit(sheet_of(action))
    kept = me.submit(page, "Garder")
    assert kept.address == sheet_of(action)
    assert "Gardée" in kept.text
    me.submit(page, "Garder")
    assert Bookmark.select().count() == 1
    gone = me.submit(kept, "Retirer")
    assert gone.address == sheet_of(action)
    assert gone.form("Garder") is not None
    assert {"bookmark:keep", "bookmark:remove"} <= set(acts())


def test_a_visitor_is_offered_nothing_to_keep(visitor):
    """The public page weighs no more."""
    page = visitor.visit(sheet_of(published()))
    assert "Garder" not in page.text
    assert "Enregistrer cette recherche" not in visitor.visit("/actions").text


def test_who_only_administers_keeps_nothing(app):
    admin = Visitor(app).enter(factories.account(role=Role.ADMIN))
    assert "Garder" not in admin.visit(sheet_of(published())).text
    assert admin.visit("/mes-favoris").status == 404


def test_the_page_of_bookmarks_shows_notes_and_what_is_over(me, membership):
    for action in (published("Ouverte"), published("Arrêtée", status=Status.ARCHIVED)):
        Bookmark.keep(action, by=membership.account).annotate("Le matin.", by=membership.account)
    page = me.visit("/mes-favoris")
    assert page.title.startswith("Mes favoris (2 actions)")
    assert page.text.count("N’est plus proposée") == 1
    assert page.text.count("Ma note : Le matin.") == 2


def test_a_removal_is_undone_by_a_button(me, membership):
    bookmark = Bookmark.keep(published(), by=membership.account)
    bookmark.annotate("Le matin.", by=membership.account)
    page = me.submit(me.visit("/mes-favoris"), "Retirer Passer le permis")
    assert "Retirée : Passer le permis" in page.text
    back = me.submit(page, "Remettre")
    assert "Ma note : Le matin." in back.text
    assert "Retirée :" not in back.text
    assert me.visit("/mes-favoris?retiree=x").status == 200


def test_the_removal_of_another_is_not_shown(me, stranger, membership):
    bookmark = Bookmark.keep(published(), by=membership.account)
    bookmark.remove(by=membership.account)
    page = stranger.visit(f"/mes-favoris?retiree={bookmark.code}")
    assert "Passer le permis" not in page.text


def test_a_note_is_written_and_wrong_ones_are_kept_to_be_put_right(me, membership):
    bookmark = Bookmark.keep(published(), by=membership.account)
    page = me.visit(f"/mes-favoris/{bookmark.code}/note")
    assert "Ne nommez jamais une personne accompagnée." in page.text
    long = me.submit(page, "Enregistrer ma note", {"note": "abc " * 200})
    assert long.status == 422
    assert "abc abc" in long.html
    done = me.submit(long, "Enregistrer ma note", {"note": "Appeler le matin."})
    assert "Ma note : Appeler le matin." in done.text


def test_a_social_security_number_is_refused_and_not_shown_back(me, membership):
    """décret 2019-341"""
    bookmark = Bookmark.keep(published(), by=membership.account)
    page = me.visit(f"/mes-favoris/{bookmark.code}/note")
    answer = me.submit(page, "Enregistrer ma note", {"note": f"Dossier {NIR}"})
    assert answer.status == 422
    assert NIR not in answer.html


@pytest.mark.parametrize("code", ["", "x", "0000000000", "' OR 1=1 --", "\x00"])
def test_what_is_not_an_action_is_not_kept(me, code):
    page = me.visit(sheet_of(published()))
    answer = me.submit(page, "Garder", {"action": code})
    assert answer.status in (400, 404)
    assert Bookmark.select().count() == 0


def test_a_draft_of_others_cannot_be_kept_nor_put_in_a_list(me):
    """I13: what the form names is authorised again."""
    draft = factories.action(status=Status.DRAFT)
    page = me.visit(sheet_of(published()))
    assert me.submit(page, "Garder", {"action": draft.code}).status == 404
    assert me.submit(page, "Mettre dans la liste", {"action": draft.code}).status == 404


def test_bookmarks_are_read_in_as_many_queries_for_two_as_for_twenty(me, membership):
    counts = []
    for wanted in (2, 18):
        for _ in range(wanted):
            Bookmark.keep(published(), by=membership.account)
        with count_queries() as counted:
            assert me.visit("/mes-favoris").status == 200
        counts.append(counted.count)
    assert counts[0] == counts[1]


# Lists


def started(me, name="Garde d’enfants à Muret"):
    return me.submit(me.visit("/mes-listes"), "Commencer la liste", {"nom": name})


def test_a_list_is_started_once_filled_and_ordered(me, membership):
    for name in ("Première", "Deuxième"):
        Bookmark.keep(published(name), by=membership.account)
    empty = me.visit("/mes-listes")
    page = me.submit(empty, "Commencer la liste", {"nom": "Garde"})
    assert me.submit(empty, "Commencer la liste", {"nom": "Garde"}).address == page.address
    assert ActionList.select().count() == 1
    for bookmark in Bookmark.select().order_by(Bookmark.id):
        page = me.submit(page, "Ajouter", {"action": bookmark.action.code})
    assert page.all_words("h3") == ["1. Première", "2. Deuxième"]
    page = me.submit(page, "Monter Deuxième")
    assert page.all_words("h3") == ["1. Deuxième", "2. Première"]
    page = me.submit(page, "Enlever Deuxième")
    assert page.all_words("h3") == ["1. Première"]
    assert {"list:create", "list:add", "list:move", "list:withdraw"} <= set(acts())


def test_a_sheet_goes_into_a_list_from_its_page(me, membership):
    action = published()
    page = me.visit(sheet_of(action))
    fresh = me.submit(page, "Mettre dans la liste", {"liste": "nouvelle"})
    assert "Elle commencera par : Passer le permis." in fresh.text
    kept = me.submit(fresh, "Commencer la liste", {"nom": "Permis"})
    assert kept.all_words("h3") == ["1. Passer le permis"]
    other = published("Louer une voiture")
    code = ActionList.get().code
    kept = me.submit(me.visit(sheet_of(other)), "Mettre dans la liste", {"liste": code})
    assert kept.all_words("h3") == ["1. Passer le permis", "2. Louer une voiture"]


def test_the_list_of_another_takes_nothing(me, stranger, membership):
    mine = ActionList.start("Garde", by=membership.account)
    page = stranger.visit(sheet_of(published()))
    assert stranger.submit(page, "Mettre dans la liste", {"liste": mine.code}).status == 404
    assert stranger.submit(page, "Mettre dans la liste", {"liste": "x"}).status == 400
    assert stranger.visit(f"/mes-listes/{mine.code}").status == 404


def test_a_full_list_says_so(me, membership, monkeypatch):
    monkeypatch.setattr("models.following.lists.MOST_ITEMS", 0)
    mine = ActionList.start("Garde", by=membership.account)
    page = me.visit(sheet_of(published()))
    answer = me.submit(page, "Mettre dans la liste", {"liste": mine.code})
    assert answer.status == 422
    assert "commencez-en une autre" in answer.text


@pytest.mark.parametrize("name", ["", "a" * 81, f"Suivi {NIR}", "\x00\u202e"])
def test_a_list_needs_a_right_name(me, name):
    page = started(me, name)
    assert page.status == 422
    assert NIR not in page.html
    assert ActionList.select().count() == 0


def test_a_list_is_renamed_and_says_who_prepared_it(me, membership):
    page = started(me)
    wrong = me.submit(page, "Enregistrer", {"organisme": factories.organisation().code})
    assert wrong.status == 422
    code = membership.organisation.code
    page = me.submit(page, "Enregistrer", {"nom": "Gardes", "organisme": code})
    assert page.words("h1") == "Gardes"
    shared = me.visit(page.link("Voir la feuille"))
    assert f"Préparée par : {membership.organisation.name}." in shared.text


def test_a_list_is_read_by_whoever_holds_its_code_once_shared(me, visitor, membership):
    """Nothing on it tells who prepared it but where."""
    page = started(me)
    code = ActionList.get().code
    ActionList.get().add(published(documents=["Pièce d’identité"], phone="0561000000",
                                   commune="Muret", opening_hours="Mo-Fr 09:00-12:00",
                                   description="On **conduit**. Puis on passe l’examen."),
                         by=membership.account)  # fmt: skip
    ActionList.get().add(published("Finie", status=Status.ARCHIVED), by=membership.account)
    assert visitor.visit(f"/listes/{code}").status == 404
    me.submit(page, "Partager la liste")
    shared = visitor.visit(f"/listes/{code}")
    assert shared.status == 200
    for words in ("On conduit.", "05 61 00 00 00", "Muret", "du lundi au vendredi",
                  "Pièce d’identité", "/a/", "Cette action n’est plus proposée.",
                  "Photographiez ce code"):  # fmt: skip
        assert words in shared.text.replace("\u00a0", " "), words
    assert "Puis on passe" not in shared.text
    assert membership.account.name not in shared.text
    assert "Garde d’enfants" not in shared.title
    assert 'src="data:image/svg+xml' in shared.html
    assert shared.headers["X-Robots-Tag"] == "noindex"
    me.submit(me.visit(f"/mes-listes/{code}"), "Ne plus partager")
    assert visitor.visit(f"/listes/{code}").status == 404


def test_its_author_reads_the_sheet_to_print_before_sharing_it(me):
    page = started(me)
    sheet = me.visit(page.link("Voir la feuille"))
    assert sheet.status == 200
    assert "Vous seul voyez cette page." in sheet.text
    assert "Photographiez" not in sheet.text


def test_a_list_is_deleted_after_one_has_read_what_goes(me):
    page = started(me)
    ask = me.visit(page.link("Supprimer la liste"))
    assert ActionList.select().count() == 1
    done = me.submit(ask, "Supprimer la liste")
    assert "La liste est supprimée." in done.text
    assert ActionList.select().count() == 0


@pytest.mark.parametrize("place", ["", "-1", "²", "9" * 400_000, "x"])
def test_a_wrong_place_breaks_nothing(me, membership, place):
    page = started(me)
    for name in "ab":
        ActionList.get().add(published(name), by=membership.account)
    page = me.visit(page.address)
    assert me.submit(page, "Monter b", {"place": place}).status in (200, 400, 413)


# Saved searches


def save(me, address="/actions?q=permis&commune=Muret", **values):
    page = me.visit(me.visit(address).link("Enregistrer cette recherche"))
    return me.submit(page, "Enregistrer la recherche", {"nom": "Mon permis"} | values)


def test_a_search_is_saved_run_again_and_deleted(me):
    page = save(me)
    assert page.address == "/mes-recherches"
    assert SavedSearch.get().query == {"q": "permis", "commune": "31395"}
    assert "« permis », à moins de 30 km de Muret" in page.text.replace("\u00a0", " ")
    again = me.visit(page.link("Relancer Mon permis"))
    assert again.title.startswith("Aucune action trouvée pour « permis » près de Muret")
    asked = me.visit(me.visit(page.link("Régler")).link("Supprimer"))
    assert "est supprimée" in me.submit(asked, "Supprimer la recherche").text
    assert SavedSearch.select().count() == 0


def test_filters_are_saved_and_their_names_proposed(me):
    published(thematics=["mobilite--preparer-un-permis"])
    page = me.visit("/actions?thematique=mobilite&frais=gratuit&apres=0000000000&endpoint=x")
    page = me.visit(page.link("Enregistrer cette recherche"))
    assert 'value="Mobilité, Gratuit"' in page.html
    me.submit(page, "Enregistrer la recherche")
    assert SavedSearch.get().query == {"thematique": ["mobilite"], "frais": ["gratuit"]}


def test_words_of_a_life_are_not_kept_and_their_themes_are_offered(me):
    """`Recognition.sensitive`: nothing of such a text is written anywhere."""
    page = me.visit("/mes-recherches/nouvelle?q=mon+mari+me+frappe&commune=Muret")
    assert page.status == 200
    assert "q" not in {field.get("name") for field in page.root.iter("input")}
    assert "mari" not in page.text
    themes = [
        box.get("value") for box in page.root.iter("input") if box.get("name") == "thematique"
    ]
    me.submit(page, "Enregistrer la recherche", {"thematique": themes[:1]})
    assert SavedSearch.get().query == {"commune": "31395", "thematique": themes[:1]}


@pytest.mark.parametrize(
    "address",
    ["?commune=Marseille", "?rayon=x", "?thematique=zzz", "?organisme=0000000000",
     "?q=" + "a" * 300, "?commune=Saint"],
)  # fmt: skip
def test_a_search_that_cannot_be_understood_is_explained(me, address):
    assert me.visit(f"/mes-recherches/nouvelle{address}").status == 422


@pytest.mark.parametrize("values", [{"nom": ""}, {"nom": "a" * 81}, {"rythme": "toujours"}])
def test_a_wrong_answer_keeps_what_was_typed(me, values):
    page = save(me, **values)
    assert page.status == 422
    assert 'name="q" value="permis"' in page.html
    assert SavedSearch.select().count() == 0


def test_a_form_sent_twice_saves_once(me):
    page = me.visit("/mes-recherches/nouvelle?q=permis")
    for _ in range(2):
        done = me.submit(page, "Enregistrer la recherche", {"nom": "Permis"})
        assert done.address == "/mes-recherches"
    again = save(me, "/actions?q=permis", nom="Encore")
    assert again.status == 422
    assert "sous le nom « Permis »" in again.text.replace("\u00a0", " ")


def test_the_rhythm_is_changed(me):
    page = me.visit(save(me).link("Régler"))
    page = me.submit(page, "Enregistrer", {"rythme": "mois", "nom": "Le permis"})
    assert "Le permis" in page.all_words("h2")
    assert SavedSearch.get().rhythm == Rhythm.MONTHLY


def test_the_search_of_another_is_nobodys(me, stranger):
    save(me)
    code = SavedSearch.get().code
    assert stranger.visit(f"/mes-recherches/{code}").status == 404
    assert stranger.visit("/mes-recherches").text.count("Mon permis") == 0


# The e-mail, and the link that stops it


@pytest.fixture
def alert(membership):
    """The e-mail of an alert, two weeks after the search was saved."""
    start = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
    with time_machine.travel(start, tick=False) as clock:
        SavedSearch.keep("Mon permis", {"q": "permis"}, Rhythm.FORTNIGHTLY, by=membership.account)
        clock.shift(dt.timedelta(days=1))
        published("Permis <b>neuf</b>")
        clock.shift(dt.timedelta(days=14))
        alert_due()
        yield OutgoingEmail.select().order_by(OutgoingEmail.id.desc()).first()


def stop_address(message):
    link = re.search(r"http\S*/arreter/\S+", mail.write(message).text)[0]
    return urlsplit(link).path


def test_the_mail_says_what_is_new_and_its_subject_says_nothing(app, alert):
    with app.app_context():
        words = mail.write(alert)
    assert words.subject == "De nouvelles actions pour une de vos recherches"
    assert "Permis <b>neuf</b>" in words.text
    assert "<b>neuf" not in words.html
    assert "« Mon permis »" in words.text.replace("\u00a0", " ")
    assert "/actions?q=permis" in words.text


def test_the_link_of_the_mail_stops_the_alerts_by_a_button(app, visitor, alert):
    """Opened without a session; opening it changes nothing, since mail servers open links."""
    with app.app_context():
        address = stop_address(alert)
    page = visitor.visit(address)
    assert SavedSearch.get().rhythm == Rhythm.FORTNIGHTLY
    assert "permis" not in page.title.lower()
    done = visitor.submit(page, "Ne plus recevoir")
    assert done.words("h1") == "Vous ne recevrez plus ces courriels"
    again = visitor.submit(page, "Ne plus recevoir")
    assert again.status == 200
    assert acts().count("search:stop") == 1


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_that_was_tampered_with_is_explained(app, visitor, alert, method, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    with app.app_context():
        address = stop_address(alert)
    answer = getattr(visitor.client, method)(address[:-1] + ("A" if address[-1] != "A" else "B"))
    assert answer.status_code == 410
    assert SavedSearch.get().rhythm == Rhythm.FORTNIGHTLY


# The feed


def feed_of(saved):
    return f"/mes-recherches/flux/{saved.feed_token}"


@pytest.fixture
def saved(membership):
    return SavedSearch.keep("Mon permis", {"q": "permis"}, Rhythm.NEVER, by=membership.account)


def test_the_feed_is_valid_atom_without_a_session(visitor, saved, membership):
    """RFC 4287: what a feed and an entry must hold, once, and in the right form."""
    published("Permis & <code>", description="On conduit.\ufffe Et puis.", summary=None)
    published("Permis ancien", created_at=now() - dt.timedelta(days=30))
    answer = visitor.client.get(feed_of(saved))
    assert answer.status_code == 200
    assert answer.mimetype == "application/atom+xml"
    root = ET.fromstring(answer.data)
    assert root.tag == f"{ATOM}feed"
    entries = root.findall(f"{ATOM}entry")
    assert [one.findtext(f"{ATOM}title") for one in entries] == ["Permis & <code>", "Permis ancien"]
    for one in (root, *entries):
        for name in ("id", "title", "updated"):
            assert len(one.findall(ATOM + name)) == 1
        assert one.findtext(f"{ATOM}id").startswith("urn:uuid:")
        moment = dt.datetime.fromisoformat(one.findtext(f"{ATOM}updated"))
        assert moment.tzinfo is not None
        assert one.findtext(f"{ATOM}author/{ATOM}name")
    assert len({one.findtext(f"{ATOM}id") for one in entries}) == 2
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links["self"].endswith(feed_of(saved))
    assert entries[0].find(f"{ATOM}link").get("href").startswith("http://localhost/actions/")
    for secret in (membership.account.name, membership.account.identifier, "Mon permis"):
        assert secret not in answer.text


def test_an_entry_of_the_feed_is_never_dated_in_the_future(visitor, saved):
    """Half past midnight in France is still the day before in Greenwich."""
    night = dt.datetime(2027, 6, 10, 22, 30, tzinfo=dt.UTC)
    with time_machine.travel(night, tick=False):
        published(created_at=now() - dt.timedelta(days=3), verified_on=today())
        root = ET.fromstring(visitor.client.get(feed_of(saved)).data)
    [updated] = [one.findtext(f"{ATOM}updated") for one in root.findall(f"{ATOM}entry")]
    assert dt.datetime.fromisoformat(updated) == night - dt.timedelta(minutes=30)


def test_a_feed_that_did_not_change_is_not_sent_again(visitor, saved):
    published()
    first = visitor.client.get(feed_of(saved))
    for header in ("ETag", "Last-Modified"):
        name = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}[header]
        again = visitor.client.get(feed_of(saved), headers={name: first.headers[header]})
        assert again.status_code == 304
        assert again.data == b""
    published("Un autre permis")
    tag = {"If-None-Match": first.headers["ETag"]}
    assert visitor.client.get(feed_of(saved), headers=tag).status_code == 200


def test_an_empty_feed_is_a_feed(visitor, saved):
    root = ET.fromstring(visitor.client.get(feed_of(saved)).data)
    assert root.findall(f"{ATOM}entry") == []
    assert root.findtext(f"{ATOM}updated")


def test_a_feed_holds_fifty_actions_at_most(visitor, saved):
    for _ in range(51):
        published()
    root = ET.fromstring(visitor.client.get(feed_of(saved)).data)
    assert len(root.findall(f"{ATOM}entry")) == 50


def test_another_address_closes_the_former_one(me, visitor, saved):
    page = me.visit(f"/mes-recherches/{saved.code}")
    assert feed_of(saved) in page.text
    page = me.submit(page, "Changer l’adresse")
    assert visitor.client.get(feed_of(saved)).status_code == 404
    assert visitor.client.get(feed_of(SavedSearch.get())).status_code == 200
    assert "search:feed" in acts()


def test_the_feed_of_a_closed_account_is_closed(visitor, saved, membership):
    membership.account.deactivate()
    assert visitor.client.get(feed_of(saved)).status_code == 404


def test_the_secret_address_is_written_in_no_log(visitor, saved, caplog, capsys):
    visitor.client.get(feed_of(saved))
    assert saved.feed_token not in caplog.text + "".join(capsys.readouterr())
