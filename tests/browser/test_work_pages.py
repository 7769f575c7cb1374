"""Pages of signed-in work, in a real browser without scripts, as the persona who uses them."""

import re
from urllib.parse import urlsplit

import pytest

from models import Account, Session
from tests.engines import ENGINES

pytestmark = [
    pytest.mark.browser,
    # What these pages look like does not change with the engine.
    pytest.mark.parametrize("server", ENGINES[:1], indirect=True, scope="session"),
]
PAGE_BYTES = 9_000

# The sixty-nine national themes of this form weigh more than the rest of the page.
# Every sheet of paper of the template, to be printed whole.
HEAVIER = {"/essentiel": 10_500, "/papier": 12_000}

# (persona, path), or (persona, page that lists it, pattern of its address, what follows it).
PAGES = [
    ("amina", "/espace-pro"),
    ("amina", "/mon-compte"),
    ("amina", "/mon-compte/mot-de-passe"),
    ("amina", "/second-code"),
    ("amina", "/espace-pro", "/ma-fiche/"),
    ("amina", "/personnes"),
    ("amina", "/personnes/sans-solution"),
    ("amina", "/personnes/nouvelle"),
    ("amina", "/personnes/rejoindre"),
    ("amina", "/personnes", "/personnes/[0-9a-z]{10}/remise"),
    *(
        ("amina", "/personnes", '/personnes/[0-9a-z]{10}(?=")', after)
        for after in (
            "",
            "/imprimer",
            "/identite",
            "/accord",
            "/code",
            "/accompagnement",
            "/emploi",
        )
    ),
    *(
        ("amina", "/personnes", '/personnes/[0-9a-z]{10}(?=")', f"/accompagnement/{after}")
        for after in ("relais", "parcours")
    ),
    *(
        ("amina", "/personnes", '/personnes/[0-9a-z]{10}(?=")', f"/diagnostics{after}")
        for after in ("", "/papier")
    ),
    *(
        # Rosa’s, the only one of that list whose plan is under way.
        ("amina", "/personnes", '/personnes/[0-9a-z]{10}(?=">.bdi.Rosa)', f"/plan{after}")
        for after in ("", "/priorites", "/accord", "/heures", "/finir", "/imprimer")
    ),
    ("amina", "/prescriptions"),
    *(
        ("amina", "/prescriptions", '/personnes/[0-9a-z]{10}/prescriptions(?=")', after)
        for after in ("", "/choisir")
    ),
    *(
        ("amina", "/prescriptions", "/personnes/[0-9a-z]{10}/prescriptions/[0-9a-z]{10}", after)
        for after in ("", "/liaison", "/liaison/imprimer")
    ),
    ("amina", "/prescriptions/recues"),
    ("amina", "/mes-favoris"),
    ("amina", "/mes-favoris", "/mes-favoris/[0-9a-z]{10}/note"),
    ("amina", "/mes-favoris", "/actions/[0-9a-z]{10}"),
    ("amina", "/mes-listes"),
    ("amina", "/mes-listes", "/mes-listes/[0-9a-z]{10}"),
    ("amina", "/mes-recherches"),
    ("amina", "/mes-recherches", "/mes-recherches/[0-9a-z]{10}"),
    ("amina", "/mes-recherches/nouvelle?q=je+n’ai+pas+de+garde&commune=Muret"),
    ("francois", "/besoins-sans-reponse"),
    ("francois", "/indicateurs/diagnostic"),
    ("francois", "/indicateurs/prescriptions"),
    ("francois", "/acces/surveillance"),
    ("irene", "/acces/surveillance"),
    ("francois", "/acces/questions"),
    ("irene", "/acces/incident"),
    ("amina", "/recrutements"),
    ("amina", "/recrutements", "/recrutements/[0-9a-z]{10}"),
    ("amina", "/recrutements/nouveau"),
    ("francois", "/recrutements/nouveau"),
    ("amina", "/mes-fiches"),
    ("amina", "/mes-fiches?etat=publiee"),
    ("amina", "/mes-fiches", "/fiches/[0-9a-z]{10}"),
    *(
        ("amina", "/mes-fiches", "/fiches/[0-9a-z]{10}", f"/{part}")
        for part in ("essentiel", "public", "lieu", "demande", "dates", "suivi", "historique")
    ),
    ("amina", "/fiches/nouvelle"),
    ("bruno", "/mes-fiches"),
    ("jules", "/mes-fiches"),
    ("jules", "/fiches/a-relire"),
    ("amina", "/fiches/par-tableur"),
    ("amina", "/fiches/par-tableur", "/fiches/par-tableur/[0-9a-z]{10}"),
    ("bruno", "/espace-pro"),
    ("bruno", "/espace-pro", "/charte/signer/"),
    ("gaelle", "/espace-pro"),
    ("helene", "/charte/signer"),
    ("helene", "/charte/signer", "/charte/quitter/"),
    ("helene", "/charte/signer", "/charte/retirer/"),
    ("helene", "/espace-pro", "/organismes/"),
    ("francois", "/espace-pro"),
    ("francois", "/coordination"),
    ("francois", "/coordination", "/coordination/demandes/"),
    ("francois", "/coordination", "/coordination/organismes/"),
    ("francois", "/coordination/inviter"),
    ("francois", "/charte/preparer"),
    ("amina", "/trame"),
    *(
        ("amina", "/trame", '/trame/[0-9a-z]{10}(?=")', after)
        for after in ("", "/parties/projet", "/parties/sante", "/papier")
    ),
    ("francois", "/coordination/trame"),
    ("emile", "/administration/comptes"),
    ("emile", "/administration/comptes", "/administration/comptes/[0-9a-z]{10}"),
    ("emile", "/administration/comptes/nouveau"),
    ("emile", "/administration/taches"),
    ("emile", "/administration/courriels"),
    ("emile", "/administration/courriels", "/administration/courriels/[0-9a-z]{10}"),
    ("irene", "/espace-pro"),
    ("amina", "/corrections"),
    ("amina", "/actions", "/actions/[0-9a-z]{10}"),
    ("amina", "/actions", "/actions/[0-9a-z]{10}", "/corriger"),
    ("amina", "/personnes/demander"),
    ("amina", "/personnes/relais"),
    ("diane", "/animation/sans-referent"),
    ("diane", "/fraicheur"),
    ("diane", "/fraicheur", "/fraicheur/"),
]


