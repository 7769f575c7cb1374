"""The partners’ charter: versions as data, frozen once published (REQ 69; document 002)."""

import datetime as dt
import hashlib
import itertools
import json
import pathlib

import peewee as pw

from .. import audit
from ..base import (
    N_,
    Entity,
    RuleBroken,
    Vocabulary,
    VocabularyField,
    database,
    local_day,
    now,
    today,
    transaction,
)
from ..editing import EditConflict, Edited, move_to, renumber

REFERENCE = pathlib.Path(__file__).parents[1] / "reference" / "charte.json"
# Product rule, to be confirmed by the committee: time left to sign a new version.
GRACE = dt.timedelta(days=30)
LONGEST_GRACE = dt.timedelta(days=366)
# A charter can be read aloud; these bounds also keep comparisons short.
MOST_ARTICLES = 40
LONGEST_NUMBER = 20


class Foundation(Vocabulary):
    """What an article rests on."""

    PRINCIPLE = "principe", N_("Principe fondateur")
    RULE_1 = "regle-1", N_("Règle 1 du passeport")
    RULE_2 = "regle-2", N_("Règle 2 du passeport")
    RULE_3 = "regle-3", N_("Règle 3 du passeport")
    RULE_4 = "regle-4", N_("Règle 4 du passeport")
    RULE_5 = "regle-5", N_("Règle 5 du passeport")
    APPLICATION = "application", N_("Règle d’application")


