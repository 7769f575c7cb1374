"""Who looked at a file, when, and what for: what the person reads of the traces (REQ-43, I6)."""

import collections
import datetime as dt
from typing import NamedTuple

from .. import audit, outbox
from ..accounts.account import Account, Role
from ..audit import AuditEntry
from ..base import N_, RuleBroken, Vocabulary, local_day, now, today, transaction
from ..days import first_moment, months_before
from ..network.memberships import Membership
from ..network.organisations import Organisation

KEPT_MONTHS = 12
MOST_QUESTIONS_A_DAY = 3
# What the first page of her space shows of it.
LOOKS_SHOWN = 3
# How many traces are read at first to find them.
WINDOW = 100

# Act → what somebody else did, then what she did herself: each follows a name, or « Vous ».
ACTS = {
    "accompaniment:answer": (N_("a répondu à une demande"), N_("avez répondu à une demande")),
    "accompaniment:ask": (N_("a demandé à vous suivre"), N_("avez demandé un suivi")),
    "accompaniment:end": (N_("a noté la fin d’un suivi"), N_("avez mis fin à un suivi")),
    "accompaniment:start": (N_("a noté un nouveau suivi"), N_("avez accepté un suivi")),
    "agreement:give": (N_("a noté votre accord"), N_("avez donné un accord")),
    "agreement:withdraw": (N_("a rendu un accord"), N_("avez retiré un accord")),
    "code:refuse": (N_("a tapé un mauvais code"), N_("avez tapé un mauvais code")),
    "code:renew": (N_("a changé votre code d’accès"), N_("avez changé votre code d’accès")),
    "diagnostic:assess": (N_("a noté un domaine"), N_("avez noté un domaine")),
    "diagnostic:need": (N_("a noté un besoin"), N_("avez choisi un besoin")),
    "diagnostic:print": (N_("a imprimé votre diagnostic"), N_("avez imprimé votre diagnostic")),
    "diagnostic:read": (N_("a lu votre diagnostic"), N_("avez lu votre diagnostic")),
    "diagnostic:review": (N_("a relu votre diagnostic"), N_("avez relu votre diagnostic")),
    "diagnostic:start": (N_("a commencé un diagnostic"), N_("avez commencé un diagnostic")),
    "diagnostic:validate": (N_("a validé un diagnostic"), N_("avez validé un diagnostic")),
    "diagnostic:write": (N_("a complété un diagnostic"), N_("avez répondu à des questions")),
    "employment:answer": (N_("a répondu sur votre emploi"), N_("avez répondu sur votre emploi")),
    "employment:ask": (N_("vous a posé une question"), N_("avez posé une question")),
    "employment:end": (N_("a terminé un suivi d’emploi"), N_("avez arrêté un suivi d’emploi")),
    "employment:late": (N_("a rappelé qu’une réponse manque"), N_("avez rappelé une question")),
    "employment:read": (N_("a lu votre suivi d’emploi"), N_("avez lu votre suivi d’emploi")),
    "employment:record": (N_("a noté votre entrée en emploi"), N_("avez noté un emploi")),
    "file:abandon": (N_("a effacé un dossier jamais ouvert"), N_("avez effacé votre dossier")),
    "file:anonymise": (N_("a effacé votre dossier"), N_("avez effacé votre dossier")),
    "file:close": (N_("a fermé votre dossier"), N_("avez fermé votre dossier")),
    "file:duplicate": (N_("a cherché si vous aviez un dossier"), N_("avez cherché votre dossier")),
    "file:export": (N_("a copié votre dossier"), N_("avez emporté votre dossier")),
    "file:hand-out": (N_("a préparé votre code d’accès"), N_("avez préparé votre code d’accès")),
    "file:print": (N_("a imprimé votre dossier"), N_("avez imprimé votre dossier")),
    "file:read": (N_("a lu votre dossier"), N_("avez lu votre dossier")),
    "file:reopen": (N_("a rouvert votre dossier"), N_("avez rouvert votre dossier")),
    "file:start": (N_("a ouvert un dossier pour vous"), N_("avez ouvert votre dossier")),
    "file:tell-ending": (N_("vous a prévenu de la fin de votre dossier"), N_("avez noté la fin")),
    "file:write": (N_("a changé votre dossier"), N_("avez changé votre dossier")),
    "handover:end": (N_("a mis fin à un relais"), N_("avez répondu à un relais")),
    "handover:propose": (N_("a proposé un autre référent"), N_("avez proposé un autre référent")),
    "liaison:hide": (N_("a retiré un employeur"), N_("avez retiré un employeur de votre fiche")),
    "liaison:lift": (N_("a levé une difficulté"), N_("avez levé une difficulté")),
    "liaison:link": (N_("a renvoyé un lien à l’employeur"), N_("avez renvoyé un lien")),
    "liaison:note": (N_("a signalé une difficulté"), N_("avez signalé une difficulté")),
    "liaison:open": (N_("a ouvert votre fiche de liaison"), N_("avez ouvert une fiche de liaison")),
    "liaison:print": (N_("a imprimé votre fiche de liaison"), N_("avez imprimé votre fiche")),
    "liaison:read": (N_("a lu votre fiche de liaison"), N_("avez lu votre fiche de liaison")),
    "liaison:share": (N_("a noté votre accord pour l’employeur"), N_("avez choisi un employeur")),
    "liaison:stop": (N_("a arrêté votre fiche de liaison"), N_("avez arrêté votre fiche")),
    "liaison:take": (N_("s’occupe d’une difficulté"), N_("avez pris une difficulté")),
    "log:question": (N_("a demandé une explication"), N_("avez demandé une explication")),
    "log:read": (N_("a lu la liste des lectures"), N_("avez lu cette liste")),
    "pathway:end": (N_("a noté la fin d’un parcours"), N_("avez noté la fin d’un parcours")),
    "pathway:start": (N_("a noté votre parcours"), N_("avez noté votre parcours")),
    "plan:agree": (N_("a noté votre accord au plan"), N_("avez accepté votre plan")),
    "plan:ask-change": (N_("a demandé à changer le plan"), N_("avez demandé à changer votre plan")),
    "plan:close": (N_("a terminé votre plan"), N_("avez terminé votre plan")),
    "plan:decline": (N_("a noté un refus dans le plan"), N_("avez refusé une étape du plan")),
    "plan:done": (N_("a noté ce qui est fait dans le plan"), N_("avez dit ce qui est fait")),
    "plan:due": (N_("a rappelé que votre plan est à faire"), N_("avez rappelé votre plan")),
    "plan:meet": (N_("a noté le prochain point"), N_("avez noté le prochain point")),
    "plan:print": (N_("a imprimé votre plan"), N_("avez imprimé votre plan")),
    "plan:prioritise": (N_("a noté vos priorités"), N_("avez choisi vos priorités")),
    "plan:propose": (N_("a proposé une étape du plan"), N_("avez proposé une étape")),
    "plan:read": (N_("a lu votre plan"), N_("avez lu votre plan")),
    "plan:start": (N_("a commencé un plan"), N_("avez commencé un plan")),
    "plan:stop": (N_("a arrêté une étape du plan"), N_("avez arrêté une étape du plan")),
    "plan:waive": (N_("a proposé moins d’heures"), N_("avez proposé moins d’heures")),
    "plan:withdraw": (N_("a retiré une proposition du plan"), N_("avez retiré une proposition")),
    "prescription:accept": (N_("a noté une réponse"), N_("avez accepté un jour")),
    "prescription:attach": (N_("a joint un papier"), N_("avez joint un papier")),
    "prescription:cancel": (N_("a annulé une demande"), N_("avez annulé une demande")),
    "prescription:conclude": (N_("a noté ce qui est fait"), N_("avez dit ce qui est fait")),
    "prescription:decline": (N_("a refusé une demande"), N_("avez refusé une demande")),
    "prescription:detach": (N_("a retiré un papier"), N_("avez retiré un papier")),
    "prescription:download": (N_("a pris un papier joint"), N_("avez pris un papier joint")),
    "prescription:expire": (N_("a clos une demande sans réponse"), N_("avez clos une demande")),
    "prescription:link": (N_("a redemandé une réponse"), N_("avez redemandé une réponse")),
    "prescription:offer-day": (N_("a proposé un autre jour"), N_("avez proposé un autre jour")),
    "prescription:open": (N_("a lu une demande pour vous"), N_("avez lu une demande")),
    "prescription:read": (N_("a lu vos demandes"), N_("avez lu vos demandes")),
    "prescription:remind": (N_("a rappelé une demande"), N_("avez rappelé une demande")),
    "prescription:send": (N_("a envoyé une demande pour vous"), N_("avez accepté une demande")),
    "prescription:start": (N_("a préparé une demande"), N_("avez préparé une demande")),
    "prescription:write": (N_("a changé une demande"), N_("avez changé une demande")),
    "proposal:make": (N_("a proposé un changement"), N_("avez proposé de changer une question")),
    "proposal:vote": (N_("a voté sur une question"), N_("avez voté sur une question")),
    "rectification:accept": (N_("a corrigé votre dossier"), N_("avez corrigé votre dossier")),
    "rectification:ask": (N_("a demandé une correction"), N_("avez demandé une correction")),
    "rectification:decline": (N_("n’a pas fait une correction"), N_("avez refusé une correction")),
    "referent:name": (N_("a nommé un référent"), N_("avez nommé un référent")),
    "space:close": (N_("a fermé votre espace"), N_("avez fermé votre espace")),
    "space:open": (N_("a ouvert votre espace"), N_("avez ouvert votre espace")),
    "time:end": (N_("a changé le temps de votre suivi"), N_("avez changé le temps de votre suivi")),
    "time:start": (N_("a noté le temps de votre suivi"), N_("avez noté le temps de votre suivi")),
    "who:ask": (N_("a demandé qui vous suit"), N_("avez demandé qui vous suit")),
}  # fmt: skip
OTHER_ACT = (N_("a touché à votre dossier"), N_("avez touché à votre dossier"))