def session_of(server, persona):
    """The token of a session of this persona, its second factor shown."""
    with server.data():
        account = Account.get(Account.identifier == f"{persona}@demo.example")
        return Session.open(account, by_means="test", has_second_factor=True)[1]


def path_from(window, listed_on, pattern):
    """The first address of this page that matches the pattern."""
    window.visit(listed_on)
    return re.search(f'href="({pattern}[^"]*)"', window.page.content())[1]


@pytest.fixture(params=PAGES, ids=lambda page: " ".join(page))
def page(request):
    return request.param


def test_a_page_of_work_has_no_fault_that_a_tool_can_see(open_window, server, violations, page):
    persona, path, *pattern = page
    pattern, after = pattern[:1], "".join(pattern[1:])
    window = open_window(javascript=False)
    cookie = {"name": "session_id", "value": session_of(server, persona), "url": server.address}
    window.context.add_cookies([cookie])
    if pattern:
        path = path_from(window, path, pattern[0]) + after

    response = window.visit(path)

    assert_no_fault(window, response, violations, HEAVIER.get(after, PAGE_BYTES))


def assert_no_fault(window, response, violations, most_bytes=PAGE_BYTES):
    assert response.status == 200
    assert response.headers["cache-control"] == "no-store"
    assert window.complaints == []
    assert window.requests_elsewhere() == []
    for _ in window.each_width():
        assert violations(window.page, javascript=False) == []
        assert window.sideways_scroll() == 0
    assert window.bytes_of("Document") <= most_bytes


SHEETS = "Identifiant;Nom;Description;Frais\n;Un atelier;Un atelier pour essayer.;gratuit\n"


