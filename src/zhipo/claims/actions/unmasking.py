"""Looking at a person's whole data: an act with a purpose, recorded (PIPL 6, 51)."""

from enum import StrEnum
from typing import Any

from django.db import transaction

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.cases.models import Case
from zhipo.cases.powers import Act, check_power
from zhipo.claims.models import Claim


class Purpose(StrEnum):
    CALL = "call"  # 电话联系
    IDENTITY = "identity"  # 核对身份
    LETTER = "letter"  # 邮寄文书
    COURT = "court"  # 法院要求


@transaction.atomic
def unmask(*, claim_id: int, purpose: Purpose, by: Any) -> Claim:
    """The claim, for its creditor's data to be shown once. Raises NotAllowed."""
    claim = Claim.objects.select_related("case", "holder").get(pk=claim_id)
    role = check_power(claim.case, Act.UNMASK, by)

    record(Event.DATA_UNMASKED, of=claim, by=by, chain=claim.case.number, role=role,
           purpose=purpose)  # fmt: skip
    return claim


@transaction.atomic
def unmask_register(*, case_id: int, by: Any) -> Case:
    """The register with whole names, for the court; one entry. Raises NotAllowed."""
    case = Case.objects.get(pk=case_id)
    role = check_power(case, Act.EXPORT_REGISTER, by)

    record(Event.DATA_UNMASKED, of=case, by=by, chain=case.number, role=role,
           purpose=Purpose.COURT)  # fmt: skip
    return case
