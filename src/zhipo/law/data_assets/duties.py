"""What must be done before data may pass to somebody else."""

from enum import StrEnum


class Duty(StrEnum):
    TELL_RECIPIENT = "tell_recipient"  # 告知接收方名称和联系方式
    TELL_PURPOSE = "tell_purpose"  # 告知处理目的、处理方式和信息种类
    TELL_RIGHTS_ABROAD = "tell_rights_abroad"  # 告知向境外接收方行使权利的方式和程序
    SEPARATE_CONSENT = "separate_consent"  # 取得单独同意
    GUARDIAN_CONSENT = "guardian_consent"  # 取得监护人同意
    NEW_CONSENT = "new_consent"  # 重新取得同意
    STRICT_PROTECTION = "strict_protection"  # 特定目的、充分必要和严格保护
    IMPACT_ASSESSMENT = "impact_assessment"  # 个人信息保护影响评估
    RECIPIENT_CONTRACT = "recipient_contract"  # 与接收方订立合同
    APPROVAL = "approval"  # 法院或者债权人会议同意
    RISK_ASSESSMENT = "risk_assessment"  # 重要数据风险评估
    REPORT_DISPOSAL = "report_disposal"  # 报告处置方案和接收方
    EXPORT_ASSESSMENT = "export_assessment"  # 数据出境安全评估
    EXPORT_CONDITION = "export_condition"  # 个人信息出境条件之一
    SECRECY_TERMS = "secrecy_terms"  # 商业秘密条款
