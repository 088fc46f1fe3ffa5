"""Every refusal is a problem, in the language asked for, and gives nothing away."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from integration.api.conftest import Machine, Machines
from zhipo.accounts.models import User
from zhipo.cases.models import Case
from zhipo.claims.models import Claim, Evidence
from zhipo.portals.api.problems import MEDIA_TYPE

LEDGER = """event_id,holder_id,at,kind,fen
1,M1,2025-01-01T10:00:00,top_up,50000
"""


def check_problem(answer: Any, status: int) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(answer.content)
    assert (answer.status_code, body["status"]) == (status, status)
    assert answer["Content-Type"] == MEDIA_TYPE
    assert body["type"].startswith("/api/v1/docs#")
    assert body["title"]
    assert body["detail"]
    assert "no-store" in answer["Cache-Control"]
    return body


def test_without_a_token(case: Case) -> None:
    check_problem(Machine("").get("/cases"), 401)


@pytest.mark.parametrize("path", ["/", "/nothing", "/cases/%00", "/cases/x/claims/abc"])
def test_no_such_address(path: str, lead: User, machine: Machines) -> None:
    check_problem(machine(lead).get(path), 404)


def test_wrong_method(case: Case, lead: User, machine: Machines) -> None:
    own = machine(lead)

    answer = own.client.delete(f"/api/v1/cases/{case.slug}/claims", headers=own.headers)

    check_problem(answer, 405)
    assert set(answer["Allow"].split(", ")) == {"GET", "POST"}


@pytest.mark.parametrize("body", ["{", "\x00", "[" * 100_000])
def test_a_body_that_is_no_json(
    body: str, case: Case, lead: User, machine: Machines
) -> None:
    check_problem(machine(lead).post(f"/cases/{case.slug}/claims", body), 400)


def test_a_body_that_is_too_large(case: Case, lead: User, machine: Machines) -> None:
    body = json.dumps({"statement": "x" * 1_100_000})

    check_problem(machine(lead).post(f"/cases/{case.slug}/claims", body), 413)


def test_an_upload_that_is_too_large_is_refused_by_its_length(
    case: Case, lead: User, machine: Machines
) -> None:
    own = machine(lead)

    answer = own.client.post(
        f"/api/v1/cases/{case.slug}/evidence",
        {},
        headers={**own.headers, "Idempotency-Key": "key-00000001"},
        CONTENT_LENGTH=str(4 * 1024**3),
    )

    check_problem(answer, 413)


def test_a_wrong_media_type(case: Case, lead: User, machine: Machines) -> None:
    own = machine(lead)

    check_problem(own.post(f"/cases/{case.slug}/evidence", {}), 415)
    check_problem(own.upload(f"/cases/{case.slug}/claims", {}), 415)


def test_faults_name_the_place_and_not_the_value(
    case: Case, lead: User, machine: Machines, supplier: dict[str, Any]
) -> None:
    rows = [supplier, {**supplier, "claimed_fen": "王小明", "phone": "13800138000"}]

    answer = machine(lead).post(f"/cases/{case.slug}/claims/batch", {"rows": rows})

    body = check_problem(answer, 422)
    assert {one["at"] for one in body["faults"]} == {
        "body/rows/1/claimed_fen",
        "body/rows/1/phone",
    }
    assert "王小明" not in answer.content.decode()
    assert not Claim.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("claimed_fen", 0), ("claimed_fen", 1.5), ("claimed_fen", True),
        ("claimed_fen", 10**13 + 1), ("received_on", 0), ("received_on", "gestern"),
        ("kind", "employee"), ("claimant", "  "), ("claimant", "a\x00b"),
        ("statement", "\ud800"), ("reference", "a b"), ("reference", "x" * 31),
    ],
)  # fmt: skip
def test_values_out_of_bounds(
    field: str, value: Any, case: Case, lead: User, machine: Machines,
    supplier: dict[str, Any],
) -> None:  # fmt: skip
    answer = machine(lead).post(f"/cases/{case.slug}/claims", {**supplier, field: value})

    body = check_problem(answer, 422)
    assert body["faults"][0]["at"] == f"body/{field}"


def test_a_refusal_speaks_the_language_that_was_asked_for(
    case: Case, judge: User, machine: Machines, supplier: dict[str, Any]
) -> None:
    path = f"/cases/{case.slug}/claims"
    chinese = machine(judge).post(path, supplier).json()
    english = machine(judge, lang="en").post(path, supplier).json()

    assert chinese["reason"] == english["reason"] == "cases.power.not_yours"
    assert chinese["title"] == "不允许"
    assert english["title"] == "Not allowed"
    assert chinese["detail"] != english["detail"]


def test_something_broken_says_nothing_of_why(
    case: Case, lead: User, machine: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zhipo.portals.api.claims.claims_in", _break)

    answer = machine(lead).get(f"/cases/{case.slug}/claims")

    check_problem(answer, 500)
    assert "13800138000" not in answer.content.decode()


def test_books_are_handed_in_once(case: Case, lead: User, machine: Machines) -> None:
    own = machine(lead)
    path = f"/cases/{case.slug}/evidence"

    first = own.upload(path, {"books": _book(), "read_as": "alipay"})
    again = own.upload(path, {"books": _book(), "read_as": "alipay"})
    other = own.upload(path, {"books": _book(LEDGER + "2,M1,2025-01-02,bonus,1\n")})

    assert (first.status_code, again.content) == (202, first.content), first.content
    check_problem(other, 422)
    assert Evidence.objects.count() == 1
    assert own.get(f"{path}/1").json()["state"] == "uploaded"
    assert own.get(path).json()["items"] == [own.get(f"{path}/1").json()]
    assert own.get(f"{path}/2").status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("books.exe", "MZ", "claims.evidence.ending"),
        ("books.xlsx", LEDGER, "claims.evidence.lying_type"),
        ("books.csv", "", "claims.evidence.empty"),
    ],
)
def test_books_that_are_not_what_they_say(
    name: str, content: str, reason: str, case: Case, lead: User, machine: Machines
) -> None:
    form = {"books": _book(content, name=name), "read_as": "alipay"}

    body = check_problem(machine(lead).upload(f"/cases/{case.slug}/evidence", form), 422)

    assert body["reason"] == reason
    assert not Evidence.objects.exists()


def test_books_larger_than_are_taken(
    case: Case, lead: User, machine: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zhipo.portals.api.evidence.Handed", _small)
    form = {"books": _book(), "read_as": "alipay"}

    body = check_problem(machine(lead).upload(f"/cases/{case.slug}/evidence", form), 413)

    assert body["reason"] == "claims.evidence.too_large"


def _book(content: str = LEDGER, *, name: str = "books.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode(), content_type="text/csv")


def _small(*given: Any) -> Any:
    from zhipo.claims.actions.receiving import Handed

    return Handed(*given, most_bytes=10)


def _break(*_: object) -> None:
    raise RuntimeError("13800138000")
