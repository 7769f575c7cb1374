"""The sentences of freshness that depend on counts."""

from ..display import number
from ..languages import gettext as _
from ..languages import ngettext


def freshness_words(freshness):
    """« 8 fiches sur 10 vérifiées dans leur délai »: counts, which a percentage would hide."""
    if freshness.fresh == freshness.total:
        return _("Toutes ses fiches sont vérifiées dans leur délai.")
    if not freshness.fresh:
        return _("Aucune de ses fiches n’est vérifiée dans son délai.")
    words = ngettext(
        "%(fresh)s fiche sur %(total)s vérifiée dans son délai.",
        "%(fresh)s fiches sur %(total)s vérifiées dans leur délai.",
        freshness.fresh,
    )
    return words % {"fresh": number(freshness.fresh), "total": number(freshness.total)}


def register(blueprint):
    """Give these sentences to every template."""
    blueprint.add_app_template_global(freshness_words)
