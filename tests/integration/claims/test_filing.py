"""One tap, another figure, a change, a withdrawal: each act in its four ways."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError
from django.utils import timezone

from factories import make_case, make_claim, make_creditor, working_day_before
from factories import make_holder as holder_of
from zhipo.audit.models import Entry
from zhipo.audit.trail import first_broken_link
from zhipo.cases.phases import Phase
from zhipo.claims.actions import filing, objecting, others, payout, proving
from zhipo.claims.models import Adjustment, Claim, Objection
from zhipo.claims.queries.creditor import own_claims
from zhipo.claims.states import ClaimKind, IdentityProof, PayoutChannel
from zhipo.kernel.identifiers import IdentifierError
from zhipo.kernel.working_days import next_working_day
from zhipo.law.register.states import ClaimState
from zhipo.privacy.columns import lookup_hash
from zhipo.web.refusals import Declined, NotAllowed, NotInState

pytestmark = pytest.mark.django_db
PHONE, STRANGER = "+8613800138000", "+8613900139000"
ID_NO = "11010519491231002X"


@pytest.fixture
def case() -> Any:
    return make_case()


@pytest.fixture
def person() -> Any:
    return make_creditor(PHONE)


@pytest.fixture
def stranger() -> Any:
    return make_creditor(STRANGER)


def prefilled(case: Any, **given: Any) -> Claim:
    return make_claim(case, holder_of(case, PHONE), **given)


def filed(case: Any, person: Any, **given: Any) -> Claim:
    return make_claim(
        case, holder_of(case, PHONE), creditor=person, **{"state": "filed", **given}
    )


def events(claim: Claim) -> list[str]:
    rows = Entry.objects.filter(subject=f"claim {claim.pk}").order_by("position")
    return list(rows.values_list("event", flat=True))


def break_audit(monkeypatch: pytest.MonkeyPatch, module: Any) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise DatabaseError("the trail is not there")

    monkeypatch.setattr(module, "record", fail)


def test_file_claim_gives_a_receipt_and_is_recorded(case: Any, person: Any) -> None:
    claim = prefilled(case)

    filing.file_claim(claim_id=claim.pk, by=person)

    claim.refresh_from_db()
    assert (claim.state, claim.creditor) == (ClaimState.FILED, person)
    assert claim.receipt.startswith(f"{claim.number}-")
    assert claim.identity == IdentityProof.TRAIL
    assert claim.payout_channel == PayoutChannel.WECHAT
    assert claim.payout_hash == claim.holder.payer_hash
    assert not claim.is_late
    assert events(claim) == ["claim_filed"]
    assert first_broken_link(case.number) is None


def test_file_claim_twice_is_the_same_receipt(case: Any, person: Any) -> None:
    claim = prefilled(case)

    first = filing.file_claim(claim_id=claim.pk, by=person)
    second = filing.file_claim(claim_id=claim.pk, by=person)

    assert (first.receipt, first.filed_at) == (second.receipt, second.filed_at)
    assert events(claim) == ["claim_filed"]


def test_file_claim_of_another_is_refused_like_one_that_is_not_there(
    case: Any, stranger: Any
) -> None:
    claim = prefilled(case)

    with pytest.raises(NotAllowed) as theirs:
        filing.file_claim(claim_id=claim.pk, by=stranger)
    with pytest.raises(NotAllowed) as nobodys:
        filing.file_claim(claim_id=10**9, by=stranger)

    claim.refresh_from_db()
    assert str(theirs.value.sentence) == str(nobodys.value.sentence)
    assert claim.state == "prefilled"
    assert events(claim) == []


@pytest.mark.parametrize("phase", [Phase.ACCEPTED, Phase.CLOSED, Phase.DISMISSED])
def test_file_claim_in_a_case_that_takes_none_changes_nothing(
    phase: Phase, person: Any
) -> None:
    claim = prefilled(make_case(phase=phase))

    with pytest.raises(NotInState):
        filing.file_claim(claim_id=claim.pk, by=person)

    claim.refresh_from_db()
    assert claim.state == "prefilled"


def test_file_claim_is_undone_by_a_failing_audit(
    case: Any, person: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = prefilled(case)
    break_audit(monkeypatch, filing)

    with pytest.raises(DatabaseError):
        filing.file_claim(claim_id=claim.pk, by=person)

    claim.refresh_from_db()
    assert (claim.state, claim.creditor_id) == ("prefilled", None)


@pytest.mark.parametrize(
    ("ends", "is_late"), [(next_working_day, False), (working_day_before, True)]
)
def test_file_claim_is_late_from_the_day_after_the_last(
    ends: Callable[[date], date], person: Any, *, is_late: bool
) -> None:
    claim = prefilled(make_case(filing_until=ends(timezone.localdate())))

    assert filing.file_claim(claim_id=claim.pk, by=person).is_late is is_late


@pytest.mark.parametrize(
    ("fen", "proof"), [(200_000, IdentityProof.TRAIL), (200_001, IdentityProof.UNPROVEN)]
)
def test_trail_proves_up_to_the_limit(
    fen: int, proof: IdentityProof, case: Any, person: Any
) -> None:
    claim = prefilled(case, claimed_fen=fen)

    assert filing.file_claim(claim_id=claim.pk, by=person).identity == proof


def test_accounts_of_one_phone_are_filed_together_or_not_at_all(
    case: Any, person: Any
) -> None:
    mine = [prefilled(case), prefilled(case)]
    other = make_claim(case, holder_of(case, STRANGER))

    with pytest.raises(NotAllowed):
        filing.file_claims(claim_ids=[mine[0].pk, other.pk], by=person)
    assert Claim.objects.filter(state="filed").count() == 0

    filing.file_claims(claim_ids=[claim.pk for claim in mine], by=person)
    assert Claim.objects.filter(state="filed", creditor=person).count() == 2


def test_account_of_the_same_payer_and_name_is_found_once_one_is_proven(
    case: Any, person: Any
) -> None:
    claim = prefilled(case)
    same = {"payer_hash": claim.holder.payer_hash, "payer_account": "wx-same"}
    linked = make_claim(case, holder_of(case, STRANGER, **same))
    household = holder_of(case, STRANGER, name_hash=lookup_hash("name", "李四"), **same)
    make_claim(case, household)

    assert own_claims(person, case) == [claim]
    filing.file_claim(claim_id=claim.pk, by=person)

    assert own_claims(person, case) == [claim, linked]
    assert filing.file_claim(claim_id=linked.pk, by=person).state == ClaimState.FILED


def test_claim_filed_at_the_counter_becomes_the_persons(case: Any, person: Any) -> None:
    claim = make_claim(case, holder_of(case, PHONE), state="filed")

    filing.file_claim(claim_id=claim.pk, by=person)

    claim.refresh_from_db()
    assert claim.creditor == person
    assert events(claim) == ["identity_proven"]


def test_disputed_figure_is_filed_and_waits_for_a_person(case: Any, person: Any) -> None:
    claim = prefilled(case)
    said = {"claimed_fen": 50_000, "statement": "还有一笔充值"}

    filing.file_disputed(claim_id=claim.pk, **said, by=person)
    again = filing.file_disputed(claim_id=claim.pk, **said, by=person)

    claim.refresh_from_db()
    assert (claim.state, claim.claimed_fen) == (ClaimState.FILED, 50_000)
    assert claim.is_disputed
    assert again.receipt == claim.receipt
    assert events(claim) == ["claim_filed"]
    with pytest.raises(NotInState):
        filing.file_disputed(
            claim_id=claim.pk, claimed_fen=60_000, statement="x", by=person
        )


def test_amending_undoes_the_decision_and_keeps_what_was(case: Any, person: Any) -> None:
    claim = filed(case, person, state="reviewed", decision="admit", admitted_fen=27_188)

    filing.amend_claim(claim_id=claim.pk, claimed_fen=20_000, statement="少", by=person)

    claim.refresh_from_db()
    assert (claim.claimed_fen, claim.decision, claim.admitted_fen) == (20_000, "manual", 0)
    assert Adjustment.objects.get(claim=claim).before["claimed_fen"] == 27_188
    assert events(claim) == ["claim_amended"]


@pytest.mark.parametrize("state", ["tabled", "checked", "rejected", "withdrawn"])
def test_amending_and_withdrawing_stop_at_the_register(
    state: str, case: Any, person: Any
) -> None:
    claim = filed(case, person, state=state)

    with pytest.raises(NotInState):
        filing.amend_claim(claim_id=claim.pk, claimed_fen=1, statement="x", by=person)
    if state != "withdrawn":
        with pytest.raises(NotInState):
            filing.withdraw_claim(claim_id=claim.pk, by=person)

    claim.refresh_from_db()
    assert (claim.state, claim.claimed_fen) == (state, 27_188)


def test_withdrawn_claim_may_be_filed_again_once(case: Any, person: Any) -> None:
    claim = filed(case, person)

    filing.withdraw_claim(claim_id=claim.pk, by=person)
    anew = filing.file_again(claim_id=claim.pk, by=person)

    assert events(claim) == ["claim_withdrawn"]
    assert anew.number == f"{claim.number}/2"
    assert filing.file_again(claim_id=claim.pk, by=person) == anew


@pytest.mark.parametrize("act", [filing.withdraw_claim, filing.file_again])
def test_strangers_neither_withdraw_nor_file_again(
    act: Any, case: Any, person: Any, stranger: Any
) -> None:
    claim = filed(case, person)

    with pytest.raises(NotAllowed):
        act(claim_id=claim.pk, by=stranger)

    claim.refresh_from_db()
    assert claim.state == "filed"


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (filing.withdraw_claim, {}),
        (filing.amend_claim, {"claimed_fen": 5, "statement": ""}),
    ],
)
def test_change_is_undone_by_a_failing_audit(
    act: Any, said: Any, case: Any, person: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = filed(case, person)
    break_audit(monkeypatch, filing)

    with pytest.raises(DatabaseError):
        act(claim_id=claim.pk, **said, by=person)

    claim.refresh_from_db()
    assert (claim.state, claim.claimed_fen) == ("filed", 27_188)
    assert not Adjustment.objects.exists()


def supplier(**given: Any) -> others.Statement:
    return others.Statement(
        kind=ClaimKind.SUPPLIER, claimant="湘潭某供货行", claimed_fen=7_000_000,
        text="货款未结", details={"invoices": 7_000_000}, **given,
    )  # fmt: skip


def test_statement_without_books_is_filed_once_per_form(case: Any, person: Any) -> None:
    how = {"case_id": case.pk, "said": supplier(), "by": person}

    first = others.file_statement(form_key="k1", **how)
    again = others.file_statement(form_key="k1", **how)
    second = others.file_statement(form_key="k2", **how)

    assert first == again
    assert (first.number, second.number) == ("S-000-001", "S-000-002")
    assert (first.identity, first.is_disputed) == (IdentityProof.UNPROVEN, True)
    assert events(first) == ["claim_filed"]


def test_statement_is_refused_where_the_case_is_closed(person: Any) -> None:
    case = make_case(phase=Phase.CLOSED)

    with pytest.raises(NotInState):
        others.file_statement(case_id=case.pk, said=supplier(), form_key="k", by=person)

    assert not Claim.objects.exists()


def test_real_name_is_compared_with_the_books(case: Any, person: Any) -> None:
    claim = filed(case, person, claimed_fen=300_000)
    holder = claim.holder
    holder.id_hash = lookup_hash("id_no", ID_NO)
    holder.save()
    proof = {"claim_id": claim.pk, "by": person}

    with pytest.raises(proving.NotTheSame):
        proving.prove_identity(name="李四", id_no=ID_NO, **proof)
    with pytest.raises(IdentifierError):
        proving.prove_identity(name="王小明", id_no="110105194912310021", **proof)
    proving.prove_identity(name="王小明", id_no=ID_NO, **proof)

    claim.refresh_from_db()
    person.refresh_from_db()
    assert claim.identity == IdentityProof.REAL_NAME
    assert person.id_hash == holder.id_hash
    assert events(claim) == ["identity_proven"]


def test_payout_is_changed_until_it_is_ordered(case: Any, person: Any) -> None:
    claim = filed(case, person)
    card = {"channel": PayoutChannel.BANK, "account": "6222020200112233445", "by": person}

    payout.choose_payout(claim_id=claim.pk, **card)

    claim.refresh_from_db()
    kept = Adjustment.objects.get(claim=claim)
    assert claim.payout_hash == lookup_hash("account", card["account"])
    assert kept.after["account"].endswith("3445")
    assert card["account"] not in str(kept.after)
    assert events(claim) == ["payout_chosen"]

    claim.payout_ordered_at = timezone.now()
    claim.save()
    with pytest.raises(NotInState):
        payout.choose_payout(
            claim_id=claim.pk, **{**card, "account": "6222020200112299999"}
        )


@pytest.mark.parametrize(
    ("state", "then"),
    [("reviewed", "reviewed"), ("checked", "disputed"), ("rejected", "rejected")],
)
def test_objection_is_raised_once_at_a_time(
    state: str, then: str, case: Any, person: Any
) -> None:
    claim = filed(case, person, state=state)

    first = objecting.raise_objection(claim_id=claim.pk, text="不对", by=person)
    again = objecting.raise_objection(claim_id=claim.pk, text="不对", by=person)

    claim.refresh_from_db()
    assert first == again
    assert claim.state == then
    assert events(claim) == ["objection_raised"]


@pytest.mark.parametrize(("days", "is_in_time"), [(0, True), (1, False)])
def test_objection_runs_out_with_its_clock(
    days: int, is_in_time: bool, person: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = make_case(checked_on=date(2025, 10, 9))
    claim = filed(case, person, state="checked")
    last_day = date(2025, 10, 24)  # fifteen days on, a Friday
    today = last_day + timedelta(days=days)
    monkeypatch.setattr(objecting.timezone, "localdate", lambda *_: today)

    if is_in_time:
        objection = objecting.raise_objection(claim_id=claim.pk, text="不对", by=person)
        assert objection.suit_until == last_day
    else:
        with pytest.raises(NotInState):
            objecting.raise_objection(claim_id=claim.pk, text="不对", by=person)
        assert not Objection.objects.exists()


@pytest.mark.parametrize("state", ["filed", "confirmed", "withdrawn"])
def test_objection_needs_a_result_that_is_not_final(
    state: str, case: Any, person: Any
) -> None:
    given = {"confirmed_fen": 1, "ruling": "x"} if state == "confirmed" else {}
    claim = filed(case, person, state=state, **given)

    with pytest.raises(Declined):
        objecting.raise_objection(claim_id=claim.pk, text="不对", by=person)
    assert not Objection.objects.exists()
