"""What templates may not do."""

import pathlib
import re

TEMPLATES = sorted((pathlib.Path(__file__).parent.parent.parent / "templates").rglob("*.html"))


def test_no_template_trusts_text():
    """Everything is escaped; the one HTML we make ourselves passes `display.markdown`."""
    for path in TEMPLATES:
        assert "|safe" not in path.read_text()
        assert "autoescape false" not in path.read_text()


def test_every_htmx_element_works_without_it():
    for path in TEMPLATES:
        for tag in re.findall(r"<[^>]*data-hx-[^>]*>", path.read_text()):
            assert " action=" in tag or " href=" in tag, (path.name, tag)


def test_the_style_sheet_knows_no_left_nor_right():
    """Logical properties only: a language written from right to left needs no other sheet."""
    css = (TEMPLATES[0].parent.parent.parent / "static/css/portal.css").read_text()
    css = re.sub(r"linear-gradient\([^;{}]*", "", css)
    assert not re.search(r"\b(left|right)\b", css)
