"""Who may do what, on what: the authorisation matrix, in one place. Imports no entity.

Pages ask `can()`, the page « Qui peut faire quoi » shows `MATRIX`, and the sweep of the tests tries
every route against it. A permission absent from a standing's column is refused (I12).
"""

from .base import N_, Vocabulary


class Standing(Vocabulary):
    """What one is before the service: the columns of the matrix. One person may hold several."""

    VISITOR = "visiteur", N_("Tout le monde, sans compte")
    MEMBER = "membre", N_("Professionnel d’un organisme")
    PROFESSIONAL = "professionnel", N_("Professionnel avec le droit d’écrire")
    MANAGER = "responsable", N_("Responsable d’organisme")
    ANIMATOR = "animation", N_("Animation du réseau")
    COORDINATOR = "coordination", N_("Coordination du réseau")
    BANK_ANIMATOR = "animation-banque", N_("Animation de la banque d’actions")
    ADMIN = "administration", N_("Administration de la plateforme")
    AUDITOR = "controle", N_("Contrôle")
    PERSON = "personne", N_("Personne accompagnée")


class Reach(Vocabulary):
    """How far a permission goes."""

    ALL = "tout", N_("Oui")
    PUBLIC = "public", N_("Ce qui est publié")
    IN_NETWORK = "reseau", N_("Si son organisme est dans le réseau")
    OWN_ORGANISATION = "organisme", N_("Son organisme")
    OWN = "sien", N_("Ce qui est à soi")
    STARTED = "ouvert", N_("Le dossier qu’il vient d’ouvrir, avant l’accord")
    ACCOMPANIED = "accompagne", N_("Les personnes qu’il accompagne, avec leur accord")
    HERSELF = "elle-meme", N_("Son propre dossier")


