"""From how many records an unlawful sale is a crime: a hard stop for a person to look."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from fractions import Fraction

from zhipo.kernel.rules import rule
from zhipo.kernel.trace import note

INTERPRETATION = date(2017, 6, 1)


class RecordKind(StrEnum):
    TRACKS_AND_PROPERTY = "tracks_and_property"  # 行踪轨迹、通信内容、征信、财产信息
    TRANSACTIONS_AND_HEALTH = "transactions_and_health"  # 住宿、通信记录、健康、交易信息
    OTHER_PERSONAL = "other_personal"  # 其他公民个人信息


CRIMINAL_FROM: dict[RecordKind, int] = {
    RecordKind.TRACKS_AND_PROPERTY: 50,
    RecordKind.TRANSACTIONS_AND_HEALTH: 500,
    RecordKind.OTHER_PERSONAL: 5_000,
}
GAINS_FROM_FEN = 500_000
OBTAINED_IN_SERVICE = Fraction(1, 2)


class NobodySigned(PermissionError):
    """A sale at the criminal threshold goes no further until a person has signed."""


@rule(
    id="cn.crim.253a",
    cite="《刑法》第二百五十三条之一；《侵犯公民个人信息刑事解释》第五条",
    status="V1",
    since=INTERPRETATION,
    sheet="DAT-13",
)
def reaches_criminal_threshold(
    *, records: Mapping[RecordKind, int], gains_fen: int, obtained_in_service: bool
) -> bool:
    """Whether an unlawful sale of so many records, or for so much, would be a crime.

    50, 500 or 5,000 records by kind, kinds below their number adding up in proportion,
    or gains of 5,000 yuan; half of each for what was obtained in providing services.
    """
    share = sum(
        (Fraction(count, CRIMINAL_FROM[kind]) for kind, count in records.items()),
        Fraction(0),
    )
    level = OBTAINED_IN_SERVICE if obtained_in_service else Fraction(1)
    gains = Fraction(gains_fen, GAINS_FROM_FEN)
    note(share=share, gains_share=gains, level=level)
    return (share > 0 and gains >= level) or share >= level


@rule(
    id="policy.data_sign_off",
    cite="《刑法》第二百五十三条之一",
    status="P",
    since=INTERPRETATION,
    sheet="DAT-13",
    reason="whether a sale is unlawful is a judgement that no program makes: at the "
    "number that would make it a crime a named person decides",
)
def checked_sign_off(*, reaches_threshold: bool, signed_by: str | None) -> bool:
    """True where a named person signed or none need sign. Raises NobodySigned."""
    if reaches_threshold and not (signed_by and signed_by.strip()):
        raise NobodySigned
    return True
