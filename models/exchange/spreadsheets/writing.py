"""Writing the two sheets, as XLSX, ODS or CSV: texts are texts, never formulas.

A text that a spreadsheet could take for a formula gets an apostrophe before it, in every format,
so that a file saved again as CSV stays harmless; reading takes our apostrophe away again.
"""

import csv
import io
import itertools
import re
import zipfile
from xml.sax.saxutils import escape, quoteattr

import xlsxwriter

from .columns import IDENTIFIER, SERVICES, SHEETS, STATUS

# What programs take for a formula, full-width signs included; and our own apostrophe before it.
_RISKY = re.compile("'*[=+\\-@\t\r\uff0b\uff0d\uff1d\uff20]")
# A number or a telephone: harmless where cells have a type.
_NUMBER = re.compile(r"[+-]?[\d\s.()/-]*")
# The last line of the template that offers its lists.
_OFFERED_ROWS = 5_000
_WIDTHS = {"description": 50, "nom": 32, IDENTIFIER: 26}
_HELP = (
    ("Comment remplir ce tableur", None),
    ("Une ligne par fiche", "Feuille « Services ». Gardez les titres de la première ligne."),
    ("Identifiant", "Vide : une nouvelle fiche. Rempli : la fiche de votre organisme à modifier."),
    ("Colonnes avec *", "Une nouvelle fiche ne peut pas s’en passer."),
    ("Plusieurs valeurs", "Séparez-les par un point-virgule : Jeunes ; Familles"),
    ("Listes", "Les valeurs permises sont dans la feuille « Listes »."),
    ("Dates", "22/11/2026. Séances : 03/12/2026 13:30 à 16:00 ; 10/12/2026 13:30 à 16:00"),
    ("Zone d’éligibilité", "Communes, intercommunalités ou départements. Vide : partout."),
    ("Une case vidée", "L’information est effacée de la fiche. Une colonne ôtée ne change rien."),
    ("Structures", "Les coordonnées de votre organisme, sur une seule ligne."),
    ("Personnes", "Ne nommez jamais une personne accompagnée."),
)  # fmt: skip


def neutral(text, *, is_typed=False):
    """The text with an apostrophe before it when a spreadsheet could run it."""
    if not _RISKY.match(text) or (is_typed and _NUMBER.fullmatch(text)):
        return text
    return f"'{text}"


def restored(text):
    """The text as it was before `neutral`."""
    return text[1:] if text.startswith("'") and _RISKY.match(text) else text


def cells_of(sheet, entity, identifier):
    """The cells of a row of ours, in the order of the sheet: texts and numbers."""
    cells = [identifier, *(column.text_of(entity) for column in sheet.columns)]
    return [*cells, entity.status.label] if STATUS in sheet.paths else cells


def headers_of(sheet):
    return [sheet.header_of(path) for path in sheet.paths]


def lists():
    """`[(header, [(French label, national value)])]` of what the columns allow."""
    return [
        (column.header, [(label, value) for value, label in column.cell.choices.items()])
        for column in SERVICES.columns
        if column.cell.choices
    ]


def as_csv(sheet, rows):
    """One sheet, as French spreadsheets open it without a question."""
    return csv_of([headers_of(sheet), *rows])


def lists_as_csv():
    """The lists of the workbook, where a file holds one sheet only."""
    return csv_of(_list_rows())


