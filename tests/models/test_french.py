"""How French words are reduced so that a person’s word meets a sheet’s."""

import pytest

from models.search_index.french import LONGEST_WORD, MOST_TERMS, stem, stems, terms
from models.text import fold

SAME_FAMILY = """
emploi/emplois travail/travaux vélo/vélos ado/ados mobilité/mobilités français/françaises
formé/formées formation/former réparer/réparation revenu/revenus ami/amis délai/délais essai/essais
jeu/jeux lieu/lieux bureau/bureaux social/sociaux sociale/sociaux local/locaux hôpital/hôpitaux
étranger/étrangère étranger/étrangers permis/permi aide/aider métier/métiers
conseiller/conseillères enfant/enfants handicap/handicapée isolés/isolée numérique/numériques
budget/budgétaire logé/logement loyer/loyers créer/création crédit/crédits endetté/endettement
inclusif/inclusive actifs/active sportif/sportive bénévole/bénévolat adapté/adaptée
nouveau/nouvelles coiffeur/coiffeuse insertion/insérer visa/visas info/infos souci/soucis
départemental/départementaux professionnelle/professionnel accompagner/accompagnée
hébergé/hébergement ordinateur/ordi bail/baux
""".split()  # noqa: SIM905
STRANGERS = [
    ("cours", "course"), ("loyer", "loi"), ("police", "politique"), ("parent", "parrain"),
    ("mission", "permission"), ("mobilité", "mobilier"), ("public", "publicité"), ("père", "mère"),
]  # fmt: skip


@pytest.mark.parametrize("family", SAME_FAMILY)
def test_words_of_one_family_share_a_stem_with_or_without_accents(family):
    assert len({stem(fold(word)) for word in family.split("/")}) == 1


@pytest.mark.parametrize("words", STRANGERS)
def test_words_of_two_families_do_not(words):
    assert len({stem(fold(word)) for word in words}) == 2


@pytest.mark.parametrize("text", ["L’école", "l'ecole", "d'ecole", "qu’école"])
def test_an_elision_is_no_part_of_its_word(text):
    assert stems(text) == stems("ecole")


def test_stop_words_are_not_indexed():
    assert stems("Je cherche une aide pour le permis") == stems("cherche aide permis")


def test_a_query_of_stop_words_asks_for_them():
    assert terms("le la") == ("le", "la")


def test_a_query_is_cut_to_its_first_distinct_words():
    assert len(terms(" ".join(f"mot{n}" for n in range(100)))) == MOST_TERMS
    assert terms("garage Garages garage") == terms("garage")


def test_a_word_without_end_is_cut():
    assert len(stems("é" * 10_000)[0]) <= LONGEST_WORD
