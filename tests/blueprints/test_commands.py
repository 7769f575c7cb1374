"""The commands say what they did, in French, and end as they should."""

import datetime as dt
import importlib
import json
import pathlib
import re
from types import SimpleNamespace

import pytest

import models.database
from models import Action, Person, TaskRun
from models.base import now
from models.exchange import demo
from models.search_index import Query, current_index
from models.tasks import AT_ONCE, DAY, Task
from tests import factories

worker = importlib.import_module("blueprints.commands.work")

SAMPLE = pathlib.Path(__file__).parent.parent / "data" / "offre-test.json"


@pytest.fixture
def run(app):
    return lambda *args: app.test_cli_runner().invoke(args=[str(arg) for arg in args])


def test_an_import_ends_with_the_counts(run):
    """REQ-153: the report of anomalies, then the counts."""
    result = run("exchange", "import", SAMPLE)
    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "Organisations\u00a0: 3 créées, 0 mises à jour, 0 inchangées, 0 rejetées",
        "4 créées, 0 mises à jour, 0 inchangées, 0 rejetées",
    ]


def test_an_import_with_a_refused_record_ends_in_failure(run, tmp_path):
    sample = json.loads(SAMPLE.read_text(encoding="utf-8"))
    sample["services"][0]["nom"] = ""
    path = tmp_path / "offre.json"
    path.write_text(json.dumps(sample))
    result = run("exchange", "import", path)
    assert result.exit_code == 1
    assert result.stdout.splitlines()[0].startswith("Fiche «\u00a0essai-31--garde\u00a0»")
    assert result.stdout.splitlines()[-1] == "3 créées, 0 mises à jour, 0 inchangées, 1 rejetées"


def test_a_dry_run_keeps_nothing(run):
    result = run("exchange", "import", SAMPLE, "--dry-run")
    assert result.output.splitlines()[-1].startswith("4 créées")
    assert Action.select().count() == 0


def test_an_unusable_file_is_told_on_the_error_output(run, tmp_path):
    result = run("exchange", "import", tmp_path / "absent.json")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.endswith("absent.json n’existe pas.\n")


def test_an_export_writes_what_was_imported(run, tmp_path):
    run("exchange", "import", SAMPLE)
    result = run("exchange", "export", tmp_path / "export.json")
    assert result.exit_code == 0
    assert result.output == "2 organisations, 3 fiches\n"
    written = json.loads((tmp_path / "export.json").read_text(encoding="utf-8"))
    assert len(written["services"]) == 3


def test_an_export_with_a_sheet_left_out_ends_in_failure(run, tmp_path):
    run("exchange", "import", SAMPLE)
    Action.update(email="x").where(Action.source_id == "essai-31--cv").execute()
    result = run("exchange", "export", tmp_path / "export.json")
    assert result.exit_code == 1
    assert "courriel" in result.stdout


def test_an_export_that_cannot_be_written_is_told(run, tmp_path):
    result = run("exchange", "export", tmp_path / "absent" / "export.json")
    assert result.exit_code == 1
    assert result.stderr.endswith("ne peut pas être écrit.\n")


def test_the_demonstration_is_loaded(run):
    result = run("demo", "load")
    assert result.exit_code == 0
    assert result.output.splitlines()[-1].startswith("76 créées")


def test_the_accounts_of_the_demonstration_are_listed(run, app):
    *lines, person = run("demo", "accounts").output.splitlines()
    assert lines[0].split("\t") == list(demo.accounts(app.config["SECRET_KEY"])[0][:3])
    shown = [len(line.split("\t")) == 4 for line in lines]
    assert shown == [persona.shows_a_code for persona in demo.PERSONAS]
    assert re.fullmatch(r"personne\tSAM1 A031\t(\w{4} ){2}\w{4}", person)


def test_the_code_of_a_demonstration_account_is_printed_alone(run, app):
    secret = app.config["SECRET_KEY"]
    before = demo.code(secret, "diane@demo.example")
    printed = run("demo", "code", "diane@demo.example").output.strip()
    assert printed in (before, demo.code(secret, "diane@demo.example"))
    stranger = run("demo", "code", "personne@demo.example")
    assert (stranger.exit_code, stranger.stdout) == (1, "")


def test_the_index_is_rebuilt(run):
    run("exchange", "import", SAMPLE)
    action = Action.get(Action.source_id == "essai-31--cv")
    current_index().remove(action.id)
    assert run("database", "index").exit_code == 0
    assert current_index().query(Query(text="relire son cv")).ids[0] == action.id


def test_a_new_database_is_migrated(built_app, tmp_path):
    models.database.bind(f"sqlite:///{tmp_path}/neuve.db")
    result = built_app.test_cli_runner().invoke(args=["database", "migrate"])
    assert re.match(r"0001", result.output)
    again = built_app.test_cli_runner().invoke(args=["database", "migrate"])
    assert (again.exit_code, again.output) == (0, "")


