"""Each invariant of access.md has tests that say so, and one of them is named here."""

import ast
import functools
import pathlib
import re

import pytest

TESTS = pathlib.Path(__file__).parent.parent
# The test to read first: a random history where there is one, else what comes nearest to a page.
PROOFS = {
    "I1": (
        "models/test_file_histories.py",
        "test_a_file_opens_by_its_four_terms_whatever_happened_before",
    ),
    "I2": (
        "models/test_persons.py",
        "test_the_loss_of_any_term_closes_the_file_at_the_next_request",
    ),
    "I3": (
        "models/test_persons.py",
        "test_the_loss_of_any_term_closes_the_file_at_the_next_request",
    ),
    "I4": (
        "blueprints/test_invariants.py",
        "test_without_its_line_no_page_of_a_file_is_sent",
    ),
    "I5": (
        "models/test_persons.py",
        "test_a_refusal_leaves_its_line_too",
    ),
    "I6": (
        "models/test_trail.py",
        "test_no_line_is_changed",
    ),
    "I7": (
        "blueprints/test_invariants.py",
        "test_withdrawing_everything_erases_nothing_and_never_shuts_her_out",
    ),
    "I8": (
        "models/test_persons.py",
        "test_no_role_of_the_network_opens_a_file",
    ),
    "I9": (
        "blueprints/test_invariants.py",
        "test_nothing_of_a_passport_is_shared_unless_she_says_so_each_time",
    ),
    "I10": (
        "blueprints/test_invariants.py",
        "test_no_column_of_a_file_can_hold_a_story",
    ),
    "I11": (
        "models/test_counts.py",
        "test_each_hidden_cell_may_still_be_any_number_from_one_to_ten",
    ),
    "I12": (
        "blueprints/test_matrix.py",
        "test_every_route_answers_as_the_matrix_says",
    ),
    "I13": (
        "blueprints/test_curious.py",
        "test_no_sequence_of_a_professional_s_acts_opens_the_file_of_somebody_else",
    ),
    "I14": (
        "models/test_referents.py",
        "test_what_the_animation_sees_holds_no_name",
    ),
    "I15": (
        "models/test_histories.py",
        "test_random_histories_never_open_nor_keep_a_right_they_should_not",
    ),
}


@functools.cache
def cited():
    """`{(file, test): the invariants its docstring cites}`, « I1–I3 » being three of them."""
    found = {}
    for path in TESTS.rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                place = str(path.relative_to(TESTS)), node.name
                found[place] = set(named_in(ast.get_docstring(node) or ""))
    return found


def named_in(text):
    for first, last in re.findall(r"\bI(\d+)(?:[–-]I(\d+))?\b", text):
        yield from (f"I{number}" for number in range(int(first), int(last or first) + 1))


def test_there_are_fifteen_invariants():
    assert list(PROOFS) == [f"I{number}" for number in range(1, 16)]


@pytest.mark.parametrize("invariant", PROOFS)
def test_each_invariant_is_cited_by_the_test_that_proves_it(invariant):
    assert invariant in cited()[PROOFS[invariant]]


def test_citations_are_read_as_they_are_written():
    assert set(named_in("I1–I3, I15; REQ-4")) == {"I1", "I2", "I3", "I15"}
    assert set(named_in("access.md §2, PIN1, II4")) == set()
