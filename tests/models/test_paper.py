"""Templates on paper: the code of a sheet, however it is typed (REQ-30)."""

import pytest

from models.base import RuleBroken
from models.questionnaire.paper import find_sheet, required_sheet, sheets
from models.questionnaire.versions import SINGLE_TEMPLATE, TemplateVersion
from tests import factories


@pytest.fixture
def version(db):
    """Whose code holds what is easily misread."""
    found = factories.template()
    TemplateVersion.update(code="k0m1p9x4ab").where(TemplateVersion.id == found.id).execute()
    return TemplateVersion.get_by_id(found.id)


@pytest.mark.parametrize(
    "typed",
    [
        "k0m1p9x4ab03",
        "K0M1 P9X4 AB03",
        " k0m1-p9x4–AB.03 ",
        "KOMl P9X4 ABO3",
        "koMi\u00a0p9x4\u202fab03\r\n",
    ],
)
def test_the_code_of_a_sheet_is_forgiven_its_case_its_spaces_and_its_dashes(version, typed):
    """REQ-30: read on paper, maybe by hand light: O is 0, I and L are 1."""
    found = find_sheet(typed)
    assert (found.version, found.number) == (version, 3)
    assert found.keys == sheets(version)[2].keys


@pytest.mark.parametrize(
    "typed",
    ["", "k0m1p9x4ab", "k0m1p9x4ab00", "k0m1p9x4ab99", "k0m1p9x4ab3", "k0m1p9x4ab003",
     "k0m1p9x4ab0x", "z0m1p9x4ab03", "k0m1p9x4ab0٣", "\x00", "feuille 3"],
)  # fmt: skip
def test_a_code_that_no_sheet_has_is_refused_with_a_sentence(version, typed):
    assert find_sheet(typed) is None
    with pytest.raises(RuleBroken):
        required_sheet(typed)


def test_nobody_types_the_sheets_of_a_version_being_prepared(version):
    draft = TemplateVersion.draft(SINGLE_TEMPLATE, "0.3", version.data, by=None)
    assert find_sheet(sheets(draft)[0].code) is None
