"""What employers say: dated, by an organisation, and of nobody in particular (REQ 24)."""

import datetime as dt

import pytest

from models.action_bank.testimonials import MOST, checked_testimonials
from models.base import RuleBroken, today


def words(**changes):
    return {
        "employer": "Le Grand Couvert",
        "words": "Nous avons prolongé deux contrats.",
        "day": "2026-06-23",
    } | changes


def test_a_testimonial_is_kept_tidy():
    said = words(employer=" Le\nGrand  Couvert ", day=dt.date(2026, 6, 23), autre="x")
    assert checked_testimonials([said]) == [words()]


def test_an_empty_one_is_left_out():
    assert checked_testimonials([{}, words(employer=" ", words="", day=None), words()]) == [words()]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"employer": ""}, "quel employeur parle"),
        ({"employer": "x" * 151}, "quel employeur parle"),
        ({"words": "Bien."}, "de 10 à 500 signes"),
        ({"words": "x" * 501}, "de 10 à 500 signes"),
        ({"day": ""}, "porte le jour"),
        ({"day": "juin 2026"}, "porte le jour"),
        ({"day": "20260623"}, "porte le jour"),
        ({"day": "1999-12-31"}, "porte le jour"),
        ({"day": (today() + dt.timedelta(days=1)).isoformat()}, "dans le futur"),
        ({"words": "Son numéro : 2 84 12 31 451 089 46."}, "sécurité sociale"),
        ({"words": "Appelez-la au 06 12 34 56 78."}, "ni adresse électronique, ni téléphone"),
        ({"words": "Appelez-la au +33612345678."}, "ni adresse électronique, ni téléphone"),
        ({"words": "Écrivez à lea@example.org."}, "ni adresse électronique, ni téléphone"),
        ({"employer": "Couvert, 05.61.00.00.00"}, "ni adresse électronique, ni téléphone"),
        ({"words": "Madame Durand a réussi son essai."}, "ne nomme personne"),
        ({"words": "Avec M. Durand, tout va bien."}, "ne nomme personne"),
        ({"employer": "Mme Durand"}, "ne nomme personne"),
        ({"words": 12}, "un employeur, des mots et un jour"),
    ],
)
def test_what_may_not_be_said_is_refused(changes, sentence):
    """REQ-24: no number, no way to reach, no name of a person who was supported."""
    with pytest.raises(RuleBroken, match=sentence):
        checked_testimonials([words(**changes)])


@pytest.mark.parametrize("value", [None, "texte", {}, [1], [[]]])
def test_what_is_no_list_of_testimonials_is_refused(value):
    with pytest.raises(RuleBroken):
        checked_testimonials(value)


def test_figures_and_years_are_no_telephone():
    said = words(words="En 2025 et 2026, 12 contrats sur 14, de 35 h à 1 850 € : tenus.")
    assert checked_testimonials([said]) == [said]


def test_they_are_few():
    with pytest.raises(RuleBroken, match="témoignages au plus"):
        checked_testimonials([words()] * (MOST + 1))