def csv_of(rows):
    """Rows of texts and numbers, as French spreadsheets open them, none of them a formula."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=";")
    for row in rows:
        writer.writerow([neutral(cell) if isinstance(cell, str) else cell for cell in row])
    return file.getvalue().encode("utf-8-sig")


def as_xlsx(rows):
    """The workbook of `{sheet key: rows}`, with its help and its lists to choose from."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "constant_memory": True})
    title = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    ranges = {}
    for sheet in SHEETS.values():
        page = book.add_worksheet(sheet.title)
        page.freeze_panes(1, 2)
        for place, path in enumerate(sheet.paths):
            page.set_column(place, place, _WIDTHS.get(path, 20))
        _write_row(page, 0, headers_of(sheet), title)
        for line, row in enumerate(rows.get(sheet.key, ()), start=1):
            _write_row(page, line, row)
        if sheet is SERVICES:
            offered = page
    page = book.add_worksheet("Listes")
    page.set_column(0, 2 * len(lists()), 28)
    for line, cells in enumerate(_list_rows()):
        _write_row(page, line, cells, None if line else title)
    for place, (header, values) in enumerate(lists()):
        letters = xlsxwriter.utility.xl_col_to_name(2 * place)
        ranges[header] = f"=Listes!${letters}$2:${letters}${len(values) + 1}"
    _offer(offered, ranges)
    page = book.add_worksheet("Mode d’emploi")
    page.set_column(0, 1, 28)
    for line, (name, words) in enumerate(_HELP):
        _write_row(page, line, [name, words or ""], None if line else title)
    book.close()
    return file.getvalue()


def _write_row(page, line, cells, shape=None):
    for place, cell in enumerate(cells):
        if isinstance(cell, str):
            if cell:
                page.write_string(line, place, neutral(cell, is_typed=True), shape)
        else:
            page.write_number(line, place, cell, shape)


def _offer(page, ranges):
    """The choices of a column, as a list under each of its cells."""
    for place, path in enumerate(SERVICES.paths):
        column = SERVICES.by_path.get(path)
        if column and column.cell.choices:
            # Several values, or a national value, may be typed: the list helps, and never refuses.
            rule = {"validate": "list", "source": ranges[column.header], "show_error": False}
            page.data_validation(1, place, _OFFERED_ROWS, place, rule)


def _list_rows():
    """Each list in two columns: its labels, then its national values."""
    columns = []
    for header, values in lists():
        columns.append([header, *(label for label, _ in values)])
        columns.append([f"{header} (valeur nationale)", *(value for _, value in values)])
    return [list(row) for row in itertools.zip_longest(*columns, fillvalue="")]


# ODS: a zip of XML, short enough to be written here

_MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
_NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text", "manifest")
)
_MANIFEST = (
    f'<?xml version="1.0" encoding="UTF-8"?><manifest:manifest {_NAMES} manifest:version="1.2">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_MIMETYPE}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)


def as_ods(rows):
    """The workbook of `{sheet key: rows}`, with its help and its lists."""
    tables = [
        *(
            (sheet.title, [headers_of(sheet), *rows.get(sheet.key, ())])
            for sheet in SHEETS.values()
        ),
        ("Listes", _list_rows()),
        ("Mode d’emploi", [[name, words or ""] for name, words in _HELP]),
    ]
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        # First and bare, so that the type can be read without unpacking.
        archive.writestr(zipfile.ZipInfo("mimetype"), _MIMETYPE)
        archive.writestr(zipfile.ZipInfo("META-INF/manifest.xml"), _MANIFEST)
        entry = zipfile.ZipInfo("content.xml")
        entry.compress_type = zipfile.ZIP_DEFLATED
        with archive.open(entry, "w") as content:
            for piece in _ods_content(tables):
                content.write(piece.encode())
    return file.getvalue()


def _ods_content(tables):
    yield (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_NAMES} '
        'office:version="1.2"><office:body><office:spreadsheet>'
    )
    for name, rows in tables:
        yield f"<table:table table:name={quoteattr(name)}>"
        for row in rows:
            yield f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>"
        yield "</table:table>"
    yield "</office:spreadsheet></office:body></office:document-content>"


def _ods_cell(cell):
    if cell == "":
        return "<table:table-cell/>"
    if not isinstance(cell, str):
        return f'<table:table-cell office:value-type="float" office:value="{cell}"/>'
    lines = neutral(cell, is_typed=True).split("\n")
    text = "".join(f"<text:p>{_ods_text(line)}</text:p>" for line in lines)
    return f'<table:table-cell office:value-type="string">{text}</table:table-cell>'


def _ods_text(line):
    """Spaces in a row are one, unless they are counted."""
    counted = re.sub("(?<= ) +|^ +", lambda found: f"\0{len(found[0])}\0", line.replace("\t", " "))
    return re.sub("\0(\\d+)\0", r'<text:s text:c="\1"/>', escape(counted))
