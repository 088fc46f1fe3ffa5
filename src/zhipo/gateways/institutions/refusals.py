"""Why a message is not read, and why an order is not carried out: closed lists."""

from enum import StrEnum

from pydantic_core import PydanticCustomError


class Reason(StrEnum):
    """Why a message was not read: never guessed at, kept as it came."""

    NOT_JSON = "not_json"  # 不是规范的 JSON
    MALFORMED = "malformed"  # 字段缺失或格式错误
    UNKNOWN_VERSION = "unknown_version"  # 协议版本未知
    UNKNOWN_UNIT = "unknown_unit"  # 金额单位未知
    NOT_WHOLE = "not_whole"  # 金额不是整数分
    WRONG_CURRENCY = "wrong_currency"  # 币种不符
    NEGATIVE = "negative"  # 金额为负
    TOO_LARGE = "too_large"  # 超出上限
    AMOUNTS_DISAGREE = "amounts_disagree"  # 两种写法的金额不一致
    NOT_SIGNED = "not_signed"  # 没有签名
    UNKNOWN_KEY = "unknown_key"  # 密钥未知
    KEY_NOT_VALID = "key_not_valid"  # 密钥不在有效期
    WRONG_SIGNATURE = "wrong_signature"  # 签名不符
    STALE = "stale"  # 时间戳超出允许范围
    REPLAYED = "replayed"  # 随机数重复使用
    WRONG_ORDER = "wrong_order"  # 不是对这份协助通知的答复
    WRONG_DEBTOR = "wrong_debtor"  # 答复的是别的被执行人
    WRONG_PARTY = "wrong_party"  # 不是被请求的机构或发出的法院
    WRONG_ACT = "wrong_act"  # 答复的事项不同
    WRONG_ECHO = "wrong_echo"  # 复述的金额或标的与请求不符
    CONTRADICTS = "contradicts"  # 答复自相矛盾
    WRONG_STATUS = "wrong_status"  # 协议未定义的状态码
    OTHER_BODY = "other_body"  # 同一编号内容不同
    UNKNOWN_ORDER = "unknown_order"  # 无此协助事项
    NO_OBJECTION = "no_objection"  # 没有待答复的异议


class Grounds(StrEnum):
    """Why an institution does not carry an order out."""

    RESERVE_ACCOUNT = "reserve_account"  # 备付金账户
    NOT_DEBTORS = "not_debtors"  # 不在被执行人名下
    NO_SUCH_OBJECT = "no_such_object"  # 无此账户或财产
    WRONG_KIND = "wrong_kind"  # 账户类型不符
    PERIOD_TOO_LONG = "period_too_long"  # 超过最长期限
    PERIOD_OVER = "period_over"  # 期限已过
    NO_SUCH_FREEZE = "no_such_freeze"  # 无此冻结
    FREEZE_ENDED = "freeze_ended"  # 冻结已失效或解除
    NOT_FROZEN_ENOUGH = "not_frozen_enough"  # 超出已冻结金额
    NOT_DIVISIBLE = "not_divisible"  # 标的不可分
    NOT_MONEY = "not_money"  # 标的不是资金
    OBJECTION_OPEN = "objection_open"  # 异议尚未处理
    OBJECTION_UPHELD = "objection_upheld"  # 异议成立


class BadMessage(ValueError):
    """A message that is refused: `reason` from the list, `detail` for the file."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


def fault(reason: Reason, detail: str) -> PydanticCustomError:
    """What a validator raises, so that the reason survives pydantic."""
    return PydanticCustomError(reason.value, "{detail}", {"detail": detail})
