"""The pages open to all that the browser visits, in the order of the site map."""

import functools
import re
import urllib.request
from typing import NamedTuple


class Page(NamedTuple):
    """`path`, or the first link of the page `listed_on` that the pattern `path` matches."""

    path: str
    status: int = 200
    listed_on: str | None = None


PAGES = {
    "accueil": Page("/"),
    "toutes les actions": Page("/actions"),
    "actions trouvées": Page("/actions?q=emploi"),
    "aucune action": Page("/actions?q=zzzz"),
    "fiche d’une action": Page(r"/actions/[^\"?/]+", listed_on="/actions"),
    "fiche d’une formation": Page(
        r"/actions/[^\"?/]+", listed_on="/actions?q=parler+fran%C3%A7ais+travailler"
    ),
    "lieu d’information": Page(
        r"/actions/[^\"?/]+", listed_on="/actions?q=formation+qui+convient&type=lieu-d-information"
    ),
    "partenaires": Page("/partenaires"),
    "fiche d’un partenaire": Page(r"/partenaires/[^\"?/]+", listed_on="/partenaires"),
    "partenaires d’une catégorie": Page("/partenaires?categorie=associations"),
    "partenaires du passeport": Page("/partenaires?categorie=passeport"),
    "référents": Page("/referents"),
    "référents d’une commune": Page("/referents?commune=Muret&public=jeunes"),
    "aucun référent": Page("/referents?commune=Luchon&public=etudiants"),
    "rejoindre": Page("/rejoindre"),
    "invitation inconnue": Page("/invitation/inconnue", status=404),
    "lien d’invitation demandé": Page("/invitation/nouveau-lien"),
    "charte": Page("/charte"),
    "charte en anglais": Page("/charte?langue=en"),
    "versions de la charte": Page("/charte/versions"),
    "une version de la charte": Page(r"/charte/versions/[^\"?/]+", listed_on="/charte/versions"),
    "fiches à jour": Page("/charte/fiches-a-jour"),
    "signataires": Page("/charte/signataires"),
    "preuve de signature": Page(r"/charte/signatures/[^\"?/]+", listed_on="/charte/signataires"),
    "vérifier une signature": Page("/charte/verifier"),
    "trame": Page("/trame"),
    "une version de la trame": Page(r"/trame/[0-9a-z]{10}", listed_on="/trame"),
    "connexion": Page("/connexion"),
    "lien par courriel": Page("/connexion/lien"),
    "lien envoyé": Page("/connexion/lien-envoye"),
    "lien périmé": Page("/connexion/lien/perime", status=410),
    "lien de mot de passe périmé": Page("/mot-de-passe/perime", status=410),
    "lien d’arrêt inconnu": Page("/mes-recherches/arreter/inconnu", status=410),
    "mot de passe oublié": Page("/mot-de-passe/oublie"),
    "droits à la formation": Page("/mes-droits-a-la-formation"),
    "session fermée": Page("/deconnexion"),
    "lien de vérification inconnu": Page("/verifier/inconnu", status=404),
    "lien d’une question inconnu": Page("/emploi/inconnu", status=404),
    "lien d’employeur inconnu": Page("/liaison/inconnu", status=404),
    "plan du site": Page("/plan-du-site"),
    "accessibilité": Page("/accessibilite"),
    "vos données": Page("/vos-donnees"),
    "mes droits": Page("/mes-droits"),
    "registre": Page("/registre"),
    "activité du registre": Page("/registre/accompagnement"),
    "analyse d’impact": Page("/registre/analyse-d-impact"),
    "qui peut faire quoi": Page("/qui-peut-faire-quoi"),
    "mentions légales": Page("/mentions-legales"),
    "borne": Page("/borne"),
    "ouvrir mon espace": Page("/mon-espace/entrer"),
    "espace fermé": Page("/mon-espace/au-revoir"),
    "qui me suit": Page("/qui-me-suit"),
    "qui me suit, demandé": Page("/qui-me-suit/demande"),
    "accueil en anglais": Page("/?langue=en"),
    "adresse inconnue": Page("/rien-ici", status=404),
}


@functools.cache
def _first_link(address, listed_on, pattern):
    with urllib.request.urlopen(address + listed_on) as answer:
        links = re.findall(f'href="({pattern})"', answer.read().decode())
    assert links, f"{listed_on} n’a aucun lien vers {pattern}"
    return links[0]


def path_of(server, name):
    page = PAGES[name]
    if page.listed_on is None:
        return page.path
    return _first_link(server.address, page.listed_on, page.path)
