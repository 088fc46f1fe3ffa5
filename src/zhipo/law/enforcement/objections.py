"""Objections to a measure: who raises them, by when the court has answered."""

from datetime import date

from zhipo.kernel.periods import Deadline, days, deadline
from zhipo.kernel.rules import rule


@rule(
    id="cn.netq.6",
    cite="《网络查询冻结存款规定》第六条",
    text=(
        "金融机构认为人民法院通过网络执行查控系统采取的查控措施违反相关法律、行政法规"
        "规定的，应当向人民法院书面提出异议。人民法院应当在15日内审查完毕并书面回复。"
    ),
    status="V1",
    since=date(2013, 9, 2),
    sheet="ENF-05",
)
def institution_answered_by(*, objected_on: date) -> Deadline:
    """The institution's objection is reviewed and answered in writing within 15 days."""
    return deadline(objected_on, days(15))


@rule(
    id="cn.cpl.238",
    cite="《民事诉讼法》第二百三十八条",
    text=(
        "执行过程中，案外人对执行标的提出书面异议的，人民法院应当自收到书面异议之日起十"
        "五日内审查，理由成立的，裁定中止对该标的的执行；理由不成立的，裁定驳回。"
    ),
    status="V1",
    since=date(2024, 1, 1),
    sheet="ENF-05",
)
def third_party_answered_by(*, objected_on: date) -> Deadline:
    """A third party's objection to the object is reviewed within 15 days of its receipt."""
    return deadline(objected_on, days(15))
