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


class AvoidableKind(StrEnum):
    """What makes an act avoidable or void (《企业破产法》第三十一条至第三十三条)."""

    GRATUITOUS = "gratuitous"  # 无偿转让财产
    UNREASONABLE_PRICE = "unreasonable_price"  # 以明显不合理的价格交易
    SECURITY_ADDED = "security_added"  # 为无担保债务提供财产担保
    EARLY_PAYMENT = "early_payment"  # 提前清偿未到期债务
    WAIVER = "waiver"  # 放弃债权
    PREFERENCE = "preference"  # 个别清偿
    HIDING = "hiding"  # 为逃避债务隐匿、转移财产
    FABRICATED_DEBT = "fabricated_debt"  # 虚构债务或者承认不真实的债务


class DealingKind(StrEnum):
    """What a person has entered of the debtor's dealings with somebody."""

    RELATED = "related"  # 关联关系
    DEBT = "debt"  # 债务
    GIFT = "gift"  # 没有对价
    PRICE = "price"  # 价格不合理
    SECURITY = "security"  # 补充担保
    WAIVER = "waiver"  # 放弃债权
    HIDING = "hiding"  # 隐匿、转移财产
    FABRICATED = "fabricated"  # 虚构债务


class Basis(StrEnum):
    """What a candidate rests on: an entry of a person's, or a sign in the bookings."""

    ENTERED = "entered"  # 登记的往来事实
    REPORTED = "reported"  # 被执行人的财产报告
    CREDITOR = "creditor"  # 已知债权人
    RELATED = "related"  # 关联方
    NOTE = "note"  # 交易附言


class CandidateState(StrEnum):
    """What became of an avoidable act that a search proposed."""

    PROPOSED = "proposed"  # 待审查
    PURSUED = "pursued"  # 应予追回
    DROPPED = "dropped"  # 不予追回
    SETTLED = "settled"  # 和解了结
    OUTDATED = "outdated"  # 新的查找不再列出
