"""Documents of the national schema enter whole or with a sentence, and leave as they came."""

import copy
import datetime as dt
import json
import pathlib

import pytest
import time_machine
from data_inclusion.schema import v1
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import Action, AuditEntry, Organisation
from models.base import database
from models.exchange import importing
from models.exchange.exporting import export_file
from models.exchange.importing import BATCH, Tally, import_document, import_file
from models.exchange.reading import UnusableFile
from models.search_index import Query, current_index
from models.vocabularies import Status

SAMPLE = pathlib.Path(__file__).parent.parent / "data" / "offre-test.json"
TESTIMONIAL = {
    "employeur": "Le Grand Couvert",
    "jour": "2026-06-23",
    "propos": "Nous avons prolongé deux contrats.",
}
DATABASE = pytest.mark.usefixtures("db")


@pytest.fixture
def sample():
    return json.loads(SAMPLE.read_text(encoding="utf-8"))


def structure(**changes):
    minimal = {"source": "essai", "id": "essai--s", "nom": "Structure", "date_maj": "2026-01-02"}
    return minimal | changes


def service(**changes):
    return {
        "source": "essai",
        "structure_id": "essai--s",
        "id": "essai--f",
        "nom": "Un atelier",
        "description": "Un atelier pour essayer.",
        "date_maj": "2026-01-02",
    } | changes


def document(*services, structures=None):
    return {"structures": structures or [structure()], "services": list(services)}


def only_sentence(report):
    (sentence,) = report.sentences
    return sentence


def everything():
    """All the rows, but for what a rerun is free to add: nothing."""
    return [
        [sorted(row.__data__.items(), key=str) for row in entity.select().order_by(entity.id)]
        for entity in (Organisation, Action, AuditEntry)
    ]


@DATABASE
def test_every_record_of_a_valid_document_is_kept(sample):
    """REQ-15: the bank is shared, so what the others publish enters it."""
    report = import_document(sample)
    assert report.organisations == Tally(created=3)
    assert report.actions == Tally(created=4)
    assert report.sentences == []


@DATABASE
def test_a_sheet_keeps_what_the_national_schema_and_the_portal_say(sample):
    import_document(sample)
    action = Action.get(Action.source_id == "essai-31--garde")
    assert action.organisation.source_id == "essai-31--relais"
    assert action.updated_on == dt.date(2026, 3, 2)
    assert action.audiences == ["familles", "femmes"]
    assert action.eligibility == ["31555", "243100518"]
    assert action.mobilisation_url == "https://relais.example.org/garde"
    assert (action.places_left, action.places_on) == (2, dt.date(2026, 3, 1))
    assert (action.age_min, action.age_max) == (18, None)
    assert action.sessions == [{"debut": "2026-04-01T09:00", "fin": "2026-04-01T12:00"}]
    assert (action.summary, action.review_months, action.sensitivity) == (
        "Quelques heures de garde pour aller à un entretien.",
        3,
        1,
    )
    assert action.emergency["numero"] == "115"
    assert action.is_demonstration


@DATABASE
def test_the_name_of_a_contact_person_is_not_kept(sample):
    import_document(sample)
    assert "Inventée" not in str(everything())


@DATABASE
def test_unknown_vocabulary_values_are_kept_aside(sample):
    import_document(sample)
    action = Action.get(Action.source_id == "essai-31--reparer")
    assert (action.kind, action.fees) == (None, None)
    assert action.thematics == ["mobilite--entretenir-reparer-son-vehicule"]
    assert action.other_values == {
        "kind": ["troc"],
        "fees": ["libre"],
        "thematics": ["mobilite--velo-volant"],
        "reception_modes": ["par-pigeon"],
    }
    organisation = Organisation.get(Organisation.source_id == "essai-31--atelier")
    assert organisation.other_values == {"networks": ["reseau-encore-inconnu"]}


@DATABASE
def test_a_second_run_changes_nothing(sample, monkeypatch):
    """REQ-153: an import played again gives the same result."""
    import_document(sample)
    before = everything()
    monkeypatch.setattr(importing, "current_index", lambda: None)
    report = import_document(sample)
    assert report.organisations == Tally(unchanged=3)
    assert report.actions == Tally(unchanged=4)
    assert everything() == before


