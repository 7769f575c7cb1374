"""A diagnostic through its whole life: begun by a référent, resumed by another after the handover,
read again by its person, followed by a plan, then compared six months later; and the grid led by a
mother alone at a kiosk (REQ-30, REQ-33, REQ-35, REQ-38, REQ-68).

A real Chromium in front of a real server, through pages only.
"""

import datetime as dt

import pytest

from models import Diagnostic, Session
from models.base import today
from models.diagnostics.answers import Answers
from models.exchange.demo_diagnostics import set_back
from models.persons.sharing import Domain
from models.questionnaire.shape import HIGHEST
from models.questionnaire.versions import POTENTIALS_GRID
from tests import factories
from tests.browser.keyboard import Keyboard
from tests.browser.test_file_acts import follow, heading, press, told
from tests.browser.test_own_space import fill_code

pytestmark = pytest.mark.browser

SQLITE, POSTGRESQL = "sqlite", "postgresql"
SAVE = "Enregistrer et continuer"
# Twenty questions over five parts, as Amina ticks them.
FIRST = {
    "accueil": {"acc_format": ["oral"], "acc_referent": "plusieurs"},
    "situation": {
        "sit_age": "30-50", "sit_statut": "recherche", "sit_niveau": "cap-bep", "sit_qpv": "rural",
        "sit_fin": ["aucun"],
    },
    "projet": {
        "pro_idee": "metier", "pro_domaines": ["soin", "cuisine"], "pro_decouvrir": ["visite"],
        "pro_quand": "6-mois", "pro_temps": "5-14", "pro_conditions": ["temps-partiel"],
        "pro_formation": "non",
    },
    "competences": {
        "com_experiences": ["emploi"], "com_forces": ["autonomie"], "com_candidature": ["cv"],
        "com_entretien": "3",
    },
    "langue": {"lan_oral": "facile", "lan_lire": "correct"},
}  # fmt: skip
# What her next référent fills; what a first answer calls for comes in a second form.
REST = {
    "langue": {"lan_compter": "correct"},
    "numerique": {"num_demarches": "aide"},
    "mobilite": {"mob_permis": "souhaite", "mob_moyens": ["velo"]},
    "logement": {"log_situation": "stable"},
    "famille": {"fam_charge": "enfants"},
}
CALLED_FOR = {"famille": {"fam_moins3": "oui", "fam_garde": "aucune"}}
AFTER = {"mobilite": {"mob_permis": "oui"}, "famille": {"fam_charge": "enfants"}}
LICENCE, CHILDCARE = "mobilite-permis", "garde-enfants"


@pytest.fixture
def successor(inside):
    """A référent of another organisation of the network."""
    where = factories.signed_organisation(name="Le Tremplin")
    return factories.writer(where, of=factories.account(name="Bastien Roques"))


@pytest.fixture
def nadia(amina):
    """She shares every domain with Amina."""
    named = factories.person(given_name="Nadia", family_name="Essai")
    return factories.accompanied(amina, named, domains=list(Domain))


@pytest.fixture
def at_desk(open_window, server):
    """The browser of a member, at work: `at_desk(membership, javascript=True)`."""

    def open_one(membership, *, javascript):
        window = open_window(javascript=javascript)
        _, token = Session.open(membership.account, by_means="test", has_second_factor=True)
        cookie = {"name": "session_id", "value": token, "url": server.address}
        window.context.add_cookies([cookie])
        return window

    return open_one


def words(locator):
    """What it reads, spaces made single."""
    return " ".join(locator.inner_text().split())


def open_file(desk, person):
    desk.visit("/personnes")
    desk.page.locator(f"a[href='/personnes/{person.code}']").first.click()


def fill(window, part, answers):
    """Open a part, tick what was answered, save, and be where the page then leads."""
    section = window.page.locator(f"#partie-{part}")
    if section.get_attribute("open") is None:
        section.locator("summary").first.click()
    for key, values in answers.items():
        for value in values if isinstance(values, list) else [values]:
            section.locator(f"input[name={key}][value='{value}']").check()
    with window.page.expect_navigation():
        section.get_by_role("button", name=SAVE).click()


