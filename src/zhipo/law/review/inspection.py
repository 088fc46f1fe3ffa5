"""A single creditor's look into the debtor's and the procedure's papers."""

from datetime import date

from zhipo.kernel.rules import rule

BI3 = date(2019, 3, 28)


@rule(
    id="cn.bi3.10.access",
    cite="《破产法解释三》第十条",
    text=(
        "单个债权人有权查阅债务人财产状况报告、债权人会议决议、债权人委员会决议、"
        "管理人监督报告等参与破产程序所必需的债务人财务和经营信息资料。管理人无正"
        "当理由不予提供的，债权人可以请求人民法院作出决定；人民法院应当在五日内作"
        "出决定。……上述信息资料涉及商业秘密的，债权人应当依法承担保密义务或者签"
        "署保密协议；涉及国家秘密的应当依照相关法律规定处理。"
    ),
    status="V1",
    since=BI3,
    sheet="REV-11",
)
def may_inspect(
    *,
    is_creditor: bool,
    is_needed_to_take_part: bool,
    holds_trade_secret: bool = False,
    signed_confidentiality: bool = False,
    holds_state_secret: bool = False,
) -> bool:
    """What taking part needs is shown to any one creditor.

    Trade secrets against confidentiality; state secrets follow laws of their own and
    are not shown by this rule.
    """
    if not (is_creditor and is_needed_to_take_part) or holds_state_secret:
        return False
    return signed_confidentiality or not holds_trade_secret