class Permission(Vocabulary):
    """`subject:action`; the route declares it, templates ask `can()`, tests sweep it."""

    ACTION_READ = "action:read", N_("Lire une fiche d’action")
    ACTION_WRITE = "action:write", N_("Écrire une fiche d’action, la confirmer, l’archiver")
    ACTION_REVIEW = "action:review", N_("Relire une fiche, la publier ou la renvoyer à son auteur")
    ACTION_HISTORY = "action:history", N_("Voir les versions d’une fiche")
    CORRECTION_PROPOSE = "correction:propose", N_("Proposer une correction sur une fiche")
    CORRECTION_READ = "correction:read", N_("Suivre une correction que l’on a proposée")
    CORRECTION_DECIDE = "correction:decide", N_("Répondre à une correction proposée")
    KEPT_READ = "kept:read", N_("Lire une liste d’actions partagée")
    KEPT_WRITE = "kept:write", N_("Tenir ses favoris, ses listes et ses alertes")
    UNMET_READ = "unmet:read", N_("Voir les besoins sans réponse")
    INDICATOR_READ = "indicator:read", N_("Voir les indicateurs du réseau")
    BULK_WRITE = "bulk:write", N_("Importer et exporter les fiches d’un organisme par tableur")
    RECRUITMENT_READ = "recruitment:read", N_("Voir les opérations de recrutement")
    RECRUITMENT_WRITE = "recruitment:write", N_("Mener une opération de recrutement")
    CARD_WRITE = "card:write", N_("Écrire sa fiche de référent")
    CHARTER_READ = "charter:read", N_("Lire une version de la charte")
    SIGNERS_READ = "signers:read", N_("Voir le nom des professionnels qui ont signé la charte")
    CHARTER_SIGN = "charter:sign", N_("Signer la charte en son nom, ou retirer sa signature")
    ORGANISATION_SIGN = (
        "organisation:sign",
        N_("Engager son organisme dans la charte, ou le retirer"),
    )
    CHARTER_WRITE = "charter:write", N_("Préparer et publier une version de la charte")
    STAFF_READ = "staff:read", N_("Voir l’équipe d’un organisme et où elle en est")
    STAFF_MANAGE = "staff:manage", N_("Inviter, nommer et retirer les membres d’un organisme")
    TRAINING_RECORD = "training:record", N_("Noter une formation suivie")
    NETWORK_READ = "network:read", N_("Voir les demandes d’adhésion et l’état des organismes")
    NETWORK_ADMIT = "network:admit", N_("Valider une adhésion, inviter un organisme")
    NETWORK_SUSPEND = "network:suspend", N_("Suspendre un accès, ou le rendre")
    ACCOUNT_READ = "account:read", N_("Voir la liste des comptes")
    ACCOUNT_MANAGE = "account:manage", N_("Créer, fermer un compte, donner un rôle")
    FILE_LIST = "file:list", N_("Voir la liste des personnes que l’on accompagne")
    FILE_START = "file:start", N_("Ouvrir un dossier, rejoindre une personne avec son code")
    FILE_HAND_OUT = (
        "file:hand-out",
        N_("Remettre son code à la personne, écrire son premier accord"),
    )
    FILE_READ = "file:read", N_("Lire le dossier d’une personne")
    FILE_WRITE = "file:write", N_("Compléter le dossier d’une personne")
    SPACE_USE = "space:use", N_("Ouvrir son propre espace, et tout emporter")
    AGREEMENT_RECORD = "agreement:record", N_("Écrire l’accord que donne une personne, le rendre")
    AGREEMENT_GIVE = "agreement:give", N_("Donner et retirer ses accords de partage")
    CODE_RENEW = "code:renew", N_("Remplacer le code d’accès d’une personne")
    REFERENT_WRITE = "referent:write", N_("Passer le relais, changer de parcours")
    REFERENT_NAME = "referent:name", N_("Nommer un référent, sans lire le dossier")
    DIAGNOSTIC_READ = "diagnostic:read", N_("Lire le diagnostic d’une personne")
    DIAGNOSTIC_WRITE = "diagnostic:write", N_("Mener le diagnostic avec une personne")
    DIAGNOSTIC_ANSWER = "diagnostic:answer", N_("Répondre seule à son diagnostic, le relire")
    PLAN_READ = "plan:read", N_("Lire le plan d’action d’une personne")
    PLAN_WRITE = "plan:write", N_("Écrire le plan avec une personne")
    PLAN_AGREE = "plan:agree", N_("Accepter son plan, dire ce qui est fait")
    PRESCRIPTION_READ = "prescription:read", N_("Lire les demandes faites pour une personne")
    PRESCRIPTION_WRITE = "prescription:write", N_("Prescrire une action, suivre la réponse")
    PRESCRIPTION_AGREE = "prescription:agree", N_("Accepter ou annuler une demande pour soi")
    PRESCRIPTION_LIST = "prescription:list", N_("Voir ses prescriptions")
    PRESCRIPTION_ANSWER = "prescription:answer", N_("Répondre aux demandes reçues")
    EMPLOYMENT_READ = "employment:read", N_("Lire où une personne en est dans son emploi")
    EMPLOYMENT_WRITE = "employment:write", N_("Noter une entrée en emploi, et ses points")
    EMPLOYMENT_ANSWER = "employment:answer", N_("Dire soi-même où on en est dans son emploi")
    TEMPLATE_READ = "template:read", N_("Lire une version de la trame")
    TEMPLATE_PROPOSE = "template:propose", N_("Proposer une question de la trame, voter")
    TEMPLATE_WRITE = "template:write", N_("Préparer et publier une version de la trame")
    ACCESS_WATCH = "access:watch", N_("Voir quels comptes ouvrent beaucoup de dossiers")
    ACCESS_TRACE = "access:trace", N_("Chercher qui a ouvert quels dossiers entre deux moments")
    OUTBOX_READ = "outbox:read", N_("Voir les courriels à envoyer")
    OUTBOX_SEND_AGAIN = "outbox:send-again", N_("Renvoyer un courriel resté en route")
    TASK_READ = "task:read", N_("Voir ce que le portail fait de lui-même")


_S, _R, _P = Standing, Reach, Permission
# Whoever works with people keeps bookmarks of his own.
_ONESELF = dict.fromkeys((_S.MEMBER, _S.ANIMATOR, _S.COORDINATOR, _S.BANK_ANIMATOR), _R.OWN)
_STEERING = {_S.ANIMATOR: _R.ALL, _S.COORDINATOR: _R.ALL}

