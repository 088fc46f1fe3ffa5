"""Debtors that may be one: proposed with grounds, decided by people, taken back."""

from collections.abc import Callable
from typing import Any

import pytest

from factories import make_debtor, make_enforcement_case, make_organisation, make_staff
from factories_cases import CODE, SHOP_CODE, make_comparable
from zhipo.accounts.models import Organisation, User
from zhipo.accounts.roles import Role
from zhipo.audit.events import Event
from zhipo.audit.models import Entry
from zhipo.enforcement.actions import joining as acts
from zhipo.enforcement.actions.joining import join_debtors, keep_apart, undo_joining
from zhipo.enforcement.finding_states import JoiningState
from zhipo.enforcement.linkage import SHARED_BY_TOO_MANY
from zhipo.enforcement.models import Debtor, EnforcementCase, Joining, LinkageKey, Property
from zhipo.enforcement.queries.debtors import debtors_visible_to
from zhipo.enforcement.queries.joining import proposals_for
from zhipo.enforcement.states import PropertyKind, Stage
from zhipo.law.triage.cause import Entity
from zhipo.web.refusals import NotAllowed, NotInState

pytestmark = pytest.mark.django_db
COMPANY, SAME = "湘潭鲜享家商贸有限公司", "鲜享家商贸（湘潭）有限公司"
ALIKE, OTHER = "湘潭鲜亨家商贸有限公司", "乐购超市有限公司"
Act = Callable[..., Joining]


@pytest.fixture
def kept(court: Organisation) -> Debtor:
    return make_comparable(court, name=COMPANY, brand="", credit_code=CODE)


@pytest.fixture
def joined() -> Debtor:
    """Known to another court, under another writing of the name."""
    return make_comparable(
        make_organisation(), name=SAME, brand="鲜享家", representative="李明"
    )


def join(kept: Debtor, joined: Debtor, by: User, reason: str = "同一住所") -> Joining:
    return join_debtors(kept_id=kept.pk, joined_id=joined.pk, reason=reason, by=by)


def count(event: Event) -> int:
    return Entry.objects.filter(event=event).count()


def test_a_pair_is_proposed_with_its_grounds_and_its_sum(
    judge: User, kept: Debtor, joined: Debtor
) -> None:
    [found] = proposals_for(judge)

    assert (found.kept, found.joined) == (kept, joined)
    assert [(one.kind, one.points) for one in found.grounds] == [("core_name", 50)]
    assert found.score == 50


@pytest.mark.parametrize(
    ("one", "other", "grounds"),
    [
        ({"name": COMPANY}, {"name": COMPANY}, ["full_name"]),
        ({"name": COMPANY, "brand": "鲜享家"}, {"name": SAME, "brand": "鲜享家"},
         ["core_name", "brand"]),
        ({"representative": "李明", "address": "湘潭市雨湖区1号"},
         {"representative": "李 明", "address": "雨湖区 1号", "name": ALIKE},
         ["similar_name", "representative", "address"]),
        ({"representative": "李明", "address": "雨湖区1号", "brand": "鲜享家"},
         {"representative": "李明", "address": "雨湖区1号", "brand": "鲜享家",
          "name": OTHER},
         ["representative", "address", "brand"]),
        ({"representative": "李明", "address": "雨湖区1号"},
         {"representative": "李明", "address": "雨湖区1号", "name": OTHER}, []),
        ({"brand": "鲜享家"}, {"brand": "鲜享家", "name": OTHER}, []),
    ],
)  # fmt: skip
def test_what_is_proposed(
    court: Organisation, judge: User, one: Any, other: Any, grounds: list[str]
) -> None:
    base = {"name": COMPANY, "brand": ""}
    make_comparable(court, **{**base, **one})
    make_comparable(court, **{**base, **other})

    found = proposals_for(judge)

    assert [g.kind for proposal in found for g in proposal.grounds] == grounds


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"credit_code": CODE}, {"credit_code": "91430302MA4L9999XK"}),
        ({"entity": Entity.SOLE_TRADER}, {"entity": Entity.SOLE_TRADER}),
        ({"entity": Entity.SOLE_TRADER}, {}),
        ({"entity": Entity.NATURAL_PERSON}, {"entity": Entity.NATURAL_PERSON}),
        ({}, {"stage": Stage.ACCEPTED}),
    ],
)
def test_what_is_never_proposed_whatever_the_name(
    court: Organisation, judge: User, one: Any, other: Any
) -> None:
    make_comparable(court, name=COMPANY, **one)
    make_comparable(court, name=COMPANY, **other)

    assert proposals_for(judge) == []


