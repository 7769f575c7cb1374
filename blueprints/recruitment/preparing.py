"""What preparing an operation shares: who may, and one way to ask, check and act (REQ 28)."""

import functools

from flask import request

from models.base import N_, RuleBroken
from models.editing import EditConflict
from models.permissions import Permission
from models.recruitment import RecruitmentOperation

from ..access import allowed_to
from ..languages import gettext, say
from ..pages import go_to, render_page


def leading(view):
    """For who may lead the operation of the address, as long as it has not ended."""

    @allowed_to(Permission.RECRUITMENT_WRITE, load=RecruitmentOperation.reading)
    @functools.wraps(view)
    def checked(operation, **kwargs):
        return view(operation, **kwargs) if operation.is_running else has_ended(operation)

    return checked


def with_its(reading):
    """The decorator `leading`, with what the second code of the address names in the operation:
    `reading(operation, code)` finds it. What somebody removed leads back to the operation."""

    def decorate(view):
        @leading
        @functools.wraps(view)
        def checked(operation, **codes):
            [code] = codes.values()
            found = reading(operation, code)
            return view(operation, found) if found else back(operation)

        return checked

    return decorate


def has_ended(operation):
    return back(operation, N_("L’opération est finie : rouvrez-la pour la modifier."))


def back(operation, words=None):
    return go_to("recruitment.show", code=operation.code, say=words and gettext(words))


def seen():
    """The stamp of the values that were on the page, or one that no values have."""
    return request.form.get("vu") or "-"


def edit(template, form, act, done, *, row=None, read=None, about, **context):
    """Ask, check, act, then answer what `done()` says. A rule is said at the field `about`; what
    somebody else wrote meanwhile, as `read` gives it, is shown (409), and nothing typed is lost."""

    def ask(status=200, problems=(), theirs=None):
        stamp = theirs.stamp if theirs else request.form.get("vu") or (row.stamp if row else "")
        return render_page(
            f"recruitment/{template}.html",
            status=status,
            form=form,
            problems=dict(problems),
            stamp=stamp,
            theirs=theirs and _theirs(form, read(theirs)),
            **context,
        )

    if request.method == "GET":
        return ask()
    if not form.validate():
        return ask(422, form.problems)
    try:
        act()
    except EditConflict as conflict:
        return ask(409, theirs=conflict.theirs)
    except RuleBroken as broken:
        return ask(422, {about: say(broken)})
    return done()


def _theirs(form, recorded):
    """`{label: words}` of what is recorded and differs from what was typed."""
    return {
        form[name].label.text: _in_words(form[name], value)
        for name, value in recorded.items()
        if value != (form[name].data or type(value)())
    }


def _in_words(field, value):
    if isinstance(value, bool):
        return gettext(N_("oui")) if value else gettext(N_("non"))
    words = gettext(dict(field.choices).get(value, "")) if hasattr(field, "choices") else value
    return words or gettext(N_("non renseigné"))
