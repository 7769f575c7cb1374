"""What is done at a desk, the person being there: a file opened, an agreement given (REQ 41)."""

from .. import audit
from ..base import N_, RuleBroken, transaction
from . import closing
from .accompaniments import Accompaniment, ReferentRole, StartReason
from .agreements import Agreement, Given
from .notices import News, PersonNotice
from .person import Person


class Resembles(RuleBroken):
    """A file has the same names and year, or the same telephone or e-mail."""

    def __init__(self):
        super().__init__(N_("Une personne avec ces éléments existe : demandez-lui son accord."))


@transaction
def resembles_another(values, *, by, organisation):
    """Whether a file of these elements exists already. Who asked is written in the trail of each,
    where its person reads it: the answer tells nothing more, and is not for the curious."""
    alike = Person.resembling(values)
    for person in alike:
        audit.record("file:duplicate", person, by=by, person=person, organisation=organisation)
    return bool(alike)


@transaction
def start_file(values, *, by, organisation, is_another=False):
    """Open a file, which nobody reads before an agreement; its access code is drawn apart.

    `is_another` says that whoever opens it has seen that a file resembles it, and knows that it is
    somebody else: two homonyms, a couple with one telephone.
    """
    person = Person(started_by=by, started_in=organisation)
    person.describe(**values)
    person.save(force_insert=True)
    audit.record(
        "file:start", person, by=by, person=person, organisation=organisation,
        despite_resemblance=is_another,
    )  # fmt: skip
    return person


@transaction
def discard_file(person, *, by):
    """Forget a file that nobody was given: the person said no, or it was a mistake."""
    if Agreement.ever_given(person):
        raise RuleBroken(N_("Cette personne a déjà donné un accord : son dossier reste à elle."))
    audit.record("file:discard", person, by=by, organisation=person.started_in)
    person.delete_instance()


@transaction
def first_agreement(person, *, by, **agreed):
    """The person agrees that the organisation which opened her file accompanies her: `by` becomes
    her référent unique. Raises `RuleBroken` like `Agreement.give`."""
    return _accompany(
        person, person.started_in, ReferentRole.LEAD, StartReason.OPENED, by=by, **agreed
    )


@transaction
def join(person, organisation, *, by, given=Given.CODE, **agreed):
    """The person, whose code was recognised, lets another professional accompany her: as référent
    unique if she has none.

    Whoever accompanies her already only writes her new agreement.
    """
    # Two professionals joining at once: the second one sees the first.
    person.hold()
    if person.may_come_back:
        closing.reopen(person, by=by, organisation=organisation)
    role = Accompaniment.free_role(person)
    return _accompany(person, organisation, role, StartReason.JOINED, by=by, given=given, **agreed)


def _accompany(person, organisation, role, reason, *, by, **agreed):
    agreement = Agreement.give(person, organisation, by=by, **agreed)
    is_known = Accompaniment.opening(by, {organisation.id}, person) is not None
    Accompaniment.start(person, by, organisation, role, reason, by=by)
    if not is_known:
        PersonNotice.tell(person, News.REFERENT_STARTED, account=by, organisation=organisation)
    return agreement
