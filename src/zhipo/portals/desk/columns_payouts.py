"""Columns and choices of the lists of orders and deposits; payees are masked in them."""

from typing import Any

from django.http import QueryDict
from django.urls import reverse

from zhipo.cases.models import Case
from zhipo.gateways.payouts.channel import ChannelName
from zhipo.kernel.identifiers import mask, mask_name
from zhipo.payouts.models import Answer, Order
from zhipo.payouts.states import DepositReason, OrderState, ReleasedTo
from zhipo.portals.desk.columns import AMOUNT, COUNT, WHEN, Column, named
from zhipo.portals.desk.filtering import selection
from zhipo.portals.desk.people import Person, masked
from zhipo.web.templatetags.words import day, minute, yuan
from zhipo.web.words import has, say

KEPT = "kept"
SIGNS = {
    OrderState.PAID: "✓", OrderState.FAILED: "✗", OrderState.RETURNED: "↩",
    OrderState.DEPOSITED: "■", OrderState.WAITING_USER: "▸",
}  # fmt: skip


def reason_words(reason: str) -> str:
    """Why an order ended or waits, nothing where no reason is known."""
    key = f"payouts.reason.{reason}"
    return say(key) if reason and has(key) else reason


def _order_state(row: Any) -> str:
    sign = SIGNS.get(row.state, "…")
    return f"{sign}\u00a0{say(f'payouts.order.{row.state}')}"


def _to_order(slug: str, row: Any) -> str:
    return reverse("desk:order", args=[slug, row.pk])


def _to_deposit(slug: str, row: Any) -> str:
    return reverse("desk:deposit", args=[slug, row.pk])


def _claim_of(slug: str, row: Any) -> str:
    return reverse("desk:claim", args=[slug, row.share.claim_id])


ORDER_COLUMNS = named(
    (
        Column("order_reference", lambda row: row.reference[:8], "reference",
               whole=lambda row: row.reference, leads_to=_to_order),
        Column("number", lambda row: row.share.claim.number, "share__claim__number",
               leads_to=_claim_of),
        Column("name", lambda row: masked(row.share.claim).name),
        Column("order_part", lambda row: f"{row.part + 1}", "part", COUNT),
        Column("order_fen", lambda row: yuan(row.fen), "fen", AMOUNT, lambda row: row.fen),
        Column("order_channel", lambda row: say(f"payouts.channel.{row.channel}"),
               "channel"),
        Column("order_state", _order_state, "state",
               whole=lambda row: say(f"payouts.order.{row.state}")),
        Column("order_reason", lambda row: reason_words(row.reason), "reason"),
        Column("order_due_on", lambda row: day(row.due_on), "due_on", WHEN),
        Column("order_next", lambda row: minute(row.ask_at), "ask_at", WHEN),
        Column("order_ended", lambda row: minute(row.ended_at), "ended_at", WHEN),
        Column("order_tries", lambda row: f"{row.tries}", "tries", COUNT,
               lambda row: row.tries),
        Column("order_channel_number", lambda row: row.channel_number, "channel_number"),
    )
)  # fmt: skip
ORDERS_SHOWN = ("order_reference", "number", "name", "order_fen", "order_channel",
                "order_state", "order_reason", "order_next", "order_ended")  # fmt: skip

DEPOSIT_COLUMNS = named(
    (
        Column("number", lambda row: row.share.claim.number, "share__claim__number",
               leads_to=_to_deposit),
        Column("name", lambda row: masked(row.share.claim).name),
        Column("deposit_fen", lambda row: yuan(row.fen), "fen", AMOUNT,
               lambda row: row.fen),
        Column("deposit_why", lambda row: say(f"payouts.deposit.{row.why}"), "why"),
        Column("deposit_since", lambda row: day(row.since), "since", WHEN),
        Column("deposit_until", lambda row: day(row.until), "until", WHEN),
        Column("deposit_released_on", lambda row: day(row.released_on), "released_on",
               WHEN),
        Column("deposit_released_to",
               lambda row: say(f"payouts.released_to.{row.released_to}")
               if row.released_to else say("payouts.desk.kept"), "released_to"),
    )
)  # fmt: skip


def order_choices(case: Case, query: QueryDict) -> list[dict[str, Any]]:
    """The selections above the list of orders."""
    releases = case.plans.values_list("releases__pk", flat=True).order_by("-releases__pk")
    return [
        _choice(query, "state", [(one, f"payouts.order.{one}") for one in OrderState]),
        _choice(query, "channel", [(one, f"payouts.channel.{one}") for one in ChannelName]),
        _choice(query, "need", [("yes", "payouts.desk.need")]),
        selection(
            query, "release", "payouts.desk.release",
            [(pk, say("payouts.desk.release_number", number=pk)) for pk in releases if pk],
        ),
    ]  # fmt: skip


def deposit_choices(query: QueryDict) -> list[dict[str, Any]]:
    """The selections above the list of deposits."""
    ends = [(KEPT, "payouts.desk.kept")]
    ends += [(one, f"payouts.released_to.{one}") for one in ReleasedTo]
    return [
        _choice(query, "why", [(one, f"payouts.deposit.{one}") for one in DepositReason]),
        _choice(query, "end", ends),
    ]


def payee_masked(order: Order) -> Person:
    """Whom an order pays, as far as is needed to tell two people apart."""
    return Person(
        mask_name(order.payee_name),
        account=mask(order.payee_account, head=0, tail=4),
    )


def answer_words(answer: Answer) -> dict[str, Any]:
    """One saying of a channel, with what it said beside the outcome."""
    told = answer.content
    reason = str(told.get("reason", "") or told.get("by", ""))
    codes = (f"{told.get(name) or ''}" for name in ("code", "number", "cause"))
    return {
        "at": answer.at,
        "asked": say(f"payouts.asked.{answer.asked}"),
        "outcome": say(f"payouts.outcome.{answer.outcome}"),
        "more": [one for one in (reason_words(reason),) if one],
        "code": " ".join(one for one in codes if one),
    }


def _choice(query: QueryDict, name: str, options: list[tuple[str, str]]) -> dict[str, Any]:
    said = [(value, say(phrase)) for value, phrase in options]
    return selection(query, name, f"payouts.desk.filter.{name}", said)