def begin(desk, person):
    open_file(desk, person)
    follow(desk, "Diagnostics")
    press(desk, "Commencer")
    assert heading(desk) == "Diagnostic socio-professionnel, trame unique"


def hand_over(desk, person, successor):
    """« Passer le relais », to a member of an organisation that she has not agreed with yet."""
    open_file(desk, person)
    follow(desk, "Référents et parcours")
    follow(desk, "Passer le relais")
    desk.page.locator("[name=vers]").select_option(successor.code)
    desk.page.locator("[name=motif]").select_option("depart")
    press(desk, "Passer le relais")
    assert "La personne doit encore accepter." in told(desk)


def accept_the_handover(hers, successor):
    """In her space: she chooses what he may read; health is not among it."""
    hers.visit("/mon-espace")
    follow(hers, "Mes référents")
    follow(hers, "Répondre")
    hers.page.locator("[name=courants]").check()
    for box in hers.page.locator(f"[name=domaines]:not([value={Domain.HEALTH.value}])").all():
        box.check()
    hers.page.locator("[name=duree]").first.check()
    press(hers, "Accepter")
    assert f"{successor.account.name}, référent unique" in words(hers.page.locator("main"))


def resume(desk, person, former):
    """By the successor: at the part where she stopped, with who noted what."""
    open_file(desk, person)
    follow(desk, "Diagnostics")
    follow(desk, "Continuer")
    opened = desk.page.locator("details.part[open]").evaluate_all("all => all.map(e => e.id)")
    assert opened == ["partie-langue"]
    noted = words(desk.page.locator("#partie-langue"))
    assert f"par {former.account.name}, {former.organisation.name}" in noted
    assert desk.page.locator("[name=lan_oral][value=facile]").is_checked()
    for part, answers in (*REST.items(), *CALLED_FOR.items()):
        fill(desk, part, answers)


def assess(desk):
    """Domain by domain, with her: a need and a strength."""
    follow(desk, "Faire le point, domaine par domaine")
    for key, ticked in {
        "mobilite": {"etat": "besoin", "impact": "fort", "leviers": "deja-aide"},
        "projet": {"etat": "point-d-appui"},
    }.items():
        desk.page.locator(f"#domaine-{key} > summary").click()
        for name, value in ticked.items():
            desk.page.locator(f"[name={name}-{key}][value={value}]").check()
    press(desk, "Enregistrer le point")
    assert "Le point est enregistré." in told(desk)
    follow(desk, "Revenir au diagnostic")


def choose_needs(desk):
    follow(desk, "Choisir les besoins à garder")
    for need, wish in {LICENCE: "oui", CHILDCARE: "oui", "num-demarches": "non"}.items():
        desk.page.locator(f"[name=besoin-{need}][value={wish}]").check()
    press(desk, "Enregistrer ses choix")
    assert "Ses choix sont enregistrés." in told(desk)
    follow(desk, "Revenir au diagnostic")


def end(desk, *priorities):
    """The last part, then the seal."""
    page = desk.page
    page.locator("#partie-priorites > summary").click()
    page.locator("[name=pri_date]").fill((today() + dt.timedelta(days=30)).isoformat())
    ending = {"pri_qui": "ensemble", "pri_relu": "oui", "pri_accord": "oui"}
    section = page.locator("#partie-priorites")
    for need in priorities:
        section.locator(f"[name=pri_priorites][value={need}]").check()
    for key, value in ending.items():
        section.locator(f"[name={key}][value={value}]").check()
    with page.expect_navigation():
        section.get_by_role("button", name=SAVE).click()
    follow(desk, "Valider le diagnostic")
    press(desk, "Valider ce diagnostic")
    assert "Le diagnostic est validé." in told(desk)


def judge(hers):
    """Box by box, without a reason: she agrees with one, not with the other."""
    hers.visit("/mon-espace")
    follow(hers, "Répondre à mes questions")
    follow(hers, "Relire celui qui est validé")
    said = {"Déplacements": "d-accord", "Projet et métier": "pas-d-accord"}
    for title, opinion in said.items():
        box = hers.page.locator("section", has=hers.page.get_by_role("heading", name=title))
        box.locator(f"input[value={opinion}]").check()
    press(hers, "Garder mon avis")
    assert "Votre avis est noté." in told(hers)


