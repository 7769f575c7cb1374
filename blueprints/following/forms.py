"""The forms of lists and of saved searches."""

from models.base import N_
from models.following import lists, saved_searches
from models.following.saved_searches import Rhythm

from ..forms import Form, Line, OneOf

NOBODY = ("", N_("Ne pas le dire"))


class NewListForm(Form):
    nom = Line(N_("Nom de la liste"), lists.LONGEST_NAME, needed=N_("donnez un nom à la liste."))


class ListForm(NewListForm):
    """`organisme` is a code among those where the author works, or nothing."""

    organisme = OneOf(N_("Préparée par"), wrong=N_("choisissez un organisme où vous travaillez."))

    @classmethod
    def among(cls, places, **kwargs):
        form = cls(**kwargs)
        form.organisme.choices = [NOBODY, *((one.code, one.name) for one in places)]
        return form


class SearchForm(Form):
    nom = Line(
        N_("Nom de la recherche"),
        saved_searches.LONGEST_NAME,
        needed=N_("donnez un nom à la recherche."),
    )
    rythme = OneOf(
        N_("Me prévenir des nouvelles actions"),
        Rhythm.choices(),
        wrong=N_("choisissez quand vous prévenir."),
    )