def test_a_deposit_has_no_fault_from_its_file_to_its_report(open_window, server, violations):
    """REQ-15: the whole way without a script, and without a worker."""
    window = open_window(javascript=False)
    cookie = {"name": "session_id", "value": session_of(server, "amina"), "url": server.address}
    window.context.add_cookies([cookie])
    window.visit(path_from(window, "/fiches/par-tableur", "/fiches/par-tableur/[0-9a-z]{10}"))
    lines = SHEETS + "".join(f";x{n};y;troc\n" for n in range(80))
    file = {"name": "fiches.csv", "mimeType": "text/csv", "buffer": lines.encode()}
    window.page.get_by_label("Votre fichier").set_input_files(file)
    window.page.get_by_role("button", name="Déposer et vérifier").click()
    waiting = urlsplit(window.page.url).path
    assert_no_fault(window, window.visit(f"{waiting}?main=1"), violations)
    window.page.get_by_role("button", name="Vérifier maintenant").click()
    assert_no_fault(window, window.visit(waiting), violations)
    assert window.page.get_by_role("heading", level=1).inner_text().startswith("Vérifié")
    window.page.get_by_role("button", name="Abandonner ce dépôt").click()
    assert window.page.get_by_role("heading", level=1).inner_text().startswith("Abandonné")


def test_an_operation_of_recruitment_prints_on_one_page_of_paper(open_window, server):
    """REQ-28: the funnel, its steps and its organisations on one A4."""
    window = open_window()
    cookie = {"name": "session_id", "value": session_of(server, "amina"), "url": server.address}
    window.context.add_cookies([cookie])
    window.visit(path_from(window, "/recrutements", "/recrutements/[0-9a-z]{10}"))
    pages = window.sheets_of_paper()
    window.page.emulate_media(media="print")

    assert pages == 1
    assert window.page.get_by_text("63", exact=True).first.is_visible()
    assert not window.page.get_by_text("Clore l’opération").is_visible()


def test_the_code_of_a_person_prints_alone_on_one_page_of_paper(open_window, server):
    """REQ-42: in large type, without what is for the professional."""
    window = open_window(javascript=False)
    cookie = {"name": "session_id", "value": session_of(server, "amina"), "url": server.address}
    window.context.add_cookies([cookie])
    window.visit(path_from(window, "/personnes", "/personnes/[0-9a-z]{10}/remise"))
    again = window.page.get_by_role("button", name="Tirer un autre code")
    if again.is_visible():
        again.click()
    pages = window.sheets_of_paper()
    window.page.emulate_media(media="print")

    assert pages == 1
    assert window.page.get_by_role("heading", name="Votre code d’accès").is_visible()
    assert not window.page.get_by_text("Son accord de partage").is_visible()


# Where its address is listed, how it is found there, and what follows it.
PRINTED = {
    "file": ("/personnes", '/personnes/[0-9a-z]{10}(?=")', "/imprimer"),
    # REQ-68: the contract of both sides is handed over on one sheet.
    "plan": ("/personnes", '/personnes/[0-9a-z]{10}(?=">.bdi.Rosa)', "/plan/imprimer"),
    # REQ-182: what a place of training reports goes with her on one sheet.
    "liaison sheet": (
        "/prescriptions",
        "/personnes/[0-9a-z]{10}/prescriptions/[0-9a-z]{10}",
        "/liaison/imprimer",
    ),
}


@pytest.mark.parametrize("printed", PRINTED)
def test_what_is_handed_over_prints_on_one_page_of_paper(open_window, server, printed):
    listed_on, pattern, after = PRINTED[printed]
    window = open_window(javascript=False)
    cookie = {"name": "session_id", "value": session_of(server, "amina"), "url": server.address}
    window.context.add_cookies([cookie])
    window.visit(f"{path_from(window, listed_on, pattern)}{after}")

    assert window.sheets_of_paper() == 1
    assert window.page.pdf(format="A4", prefer_css_page_size=True).count(b"/Type /Page\n") == 1