def read_synthesis(desk, hers):
    """Strengths before needs, on both sides; what she thinks of each line beside it."""
    follow(desk, "Lire la synthèse")
    assert "Pas d’accord" in words(desk.page.locator("tr", has_text="Projet et métier").first)
    hers.visit("/mon-espace/synthese")
    follow(hers, "Lire la synthèse")
    for window, strengths, needs in (
        (desk, "Ses forces", "Ses besoins"), (hers, "Mes forces", "Mes besoins"),
    ):  # fmt: skip
        titles = window.page.locator("main h2").all_inner_texts()
        assert titles.index(strengths) < titles.index(needs)


def plan(desk, hers):
    """A priority, a step, and her code: nothing binds before it."""
    follow(desk, "Son plan d’action")
    desk.page.locator("[name=point]").fill((today() + dt.timedelta(days=30)).isoformat())
    press(desk, "Commencer le plan")
    follow(desk, "Choisir les priorités")
    desk.page.locator("[name=besoin1]").select_option(LICENCE)
    press(desk, "Enregistrer les priorités")
    assert words(desk.page.locator("h1")) == "Plan d’action : 1 priorité"
    follow(desk, "Proposer une étape")
    desk.page.locator("[name=action][value=aucune]").check()
    desk.page.locator("[name=elle]").select_option("visiter")
    desk.page.locator("[name=nous]").select_option("appeler")
    press(desk, "Proposer cette étape")
    hers.visit("/mon-espace/plan")
    assert "1 proposition attend votre accord" in words(hers.page.locator("main"))
    follow(desk, "Elle lit et accepte ici")
    desk.page.locator("[name=code]").fill(factories.ACCESS_CODE)
    press(desk, "Je suis d’accord")
    assert "La personne est d’accord" in told(desk)


def lead_again(desk, person):
    """Six months later: the moment is proposed, what changed is answered, and it is validated."""
    open_file(desk, person)
    follow(desk, "Diagnostics")
    assert desk.page.locator("[name=moment][value=suivi]").is_checked()
    press(desk, "Commencer")
    for part, answers in AFTER.items():
        fill(desk, part, answers)
    fill(desk, "famille", {"fam_garde": "aucune"})
    end(desk)


def compare(window):
    """What moved is told first, domain by domain; what did not is told too."""
    follow(window, "Lire la synthèse")
    follow(window, "Comparer avec celui-ci")
    assert heading(window) == "Ce qui a changé"
    moved = window.page.locator("section[aria-labelledby=change] li.card")
    mobility = words(moved.filter(has_text="Déplacements"))
    assert "Avant : Besoin. Après : Point d’appui." in mobility
    assert "Préparer ou récupérer un permis" in mobility
    assert moved.filter(has_text="Famille").count() == 0


@pytest.mark.parametrize(
    ("server", "javascript"),
    [(SQLITE, False), (SQLITE, True), (POSTGRESQL, False)],
    indirect=["server"],
    scope="session",
)
def test_a_diagnostic_is_led_handed_over_confirmed_planned_and_led_again(
    at_desk, open_window, nadia, amina, successor, javascript
):
    """Interrupted, resumed by another référent, validated, and compared six months later."""
    desk = at_desk(amina, javascript=javascript)
    begin(desk, nadia)
    for part, answers in FIRST.items():
        fill(desk, part, answers)
    [led] = Diagnostic.of_person(nadia)
    assert len(Answers(led).given) == 20

    hand_over(desk, nadia, successor)
    hers = open_window(javascript=javascript, width=320)
    fill_code(hers, nadia)
    accept_the_handover(hers, successor)
    assert desk.visit(f"/personnes/{nadia.code}/diagnostics/{led.code}").status == 404

    desk = at_desk(successor, javascript=javascript)
    resume(desk, nadia, amina)
    assess(desk)
    choose_needs(desk)
    end(desk, LICENCE, CHILDCARE)
    judge(hers)
    read_synthesis(desk, hers)
    plan(desk, hers)

    set_back(led)
    lead_again(desk, nadia)
    compare(desk)
    hers.visit("/mon-espace/synthese")
    compare(hers)
    assert (desk.complaints, hers.complaints) == ([], [])


