"""The creditors' committee: who sits in it, how it decides."""

from zhipo.kernel.rules import rule
from zhipo.law.voting.resolutions import BI3, EBL


@rule(
    id="cn.ebl.67",
    cite="《企业破产法》第六十七条；《企业破产法》第六十八条",
    text=(
        "债权人会议可以决定设立债权人委员会。债权人委员会由债权人会议选任的债权人"
        "代表和一名债务人的职工代表或者工会代表组成。债权人委员会成员不得超过九人"
        "。……债权人委员会成员应当经人民法院书面决定认可。"
    ),
    status="V1",
    since=EBL,
    sheet="VOT-07",
)
def committee_is_lawful(*, members: int, employee_members: int) -> bool:
    """At most nine, with one representative of employees or union."""
    return 1 <= members <= 9 and employee_members == 1


@rule(
    id="cn.bi3.13",
    cite="《破产法解释三》第十四条",
    text="债权人委员会决定所议事项应获得全体成员过半数通过",
    status="V1",
    since=BI3,
    sheet="VOT-07",
)
def committee_decides(*, members: int, votes_for: int) -> bool:
    """More than half of all members, present or not."""
    return 2 * votes_for > members