class CharterVersion(Edited, Entity):
    """A wording of the charter. `published_at` is None for a draft; French binds, English explains.

    `grace_until` is the last day on which the signatures of former versions still count.
    """

    EDITED = ("number", "title", "title_en", "preamble", "preamble_en", "scope")

    number = pw.CharField(max_length=LONGEST_NUMBER, unique=True)
    title = pw.CharField(max_length=255)
    title_en = pw.CharField(max_length=255, default="")
    preamble = pw.TextField(default="")
    preamble_en = pw.TextField(default="")
    scope = pw.TextField(default="")
    published_at = pw.DateTimeField(null=True, index=True)
    grace_until = pw.DateField(null=True)
    text_hash = pw.CharField(max_length=64, default="")

    @classmethod
    def named(cls):
        """The columns that name a version, without its text."""
        return cls.id, cls.code, cls.number, cls.published_at, cls.grace_until, cls.text_hash

    @property
    def is_draft(self):
        return self.published_at is None

    @property
    def is_public(self):
        """What visitors may read."""
        return not self.is_draft

    @classmethod
    def current(cls):
        """The version one signs today, or None."""
        return next(iter(cls.published()), None)

    @classmethod
    def published(cls):
        """Every published version, latest first."""
        return list(cls._published())

    @classmethod
    def _published(cls, *columns):
        rows = cls.select(*columns).where(cls.published_at.is_null(False))
        return rows.order_by(cls.published_at.desc(), cls.id.desc())

    @classmethod
    def drafts(cls):
        return list(cls.select().where(cls.published_at.is_null()).order_by(cls.id.desc()))

    @classmethod
    def accepted(cls):
        """The versions whose signatures count today: the current one, and each former one as long
        as no later version's grace has run out; without their text."""
        versions, day = list(cls._published(*cls.named())), today()
        last_days = cls.last_days(versions)
        return [one for one in versions if (last_days[one.id] or day) >= day]

    @staticmethod
    def last_days(published):
        """`{version: the last day on which its signatures count}` of all that were published, the
        latest first; None for the current one."""
        days, last = {}, None
        for version in published:
            days[version.id] = last
            grace = version.grace_until or local_day(version.published_at) - dt.timedelta(days=1)
            last = min(grace, last or grace)
        return days

    @property
    def former(self):
        """The version published before this one (before a draft: the current one), or None."""
        versions = CharterVersion.published()
        if self.is_draft:
            return next(iter(versions), None)
        return dict(itertools.pairwise(versions)).get(self)

    def ordered_articles(self):
        return list(self.articles.order_by(CharterArticle.number))

    def article(self, code):
        """Its own article of this public code, or None."""
        return self.articles.where(CharterArticle.code == code).first()

    @property
    def exact_text(self):
        """The text one signs, of which `text_hash` is the SHA-256: plain lines, in UTF-8."""
        parts = [f"{self.title}\nVersion {self.number}", self.preamble, self.scope]
        parts += [f"Article {a.number}. {a.title}\n{a.text}" for a in self.ordered_articles()]
        return "\n\n".join(part for part in parts if part) + "\n"

    @transaction
    def publish(self, *, by, grace=GRACE, seen=None):
        """Freeze the text and ask everyone to sign it; former signatures count for `grace` more.

        `seen` is the hash of the text that was read before publishing it.
        """
        self._hold()
        if not self.articles.count():
            raise RuleBroken(N_("Une charte sans article ne peut pas être publiée."))
        if not dt.timedelta(0) <= grace <= LONGEST_GRACE:
            raise RuleBroken(N_("Le délai pour signer va de 0 à 366 jours."))
        self.text_hash = text_hash(self.exact_text)
        if seen and seen != self.text_hash:
            raise EditConflict(self)
        self.published_at, self.grace_until = now(), today() + grace
        self.save()
        audit.record("charter:publish", self, by=by, number=self.number, hash=self.text_hash)

    @transaction
    def describe(self, *, by, seen=None, **values):
        """Change the number, title, preamble or scope of a draft."""
        self._hold()
        number = values.get("number", self.number)
        same = CharterVersion.select().where(CharterVersion.number == number)
        if same.where(CharterVersion.id != self.id).exists():
            raise RuleBroken(N_("Une version porte déjà ce numéro."))
        self.rewrite(values, seen=seen)
        audit.record("charter:draft", self, by=by)

    @transaction
    def write_article(self, article=None, *, by, seen=None, **values):
        """Add an article at the end of a draft, or change one of its own."""
        self._hold()
        if article is None:
            article = self._add_article(values)
        else:
            article.rewrite(values, seen=seen)
        audit.record("charter:article", self, by=by, number=article.number)
        return article

    def _add_article(self, values):
        number = self.articles.count() + 1
        if number > MOST_ARTICLES:
            raise RuleBroken(N_("Une charte a 40 articles au plus."))
        return CharterArticle.create(version=self, number=number, **values)

    @transaction
    def move_article(self, article, place, *, by):
        """Put an article at `place` (from 1); the others make room."""
        self._hold()
        move_to(place, article, self.ordered_articles(), CharterArticle.number)
        audit.record("charter:move", self, by=by, number=place)

    @transaction
    def remove_article(self, article, *, by, seen=None):
        """Take an article out of a draft, when it still says what was `seen`."""
        self._hold()
        held = CharterArticle.get_or_none(CharterArticle.id == article.id)
        if held and seen and held.stamp != seen:
            raise EditConflict(held)
        article.delete_instance()
        renumber(self.ordered_articles(), CharterArticle.number)
        audit.record("charter:remove", self, by=by, number=article.number)

    @transaction
    def discard(self, *, by):
        """Throw a draft away."""
        self._hold()
        audit.record("charter:discard", self, by=by, number=self.number)
        self.delete_instance()

    def _hold(self):
        """Keep a draft for this act alone until its transaction ends, and read it anew: no word may
        be written between the hash of a text and its publication."""
        drafts = CharterVersion.published_at.is_null()
        row = CharterVersion.update(number=CharterVersion.number)
        if not row.where(CharterVersion.id == self.id, drafts).execute():
            raise RuleBroken(N_("Une version publiée ne change plus : préparez-en une nouvelle."))
        held = CharterVersion.get_by_id(self.id)
        for name in self.EDITED:
            setattr(self, name, getattr(held, name))

    @classmethod
    def _start(cls, number, **values):
        """A draft under the first number that nobody bears, from this one on."""
        while True:
            try:
                with database.atomic():
                    return cls.create(number=_free_number(number), **values)
            except pw.IntegrityError:
                # Somebody else took it in between: the next one.
                continue

    @classmethod
    @transaction
    def draft_from(cls, source, *, by):
        """A draft that copies a version, numbered after it."""
        copied = ("title", "title_en", "preamble", "preamble_en", "scope")
        draft = cls._start(source.number, **{name: getattr(source, name) for name in copied})
        for article in source.ordered_articles():
            CharterArticle.create(version=draft, **article.content())
        audit.record("charter:draft", draft, by=by, source=source.number)
        return draft

    @classmethod
    @transaction
    def draft_of_reference(cls, *, by):
        """A draft of the text that comes with the portal, or the one already made of it."""
        document = json.loads(REFERENCE.read_text(encoding="utf-8"))
        if held := cls.get_or_none(cls.number == document["version"]):
            return held._still_draft()
        draft = cls.create(
            number=document["version"],
            title=document["title"],
            title_en=document["title_en"],
            preamble=document["preambule"],
            preamble_en=document["preambule_en"],
            scope=document["portee"],
        )
        for record in document["articles"]:
            CharterArticle.create(version=draft, **_content_of(record))
        audit.record("charter:draft", draft, by=by, source=document["version"])
        return draft

    def _still_draft(self):
        if not self.is_draft:
            raise RuleBroken(
                N_("Le texte fourni est déjà publié : partez de la version en vigueur.")
            )
        return self