def test_a_value_that_very_many_share_tells_nothing(
    court: Organisation, judge: User
) -> None:
    for number in range(SHARED_BY_TOO_MANY + 1):
        make_comparable(
            court, name=f"{number}号店有限公司", address="创业园1栋", brand="联名",
            representative="托管公司",
        )  # fmt: skip

    assert proposals_for(judge) == []


def test_only_pairs_with_a_debtor_of_ones_own_are_shown(
    kept: Debtor, joined: Debtor
) -> None:
    stranger = make_staff(Role.ENFORCEMENT_JUDGE)

    assert proposals_for(stranger) == []


def test_a_row_without_a_case_is_not_proposed(judge: User, kept: Debtor) -> None:
    make_debtor(name=COMPANY)

    assert proposals_for(judge) == []


def test_joining_moves_everything_and_both_chains_say_so(
    judge: User, kept: Debtor, joined: Debtor
) -> None:
    found = make_property(joined)

    done = join(kept, joined, judge)

    kept.refresh_from_db()
    assert EnforcementCase.objects.filter(debtor=kept).count() == 2
    assert Property.objects.get(pk=found.pk).debtor == kept
    assert [one.name for one in kept.other_names.all()] == [SAME]
    assert (kept.brand, kept.representative) == ("鲜享家", "李明")
    assert (done.score, done.grounds) == (50, ["core_name"])
    chains = Entry.objects.filter(event=Event.DEBTORS_JOINED).values_list("chain", "detail")
    assert {chain for chain, _ in chains} == {
        f"debtor/{kept.slug}",
        f"debtor/{joined.slug}",
    }
    assert all(detail["cases"] == 1 for _, detail in chains)
    assert proposals_for(judge) == []


def test_the_other_court_then_sees_the_one_debtor(
    judge: User, kept: Debtor, joined: Debtor
) -> None:
    other = make_staff(Role.ENFORCEMENT_JUDGE, joined.cases.get().court)

    join(kept, joined, judge)

    assert list(debtors_visible_to(other)) == [kept]


def test_the_row_with_a_code_is_kept_whichever_was_named(
    judge: User, kept: Debtor, joined: Debtor
) -> None:
    assert join(joined, kept, judge).kept == kept


def test_joining_again_is_the_same_joining(
    judge: User, kept: Debtor, joined: Debtor
) -> None:
    assert join(kept, joined, judge) == join(kept, joined, judge)
    assert count(Event.DEBTORS_JOINED) == 2


def test_a_third_name_is_compared_with_every_name(
    court: Organisation, judge: User, kept: Debtor
) -> None:
    renamed = make_comparable(court, name="乐鲜到家网络有限公司")
    join(kept, renamed, judge)
    third = make_comparable(court, name="湘潭乐鲜到家网络有限公司")

    [found] = proposals_for(judge)

    assert (found.kept, found.joined) == (kept, third)


def make_property(debtor: Debtor, reference: str = "a") -> Property:
    return Property.objects.create(
        debtor=debtor, kind=PropertyKind.GOODS, reference=reference, label="货物",
        reference_hash=reference, as_of="2025-10-01T00:00:00Z", found_by="clue 1",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other", "key"),
    [
        ({"credit_code": CODE}, {"credit_code": "91430302MA4L9999XK"}, "two_codes"),
        ({"entity": Entity.SOLE_TRADER, "credit_code": SHOP_CODE},
         {"entity": Entity.SOLE_TRADER}, "stays_apart"),
        ({}, {"entity": Entity.OTHER_ORGANISATION}, "other_entity"),
        ({}, {"stage": Stage.REFERRING}, "joined_stage"),
        ({}, {"stage": Stage.ACCEPTED}, "not_now"),
    ],
)  # fmt: skip
def test_what_cannot_be_joined_changes_nothing(
    court: Organisation, judge: User, one: Any, other: Any, key: str
) -> None:
    first = make_comparable(court, name=COMPANY, **one)
    second = make_comparable(court, name=COMPANY, **other)

    with pytest.raises(NotInState) as refused:
        join(first, second, judge)

    assert refused.value.key.endswith(key)
    assert second.cases.count() == 1
    assert not Joining.objects.exists()


def test_a_joining_needs_a_reason(judge: User, kept: Debtor, joined: Debtor) -> None:
    with pytest.raises(NotInState):
        join(kept, joined, judge, reason="  ")


def test_two_entries_for_one_thing_stop_a_joining(
    judge: User, kept: Debtor, joined: Debtor
) -> None:
    make_property(kept)
    make_property(joined)

    with pytest.raises(NotInState) as refused:
        join(kept, joined, judge)

    assert "enforcement.property" in refused.value.sentence
    assert joined.cases.count() == 1


