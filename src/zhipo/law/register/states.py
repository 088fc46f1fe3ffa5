"""The states of a claim on the register, its class, and what others may see of it."""

from datetime import date
from enum import StrEnum

from zhipo.kernel.identifiers import mask, mask_name
from zhipo.kernel.rules import rule

EBL = date(2007, 6, 1)


class ClaimState(StrEnum):
    FILED = "filed"  # 已申报
    REVIEWED = "reviewed"  # 已审查
    TABLED = "tabled"  # 已列入债权表
    CHECKED = "checked"  # 已核查
    CONFIRMED = "confirmed"  # 已裁定确认
    DISPUTED = "disputed"  # 有异议
    DEFERRED = "deferred"  # 暂缓确认
    REJECTED = "rejected"  # 不予确认
    WITHDRAWN = "withdrawn"  # 已撤回


S = ClaimState
MOVES: dict[ClaimState, frozenset[ClaimState]] = {
    S.FILED: frozenset({S.REVIEWED, S.WITHDRAWN}),
    S.REVIEWED: frozenset({S.TABLED, S.DEFERRED, S.REJECTED, S.WITHDRAWN}),
    S.TABLED: frozenset({S.CHECKED}),
    S.CHECKED: frozenset({S.CONFIRMED, S.DISPUTED}),
    S.DISPUTED: frozenset({S.CONFIRMED, S.REJECTED}),
    S.DEFERRED: frozenset({S.REVIEWED}),
    S.CONFIRMED: frozenset(),
    S.REJECTED: frozenset({S.DISPUTED}),
    S.WITHDRAWN: frozenset(),
}


@rule(
    id="cn.ebl.58",
    cite="《企业破产法》第五十八条；《破产法解释三》第八条",
    text=(
        "依照本法第五十七条规定编制的债权表，应当提交第一次债权人会议核查。……债"
        "务人、债权人对债权表记载的债权无异议的，由人民法院裁定确认。……债务人、"
        "债权人对债权表记载的债权有异议的，可以向受理破产申请的人民法院提起诉讼。"
    ),
    status="V1",
    since=EBL,
    sheet=("REG-01", "REV-04"),
)
def may_move(*, state: ClaimState, to: ClaimState) -> bool:
    """Tabled, checked by the meeting, then confirmed by ruling or disputed in court."""
    return to in MOVES[ClaimState(state)]


REGISTER_CLASS = {
    "consumer": "ORDINARY",
    "supplier": "ORDINARY",
    "platform": "ORDINARY",
    "bank": "ORDINARY",
    "tax_late_fee": "ORDINARY",
    "shortfall": "ORDINARY",
    "secured": "SECURED",
    "employee": "EMPLOYEE",
    "social_tax": "SOCIAL_TAX",
    "punitive": "SUBORDINATED",
    "admin_fine": "SUBORDINATED",
    "criminal_fine": "SUBORDINATED",
    "double_interest": "SUBORDINATED",
    "social_late_fee": "SUBORDINATED",
}


@rule(
    id="policy.register.class",
    cite="《企业破产法》第五十七条；《企业破产法》第一百一十三条",
    text="（三）普通破产债权。",
    status="P",
    since=EBL,
    sheet="REG-02",
    reason="the register's headings, laid over the statutory ranks",
)
def register_class(*, kind: str) -> str:
    """Under which heading of the register a kind of claim stands. Raises KeyError."""
    return REGISTER_CLASS[kind]


@rule(
    id="cn.ebl.57.2",
    cite="《企业破产法》第五十七条第二款；《个人信息保护法》第六条",
    text="债权表和债权申报材料由管理人保存，供利害关系人查阅。",
    status="V1",
    since=date(2021, 11, 1),
    sheet="REG-04",
)
def shown_to(*, reader: str, name: str, id_no: str) -> tuple[str, str]:
    """Court and administrator see the person; other creditors see a masked one."""
    if reader in ("court", "administrator"):
        return name, id_no
    return mask_name(name), mask(id_no)
