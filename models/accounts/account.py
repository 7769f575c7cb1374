"""Professionals' accounts: who they are, and until when they may sign in."""

import functools

import peewee as pw

from .. import audit, outbox
from ..base import N_, Entity, RuleBroken, Vocabulary, VocabularyField, transaction
from ..database import held
from ..text import one_line
from . import passwords


class Role(Vocabulary):
    """What an account is for the whole network; within an organisation, see `Membership`."""

    PROFESSIONAL = "professionnel", N_("Professionnel")
    ANIMATOR = "animateur", N_("Animation du réseau")
    COORDINATOR = "coordination", N_("Coordination du réseau")
    BANK_ANIMATOR = "animation-banque", N_("Animation de la banque d’actions")
    ADMIN = "administration", N_("Administration de la plateforme")
    AUDITOR = "controle", N_("Contrôle")


KEPT_ROLES = (Role.ADMIN, Role.COORDINATOR)
TRUSTED_ROLES = tuple(role for role in Role if role is not Role.PROFESSIONAL)


class Account(Entity):
    """A person who signs in. `identifier` is an e-mail address in lower case."""

    identifier = pw.CharField(max_length=254, unique=True)
    name = pw.CharField(max_length=120)
    password_hash = pw.CharField(max_length=200)
    role = VocabularyField(Role, default=Role.PROFESSIONAL)
    language = pw.CharField(max_length=5, null=True)
    is_active = pw.BooleanField(default=True)
    is_demonstration = pw.BooleanField(default=False)

    is_authenticated = True
    is_anonymous = False
    # An account accompanies; it is never the person accompanied.
    is_accompanied = False

    def get_id(self):
        return self.code

    @property
    def account_id(self):
        """Itself: what holds for the things of an account holds for it."""
        return self.id

    @functools.cached_property
    def rights(self):
        """What this account may do, read once: an account object lives for one request (I2)."""
        from ..network.rights import Rights

        return Rights(self)

    @property
    def manages_an_organisation(self):
        return any(membership.is_manager for membership in self.rights.memberships)

    @property
    def must_use_second_factor(self):
        """Who runs the network or an organisation shows a second factor (access.md §1)."""
        return self.role in TRUSTED_ROLES or self.manages_an_organisation

    @property
    def known_words(self):
        """What a stranger would try first as a password."""
        places = [membership.organisation.name for membership in self.rights.memberships]
        return [self.name, self.identifier, *places]

    @classmethod
    def of_identifier(cls, text):
        """The active account of this address, or None."""
        identifier = normal_identifier(text)
        return cls.get_or_none((cls.identifier == identifier) & cls.is_active)

    @classmethod
    def directory(cls, text="", *, limit):
        """The accounts whose name or address holds this text, by name."""
        found = cls.select().order_by(pw.fn.LOWER(cls.name), cls.id).limit(limit)
        if text := one_line(text, 254):
            found = found.where(cls.name.contains(text) | cls.identifier.contains(text))
        return list(found)

    @classmethod
    @transaction
    def register(cls, identifier, name, *, role=Role.PROFESSIONAL, language=None, by=None):
        """Open the account of a person, whose password nobody knows until she chooses one."""
        identifier = normal_identifier(outbox.deliverable(identifier))
        name = one_line(name, cls.name.max_length)
        if not name:
            raise RuleBroken(N_("Le nom manque."))
        if cls.get_or_none(cls.identifier == identifier):
            raise RuleBroken(N_("Cette adresse a déjà un compte."))
        account = cls.create(
            identifier=identifier,
            name=name,
            role=role,
            language=language,
            password_hash=passwords.NOBODY,
        )
        audit.record("account:create", account, by=by, role=str(role))
        return account

    @transaction
    def keep_password(self, password_hash, *, besides=None):
        """A new password: every session ends but `besides`, and the person is told."""
        self.password_hash = password_hash
        self.save(only=[Account.password_hash])
        self.end_sessions(besides=besides)
        outbox.post("password_changed", self.identifier, self.language)
        audit.record("password:change", self, by=self)

    @transaction
    def speak(self, language):
        """Choose the language of one's pages and mails."""
        self.language = language
        self.save(only=[Account.language])
        audit.record("account:speak", self, by=self, language=language)

    @transaction
    def give_role(self, role, *, by=None):
        """Change what the account is for the network: never one's own (I15)."""
        if by is not None and by.id == self.id:
            raise RuleBroken(N_("Vous ne pouvez pas changer votre propre rôle."))
        if role == self.role:
            return
        self._refuse_losing_the_last_of_its_role()
        former, self.role = self.role, role
        self.save(only=[Account.role])
        audit.record("account:role", self, by=by, former=former.value, role=role.value)

    @transaction
    def deactivate(self, *, by=None):
        """Close the account: its sessions end at once, its acts stay signed."""
        if by is not None and by.id == self.id:
            raise RuleBroken(N_("Vous ne pouvez pas désactiver votre propre compte."))
        self._refuse_losing_the_last_of_its_role()
        self._set_active(False)
        self.end_sessions(by=by)
        audit.record("account:deactivate", self, by=by)

    @transaction
    def reactivate(self, *, by=None):
        self._set_active(True)
        audit.record("account:reactivate", self, by=by)

    def _refuse_losing_the_last_of_its_role(self):
        """The platform keeps someone to run it, and the network someone to admit (I15)."""
        if self.role not in KEPT_ROLES or not self.is_active:
            return
        if len(held(Account.select().where(Account.role == self.role, Account.is_active))) <= 1:
            raise RuleBroken(
                N_("C’est le dernier compte de ce rôle : donnez-le d’abord à un autre.")
            )

    def _set_active(self, is_active):
        self.is_active = is_active
        self.save(only=[Account.is_active])

    @transaction
    def end_sessions(self, *, besides=None, by=None):
        for session in self.sessions:
            if besides is None or session.id != besides.id:
                session.end(by=by)


def normal_identifier(text):
    return one_line(text, 254).replace(" ", "").lower()