def test_one_part_is_not_joined_into_two(
    court: Organisation, judge: User, kept: Debtor, joined: Debtor
) -> None:
    third = make_comparable(court, name=COMPANY)
    join(kept, joined, judge)

    with pytest.raises(NotInState):
        join(third, joined, judge)


@pytest.mark.parametrize("act", [join_debtors, keep_apart])
@pytest.mark.parametrize("role", [Role.COURT_PRESIDENT, Role.BANKRUPTCY_JUDGE])
def test_other_roles_decide_nothing(
    court: Organisation, kept: Debtor, joined: Debtor, act: Act, role: Role
) -> None:
    by = make_staff(role, court)

    with pytest.raises(NotAllowed):
        act(kept_id=kept.pk, joined_id=joined.pk, reason="–", by=by)

    assert not Joining.objects.exists()


@pytest.mark.parametrize("act", [join_debtors, keep_apart])
def test_a_court_that_has_to_do_with_neither_decides_nothing(
    kept: Debtor, joined: Debtor, act: Act
) -> None:
    with pytest.raises(NotAllowed):
        act(kept_id=kept.pk, joined_id=joined.pk, reason="–",
            by=make_staff(Role.ENFORCEMENT_JUDGE))  # fmt: skip


def test_kept_apart_is_remembered_and_not_proposed_again(
    judge: User, kept: Debtor, joined: Debtor
) -> None:
    first = keep_apart(kept_id=kept.pk, joined_id=joined.pk, reason="关联公司", by=judge)
    again = keep_apart(kept_id=joined.pk, joined_id=kept.pk, reason="关联公司", by=judge)

    assert first == again
    assert first.state == JoiningState.KEPT_APART
    assert proposals_for(judge) == []
    assert count(Event.DEBTORS_KEPT_APART) == 2
    undo_joining(joining_id=first.pk, by=judge)
    assert len(proposals_for(judge)) == 1


def test_undoing_gives_everything_back(judge: User, kept: Debtor, joined: Debtor) -> None:
    found = make_property(joined)
    before = sorted(LinkageKey.objects.values_list("debtor", "kind", "value"))
    done = join(kept, joined, judge)

    undo_joining(joining_id=done.pk, by=judge)
    undo_joining(joining_id=done.pk, by=judge)

    kept.refresh_from_db()
    assert joined.cases.count() == kept.cases.count() == 1
    assert Property.objects.get(pk=found.pk).debtor == joined
    assert (kept.brand, kept.representative, kept.other_names.count()) == ("", "", 0)
    assert sorted(LinkageKey.objects.values_list("debtor", "kind", "value")) == before
    assert count(Event.JOINING_UNDONE) == 2
    assert len(proposals_for(judge)) == 1


@pytest.mark.parametrize("what", ["case", "property", "joining"])
def test_what_hangs_on_a_joining_keeps_it(
    court: Organisation, judge: User, kept: Debtor, joined: Debtor, what: str
) -> None:
    kept.credit_code = ""
    kept.save()
    done = join(kept, joined, judge)
    if what == "case":
        make_enforcement_case(debtor=kept, court=court)
    elif what == "property":
        make_property(kept)
    else:
        join(make_comparable(court, name=COMPANY, credit_code=CODE), kept, judge)

    with pytest.raises(NotInState):
        undo_joining(joining_id=done.pk, by=judge)

    assert Joining.objects.get(pk=done.pk).state == JoiningState.JOINED


def test_only_who_may_join_may_undo(
    court: Organisation, judge: User, kept: Debtor, joined: Debtor
) -> None:
    done = join(kept, joined, judge)

    for by in (make_staff(Role.COURT_PRESIDENT, court), make_staff(Role.COURT_CLERK)):
        with pytest.raises(NotAllowed):
            undo_joining(joining_id=done.pk, by=by)


@pytest.mark.parametrize("act", [join_debtors, keep_apart, undo_joining])
def test_a_failing_audit_undoes_it(
    judge: User, kept: Debtor, joined: Debtor, act: Act, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: dict[str, Any] = {"kept_id": kept.pk, "joined_id": joined.pk, "reason": "–"}
    if act is undo_joining:
        given = {"joining_id": join(kept, joined, judge).pk}
    before = list(Joining.objects.values())

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(acts, "record", fail)
    with pytest.raises(RuntimeError):
        act(**given, by=judge)

    assert list(Joining.objects.values()) == before
