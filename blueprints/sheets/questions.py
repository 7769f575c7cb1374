"""The questions whose answers name something: needs, a commune, zones, organisations, sheets."""

from models.action_bank import naming
from models.needs import every_need
from models.territories import place_of, read_commune, read_zone, zone_name

from . import fields
from .fields import Lines, Pick, Several, Words
from .wording import RHYTHMS, need_words, place_words, rhythm_words


class Needs(Several):
    """The needs that the themes of the sheet answer, and those chosen already."""

    def __init__(self, label, **kwargs):
        super().__init__(label, every_need(), **kwargs)

    def know(self, base):
        chosen, themes = set(base[self.name]), set(base["thematics"])
        self.choices = [
            (key, need_words(key))
            for key, (_, _, thematics) in every_need().items()
            if key in chosen or themes & set(thematics)
        ]


class Commune(Words):
    """« 31600 Muret » fills the commune, its codes and its centre."""

    def show(self, base):
        self.data = place_words(base)

    def pre_validate(self, form):
        self.place, typed = None, self.data or ""
        if typed and typed != place_words(form.base):
            self.place = fields.by_rule(read_commune, typed)

    def written(self, base):
        if self.data == place_words(base):
            # A point set more finely than the centre of the commune stays.
            return {}
        return place_of(*(self.place or (None, None)))


class Zones(Lines):
    """Communes, EPCI, or the département; none is everywhere."""

    def said(self, base):
        return [zone_name(code) for code in base[self.name]]

    def read(self, line):
        return fields.by_rule(read_zone, line)


class Supporters(Lines):
    """Organisations by their names (REQ-17)."""

    def said(self, base):
        known = naming.organisations_named(base[self.name])
        return [known[name].name if name in known else name for name in base[self.name]]

    def read(self, line):
        return naming.identifier_of(fields.by_rule(naming.organisation_called, line))


class Attached(Lines):
    """Other sheets, by their addresses (REQ-27)."""

    def said(self, base):
        known = naming.sheets_named(base[self.name])
        return [
            f"{known[name].name} ({known[name].code})" if name in known else name
            for name in base[self.name]
        ]

    def read(self, line):
        return fields.by_rule(naming.sheet_called, line).source_id


class Rhythm(Pick):
    """How often its author reads the sheet again, in months."""

    shape = "radio"

    def __init__(self, label, **kwargs):
        super().__init__(label, RHYTHMS, needed=True, **kwargs)

    def unlisted(self, held):
        return rhythm_words(held)

    def written(self, base):
        return {self.name: int(self.data)}
