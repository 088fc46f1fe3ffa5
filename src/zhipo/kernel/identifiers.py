"""Identifiers of people and firms: checked, normalised, masked.

The check digits are python-stdnum's (GB 32100-2015, GB 11643-1999) and the numbering
plan is phonenumbers'; what is ours is how they are written and how they are hidden.
"""

import re
import unicodedata

from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

_ID_NO = re.compile(r"[0-9]{17}[0-9X]")
_LEGAL_FORM = re.compile(
    r"(股份有限公司|有限责任公司|有限公司|分公司|公司|合伙企业)?(\([^)]*合伙\))?$"
)


class IdentifierError(ValueError):
    """This is not a valid identifier of its kind."""


def parse_uscc(text: str) -> str:
    """统一社会信用代码: 18 characters, upper case, check digit right."""
    return _checked(uscc, text, "not a valid unified social credit code")


def parse_id_no(text: str) -> str:
    """居民身份证号码: 18 characters, date of birth and check digit right.

    The place is not held against the year of birth, as python-stdnum would: numbers
    were first given from 1984 on, by the place of registration, so a number of 雨湖区
    (a district since 1984) with a birth in 1960 is what its older residents have.
    """
    number = str(ric.compact(text))
    if not is_id_no(number):
        raise IdentifierError(f"not a valid identity number: {mask(text)}")
    return number


def is_id_no(text: str) -> bool:
    number = str(ric.compact(text))
    if _ID_NO.fullmatch(number) is None or number[-1] != ric.calc_check_digit(number):
        return False
    try:
        ric.get_birth_date(number)
    except ValidationError:
        return False
    return True


def is_uscc(text: str) -> bool:
    return bool(uscc.is_valid(text.strip()))


def parse_phone(text: str) -> str:
    """A phone number of mainland China in E.164: +8613800138000."""
    import phonenumbers  # 30 MB of numbering plans: loaded by those who need them

    try:
        number = phonenumbers.parse(text.strip(), "CN")
    except phonenumbers.NumberParseException as error:
        raise IdentifierError(f"not a phone number: {mask(text)}") from error
    if not phonenumbers.is_valid_number(number):
        raise IdentifierError(f"not a phone number in use: {mask(text)}")
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def name_key(text: str) -> str:
    """What of a name counts when it is looked for: width, case, spaces and the legal form
    do not (湘潭诚信商贸 is 湘潭诚信商贸有限公司)."""
    plain = "".join(unicodedata.normalize("NFKC", text).casefold().split())
    return _LEGAL_FORM.sub("", plain) or plain


def mask(text: str, *, head: int = 3, tail: int = 4) -> str:
    """Hide the middle: 138****8000. What is too short is hidden whole."""
    text = text.strip()
    if len(text) <= head + tail:
        return "*" * len(text)
    return f"{text[:head]}{'*' * (len(text) - head - tail)}{text[-tail:]}"


def mask_name(name: str) -> str:
    """Keep the family name's first character: 张*."""
    name = name.strip()
    return name[:1] + "*" * max(1, len(name) - 1) if name else ""


def _checked(kind: object, text: str, message: str) -> str:
    try:
        return str(kind.validate(text.strip().upper()))  # type: ignore[attr-defined]
    except ValidationError as error:
        raise IdentifierError(f"{message}: {mask(text)}") from error
