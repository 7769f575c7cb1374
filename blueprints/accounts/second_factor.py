"""The second factor: asked at sign-in, set up, and changed from « Mon compte »."""

import segno
from flask import g, redirect, request, url_for

from models.accounts import second_factor as acts
from models.accounts.second_factor import SecondFactor
from models.accounts.sessions import Step
from models.base import N_, RuleBroken

from ..access import signed_in, signing_in
from ..entering import keep_signed_in, next_address
from ..pages import go_to, render_page
from .answers import ask_form, own
from .forms import CodeForm
from .views import blueprint

KEY_GROUP = 4


@blueprint.route("/connexion/code", methods=["GET", "POST"])
@signing_in(Step.CODE)
def ask_code():
    form = CodeForm()
    refusal = None
    if g.step is None:
        return go_to("accounts.show")
    if form.validate_on_submit():
        try:
            acts.check(own(), form.code.data)
            return _passed(next_address() or url_for("team.home"))
        except RuleBroken as broken:
            refusal = broken
    return ask_form("accounts/ask_code.html", form, refusal=refusal, about="code", account=own())


def _passed(address):
    return keep_signed_in(g.session.pass_second_factor(), redirect(address, 303))


@blueprint.get("/second-code")
@signing_in(Step.SET_UP)
def second_factor():
    factor = SecondFactor.of(own())
    return _show_state(CodeForm(formdata=None), factor)


def _show_state(form, factor, refusal=None, about="code"):
    return ask_form(
        "accounts/second_factor.html",
        form,
        refusal=refusal,
        about=about,
        account=own(),
        factor=factor,
        codes_left=factor.codes_left if factor else 0,
        chosen=request.form.get("acte", ""),
    )


@blueprint.post("/second-code/commencer")
@signing_in(Step.SET_UP)
def prepare_second_factor():
    """Set up a first telephone; replacing one asks for a code of the present one."""
    factor = SecondFactor.of(own())
    if factor is None or not factor.is_ready:
        acts.prepare(own())
    return go_to("accounts.set_up_telephone", suite=next_address() or None)


@blueprint.post("/second-code/changer")
@signed_in
def change_second_factor():
    """A new telephone, new paper codes, or neither: the present code first (ASVS 7.5.1)."""
    form = CodeForm()
    act, page = CHANGES.get(request.form.get("acte"), (None, None))
    factor = SecondFactor.of(own())
    try:
        if act is None:
            return _show_state(form, factor, RuleBroken(N_("Choisissez ce qui change.")), "acte")
        if not form.validate_on_submit():
            return _show_state(form, factor)
        acts.check(own(), form.code.data)
        act(own())
    except RuleBroken as broken:
        return _show_state(form, factor, broken)
    return go_to(page)


CHANGES = {
    "telephone": (acts.prepare, "accounts.set_up_telephone"),
    "codes": (acts.renew_codes, "accounts.recovery_codes"),
    "retirer": (acts.remove, "accounts.show"),
}


@blueprint.route("/second-code/telephone", methods=["GET", "POST"])
@signing_in(Step.SET_UP)
def set_up_telephone():
    factor = SecondFactor.of(own())
    secret = factor and factor.next_secret
    if secret is None:
        return go_to("accounts.second_factor")
    form = CodeForm()
    refusal = None
    if form.validate_on_submit():
        try:
            acts.confirm(own(), form.code.data)
            return _passed(url_for("accounts.recovery_codes", suite=next_address() or None))
        except RuleBroken as broken:
            refusal = broken
    return ask_form(
        "accounts/set_up_telephone.html",
        form,
        refusal=refusal,
        about="code",
        picture=_qr(factor.next_address),
        key=_in_groups(secret),
    )


def _qr(text):
    return segno.make(text, micro=False, error="m").svg_data_uri(scale=5, border=4, light="#fff")


def _in_groups(secret):
    return " ".join(secret[i : i + KEY_GROUP] for i in range(0, len(secret), KEY_GROUP))


@blueprint.route("/second-code/codes-de-secours", methods=["GET", "POST"])
@signing_in(Step.NOTE_CODES)
def recovery_codes():
    factor = SecondFactor.of(own())
    if factor is None or not factor.has_codes_to_note:
        return go_to("accounts.show")
    if request.method == "POST":
        acts.note_codes(own())
        return redirect(next_address() or url_for("team.home"), 303)
    return render_page(
        "accounts/recovery_codes.html",
        codes=factor.codes_to_note,
        account=own(),
        suite=next_address(),
    )
