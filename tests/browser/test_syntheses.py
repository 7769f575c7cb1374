"""A synthesis in a real browser without scripts: every question answered, read and printed."""

import pytest

from models import Account, DomainLine, Membership, Session, TemplateVersion
from models.diagnostics import filling
from models.diagnostics.diagnostic import Moment, Writer
from models.persons.sharing import Domain
from models.questionnaire.deriving import DomainState
from models.questionnaire.shape import Kind
from tests import factories
from tests.browser.test_own_space import opened
from tests.browser.test_work_pages import assert_no_fault
from tests.engines import ENGINES

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("server", ENGINES[:1], indirect=True, scope="session"),
]
# Sixty-five questions answered, with as many choices as each allows.
MOST_BYTES = 12_000


@pytest.fixture
def samia(server):
    """Whom Amina accompanies, with a sealed diagnostic and a second one, both answered in full."""
    with server.data():
        TemplateVersion.load_reference()
        amina = Account.get(Account.identifier == "amina@demo.example")
        somebody = factories.person(family_name="Ouistiti")
        factories.accompanied(Membership.of_account(amina)[0], somebody, domains=list(Domain))
        somebody.former = answered_in_full(somebody, Moment.ENTRY, strong=False)
        somebody.former.seal(by=somebody)
        somebody.latter = answered_in_full(somebody, Moment.FOLLOW_UP, strong=True)
        yield somebody


def answered_in_full(somebody, moment, *, strong):
    """Every question answered: `strong` prefers what is a strength, else what raises a need."""
    diagnostic, writer = factories.diagnostic(somebody, moment=moment), Writer(somebody)
    template = diagnostic.template
    form = {
        key: _texts(question, strong=strong)
        for key, question in template.questions.items()
        if not question.computed
    }
    computed = {"pri_priorites": ["reseau-pro", "garde-enfants"], "com_forces": ["autonomie"]}
    for typed in (form, computed):
        keys, seen = list(typed), diagnostic.revision
        filling.save(diagnostic, typed, seen=seen, writer=writer, keys=keys)
    for domain in (Domain.MOBILITY, Domain.HOUSING):
        DomainLine.choose(
            diagnostic, domain, DomainState.NEED, levers=["deja-aide"], seen=diagnostic.revision,
            writer=writer,
        )  # fmt: skip
    return diagnostic


def _texts(question, *, strong):
    if question.kind in (Kind.DATE, Kind.NUMBER):
        return []
    wanted = [one for one in question.choices if (one.state if strong else one.needs)]
    others = [one for one in question.choices if one not in wanted]
    values = [str(one.value) for one in [*wanted, *others] if not one.is_exclusive]
    most = question.most_choices or len(values)
    return values[: most if question.kind is Kind.MULTIPLE else 1]


def paths(samia, rest):
    former, latter = samia.former.code, samia.latter.code
    if rest == "compare":
        return f"/{latter}/comparer/{former}"
    return f"/{latter}/synthese{rest}"


@pytest.mark.parametrize("rest", ["", "/imprimer", "/actions", "compare"])
def test_a_synthesis_answered_in_full_has_no_fault_that_a_tool_can_see(
    open_window, server, violations, samia, rest
):
    window = open_window(javascript=False)
    amina = Account.get(Account.identifier == "amina@demo.example")
    _, token = Session.open(amina, by_means="test", has_second_factor=True)
    window.context.add_cookies([{"name": "session_id", "value": token, "url": server.address}])
    path = f"/personnes/{samia.code}/diagnostics{paths(samia, rest)}"
    assert_no_fault(window, window.visit(path), violations, MOST_BYTES)


def test_her_own_syntheses_have_no_fault_that_a_tool_can_see(
    open_window, server, violations, samia
):
    window = opened(open_window(javascript=False), server, samia)
    for rest in ("", f"/{samia.latter.code}"):
        response = window.visit(f"/mon-espace/synthese{rest}")
        assert_no_fault(window, response, violations, MOST_BYTES)


def test_a_synthesis_answered_in_full_prints_on_two_pages_of_paper(open_window, server, samia):
    """Two A4 pages to hand over, strengths first, whatever was answered."""
    window = opened(open_window(javascript=False), server, samia)
    for diagnostic in (samia.former, samia.latter):
        window.visit(f"/mon-espace/synthese/{diagnostic.code}/imprimer")
        printed = window.page.pdf(format="A4", prefer_css_page_size=True)
        assert printed.count(b"/Type /Page\n") == 2
    window.page.emulate_media(media="print")
    assert window.page.get_by_role("heading", name="Mes forces").is_visible()
    assert not window.page.get_by_text("Revenir à la synthèse").is_visible()
