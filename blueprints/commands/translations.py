"""`flask translations …`: gather the French sentences, keep `fr` filled with them, check `en`."""

import json
import pathlib
import re
import sys

import click
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po
from flask.cli import AppGroup

from models.text import typeset
from models.vocabularies import every_label

ROOT = pathlib.Path(__file__).parent.parent.parent
TRANSLATIONS = ROOT / "translations"
PLACES = ("blueprints", "models", "templates")
METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2")]
NO_BREAK = "\u00a0"
JINJA = {"trimmed": "true", "newstyle_gettext": "true"}
OPTIONS = {"**.html": JINJA, "**.txt": JINJA}

group = AppGroup("translations", help="Catalogues de traduction.")


@group.command("update")
def update():
    """Bring every catalogue up to date with the sentences of the source."""
    template = gather()
    _write(TRANSLATIONS / "messages.pot", template)
    _write(_path("fr"), french(template))
    english = _read("en")
    english.update(template, no_fuzzy_matching=True)
    english.obsolete.clear()
    _write(_path("en"), english)
    click.echo(f"{len(template)} phrases, {len(missing(english))} à traduire en anglais.")


@group.command("check")
def check():
    """Fail when a catalogue does not say exactly what the source says."""
    template = gather()
    faults = [f"Anglais, à traduire : {text}" for text in missing(_read("en"))]
    for language in ("fr", "en"):
        faults += [f"{language} : {text}" for text in _differences(template, _read(language))]
    for fault in faults:
        click.echo(fault)
    sys.exit(1 if faults else 0)


def gather():
    """The catalogue of every sentence of the code, the templates and the vocabularies."""
    catalog = Catalog(project="Portail SPIE", version="1", charset="utf-8", locale=None)
    for place in PLACES:
        found = extract_from_dir(ROOT / place, METHODS, OPTIONS, strip_comment_tags=True)
        for name, _line, message, _comments, context in sorted(found, key=lambda m: (m[0], m[1])):
            # No line number: a sentence that moves is not a change of the catalogue.
            catalog.add(message, locations=[(f"{place}/{name}", None)], context=context)
    for text in [*every_label(), *_emergency_texts()]:
        catalog.add(text)
    return catalog


def _emergency_texts():
    document = json.loads((ROOT / "models/reference/phrases-besoins.json").read_text())
    notices = [entry["urgence"]["texte"] for entry in document["entrees"] if entry.get("urgence")]
    return sorted(set(notices))


def french(template):
    """French is the source: its catalogue says its own sentences, typeset, with their plurals."""
    catalog = Catalog(locale="fr", project="Portail SPIE", version="1", charset="utf-8")
    for message in template:
        if message.id:
            catalog.add(
                message.id,
                _as_read(message.id),
                locations=message.locations,
                context=message.context,
            )
    return catalog


def _as_read(text):
    """A sentence, or its singular and plural, typeset; a number stays beside its unit."""
    if not isinstance(text, str):
        return tuple(map(_as_read, text))
    unit = r"(?:(?<=\d)|(?<=\)s)) (?=(?:km|h|min|ans|%|€)\b)"
    return re.sub(unit, NO_BREAK, typeset(text))


def missing(catalog):
    """The sentences with an empty or doubtful translation."""
    return [m.id for m in catalog if m.id and (m.fuzzy or not all(_strings(m)))]


def _strings(message):
    return message.string if isinstance(message.string, tuple | list) else (message.string,)


def _differences(template, catalog):
    wanted = {(m.id if isinstance(m.id, str) else tuple(m.id)) for m in template if m.id}
    held = {(m.id if isinstance(m.id, str) else tuple(m.id)) for m in catalog if m.id}
    return [f"absente : {text}" for text in sorted(map(str, wanted - held))] + [
        f"en trop : {text}" for text in sorted(map(str, held - wanted))
    ]


def _path(language):
    return TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"


def _read(language):
    with _path(language).open("rb") as file:
        return read_po(file, locale=language)


def _write(path, catalog):
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(
            file, catalog, width=100, sort_output=True, omit_header=False, include_lineno=False
        )
