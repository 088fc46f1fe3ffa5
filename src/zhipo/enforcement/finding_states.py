"""The words of joining debtors, of clues, of property reports and of avoidable acts."""

from enum import StrEnum


class LinkKind(StrEnum):
    """In what two debtors agree."""

    FULL_NAME = "full_name"  # 名称相同
    CORE_NAME = "core_name"  # 字号和行业相同
    SIMILAR_NAME = "similar_name"  # 名称相近
    REPRESENTATIVE = "representative"  # 法定代表人相同
    ADDRESS = "address"  # 住所相同
    BRAND = "brand"  # 品牌相同


class JoiningState(StrEnum):
    JOINED = "joined"  # 已合并
    KEPT_APART = "kept_apart"  # 认定不是同一主体
    UNDONE = "undone"  # 合并已撤销


class ClueOutcome(StrEnum):
    FOUND = "found"  # 属实
    NOT_FOUND = "not_found"  # 不属实
    NOTHING_LEFT = "nothing_left"  # 属实，但已无财产


class ReportedChange(StrEnum):
    """The changes of《财产调查规定》第六条, in its order; NONE is what is there now."""

    NONE = "none"  # 现有财产
    TRANSFERRED = "transferred"  # 转让、出租
    ENCUMBERED = "encumbered"  # 设立权利负担
    WAIVED = "waived"  # 放弃债权或延长清偿期
    SPENT = "spent"  # 支出大额资金
    OTHER_CHANGE = "other_change"  # 其他变动


class CandidateState(StrEnum):
    """What became of an avoidable act that a search proposed."""

    PROPOSED = "proposed"  # 待审查
    CONFIRMED = "confirmed"  # 已确认
    DROPPED = "dropped"  # 已排除
    OUTDATED = "outdated"  # 新的查找不再列出
