"""Claims by machine: pages, filters, entering one and many, masked."""

from typing import Any

import pytest

from factories import make_claim, make_holder
from integration.api.conftest import Machines
from zhipo.accounts.models import User
from zhipo.audit.models import Entry
from zhipo.cases.models import Case
from zhipo.cases.phases import Phase
from zhipo.claims.models import Claim
from zhipo.privacy.columns import lookup_hash

CREDIT_CODE = "91430302MA4XJ0001C"


def test_claims_come_in_pages_without_gap_or_repeat(
    case: Case, judge: User, machine: Machines
) -> None:
    numbers = sorted(make_claim(case).number for _ in range(7))
    own, seen, cursor = machine(judge), [], ""

    while cursor is not None:
        page = own.get(f"/cases/{case.slug}/claims", limit=3, cursor=cursor).json()
        seen += [one["number"] for one in page["items"]]
        cursor = page["next"]

    assert seen == numbers


@pytest.mark.parametrize("cursor", ["%%%", "QQ==", "Jyc7LS0="])
def test_a_cursor_of_somebodys_own_making_is_refused(
    cursor: str, case: Case, judge: User, machine: Machines
) -> None:
    answer = machine(judge).get(f"/cases/{case.slug}/claims", cursor=cursor)

    assert answer.status_code == 422
    assert answer.json()["faults"][0]["at"] == "query/cursor"


def test_filters_keep_what_was_asked_for(
    case: Case, judge: User, machine: Machines
) -> None:
    make_claim(case)
    filed = make_claim(case, state="filed", kind="supplier", is_late=True)
    own = machine(judge)

    for asked in (
        {"state": "filed"}, {"kind": "supplier"}, {"late": "yes"},
        {"filed_from": "2020-01-01"},
    ):  # fmt: skip
        page = own.get(f"/cases/{case.slug}/claims", **asked).json()
        assert [one["id"] for one in page["items"]] == [filed.pk], asked
    assert (
        own.get(f"/cases/{case.slug}/claims", filed_to="2020-01-01").json()["items"] == []
    )
    assert own.get(f"/cases/{case.slug}/claims", state="lost").status_code == 422


def test_a_claim_is_masked(
    case: Case, judge: User, claim: Claim, machine: Machines
) -> None:
    body = machine(judge).get(f"/cases/{case.slug}/claims/{claim.pk}").content.decode()

    assert "王**" in body
    for secret in ("王小明", "430302198001011234", "13800138000", "wx-"):
        assert secret not in body


def test_a_claim_of_another_case_is_not_there(
    case: Case, judge: User, stranger: User, claim: Claim, machine: Machines
) -> None:
    own = machine(stranger).get("/cases").json()["items"][0]["slug"]

    assert machine(stranger).get(f"/cases/{own}/claims/{claim.pk}").status_code == 404
    assert machine(judge).get(f"/cases/{case.slug}/claims/{10**30}").status_code == 404


def test_a_pre_filled_claim_is_entered_from_paper(
    case: Case, lead: User, claim: Claim, machine: Machines, paper: dict[str, Any]
) -> None:
    answer = machine(lead).post(f"/cases/{case.slug}/claims", paper)

    assert answer.status_code == 201
    claim.refresh_from_db()
    assert (claim.state, claim.filed_through, claim.is_disputed) == ("filed", "post", False)
    assert answer.json()["receipt"] == claim.receipt
    entry = Entry.objects.get(event="claim_filed")
    assert (entry.actor, entry.subject) == (f"user {lead.pk}", f"claim {claim.pk}")


def test_a_suppliers_claim_is_entered_from_paper(
    case: Case, lead: User, machine: Machines, supplier: dict[str, Any]
) -> None:
    answer = machine(lead).post(f"/cases/{case.slug}/claims", supplier)

    assert answer.status_code == 201
    claim = Claim.objects.get()
    assert (claim.kind, claim.claimant) == ("supplier", "湘潭冷链物流有限公司")
    assert "湘潭冷链" not in answer.content.decode()


def test_the_senders_reference_names_one_claim(
    case: Case, lead: User, machine: Machines, supplier: dict[str, Any]
) -> None:
    own = machine(lead)
    first = own.post(f"/cases/{case.slug}/claims", supplier, key="key-00000001").json()
    again = own.post(f"/cases/{case.slug}/claims", supplier, key="key-00000002").json()
    other = own.post(
        f"/cases/{case.slug}/claims", {**supplier, "claimant": "别人"}, key="key-00000003"
    )

    assert again["id"] == first["id"]
    assert (other.status_code, other.json()["reason"]) == (
        409,
        "api.refused.reference_taken",
    )
    assert Claim.objects.count() == 1


