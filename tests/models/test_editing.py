"""Rows in order, wherever they are: articles, stages of a recruitment, actions of a list."""

import itertools

import peewee as pw
import pytest
from playhouse.test_utils import count_queries

from models import ActionList, ActionListItem, CharterArticle, CharterVersion, RecruitmentStage
from models.base import database
from models.editing import move_to, renumber
from tests import factories

pytestmark = pytest.mark.usefixtures("db")


def articles():
    draft = CharterVersion.draft_from(factories.charter(), by=None)
    for title in ("Trois", "Quatre"):
        draft.write_article(by=None, title=title, text="Texte.")
    return CharterArticle.version, draft, CharterArticle.number


def stages():
    return RecruitmentStage.operation, factories.recruitment(stages=4), RecruitmentStage.number


def items():
    kept = ActionList.create(account=factories.account(), name="Garde")
    for place in range(1, 5):
        ActionListItem.create(list=kept, action=factories.action(), place=place)
    return ActionListItem.list, kept, ActionListItem.place


@pytest.fixture(params=[articles, stages, items])
def shelf(request):
    """The column of the parent, a parent of four rows, and the column of their numbers."""
    return request.param()


def read(shelf):
    parent, owner, field = shelf
    return list(field.model.select().where(parent == owner).order_by(field, field.model.id))


def numbers(shelf):
    return [getattr(row, shelf[2].name) for row in read(shelf)]


def test_a_row_moves_even_where_the_database_wants_unique_numbers(shelf):
    parent, _, field = shelf
    database.execute(pw.ModelIndex(field.model, (parent, field), unique=True))
    for start, place in itertools.product(range(4), range(1, 5)):
        rows = read(shelf)
        wanted = [row.code for row in rows]
        wanted.insert(place - 1, wanted.pop(start))
        assert move_to(place, rows[start], rows, field) == place
        assert [row.code for row in read(shelf)] == wanted
        assert numbers(shelf) == [1, 2, 3, 4]


def test_a_place_out_of_the_order_is_its_end(shelf):
    rows, field = read(shelf), shelf[2]
    assert move_to(99, rows[0], rows, field) == 4
    assert getattr(rows[0], field.name) == 4
    assert move_to(0, rows[0], read(shelf), field) == 1
    assert [row.id for row in read(shelf)] == [row.id for row in rows]


def test_what_was_moved_or_removed_meanwhile_leaves_no_gap_nor_double(shelf):
    field = shelf[2]
    seen = read(shelf)
    move_to(1, read(shelf)[3], read(shelf), field)
    assert move_to(4, seen[3], read(shelf), field) == 4
    assert [row.id for row in read(shelf)] == [row.id for row in seen]
    seen[1].delete_instance()
    renumber(read(shelf), field)
    assert move_to(1, seen[1], read(shelf), field) is None
    assert numbers(shelf) == [1, 2, 3]


def test_numbers_cost_two_writes_at_most_and_none_when_nothing_moves(shelf):
    field, [first, *_] = shelf[2], read(shelf)
    for place, writes in ((4, 2), (4, 0), (3, 2)):
        rows = read(shelf)
        with count_queries() as counted:
            move_to(place, first, rows, field)
        assert counted.count == writes
    rows = read(shelf)
    rows.pop(2).delete_instance()
    with count_queries() as counted:
        renumber(rows, field)
    assert counted.count == 1
