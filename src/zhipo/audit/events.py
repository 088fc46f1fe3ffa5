"""Every event that the audit trail knows, by app: NOUN_PARTICIPLE."""

from enum import StrEnum


class Event(StrEnum):
    USER_SIGNED_IN = "user_signed_in"  # 已登录
    USER_SIGNED_OUT = "user_signed_out"  # 已退出
    SECOND_FACTOR_ENROLLED = "second_factor_enrolled"  # 已绑定动态口令
    PASSWORD_CHANGED = "password_changed"  # 密码已修改
    SIGN_IN_REFUSED = "sign_in_refused"  # 登录被拒绝
    CODE_SENT = "code_sent"  # 已发送验证码
    TOKEN_ISSUED = "token_issued"  # 已签发令牌
    TOKEN_REVOKED = "token_revoked"  # 已吊销令牌
    DATA_UNMASKED = "data_unmasked"  # 已查看完整信息
    CASE_OPENED = "case_opened"  # 已建立案件
    PHASE_CHANGED = "phase_changed"  # 阶段已变更
    CLOCK_STARTED = "clock_started"  # 期限已起算
    CLOCK_STOPPED = "clock_stopped"  # 期限内已办
    CLOCK_REMINDED = "clock_reminded"  # 已提醒期限
    QUESTION_ASKED = "question_asked"  # 法院已询问
    QUESTION_ANSWERED = "question_answered"  # 已答复法院
    DOCUMENT_MADE = "document_made"  # 文书已生成
    EVIDENCE_UPLOADED = "evidence_uploaded"  # 证据已上传
    EVIDENCE_READ = "evidence_read"  # 证据已读取
    EVIDENCE_REFUSED = "evidence_refused"  # 证据已退回
    EVIDENCE_SEALED = "evidence_sealed"  # 证据已封存
    CLAIMS_PREFILLED = "claims_prefilled"  # 债权已预填
    CLAIM_FILED = "claim_filed"  # 债权已申报
    CLAIM_AMENDED = "claim_amended"  # 申报已变更
    CLAIM_WITHDRAWN = "claim_withdrawn"  # 申报已撤回
    PAPER_ADDED = "paper_added"  # 材料已提交
    PAYOUT_CHOSEN = "payout_chosen"  # 收款方式已选择
    IDENTITY_PROVEN = "identity_proven"  # 身份已证明
    CLAIMS_REVIEWED = "claims_reviewed"  # 债权已审查
    CLAIM_DECIDED = "claim_decided"  # 债权已作出决定
    CLAIM_FIRST_ENTERED = "claim_first_entered"  # 第一人已录入
    ENTRIES_DIFFERED = "entries_differed"  # 两人录入不一致
    CLAIMS_DECIDED = "claims_decided"  # 债权已批量作出决定
    BATCH_UNDONE = "batch_undone"  # 批量决定已撤销
    LISTING_CORRECTED = "listing_corrected"  # 职工债权清单已更正
    DECISION_UNDONE = "decision_undone"  # 决定已撤销
    OBJECTION_RAISED = "objection_raised"  # 异议已提出
    OBJECTION_ANSWERED = "objection_answered"  # 异议已答复
    MESSAGE_SENT = "message_sent"  # 消息已发出
    REMINDERS_ORDERED = "reminders_ordered"  # 提醒已安排
    REMINDERS_SENT = "reminders_sent"  # 提醒已发出
    TASK_ORDERED = "task_ordered"  # 后台任务已安排
    TASK_FINISHED = "task_finished"  # 后台任务已结束
    AUDIT_EXPORTED = "audit_exported"  # 操作记录已导出
    REGISTER_TABLED = "register_tabled"  # 债权表已提交核查
    REGISTER_CHECKED = "register_checked"  # 债权表已核查
    REGISTER_CONFIRMED = "register_confirmed"  # 债权表已裁定确认
