"""The organisations of the network: who carries the actions and who may join the charter."""

import peewee as pw

from .. import audit, outbox
from ..base import N_, Entity, RuleBroken, Vocabulary, VocabularyField, now, today, transaction
from ..text import fold, fold_words


class Category(Vocabulary):
    """The four categories of the SPIE document, and its steering (REQ 5–8)."""

    STEERING = "pilotage", N_("Pilotage et coordination")
    LOCAL_AUTHORITY = "collectivites", N_("Principales collectivités du département")
    ASSOCIATION = "associations", N_("Associations")
    SOCIAL = "acteurs-sociaux", N_("Acteurs sociaux du territoire")
    BUSINESS = "entreprises", N_("Secteur des entreprises")


class PassportCategory(Vocabulary):
    """The five categories of partners of the passport’s network, and who runs it (REQ 74)."""

    ADMINISTRATOR = "administrateur", N_("Administrateur du passeport")
    EDUCATION = "education", N_("Éducation nationale")
    EMPLOYMENT = "emploi", N_("Intermédiaires de l’emploi")
    TRAINING = "formation", N_("Organismes de formation")
    HOUSING = "hebergement", N_("Structures d’hébergement")
    JUSTICE = "justice", N_("Structures de la justice")
    ENVISAGED = "envisage", N_("Partenariats envisagés")


class NetworkState(Vocabulary):
    """Where an organisation stands in the network, from the document’s list to its departure."""

    OUTSIDE = "hors-reseau", N_("Hors du réseau")
    ANNOUNCED = "annonce", N_("Annoncé, pas encore entré")
    ADMITTED = "admis", N_("Admis, charte à signer")
    MEMBER = "membre", N_("Membre, charte signée")
    SUSPENDED = "suspendu", N_("Accès suspendu")
    LEFT = "parti", N_("A quitté le réseau")


class SuspensionReason(Vocabulary):
    """Why an access is suspended at once, before the committee decides (charter, article 14)."""

    RISK = "risque", N_("Risque pour une personne ou pour ses données")
    BREACH = "manquement", N_("Manquement signalé à la charte")
    NO_ANSWER = "sans-reponse", N_("Organisme injoignable")
    OWN_REQUEST = "demande", N_("À la demande de l’organisme")


# « un consortium de 30 acteurs » (REQ 1): what the document announces, not what it names.
ANNOUNCED_ORGANISATIONS = 30