def test_a_firm_is_found_by_the_credit_code_that_came_with_its_claim(
    case: Case, lead: User, machine: Machines, supplier: dict[str, Any]
) -> None:
    own, code = machine(lead), "91430302MA4L1ABC0X"
    wrong = own.post(f"/cases/{case.slug}/claims", {**supplier, "credit_code": code})
    right = {**supplier, "credit_code": CREDIT_CODE.lower()}
    entered = own.post(f"/cases/{case.slug}/claims", right, key="key-00000002")

    assert (wrong.status_code, wrong.json()["reason"]) == (422, "api.refused.credit_code")
    claim = Claim.objects.get()
    assert (entered.status_code, claim.details) == (201, {"credit_code": CREDIT_CODE})
    assert claim.credit_code_hash == lookup_hash("credit_code", CREDIT_CODE)


def test_rows_stand_or_fall_alone(
    case: Case, lead: User, claim: Claim, machine: Machines, paper: dict[str, Any],
    supplier: dict[str, Any],
) -> None:  # fmt: skip
    rows = [
        paper,
        {**supplier, "received_on": "2999-01-01"},
        {**paper, "reference": "P-2", "holder_id": "M0"},
        supplier,
        {**supplier, "reference": "S-2", "kind": None},
    ]

    answer = machine(lead).post(f"/cases/{case.slug}/claims/batch", {"rows": rows})

    body = answer.json()
    assert (answer.status_code, body["filed"], body["refused"]) == (200, 2, 3)
    reasons = [(row["problem"] or {}).get("reason") for row in body["results"]]
    assert reasons == [
        None, "claims.refused.wrong_day", "api.refused.no_such_holder", None,
        "api.refused.one_or_other",
    ]  # fmt: skip
    assert Claim.objects.filter(state="filed").count() == 2
    assert Entry.objects.filter(event="claim_filed").count() == 2


def test_nothing_is_entered_before_filing_begins(
    case: Case, lead: User, machine: Machines, supplier: dict[str, Any]
) -> None:
    Case.objects.update(phase=Phase.ACCEPTED)

    answer = machine(lead).post(f"/cases/{case.slug}/claims", supplier)

    assert (answer.status_code, answer.json()["reason"]) == (409, "cases.power.not_now")
    assert not Claim.objects.exists()


def test_a_failing_audit_leaves_no_claim_and_no_answer(
    case: Case, lead: User, machine: Machines, supplier: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    own = machine(lead)
    with monkeypatch.context() as broken:
        broken.setattr("zhipo.claims.actions.filing.record", _fail)
        assert own.post(f"/cases/{case.slug}/claims", supplier).status_code == 500
    assert not Claim.objects.exists()

    assert own.post(f"/cases/{case.slug}/claims", supplier).status_code == 201


def test_the_register_is_masked_and_for_spreadsheets_harmless(
    case: Case, judge: User, machine: Machines
) -> None:
    holder = make_holder(case, name="=HYPERLINK(1)", id_no="430302198001011234")
    make_claim(case, holder, state="tabled", decision="admit", admitted_fen=27_188)
    own = machine(judge)

    row = own.get(f"/cases/{case.slug}/register").json()["items"][0]
    answer = own.get(f"/cases/{case.slug}/register.csv")
    lines = b"".join(answer.streaming_content).decode().splitlines()

    assert (row["heading"], row["admitted_fen"], row["id_no"][3:14]) == (
        "ORDINARY", 27_188, "*" * 11,
    )  # fmt: skip
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert lines[0].removeprefix("\ufeff").split(",") == list(row)
    assert "'=" in lines[1]
    assert "HYPERLINK" not in lines[1]
    assert len(lines) == 2


def test_events_are_read_from_where_one_left_off(
    case: Case, lead: User, judge: User, machine: Machines, supplier: dict[str, Any]
) -> None:
    writer, reader = machine(lead), machine(judge)
    writer.post(f"/cases/{case.slug}/claims", supplier)
    first = reader.get(f"/cases/{case.slug}/events").json()
    writer.post(
        f"/cases/{case.slug}/claims", {**supplier, "reference": "S-2"}, key="key-00000002"
    )

    fresh = reader.get(f"/cases/{case.slug}/events", after=first["next"])

    assert [one["event"] for one in fresh.json()["items"]] == ["claim_filed"]
    assert fresh.json()["items"][0]["position"] == first["next"] + 1
    assert "湘潭冷链" not in fresh.content.decode()
    assert reader.get(f"/cases/{case.slug}/events", after=10**6).json()["next"] == 10**6


def test_lookup_hashes_never_leave(
    case: Case, judge: User, claim: Claim, machine: Machines
) -> None:
    page = machine(judge).get(f"/cases/{case.slug}/claims").content.decode()

    assert lookup_hash("phone", "+8613800138000") not in page


def _fail(*_: object, **__: object) -> None:
    raise RuntimeError("the audit trail does not write")
