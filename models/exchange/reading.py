"""Reading a document from a file: what makes the whole of it unusable is said in one sentence."""

import json
import pathlib

from ..base import N_, RuleBroken

MAX_BYTES = 64 * 1024 * 1024


class UnusableFile(RuleBroken):
    """Nothing of the file can be read; the sentence says what was wrong and where."""


def read_document(path, max_bytes=MAX_BYTES):
    """The JSON of a file, checked for size before it is read."""
    return parse(_content(pathlib.Path(path), max_bytes))


def _content(path, max_bytes):
    try:
        # A device or a pipe has no size to check.
        if path.exists() and not path.is_file():
            raise UnusableFile(N_("%(path)s n’est pas un fichier."), path=path)
        if path.stat().st_size > max_bytes:
            raise UnusableFile(
                N_("Le fichier dépasse la taille permise, de %(limit)d\u00a0Mo."),
                limit=max_bytes // (1024 * 1024),
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise UnusableFile(N_("Le fichier %(path)s n’existe pas."), path=path) from None
    except (OSError, ValueError):
        raise UnusableFile(N_("Le fichier %(path)s ne peut pas être lu."), path=path) from None


def parse(content):
    """The JSON value of these bytes."""
    try:
        return json.loads(content.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except UnicodeDecodeError as fault:
        raise UnusableFile(
            N_("Le fichier n’est pas en UTF-8\u00a0: l’octet n°\u00a0%(position)d ne se lit pas."),
            position=fault.start + 1,
        ) from None
    except json.JSONDecodeError as fault:
        raise UnusableFile(
            N_("Le fichier est tronqué ou n’est pas du JSON (ligne %(line)d, colonne %(column)d)."),
            line=fault.lineno,
            column=fault.colno,
        ) from None
    except RecursionError:
        raise UnusableFile(N_("Le fichier contient des valeurs trop imbriquées.")) from None
    except ValueError:
        # Python refuses to read whole numbers of more than 4,300 digits.
        raise UnusableFile(N_("Le fichier contient un nombre trop long.")) from None


def _refuse_constant(name):
    raise UnusableFile(
        N_("Le fichier contient %(name)s, qui n’est pas un nombre du format JSON."),
        name=name,
    )


def lists_of(document):
    """The structures and the services of a document; one of the two lists may be absent."""
    if not isinstance(document, dict):
        raise UnusableFile(N_("Le fichier doit contenir un objet JSON, entre accolades."))
    if not {"structures", "services"} & document.keys():
        raise UnusableFile(
            N_("Le fichier ne contient ni «\u00a0structures\u00a0» ni «\u00a0services\u00a0».")
        )
    lists = [document.get(name, []) for name in ("structures", "services")]
    for name, value in zip(("structures", "services"), lists, strict=True):
        if not isinstance(value, list):
            raise UnusableFile(
                N_("Dans le fichier, «\u00a0%(name)s\u00a0» doit être une liste."), name=name
            )
    return lists