class Organisation(Entity):
    """A structure in the sense of data·inclusion v1, with its place in the network.

    `source_id` is the national identifier (`producteur--structure`); it is None for a member
    of the network that no file describes. `is_network_member` says that the SPIE’s document
    names it; `admitted_at`, `suspended_at` and `left_at` since when it may, or may no longer, act.
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
    passport_category = VocabularyField(PassportCategory, null=True)
    role = pw.TextField(null=True)
    territory = pw.TextField(null=True)
    note = pw.TextField(null=True)
    # Whom it accompanies, and since when that rule holds: it tells, and refuses nobody (REQ-207).
    target_age_min = pw.SmallIntegerField(null=True)
    target_age_max = pw.SmallIntegerField(null=True)
    target_age_since = pw.DateField(null=True)
    is_network_member = pw.BooleanField(default=False)
    admitted_at = pw.DateTimeField(null=True)
    suspended_at = pw.DateTimeField(null=True)
    suspension_reason = VocabularyField(SuspensionReason, null=True)
    left_at = pw.DateTimeField(null=True)
    is_demonstration = pw.BooleanField(default=False)

    def save(self, *args, **kwargs):
        self.sort_name = fold(self.name)[:255]
        return super().save(*args, **kwargs)

    @classmethod
    def named(cls):
        """The columns of a list: what names an organisation, and its place in the network."""
        return (
            cls.id, cls.code, cls.name, cls.sort_name, cls.category, cls.admitted_at,
            cls.suspended_at, cls.left_at,
        )  # fmt: skip

    @classmethod
    def judged(cls):
        """The columns asked at each request: those that name it, and whom it accompanies."""
        ages = cls.target_age_min, cls.target_age_max, cls.target_age_since
        return *cls.named(), *ages

    @property
    def organisation_id(self):
        """Itself: what holds for the things of an organisation holds for it."""
        return self.id

    @property
    def is_admitted(self):
        """In the network today: admitted, neither suspended nor gone."""
        return bool(self.admitted_at and not self.suspended_at and not self.left_at)

    def network_state(self, *, has_signed):
        """Its state, `has_signed` being whether its signature of the charter counts today."""
        if self.left_at:
            return NetworkState.LEFT
        if self.suspended_at:
            return NetworkState.SUSPENDED
        if self.admitted_at:
            return NetworkState.MEMBER if has_signed else NetworkState.ADMITTED
        return NetworkState.ANNOUNCED if self.is_network_member else NetworkState.OUTSIDE

    @transaction
    def admit(self, *, by):
        """Let it in, or back in: only coordination does (REQ 4)."""
        if self.is_admitted:
            raise RuleBroken(N_("Cet organisme est déjà dans le réseau."))
        if self.suspended_at and not self.left_at:
            raise RuleBroken(N_("L’accès de cet organisme est suspendu : rendez-le d’abord."))
        self.admitted_at, self.left_at = now(), None
        self.suspended_at = self.suspension_reason = None
        self.save()
        audit.record("organisation:admit", self, by=by)

    @transaction
    def suspend(self, reason, *, by):
        """Stop every right of its professionals at the next request (charter, article 14)."""
        if not self.is_admitted:
            raise RuleBroken(N_("Cet organisme n’a pas d’accès à suspendre."))
        self.suspended_at, self.suspension_reason = now(), SuspensionReason(reason)
        self.save()
        audit.record("organisation:suspend", self, by=by, reason=self.suspension_reason.value)
        self._tell_managers("access_suspended", reason=self.suspension_reason.value)

    @transaction
    def resume(self, *, by):
        """Give its rights back, once the committee has decided."""
        if not self.suspended_at or self.left_at:
            raise RuleBroken(N_("L’accès de cet organisme n’est pas suspendu."))
        self.suspended_at = self.suspension_reason = None
        self.save()
        audit.record("organisation:resume", self, by=by)
        self._tell_managers("access_resumed")

    def _tell_managers(self, kind, **values):
        """The organisation concerned is told, and may explain itself (charter, article 14)."""
        from .memberships import managers_of

        for manager in managers_of(self):
            account = manager.account
            outbox.post(
                kind, account.identifier, account.language, organisation=self.name, **values
            )

    @transaction
    def describe(self, values, *, by):
        """Change how it is reached and what it says of itself: `{column: value}`."""
        for name, value in values.items():
            setattr(self, name, value)
        self.updated_on = today()
        self.save()
        audit.record("organisation:describe", self, by=by, fields=sorted(values))

    @transaction
    def target_ages(self, youngest, oldest, since, *, by):
        """Say whom it accompanies since that day; None on both sides is everyone."""
        if None not in (youngest, oldest) and oldest < youngest:
            raise RuleBroken(N_("l’âge le plus haut vient après le plus bas."))
        has_limit = (youngest, oldest) != (None, None)
        if has_limit and since is None:
            raise RuleBroken(N_("dites depuis quel jour cette règle vaut."))
        self.target_age_min, self.target_age_max = youngest, oldest
        self.target_age_since = since if has_limit else None
        self.save()
        audit.record("organisation:target-ages", self, by=by, ages=[youngest, oldest])

    def accompanies(self, age):
        """Whether its rule of today tells of this age; nobody is refused for it."""
        if self.target_age_since is None or self.target_age_since > today():
            return True
        return (self.target_age_min or 0) <= age <= (self.target_age_max or age)

    def accompanies_born_in(self, year):
        """The same of a year of birth, before or after the birthday."""
        age = today().year - year
        return self.accompanies(age) or self.accompanies(age - 1)

    @classmethod
    def resembling(cls, name, siret=""):
        """Known organisations that may be the one named: same SIRET, or every word of the name
        in common with a shorter or longer one."""
        words = set(fold_words(name))
        rows = cls.select(cls.id, cls.code, cls.name, cls.siret, cls.commune)
        return [
            row
            for row in rows.order_by(cls.sort_name)
            if (siret and row.siret == siret) or _same_words(words, set(fold_words(row.name)))
        ]

    @classmethod
    def admitted_ids(cls):
        """The row numbers of those that are in the network today."""
        rows = cls.select(cls.id).where(
            cls.admitted_at.is_null(False), cls.suspended_at.is_null(), cls.left_at.is_null()
        )
        return {row for (row,) in rows.tuples()}

    @classmethod
    def network(cls):
        """Every organisation that the network’s document names, or that came in, by name."""
        known = cls.is_network_member | cls.admitted_at.is_null(False)
        return list(cls.select().where(known).order_by(cls.sort_name))

    @classmethod
    def of_passport(cls):
        """`[(category, organisations)]` of the passport’s network, in its document’s order."""
        rows = cls.select().where(cls.passport_category.is_null(False)).order_by(cls.sort_name)
        groups = {category: [] for category in PassportCategory}
        for organisation in rows:
            groups[organisation.passport_category].append(organisation)
        return [(category, found) for category, found in groups.items() if found]

    @classmethod
    def enterable(cls):
        """Those of the network that could be invited in: announced, or gone, by name."""
        return [row for row in cls.network() if not row.is_admitted and not row.suspended_at]

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
        from ..action_bank.sheets import Action

        published = pw.fn.COUNT(Action.id).alias("action_count")
        return list(
            cls.select(cls, published)
            .left_outer_join(Action, on=(Action.organisation == cls.id) & Action.is_listed())
            .group_by(cls.id)
            .order_by(cls.sort_name)
        )

    @staticmethod
    def grouped(organisations, *, only=None):
        """`[(category or None, organisations)]` in the order of the network's document, of one
        category alone if asked. Those of the passport’s network alone are told apart."""
        groups = {category: [] for category in ([only] if only else [*Category, None])}
        for organisation in organisations:
            is_elsewhere = organisation.passport_category and not organisation.action_count
            if organisation.category in groups and (organisation.category or not is_elsewhere):
                groups[organisation.category].append(organisation)
        return [(category, rows) for category, rows in groups.items() if rows]


def _same_words(some, others):
    return bool(some and others) and (some <= others or others <= some)
