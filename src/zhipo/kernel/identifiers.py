"""Identifiers of people and firms: checked, normalised, masked.

The check digits are python-stdnum's (GB 32100-2015, GB 11643-1999) and the numbering
plan is phonenumbers'; what is ours is how they are written and how they are hidden.
"""

from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError


class IdentifierError(ValueError):
    """This is not a valid identifier of its kind."""


def parse_uscc(text: str) -> str:
    """统一社会信用代码: 18 characters, upper case, check digit right."""
    return _checked(uscc, text, "not a valid unified social credit code")


def parse_id_no(text: str) -> str:
    """居民身份证号码: 18 characters, date of birth and check digit right."""
    return _checked(ric, text, "not a valid identity number")


def is_id_no(text: str) -> bool:
    return bool(ric.is_valid(text.strip()))


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
