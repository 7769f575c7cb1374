"""Several référents who save the same part of one diagnostic in the same instant (REQ-30)."""

from models import Answer, AuditEntry, Diagnostic, DomainLine
from models.base import database
from models.diagnostics import filling
from models.diagnostics.answers import Answers
from models.diagnostics.diagnostic import Writer
from models.diagnostics.domains import Assessed, Impact, assess
from models.persons.sharing import Domain
from models.questionnaire.deriving import DomainState
from tests import factories
from tests.models.test_plans_at_once import together

AGES = ["moins-18", "18-25", "26-29", "30-50", "plus-50"]
# What each of them answers beside the age, that nobody else answers.
APART = [
    {"sit_statut": "recherche"},
    {"sit_niveau": "bac"},
    {"sit_qpv": "oui"},
    {"mob_permis": "souhaite"},
    {"log_courrier": "oui"},
]


def led_by(count):
    """`(diagnostic, [Writer])`: so many référents of one person, each of an organisation."""
    factories.charter()
    first = factories.writer()
    somebody = factories.accompanied(first)
    diagnostic = factories.diagnostic(somebody, by=first.account)
    others = [factories.writer() for _ in range(count - 1)]
    for one in others:
        factories.accompanied(one, somebody, role=factories.ReferentRole.OTHER)
    return diagnostic, [Writer(one.account, one.organisation) for one in (first, *others)]


def read_by_each(diagnostic, count):
    """As many readings of the page, before anybody writes."""
    return [Diagnostic.of_hers(diagnostic.person, diagnostic.code) for _ in range(count)]


def test_two_référents_who_save_at_once_lose_nothing_of_each_other(shared):
    """The same question, five answers: all stand; what each alone answered is there too."""
    with database.connection_context():
        diagnostic, writers = led_by(len(AGES))
        pages = read_by_each(diagnostic, len(AGES))

    def saving(page, writer, age, apart):
        form = {key: [text] for key, text in ({"sit_age": age} | apart).items()}
        return lambda: filling.save(page, form, seen=0, writer=writer, keys=list(form))

    acts = [saving(*one) for one in zip(pages, writers, AGES, APART, strict=True)]
    saved = together(acts)
    assert sorted(len(one.written) for one in saved) == [2] * len(AGES)
    assert sum("sit_age" in one.contested for one in saved) == len(AGES) - 1
    with database.connection_context():
        answers = Answers(diagnostic)
        assert {row.given for row in answers.standing("sit_age")} == set(AGES)
        assert {row.account_id for row in answers.standing("sit_age")} == {
            one.account.id for one in writers
        }
        alone = {key: value for one in APART for key, value in one.items()}
        assert {key: answers.given[key] for key in alone} == alone
        assert Diagnostic.get_by_id(diagnostic.id).revision == len(AGES)
        assert AuditEntry.select().where(AuditEntry.act == "diagnostic:write").count() == len(AGES)


def test_one_form_sent_six_times_at_once_writes_once(shared):
    """A line cut, a finger that insists: one row for each answer."""
    with database.connection_context():
        diagnostic, [writer] = led_by(1)
        pages = read_by_each(diagnostic, 6)
    form = {"sit_age": ["18-25"], "mob_genes": ["cout", "horaires"]}

    def save(page):
        return filling.save(page, form, seen=0, writer=writer, keys=list(form))

    saved = together([lambda page=page: save(page) for page in pages])
    assert sorted(len(one.written) for one in saved) == [0, 0, 0, 0, 0, 2]
    with database.connection_context():
        assert Answer.select().count() == len(form)
        assert Answers(diagnostic).contested == []


def test_two_lines_of_one_domain_noted_at_once_both_stand(shared):
    """TRAME.md: both stay to be read, until somebody chooses with the person."""
    with database.connection_context():
        diagnostic, writers = led_by(2)
        pages = read_by_each(diagnostic, 2)
    said = [Assessed.of(DomainState.NEED, Impact.STRONG), Assessed.of(DomainState.STRENGTH)]

    def noting(page, writer, one):
        return lambda: assess(page, {Domain.MOBILITY: one}, seen=0, writer=writer)

    contested = together([noting(*one) for one in zip(pages, writers, said, strict=True)])
    assert sorted(contested) == [[], [Domain.MOBILITY]]
    with database.connection_context():
        standing = DomainLine.standing(diagnostic)[Domain.MOBILITY]
        assert {line.state for line in standing} == {one.state for one in said}


def test_an_answer_sent_while_it_is_validated_is_in_it_or_is_refused(shared):
    """Once validated it never changes: what was acknowledged was there before the seal."""
    with database.connection_context():
        diagnostic, [writer] = led_by(1)
        pages = read_by_each(diagnostic, 7)

    def saving(page, age):
        form = {"sit_age": [age]}
        return lambda: filling.save(page, form, seen=0, writer=writer, keys=["sit_age"])

    acts = [saving(page, age) for page, age in zip(pages, AGES, strict=False)]
    done = together([*acts, lambda: pages[-1].seal(by=writer.account)])
    with database.connection_context():
        sealed = Diagnostic.get_by_id(diagnostic.id)
        told = sum(isinstance(one, filling.Saved) for one in done)
        assert not sealed.is_draft
        assert sealed.revision == told + 1
        assert Answer.select().count() == told
