"""What a deposited file says, or the sentence of why nothing of it can be read."""

import json
import pathlib
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from ...base import N_
from ...text import fold_words, one_line, tidy
from ..reading import UnusableFile
from .apart import letters_of
from .columns import ASIDE, IDENTIFIER, SHEETS, Sheet
from .writing import restored

MAX_BYTES = 5 * 1024 * 1024
MOST_ROWS = 5_000
# Read whole and kept until checked: what 5,000 long rows hold, and no more.
MOST_CHARACTERS = 10_000_000
READER = pathlib.Path(__file__).with_name("apart.py")
READER_SECONDS = 40
# A title, a note, a logo: what people put above their headers.
HEADER_WITHIN = 10
FEWEST_HEADERS = 2
MOST_IGNORED, LONGEST_HEADER = 300, 60

FAULTS = {
    "empty": N_("Le fichier est vide."),
    "pdf": N_("C’est un PDF : envoyez le tableur dont il est tiré."),
    "program": N_("C’est un programme, quel que soit son nom : envoyez un tableur."),
    "picture": N_("C’est une image : envoyez un tableur."),
    "document": N_("C’est un texte, ou un autre document : envoyez un tableur."),
    "archive": N_("C’est une archive compressée : envoyez le tableur qu’elle contient."),
    "html": N_(
        "C’est une page web sous un nom de tableur : ouvrez-la dans votre tableur, puis "
        "enregistrez-la en ODS ou en XLSX."
    ),
    "xml": N_("C’est du XML : ouvrez-le dans votre tableur, puis enregistrez en ODS ou en XLSX."),
    "old-excel": N_("C’est un ancien fichier Excel (.xls) : enregistrez-le en XLSX ou en ODS."),
    "binary-excel": N_("C’est un classeur binaire (.xlsb) : enregistrez-le en XLSX ou en ODS."),
    "locked": N_("Le fichier est protégé par un mot de passe : enlevez-le, puis recommencez."),
    "damaged": N_(
        "Le fichier est abîmé : ouvrez-le dans votre tableur, puis enregistrez-le de nouveau."
    ),
    "bomb": N_("Une fois décompressé, le fichier est trop grand (plus de %(limit)d Mo)."),
    "unknown": N_("Ce n’est pas un tableur : envoyez un fichier ODS, XLSX ou CSV."),
    "bad-csv": N_(
        "Le fichier CSV se lit mal vers la ligne %(line)d : un guillemet n’est pas refermé."
    ),
    "too-many-rows": N_("Le fichier a trop de lignes : 5 000 au plus, lignes vides comprises."),
    "too-many-columns": N_("Le fichier a trop de colonnes : %(limit)d au plus."),
    "formula": N_(
        "Feuille « %(sheet)s », cellule %(cell)s : la formule n’a pas de résultat. Ouvrez le "
        "fichier dans votre tableur, enregistrez-le, puis recommencez."
    ),
    "broken-formula": N_(
        "Feuille « %(sheet)s », cellule %(cell)s : la formule donne une erreur. Corrigez-la, ou "
        "écrivez la valeur."
    ),
}


@dataclass(frozen=True)
class Rows:
    """The rows of one sheet: `paths` are the columns it has, `ignored` the headers nobody knows,
    each row is `(line, {path: text})`, empty cells left out."""

    sheet: Sheet
    paths: tuple[str, ...]
    ignored: tuple[str, ...]
    rows: list[tuple[int, Mapping[str, str]]]


def read_file(content):
    """`[Rows]` of a deposited file, services first; raises `UnusableFile`."""
    if len(content) > MAX_BYTES:
        raise UnusableFile(N_("Le fichier dépasse 5 Mo."))
    found = [rows for one in _read_apart(content) if (rows := _read_sheet(one))]
    keys = [rows.sheet.key for rows in found]
    if not found:
        raise UnusableFile(
            N_(
                "Nous ne reconnaissons aucune colonne. La première ligne doit porter les titres "
                "du modèle : « Identifiant », « Nom », « Description »…"
            )
        )
    if len(set(keys)) < len(keys):
        raise UnusableFile(
            N_("Deux feuilles disent la même chose : gardez une seule feuille « %(title)s »."),
            title=SHEETS[max(keys, key=keys.count)].title,
        )
    _refuse_sizes(found)
    return sorted(found, key=lambda rows: list(SHEETS).index(rows.sheet.key))


