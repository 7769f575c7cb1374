"""What is made of a file that somebody sends: judged on its bytes, and written anew."""

import io
import random
import zipfile

import pikepdf
import pytest
from PIL import Image

from models.base import RuleBroken
from models.prescriptions import papers, papers_apart
from models.prescriptions.papers import FAULTS, MOST_BYTES, Media, received
from tests.papers import (
    CANARY,
    claiming,
    crowded,
    filled_form,
    packed,
    packed_again,
    pdf,
    photograph,
    picture,
    running,
    telling,
    telling_jpeg,
    telling_png,
    wide,
    words_in,
)


def archive():
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as made:
        made.writestr("autre.exe", "MZ")
    return written.getvalue()


def read(paper):
    """The paper that was kept, as a reader opens it."""
    assert paper.media_type is Media.PDF
    return pikepdf.open(io.BytesIO(paper.content))


def seen(paper):
    return Image.open(io.BytesIO(paper.content))


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
LOCKED = pikepdf.Encryption(user="secret", owner="secret")


@pytest.mark.parametrize(
    ("made", "fault"),
    [
        (lambda: b"", "empty"),
        (lambda: b"%PDF-1.7" + b"\0" * MOST_BYTES, "big"),
        (lambda: SVG, "kind"),
        (lambda: HTML, "kind"),
        (lambda: archive(), "kind"),
        (lambda: picture("GIF"), "kind"),
        (lambda: picture("WEBP"), "kind"),
        (lambda: picture("BMP"), "kind"),
        (lambda: picture("TIFF"), "kind"),
        (lambda: b"MZ\x90\0 un programme", "kind"),
        (lambda: b"\0" + pdf(), "kind"),
        # Two kinds at once, the first of which we do not take.
        (lambda: b"GIF89a" + pdf(), "kind"),
        (lambda: HTML + picture(), "kind"),
        (lambda: archive() + pdf(), "kind"),
        # What begins as one of ours and is none.
        (lambda: b"%PDF-1.7\n" + HTML + b"\n%%EOF", "unreadable"),
        (lambda: b"%PDF-1.7\n" + SVG, "unreadable"),
        (lambda: b"\xff\xd8\xff" + HTML, "unreadable"),
        (lambda: b"\x89PNG\r\n\x1a\n" + archive(), "unreadable"),
        (lambda: b"\x89PNG\r\n\x1a\n" + picture("PNG")[8:].replace(b"IHDR", b"IHDX"), "unreadable"),
        # Cut on the way.
        (lambda: picture(size=(400, 400))[:-300], "unreadable"),
        (lambda: picture("PNG", size=(400, 400))[:-100], "unreadable"),
        (lambda: pdf(pages=3)[:-100], "unreadable"),
        (lambda: pdf(pages=0), "unreadable"),
        (lambda: pdf(pages=21), "pages"),
        (lambda: pdf(encryption=LOCKED), "locked"),
        (lambda: claiming(8001, 5000), "pixels"),
        (lambda: claiming(1_000_000, 1_000_000), "pixels"),
        (lambda: pdf(packed(130_000_000)), "bomb"),
        (lambda: pdf(packed_again), "bomb"),
        (lambda: pdf(wide), "bomb"),
        (lambda: pdf(crowded), "bomb"),
    ],
)
def test_what_is_not_a_paper_is_refused_with_its_reason(made, fault):
    """Reliability.md « Uploads safe »: polyglots, bombs, other kinds, truncated, empty; ASVS 5.2.2,
    5.2.6."""
    with pytest.raises(RuleBroken) as refused:
        received(made())
    assert refused.value.sentence == FAULTS[fault]


def test_a_process_that_goes_past_its_bounds_ends_alone(monkeypatch):
    """ASVS 15.2.2: neither its memory nor its time is the server’s."""
    monkeypatch.setattr(papers, "MAKER_SECONDS", 0.01)
    with pytest.raises(RuleBroken) as refused:
        received(pdf())
    assert refused.value.sentence == FAULTS["bomb"]


def test_the_process_is_given_as_much_memory_as_it_needs_and_no_more(monkeypatch, tmp_path):
    greedy = tmp_path / "greedy.py"
    greedy.write_text(
        f"import sys; sys.path[:0] = [{str(papers.MAKER.parent)!r}]\n"
        "import papers_apart\n"
        "papers_apart.remade = lambda content: (None, b' ' * papers_apart.MEMORY_BYTES)\n"
        "papers_apart.main()\n"
    )
    monkeypatch.setattr(papers, "MAKER", greedy)
    with pytest.raises(RuleBroken) as refused:
        received(pdf())
    assert refused.value.sentence == FAULTS["bomb"]


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (telling_jpeg(), Media.JPEG),
        (telling_png(), Media.PNG),
        (pdf(telling), Media.PDF),
        (picture() + CANARY.encode() + archive(), Media.JPEG),
        (picture("PNG") + HTML + CANARY.encode(), Media.PNG),
        (pdf() + CANARY.encode() + archive() + b"%%EOF", Media.PDF),
    ],
)
def test_nothing_that_a_file_tells_of_somebody_survives(content, media_type):
    """Access.md §4.3, ASVS 14.2.8: metadata, place, previews, and what follows the paper."""
    assert CANARY.encode() in content or media_type is Media.PDF
    paper = received(content)
    assert paper.media_type is media_type
    assert CANARY.encode() not in unpacked(paper)
    assert b"PK\x03\x04" not in paper.content
    assert b"<script" not in paper.content


