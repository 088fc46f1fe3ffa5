"""Times as text: only those that can be read one way.

Year first, with or without a time, with or without an offset. `01/02/2024` may be
January or February and is refused, unless the mapping states the pattern.
"""

from typing import Any

PATTERNS = (
    *("%Y%m%d", "%Y%m%d %H:%M:%S", "%Y%m%d %H:%M", "%Y%m%d %H%M%S", "%Y%m%d%H%M%S"),
    *("%Y.%m.%d", "%Y.%m.%d %H:%M:%S", "%Y.%m.%d %H:%M", "%Y年%m月%d日"),
    *("%Y年%m月%d日 %H:%M:%S", "%Y年%m月%d日 %H:%M", "%Y-%m-%d %H.%M.%S"),
)
_YEAR_FIRST = r"[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}([ T]+[0-9]{1,2}:[0-9]{2}.*)?"
_OFFSET = r":[0-9]{2}([.][0-9]+)? ?(Z|[+-][0-9]{2}(:?[0-9]{2})?)$"
_PLAIN = "length({0}) = 19 AND {0}[5] = '-' AND {0}[14] = ':' AND {0}[17] = ':'"
"""The usual text, tested without a regular expression: a third of the time of an import."""
_SENSIBLE = "BETWEEN 1990 AND 2100"


def local_time(text: str, at: dict[str, Any], year: tuple[int, int] | None) -> str:
    """SQL for a time of the mapping's zone; NULL where there is none, or an offset."""
    if "pattern" in at:
        read = _patterned(text, at["pattern"], year)
    else:
        listed = ", ".join(f"'{pattern}'" for pattern in PATTERNS)
        usual = f"regexp_full_match({text}, '{_YEAR_FIRST}')"
        read = f"""CASE WHEN {_PLAIN.format(text)} THEN try_cast({text} AS TIMESTAMP)
            WHEN {usual} AND regexp_matches({text}, '{_OFFSET}') THEN NULL
            WHEN {usual} THEN try_cast({text} AS TIMESTAMP)
            ELSE try_strptime({text}, [{listed}]) END"""
    return f"(CASE WHEN year({read}) {_SENSIBLE} THEN {read} END)"


def offset_time(text: str, at: dict[str, Any]) -> str:
    """SQL for the instant, in UTC, of a text that states its offset; else NULL."""
    if "pattern" in at:
        return "CAST(NULL AS TIMESTAMP)"
    instant = f"make_timestamp(epoch_us(try_cast({text} AS TIMESTAMPTZ)))"
    return f"""(CASE WHEN {_PLAIN.format(text)} THEN NULL
        WHEN regexp_full_match({text}, '{_YEAR_FIRST}')
            AND regexp_matches({text}, '{_OFFSET}')
            AND year({instant}) {_SENSIBLE} THEN {instant} END)"""


def _patterned(text: str, pattern: str, year: tuple[int, int] | None) -> str:
    quoted = pattern.replace("'", "''")
    if year is None:
        return f"try_strptime({text}, '{quoted}')"
    # A statement of January lists days of December: those are of the year before.
    stated, month = year
    own = f"CASE WHEN try_cast(left({text}, 2) AS INTEGER) > {month} THEN {stated - 1}"
    return f"try_strptime(({own} ELSE {stated} END) || '/' || {text}, '%Y/{quoted}')"
