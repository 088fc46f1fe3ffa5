"""Money on the wire: whole fen that say so, beside the same sum as people write it.

The second writing is the check on the first. An institution that puts yuan where fen
belong, or is a factor of a hundred off in one of the two, contradicts itself.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic.types import Strict
from pydantic_core import PydanticCustomError

from zhipo.gateways.institutions.refusals import Reason, fault
from zhipo.kernel.money import MAX_FEN, yuan_text

UNIT = "fen"
CURRENCY = "CNY"


class Amount(BaseModel):
    """A sum of money: `value` in whole fen, `yuan` the same sum as text (`1,234.56`)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: Annotated[int, Strict()]
    unit: Literal["fen"]
    currency: Literal["CNY"]
    yuan: str

    @model_validator(mode="before")
    @classmethod
    def _never_read_wrongly(cls, given: Any) -> Any:
        if isinstance(given, dict):
            _check_measure(given)
            _check_value(given.get("value"))
            if given.get("yuan") != written(given["value"]):
                raise fault(Reason.AMOUNTS_DISAGREE, "value and yuan are not the same sum")
        return given


def amount(fen: int) -> Amount:
    """This many fen as they go over the wire. Raises BadMessage's pydantic error."""
    return Amount.model_validate(
        {"value": fen, "unit": UNIT, "currency": CURRENCY, "yuan": written(fen)}
    )


def written(fen: int) -> str:
    """Fen as yuan in digits, with separators and two decimals."""
    return yuan_text(fen, sign="")


def _check_measure(given: dict[str, Any]) -> None:
    if given.get("unit") != UNIT:
        raise fault(Reason.UNKNOWN_UNIT, "amounts are in fen, unit says otherwise")
    if given.get("currency") != CURRENCY:
        raise fault(Reason.WRONG_CURRENCY, "amounts are in CNY")


def _check_value(value: Any) -> None:
    problem: PydanticCustomError | None = None
    if isinstance(value, bool) or not isinstance(value, int):
        problem = fault(Reason.NOT_WHOLE, "value is no whole number of fen")
    elif value < 0:
        problem = fault(Reason.NEGATIVE, "value is below zero")
    elif value > MAX_FEN:
        problem = fault(Reason.TOO_LARGE, "value is above the largest amount")
    if problem is not None:
        raise problem
