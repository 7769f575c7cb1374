"""What the person carries away of her prescriptions: every row, in words."""

from types import SimpleNamespace

from ..diagnostics.openness import Openness
from ..persons.sharing import Domain
from . import reading
from .attachments import Attachment
from .history import Transition


def prescriptions_of(person):
    """Each prescription, the latest first, under the names of the columns that it tells."""
    return [_told(one) for one in _hers(person)]


def _told(one):
    shared = one.shared
    return SimpleNamespace(
        code=one.code, created_at=one.created_at, account=one.account,
        organisation=one.organisation, action=shared.action_name, provider=one.provider,
        content=_words_of(shared), given=one.given, state=one.state, sent_at=one.sent_at,
        answered_at=one.answered_at, refusals=", ".join(reason.label for reason in one.reasons),
        other_day=one.other_day, starts_on=one.starts_on, outcome=one.outcome,
        outcome_on=one.outcome_on, ended_at=one.ended_at,
    )  # fmt: skip


def _words_of(shared):
    reach = f"{shared.reach.label} ({shared.contact})" if shared.contact else shared.reach.label
    return ", ".join([shared.name, reach, *(need.label for need in shared.needs)])


def history_of(person):
    return [
        SimpleNamespace(
            prescription=prescription.code, created_at=line.created_at, side=line.side,
            account=line.account, organisation=line.organisation, move=line.move,
            said=_said(line),
        )
        for prescription in _hers(person)
        for line in Transition.of(prescription)
    ]  # fmt: skip


def papers_of(person):
    codes = {one.id: one.code for one in _hers(person)}
    return [
        SimpleNamespace(
            prescription=codes[one.prescription_id], created_at=one.created_at, number=one.number,
            kind=one.kind, media_type=one.media_type, size=one.size,
        )
        for one in Attachment.of_person(person)
    ]  # fmt: skip


def _said(line):
    """The closed words and the days of a line, as they are kept."""
    values = (value if isinstance(value, list) else [value] for value in line.said.values())
    return ", ".join(str(one) for several in values for one in several)


def _hers(person):
    return [line.prescription for line in reading.of_person(person, Openness(Domain))]