@DATABASE
def test_a_dry_run_tells_what_it_would_do_and_changes_nothing(sample):
    report = import_document(sample, dry_run=True)
    assert report.actions == Tally(created=4)
    assert everything() == [[], [], []]
    assert current_index().query(Query(text="garder")).ids == []


@DATABASE
def test_an_import_is_traced_and_found(sample):
    import_document(sample)
    acts = sorted(entry.act for entry in AuditEntry.select())
    assert acts == ["action:import"] * 4 + ["organisation:import"] * 3
    found = current_index().query(Query(text="garder un enfant")).ids
    assert Action.get(Action.source_id == "essai-31--garde").id in found


@DATABASE
def test_a_changed_record_updates_its_row(sample):
    import_document(sample)
    code = Action.get(Action.source_id == "essai-31--cv").code
    sample["services"][2] |= {"nom": "Relire sa lettre", "date_maj": "2026-03-03"}
    assert import_document(sample).actions == Tally(updated=1, unchanged=3)
    action = Action.by_code(code)
    assert action.name == "Relire sa lettre"
    last = AuditEntry.select().order_by(AuditEntry.id.desc()).first()
    assert last.changes == {"created": False, "fields": ["name", "updated_on"]}


@DATABASE
def test_a_sheet_follows_the_new_name_of_its_organisation_in_the_index(sample):
    import_document(sample)
    sample["structures"][0]["nom"] = "Capharnaüm"
    import_document(sample)
    found = current_index().query(Query(text="capharnaüm")).ids
    assert Action.get(Action.source_id == "essai-31--cv").id in found


@DATABASE
def test_a_record_without_our_key_leaves_our_own_fields(sample):
    import_document(sample)
    del sample["services"][0]["portail"]
    assert import_document(sample).actions == Tally(unchanged=4)
    sample["services"][0]["portail"] = {"statut": "archivee"}
    assert import_document(sample).actions == Tally(updated=1, unchanged=3)
    action = Action.get(Action.source_id == "essai-31--garde")
    assert (action.status, action.places_left) == (Status.ARCHIVED, 2)


@DATABASE
def test_services_alone_join_the_organisations_already_known(sample):
    import_document({"structures": sample["structures"]})
    assert import_document({"services": sample["services"]}).actions == Tally(created=4)


@DATABASE
def test_the_most_recent_sheets_are_written_last():
    days = ["2026-03-01", "2025-01-01", "2026-02-01"]
    import_document(document(*(service(id=f"essai--{day}", date_maj=day) for day in days)))
    rows = Action.select().order_by(Action.id)
    assert [str(action.updated_on) for action in rows] == sorted(days)


@DATABASE
def test_more_than_a_batch_is_kept():
    sheets = [service(id=f"essai--{number}") for number in range(BATCH + 3)]
    told = []
    report = import_document(document(*sheets), progress=lambda *step: told.append(step))
    assert report.actions == Tally(created=BATCH + 3)
    assert told[-1] == (BATCH + 4, BATCH + 4)


