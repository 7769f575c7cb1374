"""The synthesis of a diagnostic for who accompanies: read, printed, compared, and its actions."""

import functools

from flask import Blueprint, abort, url_for

from models.diagnostics import comparing, matching
from models.diagnostics.comparing import Comparison
from models.diagnostics.diagnostic import Diagnostic
from models.diagnostics.matching import MOST_FIRST, Circumstances, proposals
from models.diagnostics.openness import Openness
from models.diagnostics.synthesis import Synthesis
from models.permissions import Permission

from ..access import asking, opens_file
from ..pages import page_asked, render_page
from . import wording

blueprint = Blueprint("syntheses", __name__)
wording.register(blueprint)


@blueprint.get("/personnes/<code:code>/diagnostics/<code:diagnostic>/synthese")
@opens_file(Permission.DIAGNOSTIC_READ, act="diagnostic:read")
def show(person, diagnostic):
    return show_synthesis(person, diagnostic)


@blueprint.get("/personnes/<code:code>/diagnostics/<code:diagnostic>/synthese/imprimer")
@opens_file(Permission.DIAGNOSTIC_READ, act="diagnostic:print")
def paper(person, diagnostic):
    return show_paper(person, diagnostic)


@blueprint.get("/personnes/<code:code>/diagnostics/<code:diagnostic>/synthese/actions")
@opens_file(Permission.DIAGNOSTIC_READ, act="diagnostic:read")
def actions(person, diagnostic):
    return show_actions(person, diagnostic)


@blueprint.get("/personnes/<code:code>/diagnostics/<code:diagnostic>/comparer/<code:other>")
@opens_file(Permission.DIAGNOSTIC_READ, act="diagnostic:read")
def compare(person, diagnostic, other):
    return show_comparison(person, diagnostic, other)


def show_synthesis(person, code):
    synthesis = _read(person, code)
    others = comparing.others_of(synthesis.diagnostic)
    return _show("show", person, synthesis.diagnostic, synthesis=synthesis, others=others)


def show_paper(person, code):
    """Two sheets to hand over: what is most sensitive is not on them (REQ-34)."""
    synthesis = _read(person, code)
    first = [one for one in synthesis.needs if not synthesis.is_folded(one)][:MOST_FIRST]
    return _show(
        "paper",
        person,
        synthesis.diagnostic,
        synthesis=synthesis,
        proposals=_proposals(person, synthesis, first),
    )


def show_actions(person, code):
    """A few needs at a time, told by their place: a need is not a word for an address."""
    synthesis = _read(person, code)
    page, page_count = page_asked(len(synthesis.needs), MOST_FIRST)
    shown = synthesis.needs[(page - 1) * MOST_FIRST : page * MOST_FIRST]
    proposed = _proposals(person, synthesis, shown)
    return _show(
        "actions",
        person,
        synthesis.diagnostic,
        synthesis=synthesis,
        lines=list(zip(shown, proposed, strict=True)),
        counted=matching.count_lacks(proposed, Circumstances.of(person, synthesis)),
        page=page,
        page_count=page_count,
    )


def show_comparison(person, code, other):
    one, another = _loaded(person, code), _loaded(person, other)
    if one == another or one.version.key != another.version.key:
        abort(404)
    comparison = Comparison(*comparing.in_order(one, another), _opened(person))
    return _show("compare", person, one, comparison=comparison)


def _read(person, code):
    return Synthesis(_loaded(person, code), _opened(person))


def _loaded(person, code):
    return Diagnostic.of_hers(person, code) or abort(404)


def _opened(person):
    return Openness.of_asker(person, asking())


def _proposals(person, synthesis, lines):
    return proposals([line.need for line in lines], Circumstances.of(person, synthesis))


def _show(template, person, diagnostic, **context):
    return render_page(
        f"syntheses/{template}.html",
        person=person,
        diagnostic=diagnostic,
        is_hers=asking().is_accompanied,
        to=functools.partial(address_of, person),
        **context,
    )


def address_of(person, page, diagnostic, **values):
    """The address of a page of a diagnostic, for who asks: she has hers."""
    if asking().is_accompanied:
        return url_for(f"syntheses.my_{page}", diagnostic=diagnostic.code, **values)
    return url_for(
        f"syntheses.{page}", code=person.code, diagnostic=diagnostic.code, **values
    )  # fmt: skip