MATRIX = {
    _P.ACTION_READ: {
        _S.VISITOR: _R.PUBLIC,
        _S.MEMBER: _R.OWN_ORGANISATION,
        **_STEERING,
        _S.BANK_ANIMATOR: _R.ALL,
    },
    _P.ACTION_WRITE: {_S.PROFESSIONAL: _R.OWN_ORGANISATION, _S.BANK_ANIMATOR: _R.ALL},
    _P.ACTION_REVIEW: {_S.ANIMATOR: _R.ALL, _S.BANK_ANIMATOR: _R.ALL},
    _P.ACTION_HISTORY: {
        _S.MEMBER: _R.OWN_ORGANISATION,
        **_STEERING,
        _S.BANK_ANIMATOR: _R.ALL,
        _S.AUDITOR: _R.ALL,
    },
    _P.CORRECTION_PROPOSE: {_S.MEMBER: _R.IN_NETWORK, **_STEERING, _S.BANK_ANIMATOR: _R.ALL},
    _P.CORRECTION_READ: {
        _S.MEMBER: _R.OWN,
        _S.PROFESSIONAL: _R.OWN_ORGANISATION,
        _S.ANIMATOR: _R.OWN,
        _S.COORDINATOR: _R.OWN,
        _S.BANK_ANIMATOR: _R.ALL,
    },
    _P.CORRECTION_DECIDE: {_S.PROFESSIONAL: _R.OWN_ORGANISATION, _S.BANK_ANIMATOR: _R.ALL},
    _P.KEPT_READ: {_S.VISITOR: _R.PUBLIC, **_ONESELF},
    _P.KEPT_WRITE: _ONESELF,
    _P.UNMET_READ: {**_STEERING, _S.BANK_ANIMATOR: _R.ALL, _S.AUDITOR: _R.ALL},
    _P.INDICATOR_READ: {**_STEERING, _S.BANK_ANIMATOR: _R.ALL, _S.AUDITOR: _R.ALL},
    _P.BULK_WRITE: {_S.PROFESSIONAL: _R.OWN_ORGANISATION, _S.BANK_ANIMATOR: _R.ALL},
    _P.RECRUITMENT_READ: {
        _S.MEMBER: _R.IN_NETWORK,
        **_STEERING,
        _S.BANK_ANIMATOR: _R.ALL,
        _S.AUDITOR: _R.ALL,
    },
    _P.RECRUITMENT_WRITE: {_S.PROFESSIONAL: _R.OWN_ORGANISATION, **_STEERING},
    _P.CARD_WRITE: {_S.MEMBER: _R.OWN},
    _P.CHARTER_READ: {_S.VISITOR: _R.PUBLIC, **_STEERING},
    _P.SIGNERS_READ: {_S.MEMBER: _R.IN_NETWORK, **_STEERING, _S.AUDITOR: _R.ALL},
    _P.CHARTER_SIGN: {_S.MEMBER: _R.OWN},
    _P.ORGANISATION_SIGN: {_S.MANAGER: _R.OWN_ORGANISATION},
    _P.CHARTER_WRITE: _STEERING,
    _P.STAFF_READ: {
        _S.MANAGER: _R.OWN_ORGANISATION,
        **_STEERING,
        _S.ADMIN: _R.ALL,
        _S.AUDITOR: _R.ALL,
    },
    _P.STAFF_MANAGE: {_S.MANAGER: _R.OWN_ORGANISATION, _S.ADMIN: _R.ALL},
    _P.TRAINING_RECORD: {_S.MANAGER: _R.OWN_ORGANISATION, _S.ANIMATOR: _R.ALL},
    _P.NETWORK_READ: {**_STEERING, _S.AUDITOR: _R.ALL},
    _P.NETWORK_ADMIT: {_S.COORDINATOR: _R.ALL},
    _P.NETWORK_SUSPEND: _STEERING,
    _P.ACCOUNT_READ: {_S.ADMIN: _R.ALL, _S.AUDITOR: _R.ALL},
    _P.ACCOUNT_MANAGE: {_S.ADMIN: _R.ALL},
    _P.FILE_LIST: {_S.PROFESSIONAL: _R.OWN},
    _P.FILE_START: {_S.PROFESSIONAL: _R.OWN},
    _P.FILE_HAND_OUT: {_S.PROFESSIONAL: _R.STARTED},
    _P.FILE_READ: {_S.PROFESSIONAL: _R.ACCOMPANIED},
    _P.FILE_WRITE: {_S.PROFESSIONAL: _R.ACCOMPANIED},
    _P.SPACE_USE: {_S.PERSON: _R.HERSELF},
    _P.AGREEMENT_RECORD: {_S.PROFESSIONAL: _R.ACCOMPANIED},
    _P.AGREEMENT_GIVE: {_S.PERSON: _R.HERSELF},
    _P.CODE_RENEW: {_S.PROFESSIONAL: _R.ACCOMPANIED},
    _P.REFERENT_WRITE: {_S.PROFESSIONAL: _R.ACCOMPANIED},
    _P.REFERENT_NAME: {_S.ANIMATOR: _R.ALL},
    _P.DIAGNOSTIC_READ: {_S.PROFESSIONAL: _R.ACCOMPANIED},
    _P.DIAGNOSTIC_WRITE: {_S.PROFESSIONAL: _R.ACCOMPANIED},
    _P.DIAGNOSTIC_ANSWER: {_S.PERSON: _R.HERSELF},
    _P.PLAN_READ: {_S.PROFESSIONAL: _R.ACCOMPANIED},
    _P.PLAN_WRITE: {_S.PROFESSIONAL: _R.ACCOMPANIED},
    _P.PLAN_AGREE: {_S.PERSON: _R.HERSELF},
    _P.PRESCRIPTION_READ: {_S.PROFESSIONAL: _R.ACCOMPANIED},
    _P.PRESCRIPTION_WRITE: {_S.PROFESSIONAL: _R.ACCOMPANIED},
    _P.PRESCRIPTION_AGREE: {_S.PERSON: _R.HERSELF},
    _P.PRESCRIPTION_LIST: {_S.PROFESSIONAL: _R.OWN},
    _P.PRESCRIPTION_ANSWER: {_S.PROFESSIONAL: _R.OWN_ORGANISATION},
    _P.EMPLOYMENT_READ: {_S.PROFESSIONAL: _R.ACCOMPANIED},
    _P.EMPLOYMENT_WRITE: {_S.PROFESSIONAL: _R.ACCOMPANIED},
    _P.EMPLOYMENT_ANSWER: {_S.PERSON: _R.HERSELF},
    _P.TEMPLATE_READ: {_S.VISITOR: _R.PUBLIC, **_STEERING},
    _P.TEMPLATE_PROPOSE: {_S.MEMBER: _R.IN_NETWORK, **_STEERING, _S.PERSON: _R.ALL},
    _P.TEMPLATE_WRITE: _STEERING,
    _P.ACCESS_WATCH: {_S.COORDINATOR: _R.ALL, _S.AUDITOR: _R.ALL},
    _P.ACCESS_TRACE: {_S.AUDITOR: _R.ALL},
    _P.OUTBOX_READ: {_S.ADMIN: _R.ALL},
    _P.OUTBOX_SEND_AGAIN: {_S.ADMIN: _R.ALL},
    _P.TASK_READ: {_S.ADMIN: _R.ALL},
}