class CharterArticle(Edited, Entity):
    """An article: its text binds; `control` says how the service checks that it is kept.

    `check` names the automatic check of `models/charter/checks.py`, empty while none can run.
    """

    EDITED = (
        "title", "title_en", "text", "text_en", "control", "control_en", "check_name", "origin",
        "foundation",
    )  # fmt: skip

    version = pw.ForeignKeyField(CharterVersion, backref="articles", on_delete="CASCADE")
    number = pw.SmallIntegerField()
    title = pw.CharField(max_length=255)
    title_en = pw.CharField(max_length=255, default="")
    text = pw.TextField()
    text_en = pw.TextField(default="")
    control = pw.TextField(default="")
    control_en = pw.TextField(default="")
    check_name = pw.CharField(max_length=40, default="")
    origin = pw.TextField(default="")
    foundation = VocabularyField(Foundation, default=Foundation.APPLICATION)

    def content(self):
        """Its own values, to copy it into another version."""
        return {name: getattr(self, name) for name in ("number", *self.EDITED)}


# The articles whose check runs today; the others wait for the data they speak of.
CHECKS_BY_NUMBER = {11: "sheets-confirmed", 12: "trained-before-writing", 14: "nothing-after"}


def _content_of(record):
    return {
        "number": record["number"],
        "title": record["title"],
        "title_en": record["title_en"],
        "text": record["text"],
        "text_en": record["text_en"],
        "control": record["controle"],
        "control_en": record["controle_en"],
        "check_name": CHECKS_BY_NUMBER.get(record["number"], ""),
        "origin": record["origine"],
        "foundation": record["fondement"],
    }


def text_hash(text):
    return hashlib.sha256(text.encode()).hexdigest()


def _free_number(number):
    """The next number nobody bears: « 0.2 » gives « 0.3 », « finale » gives « finale.1 »."""
    stem, dot, last = number.rpartition(".")
    if not (last.isascii() and last.isdecimal()):
        stem, dot, last = number, ".", "0"
    taken = {version.number for version in CharterVersion.select(CharterVersion.number)}
    candidates = (f"{stem}{dot}{following}" for following in itertools.count(int(last) + 1))
    free = next(one for one in candidates if one not in taken)
    return free if len(free) <= LONGEST_NUMBER else _free_number(stem[:10] or "1")