def _refuse_sizes(found):
    count = sum(len(rows.rows) for rows in found)
    if not count:
        raise UnusableFile(N_("Le fichier ne contient aucune ligne sous les titres."))
    if count > MOST_ROWS:
        raise UnusableFile(
            N_("Le fichier a %(count)d lignes : 5 000 au plus. Coupez-le en plusieurs fichiers."),
            count=count,
        )
    texts = (text for rows in found for _, cells in rows.rows for text in cells.values())
    if sum(map(len, texts)) > MOST_CHARACTERS:
        raise UnusableFile(N_("Le fichier contient trop de texte : coupez-le en plusieurs."))


def _read_apart(content):
    """What the bounded process makes of these bytes; its own end is an answer too."""
    try:
        done = subprocess.run(
            [sys.executable, "-I", READER],
            input=content,
            capture_output=True,
            timeout=READER_SECONDS,
            check=True,
        )
        answer = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError):
        raise UnusableFile(FAULTS["damaged"]) from None
    if "fault" in answer:
        name, values = answer["fault"]
        raise UnusableFile(FAULTS[name], **values)
    return answer["sheets"]


def _read_sheet(read):
    """The `Rows` of a sheet of the file, or None when it is not one of ours."""
    name = " ".join(fold_words(read["name"]))
    if name in ASIDE or not read["rows"]:
        return None
    named = next((sheet for sheet in SHEETS.values() if name in sheet.names), None)
    sheet, place = _header(read["rows"], [named] if named else SHEETS.values())
    if sheet is None:
        if named is None:
            return None
        raise UnusableFile(
            N_("Feuille « %(sheet)s » : aucune ligne ne porte les titres du modèle."),
            sheet=read["name"],
        )
    line, headers = read["rows"][place]
    paths, ignored = _paths(sheet, headers, read["name"])
    _refuse_merged(read, line)
    rows = [(number, _cells(paths, cells)) for number, cells in read["rows"][place + 1 :]]
    rows = [(number, cells) for number, cells in rows if cells]
    given = tuple(dict.fromkeys(path for path in paths if path))
    return Rows(sheet, given, tuple(ignored), rows)


def _header(rows, sheets):
    """The sheet whose columns a row names best, and the place of this row."""
    counts = [
        (sum(bool(sheet.path_of(cell)) for cell in cells), -place, sheet)
        for place, (_, cells) in enumerate(rows[:HEADER_WITHIN])
        for sheet in sheets
    ]
    count, place, sheet = max(counts, key=lambda one: one[:2])
    return (sheet, -place) if count >= FEWEST_HEADERS else (None, None)


def _paths(sheet, headers, name):
    paths, ignored = [], []
    for place, header in enumerate(headers, start=1):
        path = sheet.path_of(header)
        if path and path in paths:
            raise UnusableFile(
                N_("La colonne « %(header)s » figure deux fois (%(first)s et %(second)s)."),
                header=sheet.header_of(path).removesuffix(" *"),
                first=letters_of(paths.index(path) + 1),
                second=letters_of(place),
            )
        if path is None and header.strip():
            ignored.append(one_line(header, LONGEST_HEADER))
        paths.append(path)
    if not {IDENTIFIER, "nom"} & set(paths):
        raise UnusableFile(
            N_("Feuille « %(sheet)s » : il manque la colonne « Nom », ou « Identifiant »."),
            sheet=name or sheet.title,
        )
    return paths, ignored[:MOST_IGNORED]


def _refuse_merged(read, header_line):
    """A merged title above the headers hides nothing; merged cells below lose their values."""
    merged = [ref for _, last, ref in read["merged"] if last >= header_line]
    if merged:
        raise UnusableFile(
            N_("Feuille « %(sheet)s » : défusionnez les cellules %(cells)s."),
            sheet=read["name"],
            cells=", ".join(merged[:5]) + ("…" if len(merged) > 5 else ""),
        )


def _cells(paths, cells):
    texts = zip(paths, cells, strict=False)
    clean = {path: tidy(restored(tidy(text))) for path, text in texts if path}
    return {path: text for path, text in clean.items() if text}
