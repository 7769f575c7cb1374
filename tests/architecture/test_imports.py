"""The direction of the house: templates ← blueprints → models; nothing imports the app."""

import ast
import pathlib

import pytest

ROOT = pathlib.Path(__file__).parent.parent.parent
MODELS = sorted((ROOT / "models").rglob("*.py"))
BLUEPRINTS = sorted((ROOT / "blueprints").rglob("*.py"))
WEB = {"flask", "flask_login", "flask_wtf", "wtforms", "jinja2", "markupsafe", "blueprints", "app"}


def imports(path):
    """The full names of the modules a file imports, relative ones resolved."""
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else ()
            base = ".".join([*start, *([node.module] if node.module else [])])
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def calls(path):
    tree = ast.parse(path.read_text())
    return {
        node.func.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }


@pytest.mark.parametrize("path", MODELS, ids=lambda path: str(path.relative_to(ROOT)))
def test_models_know_nothing_of_the_web(path):
    assert not {name.partition(".")[0] for name in imports(path)} & WEB


@pytest.mark.parametrize("path", BLUEPRINTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_capability_never_imports_another(path):
    capability = path.relative_to(ROOT).parts[1]
    others = {
        name.split(".")[1]
        for name in imports(path)
        if name.startswith("blueprints.") and (ROOT / "blueprints" / name.split(".")[1]).is_dir()
    }
    # The commands are the second door: a capability of their own, listed by the application.
    assert others <= {capability}


@pytest.mark.parametrize("path", BLUEPRINTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_pages_ask_the_models_and_never_write_queries(path):
    assert not calls(path) & {"select", "where", "atomic", "execute_sql"}


def test_nothing_imports_the_application():
    for path in [*MODELS, *BLUEPRINTS]:
        assert "app" not in set(imports(path))


def test_each_capability_has_one_name_everywhere():
    """A folder of pages has its templates under the same name."""
    from blueprints import CAPABILITIES

    for name in CAPABILITIES:
        assert (ROOT / "blueprints" / name / "views.py").exists()
        assert (ROOT / "templates" / name).is_dir()
