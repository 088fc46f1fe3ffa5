"""Names, brands and addresses of debtors as keys by which they are compared.

What counts is what tells one firm from another: not the width of brackets, spaces, the
legal form, nor where the place stands: 湘潭鲜享家商贸有限公司 is
鲜享家商贸（湘潭）有限责任公司.
"""

import re
import unicodedata
from difflib import SequenceMatcher
from functools import cache
from importlib.resources import files

from zhipo.kernel.identifiers import name_key

SHORTEST_CORE = 3
"""A name keeps at least so many characters, whatever places it begins with."""

_DATED = re.compile(r"^\[[^\]]*\]")
_NAMED = re.compile(r'(?:province|county)="([^"]+)"')
_BRACKETED = re.compile(r"\(([^()]*)\)")
_ENDING = re.compile(
    r"(?:壮族|回族|维吾尔)?(?:特别行政区|自治区|自治州|自治县|省|市|县|区)$"
)
_PUNCTUATION = re.compile(r"[\W_]+")


def full_key(name: str) -> str:
    """The whole name without width, case, spaces and legal form."""
    return name_key(name)


def core_key(name: str) -> str:
    """The name without its places too, wherever they stand."""
    plain = _BRACKETED.sub(_without_place, full_key(name))
    return _PUNCTUATION.sub("", _after_places(plain)) or plain


def text_key(text: str) -> str:
    """A brand or an address: letters and figures alone, width and case aside."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return _PUNCTUATION.sub("", plain)


def address_key(address: str) -> str:
    """An address from below the city on: people leave out province and city at will."""
    return _after_places(text_key(address))


def likeness(one: str, other: str) -> float:
    """How alike two keys are, 0 to 1: twice the characters in common over all of them."""
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _without_place(found: re.Match[str]) -> str:
    return "" if found[1] in _places() else found[1]


def _after_places(text: str) -> str:
    """What follows the places with which a text begins."""
    while True:
        place = _place_at_start(text)
        if not place or len(text) - len(place) < SHORTEST_CORE:
            return text
        text = text[len(place) :]


def _place_at_start(text: str) -> str:
    known = _places()
    sizes = range(_longest_place(), 1, -1)
    return next((text[:size] for size in sizes if text[:size] in known), "")


@cache
def _longest_place() -> int:
    return max(map(len, _places()))


@cache
def _places() -> frozenset[str]:
    """Provinces, cities and counties (GB/T 2260, as python-stdnum has them), with and
    without their ending; counties with it alone, for too many are words of their own."""
    found = {"中国"}
    text = files("stdnum.cn").joinpath("loc.dat").read_text(encoding="utf-8")
    for line in text.splitlines():
        named = _NAMED.search(line)
        if named is None or line.startswith("#"):
            continue
        place = _DATED.sub("", named[1])
        found.add(place)
        is_county = line.startswith(" ") and not line.strip()[:4].endswith("00")
        short = _ENDING.sub("", place)
        if not is_county and len(short) > 1:
            found.add(short)
    return frozenset(found - {"市辖区", "县"})
