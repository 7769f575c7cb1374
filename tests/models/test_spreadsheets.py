"""Files of unknown origin are read or named; what we write comes back, and never runs."""

import contextlib
import csv
import datetime as dt
import io
import zipfile

import pytest
import python_calamine
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import Action, Organisation
from models.action_bank.versions import CONTENT
from models.exchange.reading import UnusableFile
from models.exchange.spreadsheets import apart
from models.exchange.spreadsheets.cells import BadCell, Day, Number, Phone, Sessions, Zones
from models.exchange.spreadsheets.checking import check_row, twins
from models.exchange.spreadsheets.columns import SERVICES, SHEETS, STRUCTURES
from models.exchange.spreadsheets.reading import FAULTS, MOST_ROWS, read_file
from models.exchange.spreadsheets.writing import (
    as_csv,
    as_ods,
    as_xlsx,
    cells_of,
    lists,
    lists_as_csv,
    neutral,
    restored,
)
from models.territories import commune
from models.text import fold_words, tidy
from models.vocabularies import Status
from tests import factories

HEADERS = ["Identifiant", "Nom", "Description"]
ROW = ["", "Un atelier", "Un atelier pour essayer."]


def workbook(fill, **options):
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, **options})
    fill(book)
    book.close()
    return file.getvalue()


def services(*rows, headers=HEADERS):
    def fill(book):
        page = book.add_worksheet("Services")
        for line, row in enumerate([headers, *rows]):
            page.write_row(line, 0, row)

    return workbook(fill)