class Concern(Vocabulary):
    """Why a person finds a line strange."""

    UNKNOWN = "inconnu", N_("Je ne connais pas cette personne")
    NOT_AGREED = "sans-accord", N_("Je n’ai pas donné mon accord")
    TOO_OFTEN = "trop", N_("Cette personne regarde trop souvent")
    NOT_ME = "pas-moi", N_("C’est écrit « Vous », mais ce n’était pas moi")
    OTHER = "autre", N_("Je ne comprends pas pourquoi")


class Line(NamedTuple):
    """What one reader did on one day: `times` times, the last at `at`. `code` names one of the
    traces, `is_hers` is whether the person did it herself; `name` is None for a visitor."""

    code: str
    day: dt.date
    act: str
    is_hers: bool
    name: str | None
    organisation: str | None
    function: str | None
    times: int
    at: dt.datetime

    @property
    def words(self):
        """The French words that follow the name of who did it, or « Vous »."""
        return ACTS.get(self.act, OTHER_ACT)[self.is_hers]


def lines_of(person):
    """The lines of twelve months, the latest first: four queries, however many traces."""
    return _named(_grouped(_traces_of(person)))


def looks_of(person, most=LOOKS_SHOWN):
    """The `most` latest of them, without what she did herself: no more is read of a long journal
    than the days of these lines, tens of traces at first, then hundreds."""
    not_hers, window = AuditEntry.actor_person_id.is_null(), WINDOW
    while True:
        traces = _traces_of(person, not_hers, limit=window)
        groups = _grouped(traces)
        if len(traces) == window:
            # The oldest day may go on past what was read.
            groups = [one for one in groups if one.day > traces[-1].day]
        if len(groups) >= most or len(traces) < window:
            return _named(groups[:most])
        window *= 10


