"""Writing a sheet: how it starts, its steps, and what to do when two people wrote at once."""

import re

from flask import abort, request

from models.action_bank import lifecycle, naming, shelves, versions
from models.action_bank.quality import quality_of
from models.action_bank.sheets import Action
from models.action_bank.versions import PARTS, ActionVersion, content_of
from models.base import N_, RuleBroken, typed_code
from models.network.organisations import Organisation
from models.permissions import Permission, organisations_within

from ..access import actor, allowed_to, may, signed_in
from ..forms import Form, Line, OneOf, once
from ..languages import gettext, say
from ..pages import go_to, render_page
from .fields import by_rule
from .forms import FORMS, LONGEST_TITLE, title_long_enough
from .views import answers, blueprint, hard_to_read
from .wording import Teller, lead_of, question, step_title

NOT_YOURS = N_("choisissez un organisme où vous pouvez écrire.")
_NUMBER = re.compile(r"\d{1,9}", re.ASCII)
_CHOICE = re.compile(r"(moi|autre)\.(\d{1,9})", re.ASCII)


class StartForm(Form):
    """`organisme` is a code for who writes in an organisation, a name for who writes in all."""

    nom = Line(N_("Titre"), LONGEST_TITLE, checks=[title_long_enough])
    organisme = OneOf(N_("Pour quel organisme ?"), wrong=NOT_YOURS)

    def organisation(self):
        return Organisation.by_code(self.organisme.data)


class StartAnywhereForm(Form):
    nom = Line(N_("Titre"), LONGEST_TITLE, checks=[title_long_enough])
    organisme = Line(N_("Pour quel organisme ?"), 255, needed=N_("écrivez le nom de l’organisme."))

    def validate_organisme(self, field):
        self.found = by_rule(naming.organisation_called, field.data)

    def organisation(self):
        return self.found


@blueprint.route("/fiches/nouvelle", methods=["GET", "POST"])
@signed_in
def new():
    """A draft of its own, or out of another sheet; who may not write reads why."""
    model = _model_asked()
    form = _start_form()
    if form is None or request.method == "GET":
        return _ask_to_start(form, model, status=200 if request.method == "GET" else 422)
    if not form.validate():
        return _ask_to_start(form, model, status=422, problems=form.problems)
    organisation, title = form.organisation(), form.nom.data
    start = lifecycle.start
    code = once(lambda: start(organisation, by=actor(), name=title, model=model).code)
    done = gettext(N_("Le brouillon est commencé. Chaque étape est gardée."))
    return go_to("sheets.edit", code=code, part=next(iter(PARTS)), say=done)


def _start_form():
    """The form of who may start a sheet, or None."""
    if organisations_within(actor(), Permission.ACTION_WRITE) is None:
        return StartAnywhereForm()
    form, found = StartForm(), [one.organisation for one in actor().rights.writing]
    form.organisme.choices = [(one.code, one.name) for one in found]
    return form if found else None


def _model_asked():
    """The sheet to copy: a model, or one that may be written."""
    asked = request.values.get("modele")
    if not asked:
        return None
    model = Action.sheet(typed_code(asked) or "")
    if model is None or not (model.is_model or may(Permission.ACTION_WRITE, model)):
        abort(404)
    return model


def _ask_to_start(form, model, *, status, problems=()):
    content = model and content_of(model)
    return render_page(
        "sheets/new.html",
        status=status,
        form=form,
        model=model,
        steps=answers(Teller(content), content) if model else (),
        models=[] if model else shelves.models_to_copy(),
        places=actor().rights.places,
        problems=dict(problems),
    )


@blueprint.route(f"/fiches/<code:code>/<any({','.join(PARTS)}):part>", methods=["GET", "POST"])
@allowed_to(Permission.ACTION_WRITE, load=Action.sheet)
def edit(action, part):
    if request.method == "GET":
        return _ask(action, part, FORMS[part].of(action), action.edition)
    seen = version_seen()
    form = FORMS[part](action, seen)
    if not form.validate():
        return _ask(action, part, form, seen, problems=form.problems)
    return _save(action, part, form, seen)


def version_seen():
    """The version that the page showed, or one that nobody can have read."""
    text = request.form.get("vu", "")
    return int(text) if _NUMBER.fullmatch(text) else -1


def _ask(action, part, form, seen, problems=()):
    return render_page(
        "sheets/edit.html",
        status=422 if problems else 200,
        action=action,
        part=part,
        form=form,
        seen=seen,
        problems=dict(problems),
        hard=hard_to_read(action),
        quality=quality_of(action),
        others=action.other_values,
    )


def _save(action, part, form, seen):
    """Write the step; what somebody else changed meanwhile is shown beside one’s own."""
    chosen, values = _choices(), form.content()
    left = [lead for lead, (whose, _) in chosen.items() if whose == "autre"]
    settled = {column: chosen[lead_of(column)][1] for column in values if lead_of(column) in chosen}
    values = {column: value for column, value in values.items() if lead_of(column) not in left}
    try:
        sheet, changed = versions.write(action, values, by=actor(), seen=seen, settled=settled)
    except versions.Conflict as conflict:
        return _show_both(part, seen, conflict)
    except RuleBroken as broken:
        return _ask(action, part, form, seen, problems={form.questions()[0].name: say(broken)})
    return _next(sheet, part, changed)


def _next(sheet, part, changed):
    parts = list(PARTS)
    is_hard = set(changed) & set(hard_to_read(sheet))
    words = N_("Enregistré, avec des remarques.") if is_hard else N_("Enregistré.")
    words = gettext(words) if changed else gettext(N_("Rien n’a changé."))
    if request.form.get("suite") == "relecture" or part == parts[-1]:
        return go_to("sheets.show", code=sheet.code, say=words)
    return go_to("sheets.edit", code=sheet.code, part=parts[parts.index(part) + 1], say=words)


def _choices():
    """`{question: (whose answer is kept, the version in which the other one was read)}`."""
    found = {
        name.removeprefix("choix-"): _CHOICE.fullmatch(value)
        for name, value in request.form.items()
        if name.startswith("choix-")
    }
    return {lead: (choice[1], int(choice[2])) for lead, choice in found.items() if choice}


def _show_both(part, seen, conflict):
    """409: what was read, what the other one wrote, what I write; nothing is written."""
    sheet = conflict.action
    base, theirs = ActionVersion.content_at(sheet, seen), content_of(sheet)
    mine = {**theirs, **conflict.mine}
    teller = Teller(base, theirs, mine)
    leads = list(dict.fromkeys(map(lead_of, conflict.clashes)))
    asked = set(request.form.getlist("ecart")) - _choices().keys()
    problem = gettext(N_("choisissez la réponse à garder pour : %(question)s."))
    passed_over = {"csrf_token", "ecart", *(f"choix-{lead}" for lead in leads)}
    return render_page(
        "sheets/conflict.html",
        status=409,
        action=sheet,
        title=step_title(part),
        sentence=say(conflict),
        latest=next(iter(ActionVersion.of(sheet, limit=1)), None),
        both=[
            (
                lead,
                base and teller.say(lead, base),
                teller.say(lead, theirs),
                teller.say(lead, mine),
            )
            for lead in leads
        ],
        sent=[pair for pair in request.form.items(multi=True) if pair[0] not in passed_over],
        problems={
            f"choix-{lead}": problem % {"question": question(lead)}
            for lead in leads
            if lead in asked
        },
    )
