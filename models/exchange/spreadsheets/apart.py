"""Reading the bytes of an unknown file, in a process of its own whose memory and time are bounded.

A file made to harm costs this process, never the server. It imports nothing of the portal: bytes
come by the standard input, `{"sheets": […]}` or `{"fault": [name, values]}` leaves as JSON. The
sentence of each fault is in `reading`.
"""

import codecs
import csv
import datetime as dt
import io
import json
import posixpath
import re
import sys
import xml.parsers.expat
import zipfile

MAX_UNPACKED_BYTES = 100 * 1024 * 1024
MAX_ENTRIES = 2_000
# Room for the 5,000 rows and their gaps; a spreadsheet may name cells a million rows further.
MAX_ROWS, MAX_COLUMNS = 10_000, 400
MEMORY_BYTES = 1024 * 1024 * 1024
CPU_SECONDS = 20

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# How a file that is no spreadsheet begins, and what we call it.
_OTHERS = (
    (b"%PDF", "pdf"),
    (b"MZ", "program"), (b"\x7fELF", "program"), (b"#!", "program"),
    (b"\xcf\xfa\xed\xfe", "program"), (b"\xca\xfe\xba\xbe", "program"),
    (b"\x89PNG", "picture"), (b"\xff\xd8\xff", "picture"), (b"GIF8", "picture"),
    (b"{\\rtf", "document"),
    (b"\x1f\x8b", "archive"), (b"7z\xbc\xaf", "archive"), (b"Rar!", "archive"),
)  # fmt: skip
_HTML = re.compile(rb"\s*<(?:!--|!doctype html|html|head|body|table|meta)", re.IGNORECASE)
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_LOCKED_XLSX = "EncryptedPackage".encode("utf-16-le")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f]")
_DELIMITERS = ";\t,"


class Fault(Exception):
    """The file cannot be read: the name of the sentence, and what it says."""

    def __init__(self, name, **values):
        super().__init__(name)
        self.name, self.values = name, values


def read(content):
    """`[{name, rows: [[line, [text]]], merged: [[line, line]]}]` of the sheets that are shown."""
    if not content:
        raise Fault("empty")
    if content.startswith(b"PK"):
        return _read_workbook(content)
    if content.startswith(_OLE):
        raise Fault("locked" if _LOCKED_XLSX in content else "old-excel")
    for start, name in _OTHERS:
        if content.startswith(start):
            raise Fault(name)
    if _HTML.match(content[:10_000].removeprefix(codecs.BOM_UTF8)):
        raise Fault("html")
    if content.lstrip().startswith(b"<?xml"):
        raise Fault("xml")
    return [{"name": "", "rows": _read_csv(_decoded(content)), "merged": []}]


# Workbooks


def _read_workbook(content):
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        return _read_archive(content, archive)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError):
        raise Fault("damaged") from None
    except RuntimeError:
        # What zipfile says of an entry under a password.
        raise Fault("locked") from None


def _read_archive(content, archive):
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES or sum(e.file_size for e in entries) > MAX_UNPACKED_BYTES:
        raise Fault("bomb", limit=MAX_UNPACKED_BYTES // (1024 * 1024))
    names = {entry.filename for entry in entries}
    if "mimetype" in names and "content.xml" in names:
        if archive.read("mimetype").strip() != _ODS:
            raise Fault("document")
        manifest = "META-INF/manifest.xml"
        if manifest in names and b"encryption-data" in archive.read(manifest):
            raise Fault("locked")
        survey = _Ods().survey(archive.read("content.xml"))
    elif "xl/workbook.xml" in names:
        survey = _survey_xlsx(archive, names)
    else:
        is_binary = "xl/workbook.bin" in names
        is_text = names & {"word/document.xml", "ppt/presentation.xml"}
        raise Fault("binary-excel" if is_binary else "document" if is_text else "archive")
    return _values(content, survey)


def _values(content, survey):
    import python_calamine as calamine

    try:
        book = calamine.load_workbook(io.BytesIO(content))
        return [
            {
                "name": sheet.name,
                "rows": _rows(book.get_sheet_by_name(sheet.name)),
                "merged": survey.get(sheet.name, ()),
            }
            for sheet in book.sheets_metadata
            if sheet.visible == calamine.SheetVisibleEnum.Visible
            and sheet.typ == calamine.SheetTypeEnum.WorkSheet
        ]
    except calamine.PasswordError:
        raise Fault("locked") from None
    except calamine.CalamineError:
        raise Fault("damaged") from None


def _rows(sheet):
    if sheet.start is None:
        return []
    rows = sheet.to_python(skip_empty_area=False)
    return [
        [line, [_text(value) for value in row]]
        for line, row in enumerate(rows, start=1)
        if any(value != "" for value in row)
    ]


def _text(value):
    """What a person sees in the cell, or nearly: a number without its zeros, a day as ISO."""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime):
        is_day = value.time() == dt.time()
        return value.date().isoformat() if is_day else value.isoformat(" ", timespec="minutes")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dt.time):
        return value.isoformat(timespec="minutes")
    return str(value)


