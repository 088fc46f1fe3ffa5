"""The project's own copy of the articles it cites, made by tools/copy_statutes.py.

A rule's `text` must stand in this copy word for word; tests/law/test_statutes.py
checks it. Citations read `《企业破产法》第四十六条第二款`, several joined by `；`.
"""

import re
from functools import cache
from importlib import resources
from typing import Any

import yaml

TITLES: dict[str, str] = {
    "企业破产法": "企业破产法(2006-08-27)",
    "破产法解释一": "最高人民法院关于适用《企业破产法》若干问题的规定（一）(2011-09-09)",
    "破产法解释二": "最高人民法院关于适用《企业破产法》若干问题的规定（二）(2020-12-29)",
    "破产法解释三": "最高人民法院关于适用《企业破产法》若干问题的规定（三）(2020-12-29)",
    "审理企业破产案件规定": "最高人民法院关于审理企业破产案件若干问题的规定(2002-07-30)",
    "管理人报酬规定": "最高人民法院关于审理企业破产案件确定管理人报酬的规定(2007-04-12)",
    "指定管理人规定": "最高人民法院关于审理企业破产案件指定管理人的规定(2007-04-12)",
    "民事诉讼法": "民事诉讼法(2023-09-01)",
    "民事诉讼法解释": "最高人民法院关于适用《民事诉讼法》的解释(2022-04-01)",
    "诉讼费用交纳办法": "诉讼费用交纳办法(2006-12-19)",
    "预付式消费解释": (
        "最高人民法院关于审理预付式消费民事纠纷案件适用法律若干问题的解释(2025-03-13)"
    ),
    "消费者权益保护法": "消费者权益保护法(2013-10-25)",
    "电子商务法": "电子商务法(2018-08-31)",
    "非银行支付机构监督管理条例": "非银行支付机构监督管理条例(2023-12-09)",
    "网络司法拍卖规定": "最高人民法院关于人民法院网络司法拍卖若干问题的规定(2016-08-02)",
    "拍卖变卖规定": "最高人民法院关于人民法院民事执行中拍卖、变卖财产的规定(2020-12-29)",
    "参考价规定": "最高人民法院关于人民法院确定财产处置参考价若干问题的规定(2018-08-28)",
    "查封扣押冻结规定": (
        "最高人民法院关于人民法院民事执行中查封、扣押、冻结财产的规定(2020-12-29)"
    ),
    "网络查询冻结存款规定": (
        "最高人民法院关于网络查询、冻结被执行人存款的规定(2013-08-29)"
    ),
    "财产调查规定": "最高人民法院关于民事执行中财产调查若干问题的规定(2020-12-29)",
    "迟延履行利息解释": (
        "最高人民法院关于执行程序中计算迟延履行期间的债务利息适用法律若干问题的解释"
        "(2014-07-07)"
    ),
    "变更追加规定": (
        "最高人民法院关于民事执行中变更、追加当事人若干问题的规定(2020-12-29)"
    ),
    "担保制度解释": "最高人民法院关于适用《民法典》有关担保制度的解释(2020-12-31)",
    "个人信息保护法": "个人信息保护法(2021-08-20)",
    "数据安全法": "数据安全法(2021-06-10)",
    "网络数据安全管理条例": "网络数据安全管理条例(2024-09-24)",
    "公司法": "公司法(2023-12-29)",
    "劳动合同法": "劳动合同法(2012-12-28)",
    "企业所得税法": "企业所得税法(2018-12-29)",
    "企业所得税法实施条例": "企业所得税法实施条例(2019-04-23)",
    "增值税法": "增值税法(2024-12-25)",
    "税收征收管理法": "税收征收管理法(2015-04-24)",
    "税收征收管理法实施细则": "税收征收管理法实施细则(2016-02-06)",
    "保障中小企业款项支付条例": "保障中小企业款项支付条例(2025-03-17)",
    "浦东新区破产规定": "上海市浦东新区完善市场化法治化企业破产制度若干规定(2021-11-25)",
    "北京市单用途预付卡管理条例": "北京市单用途预付卡管理条例",
}
"""Short title used in citations -> name of the enactment's source file."""

_CITATION = re.compile(r"《(?P<title>[^》]+)》(?P<places>[^《；]*)")
_ARTICLE = re.compile(r"第([一二三四五六七八九十百千零]+)条(之[一二三四五六七八九十]+)?")


def articles_cited(cite: str) -> list[tuple[str, str]]:
    """(short title, article) pairs of a citation; the article as `第四十六条`."""
    return [
        (found["title"], article[0])
        for found in _CITATION.finditer(cite)
        for article in _ARTICLE.finditer(found["places"])
    ]


@cache
def copy_of(title: str) -> dict[str, str]:
    """Article -> whole text, for the articles of one enactment that rules cite."""
    name = f"{title}.yaml"
    raw = resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
    content: dict[str, Any] = yaml.safe_load(raw)
    return dict(content["articles"])


def is_verbatim(text: str, cite: str) -> bool:
    """Whether `text` stands, piece by piece between `……`, in the articles cited."""
    whole = "\n".join(
        copy_of(title).get(article, "")
        for title, article in articles_cited(cite)
        if title in TITLES
    )
    place = 0
    for piece in filter(None, (part.strip() for part in text.split("……"))):
        place = whole.find(piece, place)
        if place < 0:
            return False
        place += len(piece)
    return True