class _Trace(NamedTuple):
    """What a line needs of an `AuditEntry`: thousands are read, and no entity is built."""

    id: int
    code: str
    act: str
    actor_id: int | None
    actor_person_id: int | None
    organisation_id: int | None
    created_at: dt.datetime

    @property
    def day(self):
        return local_day(self.created_at)


class _Group(NamedTuple):
    """The traces of one line: the day, the latest of them, and how many they are."""

    day: dt.date
    trace: _Trace
    times: int


def _traces_of(person, *besides, limit=None):
    """Her traces of twelve months, the latest first."""
    since = first_moment(months_before(today(), KEPT_MONTHS))
    mine = (AuditEntry.person_id == person.id) & (AuditEntry.created_at >= since)
    columns = [getattr(AuditEntry, name) for name in _Trace._fields]
    rows = AuditEntry.select(*columns).where(mine, *besides).order_by(AuditEntry.id.desc())
    return [_Trace(*row) for row in rows.limit(limit).tuples()]


def _grouped(traces):
    """The `_Group`s of traces that come the latest first, in their order."""
    latest, times = {}, collections.Counter()
    for trace in traces:
        who = (trace.actor_person_id, trace.actor_id, trace.organisation_id)
        line = (trace.day, who, trace.act)
        latest.setdefault(line, trace)
        times[line] += 1
    return [_Group(line[0], trace, times[line]) for line, trace in latest.items()]


