"""Finding a référent: by commune and by public, at an address that one can keep."""

from dataclasses import dataclass, field

from flask import request

from models.base import N_
from models.network.leads import find_leads
from models.network.rights import Place
from models.territories import Commune, find_communes, zone_name
from models.text import one_line
from models.vocabularies import AUDIENCES

from ..access import actor
from ..languages import gettext
from ..pages import page_asked

SHOWN = 20


@dataclass
class Asked:
    """What was typed, what it means, and who answers; `communes` are those to choose among."""

    commune_text: str = ""
    commune: Commune | None = None
    communes: list[Commune] = field(default_factory=list)
    audience: str | None = None
    problems: dict[str, str] = field(default_factory=dict)
    found: list[Place] = field(default_factory=list)
    page: int = 1
    page_count: int = 1

    @property
    def shown(self):
        return self.found[(self.page - 1) * SHOWN : self.page * SHOWN]


def read_search():
    asked = Asked(commune_text=one_line(request.args.get("commune", ""), 100))
    _read_commune(asked)
    _read_audience(asked)
    if not asked.problems and not asked.communes:
        asked.found = find_leads(
            commune=asked.commune, audience=asked.audience, is_member=actor() is not None
        )
    asked.page, asked.page_count = page_asked(len(asked.found), SHOWN)
    return asked


def _read_commune(asked):
    found = find_communes(asked.commune_text)
    if len(found) == 1:
        asked.commune = found[0]
        asked.commune_text = asked.commune.name
    elif asked.commune_text and not found:
        asked.problems["commune"] = gettext(
            N_("Nous ne trouvons pas cette commune en Haute-Garonne. Vérifiez son nom.")
        )
    asked.communes = found if len(found) > 1 else []


def _read_audience(asked):
    asked.audience = request.args.get("public") or None
    if asked.audience and asked.audience not in AUDIENCES:
        asked.audience = None
        asked.problems["public"] = gettext(N_("Ce public n’existe pas ou n’existe plus."))


def zone_names(codes):
    """The zones in words, or None for everywhere."""
    return ", ".join(map(zone_name, codes)) or None
