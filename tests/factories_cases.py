"""Cases as they are handed in, and debtors that can be compared, for tests."""

from dataclasses import replace
from datetime import date
from itertools import count
from typing import Any

from factories import make_debtor, make_enforcement_case
from zhipo.accounts.models import Organisation
from zhipo.enforcement.actions.joining import renew_keys
from zhipo.enforcement.entries import ApplicantEntry, CaseEntry, DebtorEntry
from zhipo.enforcement.models import Debtor
from zhipo.enforcement.states import ApplicantKind

_numbers = count(1)
CODE = "91430302MA4L1234XU"
"""A company's code with its right check digit."""

SHOP_CODE = "92430302MA4L5678XF"


def entry_at(court: Organisation, **given: Any) -> CaseEntry:
    """A supplier's case of 120,000 yuan; `debtor` and `applicant` take dicts of changes."""
    debtor = DebtorEntry(name="湘潭鲜享家电子商务有限公司")
    applicant = ApplicantEntry(name="湘潭供货商贸有限公司", kind=ApplicantKind.SUPPLIER)
    values: dict[str, Any] = {
        "court_id": court.pk,
        "number": f"（2025）湘0302执{9000 + next(_numbers)}号",
        "title": "（2025）湘0302民初1号民事判决书",
        "filed_on": date(2025, 3, 3),
        "amount_fen": 12_000_000,
    }
    changed = {
        "debtor": replace(debtor, **given.pop("debtor", {})),
        "applicant": replace(applicant, **given.pop("applicant", {})),
    }
    return CaseEntry(**{**values, **changed, **given})


def make_comparable(court: Organisation, **given: Any) -> Debtor:
    """A debtor with a case at a court, and the keys that others are compared with."""
    debtor = make_debtor(**given)
    make_enforcement_case(debtor=debtor, court=court)
    renew_keys(debtor)
    return debtor
