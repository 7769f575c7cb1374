"""What of a diagnostic is open to whoever asks: all of it to the person, the rest as she agreed.

Level 1 goes with any agreement; levels 2 and 3 with the domain she ticked (TRAME.md, I1).
"""

from ..persons.agreements import Agreement
from ..persons.sharing import Domain
from ..questionnaire.shape import HIGHEST


class Openness:
    """The domains open to one reader. `is_alone` is the person answering without anybody, perhaps
    at a kiosk: what is most sensitive is then never asked."""

    def __init__(self, domains, *, is_alone=False):
        self.domains = frozenset(domains)
        self.is_alone = is_alone

    @classmethod
    def of_asker(cls, person, actor):
        """Read from the database at each request (I2); `actor` has just opened the file."""
        if actor.is_accompanied:
            return cls(Domain, is_alone=True)
        link = person.opened_through
        agreement = link and Agreement.between(person, link.organisation_id)
        return cls(agreement.shared_domains if agreement else ())

    def asks(self, question):
        """Whether this question may be asked and answered here."""
        return self.shows(question) and (question.at_kiosk or not self.is_alone)

    def shows(self, question):
        """Whether its answer may be read."""
        return question.sensitivity <= 1 or question.shared_with in self.domains

    def shows_domain(self, domain):
        return domain.sensitivity <= 1 or domain in self.domains

    def shows_need(self, template, raised):
        """Whether a need may be read: it is as sensitive as its domain and as its question."""
        question = template.questions[raised.question]
        return self.shows(question) and self.shows_domain(template.needs[raised.need].domain)

    def is_folded(self, domain):
        """Whether a domain is masked until one asks for it: the most sensitive ones."""
        return domain.sensitivity == HIGHEST

    def is_masked(self, question):
        """Whether a question and its answer are masked until one asks for them."""
        return question.sensitivity == HIGHEST
