"""Logs name nobody: not in a journey, not when something breaks."""

import json
import logging
from typing import Any

import pytest
import structlog

from devices import device_of
from factories import (
    make_balance,
    make_case,
    make_claim,
    make_creditor,
    make_evidence,
    make_holder,
    make_staff,
)
from zhipo.accounts.roles import Role
from zhipo.web.logs import PlainFormatter

PHONE, ID_NO = "13800138000", "430302198001011234"
NAME, ACCOUNT, WORDS = "王小明", "6222020000001234567", "我的钱只剩这些了"
SECRETS = (PHONE, ID_NO, NAME, ACCOUNT, WORDS)
pytestmark = pytest.mark.django_db


def lines(capture: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    written = capture.readouterr()
    return [
        json.loads(line)
        for line in (written.out + written.err).splitlines()
        if line.startswith("{")
    ]


def test_a_whole_journey_leaves_no_personal_data(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    case = make_case()
    holder = make_holder(case, id_no=ID_NO, name=NAME, payer_account=ACCOUNT)
    make_balance(make_evidence(case), holder)
    claim = make_claim(case, holder)
    creditor, lead = (
        device_of(make_creditor()),
        device_of(make_staff(Role.ADMINISTRATOR_LEAD, case.administrator)),
    )
    at, desk = f"/c/{case.slug}", f"/desk/{case.slug}"

    device_of(None).post(f"{at}/sign-in", {"phone": PHONE})
    creditor.get(f"{at}/money")
    filed = creditor.post(
        f"{at}/claims/{claim.pk}/dispute", {"claimed_fen": "300.00", "statement": WORDS}
    )
    creditor.post(f"{at}/claims/{claim.pk}/identity", {"name": NAME, "id_no": ID_NO})
    creditor.post(f"{at}/claims/{claim.pk}/payout", {"channel": "bank", "account": ACCOUNT})
    lead.get(f"{desk}/search", {"q": NAME})
    lead.get(f"{desk}/claims/{claim.pk}")
    device_of(None).post("/enter/", {"login": PHONE, "password": NAME})

    found = [one for one in lines(capsys) if one["event"] == "answered"]
    assert len(found) == 8
    assert filed.status_code < 400
    text = json.dumps(found, ensure_ascii=False)
    assert [secret for secret in SECRETS if secret in text] == []
    assert [secret for secret in SECRETS if secret in caplog.text] == []


def test_what_breaks_is_on_record_without_its_values(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(PlainFormatter())
    logging.getLogger("django").addHandler(handler)
    monkeypatch.setattr("zhipo.portals.public.views.render", _break)

    answer = device_of(None).get("/")
    logging.getLogger("django").removeHandler(handler)

    (broken,) = [one for one in lines(capsys) if one.get("exception")]
    assert answer.status_code == 500
    assert broken["exception"] == "RuntimeError"
    assert any("_break" in place for place in broken["places"])
    assert PHONE not in json.dumps(broken)


def test_our_own_records_of_exceptions_have_no_values(
    capsys: pytest.CaptureFixture[str],
) -> None:
    try:
        _break(PHONE)
    except RuntimeError:
        structlog.get_logger().error("broken", exc_info=True)

    (broken,) = lines(capsys)
    assert broken["exception"] == "RuntimeError"
    assert PHONE not in json.dumps(broken)


def _break(*_: object, **__: object) -> None:
    local = PHONE
    raise RuntimeError(local)
