"""What goes out with acceptance: administrator, notice, papers, and who supervises."""

from datetime import date
from enum import StrEnum

from zhipo.kernel.rules import rule

EBL = date(2007, 6, 1)


@rule(
    id="cn.ebl.13",
    cite="《企业破产法》第十三条",
    text="人民法院裁定受理破产申请的，应当同时指定管理人。",
    status="V1",
    since=EBL,
    sheet="STY-02",
)
def is_appointed_in_time(*, accepted_on: date, appointed_on: date | None) -> bool:
    """The administrator is appointed together with acceptance, not later."""
    return appointed_on is not None and appointed_on <= accepted_on


class Told(StrEnum):
    PARTIES = "parties"  # 申请人、被申请人
    ACCEPTED_ON = "accepted_on"  # 受理时间
    FILING = "filing"  # 申报期限、地点和注意事项
    ADMINISTRATOR = "administrator"  # 管理人及其处理事务的地址
    PAY_TO_ADMINISTRATOR = "pay_to_administrator"  # 向管理人清偿债务或者交付财产
    FIRST_MEETING = "first_meeting"  # 第一次债权人会议的时间和地点


@rule(
    id="cn.ebl.14.2",
    cite="《企业破产法》第十四条第二款",
    text=(
        "通知和公告应当载明下列事项：……（一）申请人、被申请人的名称或者姓名；…"
        "…（二）人民法院受理破产申请的时间；……（三）申报债权的期限、地点和注意"
        "事项；……（四）管理人的名称或者姓名及其处理事务的地址；……（五）债务人"
        "的债务人或者财产持有人应当向管理人清偿债务或者交付财产的要求；……（六）"
        "第一次债权人会议召开的时间和地点；……（七）人民法院认为应当通知和公告的"
        "其他事项。"
    ),
    status="V1",
    since=EBL,
    sheet="STY-02",
)
def missing_from_notice(*, told: frozenset[Told]) -> tuple[Told, ...]:
    """What the notice to creditors and the publication still lack, in the article's order.

    The seventh item (what the court finds fit) is open and never missing.
    """
    return tuple(item for item in Told if item not in told)


PAPERS_AFTER_ACCEPTANCE = (
    "财产状况说明",
    "债务清册",
    "债权清册",
    "有关财务会计报告",
    "职工工资的支付和社会保险费用的缴纳情况",
)


@rule(
    id="cn.ebl.11.2.papers",
    cite="《企业破产法》第十一条第二款",
    text=(
        "债权人提出申请的，人民法院应当自裁定作出之日起五日内送达债务人。债务人应"
        "当自裁定送达之日起十五日内，向人民法院提交财产状况说明、债务清册、债权清"
        "册、有关财务会计报告以及职工工资的支付和社会保险费用的缴纳情况。"
    ),
    status="V1",
    since=EBL,
    sheet="STY-02",
)
def papers_due_from_debtor(
    *, is_creditors_petition: bool, handed_in: frozenset[str]
) -> tuple[str, ...]:
    """What the debtor still owes the court after a creditor's petition was accepted.

    A debtor who asked has handed its papers in with the petition (art. 8).
    """
    if not is_creditors_petition:
        return ()
    return tuple(paper for paper in PAPERS_AFTER_ACCEPTANCE if paper not in handed_in)


class ServedWith(StrEnum):
    ADMINISTRATOR = "administrator"  # 被指定的管理人
    PETITIONER = "petitioner"  # 破产申请人
    DEBTOR = "debtor"  # 债务人
    COMPANY_REGISTRY = "company_registry"  # 企业登记机关


@rule(
    id="cn.mapp.27",
    cite="《指定管理人规定》第二十七条",
    text=(
        "人民法院指定管理人应当制作决定书，并向被指定为管理人的社会中介机构或者个"
        "人、破产申请人、债务人、债务人的企业登记机关送达。决定书应与受理破产申请"
        "的民事裁定书一并公告。"
    ),
    status="V1",
    since=EBL,
    sheet="STY-02",
)
def not_yet_served(*, served: frozenset[ServedWith]) -> tuple[ServedWith, ...]:
    """Who has not yet received the decision that appoints the administrator."""
    return tuple(one for one in ServedWith if one not in served)


class Supervisor(StrEnum):
    ENFORCEMENT_COURT = "enforcement_court"  # 执行法院
    BANKRUPTCY_COURT = "bankruptcy_court"  # 受理破产申请的人民法院
    CREDITORS_MEETING = "creditors_meeting"  # 债权人会议
    CREDITORS_COMMITTEE = "creditors_committee"  # 债权人委员会


@rule(
    id="cn.ebl.23",
    cite="《企业破产法》第二十三条第一款",
    text=(
        "管理人依照本法规定执行职务，向人民法院报告工作，并接受债权人会议和债权人"
        "委员会的监督。"
    ),
    status="V1",
    since=EBL,
    sheet="S9",
)
def supervisors(*, is_accepted: bool, has_committee: bool) -> tuple[Supervisor, ...]:
    """Who supervises: the enforcement court until acceptance, and from then on never.

    After acceptance the administrator reports to the bankruptcy court and is supervised
    by the creditors' meeting and their committee, where there is one.
    """
    if not is_accepted:
        return (Supervisor.ENFORCEMENT_COURT,)
    after = (Supervisor.BANKRUPTCY_COURT, Supervisor.CREDITORS_MEETING)
    return (*after, Supervisor.CREDITORS_COMMITTEE) if has_committee else after
