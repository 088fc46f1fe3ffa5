"""Names as keys: what counts in a name, what does not."""

import pytest

from zhipo.enforcement.case_numbers import CaseNumberError, parse_case_number
from zhipo.enforcement.names import address_key, core_key, full_key, likeness, text_key

SAME_CORE = (
    "湘潭鲜享家电子商务有限公司",
    "湖南省湘潭市鲜享家电子商务有限责任公司",
    "鲜享家电子商务（湘潭）有限公司",
    "鲜享家 电子商务(湘潭市)有限公司",
    "湖南鲜享家电子商务股份有限公司",
    "中国鲜享家电子商务有限公司",
)


@pytest.mark.parametrize("name", SAME_CORE)
def test_place_and_legal_form_do_not_count(name: str) -> None:
    assert core_key(name) == "鲜享家电子商务"


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("北京有限公司", "北京"),  # nothing would be left of it
        ("新华书店有限公司", "新华书店"),  # a county's name without its ending is a word
        ("鲜享家（食品）有限公司", "鲜享家食品"),  # brackets hold a trade, no place
        ("ＡＢＣ Tech (Shanghai) Co", "abctechshanghaico"),
    ],
)
def test_what_is_no_place_counts(name: str, core: str) -> None:
    assert core_key(name) == core


def test_the_full_key_keeps_the_place() -> None:
    assert full_key("湘潭鲜享家有限公司") == "湘潭鲜享家"
    assert full_key("长沙鲜享家有限公司") != full_key("湘潭鲜享家有限公司")


def test_an_address_counts_from_below_the_city() -> None:
    keys = {
        address_key(one)
        for one in (
            "湖南省湘潭市雨湖区 韶山西路１号",
            "湘潭市雨湖区韶山西路1号",
            "雨湖区，韶山西路1号",
        )
    }

    assert len(keys) == 1


def test_width_case_and_signs_do_not_count_in_a_brand() -> None:
    assert text_key("鲜享家·ＦＲＥＳＨ Home") == text_key("鲜享家freshhome")


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [("鲜享家商贸", "鲜享家商贸", 1, 1), ("鲜享家商贸", "鲜亨家商贸", 0.75, 0.99),
     ("鲜享家商贸", "乐购乐超市", 0, 0.2)],
)  # fmt: skip
def test_likeness_is_the_share_in_common(
    one: str, other: str, least: float, most: float
) -> None:
    assert least <= likeness(one, other) <= most
    assert likeness(one, other) == likeness(other, one)


@pytest.mark.parametrize(
    "text",
    ["（2025）湘0302执123号", "(2025)湘0302执123号", "〔2025〕湘0302执 123 号",
     "[2025]湘0302执123号"],
)  # fmt: skip
def test_a_case_number_has_one_writing(text: str) -> None:
    assert parse_case_number(text) == "（2025）湘0302执123号"


@pytest.mark.parametrize("text", ["（2025）最高法执1号", "（2024）粤03执恢12号",
                                  "（2025）湘0302执保7号"])  # fmt: skip
def test_numbers_of_every_court_and_kind_of_enforcement_are_read(text: str) -> None:
    assert parse_case_number(text) == text


@pytest.mark.parametrize(
    "text",
    ["", "123", "（2025）湘0302民初1号", "（2025）湘0302执号", "（2025）湘0302执01号",
     "2025湘0302执1号", "（25）湘0302执1号", "（2025）湘0302执1"],
)  # fmt: skip
def test_other_numbers_are_refused(text: str) -> None:
    with pytest.raises(CaseNumberError):
        parse_case_number(text)
