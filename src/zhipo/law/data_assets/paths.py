"""By which article personal information passes to somebody else, and what that takes."""

from enum import StrEnum

from zhipo.kernel.options import option
from zhipo.kernel.rules import rule
from zhipo.law.data_assets import CRPL, NDR, PIPL
from zhipo.law.data_assets.duties import Duty


class Path(StrEnum):
    FREE = "free"  # 不属于个人信息
    SUCCESSION = "succession"  # 第二十二条转移
    PROVISION = "provision"  # 第二十三条提供


SUCCESSION_OPEN = option(
    "option.data.succession_open",
    default=True,
    choices=(False, True),
    status="I",
    reason="art. 22 speaks of a transfer because of merger, division, dissolution or "
    "bankruptcy; it is read as: with a business that goes on for the same users and "
    "purpose. A court may demand art. 23 even then",
    sheet="DAT-04",
)
CONSUMER_LIST_SALE = option(
    "option.data.consumer_list_sale",
    default=False,
    choices=(False, True),
    status="I",
    reason="art. 29 of the consumer law forbids operators to sell consumers' personal "
    "information and names no exception; whether separate consent under art. 23 PIPL "
    "lifts it is not said, so such a sale is left out unless the court allows it",
    sheet="DAT-14",
)


@rule(
    id="cn.pipl.22.path",
    cite="《个人信息保护法》第二十二条；《个人信息保护法》第二十三条",
    text=(
        "个人信息处理者因合并、分立、解散、被宣告破产等原因需要转移个人信息的，应"
        "当向个人告知接收方的名称或者姓名和联系方式。接收方应当继续履行个人信息处"
        "理者的义务。接收方变更原先的处理目的、处理方式的，应当依照本法规定重新取"
        "得个人同意。……个人信息处理者向其他个人信息处理者提供其处理的个人信息的"
        "，应当向个人告知接收方的名称或者姓名、联系方式、处理目的、处理方式和个人"
        "信息的种类，并取得个人的单独同意。接收方应当在上述处理目的、处理方式和个"
        "人信息的种类等范围内处理个人信息。接收方变更原先的处理目的、处理方式的，"
        "应当依照本法规定重新取得个人同意。"
    ),
    status="I",
    since=PIPL,
    sheet="DAT-04",
    reason=SUCCESSION_OPEN.reason,
)
def transfer_path(
    *,
    is_personal: bool,
    business_moves: bool,
    same_users: bool,
    same_purpose: bool,
    succession_open: bool = SUCCESSION_OPEN.default,
) -> Path:
    """Art. 22 with a business that goes on; art. 23 for a list that is sold alone."""
    if not is_personal:
        return Path.FREE
    goes_on = business_moves and same_users and same_purpose
    return Path.SUCCESSION if goes_on and succession_open else Path.PROVISION


@rule(
    id="cn.pipl.22",
    cite="《个人信息保护法》第二十二条；《网络数据安全管理条例》第十四条",
    text=(
        "个人信息处理者因合并、分立、解散、被宣告破产等原因需要转移个人信息的，应"
        "当向个人告知接收方的名称或者姓名和联系方式。接收方应当继续履行个人信息处"
        "理者的义务。接收方变更原先的处理目的、处理方式的，应当依照本法规定重新取"
        "得个人同意。……网络数据处理者因合并、分立、解散、破产等原因需要转移网络"
        "数据的，网络数据接收方应当继续履行网络数据安全保护义务。"
    ),
    status="V1",
    since=PIPL,
    sheet="DAT-02",
)
def succession_duties(*, changes_use: bool) -> frozenset[Duty]:
    """Tell who receives it; new consent only where purpose or method changes."""
    told = frozenset({Duty.TELL_RECIPIENT})
    return told | {Duty.NEW_CONSENT} if changes_use else told


@rule(
    id="cn.pipl.22.declared",
    cite="《个人信息保护法》第二十二条",
    text=(
        "个人信息处理者因合并、分立、解散、被宣告破产等原因需要转移个人信息的，应"
        "当向个人告知接收方的名称或者姓名和联系方式。接收方应当继续履行个人信息处"
        "理者的义务。接收方变更原先的处理目的、处理方式的，应当依照本法规定重新取"
        "得个人同意。"
    ),
    status="I",
    since=PIPL,
    sheet="DAT-04",
    reason="the article names declared bankruptcy; before the declaration it reaches the "
    "case only through its words for other causes, so the court or the meeting decides",
)
def approval_before_declaration(*, is_declared_bankrupt: bool) -> frozenset[Duty]:
    """Before bankruptcy is declared the transfer needs the court's or meeting's yes."""
    return frozenset() if is_declared_bankrupt else frozenset({Duty.APPROVAL})


@rule(
    id="cn.pipl.23",
    cite="《个人信息保护法》第二十三条",
    text=(
        "个人信息处理者向其他个人信息处理者提供其处理的个人信息的，应当向个人告知"
        "接收方的名称或者姓名、联系方式、处理目的、处理方式和个人信息的种类，并取"
        "得个人的单独同意。接收方应当在上述处理目的、处理方式和个人信息的种类等范"
        "围内处理个人信息。接收方变更原先的处理目的、处理方式的，应当依照本法规定"
        "重新取得个人同意。"
    ),
    status="V1",
    since=PIPL,
    sheet="DAT-03",
)
def provision_duties(*, changes_use: bool) -> frozenset[Duty]:
    """Tell recipient, purpose, method and kinds, and get each person's separate consent."""
    duties = frozenset({Duty.TELL_RECIPIENT, Duty.TELL_PURPOSE, Duty.SEPARATE_CONSENT})
    return duties | {Duty.NEW_CONSENT} if changes_use else duties


@rule(
    id="cn.ndr.12",
    cite="《网络数据安全管理条例》第十二条",
    text=(
        "网络数据处理者向其他网络数据处理者提供、委托处理个人信息和重要数据的，应"
        "当通过合同等与网络数据接收方约定处理目的、方式、范围以及安全保护义务等，"
        "并对网络数据接收方履行义务的情况进行监督。向其他网络数据处理者提供、委托"
        "处理个人信息和重要数据的处理情况记录，应当至少保存3年。"
    ),
    status="V1",
    since=NDR,
    sheet="DAT-07",
)
def contract_duties(*, is_personal: bool, is_important: bool) -> frozenset[Duty]:
    """Personal and important data pass only under a contract on use and security."""
    if is_personal or is_important:
        return frozenset({Duty.RECIPIENT_CONTRACT})
    return frozenset()


@rule(
    id="cn.crpl.29",
    cite="《消费者权益保护法》第二十九条第二款",
    text=(
        "经营者及其工作人员对收集的消费者个人信息必须严格保密，不得泄露、出售或者"
        "非法向他人提供。经营者应当采取技术措施和其他必要措施，确保信息安全，防止"
        "消费者个人信息泄露、丢失。在发生或者可能发生信息泄露、丢失的情况时，应当"
        "立即采取补救措施。"
    ),
    status="V1",
    since=CRPL,
    sheet="DAT-14",
)
def may_sell_consumer_data(
    *, path: Path, is_consumer_data: bool, sale_allowed: bool = CONSUMER_LIST_SALE.default
) -> bool:
    """Consumers' personal information is not sold; with the business it may go over."""
    return path is not Path.PROVISION or not is_consumer_data or sale_allowed
