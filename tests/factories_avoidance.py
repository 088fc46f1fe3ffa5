"""Sealed transaction histories, entered dealings and a search of them, for tests."""

import hashlib
import io
from collections.abc import Iterable
from datetime import date, datetime
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings
from django.utils import timezone

from zhipo.accounts.models import User
from zhipo.documents.storing import write_whole
from zhipo.enforcement.actions.avoidance import SearchGiven, enter_dealing, search_avoidable
from zhipo.enforcement.finding_states import DealingKind
from zhipo.enforcement.histories import COLUMNS
from zhipo.enforcement.models import (
    AvoidanceSearch,
    Candidate,
    Dealing,
    Debtor,
    EnforcementCase,
    InquiryOrder,
    Institution,
    Property,
    TransactionHistory,
)
from zhipo.enforcement.policies.avoidance import DealingGiven
from zhipo.enforcement.states import Evidence

CHINA = ZoneInfo("Asia/Shanghai")
ACCEPTED = date(2025, 9, 1)
_numbers = count(1)


def booking(day: date, fen: int, to: str, **given: Any) -> dict[str, Any]:
    """One payment out at noon; what differs is given by the column's name."""
    values = {
        "at": datetime(day.year, day.month, day.day, 12, tzinfo=CHINA), "kind": "out",
        "fen": fen, "counterparty": to, "note": "货款", "counterparty_account_hash": "",
        "counterparty_hash": "", "institution": "bank", "balance_fen": 0,
        "reference": f"B{next(_numbers)}",
    }  # fmt: skip
    return values | given


def make_history(
    case: EnforcementCase, rows: Iterable[dict[str, Any]]
) -> TransactionHistory:
    """The movements of an account of its own, sealed as a file."""
    number, at = next(_numbers), timezone.now()
    bank, _ = Institution.objects.get_or_create(
        party="bank", defaults={"name": "北方银行", "kind": "bank"}
    )
    account = Property.objects.create(
        debtor=case.debtor, institution=bank, kind="bank_account", label="基本户",
        reference_hash=f"{number:064}", as_of=at, found_by="order 1",
    )  # fmt: skip
    order = InquiryOrder.objects.create(
        order_id=uuid4(), act_key=f"history:{number}", case=case, institution=bank,
        act="history", target=account, body="{}", body_sha256="0" * 64, state="answered",
        ordered_at=at, answer_by=at, ask_at=at, finished_at=at, settled_at=at,
    )  # fmt: skip
    table = pa.Table.from_pylist(list(rows), schema=COLUMNS)
    buffer = io.BytesIO()
    pq.write_table(table, buffer)
    digest = hashlib.sha256(buffer.getvalue()).hexdigest()
    path = f"histories/{digest}.parquet"
    write_whole(Path(settings.ENVIRONMENT.files) / path, buffer.getvalue())
    return TransactionHistory.objects.create(
        debtor=case.debtor, target=account, order=order, path=path, sha256=digest,
        rows=table.num_rows, first_on=date(2024, 1, 1), last_on=date(2025, 9, 30),
        opening_fen=0, closing_fen=0, as_of=at,
    )  # fmt: skip


def dealing_given(kind: DealingKind = DealingKind.WAIVER, **given: Any) -> DealingGiven:
    """A claim of 3,000 yuan waived in June 2025, or what is given instead."""
    values: dict[str, Any] = {
        "kind": kind, "counterparty": "丙公司", "evidence": Evidence.PAPER,
        "grounds": "还款协议", "done_on": date(2025, 6, 1), "fen": 3_000_00,
    }  # fmt: skip
    return DealingGiven(**values | given)


def make_candidates(case: EnforcementCase, judge: User) -> dict[str, int]:
    """A payment to the applicant and a claim waived, found: gap of an address -> id."""
    make_history(case, [booking(date(2025, 6, 1), 5_000_00, case.applicant, note="")])
    dealing = enter_dealing(
        debtor_id=case.debtor_id, given=dealing_given(), form_key=f"dealing-{case.pk}",
        by=judge,
    )  # fmt: skip
    make_search(case.debtor, judge)
    candidate = Candidate.objects.filter(debtor=case.debtor).order_by("-fen")[0]
    return {"dealing_id": dealing.pk, "candidate_id": candidate.pk}


def make_search(debtor: Debtor, by: User, **given: Any) -> Any:
    """A search for an acceptance on the first of September 2025."""
    values: dict[str, Any] = {
        "counted_on": ACCEPTED, "cause_since": date(2024, 1, 1),
        "cause_grounds": "执行案件无可供执行财产",
    }  # fmt: skip
    return search_avoidable(debtor_id=debtor.pk, given=SearchGiven(**values | given), by=by)


def write_avoidance_in_latin() -> None:
    """What people wrote of them, in another script: for the test of the languages."""
    Dealing.objects.update(counterparty="Third Ltd", grounds="a paper")
    AvoidanceSearch.objects.update(cause_grounds="first case")
    Candidate.objects.update(counterparty="Third Ltd")
