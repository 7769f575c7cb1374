"""The rules that a template holds before it is published: each damaged copy is seen."""

import copy
import json

import pytest

from models.questionnaire import checking, content, wording
from models.questionnaire.versions import REFERENCE

DOCUMENT = json.loads(REFERENCE.read_text(encoding="utf-8"))
TRAME, GRID = range(2)


def documents():
    """The data of both templates, free to be damaged."""
    return [
        copy.deepcopy({"modele": model, "besoins": DOCUMENT["besoins"]})
        for model in DOCUMENT["templates"]
    ]


def question(data, key):
    return next(one for one in content.Content(data).questions if one["key"] == key)


def choice(data, key, value):
    return next(one for one in question(data, key)["choices"] if one["value"] == value)


def need(data, key):
    return next(one for one in data["besoins"] if one["key"] == key)


def asked_if(data, key, op, value, cited="pro_idee", mode="any"):
    condition = {"question": cited, "op": op, "value": value}
    question(data, key)["visible_if"] = {mode: [condition]}


def loop(data):
    """Each of two questions waits for the other."""
    asked_if(data, "mob_permis", "in", ["velo"], "mob_moyens")
    asked_if(data, "mob_moyens", "in", ["souhaite"], "mob_permis")


def keep_home_safety(data):
    """Nothing says any more that the answer is forgotten."""
    asked = question(data, "gp_securite")
    del asked["enregistre"], asked["besoin_ephemere"]


def both_and_neither(data):
    conditions = [
        {"question": "fam_charge", "op": "in", "value": [value]} for value in ("enfants", "non")
    ]
    question(data, "fam_garde")["visible_if"] = {"all": conditions}


