"""Identifiers are checked by their own digits and hidden where people look."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhipo.kernel.identifiers import (
    IdentifierError,
    is_id_no,
    is_uscc,
    mask,
    mask_name,
    name_key,
    parse_id_no,
    parse_phone,
    parse_uscc,
)

ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
USCC_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def id_no(first_17: str) -> str:
    """An identity number with its check digit (GB 11643-1999), computed here anew."""
    total = sum(int(one) * weight for one, weight in zip(first_17, ID_WEIGHTS, strict=True))
    return first_17 + "10X98765432"[total % 11]


def uscc(first_17: str) -> str:
    """A unified social credit code with its check sign (GB 32100-2015)."""
    total = sum(USCC_SIGNS.index(one) * 3**i for i, one in enumerate(first_17))
    return first_17 + USCC_SIGNS[-total % 31]


SAMPLE_ID = id_no("11010519491231002")
SAMPLE_USCC = uscc("91430300MA4L00000")


def test_the_standards_own_example_of_an_identity_number() -> None:
    assert SAMPLE_ID == "11010519491231002X"
    assert parse_id_no(" 11010519491231002x ") == SAMPLE_ID
    assert is_id_no(SAMPLE_ID)


@given(st.dates(date(1900, 1, 1), date(2025, 12, 31)), st.integers(0, 999))
def test_identity_numbers_with_a_right_digit_are_taken_and_others_are_not(
    born_on: date, number: int
) -> None:
    right = id_no(f"430302{born_on:%Y%m%d}{number:03d}")
    wrong = right[:-1] + ("0" if right[-1] != "0" else "1")

    assert parse_id_no(right) == right
    assert not is_id_no(wrong)


def test_a_number_older_than_its_district_is_taken() -> None:
    """雨湖区 is a district since 1984; who was born before lives there all the same."""
    number = id_no("43030219600101000")

    assert parse_id_no(number) == number


@pytest.mark.parametrize(
    "text", ["", "123", id_no("11010519491331002"), "11010519491231002Y"]
)
def test_what_is_no_identity_number_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(IdentifierError) as caught:
        parse_id_no(text)

    assert len(text) < 8 or text not in str(caught.value)
    assert not is_id_no(text)


def test_uscc_is_normalised_and_its_check_sign_counts() -> None:
    assert parse_uscc(f" {SAMPLE_USCC.lower()} ") == SAMPLE_USCC
    assert is_uscc(SAMPLE_USCC)
    wrong = SAMPLE_USCC[:-1] + ("0" if SAMPLE_USCC[-1] != "0" else "1")
    assert not is_uscc(wrong)
    with pytest.raises(IdentifierError, match="unified social credit code"):
        parse_uscc(wrong)


@pytest.mark.parametrize("text", ["13800138000", " 138 0013 8000 ", "+86 138-0013-8000"])
def test_phones_are_read_as_e164(text: str) -> None:
    assert parse_phone(text) == "+8613800138000"


@pytest.mark.parametrize("text", ["", "abc", "12", "99999999999"])
def test_what_is_no_phone_is_refused(text: str) -> None:
    with pytest.raises(IdentifierError, match="phone"):
        parse_phone(text)


@pytest.mark.parametrize(
    ("text", "hidden"),
    [("13800138000", "138****8000"), ("1234567", "*******"), ("12345678", "123*5678")],
)
def test_mask_hides_the_middle_and_short_ones_whole(text: str, hidden: str) -> None:
    assert mask(text) == hidden


@given(st.text(alphabet="0123456789X", max_size=30))
def test_a_mask_keeps_the_length_and_at_most_seven_signs(text: str) -> None:
    hidden = mask(text)

    assert len(hidden) == len(text)
    assert sum(one != "*" for one in hidden) <= 7


@pytest.mark.parametrize(
    ("name", "hidden"), [("张三", "张*"), ("欧阳修远", "欧***"), ("张", "张*"), (" ", "")]
)
def test_mask_name_keeps_the_first_sign(name: str, hidden: str) -> None:
    assert mask_name(name) == hidden


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("湘潭诚信商贸有限公司", "湘潭诚信商贸"),
        ("湘潭诚信商贸有限责任公司", "湘潭诚信商贸"),
        ("湘潭 诚信商贸 股份有限公司", "湘潭诚信商贸"),
        ("正衡（湖南）合伙企业（有限合伙）", "正衡(湖南)"),
        ("正衡(湖南)合伙企业", "正衡(湖南)"),
        ("ＡＢＣ Trading", "abctrading"),
        ("王小明", "王小明"),
        ("公司", "公司"),
        ("", ""),
    ],
)
def test_name_is_compared_without_its_legal_form(text: str, key: str) -> None:
    assert name_key(text) == key