def test_migrating_rebuilds_an_index_made_by_another_analysis(built_app, tmp_path):
    models.database.bind(f"sqlite:///{tmp_path}/ancienne.db")
    run = built_app.test_cli_runner().invoke
    run(args=["database", "migrate"])
    run(args=["exchange", "import", str(SAMPLE)])
    with models.database.database.connection_context():
        listed = current_index().query(Query()).ids
        current_index().remove(listed[0])
        models.database.database.execute_sql("UPDATE search_state SET value = 'ancienne'")
        assert current_index().query(Query()).ids == listed[1:]
    run(args=["database", "migrate"])
    with models.database.database.connection_context():
        assert current_index().query(Query()).ids == listed


def test_the_database_is_opened_by_whoever_needs_it(built_app, tmp_path):
    models.database.bind(f"sqlite:///{tmp_path}/neuve.db")
    models.database.migrate()
    result = built_app.test_cli_runner().invoke(args=["exchange", "import", str(SAMPLE)])
    assert result.exit_code == 0
    assert models.database.database.is_closed()


def test_progress_is_shown_on_a_terminal_only(monkeypatch, capsys):
    from blueprints.commands.connection import show_progress

    show_progress(200, 400)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    show_progress(200, 400)
    show_progress(400, 400)
    assert capsys.readouterr().err == "\r200 / 400\r400 / 400\n"


def test_what_fails_by_itself_is_told_and_leaves_the_rest_to_be_done(app, monkeypatch, caplog):
    def fail():
        raise ValueError

    done = []
    tasks = (
        Task("panne", fail, AT_ONCE),
        Task("suite", lambda: done.append(1) or len(done), AT_ONCE),
    )
    monkeypatch.setattr(worker, "TASKS", tasks)
    answer = app.test_cli_runner().invoke(args=["work"])
    assert answer.exit_code == 0
    assert answer.output == "suite : 1\n"
    assert "panne" in caplog.text


def test_a_task_of_the_day_is_not_done_again_at_the_next_round(app, monkeypatch):
    rounds, done = iter((False, False, True)), []
    tasks = (Task("jour", lambda: done.append(1) or 1, DAY),)
    monkeypatch.setattr(worker, "TASKS", tasks)
    stop = SimpleNamespace(wait=lambda seconds: next(rounds), is_set=lambda: False)
    monkeypatch.setattr(worker, "stopped_by_signal", lambda: stop)
    app.test_cli_runner().invoke(args=["work", "--every", "1"])
    assert len(done) == 1


@pytest.fixture
def rounds(monkeypatch):
    """Three tasks, the second of which fails; what was done of them."""
    done = []
    tasks = (
        Task("un", lambda: done.append("un") or 1, DAY, "Faire un."),
        Task("deux", lambda: 1 // 0, DAY, "Faire deux."),
        Task("trois", lambda: done.append("trois") or 3, DAY, "Faire trois."),
    )
    monkeypatch.setattr(worker, "TASKS", tasks)
    return done


def test_each_task_is_run_once_and_a_failure_ends_in_failure(run, rounds):
    """Scheduled work: `flask tasks run`."""
    result = run("tasks", "run")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == ["un : 1", "deux : échec", "trois : 3"]
    assert result.stderr.splitlines()[-1] == "En échec\u00a0: deux."
    assert rounds == ["un", "trois"]


def test_only_the_named_tasks_are_run(run, rounds):
    result = run("tasks", "run", "trois", "un", "trois")
    assert (result.exit_code, result.output) == (0, "trois : 3\nun : 1\n")


def test_a_task_that_does_not_exist_is_told_before_anything_is_done(run, rounds):
    result = run("tasks", "run", "un", "quatre")
    assert result.exit_code == 1
    assert result.stderr.startswith("Tâche inconnue\u00a0: quatre.")
    assert rounds == []


def test_tasks_are_listed_with_what_they_do(run, rounds):
    result = run("tasks", "list")
    assert result.output.splitlines()[0] == "un : Faire un."


@pytest.mark.parametrize("command", [("work",), ("tasks", "run")])
def test_each_run_is_written_down(run, rounds, command):
    """« A page shows last runs »."""
    run(*command)
    found = {one.name: (one.done, one.error) for one in TaskRun.select()}
    assert found == {"un": (1, None), "deux": (0, "ZeroDivisionError"), "trois": (3, None)}


def test_the_service_runs_its_own_tasks_twice_without_harm(run):
    first, second = run("tasks", "run"), run("tasks", "run")
    assert (first.exit_code, second.exit_code) == (0, 0)


def test_forgetting_says_what_it_would_do_and_does_it_when_asked(run):
    """access.md §4.5: dry-run by default."""
    factories.person(created_at=now() - dt.timedelta(days=8))
    dry = run("persons", "forget")
    assert dry.output.splitlines()[:3] == ["prévenir : 0", "anonymiser : 0", "supprimer : 1"]
    assert "--for-real" in dry.output.splitlines()[-1]
    assert Person.select().count() == 1
    real = run("persons", "forget", "--for-real")
    assert real.output.splitlines() == ["prévenir : 0", "anonymiser : 0", "supprimer : 1"]
    assert Person.select().count() == 0
