"""What is decided with the person after her answers: each domain, the needs she keeps, the end."""

from flask import request

from models.base import N_, RuleBroken
from models.diagnostics import finishing
from models.diagnostics.domains import Assessed, Impact
from models.diagnostics.domains import assess as write_domains
from models.diagnostics.needs import NeedDecision, Wish
from models.permissions import Permission
from models.questionnaire.deriving import DomainState
from models.questionnaire.reference import LEVERS

from ..access import actor, opens_file
from ..keeping import never_lost
from ..languages import gettext, say
from ..pages import go_to
from .filling import read_sheet
from .views import ONE, blueprint, hers, render, seen, writer

# It does not say whether what was named exists: only that it is none of this page’s.
CLOSED_DOMAIN = N_("Un sujet n’est pas ouvert ici : rien n’en est gardé. Le reste est enregistré.")


@blueprint.get(f"{ONE}/domaines")
@opens_file(Permission.DIAGNOSTIC_READ, act="diagnostic:read")
@hers
def assess(person, diagnostic):
    return _show_domains(person, read_sheet(person, diagnostic))


def _show_domains(person, sheet, problems=None, *, is_found=False):
    return render(
        "assess", person, sheet.diagnostic, sheet=sheet, problems=problems or {},
        status=_status(problems, is_found), states=DomainState.choices(), impacts=Impact.choices(),
        vu=seen() if problems or is_found else sheet.diagnostic.revision, typed=request.form,
        is_found=is_found,
    )  # fmt: skip


def _status(problem, is_found):
    """409: what was typed before signing in again is shown, and not written."""
    return 409 if is_found else 422 if problem else 200


@opens_file(Permission.DIAGNOSTIC_WRITE, act="diagnostic:read")
@hers
def found_domains_again(person, diagnostic):
    return _show_domains(person, read_sheet(person, diagnostic), is_found=True)


@blueprint.post(f"{ONE}/domaines")
@never_lost(found_domains_again)
@opens_file(Permission.DIAGNOSTIC_WRITE, act="diagnostic:read")
@hers
def write_assessment(person, diagnostic):
    """Of the domains that may be read here, those whose line was changed on the page."""
    sheet = read_sheet(person, diagnostic)
    said, problems = _said_of(sheet)
    if problems:
        return _show_domains(person, sheet, problems)
    contested = write_domains(diagnostic, said, seen=seen(), writer=writer(person))
    if not _named("etat-").keys() <= {domain.value for domain in sheet.open_domains}:
        raise RuleBroken(CLOSED_DOMAIN)
    words = (
        N_("Le point est gardé. Une autre personne a noté autrement.")
        if contested
        else N_("Le point est enregistré.")
    )
    return go_to(
        "diagnostics.assess", code=person.code, diagnostic=diagnostic.code, say=gettext(words)
    )


def _named(prefix):
    """`{name without its prefix: text}` of the fields that were filled."""
    fields = request.form.items()
    return {
        name.removeprefix(prefix): text for name, text in fields if name.startswith(prefix) and text
    }


def _said_of(sheet):
    """`({domain: Assessed}, {field: sentence})` of the form."""
    said, problems = {}, {}
    for domain in sheet.open_domains:
        state = request.form.get(f"etat-{domain.value}", "")
        impact = request.form.get(f"impact-{domain.value}") or Impact.UNSAID.value
        levers = request.form.getlist(f"leviers-{domain.value}")
        if not state:
            continue
        if state not in list(DomainState) or impact not in list(Impact):
            problems[f"etat-{domain.value}"] = gettext(N_("choisissez une réponse de la liste."))
        elif not set(levers) <= set(LEVERS):
            problems[f"etat-{domain.value}"] = gettext(N_("choisissez un levier de la liste."))
        else:
            said[domain] = Assessed.of(DomainState(state), Impact(impact), levers)
    return said, problems


@blueprint.get(f"{ONE}/besoins")
@opens_file(Permission.DIAGNOSTIC_READ, act="diagnostic:read")
@hers
def needs(person, diagnostic):
    return _show_needs(person, read_sheet(person, diagnostic))


def _show_needs(person, sheet, problem=None, *, is_found=False):
    return render(
        "needs", person, sheet.diagnostic, sheet=sheet, wishes=Wish.choices(), problem=problem,
        status=_status(problem, is_found), typed=request.form, is_found=is_found,
        vu=seen() if problem or is_found else sheet.diagnostic.revision,
    )  # fmt: skip


@opens_file(Permission.DIAGNOSTIC_WRITE, act="diagnostic:read")
@hers
def found_needs_again(person, diagnostic):
    return _show_needs(person, read_sheet(person, diagnostic), is_found=True)


@blueprint.post(f"{ONE}/besoins")
@never_lost(found_needs_again)
@opens_file(Permission.DIAGNOSTIC_WRITE, act="diagnostic:read")
@hers
def keep_needs(person, diagnostic):
    """What she keeps, said with her; a need that may not be read here is refused, the rest kept."""
    sheet = read_sheet(person, diagnostic)
    shown = {raised.need for raised in sheet.open_needs}
    try:
        decisions = {key: Wish(text) for key, text in _named("besoin-").items()}
    except ValueError:
        return _show_needs(person, sheet, gettext(N_("choisissez une réponse de la liste.")))
    NeedDecision.decide_known(diagnostic, decisions, shown, writer=writer(person), seen=seen())
    return go_to(
        "diagnostics.needs", code=person.code, diagnostic=diagnostic.code,
        say=gettext(N_("Ses choix sont enregistrés.")),
    )  # fmt: skip


@blueprint.route(f"{ONE}/valider", methods=["GET", "POST"])
@opens_file(Permission.DIAGNOSTIC_WRITE, act="diagnostic:read")
@hers
def validate(person, diagnostic):
    """Sealed when nothing lacks; what lacks leads to its question."""
    problem = None
    if request.method == "POST" and diagnostic.is_draft:
        try:
            finishing.validate(diagnostic, by=actor())
        except RuleBroken as broken:
            problem = say(broken)
    if not diagnostic.is_draft:
        return go_to(
            "diagnostics.show", code=person.code, diagnostic=diagnostic.code,
            say=gettext(N_("Le diagnostic est validé.")),
        )  # fmt: skip
    keys, domains = finishing.lacks(diagnostic)
    sheet = read_sheet(person, diagnostic)
    return render(
        "validate", person, diagnostic, sheet=sheet, keys=keys, domains=domains, problem=problem,
        status=409 if problem else 200,
    )  # fmt: skip
