"""Where each domain stands, as the person and her référent chose: state, impact, levers, and
whether she agrees with what is written (TRAME.md)."""

import json
from typing import NamedTuple

import peewee as pw

from .. import audit
from ..base import N_, RuleBroken, Vocabulary, VocabularyField, now, transaction
from ..database import held
from ..persons.sharing import Domain
from ..questionnaire.deriving import DomainState
from ..questionnaire.reference import LEVERS
from ..sealed import SealedField
from .diagnostic import Diagnostic, Note, stood_at


class Impact(Vocabulary):
    """Whether a need gets in the way of her plans."""

    STRONG = "fort", N_("Beaucoup")
    MEDIUM = "moyen", N_("Moyennement")
    WEAK = "faible", N_("Un peu")
    UNSAID = "non-dit", N_("Je ne sais pas")


class Opinion(Vocabulary):
    """What she says of a line about her: no reason asked, no text."""

    NOT_READ = "pas-relu", N_("Pas encore relu")
    AGREES = "d-accord", N_("D’accord")
    DISAGREES = "pas-d-accord", N_("Pas d’accord")


class Assessed(NamedTuple):
    """What one says of a domain; `impact` is None unless it is a need, `levers` are keys of
    `LEVERS` in their order."""

    state: DomainState
    impact: Impact | None
    levers: tuple[str, ...]

    @classmethod
    def of(cls, state, impact=None, levers=()):
        """As it is kept: an impact is a need’s alone."""
        impact = (impact or Impact.UNSAID) if state is DomainState.NEED else None
        return cls(state, impact, tuple(key for key in LEVERS if key in levers))

    def as_text(self):
        """JSON, as a line keeps it."""
        return json.dumps({"etat": self.state, "impact": self.impact, "leviers": list(self.levers)})


class DomainLine(Note):
    """What was chosen for one domain; `content` is sealed JSON `{"etat", "impact", "leviers"}`.
    Without a line, the answers propose its state."""

    diagnostic = pw.ForeignKeyField(Diagnostic, backref="domain_lines", on_delete="CASCADE")
    domain = VocabularyField(Domain)
    content = SealedField()
    opinion = VocabularyField(Opinion, default=Opinion.NOT_READ)
    opinion_at = pw.DateTimeField(null=True)

    class Meta:
        indexes = ((("diagnostic", "domain"), False),)

    @property
    def _said(self):
        return json.loads(self.content)

    @property
    def state(self):
        return DomainState(self._said["etat"])

    @property
    def impact(self):
        """How much a need gets in the way; None for another state."""
        impact = self._said["impact"]
        return impact and Impact(impact)

    @property
    def levers(self):
        """Keys of `LEVERS`."""
        return self._said["leviers"]

    @property
    def assessed(self):
        return Assessed(self.state, self.impact, tuple(self.levers))

    @classmethod
    def standing(cls, diagnostic):
        """`{domain: [lines that stand]}`: several, until somebody chooses."""
        rows = cls.select().where(cls.diagnostic == diagnostic, cls.replaced_at.is_null())
        found = {}
        for row in rows.order_by(cls.id):
            found.setdefault(row.domain, []).append(row)
        return found

    @classmethod
    @transaction
    def choose(cls, diagnostic, domain, state, *, impact=None, levers=(), seen, writer):
        """Write where a domain stands; what another référent wrote after the revision `seen` also
        stands. Answers whether both do. Raises `RuleBroken`."""
        diagnostic.open_for_writing()
        if not set(levers) <= set(LEVERS):
            raise RuleBroken(N_("choisissez un levier de la liste."))
        said = Assessed.of(state, impact, levers)
        standing = cls.standing(diagnostic).get(domain, [])
        if len(standing) == 1 and standing[0].assessed == said:
            return False
        rivals = [row for row in standing if row.revision > seen and not row.is_by(writer)]
        cls._replace([row for row in standing if row not in rivals], diagnostic.revision)
        cls.create(
            diagnostic=diagnostic, domain=domain, revision=diagnostic.revision,
            account=writer.account, organisation=writer.organisation, content=said.as_text(),
        )  # fmt: skip
        audit.record(
            "diagnostic:assess", diagnostic, by=writer.actor, person=diagnostic.person,
            organisation=writer.organisation,
        )  # fmt: skip
        return bool(rivals)

    @classmethod
    def _replace(cls, rows, revision):
        if rows:
            cls.update(replaced_at=revision).where(cls.id << [row.id for row in rows]).execute()

    @transaction
    def give_opinion(self, opinion, *, by):
        """She says whether she agrees with this line, also once it is validated; nobody else does,
        and she may change her mind."""
        if not by.is_accompanied or by.id != self.diagnostic.person_id:
            raise RuleBroken(N_("Seule la personne dit si elle est d’accord."))
        [line] = held(DomainLine.select().where(DomainLine.id == self.id))
        line.opinion, line.opinion_at = opinion, now()
        line.save(only=line.dirty_fields)
        audit.record("diagnostic:review", self.diagnostic, by=by, person=by)


class DomainLines:
    """Every line of one diagnostic, with those they replaced: one reading of the table."""

    def __init__(self, diagnostic):
        rows = DomainLine.select().where(DomainLine.diagnostic == diagnostic)
        self._by_domain = {}
        for row in rows.order_by(DomainLine.id):
            self._by_domain.setdefault(row.domain, []).append(row)

    def standing(self, domain):
        """The lines that stand: one, none, or several that nobody has chosen from yet."""
        return [row for row in self._by_domain.get(domain, ()) if row.stands]

    @property
    def standing_rows(self):
        return [row for rows in self._by_domain.values() for row in rows if row.stands]

    @property
    def contested(self):
        return [domain for domain in Domain if len(self.standing(domain)) > 1]

    def seen(self, domain, revision):
        """`Assessed` as a page made from this revision showed it; None when there was no line, or
        several."""
        stood = stood_at(self._by_domain.get(domain, ()), revision)
        return stood[0].assessed if len(stood) == 1 else None


@transaction
def assess(diagnostic, typed, *, seen, writer):
    """Write the `{domain: Assessed}` that differ from what the page of the revision `seen` showed;
    answers the domains where two lines now stand. Raises `RuleBroken`."""
    lines, contested = DomainLines(diagnostic), []
    for domain, said in typed.items():
        if said == lines.seen(domain, seen):
            continue
        told = {"impact": said.impact, "levers": said.levers, "seen": seen, "writer": writer}
        if DomainLine.choose(diagnostic, domain, said.state, **told):
            contested.append(domain)
    return contested
