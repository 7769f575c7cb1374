"""The pages of papers: joining one, refusing one, taking it away, and nobody else."""

import io

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

import blueprints.prescriptions.attachments
from models import Attachment, AuditEntry
from models.persons.agreements import Given
from models.prescriptions import acting
from models.prescriptions.attachments import MOST, PaperKind
from models.prescriptions.mover import herself
from models.prescriptions.papers import FAULTS, MOST_BYTES, Media, Paper
from models.prescriptions.shared import ConcernedNeed
from tests import factories
from tests.papers import CANARY, pdf, picture, telling
from tests.visitor import Page, Visitor, fields

pytestmark = pytest.mark.usefixtures("db")

CV = Paper(Media.PDF, b"%PDF-1.7 le parcours")
JOIN = "Joindre ce papier"


@pytest.fixture
def amina():
    return factories.writer()


@pytest.fixture
def draft(amina):
    return factories.prescription(factories.accompanied(amina), amina)


@pytest.fixture
def at_work(visitor, amina):
    return visitor.enter(amina.account)


def address(prescription, rest=""):
    return f"/personnes/{prescription.person.code}/prescriptions/{prescription.code}{rest}"


def own_address(prescription, paper):
    return f"/mon-espace/prescriptions/{prescription.code}/pieces/{paper.code}"


def send(visitor, prescription, content, name="cv.pdf", kind="cv", page=None):
    """As a browser does: the page, its form, the file chosen."""
    page = page or visitor.visit(address(prescription))
    values = {**dict(fields(page.form(JOIN))), "papier": kind}
    if content is not None:
        values["fichier"] = FileStorage(io.BytesIO(content), filename=name, name="fichier")
    boundary, body = encode_multipart(values)
    answer = visitor.client.post(
        address(prescription, "/pieces"),
        data=body,
        content_type=f"multipart/form-data; boundary={boundary}",
    )
    if answer.status_code == 303:
        return visitor.visit(answer.headers["Location"])
    return Page(answer, address(prescription, "/pieces"))


def join(prescription, amina, paper=CV):
    return Attachment.add(prescription, PaperKind.CV, paper, mover=factories.by(amina))


def test_a_paper_is_joined_shown_and_taken_off(at_work, draft):
    page = send(at_work, draft, pdf(telling))
    assert "Le papier est joint" in page.text
    assert page.link("CV").endswith(f"/pieces/{Attachment.get().code}")
    page = at_work.submit(page, "Retirer : CV, piece-1.pdf")
    assert "n’est plus joint" in page.text
    assert Attachment.select().count() == 0


NAMES = [
    "cv.pdf.exe", "../../etc/passwd", "cv\0.pdf", "\u202efdp.exe", "C:\\cv.pdf", "<script>.pdf",
    f"{CANARY}.pdf", "a" * 400 + ".pdf",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_the_name_of_a_file_is_neither_believed_nor_kept(at_work, draft, name):
    """Access.md §4.3, ASVS 5.3.2, 5.4.1: double extensions, paths, NUL, text from right to left."""
    page = send(at_work, draft, pdf(), name=name)
    assert "Le papier est joint" in page.text
    answer = at_work.client.get(page.link("CV"))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="piece-1.pdf"'
    assert CANARY not in page.html


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (None, "missing"),
        (b"", "empty"),
        (b"%PDF-1.7" + b"\0" * MOST_BYTES, "big"),
        (b"<!doctype html><script>alert(1)</script>", "kind"),
        (pdf()[:-60], "unreadable"),
        (pdf(pages=21), "pages"),
    ],
)
def test_what_is_refused_says_why_and_keeps_what_was_typed(at_work, draft, content, fault):
    page = send(at_work, draft, content, kind="diplome")
    assert page.status == 422
    assert FAULTS[fault] in page.text.replace("\u00a0", " ").replace("\u202f", " ")
    chosen = page.root.find(".//select[@id='papier']/option[@selected]")
    assert chosen.get("value") == "diplome"
    assert Attachment.select().count() == 0


def test_what_a_paper_is_has_to_be_said(at_work, draft):
    page = send(at_work, draft, picture(), kind="")
    assert (page.status, Attachment.select().count()) == (422, 0)
    assert "choisissez ce que c’est" in page.text


