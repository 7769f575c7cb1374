"""What the demonstration writes: a draft half filled, a sheet that awaits its review, another that
came back, and a correction proposed from elsewhere."""

from ..accounts.account import Account
from ..action_bank import lifecycle, versions
from ..action_bank.corrections import Correction, Topic
from ..action_bank.sheets import Action
from ..action_bank.versions import Act, ActionVersion
from ..base import transaction
from ..network.memberships import Membership

DRAFT = {
    "name": "Parler de soi en deux minutes",
    "summary": "Un matin pour préparer ce que vous direz de vous à un employeur.",
    "description": "À huit, on s’entraîne à voix haute, puis on s’écoute.",
}
IN_REVIEW = {
    "name": "Essayer un vélo électrique pendant une semaine",
    "summary": "Un vélo prêté sept jours, pour savoir s’il peut remplacer la voiture.",
    "description": (
        "Vous venez avec une pièce d’identité. On règle le vélo à votre taille, on roule ensemble "
        "un quart d’heure, puis vous partez avec, un casque et un antivol. Au bout d’une semaine, "
        "on compte ensemble ce que coûterait ce trajet chaque mois."
    ),
    "kind": "aide-materielle",
    "format": "aide",
    "thematics": ["mobilite--acceder-a-un-vehicule"],
    "audiences": ["tous-publics"],
    "fees": "gratuit",
    "reception_modes": ["en-presentiel"],
    "address": "Place de la Démonstration (adresse fictive)",
    "postcode": "31800",
    "commune": "Saint-Gaudens",
    "insee_code": "31483",
    "longitude": 0.7236,
    "latitude": 43.1082,
    "mobilisation_modes": ["telephoner"],
    "mobilisers": ["usagers", "professionnels"],
    "phone": "+33536490177",
    "documents": ["Une pièce d’identité"],
    "places_left": 2,
    "places_total": 4,
}
SENT_BACK = {
    "name": "Lire un plan de bus",
    "description": "On prend le bus ensemble, du centre à la zone d’activités, un plan à la main.",
    "thematics": ["mobilite--etre-accompagne-dans-son-parcours-mobilite"],
    "reception_modes": ["en-presentiel"],
    "phone": "+33536490177",
}
REASON = "Dites d’où part le bus, quel jour, et si l’on paie son ticket."
MESSAGE = "Le standard a répondu que ce numéro n’est plus le bon."


@transaction
def load():
    """Bring it to its state, once: what was done since is left as it is."""
    if ActionVersion.select().where(ActionVersion.act == Act.CREATED).exists():
        return
    amina, bruno, chloe, jules = (_account(one) for one in ("amina", "bruno", "chloe", "jules"))
    _write(DRAFT, by=amina)
    lifecycle.submit(_write(IN_REVIEW, by=chloe), by=chloe)
    returned = lifecycle.submit(_write(SENT_BACK, by=chloe), by=chloe)
    lifecycle.send_back(returned, by=jules, reason=REASON)
    _correct(_sheet_of(amina), by=bruno)


def _account(name):
    return Account.get(Account.identifier == f"{name}@demo.example")


def _write(values, *, by):
    """A draft of the one organisation where this professional works."""
    organisation = Membership.of_account(by)[0].organisation
    sheet = lifecycle.start(organisation, by=by, name=values["name"])
    Action.update(is_demonstration=True).where(Action.id == sheet.id).execute()
    return versions.write(sheet, values, by=by, seen=sheet.edition)[0]


def _sheet_of(account):
    return Action.listed_of(Membership.of_account(account)[0].organisation)[0]


def _correct(action, *, by):
    """A telephone number that somebody else found wrong."""
    sheet = Action.sheet(action.code)
    values = {"phone": "+33536490178"}
    Correction.propose(
        sheet, by=by, seen=sheet.edition, topics=[Topic.PHONE], values=values, message=MESSAGE
    )
