"""Each thing the service keeps has its line in the glossary of CONTRIBUTING."""

import pathlib

from models import TABLES

CONTRIBUTING = pathlib.Path(__file__).parent.parent.parent / "CONTRIBUTING.md"


def test_every_entity_is_in_the_glossary():
    glossary = CONTRIBUTING.read_text()
    absent = [model.__name__ for model in TABLES if f"`{model.__name__}`" not in glossary]
    assert absent == []
