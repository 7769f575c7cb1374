"""Making a paper anew out of the bytes of an unknown file, in a process of its own whose memory and
time are bounded.

A file made to harm costs this process, never the server. It imports nothing of the portal: bytes
come by the standard input; one line of JSON leaves, `{"media_type"}` followed by the new bytes, or
`{"fault": name}`. The sentence of each fault is in `papers`.
"""

import contextlib
import io
import json
import struct
import sys

MOST_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 40_000_000
# Enough to read a page of small print, and a sixth of what a telephone takes.
LONGEST_SIDE = 2_500
JPEG_QUALITY = 85
MOST_PAGES = 20
MOST_OBJECTS = 20_000
# What a single stream of a PDF, then all of them, may be once unpacked.
MOST_UNPACKED, MOST_UNPACKED_IN_ALL = 120_000_000, 400_000_000
# A page scanned at 600 dots per inch holds 35 million; a reader must hold it too.
MOST_PIXELS_IN_PDF = 100_000_000
MEMORY_BYTES = 1024 * 1024 * 1024
CPU_SECONDS = 20

PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
# How a file begins: neither its name nor what the browser says of it is believed.
_STARTS = ((b"%PDF-", PDF), (b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG))
# A PDF ends so; without it, its last pages are missing.
_END, _END_WITHIN = b"%%EOF", 1024
# All that is kept of a page: what is drawn on it, never what it does nor who made it.
_OF_A_PAGE = {
    "/Type", "/Parent", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Group", "/Resources",
    "/Contents",
}  # fmt: skip
# What may hang on anything that is drawn, and is not drawn.
_UNDRAWN = ("/Metadata", "/PieceInfo", "/AF", "/AA", "/LastModified", "/OPI")
# By which a stream would be read in another file.
_ELSEWHERE = ("/F", "/FFilter", "/FDecodeParms")
# What reading the words of a camera may raise: the image itself was read.
_BAD_EXIF = (
    SyntaxError, ValueError, KeyError, TypeError, IndexError, ZeroDivisionError, OSError,
    struct.error,
)  # fmt: skip
_JPEG_PACKING = "/DCTDecode"
_IMAGE_PACKINGS = (_JPEG_PACKING, "/JPXDecode", "/CCITTFaxDecode", "/JBIG2Decode")
# Where a JPEG begins to draw, and the parts before it without which it would look otherwise: its
# tables and frames, and the one (Adobe) that says how colours are written.
_SCAN, _APP14 = 0xDA, 0xEE


class Fault(Exception):
    """The file is not kept: the name of the sentence that says why."""


def remade(content):
    """`(media type, bytes)`: the same paper, with nothing of the file but what it shows."""
    if not content:
        raise Fault("empty")
    if len(content) > MOST_BYTES:
        raise Fault("big")
    media_type = kind_of(content)
    if media_type is None:
        raise Fault("kind")
    found = _pdf(content) if media_type == PDF else _image(content, media_type)
    if len(found[1]) > MOST_BYTES:
        raise Fault("big")
    return found


def kind_of(content):
    """The media type that its first bytes tell, or None."""
    return next((kind for start, kind in _STARTS if content.startswith(start)), None)


# Images


