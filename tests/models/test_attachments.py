"""The papers of a prescription: who joins, reads and takes them off, and until when."""

import datetime as dt

import pytest

from models import Attachment, AuditEntry, Prescription, rotation, sealing
from models.base import RuleBroken, database, now
from models.persons.agreements import Given
from models.persons.exporting import export_of
from models.prescriptions import acting, attachments
from models.prescriptions.attachments import MOST, PaperKind
from models.prescriptions.mover import herself, provider
from models.prescriptions.papers import Media, Paper
from models.prescriptions.states import Refusal
from models.retention import forget
from models.sealed import kept
from models.sealing import Unreadable
from tests import factories
from tests.conftest import DATA_KEY

pytestmark = pytest.mark.usefixtures("db")

CV = Paper(Media.PDF, b"%PDF-1.7 Canari, le parcours de Samia")
CARD = Paper(Media.JPEG, b"\xff\xd8\xff Canari, une carte")


@pytest.fixture
def amina():
    return factories.writer()


@pytest.fixture
def samia(amina):
    return factories.accompanied(amina)


@pytest.fixture
def draft(samia, amina):
    return factories.prescription(samia, amina)


def join(prescription, amina, paper=CV, kind=PaperKind.CV):
    return Attachment.add(prescription, kind, paper, mover=factories.by(amina))


def send(prescription):
    acting.send(
        prescription,
        mover=herself(prescription.person),
        given=Given.OWN_SPACE,
        seen=prescription.revision,
    )


def acts():
    rows = AuditEntry.select().where(AuditEntry.act.startswith("prescription:"))
    return [entry.act for entry in rows.order_by(AuditEntry.id)]


def test_a_paper_is_read_back_and_named_by_its_number(draft, amina):
    """Access.md §4.3: its own name is not kept."""
    join(draft, amina)
    join(draft, amina, CARD, PaperKind.IDENTITY)
    cv, card = Attachment.of(draft)
    assert (cv.read(), card.read()) == (CV.content, CARD.content)
    assert (cv.file_name, card.file_name) == ("piece-1.pdf", "piece-2.jpg")
    assert (cv.kind, cv.size) == (PaperKind.CV, len(CV.content))


def test_nothing_of_a_paper_is_in_clear_in_the_database(draft, amina):
    """Access.md §4.10, reliability.md §7.11."""
    join(draft, amina)
    [row] = database.execute_sql("SELECT * FROM attachment").fetchall()
    assert b"Canari" not in b"".join(
        bytes(one) for one in row if not isinstance(one, int | str | dt.datetime)
    )
    assert "Canari" not in repr(row)


def test_a_paper_moved_to_another_row_no_longer_opens(draft, amina):
    """ASVS 11.3.3: nobody who writes in the database can swap two papers."""
    cv, card = join(draft, amina), join(draft, amina, CARD)
    stolen = kept(Attachment.get_by_id(cv.id), "content")
    Attachment.update(content=stolen).where(Attachment.id == card.id).execute()
    with pytest.raises(Unreadable):
        card.read()


def test_bytes_in_clear_never_reach_a_row(draft, amina):
    join(draft, amina)
    with pytest.raises(TypeError, match="content"):
        Attachment.update(content=CV.content).execute()


def test_she_agrees_to_the_papers_that_were_on_the_screen(draft, amina, samia):
    """A paper joined meanwhile is a writing like another: it is read again first."""
    seen = draft.revision
    join(draft, amina)
    with pytest.raises(RuleBroken, match="changé"):
        acting.send(draft, mover=herself(samia), given=Given.OWN_SPACE, seen=seen)
    seen = draft.revision
    Attachment.of(draft)[0].remove(mover=factories.by(amina))
    with pytest.raises(RuleBroken, match="changé"):
        acting.send(Prescription.get(), mover=herself(samia), given=Given.OWN_SPACE, seen=seen)


def test_once_sent_no_paper_is_joined_nor_taken_off(draft, amina):
    paper = join(draft, amina)
    send(draft)
    for act in (lambda: join(draft, amina), lambda: paper.remove(mover=factories.by(amina))):
        with pytest.raises(RuleBroken, match="déjà partie"):
            act()
    assert Attachment.select().count() == 1


def test_three_papers_go_with_it_and_no_more(draft, amina):
    """ASVS 5.2.4."""
    papers = [join(draft, amina) for _ in range(MOST)]
    with pytest.raises(RuleBroken, match="3 papiers au plus"):
        join(draft, amina)
    papers[0].remove(mover=factories.by(amina))
    assert join(draft, amina).number == MOST + 1


def test_the_papers_of_one_person_have_a_weight_together(draft, amina, samia, monkeypatch):
    """Reliability.md: « quota per person »."""
    monkeypatch.setattr(attachments, "MOST_BYTES_OF_A_PERSON", len(CV.content) + 1)
    join(draft, amina)
    other = factories.prescription(samia, amina)
    with pytest.raises(RuleBroken, match="toute la place"):
        join(other, amina)
    join(factories.prescription(factories.accompanied(amina), amina), amina)


