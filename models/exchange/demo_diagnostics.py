"""The diagnostics of the invented persons: Samia’s entry, six months ago, and the next one."""

import datetime as dt

from ..accounts.account import Account
from ..base import now, today, transaction
from ..diagnostics import filling
from ..diagnostics.answers import Answer
from ..diagnostics.diagnostic import Diagnostic, Moment, Writer
from ..diagnostics.domains import DomainLine, Impact, Opinion
from ..diagnostics.needs import NeedDecision, Wish
from ..network.memberships import Membership
from ..persons.person import Person
from ..persons.sharing import Domain
from ..questionnaire.deriving import DomainState
from ..questionnaire.versions import SINGLE_TEMPLATE, TemplateVersion

# How long ago her entry was led.
AGO = dt.timedelta(days=182)
# What Samia has agreed to share with Amina, and nothing else.
ENTRY = {
    "acc_referent": "plusieurs",
    "sit_age": "30-50",
    "sit_statut": "recherche",
    "sit_duree": "1-2-ans",
    "sit_niveau": "cap-bep",
    "sit_qpv": "oui",
    "sit_fin": ["aucun"],
    "pro_idee": "pistes",
    "pro_domaines": ["soin", "cuisine"],
    "pro_connait": 2,
    "pro_decouvrir": ["visite", "immersion"],
    "pro_quand": "6-mois",
    "pro_temps": "5-14",
    "pro_conditions": ["temps-partiel", "contact"],
    "pro_formation": "peut-etre",
    "pro_formation_gene": ["garde", "argent"],
    "com_experiences": ["emploi", "famille"],
    "com_forces": ["capacite-d-adaptation", "sens-de-l-organisation"],
    "com_candidature": ["rien"],
    "com_recherche": ["organiser"],
    "com_entretien": 2,
    "num_equipement": ["telephone"],
    "num_demarches": "aide",
    "mob_moyens": ["bus-train", "a-pied"],
    "mob_permis": "souhaite",
    "mob_temps": "30",
    "mob_genes": ["horaires"],
    "log_situation": "stable",
    "log_genes": ["rien"],
    "log_courrier": "oui",
    "fam_charge": "enfants",
    "fam_moins3": "oui",
    "fam_garde": "aucune",
    "fam_aide": ["relais"],
    "mot_moteurs": ["revenu", "utile"],
    "mot_confiance": 3,
    "mot_tenir": "refus",
}
ENDING = {
    "pri_priorites": ["garde-enfants", "mobilite-permis", "confirmer-metier"],
    "pri_qui": "ensemble",
    "pri_relu": "oui",
    "pri_accord": "oui",
}
KEPT = {
    "garde-enfants": Wish.YES,
    "mobilite-permis": Wish.YES,
    "confirmer-metier": Wish.YES,
    "cv": Wish.NOT_YET,
    "num-demarches": Wish.NO,
}
# Domain, state, impact, levers, and what she said of it.
LINES = (
    (Domain.PROJECT, DomainState.STRENGTH, None, (), Opinion.AGREES),
    (Domain.HOUSING, DomainState.STRENGTH, None, (), Opinion.AGREES),
    (Domain.FAMILY, DomainState.NEED, Impact.STRONG, ("je-veux-etre-oriente",), Opinion.AGREES),
    (Domain.MOBILITY, DomainState.NEED, Impact.MEDIUM, ("deja-une-solution",), Opinion.AGREES),
    (Domain.DIGITAL, DomainState.NEED, Impact.WEAK, ("plus-tard",), Opinion.DISAGREES),
)
# Begun again, and stopped at the twentieth question.
FOLLOWING = {
    "acc_referent": "oui",
    "sit_age": "30-50",
    "sit_statut": "formation",
    "sit_duree": "2-3-ans",
    "sit_niveau": "cap-bep",
    "pro_idee": "metier",
    "pro_connait": 4,
    "pro_quand": "3-mois",
    "pro_temps": "15-plus",
    "com_experiences": ["emploi", "stage", "famille"],
}


def load(identifier):
    """Lead them once for this person, by Amina; what was done since is left as it is."""
    samia = Person.of_identifier(identifier)
    if samia and not Diagnostic.of_person(samia):
        _lead(samia)


@transaction
def _lead(samia):
    amina = Account.get(Account.identifier == "amina@demo.example")
    writer = Writer(amina, Membership.of_account(amina)[0].organisation)
    version = TemplateVersion.current(SINGLE_TEMPLATE)
    entry = Diagnostic.start(samia, version, Moment.ENTRY, by=amina)
    _fill(entry, ENTRY, writer)
    _fill(entry, ENDING | {"pri_date": today().isoformat()}, writer)
    NeedDecision.decide(entry, KEPT, writer=writer)
    _assess(entry, samia, writer)
    entry.seal(by=amina)
    set_back(entry)
    following = Diagnostic.start(samia, version, Moment.FOLLOW_UP, by=amina)
    _fill(following, FOLLOWING, writer)


def _fill(diagnostic, answers, writer):
    form = {
        key: [str(one) for one in (value if isinstance(value, list) else [value])]
        for key, value in answers.items()
    }
    filling.save(diagnostic, form, seen=diagnostic.revision, writer=writer, keys=list(form))


def _assess(entry, samia, writer):
    for domain, state, impact, levers, opinion in LINES:
        DomainLine.choose(
            entry, domain, state, impact=impact, levers=levers, seen=entry.revision, writer=writer
        )
        [line] = DomainLine.standing(entry)[domain]
        line.give_opinion(opinion, by=samia)


def set_back(entry):
    """As if it had been led six months ago."""
    then = now() - AGO
    for table in (Answer, DomainLine, NeedDecision):
        table.update(created_at=then).where(table.diagnostic == entry).execute()
    DomainLine.update(opinion_at=then).where(DomainLine.diagnostic == entry).execute()
    Diagnostic.update(created_at=then, written_at=then, validated_at=then).where(
        Diagnostic.id == entry.id
    ).execute()
