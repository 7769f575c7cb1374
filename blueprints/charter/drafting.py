"""Preparing the next version: a draft, its articles one by one, its publication (REQ 69)."""

import datetime as dt
import functools

from flask import redirect, request, url_for

from models.base import N_, RuleBroken, today, typed_code
from models.charter import publication
from models.charter.comparison import compare, pieces
from models.charter.versions import GRACE, LONGEST_GRACE, CharterVersion, text_hash
from models.editing import EditConflict
from models.permissions import Permission
from models.plain_language import remarks

from ..access import actor, allowed_to
from ..forms import once
from ..languages import gettext, say
from ..pages import go_to, render_page
from .forms import ArticleForm, VersionForm
from .views import blueprint

TEXTS = ("title", "preamble", "scope")
ARTICLE_TEXTS = ("title", "text", "control")


def drafting(view):
    """For coordination and animation; the page of a draft published meanwhile leads to what it
    became."""

    @allowed_to(Permission.CHARTER_WRITE, load=CharterVersion.by_code)
    @functools.wraps(view)
    def checked(version, **kwargs):
        if not version.is_draft:
            return redirect(url_for("charter.version", code=version.code), 303)
        return view(version, **kwargs)

    return checked


def of_article(view):
    """With the article of the address; one that somebody removed leads back to the draft."""

    @drafting
    @functools.wraps(view)
    def checked(draft, article):
        found = draft.article(article)
        return view(draft, found) if found else _back_to(draft)

    return checked


def _back_to(draft, words=None):
    return go_to("charter.draft", code=draft.code, say=words and gettext(words))


@blueprint.get("/charte/preparer")
@allowed_to(Permission.CHARTER_WRITE)
def prepare():
    return render_page(
        "charter/prepare.html", drafts=CharterVersion.drafts(), current=CharterVersion.current()
    )


@blueprint.post("/charte/preparer")
@allowed_to(Permission.CHARTER_WRITE)
def start_draft():
    return go_to("charter.draft", code=once(lambda: _new_draft(request.form.get("source")).code))


def _new_draft(source):
    current = CharterVersion.current()
    if source == "en-vigueur" and current:
        return CharterVersion.draft_from(current, by=actor())
    return CharterVersion.draft_of_reference(by=actor())


@blueprint.get("/charte/preparer/<code:code>")
@drafting
def draft(draft):
    articles = draft.ordered_articles()
    return render_page(
        "charter/draft.html",
        draft=draft,
        articles=articles,
        hard={article.code: _hard(article, ARTICLE_TEXTS) for article in articles},
        hard_around=_hard(draft, TEXTS),
        current=CharterVersion.current(),
    )


def _hard(row, names):
    """What could be read more easily in these texts, in the reader's language."""
    return [say(remark) for remark in remarks(*(getattr(row, name) for name in names))]


@blueprint.route("/charte/preparer/<code:code>/texte", methods=["GET", "POST"])
@drafting
def describe(draft):
    form = VersionForm(obj=draft)
    act = functools.partial(draft.describe, by=actor(), seen=_seen())
    return _edit(draft, form, act, draft, TEXTS, about="number")


@blueprint.route("/charte/preparer/<code:code>/articles/nouveau", methods=["GET", "POST"])
@drafting
def add_article(draft):
    form = ArticleForm()

    def act(**values):
        once(lambda: draft.write_article(by=actor(), **values).code)

    return _edit(draft, form, act, None, ARTICLE_TEXTS)


@blueprint.route("/charte/preparer/<code:code>/articles/<code:article>", methods=["GET", "POST"])
@of_article
def edit_article(draft, article):
    form = ArticleForm(obj=article)
    act = functools.partial(draft.write_article, article, by=actor(), seen=_seen())
    return _edit(draft, form, act, article, ARTICLE_TEXTS)


def _seen():
    """The stamp of the words that were on the page, or one that no words have."""
    return request.form.get("vu") or "-"


def _edit(draft, form, act, row, texts, about="title"):
    """Ask for the words, keep them, then say what could be read more easily."""
    if request.method == "GET":
        return _ask(draft, form, row)
    if not form.validate():
        return _ask(draft, form, row, status=422, problems=form.problems)
    values = {name: value or "" for name, value in form.data.items() if name != "csrf_token"}
    try:
        act(**values)
    except EditConflict as conflict:
        return _show_both(draft, form, conflict, values)
    except RuleBroken as refusal:
        return _ask(draft, form, row, status=422, problems={about: say(refusal)})
    count = len(remarks(*(values[name] for name in texts)))
    return _back_to(draft, N_("Enregistré, avec des remarques.") if count else N_("Enregistré."))