def _image(content, media_type):
    """Its pixels alone, encoded again: what follows or surrounds them in the file is not read."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None
    try:
        image = Image.open(io.BytesIO(content), formats=[media_type.rpartition("/")[2].upper()])
        if image.width * image.height > MOST_PIXELS:
            raise Fault("pixels")
        # A JPEG is decoded at half or a quarter of its size when that is enough.
        image.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
        image.load()
    except (OSError, ValueError, SyntaxError, EOFError):
        raise Fault("unreadable") from None
    with contextlib.suppress(*_BAD_EXIF):
        image = ImageOps.exif_transpose(image)
    image = _drawn(image, media_type)
    if media_type == PNG:
        encoded = _encoded(image, "PNG")
        if len(encoded) <= MOST_BYTES:
            return PNG, encoded
    return JPEG, _encoded(_on_white(image), "JPEG", quality=JPEG_QUALITY, optimize=True)


def _drawn(image, media_type):
    """The pixels in a plain mode and a size to read, without a word beside them."""
    from PIL import Image

    if image.mode.startswith("I"):
        # Sixteen bits of grey: the eight that a screen shows.
        image = image.convert("I").point(lambda level: level * (1 / 256))
    is_grey = image.mode in ("1", "L", "I")
    is_clear = media_type == PNG and (image.mode in ("LA", "PA", "RGBA") or _has_clear(image))
    image = image.convert("RGBA" if is_clear else "L" if is_grey else "RGB")
    image.info.clear()
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    return image


def _has_clear(image):
    return "transparency" in image.info


def _on_white(image):
    from PIL import Image

    if image.mode != "RGBA":
        return image
    page = Image.new("RGB", image.size, "white")
    page.paste(image, mask=image.getchannel("A"))
    return page


def _encoded(image, kind, **how):
    written = io.BytesIO()
    image.save(written, kind, **how)
    return written.getvalue()


# PDF


def _pdf(content):
    """Its pages alone, drawn on a new document: without what runs, opens or sends, without what is
    attached, without a word on who wrote it."""
    import pikepdf

    pikepdf.settings.set_qpdf_limits(
        flate_max_memory=MOST_UNPACKED, run_length_max_memory=MOST_UNPACKED, max_stream_filters=4,
        doc_max_warnings=1000, parser_max_nesting=100,
    )  # fmt: skip
    if _END not in content[-_END_WITHIN:]:
        raise Fault("unreadable")
    try:
        with pikepdf.open(io.BytesIO(content)) as source:
            _check(source)
            source.generate_appearance_streams()
            # What was typed in a form is drawn; fields, links and notes then go.
            source.flatten_annotations("all")
            return PDF, _copied(source)
    except pikepdf.PasswordError:
        raise Fault("locked") from None
    except (pikepdf.PikepdfError, ValueError, TypeError, KeyError, RuntimeError, OverflowError):
        raise Fault("unreadable") from None


def _check(source):
    """Raise `Fault` for what would cost too much to whoever opens it."""
    import pikepdf

    if not len(source.pages):
        raise Fault("unreadable")
    if len(source.pages) > MOST_PAGES:
        raise Fault("pages")
    if len(source.objects) > MOST_OBJECTS:
        raise Fault("bomb")
    unpacked = 0
    for one in source.objects:
        if isinstance(one, pikepdf.Stream):
            unpacked += _unpacked(one)
            if unpacked > MOST_UNPACKED_IN_ALL:
                raise Fault("bomb")


def _unpacked(stream):
    """How many bytes a stream is, unpacked; an image of a packing of its own counts as it is."""
    import pikepdf

    if stream.get("/Subtype") == "/Image":
        pixels = int(stream.get("/Width", 0)) * int(stream.get("/Height", 0))
        if not 0 <= pixels <= MOST_PIXELS_IN_PDF:
            raise Fault("bomb")
    try:
        return len(_without_image_packing(stream))
    except pikepdf.PikepdfError as fault:
        # Past the limits set above, says the library in several ways.
        raise Fault("bomb" if "limit" in str(fault) else "unreadable") from None


def _without_image_packing(stream):
    """The bytes of a stream, unpacked up to the packing of an image, which is left."""
    import pikepdf

    packings = _listed(stream.get("/Filter"))
    if not packings or packings[-1] not in _IMAGE_PACKINGS:
        return stream.read_bytes(pikepdf.StreamDecodeLevel.generalized)
    if len(packings) == 1:
        return stream.read_raw_bytes()
    with pikepdf.new() as apart:
        outer = pikepdf.Stream(apart, b"")
        outer_packings = pikepdf.Array([pikepdf.Name(str(name)) for name in packings[:-1]])
        outer.write(stream.read_raw_bytes(), filter=outer_packings)
        return outer.read_bytes(pikepdf.StreamDecodeLevel.generalized)


def _copied(source):
    import pikepdf

    with pikepdf.new() as made:
        made.pages.extend(source.pages)
        for page in made.pages:
            for name in set(page.obj.keys()) - _OF_A_PAGE:
                del page.obj[name]
        for one in made.objects:
            _undress(one)
        written = io.BytesIO()
        packing = pikepdf.ObjectStreamMode.generate
        made.save(written, deterministic_id=True, object_stream_mode=packing)
        return written.getvalue()


def _undress(one):
    """Take away what is not drawn of an object and of those within it, and the words that a camera
    leaves in a photo."""
    import pikepdf

    waiting = [one]
    while waiting:
        holder = waiting.pop()
        if isinstance(holder, (pikepdf.Dictionary, pikepdf.Stream)):
            is_stream = isinstance(holder, pikepdf.Stream)
            for name in {*_UNDRAWN, *(_ELSEWHERE if is_stream else ())} & set(holder.keys()):
                del holder[name]
            waiting += [value for value in holder.values() if _is_within(value)]
        elif isinstance(holder, pikepdf.Array):
            waiting += [value for value in holder if _is_within(value)]
    if isinstance(one, pikepdf.Stream) and _listed(one.get("/Filter"))[-1:] == [_JPEG_PACKING]:
        photo = bare_jpeg(_without_image_packing(one))
        parms = _listed(one.get("/DecodeParms"))[-1:]
        one.write(photo, filter=pikepdf.Name(_JPEG_PACKING), decode_parms=next(iter(parms), None))


def _listed(value):
    """What a PDF writes alone, or in a list."""
    import pikepdf

    return list(value) if isinstance(value, pikepdf.Array) else [] if value is None else [value]


def _is_within(value):
    """A container written within another one, rather than beside it."""
    import pikepdf

    return isinstance(value, (pikepdf.Dictionary, pikepdf.Array)) and not value.is_indirect


def bare_jpeg(content):
    """A JPEG without what describes it: EXIF, place, preview, comments; its pixels as they were."""
    if content[:2] != b"\xff\xd8":
        return content
    kept, at = [content[:2]], 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        mark, end = content[at + 1], at + 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        if mark == _SCAN:
            break
        is_said = (0xE0 <= mark <= 0xEF and mark != _APP14) or mark == 0xFE
        if not is_said:
            kept.append(content[at:end])
        at = end
    return b"".join([*kept, content[at:]])


# The process


def _bound():
    """On systems that know how, past these bounds the process ends by itself."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main():
    _bound()
    made = b""
    try:
        media_type, made = remade(sys.stdin.buffer.read(MOST_BYTES + 1))
        answer = {"media_type": media_type}
    except Fault as fault:
        answer = {"fault": str(fault)}
    except (MemoryError, RecursionError):
        answer = {"fault": "bomb"}
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + made)


if __name__ == "__main__":
    main()
