"""How long things wait, in one place: proposals of the product (§3), kept as settings."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Delays:
    """In days, unless the name says months; `blueprints.settings.DELAYS` names their settings."""

    link: int = 8
    reminder: int = 10
    expiry: int = 30
    attachments_months: int = 6
    content_months: int = 24
    # How long a point after an entry into employment waits before the référent is told.
    silence: int = 14
    # How long the link of that question opens.
    question: int = 30
    # Without any action proposed for so long, a person is « sans solution » (REQ-208).
    solution: int = 30


_delays = Delays()


def use_delays(delays):
    """Wait so long from now on; raises ValueError when a reminder would come after the expiry."""
    global _delays
    if delays.reminder >= delays.expiry:
        raise ValueError("a reminder comes before the expiry")
    _delays = delays


def delays():
    return _delays
