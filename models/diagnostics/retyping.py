"""A sheet of paper filled by hand, typed again: its questions alone, in its order (REQ-30)."""

from ..questionnaire.paper import on_screen, sheets


class Leaf:
    """A sheet of paper as one reader may type it again. It is told as a `Part` is, over several
    sections; `page` is the whole diagnostic as this reader may fill it."""

    def __init__(self, page, paper):
        self.page, self.paper = page, paper
        self.parts = [page.part_of(section, questions) for section, questions in paper.sections]

    @property
    def asked(self):
        return [one for part in self.parts for one in part.asked]

    @property
    def masked(self):
        return [one for part in self.parts for one in part.masked]

    @property
    def discussed(self):
        return sum(part.discussed for part in self.parts)

    @property
    def is_closed(self):
        """Nothing of it may be read here."""
        return all(part.is_closed for part in self.parts)

    @property
    def later(self):
        """Its questions that are chosen on the screen, and have nothing to choose from yet."""
        here = {one.key for one in self.asked}
        questions = (one for _, questions in self.paper.sections for one in questions)
        open_here = (one for one in questions if self.page.openness.asks(one))
        return [one for one in open_here if on_screen(one) and one.key not in here]

    def come_since(self, before, form):
        """The questions that `form`, written since this leaf was `before`, brings without having
        answered them."""
        skipped = {one.key for part in before.parts for one in part.skipped}
        return [one for one in self.asked if one.key in skipped and one.key not in form]

    @property
    def following(self):
        """The next sheet of paper, or None after the last one."""
        return next(iter(sheets(self.paper.version)[self.paper.number :]), None)

    def receive(self, form):
        """`(form, keys refused)`: as of the whole page, other sheets being refused."""
        kept, refused = self.page.receive(form)
        here = {key: texts for key, texts in kept.items() if key in self.paper.keys}
        return here, refused + [key for key in kept if key not in here and any(kept[key])]


def leaves(page):
    """The `Leaf` of each sheet of the version that a diagnostic follows, in order."""
    return [Leaf(page, paper) for paper in sheets(page.diagnostic.version)]


def leaf_of(page, code):
    """The `Leaf` of this code, or None when it is a sheet of another version."""
    papers = sheets(page.diagnostic.version)
    return next((Leaf(page, paper) for paper in papers if paper.code == code), None)
