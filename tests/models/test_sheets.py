"""Writing, reviewing and keeping the sheets of the bank: versions, life, quality (REQ 15–18)."""

import datetime as dt
import threading

import pytest

from models import Account, Action, ActionVersion, AuditEntry, OutgoingEmail
from models.accounts.account import Role
from models.action_bank import lifecycle, shelves, versions
from models.action_bank.quality import quality_of
from models.action_bank.search import Search, search
from models.action_bank.shelves import Shelf
from models.action_bank.versions import Act, Conflict
from models.base import RuleBroken, database, today
from models.exchange.importing import import_document
from models.vocabularies import Status
from tests import factories

WHOLE = {
    "description": "Une aide pour garder votre enfant pendant un entretien. " * 5,
    "thematics": ["famille--garde-denfants"],
    "reception_modes": ["a-distance"],
    "phone": "0561000000",
}


@pytest.fixture
def author(db):
    return factories.account()


@pytest.fixture
def reviewer(db):
    return factories.account(role=Role.BANK_ANIMATOR)


def draft(author, organisation=None, **values):
    """A draft that lacks nothing, unless a value says otherwise."""
    sheet = lifecycle.start(organisation or factories.organisation(), by=author, name="Garde")
    return versions.write(sheet, WHOLE | values, by=author, seen=1)[0]


def published(author, reviewer, **values):
    sheet = lifecycle.submit(draft(author, **values), by=author)
    return lifecycle.publish(sheet, by=reviewer)


def write(sheet, by, seen, **values):
    return versions.write(sheet, values, by=by, seen=seen)


def fresh(sheet):
    return Action.sheet(sheet.code)


def found(words):
    return [action.name for action in search(Search(text=words)).actions]


# Versions


def test_each_act_is_a_version_with_who_and_when(author):
    """REQ-15: « every change kept with who, when and the difference »."""
    sheet = draft(author)
    write(sheet, author, 2, name="Garde d’enfant")
    told = [(v.number, v.act, v.account.name) for v in ActionVersion.of(sheet)]
    assert told == [
        (3, Act.WRITTEN, author.name),
        (2, Act.WRITTEN, author.name),
        (1, Act.CREATED, author.name),
    ]
    assert ActionVersion.content_at(fresh(sheet), 1)["name"] == "Garde"
    assert ActionVersion.content_at(fresh(sheet), 3)["name"] == "Garde d’enfant"
    assert ActionVersion.content_at(fresh(sheet), 4) is None
    assert [v.number for v in ActionVersion.of(sheet, before=3, limit=1)] == [2]


def test_writing_what_stands_already_makes_no_version(author):
    sheet = draft(author)
    assert write(sheet, author, 2, name="Garde")[1] == []
    assert fresh(sheet).edition == 2


def test_two_people_who_change_other_fields_both_keep_their_words(author):
    sheet = draft(author)
    write(sheet, author, 2, name="Garde d’enfant", summary="Une aide.")
    # The second form was opened before, and sends its unchanged title again.
    write(sheet, author, 2, name="Garde", fees="gratuit")
    sheet = fresh(sheet)
    assert (sheet.name, sheet.summary, sheet.fees) == ("Garde d’enfant", "Une aide.", "gratuit")


def test_the_same_field_changed_by_both_is_a_conflict_that_writes_nothing(author):
    """« Editing conflicts shown field by field, never last-write-wins. »"""
    sheet = draft(author)
    write(sheet, author, 2, name="Le sien")
    with pytest.raises(Conflict) as conflict:
        write(sheet, author, 2, name="Le mien", fees="gratuit")
    assert conflict.value.clashes == {"name": versions.Clash("Garde", "Le sien", "Le mien")}
    assert conflict.value.mine["fees"] == "gratuit"
    assert fresh(sheet).fees is None


def test_a_conflict_once_read_is_settled_for_its_field_alone(author):
    sheet = draft(author, summary="Un.")
    write(sheet, author, 2, name="Le sien", summary="Deux.")
    mine = {"name": "Le mien", "summary": "Un."}
    versions.write(sheet, mine, by=author, seen=2, settled={"name": 3})
    assert (fresh(sheet).name, fresh(sheet).summary) == ("Le mien", "Deux.")
    write(sheet, author, 4, name="Encore un autre")
    with pytest.raises(Conflict):
        versions.write(sheet, {"name": "Moi"}, by=author, seen=2, settled={"name": 4})


