"""What the person is told: on her own page, and by e-mail that she has something to read there."""

import peewee as pw

from .. import outbox
from ..accounts.account import Account
from ..base import N_, Entity, Vocabulary, VocabularyField, now, transaction
from ..network.organisations import Organisation
from .person import ContactBy, Person


class News(Vocabulary):
    """What happened; `%(organisation)s` and `%(name)s` are filled from its row."""

    REFERENT_STARTED = "referent", N_("%(name)s, de %(organisation)s, vous accompagne.")
    REFERENT_ENDED = "referent-fin", N_("%(name)s, de %(organisation)s, ne vous accompagne plus.")
    HANDED_OVER = (
        "relais",
        N_("Votre référent unique est maintenant %(name)s, de %(organisation)s."),
    )
    HANDOVER_ASKED = (
        "relais-demande",
        N_("%(name)s, de %(organisation)s, est proposé comme référent unique : à vous de dire."),
    )
    JOIN_ASKED = "demande", N_("%(name)s, de %(organisation)s, demande à vous accompagner.")
    CODE_RENEWED = "code", N_("%(name)s, de %(organisation)s, a changé votre code d’accès.")
    AGREEMENT_ENDING = "accord-fin", N_("Votre accord avec %(organisation)s finit bientôt.")
    RECTIFIED = "rectification", N_("Votre demande de correction a une réponse.")
    PLAN_PROPOSED = (
        "plan-propose",
        N_(
            "%(name)s, de %(organisation)s, propose quelque chose dans votre plan : à vous de dire."
        ),
    )
    PLAN_MEETING = "plan-point", N_("La date du prochain point a changé : lisez votre plan.")
    PLAN_CLOSED = "plan-fin", N_("Votre plan est terminé : lisez ce qui est fait.")
    PRESCRIPTION_PROPOSED = (
        "demande-proposee",
        N_("%(name)s prépare une demande à %(organisation)s pour vous : à vous de dire."),
    )
    PRESCRIPTION_ANSWERED = (
        "demande-reponse",
        N_("Votre demande à %(organisation)s a une réponse."),
    )
    PRESCRIPTION_EXPIRED = (
        "demande-sans-reponse",
        N_("%(organisation)s n’a pas répondu à votre demande : elle est close."),
    )
    LIAISON_NOTED = "liaison", N_("%(organisation)s a écrit sur votre fiche de liaison.")
    EMPLOYMENT_STARTED = (
        "emploi",
        N_("%(name)s, de %(organisation)s, a noté votre entrée en emploi."),
    )
    EMPLOYMENT_POINT = "emploi-point", N_("Une question vous attend sur votre emploi.")
    CLOSING = "effacement", N_("Sans nouvelle de vous, votre dossier sera effacé dans un mois.")


class PersonNotice(Entity):
    """One thing to tell one person. Names come from the rows it points to, and are not kept."""

    person = pw.ForeignKeyField(Person, backref="notices", on_delete="CASCADE")
    news = VocabularyField(News)
    account_id = pw.BigIntegerField(null=True)
    organisation_id = pw.BigIntegerField(null=True)
    read_at = pw.DateTimeField(null=True)

    class Meta:
        indexes = ((("person", "read_at"), False),)

    @classmethod
    @transaction
    def tell(cls, person, news, *, account=None, organisation=None):
        """Put it on her page; if she wants e-mails, one says that there is something to read, and
        nothing else: a mailbox is read over a shoulder."""
        notice = cls.create(
            person=person,
            news=news,
            account_id=account and account.id,
            organisation_id=organisation and organisation.id,
        )
        if person.contact_by is ContactBy.EMAIL and person.email:
            outbox.post_privately("space_news", person.email, person.language)
        return notice

    @classmethod
    def unread(cls, person):
        return list(
            cls.select().where(cls.person == person, cls.read_at.is_null()).order_by(cls.id.desc())
        )

    @classmethod
    def of_person(cls, person):
        """Every notice she was given, the latest first."""
        return list(cls.select().where(cls.person == person).order_by(cls.id.desc()))

    @staticmethod
    def named(notices):
        """`[(notice, {"name": …, "organisation": …})]`, with the names of today."""
        accounts = {notice.account_id for notice in notices}
        places = {notice.organisation_id for notice in notices}
        names = dict(
            Account.select(Account.id, Account.name).where(Account.id << accounts).tuples()
        )
        where = dict(
            Organisation.select(Organisation.id, Organisation.name)
            .where(Organisation.id << places)
            .tuples()
        )
        return [
            (
                one,
                {"name": names.get(one.account_id), "organisation": where.get(one.organisation_id)},
            )
            for one in notices
        ]

    @classmethod
    @transaction
    def read_all(cls, person):
        mine = (cls.person == person) & cls.read_at.is_null()
        cls.update(read_at=now()).where(mine).execute()
