"""The organisations of the network: who carries the actions and who may join the charter."""

import peewee as pw

from .base import N_, Entity, Vocabulary, VocabularyField
from .text import fold


class Category(Vocabulary):
    """The four categories of the SPIE document, and its steering (REQ 5–8)."""

    STEERING = "pilotage", N_("Pilotage et coordination")
    LOCAL_AUTHORITY = "collectivites", N_("Principales collectivités du département")
    ASSOCIATION = "associations", N_("Associations")
    SOCIAL = "acteurs-sociaux", N_("Acteurs sociaux du territoire")
    BUSINESS = "entreprises", N_("Secteur des entreprises")


class Organisation(Entity):
    """A structure in the sense of data·inclusion v1, with its place in the network.

    `source_id` is the national identifier (`producteur--structure`); it is None for a member
    of the network that no file describes.
    """

    source_id = pw.CharField(max_length=255, null=True, unique=True)
    source = pw.CharField(max_length=120, null=True)
    name = pw.CharField(max_length=255)
    sort_name = pw.CharField(max_length=255, index=True, default="")
    updated_on = pw.DateField(null=True)
    description = pw.TextField(null=True)
    source_url = pw.TextField(null=True)
    siret = pw.CharField(max_length=14, null=True)
    commune = pw.TextField(null=True)
    postcode = pw.CharField(max_length=5, null=True)
    insee_code = pw.CharField(max_length=5, null=True)
    address = pw.TextField(null=True)
    address_extra = pw.TextField(null=True)
    longitude = pw.DoubleField(null=True)
    latitude = pw.DoubleField(null=True)
    phone = pw.TextField(null=True)
    email = pw.TextField(null=True)
    website = pw.TextField(null=True)
    opening_hours = pw.TextField(null=True)
    accessibility_url = pw.TextField(null=True)
    networks = pw.JSONField(default=list)
    other_values = pw.JSONField(default=dict)
    category = VocabularyField(Category, null=True, index=True)
    role = pw.TextField(null=True)
    territory = pw.TextField(null=True)
    note = pw.TextField(null=True)
    is_network_member = pw.BooleanField(default=False)
    is_demonstration = pw.BooleanField(default=False)

    def save(self, *args, **kwargs):
        self.sort_name = fold(self.name)[:255]
        return super().save(*args, **kwargs)

    @classmethod
    def ids_of(cls, codes):
        """The row numbers of these public codes; an unknown code is left out."""
        return [row.id for row in cls.select(cls.id).where(cls.code << list(codes))]

    @classmethod
    def names_of(cls, rows):
        """`{row number: (code, name)}`."""
        named = cls.select(cls.id, cls.code, cls.name).where(cls.id << list(rows)).tuples()
        return {row: (code, name) for row, code, name in named}

    @classmethod
    def directory(cls):
        """Every organisation with `action_count`, its published sheets, by name."""
        from .action_bank import Action

        published = pw.fn.COUNT(Action.id).alias("action_count")
        return list(
            cls.select(cls, published)
            .left_outer_join(Action, on=(Action.organisation == cls.id) & Action.is_listed())
            .group_by(cls.id)
            .order_by(cls.sort_name)
        )

    @classmethod
    def by_category(cls):
        """`[(category or None, organisations)]` in the order of the network's document."""
        groups = {category: [] for category in [*Category, None]}
        for organisation in cls.directory():
            groups[organisation.category].append(organisation)
        return [(category, rows) for category, rows in groups.items() if rows]
