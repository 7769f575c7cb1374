"""Versions of a template: data, frozen once published, so that what was answered is read again to
the letter (REQ-29)."""

import functools
import hashlib
import itertools
import json
import pathlib

import peewee as pw

from .. import audit
from ..accounts.account import Account
from ..base import N_, Entity, RuleBroken, now, transaction
from ..database import held
from ..editing import EditConflict
from .checking import faults
from .shape import read_template

REFERENCE = pathlib.Path(__file__).parents[1] / "reference" / "trame-unique.json"
SINGLE_TEMPLATE, POTENTIALS_GRID = "trame-socio-pro", "grille-potentialites"


class TemplateVersion(Entity):
    """One version of the template `key`. `content` is `{"modele", "besoins"}` as canonical JSON,
    of which `content_hash` is the SHA-256; a draft has no `published_at`."""

    key = pw.CharField(max_length=40)
    number = pw.CharField(max_length=20)
    content = pw.TextField()
    content_hash = pw.CharField(max_length=64)
    published_at = pw.DateTimeField(null=True)
    published_by = pw.ForeignKeyField(Account, null=True, on_delete="SET NULL")

    class Meta:
        indexes = ((("key", "number"), True),)

    @classmethod
    def named(cls):
        """The columns that name a version, without its content."""
        return cls.id, cls.code, cls.key, cls.number, cls.content_hash, cls.published_at

    @classmethod
    def published(cls, key):
        """The published versions of a template, latest first, without their content."""
        rows = cls.select(*cls.named()).where(cls.key == key, cls.published_at.is_null(False))
        return list(rows.order_by(cls.published_at.desc(), cls.id.desc()))

    @classmethod
    def current(cls, key):
        """The version that new diagnostics follow, or None."""
        return next(iter(cls.published(key)), None)

    @classmethod
    def drafts(cls):
        """Those being prepared, latest first, without their content."""
        rows = cls.select(*cls.named()).where(cls.published_at.is_null())
        return list(rows.order_by(cls.id.desc()))

    @property
    def former(self):
        """The version published before this one (before a draft: the current one), or None."""
        versions = TemplateVersion.published(self.key)
        if self.is_draft:
            return next(iter(versions), None)
        return dict(itertools.pairwise(versions)).get(self)

    @property
    def is_draft(self):
        return self.published_at is None

    @property
    def is_public(self):
        return not self.is_draft

    @property
    def template(self):
        """The `Template` of its content; read once for all diagnostics of the version."""
        return _read(self.content_hash)

    @property
    def data(self):
        """The content as data, to be edited or compared; lists of versions do not carry it."""
        content = self.content or TemplateVersion.get_by_id(self.id).content
        return json.loads(content)

    def faults(self):
        """What forbids to publish it: every `Fault` of its content."""
        return faults(self.data, [other.data for other in self._beside()])

    def _beside(self):
        """The other templates, which share the list of needs: the version in force of each, or
        its draft before any."""
        rows = TemplateVersion.select(*TemplateVersion.named()).where(
            TemplateVersion.key != self.key
        )
        in_order = sorted(rows, key=lambda row: (row.is_public, row.published_at or now(), row.id))
        latest = {row.key: row.id for row in in_order}
        return list(TemplateVersion.select().where(TemplateVersion.id << [*latest.values()]))

    @classmethod
    @transaction
    def draft(cls, key, number, data, *, by):
        """A new draft of this content; raises `RuleBroken` when the number is taken."""
        if cls.get_or_none((cls.key == key) & (cls.number == number)):
            raise RuleBroken(N_("ce numéro de version existe déjà."))
        content = canonical(data)
        version = cls.create(key=key, number=number, content=content, content_hash=hash_of(content))
        audit.record("template:draft", version, by=by, template=key, number=number)
        return version

    def hold(self):
        """Keep a draft for this act alone, and read it anew; raises `RuleBroken` once published."""
        rows = held(TemplateVersion.select().where(
            TemplateVersion.id == self.id, TemplateVersion.published_at.is_null()
        ))  # fmt: skip
        if not rows:
            raise RuleBroken(N_("Cette version est publiée : elle ne change plus."))
        for name in ("number", "content", "content_hash"):
            setattr(self, name, getattr(rows[0], name))

    @transaction
    def publish(self, *, by, seen=None):
        """Freeze it: new diagnostics follow it, those begun keep theirs.

        `seen` is the hash of the content that was read before publishing it. Raises `RuleBroken`
        when a rule does not hold, `EditConflict` when somebody wrote since.
        """
        self.hold()
        if seen and seen != self.content_hash:
            raise EditConflict(self)
        if self.faults():
            raise RuleBroken(N_("Cette version ne se publie pas : lisez ce qui est à corriger."))
        self.published_at, self.published_by = now(), by
        self.save(only=self.dirty_fields)
        audit.record(
            "template:publish", self, by=by, template=self.key, number=self.number,
            hash=self.content_hash,
        )  # fmt: skip

    @classmethod
    @transaction
    def load_reference(cls, *, by=None):
        """Publish the two templates of the reference data, where no version exists yet; answers
        those."""
        document = json.loads(REFERENCE.read_text(encoding="utf-8"))
        drafts = [
            cls.draft(model["key"], document["version"],
                      {"modele": model, "besoins": document["besoins"]}, by=by)
            for model in document["templates"]
            if not cls.select().where(cls.key == model["key"]).exists()
        ]  # fmt: skip
        for draft in drafts:
            draft.publish(by=by)
        return drafts


@functools.lru_cache(maxsize=64)
def _read(content_hash):
    row = TemplateVersion.select(TemplateVersion.content)
    content = row.where(TemplateVersion.content_hash == content_hash).scalar()
    if content is None or hash_of(content) != content_hash:
        raise LookupError(f"template {content_hash[:12]} is not what was published")
    return read_template(json.loads(content))


def canonical(data):
    """The one JSON text of a content: what its hash is made of."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def hash_of(content):
    return hashlib.sha256(content.encode()).hexdigest()