def _ask(draft, form, row, *, status=200, problems=()):
    return render_page(
        "charter/edit.html",
        status=status,
        draft=draft,
        form=form,
        row=row,
        stamp=request.form.get("vu") or (row.stamp if row else ""),
        problems=dict(problems),
        is_article=isinstance(form, ArticleForm),
        translated=translated,
    )


def translated(choices):
    return [(choice.value, gettext(choice.label)) for choice in choices]


def _show_both(draft, form, conflict, values):
    """409: what somebody else wrote beside what was about to replace it; nothing is lost."""
    theirs = conflict.theirs
    both = {
        name: pieces(str(getattr(theirs, name)), str(value))
        for name, value in values.items()
        if getattr(theirs, name) != value
    }
    return render_page(
        "charter/conflict.html",
        status=409,
        draft=draft,
        form=form,
        both=both,
        stamp=theirs.stamp,
        sentence=say(conflict),
        translated=translated,
    )


@blueprint.post("/charte/preparer/<code:code>/articles/<code:article>/deplacer")
@of_article
def move_article(draft, article):
    """To a place rather than up or down: the same form sent twice moves once."""
    place = request.form.get("place", "")
    if place.isascii() and place.isdecimal() and len(place) <= 3:
        draft.move_article(article, int(place), by=actor())
    address = url_for("charter.draft", code=draft.code, _anchor=f"article-{article.code}")
    return redirect(address, 303)


@blueprint.route(
    "/charte/preparer/<code:code>/articles/<code:article>/retirer", methods=["GET", "POST"]
)
@of_article
def remove_article(draft, article):
    if request.method == "GET":
        return render_page("charter/remove_article.html", draft=draft, article=article)
    try:
        draft.remove_article(article, by=actor(), seen=_seen())
    except EditConflict as conflict:
        return render_page(
            "charter/remove_article.html",
            status=409,
            draft=draft,
            article=conflict.theirs,
            sentence=say(conflict),
        )
    return _back_to(draft, N_("L’article est retiré du projet."))


@blueprint.get("/charte/preparer/<code:code>/jeter")
@drafting
def discard(draft):
    return render_page("charter/discard.html", draft=draft)


@blueprint.post("/charte/preparer/jeter")
@allowed_to(Permission.CHARTER_WRITE)
def do_discard():
    """Its code comes in the form: sent twice, the second finds nothing left and says the same."""
    if draft := CharterVersion.by_code(typed_code(request.form.get("projet", ""))):
        draft.discard(by=actor())
    return go_to("charter.prepare", say=gettext(N_("Le projet est jeté.")))


@blueprint.get("/charte/preparer/<code:code>/publier")
@drafting
def publish(draft):
    days = _days(request.args.get("delai", str(GRACE.days)))
    return _before_publishing(draft, GRACE if days is None else days, is_wrong=days is None)


def _before_publishing(draft, grace, *, status=200, is_wrong=False, sentence=None):
    """Who will have to sign, and before when; the address keeps the number of days."""
    wrong = gettext(N_("donnez un nombre de jours, de 0 à 366."))
    return render_page(
        "charter/publish.html",
        status=422 if is_wrong else status,
        draft=draft,
        articles=draft.ordered_articles(),
        current=CharterVersion.current(),
        comparison=compare(draft.former, draft) if draft.former else None,
        impact=publication.impact(),
        grace=grace,
        until=today() + grace,
        seen=text_hash(draft.exact_text),
        problems={"delai": wrong} if is_wrong else {},
        sentence=sentence,
    )


@blueprint.post("/charte/preparer/<code:code>/publier")
@drafting
def do_publish(draft):
    days = _days(request.form.get("delai", ""))
    if days is None:
        return _before_publishing(draft, GRACE, is_wrong=True)
    try:
        publication.publish(draft, by=actor(), grace=days, seen=_seen())
    except EditConflict as conflict:
        return _before_publishing(draft, days, status=409, sentence=say(conflict))
    words = gettext(N_("La version est publiée, et chaque signataire est prévenu."))
    return go_to("charter.version", code=draft.code, say=words)


def _days(text):
    """A number of days as a length of time, or None."""
    text = text.strip()
    if not (text.isascii() and text.isdecimal() and len(text) <= 3):
        return None
    days = dt.timedelta(days=int(text))
    return days if days <= LONGEST_GRACE else None