# What the rule is about, the template, and how it is damaged.
DAMAGE = [
    (checking.readable, TRAME, lambda d: question(d, "sit_age").update(type="short_text")),
    (checking.readable, TRAME, lambda d: d["modele"].pop("sections")),
    (checking.unique_keys, TRAME, lambda d: question(d, "sit_age").update(key="acc_format")),
    (checking.unique_keys, TRAME, lambda d: choice(d, "sit_age", "18-25").update(value="26-29")),
    (checking.unique_keys, TRAME, lambda d: d["besoins"].append(dict(d["besoins"][0]))),
    (checking.unique_keys, TRAME, lambda d: d["modele"]["sections"][1].update(key="accueil")),
    (
        checking.unique_keys,
        TRAME,
        lambda d: choice(d, "sit_age", "18-25").update(label="De 26 à 29 ans"),
    ),
    (checking.well_formed, TRAME, lambda d: question(d, "pri_accord").update(type="short_text")),
    (checking.well_formed, TRAME, lambda d: question(d, "sit_age").update(surprise=1)),
    (checking.well_formed, TRAME, lambda d: question(d, "sit_age").update(texte_libre=True)),
    (checking.well_formed, TRAME, lambda d: question(d, "mot_confiance")["choices"].pop()),
    (checking.well_formed, GRID, lambda d: question(d, "gp_date").pop("contrainte")),
    (checking.well_formed, TRAME, lambda d: question(d, "com_forces").pop("choices_ref")),
    (checking.well_formed, TRAME, lambda d: question(d, "com_forces").update(choices_ref="x")),
    (checking.well_formed, TRAME, lambda d: question(d, "sit_age").pop("origine")),
    (checking.well_formed, TRAME, lambda d: question(d, "sit_age").update(max_choices=2)),
    (checking.well_formed, TRAME, lambda d: choice(d, "sit_age", "18-25").update(surprise=1)),
    (checking.well_formed, TRAME, lambda d: question(d, "sit_qpv")["choices"].clear()),
    (checking.well_formed, TRAME, lambda d: question(d, "log_courrier")["choices"].reverse()),
    (checking.well_formed, TRAME, lambda d: question(d, "com_forces").update(choices=[])),
    (
        checking.conditions_hold,
        TRAME,
        lambda d: asked_if(d, "pro_connait", "in", ["moi"], "pri_qui"),
    ),
    (checking.conditions_hold, TRAME, lambda d: asked_if(d, "pro_connait", "in", ["inconnu"])),
    (checking.conditions_hold, TRAME, lambda d: asked_if(d, "pro_connait", "in", [])),
    (checking.conditions_hold, TRAME, lambda d: asked_if(d, "pro_connait", "pas", ["metier"])),
    (checking.conditions_hold, TRAME, lambda d: asked_if(d, "pro_connait", "lte", 2)),
    (checking.conditions_hold, TRAME, lambda d: asked_if(d, "pro_connait", "in", ["x"], "absente")),
    (
        checking.conditions_hold,
        TRAME,
        lambda d: question(d, "pro_connait").update(visible_if={"any": []}),
    ),
    (
        checking.conditions_hold,
        TRAME,
        lambda d: asked_if(d, "pro_connait", "in", ["metier"], mode="parfois"),
    ),
    (checking.conditions_hold, TRAME, loop),
    (checking.everything_is_asked, TRAME, lambda d: asked_if(d, "pro_connait", "in", ["inconnu"])),
    (checking.everything_is_asked, TRAME, both_and_neither),
    (
        checking.everything_is_asked,
        TRAME,
        lambda d: asked_if(d, "pro_quand", "gte", 5, "pro_connait"),
    ),
    (
        checking.needs_exist,
        TRAME,
        lambda d: choice(d, "sit_niveau", "sans").update(besoins=["inconnu"]),
    ),
    (checking.needs_exist, TRAME, lambda d: need(d, "cv").update(reponse="ailleurs")),
    (
        checking.needs_are_raised,
        TRAME,
        lambda d: choice(d, "log_courrier", "non").pop("besoins"),
    ),
    (
        checking.needs_are_raised,
        TRAME,
        lambda d: d["besoins"].append({**need(d, "cv"), "key": "orphelin"}),
    ),
    (
        checking.thematics_known,
        TRAME,
        lambda d: need(d, "cv").update(thematiques=["mobilite--inventee"]),
    ),
    (
        checking.refusals_raise_nothing,
        TRAME,
        lambda d: choice(d, "sit_duree", "ne-sait-pas").update(besoins=["cv"]),
    ),
    (
        checking.refusals_raise_nothing,
        TRAME,
        lambda d: choice(d, "san_tenir", "en-parler").update(besoins=["sante-ecoute"]),
    ),
    (
        checking.refusals_raise_nothing,
        TRAME,
        lambda d: question(d, "sit_age")["choices"].append({"value": "refus", "label": "Non"}),
    ),
    (
        checking.the_most_sensitive_stays_apart,
        TRAME,
        lambda d: question(d, "san_tenir").pop("borne"),
    ),
    (
        checking.the_most_sensitive_stays_apart,
        TRAME,
        lambda d: question(d, "san_tenir").update(sensibilite=2, borne="oui"),
    ),
    (
        checking.the_most_sensitive_stays_apart,
        TRAME,
        lambda d: question(d, "sit_age").update(sensibilite=4),
    ),
    (
        checking.the_most_sensitive_stays_apart,
        TRAME,
        lambda d: question(d, "sit_age").update(domaine="sante"),
    ),
    (
        checking.the_most_sensitive_stays_apart,
        TRAME,
        lambda d: choice(d, "pro_temps", "moins-5").update(besoins=["amenagement"]),
    ),
    (
        checking.home_safety_is_never_kept,
        GRID,
        lambda d: question(d, "gp_securite").update(enregistre=True),
    ),
    (
        checking.home_safety_is_never_kept,
        GRID,
        lambda d: [
            question(d, "gp_securite").pop(name) for name in ("enregistre", "besoin_ephemere")
        ],
    ),
    (
        checking.home_safety_is_never_kept,
        TRAME,
        lambda d: choice(d, "fam_aide", "parent").update(besoins=["separation-violence"]),
    ),
    (
        checking.home_safety_is_never_kept,
        TRAME,
        lambda d: need(d, "separation-violence").pop("enregistre"),
    ),
    (
        checking.nothing_forbidden,
        TRAME,
        lambda d: question(d, "san_tenir").update(label="Quelle est votre maladie ?"),
    ),
    (
        checking.nothing_forbidden,
        TRAME,
        lambda d: choice(d, "dro_papiers", "identite").update(label="Ma nationalité"),
    ),
    (
        checking.nothing_forbidden,
        TRAME,
        lambda d: question(d, "sit_age").update(label_simple="Quelle est votre religion ?"),
    ),
    (
        checking.nothing_forbidden,
        TRAME,
        lambda d: question(d, "dro_discrimination").update(type="single"),
    ),
    (checking.nothing_imposed, TRAME, lambda d: question(d, "sit_age").update(facultatif=False)),
    (
        checking.sizes,
        GRID,
        lambda d: d["modele"]["sections"][0]["questions"].append(question(d, "gp_pas")),
    ),
    (checking.sizes, TRAME, lambda d: d["modele"].update(nombre_questions=66)),
    (checking.sizes, TRAME, lambda d: d["modele"]["sections"][3]["questions"].clear()),
    (checking.sizes, TRAME, lambda d: d["modele"]["sections"].clear()),
    (checking.domains_known, TRAME, lambda d: question(d, "res_manger").update(domaine="langue")),
    (checking.domains_known, TRAME, lambda d: question(d, "sit_age").update(domaine="x")),
    (checking.domains_known, TRAME, lambda d: need(d, "cv").update(domaine="x")),
    (checking.domains_known, TRAME, lambda d: choice(d, "res_manger", "jamais").update(etat="x")),
    (
        checking.domains_known,
        TRAME,
        lambda d: d["modele"]["sections"][0].update(aide_immediate=["x"]),
    ),
    (
        checking.strengths_known,
        GRID,
        lambda d: choice(d, "gp_journee", "budget").update(forces=["inconnue"]),
    ),
    (
        checking.exclusive_choices,
        TRAME,
        lambda d: choice(d, "sit_age", "18-25").update(exclusif=True),
    ),
    (checking.exclusive_choices, TRAME, lambda d: choice(d, "sit_fin", "aucun").pop("exclusif")),
]
ADVISED = [
    (wording.plain_words, TRAME, lambda d: question(d, "sit_age").update(aide="un " * 16)),
    (wording.plain_words, TRAME, lambda d: question(d, "sit_age").update(label="un " * 13 + "?")),
    (
        wording.plain_words,
        TRAME,
        lambda d: choice(d, "sit_age", "18-25").update(label="Suivi CIVIS"),
    ),
    (
        wording.plain_words,
        TRAME,
        lambda d: choice(d, "fam_charge", "non").update(label="accompagné·e"),
    ),
    (wording.plain_words, TRAME, lambda d: question(d, "sit_age").update(label="Votre âge")),
    (
        wording.plain_words,
        TRAME,
        lambda d: question(d, "sit_age").update(label="Quel âge et quel nom et quelle ville ?"),
    ),
    (wording.typography, TRAME, lambda d: question(d, "sit_age").update(label="Quel âge ?")),
    (wording.typography, TRAME, lambda d: question(d, "sit_age").update(aide="L'âge.")),
    (wording.translated, TRAME, lambda d: question(d, "sit_age").pop("label_en")),
    (wording.translated, GRID, lambda d: choice(d, "gp_pas", "rien").pop("label_ar")),
]