# What the values alone do not tell: cells far away, formulas without result, merged cells


class _Xml:
    """One pass over a part of a workbook; nothing of it is kept."""

    def survey(self, content):
        self._starts, self._ends = _Methods(self, "start_"), _Methods(self, "end_")
        parser = xml.parsers.expat.ParserCreate(namespace_separator=" ")
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        try:
            parser.Parse(content, True)
        except xml.parsers.expat.ExpatError:
            raise Fault("damaged") from None
        return self.found

    def _refuse(self, *_):
        raise Fault("damaged")

    def _start(self, name, attributes):
        if method := self._starts[name]:
            method(attributes)

    def _end(self, name):
        if method := self._ends[name]:
            method()


class _Methods(dict):
    """Full name of an element → the method of a reader that takes it, or None."""

    def __init__(self, reader, prefix):
        self._reader, self._prefix = reader, prefix

    def __missing__(self, name):
        method = self._prefix + _local(name).replace("-", "_")
        self[name] = getattr(self._reader, method, None)
        return self[name]


def _local(name):
    return name.rpartition(" ")[2]


def _far(row, column):
    if row > MAX_ROWS:
        raise Fault("too-many-rows")
    if column > MAX_COLUMNS:
        raise Fault("too-many-columns", limit=MAX_COLUMNS)


class _Names(_Xml):
    """The sheets of an XLSX workbook: `{name: relation}`."""

    def __init__(self):
        self.found = {}

    def start_sheet(self, attributes):
        relation = [value for key, value in attributes.items() if _local(key) == "id"]
        self.found[attributes.get("name", "")] = relation[0] if relation else ""


class _Relations(_Xml):
    """`{relation: target}`."""

    def __init__(self):
        self.found = {}

    def start_Relationship(self, attributes):
        self.found[attributes.get("Id")] = attributes.get("Target", "")


class _XlsxSheet(_Xml):
    """The merged ranges of one sheet of an XLSX, as pairs of lines."""

    def __init__(self, name):
        self.name, self.found = name, []
        self.row = self.column = 0
        self.is_formula = self.has_value = False

    def start_row(self, attributes):
        self.row, self.column = int(attributes.get("r", self.row + 1)), 0

    def start_c(self, attributes):
        self.column, self.row = _split(attributes.get("r"), self.column + 1, self.row)
        self.is_formula = self.has_value = False
        self.is_error = attributes.get("t") == "e"

    def start_f(self, attributes):
        self.is_formula = True

    def start_v(self, attributes):
        self.has_value = True
        _far(self.row, self.column)

    def start_is(self, attributes):
        self.start_v(attributes)

    def end_c(self):
        if self.is_error or (self.is_formula and not self.has_value):
            name = "broken-formula" if self.is_error else "formula"
            raise Fault(name, sheet=self.name, cell=f"{letters_of(self.column)}{self.row}")

    def start_mergeCell(self, attributes):
        first, _, last = attributes.get("ref", "").partition(":")
        lines = [_split(ref, 0, 0)[1] for ref in (first, last or first)]
        self.found.append([*lines, attributes.get("ref", "")])