@DATABASE
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"nom": None}, "« nom » : il faut du texte."),
        ({"nom": "ab"}, "« nom » : il faut au moins 3 caractères."),
        ({"nom": "a\x00\x01\u202e"}, "« nom » : il faut au moins 3 caractères."),
        ({"nom": "a" * 151}, "« nom » : il faut au plus 150 caractères."),
        ({"description": 12}, "« description » : il faut du texte."),
        ({"source": ""}, "« producteur » : cette information manque."),
        ({"source": "s" * 121}, "« producteur » : il faut au plus 120 caractères."),
        ({"commune": "c" * 10_001}, "« commune » : il faut au plus 10000 caractères."),
        ({"type": "t" * 256}, "« type de service » : cette valeur n’est pas dans la liste"),
        ({"date_maj": "hier"}, "« date de mise à jour » : il faut une date de la forme"),
        ({"date_maj": "2999-01-01"}, "la date ne peut pas être dans le futur"),
        ({"date_maj": "1999-01-01"}, "ni avant l’an 2000"),
        ({"courriel": "x"}, "« courriel » : il faut une adresse électronique valable"),
        ({"lien_source": "javascript:alert(1)"}, "« lien vers la source » : il faut une adresse"),
        ({"lien_mobilisation": "nulle part"}, "« lien de mobilisation » : il faut une adresse web"),
        ({"code_postal": "3100"}, "« code postal » : il faut un code postal de 5 chiffres."),
        ({"code_insee": "31-55"}, "« code INSEE de la commune » : il faut un code INSEE"),
        ({"zone_eligibilite": ["partout"]}, "« zone d’éligibilité » : il faut des codes"),
        ({"publics": []}, "« publics » : il faut au moins 1 valeur."),
        ({"publics": ["tous-publics", "jeunes"]}, "ne peut pas être mêlé à d’autres publics"),
        ({"thematiques": "sante"}, "« thématiques » : il faut une liste."),
        ({"thematiques": [[]]}, "« thématiques » : cette valeur n’est pas dans la liste"),
        ({"longitude": "est"}, "« longitude » : il faut un nombre."),
        ({"latitude": 91}, "« latitude » : il faut un nombre entre -90 et 90."),
        ({"latitude": "nan"}, "« latitude » : il faut un nombre entre"),
        ({"latitude": float("inf")}, "« latitude » : ce nombre est hors limites."),
        ({"nombre_semaines": 0}, "« nombre de semaines » : il faut au moins 1."),
        ({"nombre_semaines": 1.5}, "« nombre de semaines » : il faut un nombre entier."),
        ({"nombre_semaines": 10**5000}, "« nombre de semaines » : ce nombre est hors limites."),
        ({"structure_id": "essai--absente"}, "cette organisation est inconnue."),
        ({"portail": "oui"}, "« informations propres au portail » : il faut un objet."),
        ({"portail": {"statut": "ailleurs"}}, "« statut » : cette valeur n’est pas dans la liste"),
        ({"portail": {"verifie_le": "2999-01-01"}}, "« date de vérification » : la date"),
        ({"portail": {"places": {"total": -1}}}, "« places » : il faut au moins 0."),
        ({"portail": {"prochaines_sessions": [{"debut": "demain"}]}}, "AAAA-MM-JJTHH:MM."),
        ({"portail": {"insertion": {"taux": 101}}}, "« insertion après la formation » : il"),
        ({"portail": {"insertion": {"effectif": -1}}}, "il faut au moins 0."),
        ({"portail": {"insertion": {"annee": 25}}}, "il faut au moins 1990."),
        ({"portail": {"temoignages": [{"propos": "x"}]}}, "« témoignages d’employeurs » : cette"),
        ({"portail": {"temoignages": [TESTIMONIAL | {"jour": "hier"}]}}, "et un jour passé, sans"),
        ({"portail": {"temoignages": [TESTIMONIAL | {"propos": "Joindre lea@example.org."}]}},
         "sans nom, téléphone ni adresse électronique."),
        ({"portail": {"temoignages": [TESTIMONIAL] * 7}}, "six témoignages au plus"),
        ({"portail": {"actions_rattachees": ["x--1"] * 51}}, "« actions rattachées » : il faut"),
        ({"nom": "a", "description": "b", "frais": []}, "(et 2 autres à corriger)."),
    ],
)  # fmt: skip
def test_an_invalid_record_is_refused_with_its_name_its_field_and_the_reason(changes, sentence):
    report = import_document(document(service(**changes), service(id="essai--saine")))
    told = only_sentence(report).replace("\u00a0", " ")
    assert told.startswith("Fiche « essai--f », champ « ")
    assert sentence in told
    assert report.actions == Tally(created=1, rejected=1)
    assert [action.source_id for action in Action.select()] == ["essai--saine"]


@DATABASE
@pytest.mark.parametrize("record", [None, 3, "fiche", [], {}, {"id": 12}, {"id": ""}])
def test_a_record_without_an_identifier_is_named_by_its_place(record):
    report = import_document(document(service(), record))
    assert only_sentence(report).startswith("Fiche n°\u00a02")
    assert report.actions == Tally(created=1, rejected=1)


