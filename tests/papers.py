"""Papers to send, made here: no file of anybody is kept with the tests."""

import io
import struct
import zlib

import pikepdf
from PIL import Image
from PIL.PngImagePlugin import PngInfo

# What names somebody, and must not survive in what is kept.
CANARY = "Zyxcanari"
FLATE = pikepdf.Name.FlateDecode


def picture(kind="JPEG", size=(60, 40), mode="RGB", color="red", **how):
    """The bytes of an image of one colour."""
    written = io.BytesIO()
    Image.new(mode, size, color).save(written, kind, **how)
    return written.getvalue()


def telling_jpeg(orientation=1):
    """A photo that says who is on it, where, and by which telephone."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010E], exif[0x0110] = orientation, CANARY, CANARY
    exif.get_ifd(0x8825)[29] = CANARY
    return picture(exif=exif, comment=CANARY.encode(), icc_profile=CANARY.encode())


def telling_png():
    words = PngInfo()
    words.add_text("Author", CANARY)
    words.add_itxt("XML:com.adobe.xmp", CANARY)
    return picture("PNG", pnginfo=words, exif=CANARY.encode())


def claiming(width, height):
    """A PNG of a few bytes that says it has so many points."""
    content = bytearray(picture("PNG"))
    content[16:24] = struct.pack(">II", width, height)
    content[29:33] = struct.pack(">I", zlib.crc32(content[12:29]))
    return bytes(content)


def pdf(*changes, pages=1, **how):
    """The bytes of a PDF to which `change(pdf)` was done."""
    made, written = pikepdf.new(), io.BytesIO()
    for _ in range(pages):
        made.add_blank_page()
    for change in changes:
        change(made)
    made.save(written, **how)
    return written.getvalue()


def words_in(name):
    """A change: the one page of a PDF is drawn by these bytes, packed."""

    def change(made):
        made.pages[0].Contents = pikepdf.Stream(made, name)

    return change


def telling(made):
    """Who wrote it, in each place where a PDF says so."""
    made.docinfo["/Author"] = CANARY
    with made.open_metadata() as words:
        words["dc:title"] = CANARY
    page = made.pages[0].obj
    page.PieceInfo = pikepdf.Dictionary(App=pikepdf.Dictionary(Private=CANARY))
    page.Metadata = pikepdf.Stream(made, CANARY.encode())
    page.LastModified = CANARY
    photo = made.make_indirect(photograph(made, telling_jpeg(), pikepdf.Name.DCTDecode))
    photo.Metadata = made.make_indirect(pikepdf.Stream(made, CANARY.encode()))
    packed = photograph(made, zlib.compress(telling_jpeg()), [FLATE, pikepdf.Name.DCTDecode])
    drawn = pikepdf.Dictionary(Im0=photo, Im1=made.make_indirect(packed))
    said = pikepdf.Dictionary(MC0=pikepdf.Dictionary(Metadata=photo.Metadata))
    page.Resources = pikepdf.Dictionary(XObject=drawn, Properties=said)
    page.Contents = pikepdf.Stream(made, b"q 50 0 0 50 9 9 cm /Im0 Do /Im1 Do Q")


def photograph(made, content, packing, width=60, height=40):
    stream = pikepdf.Stream(
        made, b"", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=width,
        Height=height, ColorSpace=pikepdf.Name.DeviceRGB, BitsPerComponent=8,
    )  # fmt: skip
    is_several = isinstance(packing, list)
    stream.write(content, filter=pikepdf.Array(packing) if is_several else packing)
    return stream


def running(made):
    """All that runs, opens, sends or carries something."""
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    program = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="cmd.exe")
    sending = pikepdf.Dictionary(S=pikepdf.Name.SubmitForm, F="https://example.org")
    made.Root.OpenAction = script
    made.Root.AA = pikepdf.Dictionary(WC=script)
    made.Root.Names = pikepdf.Dictionary(
        JavaScript=pikepdf.Dictionary(Names=pikepdf.Array([pikepdf.String("a"), script]))
    )
    made.attachments["autre.exe"] = pikepdf.AttachedFileSpec(made, b"MZ autre")
    form = pikepdf.Stream(made, b"<xdp/>")
    made.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array(), XFA=form)
    page = made.pages[0].obj
    page.AA = pikepdf.Dictionary(O=script)
    links = [
        pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, A=act,
                           Rect=pikepdf.Array([0, 0, 9, 9]))
        for act in (script, program, sending)
    ]  # fmt: skip
    page.Annots = pikepdf.Array([made.make_indirect(link) for link in links])


def packed(size):
    """A change: a page of so many blanks, packed to a thousandth."""

    def change(made):
        packer, blanks = zlib.compressobj(9), b" " * 10_000_000
        content = b"".join(packer.compress(blanks) for _ in range(size // len(blanks)))
        stream = made.make_indirect(pikepdf.Stream(made, b""))
        stream.write(content + packer.flush(), filter=FLATE)
        made.pages[0].Contents = stream

    return change


def packed_again(made):
    """The same, packed three times more."""
    packed(130_000_000)(made)
    stream = made.pages[0].Contents
    twice = zlib.compress(zlib.compress(stream.read_raw_bytes()))
    stream.write(twice, filter=pikepdf.Array([FLATE] * 3))


def wide(made):
    """An image of a few bytes that asks for four thousand million points."""
    stream = photograph(made, b"\0", pikepdf.Name.CCITTFaxDecode, 65_000, 65_000)
    made.pages[0].obj.Resources = pikepdf.Dictionary(
        XObject=pikepdf.Dictionary(Im0=made.make_indirect(stream))
    )


def crowded(made):
    made.Root.Kept = pikepdf.Array([made.make_indirect(pikepdf.Array()) for _ in range(20_001)])


def filled_form(made):
    """A form in which somebody typed."""
    words, box = b"BT /F1 9 Tf (Toulouse) Tj ET", pikepdf.Array([0, 0, 99, 20])
    shown = pikepdf.Stream(made, words, Subtype=pikepdf.Name.Form, BBox=box)
    field = made.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Tx,
            T="ville", V="Toulouse", Rect=pikepdf.Array([0, 0, 99, 20]),
            AP=pikepdf.Dictionary(N=made.make_indirect(shown)),
        )
    )  # fmt: skip
    made.pages[0].obj.Annots = pikepdf.Array([field])
    made.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([field]))
