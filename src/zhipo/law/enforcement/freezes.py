"""Freezes: how long they hold, what they may cover, which comes next."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from zhipo.kernel.options import option
from zhipo.kernel.periods import Period, add, years
from zhipo.kernel.rules import rule

CPLI = date(2022, 4, 10)
FRZ = date(2021, 1, 1)
ALERT_DAYS = (60, 30, 15, 7)


class Kind(StrEnum):
    BANK_DEPOSIT = "bank_deposit"  # 银行存款
    MOVABLE = "movable"  # 动产
    IMMOVABLE_OR_OTHER = "immovable_or_other"  # 不动产和其他财产权
    PAYMENT_ACCOUNT = "payment_account"  # 支付账户余额


LONGEST: dict[Kind, Period] = {
    Kind.BANK_DEPOSIT: years(1),
    Kind.MOVABLE: years(2),
    Kind.IMMOVABLE_OR_OTHER: years(3),
}

PAYMENT_ACCOUNT_YEARS = option(
    "option.freeze.payment_account_years",
    default=1,
    choices=(1, 3),
    status="I",
    reason="a payment balance is not literally 银行存款, so three years could be argued; "
    "the shorter term lets no freeze lapse by mistake",
    sheet="ENF-03",
)


@rule(
    id="cn.cpli.485",
    cite="《民事诉讼法解释》第四百八十五条；《查封扣押冻结规定》第二十七条",
    text=(
        "人民法院冻结被执行人的银行存款的期限不得超过一年，查封、扣押动产的期限不"
        "得超过两年，查封不动产、冻结其他财产权的期限不得超过三年。……申请执行人"
        "申请延长期限的，人民法院应当在查封、扣押、冻结期限届满前办理续行查封、扣"
        "押、冻结手续，续行期限不得超过前款规定的期限。……人民法院也可以依职权办"
        "理续行查封、扣押、冻结手续。"
    ),
    status="V1",
    since=CPLI,
    sheet=("ENF-01", "D37"),
)
def freeze_ends(*, kind: Kind, frozen_on: date) -> date:
    """The last possible day of a freeze; each renewal is within the same length."""
    if kind == Kind.PAYMENT_ACCOUNT:
        return payment_freeze_ends(frozen_on=frozen_on)
    return add(frozen_on, LONGEST[Kind(kind)])


@rule(
    id="policy.freeze.payment",
    cite="《民事诉讼法解释》第四百八十五条；《非银行支付机构监督管理条例》第三十一条",
    text="人民法院冻结被执行人的银行存款的期限不得超过一年",
    status="I",
    since=date(2024, 5, 1),
    sheet="ENF-03",
    reason=PAYMENT_ACCOUNT_YEARS.reason,
)
def payment_freeze_ends(
    *, frozen_on: date, longest_years: int = PAYMENT_ACCOUNT_YEARS.default
) -> date:
    """The last possible day of a freeze of a payment account's balance."""
    return add(frozen_on, years(longest_years))


@rule(
    id="policy.freeze.alerts",
    cite="本系统规则",
    status="P",
    since=CPLI,
    sheet="ENF-01",
    reason="a freeze not renewed in time lapses (FRZ art. 27)",
)
def alert_days(*, ends_on: date) -> tuple[date, ...]:
    """The days on which somebody is told that a freeze runs out: 60, 30, 15, 7 before."""
    return tuple(ends_on - timedelta(days=before) for before in ALERT_DAYS)


@dataclass(frozen=True)
class Target:
    """Whether an account may be frozen, and why."""

    is_lawful: bool
    reason: str


@rule(
    id="cn.npay.29",
    cite=(
        "《非银行支付机构监督管理条例》第二十九条；《非银行支付机构监督管理条例》第三十一条"
    ),
    text=(
        "非银行支付机构应当将备付金存放在中国人民银行或者符合中国人民银行要求的商"
        "业银行。……任何单位和个人不得对非银行支付机构存放备付金的账户申请冻结或"
        "者强制执行，法律另有规定的除外。"
    ),
    status="V1",
    since=date(2024, 5, 1),
    sheet="ENF-02",
)
def freeze_target(*, is_institutions_reserve: bool) -> Target:
    """The user's own account at the institution, never the institution's 备付金 account."""
    if is_institutions_reserve:
        return Target(False, "the reserve account belongs to all users together")
    return Target(True, "the debtor's own account at the institution")