def packed(**parts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return file.getvalue()


def repacked(content, name, old, new):
    """The same archive, one of its parts changed."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as before,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for entry in before.namelist():
            part = before.read(entry)
            after.writestr(entry, part.replace(old, new) if entry == name else part)
    return file.getvalue()


def refusal(content):
    with pytest.raises(UnusableFile) as raised:
        read_file(content)
    return raised.value


SHEET = "xl/worksheets/sheet1.xml"
ONE = services(ROW)
ODS = as_ods({"services": [ROW]})
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# What people, and others, send instead of a spreadsheet → the sentence that names it.
NOT_READ = {
    "nothing": (b"", "empty"),
    "blank": (b" \r\n\r\n ", "empty"),
    "program renamed": (b"MZ\x90\x00\x03" + bytes(200), "program"),
    "script": (b"#!/bin/sh\nrm -rf /\n", "program"),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3", "pdf"),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(50), "picture"),
    "page called xls": (b"<html><table><tr><td>Nom</td></tr></table></html>", "html"),
    "xml of 2003": (b"<?xml version='1.0'?><Workbook/>", "xml"),
    "old excel": (OLE + bytes(600), "old-excel"),
    "excel under a password": (
        OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "locked"),
    "ods under a password": (
        repacked(ODS, "META-INF/manifest.xml", b"</manifest:manifest>",
                 b"<manifest:encryption-data/></manifest:manifest>"), "locked"),
    "letter": (packed(word__document_dot_xml="<w/>"), "document"),
    "odt": (packed(mimetype="application/vnd.oasis.opendocument.text",
                   content_dot_xml="<x/>"), "document"),
    "archive": (packed(photo_dot_jpg="x"), "archive"),
    "xlsb": (packed(xl__workbook_dot_bin="x"), "binary-excel"),
    "cut zip": (ONE[:900], "damaged"),
    "no zip": (b"PK\x03\x04 nothing of a zip", "damaged"),
    "broken xml": (repacked(ONE, SHEET, b"</sheetData>", b"<"), "damaged"),
    "entities": (
        repacked(ONE, SHEET, b"<worksheet",
                 b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><worksheet'), "damaged"),
    "bad reference": (repacked(ONE, SHEET, b'r="B2"', b'r="B-2"'), "damaged"),
    "cell a million rows away": (repacked(ONE, SHEET, b'r="B2"', b'r="B1048576"'), "too-many-rows"),
    "cell at the last column": (repacked(ONE, SHEET, b'r="B2"', b'r="XFD2"'), "too-many-columns"),
    "ods repeated a million times": (
        repacked(ODS, "content.xml", b"<table:table-row>",
                 b'<table:table-row table:number-rows-repeated="1048576">'), "too-many-rows"),
    "zip bomb": (packed(xl__workbook_dot_xml=bytes(101 * 1024 * 1024)), "bomb"),
    "thousands of entries": (packed(**{f"f{n}": "" for n in range(2_001)}), "bomb"),
    "formula without result": (
        repacked(services(["", "=A1", "x"]), SHEET, b"<v>0</v></c><c r=\"C2", b'</c><c r="C2'),
        "formula"),
    "formula in error": (
        workbook(lambda book: book.add_worksheet("Services").write_formula(
            1, 1, "=1/0", None, "#DIV/0!")), "broken-formula"),
    "ods formula without result": (
        repacked(ODS, "content.xml", b"<table:table-cell/>",
                 b'<table:table-cell table:formula="of:=1+1"/>'), "formula"),
    "noise": (bytes(range(256)) * 8, "unknown"),
    "control characters": (b"Nom;Description\n\x01;x\n", "unknown"),
    "utf-16 cut": ("Nom;Description\n".encode("utf-16")[:-1], "unknown"),
    "open quote": (b'Nom;Description\n"x;y\n', "bad-csv"),
}  # fmt: skip


@pytest.mark.parametrize("case", NOT_READ)
def test_what_is_no_spreadsheet_is_named(case):
    """ASVS 5.2: the type is read from the content; what would harm ends in its own process."""
    content, name = NOT_READ[case]
    assert refusal(content).sentence == FAULTS[name]


def test_a_file_of_five_megabytes_is_not_even_opened():
    assert refusal(bytes(5 * 1024 * 1024 + 1)).sentence == "Le fichier dépasse 5 Mo."


def test_the_reader_cannot_take_the_memory_of_the_server(monkeypatch):
    """Were the bounds of cells to fail, the process that reads would end alone."""
    import subprocess
    import sys

    far = repacked(ONE, SHEET, b'r="B2"', b'r="XFD1048576"')
    code = (
        "import runpy, sys; apart = runpy.run_path(sys.argv[1]);"
        "apart['_far'].__globals__['_far'] = lambda *place: None; apart['main']()"
    )
    line = [sys.executable, "-I", "-c", code, apart.__file__]
    done = subprocess.run(line, input=far, capture_output=True, check=False)
    assert done.returncode != 0 or b"fault" in done.stdout


def test_a_fault_says_where_it_is():
    found = refusal(NOT_READ["formula without result"][0])
    assert (found.values["sheet"], found.values["cell"]) == ("Services", "B2")
    assert refusal(NOT_READ["open quote"][0]).values == {"line": 2}


def test_merged_cells_below_the_titles_are_named_and_above_them_harmless():
    def fill(at):
        def write(book):
            page = book.add_worksheet("Services")
            page.merge_range(0, 0, 1, 2, "Nos fiches")
            page.write_row(2, 0, HEADERS)
            page.write_row(3, 0, ROW)
            if at:
                page.merge_range(at, 1, at + 1, 1, "fusion")

        return write

    assert len(read_file(workbook(fill(0)))[0].rows) == 1
    assert refusal(workbook(fill(5))).values["cells"] == "B6:B7"
    cell, spanned = b"<table:table-cell ", b'<table:table-cell table:number-rows-spanned="2" '
    merged = repacked(ODS, "content.xml", cell, spanned)
    assert refusal(merged).sentence == "Feuille « %(sheet)s » : défusionnez les cellules %(cells)s."


def test_titles_missing_or_twice_are_named():
    assert "aucune colonne" in str(refusal(b"Prix;Couleur\n1;bleu\n"))
    wrong = workbook(lambda book: book.add_worksheet("Services").write_row(0, 0, ["a", "b"]))
    assert "aucune ligne ne porte les titres" in str(refusal(wrong))
    twice = refusal(services(ROW, headers=["Nom", "Description", "NOM *"]))
    assert (twice.values["first"], twice.values["second"]) == ("A", "C")
    lacking = refusal(services(ROW, headers=["Description", "Courriel", "Commune"]))
    assert "il manque la colonne" in str(lacking)

    def both(book):
        for name in ("Services", "Fiches"):
            page = book.add_worksheet(name)
            page.write_row(0, 0, HEADERS)
            page.write_row(1, 0, ROW)

    assert "Deux feuilles" in str(refusal(workbook(both)))


def test_a_file_without_lines_or_with_too_many_is_named():
    assert "aucune ligne sous les titres" in str(refusal(services()))
    lines = b"Nom;Description\n" + b"x;y\n" * (MOST_ROWS + 1)
    assert refusal(lines).values == {"count": MOST_ROWS + 1}
    much = services(*([["", "x", "y" * 30_000]] * 340))
    assert "trop de texte" in str(refusal(much))


def test_two_hundred_columns_are_read_and_the_unknown_ones_told():
    headers = [*HEADERS, *(f"Colonne {n}" for n in range(200))]
    [rows] = read_file(services([*ROW, *["x"] * 200], headers=headers))
    assert len(rows.ignored) == 200
    assert rows.rows == [(2, {"nom": "Un atelier", "description": "Un atelier pour essayer."})]


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [(e, d) for e in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252")
     for d in ";\t,"],
)  # fmt: skip
def test_csv_is_read_whatever_its_encoding_and_its_separator(encoding, delimiter):
    file = io.StringIO(newline="")
    rows = [["Nom", "Description"], ["Été à l’école", "Prix : 10 €\nDeux lignes ; une virgule,"]]
    csv.writer(file, delimiter=delimiter).writerows(rows)
    [found] = read_file(file.getvalue().encode(encoding))
    assert found.rows == [(2, {"nom": rows[1][0], "description": rows[1][1]})]


def test_cells_of_every_sort_become_what_people_see():
    day = dt.datetime(2026, 12, 3, 13, 30)

    def fill(book):
        shape = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        page = book.add_worksheet("Feuil1")
        page.write_row(3, 1, ["Nom", "Description", "Téléphone", "Code postal", "Date des places",
                              "Places restantes", "Prochaines séances"])  # fmt: skip
        page.write_row(5, 1, ["x", True, 561000000, 9100])
        page.write_datetime(5, 5, dt.datetime(2026, 11, 22), shape)
        page.write_formula(5, 6, "=1+2", None, 3)
        page.write_datetime(5, 7, day, shape)

    [rows] = read_file(workbook(fill))
    assert rows.rows == [
        (6, {"nom": "x", "description": "oui", "telephone": "561000000", "code_postal": "9100",
             "places.date": "2026-11-22", "places.restantes": "3",
             "prochaines_sessions": "2026-12-03 13:30"})
    ]  # fmt: skip
    cells = {**rows.rows[0][1], "nom": "Atelier", "description": "Texte."}
    proposal, faults = check_row(SERVICES, rows.paths, cells, None)
    assert faults == []
    assert proposal.values["phone"] == "0561000000"
    assert proposal.values["postcode"] == "09100"
    assert proposal.values["places_on"] == "2026-11-22"
    assert proposal.values["sessions"] == [{"debut": "2026-12-03T13:30"}]


def test_hidden_sheets_and_our_own_lists_are_left_aside():
    content = as_xlsx({"services": [ROW]})
    assert [rows.sheet.key for rows in read_file(content)] == ["services", "structures"]
    book = python_calamine.load_workbook(io.BytesIO(content))
    assert book.sheet_names == ["Services", "Structures", "Listes", "Mode d’emploi"]


@given(st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_no_bytes_break_the_reader(noise):
    for content in (noise, b"PK\x03\x04" + noise, OLE + noise, b"Nom;Description\n" + noise):
        with contextlib.suppress(apart.Fault):
            apart.read(content)


# The columns


def test_the_columns_write_what_versions_keep_and_are_named_once():
    """Every column of the spreadsheet is content of a version, but for what rules of their own
    hold (outcomes, testimonials, attached sheets)."""
    assert {column.target for column in SERVICES.columns} <= set(CONTENT)
    assert {column.target for column in STRUCTURES.columns} <= set(Organisation._meta.fields)
    for sheet in SHEETS.values():
        for path in sheet.paths:
            assert sheet.path_of(sheet.header_of(path)) == path
            assert sheet.path_of(path) == path
            assert sheet.path_of(sheet.header_of(path).upper() + " :") == path


def test_labels_and_national_values_never_mean_two_things():
    for header, values in lists():
        known = {}
        for label, value in values:
            for words in (label, value):
                assert known.setdefault(" ".join(fold_words(words)), value) == value, header
    assert "Gratuit" in lists_as_csv().decode("utf-8-sig")


def bad(cell, text, held=None):
    with pytest.raises(BadCell) as raised:
        cell.read(text, held)
    return raised.value.words


def test_a_wrong_value_is_told_with_the_nearest_right_one():
    fees = SERVICES.by_path["frais"].cell
    assert fees.read("GRATUIT", None) == "gratuit"
    assert "Vouliez-vous dire «\u00a0Gratuit\u00a0»" in bad(fees, "gratuis")
    assert bad(fees, "troc").endswith("attendue")
    audiences = SERVICES.by_path["publics"].cell
    assert audiences.read("Jeunes ; familles;\nJEUNES", None) == ["jeunes", "familles"]
    forms = SERVICES.by_path["format"].cell
    assert forms.read("forme-d-avant", "forme-d-avant") == "forme-d-avant"


def test_numbers_days_and_sessions_are_read_as_people_write_them():
    assert Number().read("1 200", None) == 1200
    assert Number(float).read("1,5", None) == 1.5
    assert bad(Number(), "1,5") == "il faut un nombre entier"
    for text in ("douze", "1e9", "nan", "inf", "9" * 40, "0x10"):
        assert bad(Number(float), text) == "il faut un nombre"
    assert Day().read("3/12/2026", None) == Day().read("2026-12-03", None) == "2026-12-03"
    assert bad(Day(), "31/02/2026") == "cette date n’existe pas"
    assert "forme 22/11/2026" in bad(Day(), "bientôt")
    both = "03/12/2026 13h30 à 16:00 ; 2026-12-04 9:00"
    assert Sessions().read(both, None) == [
        {"debut": "2026-12-03T13:30", "fin": "2026-12-03T16:00"},
        {"debut": "2026-12-04T09:00"},
    ]
    assert "finir avant" in bad(Sessions(), "03/12/2026 13:30 à 12:00")
    assert "une heure" in bad(Sessions(), "03/12/2026")
    assert Phone().read("33561000000", None) == "+33561000000"


def test_zones_are_codes_or_names_without_doubt():
    assert Zones().read("31555 ; Haute-Garonne", None) == ["31555", "31"]
    assert "pouvons" in bad(Zones(), "Atlantide") or "connaissons" in bad(Zones(), "Atlantide")


@pytest.mark.usefixtures("db")
def test_an_organisation_in_support_is_named_as_people_say_it():
    factories.organisation(name="Le Relais", source_id="dora--7")
    cell = SERVICES.by_path["organismes_en_appui"].cell
    assert cell.read("le relais ; autre--1", None) == ["dora--7", "autre--1"]
    assert "Inconnue" in bad(cell, "Inconnue au bataillon")


# Rows


def row_of(**cells):
    return check_row(SERVICES, tuple(cells), {k: v for k, v in cells.items() if v}, None)


def test_every_fault_of_a_row_is_told_by_its_column():
    proposal, faults = row_of(
        nom="ab", description="", courriel="pas une adresse", code_postal="3100A", frais="troc",
        telephone="0561000000",
    )  # fmt: skip
    assert proposal.values == {}
    assert {fault.path for fault in faults} == {
        "nom", "description", "courriel", "code_postal", "frais"
    }  # fmt: skip


AGES = ("age.max", "l’âge le plus haut est plus bas que l’autre")
PLACES = ("places.restantes", "il y a plus de places libres que de places en tout")


def told(held=None, **cells):
    """The faults of a row that says `age_min=` or `places_left=`, by column of ours."""
    paths = {column.target: column.path for column in SERVICES.columns}
    cells = {paths[name]: text for name, text in cells.items()}
    proposal, faults = check_row(SERVICES, tuple(cells), cells, held)
    assert not (faults and proposal.values)
    return [(fault.path, fault.words) for fault in faults]


def test_answers_that_contradict_each_other_are_told_as_in_the_form():
    new = {"name": "Atelier", "description": "Texte."}
    assert told(**new, age_min="30", age_max="20", places_left="9", places_total="8") == [
        AGES, PLACES
    ]  # fmt: skip
    assert told(**new, age_min="20", age_max="20", places_left="8", places_total="8") == []
    assert told(**new, age_min="30", places_left="9") == []
    # A cell that cannot be read is its own fault, and the other answers are judged.
    faults = told(**new, age_min="30", age_max="vingt", places_left="9", places_total="8")
    assert faults == [("age.max", "il faut un nombre"), PLACES]


def test_what_a_row_changes_may_not_contradict_what_the_sheet_keeps():
    """The column that is named is one that the row changes."""
    held = Action(name="Atelier", description="Texte.", age_min=18, age_max=25, places_total=8)
    assert told(held, age_min="30") == [("age.min", AGES[1])]
    assert told(held, age_min="30", age_max="") == []
    assert told(held, age_min="30", age_max="vingt") == [("age.max", "il faut un nombre")]
    assert told(held, places_left="9") == [PLACES]
    old = Action(name="Atelier", description="Texte.", age_min=30, age_max=20)
    assert told(old, name="Atelier de cuisine", age_min="30", age_max="20") == []


def test_a_private_number_never_enters():
    """REQ-20: nothing about a person; a social security number least of all."""
    _, [fault] = row_of(nom="Atelier", description="Pour 2 85 05 31 555 123 45, merci.")
    assert "sécurité sociale" in fault.words


def test_a_commune_without_doubt_gets_its_code():
    cells = {"nom": "Atelier", "description": "Texte.", "commune": "Muret", "code_postal": "31600"}
    proposal, faults = row_of(**cells)
    assert (faults, proposal.values["insee_code"]) == ([], "31395")
    # Without a point, a sheet would be near everywhere.
    centre = commune("31395")
    point = proposal.values["latitude"], proposal.values["longitude"]
    assert point == (centre.latitude, centre.longitude)


def test_the_same_sheet_twice_in_a_file_is_told_by_its_line():
    rows = [
        (2, {"nom": "Atelier", "commune": "Muret"}),
        (3, {"nom": "ATELIER", "commune": "muret"}),
        (4, {"nom": "Atelier", "commune": "Toulouse"}),
        (5, {"id": "a--1"}),
        (6, {"id": "a--1"}),
    ]
    found = twins(SERVICES, rows)
    assert set(found) == {3, 6}
    assert "ligne 2" in found[3][1]
    assert found[6][0] == "id"


# What leaves: never a formula


# Full-width forms of = + - @
WIDE = "\uff1d\uff0b\uff0d\uff20"
PAYLOADS = [
    "=1+1", "=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(1+1)", "\t=1+1", "\r=1+1", "'=1+1", "''=1",
    *(sign + "1+1" for sign in WIDE), '=HYPERLINK("http://x","y")', "=1+1;=2+2", "- une liste",
    "+33561000000", "'", "'quoted'", "-", "=", "=\n=",
]  # fmt: skip


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_leaves_as_a_formula(payload):
    """Formula injection: in the CSV nothing begins as a formula; elsewhere all is text."""
    row = ["", payload, payload]
    text = io.StringIO(as_csv(SERVICES, [row]).decode("utf-8-sig"), newline="")
    [_, line] = csv.reader(text, delimiter=";")
    assert not line[1].startswith(("=", "+", "-", "@", "\t", "\r", *WIDE))
    for content in (as_xlsx({"services": [row]}), as_ods({"services": [row]})):
        page = python_calamine.load_workbook(io.BytesIO(content)).get_sheet_by_index(0)
        cell = page.to_python(skip_empty_area=False)[1][1]
        assert isinstance(cell, str)
        assert cell[0] not in "=@" + WIDE
        assert cell[0] not in "+-" or not set(cell[1:]) - set("0123456789")
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                part = archive.read(name)
                assert b"<f>" not in part
                assert b"table:formula" not in part


@given(st.text(alphabet=st.sampled_from("'=+-@\t\r\uff1dx1 "), max_size=8))
def test_our_apostrophe_is_taken_back_and_no_other(text):
    assert restored(neutral(text)) == text


# Round trip


def words(**options):
    return st.text(
        alphabet=st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cf", "Co", "Cn")),
        **options,
    ).map(tidy)


LISTS = {name: st.lists(st.sampled_from(sorted(column.cell.choices)), unique=True, max_size=3)
         for column in SERVICES.columns if column.cell.choices
         for name in [column.target]}  # fmt: skip
SINGLE = ("kind", "format", "fees")
SHEETS_OF_ALL_SORTS = st.fixed_dictionaries(
    {
        "name": words(min_size=1, max_size=40),
        "description": st.lists(words(max_size=30), max_size=4).map("\n".join).map(tidy),
        "summary": st.none() | words(min_size=1, max_size=40),
        **{name: st.none() | st.sampled_from(sorted(column.cell.choices))
           for column in SERVICES.columns for name in [column.target] if name in SINGLE},
        **{name: some for name, some in LISTS.items() if name not in SINGLE},
        "documents": st.lists(words(min_size=1, max_size=20), max_size=3),
        "phone": st.none() | st.sampled_from(["+33561000000", "05 61 00 00 00", "3949"]),
        "postcode": st.none() | st.sampled_from(["09100", "31000", "1"]),
        "age_min": st.none() | st.integers(0, 120),
        "weekly_hours": st.none() | st.floats(0, 168, allow_nan=False),
        "longitude": st.none() | st.floats(-180, 180, allow_nan=False),
        "places_on": st.none() | st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1)),
        "sessions": st.lists(
            st.builds(
                lambda start, hours: {
                    "debut": start.isoformat(timespec="minutes"),
                    "fin": (start + dt.timedelta(hours=hours)).isoformat(timespec="minutes"),
                },
                st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2100, 1, 1)).map(
                    lambda moment: moment.replace(second=0, microsecond=0)
                ),
                st.integers(0, 60),
            ),
            max_size=3,
        ),
        "eligibility": st.lists(st.sampled_from(["31", "31555", "243100518"]), max_size=2),
    }
)  # fmt: skip


@given(SHEETS_OF_ALL_SORTS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_leaves_and_comes_back_untouched_changes_nothing(values):
    """Round trip: export → import, in each format, even what no rule would accept today."""
    sheet = Action(status=Status.DRAFT, review_months=6, **values)
    row = cells_of(SERVICES, sheet, "portail-spie-31--0123456789")
    for content in (
        as_xlsx({"services": [row]}),
        as_ods({"services": [row]}),
        as_csv(SERVICES, [row]),
    ):
        raw = apart.read(content)[0]["rows"]
        paths = [SERVICES.path_of(header) for header in raw[0][1]]
        cells = {
            path: tidy(restored(tidy(text)))
            for path, text in zip(paths, raw[1][1], strict=False)
            if text.strip()
        }
        proposal, faults = check_row(SERVICES, paths, cells, sheet)
        assert (proposal.values, faults) == ({}, [])
