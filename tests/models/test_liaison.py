"""The liaison sheet: opened by her, written in closed words, read while her agreement holds."""

import datetime as dt

import pytest

from models import (
    EmployerLink,
    LiaisonNote,
    LiaisonSheet,
    OutgoingEmail,
    PersonNotice,
    Prescription,
)
from models.base import RuleBroken, now, today
from models.charter.signatures import CharterSignature
from models.diagnostics.openness import Openness
from models.liaison import reading
from models.liaison.sheet import Employer
from models.liaison.words import Adaptation, Difficulty, NoteState
from models.persons.agreements import Given
from models.persons.anonymising import anonymise
from models.persons.closing import Keeping, close
from models.persons.exporting import export_of
from models.persons.notices import News
from models.persons.sharing import Domain
from models.prescriptions import acting
from models.prescriptions.forgetting import forget_contents
from models.prescriptions.mover import herself, provider
from models.prescriptions.states import Outcome
from tests import factories

pytestmark = pytest.mark.usefixtures("db")

ADDRESS = "patron@entreprise.example"


@pytest.fixture
def amina():
    factories.charter()
    return factories.writer()


@pytest.fixture
def samia(amina):
    return factories.accompanied(amina)


@pytest.fixture
def accepted(samia, amina):
    return factories.accepted(samia, amina)


@pytest.fixture
def sheet(accepted):
    return factories.liaison(accepted)


@pytest.fixture
def trainer(accepted):
    """The provider, by its link."""
    return provider(accepted.provider)


def messages(kind):
    return [one for one in OutgoingEmail.select() if one.kind == kind]


def fresh(sheet):
    return LiaisonSheet.get_by_id(sheet.id)


def report(sheet, mover, difficulty=Difficulty.TRANSPORT, **values):
    return LiaisonNote.report(sheet, difficulty, today(), mover=mover, **values)


def test_it_is_opened_by_her_on_what_is_accepted(samia, amina):
    """REQ-211: « accord de la personne requis »."""
    asked = factories.sent(samia, amina)
    with pytest.raises(RuleBroken, match="en cours"):
        factories.liaison(asked)
    acting.accept(asked, mover=provider(asked.provider))
    sheet = factories.liaison(asked)
    assert (sheet.given, sheet.is_open) == (Given.OWN_SPACE, True)


def test_opened_twice_it_is_one(accepted):
    assert factories.liaison(accepted) == factories.liaison(accepted)


def test_a_difficulty_is_told_in_closed_words_and_the_référent_knows(sheet, trainer, amina, samia):
    """REQ-181: « l’organisme signale une difficulté périphérique par choix codé »."""
    note = report(sheet, trainer)
    assert (note.difficulty, note.state) == (Difficulty.TRANSPORT, NoteState.REPORTED)
    [mail] = messages("liaison_note")
    assert (mail.recipient, mail.values) == (amina.account.identifier, {})
    assert News.LIAISON_NOTED in [one.news for one in PersonNotice.unread(samia)]


def test_the_same_difficulty_twice_is_one_and_may_become_urgent(sheet, trainer):
    for _ in range(2):
        report(sheet, trainer, Difficulty.ABSENCE)
    report(sheet, trainer, Difficulty.ABSENCE, is_urgent=True)
    [note] = LiaisonNote.of_sheet(sheet)
    assert note.is_urgent
    assert (len(messages("liaison_note")), len(messages("liaison_alert"))) == (1, 1)


def test_what_is_urgent_comes_first(sheet, trainer):
    """REQ-181: « alerte décrochage »."""
    report(sheet, trainer, Difficulty.ABSENCE, is_urgent=True)
    report(sheet, trainer)
    assert [one.is_urgent for one in LiaisonNote.of_sheet(sheet)] == [True, False]


@pytest.mark.parametrize(
    ("difficulty", "values", "why"),
    [
        (Difficulty.HOURS, {"is_urgent": True}, "absences"),
        (Difficulty.ADAPTATION, {}, "Cochez"),
        (Difficulty.HOURS, {"adaptations": [Adaptation.CALM]}, "Cochez"),
    ],
)
def test_a_note_that_says_one_thing_and_another_is_refused(sheet, trainer, difficulty, values, why):
    with pytest.raises(RuleBroken, match=why):
        report(sheet, trainer, difficulty, **values)
    assert not LiaisonNote.select().exists()


@pytest.mark.parametrize("days", [1, -366])
def test_a_difficulty_began_within_the_year(sheet, trainer, days):
    with pytest.raises(RuleBroken, match="jour passé"):
        LiaisonNote.report(sheet, Difficulty.HOURS, factories.in_days(days), mover=trainer)


def test_an_adaptation_is_kept_without_its_cause(sheet, trainer):
    """REQ-182: « besoin d’aménagement sans cause médicale »."""
    note = report(sheet, trainer, Difficulty.ADAPTATION, adaptations=[Adaptation.BREAKS])
    assert note.adaptations == [Adaptation.BREAKS]
    words = {one.value for one in (*Difficulty, *Adaptation)}
    assert not words & {"sante", "handicap", "maladie"}


def test_it_is_taken_up_then_lifted(sheet, trainer, amina):
    note = report(sheet, trainer)
    act = {"by": amina.account, "organisation": amina.organisation}
    for _ in range(2):
        note.take(**act)
    assert (note.state, note.taken_by) == (NoteState.TAKEN, amina.account)
    note.lift(**act)
    note.take(**act)
    assert LiaisonNote.get_by_id(note.id).state is NoteState.LIFTED


def test_a_difficulty_of_what_she_does_not_share_is_not_told_which(sheet, trainer):
    """I1: her référent reads the subjects that she shares with him."""
    note = report(sheet, trainer, Difficulty.HOUSING)
    assert not note.is_shown(Openness(()))
    assert note.is_shown(Openness([Domain.HOUSING]))
    assert report(sheet, trainer, Difficulty.HOURS).is_shown(Openness(()))


