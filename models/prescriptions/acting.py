"""The acts of each side, with the messages that follow from them, in one transaction."""

from ..base import N_, RuleBroken, transaction
from .correspondence import tell_cancelled, tell_provider, tell_referent
from .links import AnswerLink
from .prescription import Prescription
from .states import Move, Side, State

ANSWERED = "prescription_answered"


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
