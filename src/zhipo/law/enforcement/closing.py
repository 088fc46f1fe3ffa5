"""Ending enforcement for now (终本), clues, reports, and whom else to add."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from zhipo.kernel.periods import Deadline, add, days, deadline, months
from zhipo.kernel.rules import rule

INV = date(2021, 1, 1)
ZHONGBEN = date(2016, 12, 1)
REQUERY_EVERY_MONTHS = 6
REQUERY_YEARS = 5


@dataclass(frozen=True)
class Closable:
    """Whether 终本 is open, and what is missing."""

    may_close: bool
    missing: tuple[str, ...]


@rule(
    id="cn.zb.1",
    cite="《严格规范终结本次执行程序的规定（试行）》第一条",
    status="V2",
    since=ZHONGBEN,
    sheet="ENF-08",
)
def may_close_for_now(
    *,
    notice_and_report_ordered: bool,
    restricted_and_listed: bool,
    investigation_exhausted: bool,
    filed_on: date,
    closed_on: date,
    debtor_searched: bool,
) -> Closable:
    """All five; more than three months since filing. It is no condition of referral."""
    conditions = {
        "notice and property report": notice_and_report_ordered,
        "restriction of consumption": restricted_and_listed,
        "investigation exhausted": investigation_exhausted,
        "more than three months since filing": closed_on > add(filed_on, months(3)),
        "missing debtor searched for": debtor_searched,
    }
    missing = tuple(name for name, holds in conditions.items() if not holds)
    return Closable(not missing, missing)


@rule(
    id="cn.zb.requery",
    cite="《严格规范终结本次执行程序的规定（试行）》",
    status="V2",
    since=ZHONGBEN,
    sheet="ENF-08",
)
def requery_days(*, closed_on: date) -> tuple[date, ...]:
    """Every six months for five years the court queries the network again."""
    count = REQUERY_YEARS * 12 // REQUERY_EVERY_MONTHS
    return tuple(
        add(closed_on, months(REQUERY_EVERY_MONTHS * i)) for i in range(1, count + 1)
    )


@rule(
    id="cn.inv.2",
    cite="《财产调查规定》第二条",
    text=(
        "申请执行人提供被执行人财产线索，应当填写财产调查表。财产线索明确、具体的"
        "，人民法院应当在七日内调查核实；情况紧急的，应当在三日内调查核实。财产线"
        "索确实的，人民法院应当及时采取相应的执行措施。……申请执行人确因客观原因"
        "无法自行查明财产的，可以申请人民法院调查。"
    ),
    status="V1",
    since=INV,
    sheet="ENF-06",
)
def clue_checked_by(*, clue_on: date, is_urgent: bool) -> Deadline:
    """A concrete clue is checked within seven days, an urgent one within three."""
    return deadline(clue_on, days(3 if is_urgent else 7))


@rule(
    id="cn.inv.7",
    cite="《财产调查规定》第七条",
    text=(
        "被执行人报告财产后，其财产情况发生变动，影响申请执行人债权实现的，应当自"
        "财产变动之日起十日内向人民法院补充报告。"
    ),
    status="V1",
    since=INV,
    sheet="ENF-06",
)
def change_reported_by(*, changed_on: date) -> Deadline:
    """A change of property is reported within ten days."""
    return deadline(changed_on, days(10))


@rule(
    id="cn.netq.9",
    cite="《网络查询冻结存款规定》第九条",
    text=(
        "人民法院具备相应网络扣划技术条件，并与金融机构协商一致的，可以通过网络执"
        "行查控系统采取扣划被执行人存款措施。"
    ),
    status="V1",
    since=date(2013, 9, 2),
    sheet="ENF-05",
)
def may_query(*, is_party: bool, is_for_enforcement: bool) -> bool:
    """Network query only of parties, its results only for enforcement."""
    return is_party and is_for_enforcement


@rule(
    id="cn.add.17",
    cite="《变更追加规定》第十七条；《变更追加规定》第十八条；《变更追加规定》第二十条",
    text=(
        "作为被执行人的营利法人，财产不足以清偿生效法律文书确定的债务，申请执行人"
        "申请变更、追加未缴纳或未足额缴纳出资的股东、出资人或依公司法规定对该出资"
        "承担连带责任的发起人为被执行人，在尚未缴纳出资的范围内依法承担责任的，人"
        "民法院应予支持。"
    ),
    status="V1",
    since=INV,
    sheet="ENF-11",
)
def recovery_goes_to(*, is_bankruptcy_accepted: bool) -> str:
    """What shareholders owe goes to the applicant; after acceptance to the estate."""
    return "estate" if is_bankruptcy_accepted else "applicant"


PAPER_DAYS = 15
PAPER_FASTER = Fraction(60, 100)


@rule(
    id="paper.freeze.days",
    cite="论文2.3",
    status="P",
    since=ZHONGBEN,
    sheet=("ENF-12", "S11"),
    reason="a benchmark of the paper, used as a figure to compare with and nothing else",
)
def ordinary_days_in_paper() -> Fraction:
    """15 days, 60 % faster: an implied ordinary time of 37.5 days."""
    return PAPER_DAYS / (1 - PAPER_FASTER)