def _named(groups):
    names = _Names([group.trace for group in groups])
    return [names.line(*group) for group in groups]


class _Names:
    """Whom and what the traces name, read once."""

    def __init__(self, traces):
        accounts = {trace.actor_id for trace in traces}
        places = {trace.organisation_id for trace in traces}
        self.accounts = _names(Account, accounts)
        self.places = _names(Organisation, places)
        pairs = Membership.select(Membership.account, Membership.organisation, Membership.function)
        kept = pairs.where(Membership.account << accounts, Membership.organisation << places)
        self.functions = {(account, place): said for account, place, said in kept.tuples()}

    def line(self, day, trace, times):
        return Line(
            code=trace.code, day=day, act=trace.act,
            is_hers=trace.actor_person_id is not None, name=self.accounts.get(trace.actor_id),
            organisation=self.places.get(trace.organisation_id),
            function=self.functions.get((trace.actor_id, trace.organisation_id)),
            times=times, at=trace.created_at,
        )  # fmt: skip


def _names(model, rows):
    return dict(model.select(model.id, model.name).where(model.id << rows).tuples())


def line_of(person, code):
    """The line that holds this trace of hers, or None (I13)."""
    trace = AuditEntry.get_or_none((AuditEntry.code == code) & (AuditEntry.person_id == person.id))
    return trace and _Names([trace]).line(local_day(trace.created_at), trace, 1)


def lines_named(codes):
    """`{code: line}` of these traces, whosever file they touch."""
    traces = list(AuditEntry.select().where(AuditEntry.code << list(codes)))
    names = _Names(traces)
    return {trace.code: names.line(local_day(trace.created_at), trace, 1) for trace in traces}


@transaction
def question(person, code, concern):
    """She finds a line strange: write it down, and tell the coordination, without any name.

    Answers the reference that both will quote. Raises `RuleBroken` past a few a day, and for a line
    that is not hers.
    """
    if line_of(person, code) is None:
        raise RuleBroken(N_("Cette ligne n’existe pas."))
    asked = (AuditEntry.person_id == person.id) & (AuditEntry.act == "log:question")
    recent = AuditEntry.created_at > now() - dt.timedelta(days=1)
    if AuditEntry.select().where(asked, recent).count() >= MOST_QUESTIONS_A_DAY:
        raise RuleBroken(N_("Vos questions d’aujourd’hui sont bien parties. Attendez la réponse."))
    kept = audit.record(
        "log:question", person, by=person, person=person, concern=concern.value, line=code
    )
    for account in Account.select().where(Account.role == Role.COORDINATOR, Account.is_active):
        outbox.post("log_question", account.identifier, account.language, reference=kept.code)
    return kept.code
