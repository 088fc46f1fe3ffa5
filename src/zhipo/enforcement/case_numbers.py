"""Numbers of enforcement cases, in the form in which courts write them."""

import re

NUMBER = re.compile(
    r"（(?P<year>[12]\d{3})）(?P<court>[\u4e00-\u9fff]{1,3}\d{0,4})"
    r"(?P<kind>执[\u4e00-\u9fff]{0,4})(?P<serial>[1-9]\d{0,7})号"
)
HALF_WIDTH = str.maketrans("()[]〔〕【】", "（）（）（）（）")


class CaseNumberError(ValueError):
    """This is not the number of an enforcement case."""


def parse_case_number(text: str) -> str:
    """（2025）湘0302执123号, whatever brackets and spaces it was typed with."""
    number = "".join(text.split()).translate(HALF_WIDTH)
    if NUMBER.fullmatch(number) is None:
        raise CaseNumberError(text)
    return number
