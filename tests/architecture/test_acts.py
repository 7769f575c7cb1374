"""Each act recorded in the file of a person has its words, for her and for who watches (REQ-43)."""

import ast
import pathlib

import pytest

from blueprints import access_log
from models.persons import journal

ROOT = pathlib.Path(__file__).parent.parent.parent
SOURCES = [path for place in ("models", "blueprints") for path in (ROOT / place).rglob("*.py")]


def acts_of(tree):
    """The acts that this source records about a person, or gives to `opens_file`; an act that is
    made of a variable is the source of its expression, which nothing has words for."""
    named = {
        node.value.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and "ACT" in ast.unparse(node.targets[0])
        if isinstance(node.value, ast.Constant)
    }
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        function = ast.unparse(call.func)
        given = {keyword.arg: keyword.value for keyword in call.keywords}
        if function.endswith("record") and ("person" in given or is_of_plan(call)):
            yield from words_of(call.args[0], named)
        elif function == "opens_file" and "act" in given:
            yield from words_of(given["act"], named)


def is_of_plan(call):
    """`plan.record("plan:agree")`: a plan, or a prescription, knows whose it is."""
    return ast.unparse(call.args[0]).startswith(("'plan:", "'prescription:"))


def words_of(expression, named):
    """The values of `"file:read"`, of the only `…ACT` of its module, or of `f"{self.ACT}:end"`
    for each `ACT` of its module."""
    if isinstance(expression, ast.Constant):
        return [expression.value]
    if isinstance(expression, ast.Name) and len(named) == 1:
        return named
    if isinstance(expression, ast.JoinedStr) and named:
        [_, end] = expression.values
        return [f"{start}{end.value}" for start in named]
    return [ast.unparse(expression)]


@pytest.fixture(scope="module")
def recorded():
    found = {act for path in SOURCES for act in acts_of(ast.parse(path.read_text()))}
    # `open_file` records what `opens_file` was given.
    return found - {"act"} | {"file:read"}


@pytest.mark.parametrize("words", [access_log.views.ACTS, journal.ACTS], ids=["watched", "hers"])
def test_each_act_in_a_file_has_its_words(recorded, words):
    assert {"file:read", "pathway:start", "time:end", "referent:name"} <= recorded
    assert recorded - set(words) == set()


@pytest.mark.parametrize("words", [access_log.views.ACTS, journal.ACTS], ids=["watched", "hers"])
def test_no_words_stay_for_an_act_that_is_no_more(recorded, words):
    assert set(words) - recorded == set()


def test_a_new_act_would_be_seen():
    """The reader of sources above reads what it is meant to."""
    sources = {
        'audit.record("file:new", x, person=person)': {"file:new"},
        'ACT = "time"\naudit.record(f"{cls.ACT}:skip", x, person=person)': {"time:skip"},
        '@opens_file(P.FILE_READ, act="file:peek")\ndef view(person): pass': {"file:peek"},
        'TOLD_ACT = "plan:due"\naudit.record(TOLD_ACT, x, person=person)': {"plan:due"},
        'self.plan.record("plan:stop", by=by)': {"plan:stop"},
        'self.record("prescription:send", Move.SENT, mover)': {"prescription:send"},
        "audit.record(what, x, person=person)": {"what"},
        'audit.record("charter:sign", x)': set(),
    }
    assert {source: set(acts_of(ast.parse(source))) for source in sources} == sources