def _split(reference, column, row):
    """The column and the row of « BC12 »; those given when there is no reference."""
    if not reference:
        return column, row
    found = _REFERENCE.fullmatch(reference)
    if not found:
        raise Fault("damaged")
    number = 0
    for letter in found[1]:
        number = number * 26 + ord(letter) - 64
    return number, int(found[2])


def letters_of(column):
    """« AB » for 28."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _survey_xlsx(archive, names):
    relations = {}
    if "xl/_rels/workbook.xml.rels" in names:
        relations = _Relations().survey(archive.read("xl/_rels/workbook.xml.rels"))
    survey = {}
    for name, relation in _Names().survey(archive.read("xl/workbook.xml")).items():
        target = relations.get(relation, "")
        path = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
        if path in names:
            survey[name] = _XlsxSheet(name).survey(archive.read(path))
    return survey


class _Ods(_Xml):
    """The merged ranges of each sheet of an ODS."""

    def __init__(self):
        self.found, self.name = {}, ""
        self.row = self.column = 0

    def start_table(self, attributes):
        self.name = _named(attributes, "name")
        self.found[self.name], self.row, self.column = [], 0, 0

    def start_table_row(self, attributes):
        self.row, self.column = self.row + 1, 0
        self.repeated_rows = _count(attributes, "number-rows-repeated")

    def end_table_row(self):
        self.row += self.repeated_rows - 1

    def start_table_cell(self, attributes):
        cell = f"{letters_of(self.column + 1)}{self.row}"
        self.column += _count(attributes, "number-columns-repeated")
        kinds = {value for key, value in attributes.items() if _local(key) == "value-type"}
        if kinds:
            _far(self.row + self.repeated_rows - 1, self.column)
        elif _named(attributes, "formula"):
            raise Fault("formula", sheet=self.name, cell=cell)
        if "error" in kinds:
            raise Fault("broken-formula", sheet=self.name, cell=cell)
        lines = _count(attributes, "number-rows-spanned")
        if lines > 1 or _count(attributes, "number-columns-spanned") > 1:
            self.found[self.name].append([self.row, self.row + lines - 1, cell])

    def start_covered_table_cell(self, attributes):
        self.column += _count(attributes, "number-columns-repeated")


def _named(attributes, name):
    return next((value for key, value in attributes.items() if _local(key) == name), "")


def _count(attributes, name):
    text = _named(attributes, name) or "1"
    if not text.isdecimal() or len(text) > 9:
        raise Fault("damaged")
    return int(text)


# Text


def _decoded(content):
    for start, encoding in _BOMS:
        if content.startswith(start):
            return _decode(content, encoding)
    if encoding := _wide(content):
        return _decode(content, encoding)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _decode(content, "cp1252")


def _wide(content):
    """UTF-16 without its mark: every other byte of ordinary text is empty."""
    start = content[:2_000]
    even, odd = start[::2].count(0), start[1::2].count(0)
    if max(even, odd) > len(start) / 5 and min(even, odd) < len(start) / 50:
        return "utf-16-le" if odd > even else "utf-16-be"
    return None


def _decode(content, encoding):
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise Fault("unknown") from None


def _read_csv(text):
    if _CONTROLS.search(text):
        raise Fault("unknown")
    if not text.strip():
        raise Fault("empty")
    declared = re.match(r"sep=(.)\r?\n", text)
    if declared:
        text = text[declared.end() :]
    first = next(line for line in text.splitlines() if line.strip())
    delimiter = declared[1] if declared else max(_DELIMITERS, key=first.count)
    rows = []
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        for line, row in enumerate(reader, start=1 + bool(declared)):
            if any(cell.strip() for cell in row):
                _far(line, len(row))
                rows.append([line, row])
    except csv.Error:
        raise Fault("bad-csv", line=len(rows) + 1) from None
    return rows


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
    try:
        answer = {"sheets": read(sys.stdin.buffer.read())}
    except Fault as fault:
        answer = {"fault": [fault.name, fault.values]}
    except (MemoryError, RecursionError):
        answer = {"fault": ["bomb", {"limit": MAX_UNPACKED_BYTES // (1024 * 1024)}]}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
