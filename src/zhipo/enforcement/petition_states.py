"""The words of a petition for bankruptcy that came to the court directly (art. 7)."""

from enum import StrEnum


class Petitioner(StrEnum):
    """Who asks (《企业破产法》第七条): the days for the ruling depend on it."""

    CREDITOR = "creditor_petitions"  # 债权人申请
    DEBTOR = "debtor_petitions"  # 债务人申请
    LIQUIDATOR = "liquidator_petitions"  # 负有清算责任的人申请


class PetitionState(StrEnum):
    IN_REVIEW = "petition_in_review"  # 审查中
    SUPPLEMENTING = "petition_supplementing"  # 补充材料中
    ENDED = "petition_ended"  # 已作出裁定或撤回


class PetitionOutcome(StrEnum):
    ACCEPTED = "petition_accepted"  # 裁定受理
    REFUSED = "petition_refused"  # 裁定不予受理
    WITHDRAWN = "petition_withdrawn"  # 准许撤回


LAPSE = frozenset({"D02", "D05", "D08"})
"""The debtor may object, the petitioner appeal, the court find nothing missing: unused,
nobody has failed."""


class PetitionAct(StrEnum):
    RECEIVE_PETITION = "receive_petition"  # 收到破产申请
    NOTIFY_DEBTOR = "notify_debtor"  # 通知债务人
    TAKE_OBJECTION = "take_objection"  # 登记债务人异议
    ASK_PETITIONER = "ask_petitioner"  # 告知补充材料
    TAKE_SUPPLEMENT = "take_supplement"  # 登记补充材料
    EXTEND_RULING = "extend_ruling"  # 延长裁定期限
    RULE_ON_PETITION = "rule_on_petition"  # 裁定是否受理
    SERVE_REFUSAL = "serve_refusal"  # 登记不予受理裁定送达
    ACCEPT_ON_APPEAL = "accept_on_appeal"  # 经上诉受理