def test_a_version_that_nobody_can_have_read_is_a_conflict(author):
    sheet = draft(author)
    for seen in (-1, 99):
        with pytest.raises(Conflict):
            write(sheet, author, seen, name="Autre")


def test_a_sheet_from_elsewhere_keeps_what_it_said_first(author):
    sheet = factories.action(name="Avant")
    lifecycle.archive(sheet, by=author)
    # An act without words came first: the form shows the version 1.
    write(sheet, author, 1, name="Après")
    assert ActionVersion.content_at(fresh(sheet), 0)["name"] == "Avant"
    assert ActionVersion.content_at(fresh(sheet), 1)["name"] == "Avant"
    assert ActionVersion.content_at(fresh(sheet), 2)["name"] == "Après"


def test_an_import_over_a_sheet_written_here_is_a_version_too(author):
    record = {
        "source": "essai", "id": "essai--1", "structure_id": "essai--s", "nom": "Garde d’enfant",
        "description": "Une aide.", "date_maj": "2026-11-01", "frais": "gratuit",
    }  # fmt: skip
    structure = {
        "source": "essai", "id": "essai--s", "nom": "Structure", "date_maj": "2026-11-01",
        "description": "Une structure.",
    }  # fmt: skip
    import_document({"structures": [structure], "services": [record]})
    sheet = Action.of_source("essai--1")
    assert sheet.edition == 0
    write(sheet, author, 0, name="Écrit ici")
    import_document({"structures": [structure], "services": [record | {"frais": "payant"}]})
    assert fresh(sheet).name == "Garde d’enfant"
    assert [v.act for v in ActionVersion.of(sheet)] == [Act.IMPORTED, Act.WRITTEN, Act.IMPORTED]
    assert ActionVersion.content_at(fresh(sheet), 1)["name"] == "Écrit ici"


def test_unknown_values_of_an_import_survive_an_edit(author):
    """Product rules, §3: kept and shown as « autre », never dropped."""
    others = {"audiences": ["marins"], "fees": ["troc"]}
    sheet = factories.action(other_values=others)
    write(sheet, author, 0, audiences=["jeunes"], name="Autre titre")
    assert fresh(sheet).other_values == others
    assert fresh(sheet).values_of("audiences") == ["jeunes", "autre"]


def test_going_back_gives_every_word_again_and_keeps_what_stood(author):
    sheet = draft(author)
    write(sheet, author, 2, name="Autre", places_left=3)
    versions.roll_back(fresh(sheet), 2, by=author, seen=3)
    sheet = fresh(sheet)
    assert (sheet.name, sheet.places_left, sheet.places_on) == ("Garde", None, None)
    assert ActionVersion.numbered(sheet, 4).act == Act.ROLLED_BACK
    versions.roll_back(sheet, 3, by=author)
    assert (fresh(sheet).name, fresh(sheet).places_left) == ("Autre", 3)


def test_going_back_is_refused_when_the_sheet_moved_since_it_was_compared(author):
    sheet = draft(author)
    write(sheet, author, 2, name="Autre")
    with pytest.raises(RuleBroken, match="entre-temps"):
        versions.roll_back(sheet, 1, by=author, seen=2)
    with pytest.raises(RuleBroken, match="n’existe pas"):
        versions.roll_back(sheet, 9, by=author)


def test_places_carry_the_day_they_were_counted(author):
    sheet = draft(author)
    sheet, _ = write(sheet, author, 2, places_left=4)
    assert sheet.places_on == today()
    Action.update(places_on=dt.date(2026, 1, 1)).where(Action.id == sheet.id).execute()
    write(fresh(sheet), author, 3, places_left=4, name="Le même nombre")
    assert fresh(sheet).places_on == dt.date(2026, 1, 1)
    sheet, _ = write(sheet, author, 4, places_left=None)
    assert sheet.places_on is None


