"""What the templates lean on: soft skills, levers, fields of autonomy, helplines."""

import json
import pathlib
from typing import NamedTuple

from ..persons.sharing import Domain
from .shape import Words, words

_REFERENCE = pathlib.Path(__file__).parents[1] / "reference"


class Autonomy(NamedTuple):
    """One of the seven fields of autonomy (REQ-193), with the domains and needs it reads."""

    key: str
    label: Words
    domains: tuple[Domain, ...]
    needs: tuple[str, ...]


def _read(name):
    return json.loads((_REFERENCE / name).read_text(encoding="utf-8"))


def _skills():
    lists = _read("savoir-etre.json")["referentiels"]
    usual = next(one for one in lists if one["par_defaut"])
    return {item["key"]: words(item, "label") for item in usual["items"]}


def _autonomy(barriers):
    return tuple(
        Autonomy(
            one["key"], words(one, "label"), tuple(map(Domain, one["domaines"])),
            tuple(one["besoins"]),
        )
        for one in barriers["autonomie"]["domaines"]
    )  # fmt: skip


_BARRIERS = _read("freins.json")
# Key → words, in the order they are shown.
SKILLS = _skills()
LEVERS = {one["key"]: words(one, "label") for one in _BARRIERS["leviers"]}
AUTONOMY = _autonomy(_BARRIERS)
CONTACTS = {
    one["key"]: words(one, "label")
    for one in _read("trame-unique.json")["conventions"]["aide_immediate"]["contacts"]
}
