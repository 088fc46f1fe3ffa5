"""Submission seals, approval carries out: what is paid is what was approved."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from factories import make_staff
from factories_plans import (
    RULING,
    TODAY,
    People,
    counted,
    make_adopted,
    make_approved,
    make_confirmed,
    make_funded_case,
    make_plan,
    make_submitted,
    put_money,
)
from zhipo.accounts.roles import Role
from zhipo.audit.models import Entry as AuditEntry
from zhipo.cases.models import Case
from zhipo.cases.phases import Phase
from zhipo.claims.models import Claim
from zhipo.distributions import files
from zhipo.distributions.actions import approving
from zhipo.distributions.actions.approving import approve_plan, refuse_plan, submit_plan
from zhipo.distributions.actions.money import take_money_back
from zhipo.distributions.actions.publishing import secret_of
from zhipo.distributions.actions.voting import propose_plan, record_vote
from zhipo.distributions.chart import COSTS, DEPOSITED, GENERAL, claims_of
from zhipo.distributions.models import Plan, ProofSecret, Share
from zhipo.distributions.policies.approving import RegisterChanged
from zhipo.distributions.queries.register import register_for
from zhipo.distributions.states import PlanState
from zhipo.engine.proofs.checks import faults_of
from zhipo.engine.proofs.kept import kept_proof
from zhipo.engine.proofs.leaves import salt_of
from zhipo.engine.proofs.proving import verify_proof
from zhipo.engine.proofs.reading import read_bundle
from zhipo.ledger.models import Transaction
from zhipo.ledger.queries import balance_fen, trial_balance
from zhipo.web.refusals import Declined, NotAllowed, NotInState

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_files(tmp_path: Any, settings: Any) -> None:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, home=tmp_path)


@pytest.fixture
def ready() -> tuple[Case, People]:
    """100,000 yuan; three consumers (one unproven), a supplier, an employee."""
    case, people = make_funded_case()
    make_confirmed(case, 27_188)
    make_confirmed(case, 9_000_000)
    make_confirmed(case, 120_000, identity="unproven")
    make_confirmed(case, 8_000_000, kind="supplier")
    make_confirmed(case, 1_000_000, kind="employee")
    return case, people


def last_event(case: Case) -> str:
    return str(AuditEntry.objects.filter(chain=case.number).latest("position").event)


def test_a_submitted_plan_is_computed_and_sealed(ready: tuple[Case, People]) -> None:
    case, people = ready

    plan = make_submitted(case, people)

    folder = files.folder_of(plan)
    assert files.is_as_sealed(plan)
    content = json.loads((folder / files.PLAN).read_text(encoding="utf-8"))
    assert content == {**plan.content, "claims": files.REGISTER}
    assert plan.summary["pools_fen"] == 10_000_000
    assert plan.summary["classes"]["employee"]["paid_fen"] == 1_000_000
    assert last_event(case) == "plan_submitted"
    entries = AuditEntry.objects.count()
    assert submit_plan(plan_id=plan.pk, by=people.lead).folder == plan.folder
    assert AuditEntry.objects.count() == entries


def test_a_plan_goes_to_the_court_adopted_or_twice_not(ready: tuple[Case, People]) -> None:
    case, people = ready
    plan = make_plan(case, people)
    propose_plan(plan_id=plan.pk, by=people.lead)
    for count in (3, 4):
        with pytest.raises(NotInState) as refused:
            submit_plan(plan_id=plan.pk, by=people.lead)
        assert refused.value.key == "distributions.refused.not_voted"
        record_vote(plan_id=plan.pk, counted=counted(heads_for=count), by=people.clerk)

    assert submit_plan(plan_id=plan.pk, by=people.lead).state == PlanState.SUBMITTED


def test_one_plan_at_a_time_is_before_the_court(ready: tuple[Case, People]) -> None:
    case, people = ready
    make_submitted(case, people)
    other = make_adopted(case, people, title="另一稿")

    with pytest.raises(NotInState) as refused:
        submit_plan(plan_id=other.pk, by=people.lead)

    assert refused.value.key == "distributions.refused.other_before_court"


def test_only_the_lead_submits_only_the_judge_rules(ready: tuple[Case, People]) -> None:
    case, people = ready
    plan = make_adopted(case, people)
    for other in (people.reviewer, people.cashier, people.judge):
        with pytest.raises(NotAllowed):
            submit_plan(plan_id=plan.pk, by=other)
    submit_plan(plan_id=plan.pk, by=people.lead)

    stranger = make_staff(Role.BANKRUPTCY_JUDGE)
    for other in (people.lead, people.clerk, stranger):
        for act in (approve_plan, refuse_plan):
            with pytest.raises(NotAllowed):
                act(plan_id=plan.pk, ruling=RULING, ruled_on=TODAY, by=other)


def test_an_approved_plan_has_shares_a_posting_and_a_publication(
    ready: tuple[Case, People],
) -> None:
    case, people = ready

    plan = make_approved(case, people)

    shares = {share.claim_id: share for share in plan.shares.all()}
    assert shares.keys() == set(case.claims.values_list("pk", flat=True))
    classes = plan.summary["classes"]
    paid = sum(share.paid_fen for share in shares.values())
    assert paid == sum(
        one["paid_fen"] for name, one in classes.items() if name != "expense"
    )
    (unproven,) = [s for s in shares.values() if s.claim.identity == "unproven"]
    assert unproven.paid_fen == 0
    assert unproven.reserved_fen > 0
    assert all(sum(s.parts) == s.paid_fen for s in shares.values())
    case.refresh_from_db()
    assert (case.phase, last_event(case)) == (Phase.DISTRIBUTION, "plan_approved")
    assert faults_of(read_bundle(files.folder_of(plan) / files.PUBLISHED)) == []


def test_an_approval_moves_the_pools_to_the_classes(ready: tuple[Case, People]) -> None:
    case, people = ready

    plan = make_approved(case, people)

    classes = plan.summary["classes"]
    assert balance_fen(case.number, GENERAL) == plan.summary["left_over_fen"] == 0
    for name in ("employee", "consumer", "ordinary"):
        assert balance_fen(case.number, claims_of(name)) == classes[name]["paid_fen"]
    assert balance_fen(case.number, COSTS) == classes["expense"]["paid_fen"]
    assert balance_fen(case.number, DEPOSITED) == classes["consumer"]["reserved_fen"] > 0
    lines = trial_balance(case.number)
    assert sum(one.debit_fen for one in lines) == sum(one.credit_fen for one in lines)


def test_the_same_ruling_again_changes_nothing(ready: tuple[Case, People]) -> None:
    case, people = ready
    plan = make_approved(case, people)
    before = counts()

    approve_plan(plan_id=plan.pk, ruling=RULING, ruled_on=TODAY, by=people.judge)

    assert before == counts()
    with pytest.raises(NotInState):
        approve_plan(plan_id=plan.pk, ruling="另号", ruled_on=TODAY, by=people.judge)


def test_shares_stand(ready: tuple[Case, People]) -> None:
    case, people = ready
    plan = make_approved(case, people)

    with pytest.raises(DatabaseError), transaction.atomic():
        plan.shares.update(paid_fen=0)
    with pytest.raises(DatabaseError), transaction.atomic():
        plan.shares.all().delete()


@pytest.mark.parametrize("name", [files.REGISTER, files.PLAN, files.RESULT])
def test_a_file_changed_by_one_byte_is_not_approved(
    ready: tuple[Case, People], name: str
) -> None:
    case, people = ready
    plan = make_submitted(case, people)
    path = files.folder_of(plan) / name
    path.write_bytes(path.read_bytes().replace(b"0", b"1", 1))

    refusal = refused(plan, people)

    assert refusal.key == "distributions.refused.seal_broken"
    assert not Share.objects.exists()


@pytest.mark.parametrize(
    "changed",
    [
        lambda claim: {"confirmed_fen": claim.confirmed_fen - 1},
        lambda claim: {"identity": "unproven"},
        lambda claim: {"state": "disputed"},
        lambda claim: {"state": "withdrawn"},
    ],
)
def test_a_register_that_has_changed_since_is_refused_with_what_changed(
    ready: tuple[Case, People], changed: Callable[[Claim], dict[str, Any]]
) -> None:
    case, people = ready
    plan = make_submitted(case, people)
    claim = case.claims.order_by("number")[0]
    Claim.objects.filter(pk=claim.pk).update(**changed(claim))

    refusal = refused(plan, people)

    assert isinstance(refusal, RegisterChanged)
    assert [one.claim_id for one in refusal.changed] == [claim.number]
    assert claim.number in refusal.sentence
    plan.refresh_from_db()
    assert (plan.state, Share.objects.count()) == (PlanState.SUBMITTED, 0)


def test_a_claim_filed_since_is_named_too(ready: tuple[Case, People]) -> None:
    case, people = ready
    plan = make_submitted(case, people)
    late = make_confirmed(case, 100)

    refusal = refused(plan, people)

    assert isinstance(refusal, RegisterChanged)
    assert [(one.claim_id, one.before) for one in refusal.changed] == [(late.number, None)]


def test_money_that_is_gone_is_not_distributed(ready: tuple[Case, People]) -> None:
    case, people = ready
    plan = make_submitted(case, people)
    (receipt,) = Transaction.objects.filter(book=case.number)
    take_money_back(transaction_id=receipt.pk, reason="误记", by=people.lead)

    assert refused(plan, people).key == "distributions.refused.pool_short"


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ({"ruling": " "}, "cases.refused.empty"),
        ({"ruled_on": TODAY + timedelta(days=1)}, "distributions.refused.ruling_day"),
        ({"ruled_on": TODAY - timedelta(days=1)}, "distributions.refused.ruling_day"),
    ],
)
def test_a_ruling_has_a_number_and_a_day(
    ready: tuple[Case, People], given: dict[str, Any], key: str
) -> None:
    case, people = ready
    plan = make_submitted(case, people)

    assert refused(plan, people, **given).key == key


@pytest.mark.parametrize("state", [PlanState.DRAFT, PlanState.ADOPTED])
def test_only_what_is_before_the_court_is_ruled_on(
    ready: tuple[Case, People], state: PlanState
) -> None:
    case, people = ready
    make = make_plan if state == PlanState.DRAFT else make_adopted
    plan = make(case, people)

    assert refused(plan, people).key == "distributions.refused.not_submitted"
    with pytest.raises(NotInState):
        refuse_plan(plan_id=plan.pk, ruling=RULING, ruled_on=TODAY, by=people.judge)


def test_a_refused_plan_pays_nobody_and_another_may_follow(
    ready: tuple[Case, People],
) -> None:
    case, people = ready
    plan = make_submitted(case, people)

    refuse_plan(plan_id=plan.pk, ruling=RULING, ruled_on=TODAY, by=people.judge)

    assert last_event(case) == "plan_refused"
    assert not Share.objects.exists()
    assert make_submitted(case, people, title="重新拟订").state == PlanState.SUBMITTED


def test_a_failing_record_undoes_submission_and_approval(
    ready: tuple[Case, People], monkeypatch: pytest.MonkeyPatch
) -> None:
    case, people = ready
    adopted = make_adopted(case, people)

    def failing(*_: object, **__: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(approving, "record", failing)
        with pytest.raises(RuntimeError), transaction.atomic():
            submit_plan(plan_id=adopted.pk, by=people.lead)
    adopted.refresh_from_db()
    assert (adopted.state, adopted.folder) == (PlanState.ADOPTED, "")
    assert not list((files.folder_of(adopted) / f"case-{case.pk}" / "plans").iterdir())

    plan = submit_plan(plan_id=adopted.pk, by=people.lead)
    monkeypatch.setattr(approving, "record", failing)
    with pytest.raises(RuntimeError), transaction.atomic():
        approve_plan(plan_id=plan.pk, ruling=RULING, ruled_on=TODAY, by=people.judge)
    plan.refresh_from_db()
    assert (plan.state, Share.objects.count()) == (PlanState.SUBMITTED, 0)
    assert balance_fen(case.number, GENERAL) == 10_000_000
    assert not ProofSecret.objects.exists()

    monkeypatch.undo()
    approve_plan(plan_id=plan.pk, ruling=RULING, ruled_on=TODAY, by=people.judge)


def test_each_creditor_has_a_proof_that_leads_to_the_published_root(
    ready: tuple[Case, People], tmp_path: Any
) -> None:
    case, people = ready
    plan = make_approved(case, people)
    folder = files.folder_of(plan)

    for number in case.claims.values_list("number", flat=True):
        salt = salt_of(number, secret_of(plan))
        proof = tmp_path / "proof.json"
        proof.write_text(json.dumps(kept_proof(number, salt, folder / files.TREE)))
        faults, statement = verify_proof(
            proof, statement_file=folder / files.PUBLISHED / "statement.json"
        )
        assert (faults, statement.root) == ([], plan.statement["root"])


def test_a_later_plan_takes_off_what_was_received_and_what_a_late_filer_missed(
    ready: tuple[Case, People],
) -> None:
    case, people = ready
    first = make_approved(case, people)
    Plan.objects.filter(pk=first.pk).update(law_date=TODAY - timedelta(days=5))
    there = case.claims.get(kind="supplier")
    late = make_confirmed(case, 8_000_000, kind="supplier", is_late=True,
                          filed_at=there.filed_at + timedelta(days=27))  # fmt: skip

    rows = {row.claim_pk: row.fen for row in register_for(case, TODAY)}

    assert rows[there.pk] == 8_000_000 - first.shares.get(claim=there).paid_fen
    assert abs(rows[late.pk] - rows[there.pk]) <= 1
    put_money(case, people, 2_000_000, reference="B-2")
    second = make_approved(case, people, title="第二次分配方案", is_last=True)
    shares = [second.shares.get(claim=claim).paid_fen for claim in (there, late)]
    assert abs(shares[0] - shares[1]) <= 1
    fees = {cost["kind"]: cost["fen"] for cost in second.costs}
    # 120,000 yuan in all: half of 50 + 2,250 + 400, less the 1,150 of the first plan.
    assert fees["case_fee"] == 1_350_00 - 1_150_00


def test_who_files_on_the_day_of_the_distribution_is_too_late(
    ready: tuple[Case, People],
) -> None:
    case, _ = ready
    today = make_confirmed(case, 500, filed_at=timezone.now())

    assert today.pk not in {row.claim_pk for row in register_for(case, TODAY)}
    assert today.pk in {
        row.claim_pk for row in register_for(case, TODAY + timedelta(days=1))
    }


def counts() -> tuple[int, int, int]:
    tables = (AuditEntry, Share, Transaction)
    audit, shares, postings = (table.objects.count() for table in tables)
    return audit, shares, postings


def refused(plan: Plan, people: People, **given: Any) -> Declined:
    """The refusal of an approval."""
    values = {"ruling": RULING, "ruled_on": TODAY, **given}
    with pytest.raises(NotInState) as refusal, transaction.atomic():
        approve_plan(plan_id=plan.pk, by=people.judge, **values)
    return refusal.value