def test_eight_writers_at_once_lose_no_word(shared):
    """Each one changes the same field: one writes, the seven others are told."""
    with database.connection_context():
        author = factories.account()
        sheet = lifecycle.start(factories.organisation(), by=author, name="Garde")
    start, outcomes = threading.Barrier(8), []

    def run(place):
        with database.connection_context():
            start.wait()
            try:
                write(sheet, author, 1, name=f"Titre {place}", **{OWN_FIELDS[place]: "x"})
                outcomes.append("written")
            except Conflict:
                outcomes.append("told")

    threads = [threading.Thread(target=run, args=[place]) for place in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["told"] * 7 + ["written"]
    with database.connection_context():
        assert [v.number for v in ActionVersion.of(sheet)] == [2, 1]


OWN_FIELDS = (
    "summary", "fees_detail", "address", "opening_hours", "phone", "email", "pay_and_aid",
    "referral_contact",
)  # fmt: skip


# The life of a sheet


def test_a_sheet_lives_from_draft_to_archive_and_back(author, reviewer):
    """REQ-15: draft → in review → published → archived."""
    sheet = draft(author)
    assert sheet.status == Status.DRAFT
    assert not sheet.is_public
    assert lifecycle.submit(sheet, by=author).status == Status.IN_REVIEW
    sheet = lifecycle.publish(sheet, by=reviewer)
    assert (sheet.status, sheet.verified_on) == (Status.PUBLISHED, today())
    assert sheet.verified_by == sheet.organisation.name
    assert lifecycle.archive(sheet, by=author, reason="Finie").is_archived
    assert lifecycle.restore(sheet, by=author).status == Status.PUBLISHED
    acts = [entry.act for entry in AuditEntry.select().order_by(AuditEntry.id)]
    assert [act for act in acts if act.startswith("action:")] == [
        "action:create", "action:write", "action:submit", "action:publish", "action:archive",
        "action:restore",
    ]  # fmt: skip


def test_asking_twice_is_asking_once(author, reviewer):
    sheet = draft(author)
    lifecycle.submit(sheet, by=author)
    lifecycle.submit(sheet, by=author)
    lifecycle.publish(sheet, by=reviewer)
    lifecycle.publish(sheet, by=reviewer)
    lifecycle.archive(sheet, by=author)
    lifecycle.archive(sheet, by=author)
    assert fresh(sheet).edition == 5
    assert OutgoingEmail.select().count() == 1


def test_nobody_publishes_what_he_proposed(author, reviewer):
    sheet = lifecycle.submit(draft(reviewer), by=reviewer)
    with pytest.raises(RuleBroken, match="une autre personne"):
        lifecycle.publish(sheet, by=reviewer)
    assert lifecycle.publish(sheet, by=author).status == Status.PUBLISHED


def test_words_changed_during_a_review_are_read_before_they_are_published(author, reviewer):
    sheet = lifecycle.submit(draft(author), by=author)
    write(sheet, author, 3, name="Autre chose")
    with pytest.raises(RuleBroken, match="a changé pendant votre relecture"):
        lifecycle.publish(sheet, by=reviewer, seen=3)
    assert lifecycle.publish(sheet, by=reviewer, seen=4).status == Status.PUBLISHED


@pytest.mark.parametrize(
    ("act", "status"),
    [
        (lifecycle.submit, Status.PUBLISHED),
        (lifecycle.publish, Status.DRAFT),
        (lifecycle.archive, Status.DRAFT),
        (lifecycle.restore, Status.DRAFT),
        (lifecycle.discard, Status.PUBLISHED),
        (lifecycle.make_model, Status.PUBLISHED),
    ],
)
def test_an_act_out_of_turn_is_refused(author, act, status):
    sheet = factories.action(status=status, **WHOLE)
    with pytest.raises(RuleBroken, match="changé d’état"):
        act(sheet, by=author)


@pytest.mark.parametrize(
    ("lacking", "part"),
    [
        ({"description": ""}, "essentiel"),
        ({"thematics": []}, "essentiel"),
        ({"reception_modes": []}, "lieu"),
        ({"phone": None}, "demande"),
    ],
)
def test_a_sheet_without_what_a_reader_needs_is_not_proposed(author, lacking, part):
    sheet = draft(author, **lacking)
    assert [lack.part for lack in lifecycle.lacks(sheet)] == [part]
    with pytest.raises(RuleBroken):
        lifecycle.submit(sheet, by=author)


def test_a_sheet_sent_back_tells_its_author_why(author, reviewer):
    sheet = lifecycle.submit(draft(author), by=author)
    with pytest.raises(RuleBroken, match="Dites à l’auteur"):
        lifecycle.send_back(sheet, by=reviewer, reason=" ")
    lifecycle.send_back(sheet, by=reviewer, reason="Ajoutez les horaires.")
    assert lifecycle.reason_of_return(sheet) == "Ajoutez les horaires."
    [email] = OutgoingEmail.select()
    assert (email.kind, email.recipient) == ("sheet_sent_back", author.identifier)
    lifecycle.submit(sheet, by=author)
    assert lifecycle.reason_of_return(sheet) is None


def test_a_sheet_taken_back_from_review_is_a_draft_that_nobody_publishes(author, reviewer):
    sheet = lifecycle.submit(draft(author), by=author)
    assert lifecycle.withdraw(sheet, by=author).status == Status.DRAFT
    again = lifecycle.withdraw(sheet, by=author)
    assert again.edition == sheet.edition + 1
    with pytest.raises(RuleBroken):
        lifecycle.publish(sheet, by=reviewer)


def test_a_closed_account_is_not_written_to(author, reviewer):
    sheet = lifecycle.submit(draft(author), by=author)
    Account.update(is_active=False).where(Account.id == author.id).execute()
    lifecycle.publish(sheet, by=reviewer)
    assert OutgoingEmail.select().count() == 0


def test_a_draft_thrown_away_is_gone_with_its_versions(author):
    sheet = draft(author)
    lifecycle.discard(sheet, by=author)
    assert fresh(sheet) is None
    assert ActionVersion.select().count() == 0
    with pytest.raises(RuleBroken, match="n’existe plus"):
        write(sheet, author, 2, name="Trop tard")


def test_publishing_makes_a_sheet_found_at_once_and_archiving_takes_it_out(author, reviewer):
    """« Publishing updates search on both engines within the same transaction. »"""
    sheet = lifecycle.submit(draft(author, name="Zébulon en crèche"), by=author)
    assert found("zébulon") == []
    lifecycle.publish(sheet, by=reviewer)
    assert found("zébulon") == ["Zébulon en crèche"]
    write(fresh(sheet), author, 4, name="Pomponnette en crèche")
    assert found("pomponnette") == ["Pomponnette en crèche"]
    lifecycle.archive(sheet, by=author)
    assert found("pomponnette") == []


def test_an_act_that_fails_leaves_neither_sheet_nor_search_changed(author, reviewer, monkeypatch):
    sheet = lifecycle.submit(draft(author, name="Zébulon en crèche"), by=author)

    def fail(*args, **values):
        raise OSError("coupure")

    monkeypatch.setattr(lifecycle, "_tell", fail)
    with pytest.raises(OSError, match="coupure"):
        lifecycle.publish(sheet, by=reviewer)
    assert fresh(sheet).status == Status.IN_REVIEW
    assert found("zébulon") == []


# Models to copy


def test_a_copy_takes_over_the_words_and_not_the_figures(author, reviewer):
    source = draft(author, places_left=3, testimonials=[], fees="gratuit", phone="0561000000")
    copy = lifecycle.start(source.organisation, by=author, name="Copie", model=source)
    assert (copy.name, copy.fees, copy.phone) == ("Copie", "gratuit", "0561000000")
    assert (copy.places_left, copy.status, copy.is_model) == (None, Status.DRAFT, False)
    elsewhere = lifecycle.start(factories.organisation(), by=author, name="Copie", model=source)
    assert (elsewhere.fees, elsewhere.phone) == ("gratuit", None)


def test_a_model_is_copied_and_never_published(author, reviewer):
    sheet = lifecycle.make_model(draft(author), by=reviewer)
    assert [model.code for model in shelves.models_to_copy()] == [sheet.code]
    with pytest.raises(RuleBroken, match="modèle"):
        lifecycle.submit(sheet, by=author)
    lifecycle.unmake_model(sheet, by=reviewer)
    assert shelves.models_to_copy() == []
    assert [v.act for v in ActionVersion.of(sheet)][:2] == [Act.UNMADE_MODEL, Act.MADE_MODEL]


def test_a_model_of_an_import_becomes_a_draft_when_it_is_no_model_any_more(reviewer):
    """What nobody has reviewed here is not published by a side door."""
    sheet = factories.action(is_model=True)
    assert lifecycle.unmake_model(sheet, by=reviewer).status == Status.DRAFT


# Shelves


def test_sheets_are_counted_and_listed_by_state(author, reviewer):
    mine, other = factories.organisation(), factories.organisation()
    draft(author, mine)
    late = factories.action(organisation=mine, verified_on=dt.date(2026, 1, 1), review_months=6)
    slow = factories.action(organisation=mine, verified_on=dt.date(2026, 1, 1), review_months=24)
    unverified = factories.action(
        organisation=mine, verified_on=None, updated_on=dt.date(2025, 1, 1)
    )
    factories.action(organisation=mine, is_model=True)
    draft(author, other)
    counts = shelves.counts_of([mine.id])
    assert [counts[shelf] for shelf in Shelf] == [1, 0, 3, 2, 0, 1]
    overdue = shelves.sheets_of([mine.id], Shelf.OVERDUE)
    assert {sheet.code for sheet in overdue} == {late.code, unverified.code}
    assert all(sheet.is_overdue for sheet in overdue)
    assert not slow.is_overdue
    assert len(shelves.sheets_of([mine.id])) == 5
    assert len(shelves.sheets_of(None, Shelf.DRAFTS)) == 2
    assert shelves.sheets_of([]) == []
    assert shelves.sheets_of([mine.id], page=2) == []


def test_the_queue_shows_the_oldest_first_and_who_runs_the_bank(author, reviewer):
    first, second = (lifecycle.submit(draft(author), by=author) for _ in range(2))
    queue = shelves.queue()
    assert [sheet.code for sheet in queue.sheets] == [first.code, second.code]
    assert (queue.total, queue.animator_count) == (2, 1)


# Quality (product rules, §3)


def points(**values):
    return {point.name: point for point in quality_of(factories.action(**values)).points}


@pytest.mark.parametrize(
    ("name", "values", "score"),
    [
        ("theme", {"thematics": []}, 0),
        ("theme", {"thematics": ["famille--garde-denfants"]}, 1),
        ("description", {"description": "x" * 49}, 0),
        ("description", {"description": "x" * 50}, 0.5),
        ("description", {"description": "x" * 199}, 0.5),
        ("description", {"description": "x" * 200}, 1),
        ("description", {"description": "x" * 1_999}, 1),
        ("description", {"description": "x" * 2_000}, 0.5),
        ("audience", {"audiences": []}, 0),
        ("audience", {"audiences": ["jeunes"]}, 1),
        ("fees", {}, 0),
        ("fees", {"fees": "gratuit"}, 1),
        ("fees", {"fees": "payant"}, 0.5),
        ("fees", {"fees": "payant", "fees_detail": "10 €"}, 1),
        ("fees", {"other_values": {"fees": ["troc"]}}, 0.5),
        ("address", {"reception_modes": ["en-presentiel"]}, 0),
        ("address", {"address": "1 rue X", "commune": "Muret"}, 1),
        ("mobilisation", {}, 0),
        ("mobilisation", {"mobilisation_modes": ["telephoner"]}, 0.5),
        ("mobilisation", {"mobilisers": ["usagers"]}, 0.5),
        ("mobilisation", {"mobilisers": ["usagers"], "mobilisation_modes": ["telephoner"]}, 1),
        ("contact", {}, 0),
        ("contact", {"email": "a@example.org"}, 1),
        ("contact-of-mode", {"mobilisation_modes": ["telephoner"]}, 0),
        ("contact-of-mode", {"mobilisation_modes": ["telephoner"], "phone": "05"}, 1),
        (
            "contact-of-mode",
            {"mobilisation_modes": ["telephoner", "envoyer-un-courriel"], "phone": "05"},
            0.5,
        ),
    ],
)
def test_each_criterion_of_the_national_score(db, name, values, score):
    point = points(**values)[name]
    assert point.score == score
    assert (point.advice is None) == (score == 1), "what is missing says why"


def test_criteria_that_do_not_apply_are_left_out(db):
    """« address if on site; e-mail or phone if the mode needs it »."""
    assert "address" not in points(reception_modes=["a-distance"])
    assert "contact-of-mode" not in points(mobilisation_modes=["se-presenter"])


@pytest.mark.parametrize(
    ("days", "low", "high"), [(0, 1, 1), (180, 1, 1), (470, 0.4, 0.6), (740, 0, 0)]
)
def test_freshness_falls_from_six_months_to_two_years(db, days, low, high):
    score = points(verified_on=today() - dt.timedelta(days=days))["freshness"].score
    assert low <= score <= high


def test_the_score_is_the_mean_and_the_dearest_points_come_first(db):
    sheet = factories.action(**WHOLE)
    quality = quality_of(sheet)
    assert quality.percent == round(
        100 * sum(p.score for p in quality.points) / len(quality.points)
    )
    scores = [point.score for point in quality.missing]
    assert scores == sorted(scores)
    assert 1 not in scores
