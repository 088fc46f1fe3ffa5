"""What the acting process can be told: the acts of the court, by plain values."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from zhipo.accounts.models import User
from zhipo.enforcement.actions import (
    clues,
    freezing,
    inquiring,
    minding,
    objecting,
    sending,
    watching,
)
from zhipo.enforcement.policies.freezing import FreezeWanted
from zhipo.enforcement.states import PropertyKind
from zhipo.gateways.institutions.messages import CourtAccount, Decision
from zhipo.gateways.institutions.moments import china_day

PAY_TO = CourtAccount(name="案款专户", account="8001", bank="湘江银行")


def inquire(*, case_id: int, form_key: str, by: int, now: datetime) -> int:
    asked = inquiring.inquire_everywhere(
        case_id=case_id, form_key=form_key, by=_person(by), now=now
    )
    return len(asked)


def clue(*, case_id: int, form_key: str, is_urgent: bool, by: int, now: datetime) -> int:
    given = clues.ClueGiven(
        kind=PropertyKind.GOODS, text="仓库里有货物", received_on=china_day(now),
        is_urgent=is_urgent,
    )  # fmt: skip
    return clues.take_clue(
        case_id=case_id, given=given, form_key=form_key, by=_person(by),
        today=china_day(now),
    ).pk  # fmt: skip


def freeze(
    *, case_id: int, wanted: tuple[int, int | None, date], form_key: str, by: int,
    now: datetime,
) -> int:  # fmt: skip
    return freezing.order_freeze(
        case_id=case_id, wanted=FreezeWanted(*wanted, ""), form_key=form_key,
        by=_person(by), now=now,
    ).pk  # fmt: skip


def ownership(*, case_id: int, property_ids: list[int], by: int, now: datetime) -> int:
    asked = inquiring.ask_ownership(
        case_id=case_id, property_ids=property_ids, by=_person(by), now=now
    )
    return len(asked)


def history(
    *, case_id: int, property_ids: list[int], first: date, last: date, by: int,
    now: datetime,
) -> int:  # fmt: skip
    asked = inquiring.ask_history(
        case_id=case_id, property_ids=property_ids, days=(first, last), by=_person(by),
        now=now,
    )  # fmt: skip
    return len(asked)


def deduct(*, freeze_id: int, fen: int, form_key: str, by: int, now: datetime) -> int:
    return freezing.deduct(
        freeze_id=freeze_id, fen=fen, pay_to=PAY_TO, form_key=form_key,
        by=_person(by), now=now,
    ).pk  # fmt: skip


def lift_part(*, freeze_id: int, fen: int, form_key: str, by: int, now: datetime) -> int:
    return freezing.lift_part(
        freeze_id=freeze_id, fen=fen, grounds="部分已履行", form_key=form_key,
        by=_person(by), now=now,
    ).pk  # fmt: skip


def renew(*, freeze_id: int, by: int, now: datetime) -> int:
    return freezing.renew_freeze(freeze_id=freeze_id, by=_person(by), now=now).pk


def reply(*, objection_id: int, by: int, now: datetime) -> int:
    return objecting.reply_to_objection(
        objection_id=objection_id, decision=Decision.DISMISSED, grounds="不成立",
        by=_person(by), now=now,
    ).pk  # fmt: skip


def chase(*, now: datetime) -> int:
    return sending.chase(now)


def watch(*, now: datetime, is_ex_officio: bool) -> int:
    return watching.watch_freezes(now=now, is_ex_officio=is_ex_officio).alerted


def mind(*, now: datetime) -> int:
    return minding.mind_last_days(now=now)


ACTS: dict[str, Callable[..., Any]] = {
    one.__name__: one
    for one in (
        inquire, clue, freeze, ownership, history, deduct, lift_part, renew, reply, chase,
        watch, mind,
    )
}  # fmt: skip


def _person(pk: int) -> User:
    return User.objects.get(pk=pk)