def unpacked(paper):
    """All its bytes, those of a PDF unpacked as far as they go."""
    if paper.media_type is not Media.PDF:
        return paper.content
    written = io.BytesIO()
    read(paper).save(written, stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
                     compress_streams=False,
                     object_stream_mode=pikepdf.ObjectStreamMode.disable)  # fmt: skip
    return written.getvalue()


def test_the_canaries_of_a_pdf_are_there_before():
    """What the test above hunts can be found by it."""
    before = papers.Paper(Media.PDF, pdf(telling))
    assert unpacked(before).count(CANARY.encode()) >= 8


def test_nothing_runs_opens_or_sends_any_more():
    """Scripts, actions, attached files, XFA and links go; the page stays."""
    assert b"JavaScript" in unpacked(papers.Paper(Media.PDF, pdf(running)))
    paper = received(pdf(running, words_in(b"0 0 9 9 re f")))
    content = unpacked(paper)
    for word in (b"JavaScript", b"/JS", b"/AA", b"OpenAction", b"Launch", b"SubmitForm",
                 b"EmbeddedFile", b"XFA", b"MZ autre", b"/Annots", b"example.org"):  # fmt: skip
        assert word not in content
    made = read(paper)
    assert set(made.Root.keys()) == {"/Type", "/Pages"}
    assert made.pages[0].Contents.read_bytes().strip() == b"0 0 9 9 re f"


def test_a_pdf_keeps_its_pages_as_they_are_drawn():
    made = read(received(pdf(telling, pages=20)))
    assert len(made.pages) == 20
    drawn = made.pages[0].Resources.XObject
    for name in ("/Im0", "/Im1"):
        assert pikepdf.PdfImage(drawn[name]).as_pil_image().size == (60, 40)


def test_what_was_typed_in_a_form_is_still_read():
    content = unpacked(received(pdf(filled_form)))
    assert b"(Toulouse)" in content
    assert b"Widget" not in content


def test_a_page_keeps_what_it_has_from_its_parent():
    def inherit(made):
        made.Root.Pages.MediaBox = made.pages[0].MediaBox
        del made.pages[0].obj["/MediaBox"]

    made = read(received(pdf(inherit)))
    assert list(made.pages[0].MediaBox) == [0, 0, 612, 792]


def test_a_pdf_that_opens_without_a_password_is_a_paper():
    """Offices often forbid to change theirs, and let anybody read them."""
    certificate = pdf(encryption=pikepdf.Encryption(user="", owner="bureau"))
    assert not read(received(certificate)).is_encrypted


def test_a_photo_taken_sideways_is_upright_and_no_larger_than_needed():
    photo = picture(size=(4000, 3000), exif=telling_exif(6))
    paper = received(photo)
    assert seen(paper).size == (1875, 2500)
    assert not seen(paper).getexif()


def telling_exif(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_an_image_is_still_what_it_showed(mode):
    """Whatever the way its points are written."""
    half = Image.new("L", (40, 20))
    half.paste(255, (0, 0, 20, 20))
    half = half.convert("I").point(lambda level: level * 257) if mode == "I;16" else half
    written = io.BytesIO()
    half.convert(mode).save(written, "PNG")
    shown = seen(received(written.getvalue())).convert("RGB")
    assert [shown.getpixel((x, 10)) for x in (5, 35)] == [(255, 255, 255), (0, 0, 0)]


def test_a_jpeg_of_printers_becomes_one_of_screens():
    assert seen(received(picture(mode="CMYK", color=(0, 0, 0, 0)))).mode == "RGB"


def test_an_image_that_grows_is_kept_as_a_photo():
    """Noise does not pack: a PNG of it would pass five megabytes once written anew."""
    side, chance = 2200, random.Random(7)
    noise = Image.frombytes("P", (side, side), chance.randbytes(side * side))
    noise.putpalette(chance.randbytes(768))
    written = io.BytesIO()
    noise.save(written, "PNG")
    assert len(written.getvalue()) < MOST_BYTES
    paper = received(written.getvalue())
    assert paper.media_type is Media.JPEG
    assert len(paper.content) < MOST_BYTES


def test_the_very_end_of_the_limit_is_taken():
    photo = picture()
    assert received(photo + b"\0" * (MOST_BYTES - len(photo))).media_type is Media.JPEG
    with pytest.raises(RuleBroken, match="5 Mo"):
        received(photo + b"\0" * (MOST_BYTES - len(photo) + 1))


def test_the_pixels_of_a_photo_within_a_pdf_are_left_alone():
    bare = papers_apart.bare_jpeg(telling_jpeg())
    assert CANARY.encode() not in bare
    assert Image.open(io.BytesIO(bare)).tobytes() == Image.open(io.BytesIO(picture())).tobytes()


@pytest.mark.parametrize("content", [b"", b"\xff\xd8", b"\xff\xd8\xff\xe1\xff\xff", b"autre chose"])
def test_what_is_no_jpeg_within_a_pdf_is_left_as_it_is_or_shorter(content):
    def change(made):
        stream = photograph(made, content, pikepdf.Name.DCTDecode)
        made.pages[0].obj.Resources = pikepdf.Dictionary(
            XObject=pikepdf.Dictionary(Im0=made.make_indirect(stream))
        )

    made = read(received(pdf(change)))
    assert made.pages[0].Resources.XObject.Im0.read_raw_bytes() in content
