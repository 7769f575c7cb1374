"""The acts of each side, with the messages that follow from them, in one transaction."""

import datetime as dt

from ..base import N_, RuleBroken, now, transaction
from ..persons.notices import News, PersonNotice
from .correspondence import tell_cancelled, tell_provider, tell_referent, write_to
from .eligibility import checks_of
from .links import AnswerLink
from .mover import provider
from .prescription import Prescription
from .states import Move, Side, State

ANSWERED = "prescription_answered"
# Between two links asked for by their holder.
PAUSE = dt.timedelta(hours=1)


@transaction
def prepare(person, action, shared, *, mover, step=None):
    """A draft, which she is told waits for her. Raises `RuleBroken` when it could not be sent."""
    if stopped := next((one for one in checks_of(person, action) if one.is_stopping), None):
        raise RuleBroken(stopped.finding.label, **stopped.said)
    prescription = Prescription.start(person, action, shared, mover=mover, step=step)
    PersonNotice.tell(
        person, News.PRESCRIPTION_PROPOSED, account=mover.account, organisation=action.organisation
    )
    return prescription


@transaction
def send(prescription, *, mover, given, seen):
    """She agrees and it leaves, with the link by which it is answered. Raises `RuleBroken`."""
    prescription.send(mover=mover, given=given, seen=seen)
    tell_provider(prescription)


@transaction
def send_again(prescription, *, mover):
    """A new link to the same address, in one click: the one before opens nothing any more."""
    if prescription.state not in (State.SENT, State.ACCEPTED) or not prescription.is_going_on:
        raise RuleBroken(N_("Cette demande n’attend plus rien de l’organisme."))
    prescription.record("prescription:link", Move.LINKED, mover)
    tell_provider(prescription)


@transaction
def renew_link(link):
    """Asked by whoever holds an old link: a new one leaves for its own address, once an hour."""
    prescription = link.prescription
    latest = AnswerLink.latest_of(prescription)
    if latest.created_at > now() - PAUSE:
        return
    prescription.record("prescription:link", Move.LINKED, provider(prescription.provider))
    write_to(prescription, link.recipient, "prescription_received")


@transaction
def accept(prescription, *, mover, day=None):
    """By the provider; the référent is told."""
    if prescription.accept(mover=mover, day=day):
        tell_referent(prescription, ANSWERED)


@transaction
def decline(prescription, refusals, *, mover):
    """By the provider; the référent is told."""
    if prescription.decline(refusals, mover=mover):
        tell_referent(prescription, ANSWERED)


@transaction
def offer_day(prescription, day, *, mover):
    """By the provider; the référent says whether that day suits."""
    if prescription.offer_day(day, mover=mover):
        tell_referent(prescription, ANSWERED)


@transaction
def keep_day(prescription, *, mover):
    """The day that the provider offered suits: it is accepted, and the provider is told."""
    if prescription.other_day is None:
        raise RuleBroken(N_("L’organisme ne propose pas d’autre jour."))
    if prescription.accept(mover=mover):
        tell_provider(prescription, "prescription_day_kept")


@transaction
def conclude(prescription, outcome, day, *, mover):
    """By the provider, the référent is told; by the référent, he knows."""
    is_news = prescription.conclude(outcome, day, mover=mover)
    if is_news and mover.side is Side.PROVIDER:
        tell_referent(prescription, ANSWERED)


@transaction
def cancel(prescription, *, mover):
    """Called off: the link to answer opens nothing any more, and the provider is told."""
    was_sent = not prescription.is_draft
    if prescription.cancel(mover=mover) and was_sent:
        AnswerLink.close(prescription)
        tell_cancelled(prescription)


@transaction
def cancel_all(person, *, mover):
    """Her file closes: nothing is asked for her any more."""
    for prescription in Prescription.living_of(person):
        cancel(prescription, mover=mover)
