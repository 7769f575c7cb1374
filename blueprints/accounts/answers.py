"""What the pages of accounts share: a form asked again with its problems."""

from flask import g

from models.accounts.throttling import TooManyFailures

from ..entering import next_address
from ..languages import say
from ..pages import render_page


def ask_form(template, form, *, refusal=None, about=None, **context):
    """The page of a form: with the sentence of each problem and its status, when there are some.

    `refusal` is the broken rule, `about` the field it is about.
    """
    problems = form.problems
    if refusal:
        problems[about] = say(refusal)
    status = 429 if isinstance(refusal, TooManyFailures) else 422 if problems else 200
    return render_page(
        template, status=status, form=form, problems=problems, suite=next_address(), **context
    )


def own():
    """The account of this session, complete or not."""
    return g.session.account
