"""What a machine's token may do."""

from enum import StrEnum


class Scope(StrEnum):
    EVIDENCE_WRITE = "evidence:write"  # 上传证据
    CLAIMS_READ = "claims:read"  # 读取债权
    CLAIMS_WRITE = "claims:write"  # 提交债权
    REGISTER_READ = "register:read"  # 读取债权表
    EVENTS_READ = "events:read"  # 读取事件
    ENFORCEMENT_WRITE = "enforcement:write"  # 登记执行案件
