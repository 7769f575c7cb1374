"""A paper received: judged on its bytes alone, and made anew; neither its name nor what it says of
itself is kept (access.md §4.3)."""

import json
import pathlib
import subprocess
import sys
from typing import NamedTuple

from ..base import N_, RuleBroken, Vocabulary
from . import papers_apart

MOST_BYTES = papers_apart.MOST_BYTES
MAKER = pathlib.Path(papers_apart.__file__)
MAKER_SECONDS = 40

FAULTS = {
    "missing": N_("Choisissez un papier à joindre."),
    "empty": N_("Ce fichier est vide."),
    "big": N_("Ce fichier dépasse 5 Mo : envoyez une photo plus petite, ou moins de pages."),
    "kind": N_("Envoyez un PDF, ou une image JPEG ou PNG : ce fichier est autre chose."),
    "unreadable": N_("Ce fichier est abîmé ou incomplet : faites-le de nouveau, puis recommencez."),
    "pixels": N_("Cette image est trop grande : 40 millions de points au plus."),
    "pages": N_("Ce PDF a trop de pages : 20 au plus."),
    "locked": N_("Ce PDF est protégé par un mot de passe : enlevez-le, puis recommencez."),
    "bomb": N_("Ce fichier demande trop de travail : envoyez plutôt une photo de ce papier."),
}


class Media(Vocabulary):
    """What a paper is kept as."""

    PDF = papers_apart.PDF, N_("PDF")
    JPEG = papers_apart.JPEG, N_("image JPEG")
    PNG = papers_apart.PNG, N_("image PNG")

    @property
    def suffix(self):
        return {"PDF": "pdf", "JPEG": "jpg", "PNG": "png"}[self.name]


class Paper(NamedTuple):
    """A paper as we keep it: the bytes are ours."""

    media_type: Media
    content: bytes


def received(content):
    """The `Paper` made out of these bytes; raises `RuleBroken` with the reason in words.

    It takes a moment, in a process of its own: ask for it before a transaction, never within one.
    """
    if not content or len(content) > MOST_BYTES or not papers_apart.kind_of(content):
        raise _refused("empty" if not content else "big" if len(content) > MOST_BYTES else "kind")
    run = [sys.executable, "-I", MAKER]
    try:
        done = subprocess.run(
            run, input=content, capture_output=True, timeout=MAKER_SECONDS, check=True
        )
        head, _, made = done.stdout.partition(b"\n")
        answer = json.loads(head)
    except (subprocess.SubprocessError, ValueError):
        # It went past its bounds: its own end is an answer too.
        raise _refused("bomb") from None
    if "fault" in answer:
        raise _refused(answer["fault"])
    return Paper(Media(answer["media_type"]), made)


def _refused(name):
    return RuleBroken(FAULTS[name])