def test_a_paper_taken_off_is_gone_and_twice_is_once(draft, amina):
    paper = join(draft, amina)
    paper.remove(mover=factories.by(amina))
    paper.remove(mover=factories.by(amina))
    assert Attachment.of(draft) == []
    assert acts() == ["prescription:start", "prescription:attach", "prescription:detach"]


def test_a_list_of_papers_reads_no_content(draft, amina, queries):
    """Fifteen megabytes are not fetched to show three lines."""
    join(draft, amina)
    del queries[:]
    [paper] = Attachment.of(draft)
    assert Attachment.of_code(draft, paper.code) == paper
    assert len(queries) == 2
    assert not any("content" in sent for sent in queries)


def test_a_paper_is_found_in_its_own_prescription_only(draft, amina, samia):
    """I13: an address made of two others opens nothing."""
    paper = join(draft, amina)
    assert Attachment.of_code(factories.prescription(samia, amina), paper.code) is None


def test_its_provider_takes_it_and_that_is_written(draft, amina):
    """I4: no line, no paper."""
    paper = join(draft, amina)
    mover = provider(draft.provider)
    assert Attachment.taken_by_provider(draft, paper.code, mover=mover) is None
    send(draft)
    assert Attachment.taken_by_provider(draft, paper.code, mover=mover) == paper
    assert acts()[-1] == "prescription:download"
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    assert entry.person_id == draft.person_id
    assert Attachment.taken_by_provider(draft, "0000000000", mover=mover) is None


@pytest.mark.parametrize("end", ["cancelled", "declined", "put out"])
def test_when_it_is_over_its_provider_takes_nothing_and_nothing_is_deleted(draft, amina, end):
    """I3, I7: the next request is refused; what was given stays hers to read until its time."""
    paper = join(draft, amina)
    send(draft)
    if end == "cancelled":
        acting.cancel(draft, mover=herself(draft.person))
    elif end == "declined":
        acting.decline(draft, [Refusal.FULL], mover=provider(draft.provider))
    else:
        draft.provider.suspended_at = now()
        draft.provider.save()
    again = Prescription.get()
    assert Attachment.taken_by_provider(again, paper.code, mover=provider(again.provider)) is None
    assert Attachment.of_code(again, paper.code).read() == CV.content


def test_papers_are_forgotten_six_months_after_it_left(draft, amina, time_machine):
    """Product.md §3: « attachments deleted after 6 months »."""
    time_machine.move_to(dt.datetime(2027, 1, 31, 12, tzinfo=dt.UTC), tick=False)
    join(draft, amina)
    time_machine.move_to(dt.datetime(2027, 3, 15, 12, tzinfo=dt.UTC), tick=False)
    send(draft)
    time_machine.move_to(dt.datetime(2027, 9, 15, 12, tzinfo=dt.UTC), tick=False)
    assert forget()[Attachment] == 0
    assert draft.is_readable_by_provider
    time_machine.move_to(dt.datetime(2027, 9, 16, 12, tzinfo=dt.UTC), tick=False)
    assert not draft.is_readable_by_provider
    assert forget()[Attachment] == 1
    assert forget()[Attachment] == 0


def test_papers_of_a_draft_that_never_left_are_forgotten_too(draft, amina, time_machine):
    time_machine.move_to(dt.datetime(2027, 8, 31, 12, tzinfo=dt.UTC), tick=False)
    join(draft, amina)
    # The last day of February stands for the thirty-first.
    time_machine.move_to(dt.datetime(2028, 2, 29, 12, tzinfo=dt.UTC), tick=False)
    assert forget()[Attachment] == 0
    time_machine.move_to(dt.datetime(2028, 3, 1, 12, tzinfo=dt.UTC), tick=False)
    assert forget()[Attachment] == 1


def test_papers_go_with_the_prescription(draft, amina):
    join(draft, amina)
    draft.delete_instance()
    assert Attachment.select().count() == 0


def test_her_export_tells_each_paper_without_embedding_it(draft, amina, samia):
    join(draft, amina)
    [told] = export_of(samia)["sections"]["papiers-des-demandes"]
    assert told["prescription"] == draft.code
    assert (told["number"], told["kind"], told["media_type"], told["size"]) == (
        1, "cv", "application/pdf", len(CV.content)
    )  # fmt: skip


def test_papers_pass_to_the_new_key_like_texts(draft, amina):
    """access.md §4.10: the rotation knows the columns of bytes, and counts them."""
    paper, new = join(draft, amina), b"n" * sealing.KEY_BYTES
    old_id, new_id = sealing.key_id(DATA_KEY), sealing.key_id(new)
    try:
        assert rotation.status()[Attachment, old_id] == 1
        sealing.use_key(new)
        assert rotation.rotate().left == 0
        assert {key for table, key in rotation.status() if table is Attachment} == {new_id}
        sealing.forget_keys()
        sealing.use_key(new)
        assert paper.read() == CV.content
    finally:
        sealing.forget_keys()
        sealing.use_key(DATA_KEY)
