"""What random histories share: each is undone at its end, and an act may be refused."""

import time_machine
from hypothesis.stateful import RuleBasedStateMachine

from models.base import RuleBroken, database


class History(RuleBasedStateMachine):
    """Played within a transaction undone at its end, under a clock that stands still: `travel`
    shifts it."""

    def open(self, moment):
        """To be called first."""
        self.undone = database.atomic()
        self.everything = self.undone.__enter__()
        self.clock = time_machine.travel(moment, tick=False)
        self.travel = self.clock.start()

    def teardown(self):
        if hasattr(self, "undone"):
            self.clock.stop()
            self.everything.rollback()
            self.undone.__exit__(None, None, None)

    def attempt(self, act):
        """True when the service accepted."""
        try:
            act()
        except RuleBroken:
            return False
        return True