def can(actor, permission, subject=None):
    """True when a standing of this actor (None: a visitor) reaches this subject.

    A subject tells `is_public`, `organisation_id` or `account_id`, as its reach needs; a person
    tells to whom her file is open.
    """
    standings = {Standing.VISITOR: set(), **(actor.rights.standings if actor else {})}
    return any(
        standing in standings and _REACHED[reach](actor, standings[standing], subject)
        for standing, reach in MATRIX.get(permission, {}).items()
    )


def organisations_within(actor, permission):
    """The row numbers of the organisations in which an account holds a permission; None is all."""
    cells, held = MATRIX[permission], actor.rights.standings
    if any(cells.get(standing) is Reach.ALL for standing in held):
        return None
    own = [standing for standing in held if cells.get(standing) is Reach.OWN_ORGANISATION]
    return {organisation for standing in own for organisation in held[standing]}


def by_standing():
    """`[(standing, [(permission, reach)])]`: the matrix read column by column."""
    return [
        (standing, [(p, cells[standing]) for p, cells in MATRIX.items() if standing in cells])
        for standing in Standing
    ]


def needs_no_account(permission):
    """True when visitors are given something by this permission."""
    return Standing.VISITOR in MATRIX[permission]


def concerns_oneself(permission):
    """True when only the accompanied person holds this permission."""
    return set(MATRIX[permission]) == {Standing.PERSON}


_REACHED = {
    Reach.ALL: lambda actor, organisations, subject: True,
    Reach.IN_NETWORK: lambda actor, organisations, subject: actor.rights.is_in_network,
    Reach.PUBLIC: lambda actor, organisations, subject: subject.is_public,
    Reach.OWN_ORGANISATION: lambda actor, organisations, subject: (
        subject.organisation_id in organisations
    ),
    Reach.OWN: lambda actor, organisations, subject: subject.account_id == actor.id,
    Reach.STARTED: lambda actor, organisations, subject: subject.was_started_by(
        actor, organisations
    ),
    Reach.ACCOMPANIED: lambda actor, organisations, subject: subject.is_open_to(
        actor, organisations
    ),
    Reach.HERSELF: lambda actor, organisations, subject: subject.person_id == actor.id,
}