def test_a_body_beyond_the_limit_is_refused_whole(at_work, draft):
    """ASVS 5.2.1: it is not even read; the page says how heavy a file may be."""
    page = send(at_work, draft, b"\0" * (6 * 1024 * 1024 + 1))
    assert page.status == 413
    assert "5 Mo" in page.text.replace("\u00a0", " ")


def test_the_same_form_sent_twice_joins_one_paper(at_work, draft):
    page = at_work.visit(address(draft))
    for _ in range(2):
        assert "Le papier est joint" in send(at_work, draft, pdf(), page=page).text
    assert Attachment.select().count() == 1


def test_a_fourth_paper_is_refused_without_a_form_to_send_it(at_work, draft, amina):
    page = at_work.visit(address(draft))
    for _ in range(MOST):
        join(draft, amina)
    again = send(at_work, draft, pdf(), page=page)
    assert again.status == 422
    assert "3 papiers au plus" in again.text.replace("\u00a0", " ")
    assert JOIN not in again.text


def test_a_page_left_open_since_it_was_sent_joins_nothing(at_work, draft, amina, monkeypatch):
    """A clear refusal, before any file is read."""
    paper = join(draft, amina)
    page = at_work.visit(address(draft))
    acting.send(draft, mover=herself(draft.person), given=Given.OWN_SPACE, seen=draft.revision)
    monkeypatch.setattr(blueprints.prescriptions.attachments, "received", None)
    answer = send(at_work, draft, pdf(), page=page)
    assert answer.status == 409
    assert "déjà partie" in answer.text
    taken_off = at_work.submit(page, "Retirer : CV, piece-1.pdf")
    assert taken_off.status == 409
    assert Attachment.of(draft) == [paper]
    assert JOIN not in at_work.visit(address(draft)).text


def test_a_paper_is_answered_as_nothing_but_a_file(at_work, draft, amina):
    """Reliability.md « Uploads safe »: `attachment`, nosniff, CSP sandbox; never stored."""
    paper = join(draft, amina)
    answer = at_work.client.get(address(draft, f"/pieces/{paper.code}"))
    assert answer.data == CV.content
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="piece-1.pdf"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Cache-Control"] == "no-store"


def test_she_takes_her_own_papers_and_that_is_written(app, draft, amina):
    """I4, I6: she reads it in her journal."""
    paper = join(draft, amina)
    own = Visitor(app).enter_space(draft.person)
    page = own.visit(f"/mon-espace/prescriptions/{draft.code}")
    assert page.link("CV") == own_address(draft, paper)
    assert own.client.get(page.link("CV")).data == CV.content
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    assert (entry.act, entry.person_id) == ("prescription:download", draft.person_id)


def test_papers_of_others_are_not_there(app, visitor, draft, amina):
    """I1, I13: another person, another référent, another prescription of the same one."""
    paper, other = join(draft, amina), factories.prescription(factories.accompanied(amina), amina)
    mixed = factories.prescription(draft.person, amina)
    at_work = visitor.enter(amina.account)
    for wrong in (other, mixed):
        assert at_work.client.get(address(wrong, f"/pieces/{paper.code}")).status_code == 404
    stranger = Visitor(app).enter(factories.writer().account)
    assert stranger.client.get(address(draft, f"/pieces/{paper.code}")).status_code == 404
    someone = Visitor(app).enter_space(other.person)
    assert someone.client.get(own_address(draft, paper)).status_code == 404
    assert someone.client.get(own_address(other, paper)).status_code == 404


def test_a_référent_whom_she_hides_the_need_from_reads_no_paper(app, amina, draft):
    """I1: what a paper is may tell the need."""
    housing = ConcernedNeed("logement-louer", "Trouver un logement", ("logement",))
    hidden = factories.prescription(draft.person, amina, housing)
    paper = join(hidden, amina)
    at_work = Visitor(app).enter(amina.account)
    assert at_work.client.get(f"/personnes/{hidden.person.code}").status_code == 200
    assert at_work.client.get(address(hidden, f"/pieces/{paper.code}")).status_code == 404