@DATABASE
def test_a_sheet_verified_today_is_received_at_half_past_midnight():
    """Today is a day in France, not in Greenwich."""
    night = dt.datetime(2027, 6, 10, 22, 30, tzinfo=dt.UTC)
    with time_machine.travel(night, tick=False):
        report = import_document(document(service(portail={"verifie_le": "2027-06-11"})))
    assert not report.sentences
    assert Action.get().verified_on == dt.date(2027, 6, 11)


@DATABASE
def test_an_identifier_counts_once_in_a_document():
    report = import_document(document(service(), service(nom="Le double")))
    assert "déjà celui d’un enregistrement précédent" in only_sentence(report)
    assert Action.get().name == "Un atelier"


@DATABASE
def test_the_sheets_of_a_refused_organisation_are_refused():
    """Even when an earlier import knew it: the file says something of it that cannot be kept."""
    import_document(document())
    report = import_document(document(service(), structures=[structure(nom="")]))
    assert report.organisations == Tally(rejected=1)
    assert report.actions == Tally(rejected=1)
    assert "cette organisation a été refusée" in report.sentences[1]


@DATABASE
@pytest.mark.parametrize(
    "number",
    ["184127645108946", "1841276451089", "2 84 12 2A 451 089 46", "1\u00a084 12 76\u202f451.089"],
)
@pytest.mark.parametrize("field", ["description", "portail", "inconnu", "id"])
def test_a_social_security_number_is_refused_wherever_it_stands(number, field):
    """Decree 2019-341: the number is never kept, nor repeated in the sentence."""
    value = {"verifie_par": [f"Madame, {number}"]} if field == "portail" else f"Madame, {number}."
    report = import_document(document(service(**{field: value})))
    assert "numéro de sécurité sociale" in only_sentence(report)
    assert number not in only_sentence(report)
    assert Action.select().count() == 0


@DATABASE
def test_a_social_security_number_written_as_a_number_is_refused():
    report = import_document(document(service(inconnu=[1841276451089])))
    assert "numéro de sécurité sociale" in only_sentence(report)


@DATABASE
def test_a_siret_and_a_telephone_are_not_taken_for_one():
    structures = [structure(siret="18412764510894", telephone="+33 1 84 12 76 45 10")]
    assert import_document(document(structures=structures)).sentences == []


@DATABASE
def test_texts_are_received_clean():
    hostile = "<script>alert(1)</script> \x00\x1b[31m '; DROP TABLE action; -- \ud800\u202e e\u0301"
    import_document(document(service(nom=f"Titre\n{hostile}", description=f"\r\n{hostile}\r\nfin")))
    action = Action.get()
    kept = "<script>alert(1)</script> [31m '; DROP TABLE action; --  é"
    assert action.name == f"Titre {kept}"
    assert action.description == f"{kept}\nfin"


@DATABASE
def test_what_the_engine_refuses_is_told_and_leaves_the_rest(monkeypatch):
    """Another writer may have taken the identifier since the rows were read."""
    monkeypatch.setattr(importing, "_stored", lambda kind, ids: {})
    import_document(document(service()))
    report = import_document(document(service()))
    assert "la base de données la refuse" in report.sentences[0]
    assert report.organisations == Tally(rejected=1)
    assert Action.select().count() == 1


@DATABASE
def test_a_run_cut_short_is_run_again(sample, monkeypatch):
    def put(action):
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(type(current_index()), "put", lambda self, action: put(action))
        with pytest.raises(KeyboardInterrupt), database.atomic():
            import_document({"services": sample["services"], "structures": sample["structures"]})
    assert Action.select().count() == 0
    assert import_document(sample).actions == Tally(created=4)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)
