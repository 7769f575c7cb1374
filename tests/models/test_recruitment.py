"""Recruiting together: steps, organisations, figures, and nobody named (REQ 28)."""

import itertools

import pytest

from models import AuditEntry, RecruitmentOperation, RecruitmentPartner, RecruitmentStage
from models.base import RuleBroken
from models.editing import EditConflict
from models.recruitment import (
    MOST_STAGES,
    OperationState,
    StageKind,
    funnel,
    remarks_on,
    shown_outside,
    takes_part,
    total,
)
from tests import factories

pytestmark = pytest.mark.usefixtures("db")
LAST = ("proposed", "preselected", "recruited")


def partner(operation, *figures, quota=None, confirmed=False, name=None):
    organisation = factories.organisation(**({"name": name} if name else {}))
    added = operation.add_partner(organisation, by=None, quota=quota)
    if figures:
        added.enter(by=None, is_confirmed=confirmed, **dict(zip(LAST, figures, strict=True)))
    return added


def acts():
    return [entry.act for entry in AuditEntry.select().order_by(AuditEntry.id)]


def widths(levels):
    return [(level.count, level.missing) for level in levels]


def test_an_operation_is_prepared_opened_and_closed_with_its_results():
    """REQ-28: steps, organisations, quotas, results; every act leaves its trace."""
    operation = factories.recruitment(state=OperationState.DRAFT, profile="", stages=0)
    assert len(operation.lacks()) == 3
    with pytest.raises(RuleBroken, match="Décrivez le poste"):
        operation.open(by=None)
    operation.describe(by=None, profile="Préparer des commandes, debout.")
    operation.write_stage(by=None, kind=StageKind.ABILITIES)
    added = partner(operation, quota=70)
    operation.open(by=None)
    with pytest.raises(RuleBroken, match="ne sont pas définitifs"):
        operation.close(by=None)
    added.enter(by=None, proposed=120, preselected=63, recruited=10, is_confirmed=True)
    operation.close(by=None)
    assert RecruitmentOperation.reading(operation.code).state == OperationState.CLOSED
    assert acts()[-6:] == [
        "recruitment:describe", "recruitment:stage", "recruitment:add-partner",
        "recruitment:open", "recruitment:figures", "recruitment:close",
    ]  # fmt: skip


@pytest.mark.parametrize("verb", ["open", "close", "cancel", "reopen"])
def test_changing_state_twice_is_once(verb):
    states = {"open": OperationState.DRAFT, "reopen": OperationState.CLOSED}
    operation = factories.recruitment(state=states.get(verb, OperationState.OPEN))
    partner(operation, 30, 20, 5, confirmed=True) if operation.is_running else None
    getattr(operation, verb)(by=None)
    getattr(RecruitmentOperation.reading(operation.code), verb)(by=None)
    assert acts().count(f"recruitment:{verb}") == 1


def test_what_was_cancelled_before_opening_is_prepared_again():
    operation = factories.recruitment(state=OperationState.DRAFT, profile="")
    operation.cancel(by=None)
    operation.reopen(by=None)
    assert operation.state == OperationState.DRAFT
    assert operation.ended_at is None


@pytest.mark.parametrize("state", [OperationState.CLOSED, OperationState.CANCELLED])
def test_what_has_ended_does_not_change(state):
    operation = factories.recruitment()
    stage = operation.write_stage(by=None, kind=StageKind.HIRING)
    added = partner(operation)
    RecruitmentOperation.update(state=state).execute()
    for act in (
        lambda: operation.describe(by=None, title="Autre"),
        lambda: operation.write_stage(by=None, kind=StageKind.HIRING),
        lambda: operation.move_stage(stage, 1, by=None),
        lambda: operation.set_stage_done(stage, True, by=None),
        lambda: operation.remove_stage(stage, by=None),
        lambda: operation.add_partner(factories.organisation(), by=None),
        lambda: operation.remove_partner(added, by=None),
        lambda: added.enter(by=None, proposed=3),
    ):
        with pytest.raises(RuleBroken, match="a changé d’état"):
            act()


@pytest.mark.parametrize(
    ("figures", "sentence"),
    [
        ((10, 11, None), "plus de présélectionnés que de proposés"),
        ((20, 10, 11), "plus de recrutés que de présélectionnés"),
        ((5, None, 6), "plus de recrutés que de proposés"),
        ((-1, None, None), "de 0 à 100 000"),
        ((100_001, None, None), "de 0 à 100 000"),
    ],
)
def test_impossible_figures_are_refused(figures, sentence):
    """REQ-28: proposed ≥ preselected ≥ recruited, for each organisation."""
    added = partner(factories.recruitment())
    with pytest.raises(RuleBroken, match=sentence):
        added.enter(by=None, is_confirmed=False, **dict(zip(LAST, figures, strict=True)))
    assert RecruitmentPartner.get().figures == (None, None, None)


def test_figures_are_definitive_only_when_all_three_are_given():
    added = partner(factories.recruitment())
    with pytest.raises(RuleBroken, match="donnez les trois"):
        added.enter(by=None, proposed=3, preselected=1, recruited=None, is_confirmed=True)
    added.enter(by=None, proposed=3, preselected=1, recruited=0, is_confirmed=True)
    assert added.figures == (3, 1, 0)


def test_the_funnel_adds_the_organisations_up():
    """REQ-28: « 63 présélectionnés, 10 recrutés »; the document does not say how many before."""
    operation = factories.recruitment()
    for figures in ((60, 30, 4), (40, 20, 5), (20, 13, 1)):
        partner(operation, *figures)
    levels = funnel(operation.partners_by_name())
    assert widths(levels) == [(120, 0), (63, 0), (10, 0)]
    assert [level.rate for level in levels] == [None, 63 / 120, 10 / 63]