@pytest.mark.parametrize("at", [TRAME, GRID])
def test_the_templates_of_the_network_hold_every_rule(at):
    """REQ-29: nothing forbids to publish them, and nothing is left to advise."""
    both = documents()
    assert checking.faults(both[at], [both[1 - at]]) == []
    assert wording.remarks(both[at]) == []


@pytest.mark.parametrize(
    ("rule", "at", "damage"),
    DAMAGE,
    ids=[f"{rule.__name__}-{n}" for n, (rule, *_) in enumerate(DAMAGE)],
)
def test_a_damaged_copy_is_seen_by_its_rule(rule, at, damage):
    """REQ-29: each rule of the network sees what it is there for."""
    both = documents()
    damage(both[at])
    if rule is checking.readable:
        assert content.run([rule], both[at])
    else:
        # The rule itself sees it: it does not merely stumble over what is missing.
        assert list(rule(content.Content(both[at], [both[1 - at]])))
    assert checking.faults(both[at], [both[1 - at]])


@pytest.mark.parametrize(
    ("rule", "at", "damage"),
    ADVISED,
    ids=[f"{rule.__name__}-{n}" for n, (rule, *_) in enumerate(ADVISED)],
)
def test_what_could_be_read_more_easily_is_advice(rule, at, damage):
    """Plain language is asked for, and forbids nothing."""
    both = documents()
    damage(both[at])
    assert content.run([rule], both[at])
    assert checking.faults(both[at], [both[1 - at]]) == []


def test_every_rule_is_tried_on_a_damaged_copy():
    """A rule that no damage tries would prove nothing."""
    tried = {rule for rule, *_ in (*DAMAGE, *ADVISED)}
    assert tried == {*checking.FAULTS, *wording.REMARKS}


def test_a_loop_of_conditions_is_said_at_both_questions():
    """Bad input: a template whose conditions loop is refused with a sentence."""
    data = documents()[TRAME]
    loop(data)
    found = {one.where: one.sentence % one.values for one in checking.conditions_hold(
        content.Content(data)
    )}  # fmt: skip
    [where] = found
    assert "n’est pas posée avant" in found[where]


def test_a_need_of_the_other_template_alone_is_no_orphan():
    """Both templates share one list of needs."""
    trame, _grid = documents()
    assert [one.where for one in checking.faults(trame)] == ["besoin.separation-violence"]