NAMES = st.sampled_from([*service(), "type", "publics", "portail", "longitude", "courriel", "x"])


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(changes=st.dictionaries(NAMES, JSON, max_size=4), stranger=JSON)
def test_no_record_breaks_an_import_nor_enters_by_half(db, changes, stranger):
    with database.atomic() as everything_here:
        report = import_document(document(service(**changes), stranger))
        kept = report.actions.created
        assert kept + report.actions.rejected == 2
        assert len(report.sentences) == report.actions.rejected
        assert Action.select().count() == kept
        assert AuditEntry.select().where(AuditEntry.act == "action:import").count() == kept
        everything_here.rollback()


def test_a_deep_record_is_refused_alone(db):
    value = []
    for _ in range(800):
        value = [value]
    report = import_document(document(service(portail=value), service(id="essai--saine")))
    assert "les valeurs sont trop imbriquées" in only_sentence(report)
    assert report.actions == Tally(created=1, rejected=1)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", r"n’est pas du JSON \(ligne 1, colonne 1\)"),
        (b'{"services": [\n  {"id": "a"', r"tronqué .* \(ligne 2, colonne 13\)"),
        (b'{"services": ["\xe9"]}', r"n’est pas en UTF-8.: l’octet n°.16 "),
        (b"[]", "un objet JSON"),
        (b'{"fiches": []}', "ne contient ni «.structures.» ni «.services.»"),
        (b'{"services": {}}', "«.services.» doit être une liste"),
        (b'{"structures": null}', "«.structures.» doit être une liste"),
        (b'{"services": [NaN]}', "contient NaN, qui n’est pas un nombre"),
        (b'{"services": [-Infinity]}', "contient -Infinity"),
        (b'{"services": ' + b"[" * 100_000, "trop imbriquées"),
        (b'{"services": [' + b"9" * 5_000 + b"]}", "un nombre trop long"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(tmp_path, content, sentence):
    """REQ-153: a fault of the file is told, and nothing of it is kept."""
    path = tmp_path / "offre.json"
    path.write_bytes(content)
    with pytest.raises(UnusableFile, match=sentence):
        import_file(path)


def test_an_absent_file_a_folder_and_a_bad_name_are_told(tmp_path):
    for path, sentence in (
        (tmp_path / "absent.json", "n’existe pas"),
        (tmp_path, "n’est pas un fichier"),
        ("\0", "ne peut pas être lu"),
    ):
        with pytest.raises(UnusableFile, match=sentence):
            import_file(path)


def test_a_file_too_large_is_refused_before_it_is_read(tmp_path, monkeypatch):
    path = tmp_path / "offre.json"
    with path.open("wb") as file:
        file.truncate(65 * 1024 * 1024)
    monkeypatch.setattr(pathlib.Path, "read_bytes", None)
    with pytest.raises(UnusableFile, match=r"taille permise, de 64.Mo"):
        import_file(path)


@DATABASE
def test_a_byte_order_mark_is_no_fault(tmp_path):
    path = tmp_path / "offre.json"
    path.write_bytes(b"\xef\xbb\xbf" + SAMPLE.read_bytes())
    assert import_file(path).actions == Tally(created=4)


def exported(path):
    export_file(path)
    return json.loads(path.read_text(encoding="utf-8"))


@DATABASE
@pytest.mark.parametrize(("day", "rejected"), [("2026-11-23", 0), ("2026-11-24", 1)])
def test_what_is_dated_today_enters_at_half_past_midnight(sample, day, rejected):
    """REQ-153: the clock of the machine, which the national schema reads, still says yesterday."""
    half_past_midnight = dt.datetime(2026, 11, 22, 23, 30, tzinfo=dt.UTC)
    sample["structures"][0]["date_maj"] = day
    with time_machine.travel(half_past_midnight, tick=False):
        report = import_document(sample)
    assert report.organisations.rejected == rejected


@DATABASE
def test_an_export_is_valid_and_holds_the_listed_sheets_only(sample, tmp_path):
    """REQ-153: what leaves can be read by every other tool of the national schema."""
    import_document(sample)
    Action.update(is_model=True).where(Action.source_id == "essai-31--cv").execute()
    written = exported(tmp_path / "export.json")
    assert [v1.Structure(**record).id for record in written["structures"]] == [
        "essai-31--atelier",
        "essai-31--relais",
    ]
    assert [v1.Service(**record).id for record in written["services"]] == [
        "essai-31--garde",
        "essai-31--reparer",
    ]
    assert written["services"][1]["portail"]["autres_valeurs"]["type"] == ["troc"]


@DATABASE
def test_an_export_imported_elsewhere_exports_the_same_bytes(sample, tmp_path):
    import_document(sample)
    unnamed = Organisation.create(name="Organisation sans identifiant", role="Coordonne")
    Action.update(organisation=unnamed).where(Action.source_id == "essai-31--cv").execute()
    first, second = tmp_path / "1.json", tmp_path / "2.json"
    export_file(first)
    Action.delete().execute()
    Organisation.delete().execute()
    current_index().rebuild()
    report = import_file(first)
    assert (report.organisations, report.actions) == (Tally(created=3), Tally(created=3))
    export_file(second)
    assert second.read_bytes() == first.read_bytes()
    assert Organisation.get(Organisation.role == "Coordonne").source_id == (
        f"portail-spie-31--{unnamed.code}"
    )


@DATABASE
def test_what_a_training_leads_to_travels_both_ways(tmp_path):
    """REQ-21, REQ-24, REQ-27: under French names, and kept under ours."""
    told = {
        "insertion": {"taux": 47.5, "effectif": 64, "annee": 2025, "source": "Enquête"},
        "temoignages": [TESTIMONIAL],
        "actions_rattachees": ["essai--g", "essai--h"],
    }
    assert import_document(document(service(portail=told))).sentences == []
    action = Action.get()
    assert action.outcome == (47.5, 64, 2025, "Enquête")
    assert action.testimonials == [
        {
            "employer": "Le Grand Couvert",
            "words": "Nous avons prolongé deux contrats.",
            "day": "2026-06-23",
        }
    ]
    assert action.attached == ["essai--g", "essai--h"]
    written = exported(tmp_path / "1.json")
    portal = written["services"][0]["portail"]
    assert {key: portal[key] for key in told} == told
    Action.update(outcome_rate=None, testimonials=[], attached=[]).execute()
    import_document(copy.deepcopy(written))
    assert exported(tmp_path / "1.json") == written
    emptied = portal | dict.fromkeys(told)
    import_document(document(service(portail=emptied)))
    action = Action.get()
    assert (action.outcome, action.testimonials, action.attached) == (None, [], [])


@DATABASE
def test_an_export_imported_where_it_came_from_doubles_nothing(sample, tmp_path):
    import_document(sample)
    unnamed = Organisation.create(name="Organisation sans identifiant")
    Action.update(organisation=unnamed).where(Action.source_id == "essai-31--cv").execute()
    export_file(tmp_path / "export.json")
    report = import_file(tmp_path / "export.json")
    assert report.organisations == Tally(updated=1, unchanged=2)
    assert report.actions == Tally(unchanged=3)


@DATABASE
def test_an_import_of_an_export_empties_what_it_leaves_empty(sample, tmp_path):
    import_document(sample)
    written = exported(tmp_path / "export.json")
    before = copy.deepcopy(written)
    Action.update(referral_contact="x", places_left=4).execute()
    import_document(before)
    assert exported(tmp_path / "export.json") == before


@DATABASE
def test_a_sheet_the_schema_refuses_stays_out_of_an_export_and_is_told(sample, tmp_path):
    import_document(sample)
    Action.update(email="x").where(Action.source_id == "essai-31--cv").execute()
    Organisation.update(name="X").where(Organisation.source_id == "essai-31--atelier").execute()
    report = export_file(tmp_path / "export.json")
    assert (report.organisations, report.actions) == (1, 1)
    told = "\n".join(report.sentences)
    for name in ("essai-31--cv", "essai-31--atelier", "essai-31--reparer"):
        assert name in told


@DATABASE
def test_an_export_that_fails_leaves_the_former_file(sample, tmp_path):
    import_document(sample)
    path = tmp_path / "export.json"
    path.write_text("ancien")

    def fail(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export_file(path, progress=fail)
    assert path.read_text() == "ancien"
    assert [each.name for each in tmp_path.iterdir()] == ["export.json"]