@rule(
    id="cn.frz.26",
    cite="《查封扣押冻结规定》第二十六条",
    text=(
        "对已被人民法院查封、扣押、冻结的财产，其他人民法院可以进行轮候查封、扣押"
        "、冻结。查封、扣押、冻结解除的，登记在先的轮候查封、扣押、冻结即自动生效"
        "。……其他人民法院对已登记的财产进行轮候查封、扣押、冻结的，应当通知有关"
        "登记机关协助进行轮候登记，实施查封、扣押、冻结的人民法院应当允许其他人民"
        "法院查阅有关文书和记录。……其他人民法院对没有登记的财产进行轮候查封、扣"
        "押、冻结的，应当制作笔录，并经实施查封、扣押、冻结的人民法院执行人员及被"
        "执行人签字，或者书面通知实施查封、扣押、冻结的人民法院。"
    ),
    status="V1",
    since=FRZ,
    sheet="ENF-04",
)
def takes_effect(*, waiting: tuple[str, ...], lifted: frozenset[str]) -> str | None:
    """轮候: of the freezes in order of registration, the first that is not lifted."""
    return next((court for court in waiting if court not in lifted), None)


@rule(
    id="cn.frz.19",
    cite="《查封扣押冻结规定》第十九条",
    text=(
        "查封、扣押、冻结被执行人的财产，以其价额足以清偿法律文书确定的债权额及执"
        "行费用为限，不得明显超标的额查封、扣押、冻结。……发现超标的额查封、扣押"
        "、冻结的，人民法院应当根据被执行人的申请或者依职权，及时解除对超标的额部"
        "分财产的查封、扣押、冻结，但该财产为不可分物且被执行人无其他可供执行的财"
        "产或者其他财产不足以清偿债务的除外。"
    ),
    status="V1",
    since=FRZ,
    sheet="ENF-04",
)
def over_seized_fen(
    *, frozen_fen: int, debt_fen: int, cost_fen: int, is_divisible: bool
) -> int:
    """What is frozen above debt and costs; 0 for one indivisible thing."""
    return max(0, frozen_fen - debt_fen - cost_fen) if is_divisible else 0


class Measure(StrEnum):
    SETTLEMENT = "settlement"  # 执行和解
    DEFERRED_WITH_SECURITY = "deferred_with_security"  # 担保暂缓执行
    SEIZED_IN_USE = "seized_in_use"  # 查封后继续使用
    NONE = "none"  # 无法律形式


@rule(
    id="cn.cpl.242",
    cite="《民事诉讼法》第二百四十二条；《民事诉讼法》第二百四十一条；"
    "《查封扣押冻结规定》第十条",
    text=(
        "在执行中，被执行人向人民法院提供担保，并经申请执行人同意的，人民法院可以"
        "决定暂缓执行及暂缓执行的期限。被执行人逾期仍不履行的，人民法院有权执行被"
        "执行人的担保财产或者担保人的财产。"
    ),
    status="V1",
    since=date(2024, 1, 1),
    sheet=("ENF-10", "S10"),
)
def protective_form(
    *,
    parties_settled: bool,
    has_security: bool,
    applicant_consents: bool,
    may_be_used: bool,
) -> Measure:
    """The lawful form of holding back harsh measures; NONE means: not lawful."""
    if parties_settled:
        return Measure.SETTLEMENT
    if has_security and applicant_consents:
        return Measure.DEFERRED_WITH_SECURITY
    return Measure.SEIZED_IN_USE if may_be_used else Measure.NONE


@rule(
    id="cn.cpli.467",
    cite="《民事诉讼法解释》第四百六十七条",
    text=("如果担保是有期限的，暂缓执行的期限应当与担保期限一致，但最长不得超过一年。"),
    status="V1",
    since=CPLI,
    sheet="ENF-10",
)
def deferral_ends(*, since: date, security_until: date | None) -> date:
    """The last possible day of a deferral: the security's own, one year at the longest."""
    longest = add(since, years(1))
    return longest if security_until is None else min(longest, security_until)


@rule(
    id="cn.cpli.499",
    cite="《民事诉讼法解释》第四百九十九条",
    text=(
        "人民法院执行被执行人对他人的到期债权，可以作出冻结债权的裁定，并通知该他"
        "人向申请执行人履行。……该他人对到期债权有异议，申请执行人请求对异议部分"
        "强制执行的，人民法院不予支持。利害关系人对到期债权有异议的，人民法院应当"
        "按照民事诉讼法第二百三十四条规定处理。……对生效法律文书确定的到期债权，"
        "该他人予以否认的，人民法院不予支持。"
    ),
    status="V1",
    since=CPLI,
    sheet="ENF-09",
)
def enforceable_receivable_fen(
    *, receivable_fen: int, objected_fen: int, is_fixed_by_judgment: bool
) -> int:
    """A third party's objection stops that part, unless a judgment has fixed the debt."""
    return receivable_fen if is_fixed_by_judgment else max(0, receivable_fen - objected_fen)
