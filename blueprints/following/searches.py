"""« Mes recherches »: searches kept, their alerts by e-mail, and their feeds."""

import datetime as dt

from flask import abort, make_response, render_template, request, url_for

from models.action_bank.asking import PARAMETERS, canonical
from models.base import N_, RuleBroken
from models.following.news import MOST_IN_FEED, newest
from models.following.saved_searches import Rhythm, SavedSearch, check_words
from models.needs import recognise
from models.permissions import Permission
from models.vocabularies import THEMATICS

from ..access import actor, allowed_to, oneself, open_to_all
from ..forms import once
from ..languages import gettext, say
from ..pages import SITE, go_to, render_page
from . import feeds, wording
from .forms import SearchForm
from .views import blueprint


@blueprint.get("/mes-recherches")
@allowed_to(Permission.KEPT_WRITE, load=oneself)
def searches(account):
    mine = SavedSearch.of_account(account)
    words = wording.criteria([saved.query for saved in mine])
    return render_page("following/searches.html", searches=list(zip(mine, words, strict=True)))


@blueprint.route("/mes-recherches/nouvelle", methods=["GET", "POST"])
@allowed_to(Permission.KEPT_WRITE, load=oneself)
def new_search(account):
    """What was searched comes in the address, and goes on in the form."""
    try:
        query = canonical(_asked())
    except RuleBroken as broken:
        return _show_new({}, _blank({}), {"recherche": say(broken)})
    if request.method == "GET":
        return _show_new(query, _blank(query))
    form = SearchForm()
    if not form.validate():
        return _show_new(query, form, form.problems)
    try:
        once(lambda: SavedSearch.keep(form.nom.data, query, form.rythme.data, by=account).code)
    except RuleBroken as broken:
        return _show_new(query, form, {"recherche": say(broken)})
    return go_to("following.searches", say=gettext(N_("La recherche est enregistrée.")))


def _asked():
    return {name: request.values.getlist(name) for name in PARAMETERS if name in request.values}


def _blank(query):
    return SearchForm(formdata=None, nom=wording.proposed_name(query), rythme=Rhythm.FORTNIGHTLY)


def _show_new(query, form, problems=()):
    """Words that may tell of somebody’s life are not kept: the themes they mean are offered."""
    themes = ()
    try:
        check_words(query)
    except RuleBroken:
        meant = recognise(query["q"]).thematics
        themes = [(theme, gettext(THEMATICS[theme])) for theme in meant]
        query = {name: value for name, value in query.items() if name != "q"}
    return render_page(
        "following/new_search.html",
        status=422 if problems else 200,
        query=query,
        words=wording.criteria([query])[0],
        themes=themes,
        form=form,
        problems=dict(problems),
    )


@blueprint.route("/mes-recherches/<code:code>", methods=["GET", "POST"])
@allowed_to(Permission.KEPT_WRITE, load=SavedSearch.by_code)
def search(saved):
    form = SearchForm(nom=saved.name, rythme=saved.rhythm)
    if request.method == "GET":
        return _show(saved, form)
    if not form.validate():
        return _show(saved, form, form.problems)
    saved.describe(form.nom.data, form.rythme.data, by=actor())
    return go_to("following.searches", say=gettext(N_("La recherche est enregistrée.")))


def _show(saved, form, problems=()):
    status = 422 if problems else 200
    return render_page(
        "following/search.html",
        status=status,
        saved=saved,
        words=wording.criteria([saved.query])[0],
        form=form,
        problems=dict(problems),
    )


@blueprint.post("/mes-recherches/<code:code>/flux")
@allowed_to(Permission.KEPT_WRITE, load=SavedSearch.by_code)
def change_feed(saved):
    once(lambda: saved.change_feed(by=actor()))
    done = gettext(N_("Le flux a une nouvelle adresse. L’ancienne ne sert plus."))
    return go_to("following.search", code=saved.code, say=done)


@blueprint.route("/mes-recherches/<code:code>/supprimer", methods=["GET", "POST"])
@allowed_to(Permission.KEPT_WRITE, load=SavedSearch.by_code)
def delete_search(saved):
    if request.method == "GET":
        return render_page("following/delete_search.html", saved=saved)
    saved.discard(by=actor())
    return go_to("following.searches", say=gettext(N_("La recherche est supprimée.")))


@blueprint.get("/mes-recherches/flux/<token>")
@open_to_all
def feed(token):
    """What is new, for a feed reader, which has no session: its secret address opens it."""
    saved = SavedSearch.of_feed(token) or abort(404)
    entries = feeds.entries(newest(saved, limit=MOST_IN_FEED))
    updated = max([entry.updated for entry in entries], default=saved.created_at)
    address = url_for("following.feed", token=token, _external=True)
    page = render_template(
        "following/feed.xml",
        id=feeds.permanent_id("search", saved.code),
        site=gettext(SITE),
        title=gettext(N_("Les nouvelles actions d’une recherche")),
        address=address,
        updated=updated,
        entries=entries,
    )
    answer = make_response(page)
    answer.mimetype = "application/atom+xml"
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.last_modified = updated.replace(tzinfo=dt.UTC)
    answer.add_etag()
    return answer.make_conditional(request)


@blueprint.route("/mes-recherches/arreter/<token>", methods=["GET", "POST"])
@open_to_all
def stop_alert(token):
    """Opening the link changes nothing, since mail servers open links too: a button does."""
    saved = SavedSearch.of_stop(token)
    if saved is None:
        return render_page("following/dead_stop.html", status=410)
    if request.method == "POST":
        saved.stop()
        return go_to("following.stop_alert", token=token)
    return render_page("following/stop_alert.html", saved=saved, token=token)