def test_not_filled_in_is_not_zero():
    """REQ-28: a share is only said of figures that are all there."""
    operation = factories.recruitment()
    assert widths(funnel(operation.partners_by_name())) == [(None, 0)] * 3
    partner(operation, 60, 30, 0)
    partner(operation, 40, None, None)
    levels = funnel(operation.partners_by_name())
    assert widths(levels) == [(100, 0), (30, 1), (0, 1)]
    assert [level.rate for level in levels] == [None, None, None]
    assert total(operation.partners_by_name(), "quota") is None


@pytest.mark.parametrize(
    ("figures", "shown"),
    [
        ((120, 63, 10), (120, 63, None)),
        ((120, 63, 11), (120, 63, 11)),
        ((10, 8, 1), (None, None, None)),
        # Two people were not kept: they could be known.
        ((65, 63, 30), (65, None, 30)),
        ((63, 63, 30), (63, 63, 30)),
        ((120, 63, 0), (120, 63, 0)),
        ((None, 63, 30), (None, 63, 30)),
    ],
)
def test_a_count_that_could_tell_who_they_are_is_not_shown_outside(figures, shown):
    """k ≥ 11, of those who go on and of those who stop."""
    operation = factories.recruitment()
    partner(operation, *figures)
    levels = shown_outside(funnel(operation.partners_by_name()))
    assert tuple(level.count for level in levels) == shown
    for before, level in itertools.pairwise(levels):
        assert level.rate is None or before.count


def test_what_surprises_is_said_and_not_refused():
    operation = factories.recruitment(places=3)
    partner(operation, 30, 20, 5, quota=20, name="Envol")
    told = [
        one.sentence % one.values for one in remarks_on(operation, operation.partners_by_name())
    ]
    assert told == [
        "Envol a proposé plus de personnes que demandé : 30 au lieu de 20.",
        "Il y a plus de personnes recrutées que de postes : 5 pour 3.",
    ]


def test_two_people_never_overwrite_each_other():
    operation = factories.recruitment()
    added = partner(operation, 30, 20, 5)
    seen = added.stamp
    added.enter(by=None, proposed=31)
    with pytest.raises(EditConflict) as refused:
        added.enter(by=None, seen=seen, proposed=29)
    assert refused.value.theirs.proposed == 31
    with pytest.raises(EditConflict):
        operation.remove_partner(added, by=None, seen=seen)
    seen = operation.stamp
    operation.describe(by=None, title="Douze agents", action_id=None)
    with pytest.raises(EditConflict):
        operation.describe(by=None, seen=seen, title="Neuf agents")


def test_stages_keep_their_order():
    operation = factories.recruitment(stages=0)
    kinds = [StageKind.PROFILE, StageKind.ABILITIES, StageKind.PREPARATION]
    stages = [operation.write_stage(by=None, kind=kind) for kind in kinds]
    operation.move_stage(stages[2], 1, by=None)
    assert [s.kind for s in operation.ordered_stages()] == [kinds[2], kinds[0], kinds[1]]
    operation.remove_stage(stages[0], by=None)
    assert [s.number for s in operation.ordered_stages()] == [1, 2]
    for _ in range(MOST_STAGES - 2):
        operation.write_stage(by=None, kind=StageKind.INTERVIEW)
    with pytest.raises(RuleBroken, match="20 étapes"):
        operation.write_stage(by=None, kind=StageKind.INTERVIEW)


def test_an_organisation_takes_part_once():
    operation = factories.recruitment()
    added = partner(operation)
    with pytest.raises(RuleBroken, match="participe déjà"):
        operation.add_partner(added.organisation, by=None)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"opens_on": "2026-05-02", "closes_on": "2026-05-01"}, "finir avant de commencer"),
        ({"places": 0}, "au moins un poste"),
    ],
)
def test_a_description_must_be_possible(values, sentence):
    with pytest.raises(RuleBroken, match=sentence):
        RecruitmentOperation.start(factories.organisation(), by=None, title="Essai", **values)


def test_open_operations_come_first():
    closed = factories.recruitment(state=OperationState.CLOSED)
    opened = factories.recruitment()
    draft = factories.recruitment(state=OperationState.DRAFT)
    later = factories.recruitment(state=OperationState.CANCELLED)
    assert RecruitmentOperation.page() == [opened, later, closed]
    assert RecruitmentOperation.page(state=OperationState.CLOSED) == [closed]
    assert RecruitmentOperation.count_shown() == 3
    assert RecruitmentOperation.drafts() == [draft]


def test_an_organisation_that_takes_part_reads_its_figures_once_open():
    operation = factories.recruitment(state=OperationState.DRAFT)
    added = partner(operation)
    assert RecruitmentPartner.reading(added.code) is None
    operation.open(by=None)
    assert RecruitmentPartner.reading(added.code) == added
    member = factories.membership(organisation=added.organisation).account
    partners = operation.partners_by_name()
    assert takes_part(member, operation, partners)
    assert not takes_part(factories.membership().account, operation, partners)


def test_nothing_of_a_person_can_be_kept():
    """No column where somebody accompanied could be named, one text aside: the post’s."""
    texts = {
        field.name
        for entity in (RecruitmentOperation, RecruitmentStage, RecruitmentPartner)
        for field in entity._meta.sorted_fields
        if field.field_type in ("VARCHAR", "TEXT")
    }
    assert texts == {"code", "title", "employer", "commune", "profile", "state", "kind", "place"}
