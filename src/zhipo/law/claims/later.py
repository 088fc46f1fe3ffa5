"""Claims that arise because the procedure began (arts. 53-55)."""

from datetime import date
from enum import StrEnum

from zhipo.kernel.rules import rule

EBL = date(2007, 6, 1)


class LaterClaim(StrEnum):
    RESCISSION_DAMAGES = "rescission_damages"  # 解除合同的损害赔偿
    AGENT = "agent"  # 不知情的受托人
    BILL_PAYER = "bill_payer"  # 票据付款人


@rule(
    id="cn.ebl.53",
    cite="《企业破产法》第五十三条；《企业破产法》第五十四条；《企业破产法》第五十五条",
    text=(
        "管理人或者债务人依照本法规定解除合同的，对方当事人以因合同解除所产生的损"
        "害赔偿请求权申报债权。"
    ),
    status="V1",
    since=EBL,
    sheet="CLM-06",
)
def may_file_later_claim(*, kind: LaterClaim, knew_of_procedure: bool) -> bool:
    """Damages of rescission and a bill's payer always; an agent who did not know.

    Art. 55 says nothing of what the payer knew, so knowing does not bar it.
    """
    return not (kind == LaterClaim.AGENT and knew_of_procedure)