def test_stopped_by_her_nobody_reads_nor_writes(sheet, samia, trainer):
    """I3: at once."""
    sheet.show_to(Employer.at(ADDRESS, ()), mover=herself(samia))
    sheet.stop(by=samia)
    assert reading.received(sheet.prescription.code) is None
    assert not EmployerLink.get().opens
    assert fresh(sheet).employer is None
    with pytest.raises(RuleBroken, match="fermée"):
        report(fresh(sheet), trainer)


def _cancelled(sheet, samia):
    acting.cancel(sheet.prescription, mover=herself(samia))


def _done(sheet, samia):
    prescription = Prescription.get_by_id(sheet.prescription_id)
    acting.conclude(prescription, Outcome.DONE, today(), mover=provider(prescription.provider))


def _put_out(sheet, samia):
    provider_of = sheet.prescription.provider
    provider_of.suspended_at = now()
    provider_of.save()


def _closed(sheet, samia):
    close(samia, Keeping.KEEP, factories.ACCESS_CODE)


@pytest.mark.parametrize("end", [_cancelled, _done, _put_out, _closed])
def test_the_end_of_what_it_stands_on_closes_it(sheet, samia, trainer, end):
    """I3: the prescription, the standing of the provider, her file."""
    token = shared_with_employer(sheet, samia)
    end(sheet, samia)
    assert not fresh(sheet).is_open
    assert not EmployerLink.of_token(token).opens
    assert reading.received(sheet.prescription.code) is None
    with pytest.raises(RuleBroken):
        report(fresh(sheet), trainer)


def test_a_charter_that_lapsed_closes_it(samia, amina):
    bound = factories.signed_organisation()
    action = factories.action(organisation=bound, email="accueil@action.example")
    sheet = factories.liaison(factories.accepted(samia, amina, action=action))
    CharterSignature.update(withdrawn_at=now()).where(
        CharterSignature.organisation == bound
    ).execute()
    assert not fresh(sheet).is_open


def shared_with_employer(sheet, samia, *adaptations):
    sheet.show_to(Employer.at(ADDRESS, adaptations), mover=herself(samia))
    return messages("liaison_employer")[-1].values["token"]


def test_an_employer_reads_what_she_ticked_and_nothing_else(sheet, samia, trainer):
    """REQ-211: neither the difficulties nor the adaptations that she did not tick."""
    report(sheet, trainer, Difficulty.HOUSING)
    report(sheet, trainer, Difficulty.ADAPTATION, adaptations=[Adaptation.CALM, Adaptation.BREAKS])
    token = shared_with_employer(sheet, samia, Adaptation.CALM)
    link = EmployerLink.of_token(token)
    shown = reading.for_employer(link.sheet)
    assert link.opens
    assert (shown.name, shown.adaptations) == (samia.name, (Adaptation.CALM,))
    assert shown.lead.link.person_id == samia.id


def test_the_message_to_an_employer_names_nobody(sheet, samia):
    shared_with_employer(sheet, samia)
    [mail] = messages("liaison_employer")
    assert (mail.is_private, mail.address, list(mail.values)) == (True, ADDRESS, ["token"])


def test_a_link_sent_again_closes_the_one_before(sheet, samia, amina):
    former = shared_with_employer(sheet, samia)
    sheet.send_again(mover=factories.by(amina))
    latter = messages("liaison_employer")[-1].values["token"]
    assert [EmployerLink.of_token(one).opens for one in (former, latter)] == [False, True]


def test_a_link_opens_for_eight_days(sheet, samia, time_machine):
    token = shared_with_employer(sheet, samia)
    time_machine.move_to(dt.datetime.now(dt.UTC) + dt.timedelta(days=8, minutes=1))
    assert not EmployerLink.of_token(token).opens


def test_she_takes_the_employer_away_and_the_sheet_goes_on(sheet, samia):
    token = shared_with_employer(sheet, samia)
    sheet.hide(by=samia)
    assert not EmployerLink.of_token(token).opens
    assert fresh(sheet).is_open
    with pytest.raises(RuleBroken, match="ne partage rien"):
        sheet.send_again(mover=herself(samia))


def test_an_address_that_takes_no_mail_is_refused():
    with pytest.raises(RuleBroken, match="ne peut pas recevoir"):
        Employer.at("pas une adresse", ())


def test_no_word_of_it_is_legible_in_the_database(sheet, samia, trainer):
    report(sheet, trainer, Difficulty.HOUSING)
    shared_with_employer(sheet, samia)
    for table in (LiaisonSheet, LiaisonNote, EmployerLink):
        rows = str(table.select().tuples().dicts())
        stored = table._meta.database.execute_sql(
            f"SELECT * FROM {table._meta.table_name}"
        ).fetchall()
        assert "logement" not in str(stored) + rows
        assert ADDRESS not in str(stored)


def test_she_takes_it_all_away_and_it_goes_with_her_file(sheet, samia, trainer):
    report(sheet, trainer)
    sections = export_of(samia)["sections"]
    assert len(sections["fiches-de-liaison"]) == 1
    assert sections["difficultes-signalees"][0]["content"] == "Venir sur place"
    anonymise(samia)
    assert not LiaisonSheet.select().exists()
    assert not LiaisonNote.select().exists()


def test_it_is_forgotten_with_whom_the_prescription_was_for(sheet, time_machine):
    """Product.md §3: two years."""
    time_machine.move_to(dt.datetime.now(dt.UTC) + dt.timedelta(days=740))
    assert forget_contents() == 1
    assert not LiaisonSheet.select().exists()