# The grid, by herself at a kiosk

GRID = "Grille des potentialités pour mères avec enfants de moins de 3 ans"


@pytest.fixture
def mother(amina):
    """Amina noted with her that she has a child under three."""
    somebody = factories.accompanied(amina, factories.person(), domains=list(Domain))
    factories.answered(somebody, amina, fam_charge="enfants", fam_moins3="oui")
    return somebody


@pytest.fixture
def kiosk(browser, server):
    """`kiosk()`: somebody at the terminal, with the keyboard alone and without scripts."""
    opened = []

    def come():
        opened.append(Keyboard(browser, server.address))
        return opened[-1].open("/borne")

    yield come
    for hand in opened:
        hand.window.close()


def enter(hand, person):
    """From the first page of the terminal to her own questions."""
    hand.press("Ouvrir mon espace")
    hand.type("Votre identifiant", person.identifier)
    hand.type("Votre code d’accès", factories.ACCESS_CODE).press("Ouvrir mon espace")
    return hand.press("Répondre à mes questions")


def tick(hand, choice):
    hand.reach(choice).page.keyboard.press("Space")
    return hand


def rank(hand):
    """The place of the question on the page, in its version."""
    return int(hand.page.url.split("?")[0].rsplit("/", 1)[1])


def asked(hand):
    return hand.page.get_by_role("heading", level=1)


def answer_each(hand):
    """To the last question, by the first answer of each; the ranks that were asked."""
    met = []
    while not hand.page.url.split("?")[0].endswith("/fin"):
        met.append(rank(hand))
        field = hand.page.locator("#reponse")
        if field.get_attribute("type") in ("radio", "checkbox"):
            field.check()
        else:
            field.fill((today() + dt.timedelta(days=9)).isoformat() if is_a_day(field) else "10")
        with hand.page.expect_navigation():
            hand.page.locator("main form").get_by_role("button").first.click()
    return met


def is_a_day(field):
    return field.get_attribute("type") == "date"


@pytest.mark.parametrize("server", [SQLITE, POSTGRESQL], indirect=True, scope="session")
def test_a_mother_alone_leads_the_grid_at_a_kiosk(kiosk, mother):
    """REQ-38: proposed, in Arabic, back, stopped, resumed; nothing of level 3 is asked."""
    hand = enter(kiosk(), mother).reads("C’est vous qui choisissez.")
    hand.press(f"Commencer : {GRID}")
    tick(hand, "Gérer un imprévu").press("Continuer")
    assert rank(hand) == 2

    hand.press("العربية")
    assert asked(hand).evaluate("e => getComputedStyle(e).direction") == "rtl"
    question = asked(hand).inner_text()
    tick(hand, "الصمود").press("متابعة")
    hand.press("السؤال السابق")
    assert asked(hand).inner_text() == question
    assert hand.page.locator("input[value=tenir]").is_checked()
    hand.press("تخطي هذا السؤال").press("التوقف هنا")
    hand.press("Terminer et effacer")
    assert heading(hand) == "Votre espace est fermé"

    hand = enter(kiosk(), mother).press(f"Continuer : {GRID}")
    assert rank(hand) == 3
    met = answer_each(hand)
    assert heading(hand) == "Merci. Vos réponses sont gardées"
    titles = hand.page.locator("main h2").all_inner_texts()
    assert titles.index("Vos forces") < titles.index("Vos réponses")
    [grid] = [one for one in Diagnostic.of_person(mother) if one.version.key == POTENTIALS_GRID]
    questions = list(grid.template.questions.values())
    assert len(met) > 15
    assert all(questions[number - 1].sensitivity < HIGHEST for number in met)
    given = Answers(grid).given
    assert set(given) == {questions[number - 1].key for number in (1, 2, *met)}
    assert given["gp_journee"] == ["imprevus"]
    assert given["gp_fierte"] == ["tenir"]
