"""What a template says and what its answers mean."""

import json
import pathlib

import pytest

from models.base import RuleBroken
from models.diagnostics.reading import read_answer
from models.persons.sharing import Domain
from models.questionnaire.deriving import DomainState, derive
from models.questionnaire.shape import REFUSED, read_template
from models.questionnaire.versions import REFERENCE

DOCUMENT = json.loads(REFERENCE.read_text(encoding="utf-8"))
TEMPLATES = {
    model["key"]: read_template({"modele": model, "besoins": DOCUMENT["besoins"]})
    for model in DOCUMENT["templates"]
}
TRAME, GRID = TEMPLATES["trame-socio-pro"], TEMPLATES["grille-potentialites"]
EXAMPLES = [
    json.loads(line)
    for line in (pathlib.Path(__file__).parent / "worked_examples.jsonl").read_text().splitlines()
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["nom"])
def test_each_worked_example_of_the_trame_is_derived(example):
    """REQ-30, REQ-38: the five examples that the network wrote, answer for answer."""
    template = TEMPLATES[example["modele"]]
    derived = derive(template, example["reponses"])
    assert sorted(derived.raised) == sorted(example.get("besoins", []))
    assert sorted(derived.thematics(template)) == sorted(example.get("thematiques", []))
    assert sorted(derived.passing) == sorted(example.get("ephemeres", []))
    assert sorted(derived.hidden) == sorted(example.get("caches", []))
    assert derived.states == {
        Domain(key): DomainState(state) for key, state in example["etats"].items()
    }


def test_the_two_templates_have_the_questions_of_the_documents():
    """REQ-30: 65 questions in 15 sections; REQ-38: 25 in 6."""
    assert (len(TRAME.questions), len(TRAME.sections)) == (65, 15)
    assert (len(GRID.questions), len(GRID.sections)) == (25, 6)


def test_a_strength_suggests_soft_skills_and_no_more():
    """REQ-40: an unforeseen day well met suggests two of them; nothing enters the passport."""
    derived = derive(GRID, {"gp_journee": ["imprevus"]})
    assert derived.strengths == ("capacite-d-adaptation", "reactivite")
    assert not derived.raised


def test_a_need_she_did_not_keep_no_longer_makes_her_domain_a_need():
    """TRAME.md: « besoin si un besoin du domaine est gardé »."""
    answers = {"mob_permis": "souhaite", "mob_moyens": ["velo"]}
    assert derive(TRAME, answers).state(Domain.MOBILITY) is DomainState.NEED
    kept = derive(TRAME, answers, declined={"mobilite-permis"})
    assert kept.state(Domain.MOBILITY) is DomainState.STRENGTH


def test_without_diploma_training_is_a_need():
    """REQ-32: the risk grows with the absence of qualification."""
    assert "trouver-formation" in derive(TRAME, {"sit_niveau": "sans"}).raised


@pytest.mark.parametrize(
    ("key", "texts", "expected"),
    [
        ("sit_age", ["18-25"], "18-25"),
        ("sit_age", [], None),
        ("sit_age", [""], None),
        ("sit_age", ["refus"], REFUSED),
        ("mot_confiance", ["3"], 3),
        ("mob_moyens", ["velo", "a-pied"], ["velo", "a-pied"]),
        ("mob_moyens", ["velo", "velo"], ["velo"]),
        ("com_forces", ["autonomie"], ["autonomie"]),
        ("gp_heures", ["0"], 0),
    ],
)
def test_an_answer_is_read_as_its_question_allows(key, texts, expected):
    """TRAME.md, « Enregistrement »."""
    question = (TRAME.questions | GRID.questions)[key]
    assert read_answer(question, texts, offered=["autonomie"]) == expected


@pytest.mark.parametrize(
    ("key", "texts"),
    [
        ("sit_age", ["inconnu"]),
        ("sit_age", ["18-25", "26-29"]),
        ("sit_age", ["18-25", "refus"]),
        ("mot_confiance", ["5"]),
        ("mob_moyens", ["velo", "aucun"]),
        ("mob_moyens", ["velo", "refus"]),
        ("mot_moteurs", ["revenu", "utile", "apprendre", "rencontrer"]),
        ("com_forces", ["inventee"]),
        ("gp_heures", ["36"]),
        ("gp_heures", ["-1"]),
        ("gp_heures", ["²"]),
        ("pri_date", ["2020-01-01"]),
        ("pri_date", ["hier"]),
        ("pri_qui", ["refus"]),
        ("gp_securite", ["refus"]),
        ("sit_age", ["\x00"]),
    ],
)
def test_an_answer_that_its_question_does_not_allow_is_refused_with_a_sentence(key, texts):
    """TRAME.md: « Le serveur refuse… » (bad input of the diagnostic)."""
    question = (TRAME.questions | GRID.questions)[key]
    with pytest.raises(RuleBroken):
        read_answer(question, texts, offered=["autonomie"])
