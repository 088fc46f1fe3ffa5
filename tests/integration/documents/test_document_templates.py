"""Templates are what their texts say, ask for known fields, cite rules that were read."""

import re
from pathlib import Path

import pytest
from docxtpl import DocxTemplate
from filled_documents import EVERY, text_of

import make_templates
from quote_rules import number
from zhipo.documents.kinds import KINDS, DocumentKind, template_name
from zhipo.documents.packing import parts_of
from zhipo.documents.rendering import TEMPLATES, environment
from zhipo.kernel.rules import Status, all_rules
from zhipo.law.registry import import_all
from zhipo.law.stay.acceptance import Told, missing_from_notice
from zhipo.law.waterfall.contents import PlanItem, missing_from_plan

import_all()
NAMES = sorted(template_name(kind, lang) for kind, lang in EVERY)
ARTICLE = re.compile(r"第([一二三四五六七八九十百零]+)条(?:第([一二三四五六七八九十]+)款)?")
CITATION = re.compile(rf"(?:《(?P<title>[^》]+)》)?(?P<article>{ARTICLE.pattern})")
SHORT = {
    "中华人民共和国民事诉讼法": "民事诉讼法",
    "最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释": "民事诉讼法解释",
    "最高人民法院关于网络查询、冻结被执行人存款的规定": "网络查询冻结存款规定",
    "最高人民法院关于人民法院民事执行中查封、扣押、冻结财产的规定": "查封扣押冻结规定",
    "中华人民共和国企业破产法": "企业破产法",
    "最高人民法院关于适用〈中华人民共和国企业破产法〉若干问题的规定（一）": "破产法解释一",
    "最高人民法院关于适用〈中华人民共和国企业破产法〉若干问题的规定（二）": "破产法解释二",
    "最高人民法院关于适用〈中华人民共和国企业破产法〉若干问题的规定（三）": "破产法解释三",
}
ENGLISH = re.compile(r"Articles? (\d+)(?: and (\d+))?")


def read_citations() -> set[str]:
    """What rules tagged V1 or V2 cite, as 《title》article."""
    return {
        cite
        for rule in all_rules()
        if rule.status in (Status.V1, Status.V2)
        for cite in rule.cite.split("；")
    }


def test_templates_are_what_the_tool_makes(tmp_path: Path) -> None:
    make_templates.main(tmp_path)

    assert sorted(path.name for path in tmp_path.iterdir()) == NAMES
    assert sorted(path.name for path in TEMPLATES.iterdir()) == NAMES
    for name in NAMES:
        made, stored = (tmp_path / name).read_bytes(), (TEMPLATES / name).read_bytes()
        assert parts_of(made) == parts_of(stored), f"{name}: run tools/make_templates.py"


@pytest.mark.parametrize(("kind", "lang"), EVERY)
def test_template_asks_for_the_fields_of_its_kind(kind: DocumentKind, lang: str) -> None:
    template = DocxTemplate(TEMPLATES / template_name(kind, lang))

    asked = template.get_undeclared_template_variables(environment(lang))

    assert asked == {*KINDS[kind].fields, *KINDS[kind].optional}


@pytest.mark.parametrize("name", NAMES)
def test_chinese_articles_are_of_rules_that_were_read(name: str) -> None:
    known = read_citations()
    title, unread = "", []
    for found in CITATION.finditer(text_of(TEMPLATES / name)):
        title = SHORT[found["title"]] if found["title"] else title
        paragraph = f"《{title}》{found['article']}"
        article = paragraph.split("条")[0] + "条"
        if not {paragraph, article} & known:
            unread.append(paragraph)

    assert unread == []


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith(".en.docx")])
def test_english_articles_are_of_rules_that_were_read(name: str) -> None:
    known = {
        number(found[1])
        for cite in read_citations()
        if cite.startswith("《企业破产法》")
        if (found := ARTICLE.search(cite)) and "百" not in found[1]
    }

    cited = {
        int(one)
        for found in ENGLISH.finditer(text_of(TEMPLATES / name))
        for one in found.groups()
        if one
    }

    assert cited
    assert cited <= known


def test_unread_article_would_be_found() -> None:
    assert "《企业破产法》第四十九条" not in read_citations()
    assert "《企业破产法》第十四条" in read_citations()


@pytest.mark.parametrize(
    "kind", [DocumentKind.ACCEPTANCE_NOTICE, DocumentKind.PUBLIC_NOTICE]
)
def test_notice_says_what_article_14_asks_for(kind: DocumentKind) -> None:
    said = text_of(TEMPLATES / template_name(kind, "zh"))
    words = {
        Told.PARTIES: "申请人{{ petitioner }}",
        Told.ACCEPTED_ON: "于{{ accepted_on|day }}裁定受理",
        Told.FILING: "申报地点和方式：{{ filing_place }}",
        Told.ADMINISTRATOR: "处理事务的地址：{{ administrator_address }}",
        Told.PAY_TO_ADMINISTRATOR: "应当向管理人清偿债务或者交付财产",
        Told.FIRST_MEETING: "定于{{ meeting_at|minute }}在{{ meeting_place }}召开",
    }

    told = frozenset(item for item, word in words.items() if word in said)

    assert missing_from_notice(told=told) == ()


def test_plan_says_what_article_115_asks_for() -> None:
    said = text_of(TEMPLATES / template_name(DocumentKind.DISTRIBUTION_PLAN, "zh"))
    words = {
        PlanItem.CREDITORS: "债权人的名称或者姓名、住所以",
        PlanItem.CLAIMS: "{{ row.owed }}",
        PlanItem.PROPERTY: "可供本次分配的财产共{{ pools_fen|yuan }}",
        PlanItem.ORDER: "{{ row.rate }}",
        PlanItem.METHOD: "付款日期：{{ payment_days }}",
    }

    found = frozenset(item for item, word in words.items() if word in said)

    assert missing_from_plan(said=found) == ()


def test_unknown_word_of_layout_is_refused() -> None:
    with pytest.raises(ValueError, match="@banner"):
        make_templates.template_of("@banner {{ court }}")


def test_table_row_of_another_width_is_refused() -> None:
    with pytest.raises(ValueError, match="2 cells"):
        make_templates.template_of("@table 10 10 10\n| a | b |")
