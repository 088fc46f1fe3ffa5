"""Forms of the stay: letters, money, costs, and freezes that come back."""

from collections.abc import Sequence
from typing import Any

from zhipo.enforcement.actions.proceeds import Booking
from zhipo.enforcement.models import EnforcementCase
from zhipo.enforcement.queries.stays import Holding, Letter
from zhipo.kernel.money import yuan_text
from zhipo.law.referral.handover import EnforcementCost, Held
from zhipo.portals.bureau.forms_cases import choice, day, line
from zhipo.portals.bureau.forms_referral import ActForm, Given, one_of, some_of, tick
from zhipo.portals.desk.forms import YuanField
from zhipo.web.words import say


class LettersForm(ActForm):
    """Which letters go out now."""

    def __init__(self, data: Any = None, *, letters: Sequence[Letter]) -> None:
        super().__init__(data)
        rows = [(one.notice.pk, _named(one)) for one in letters if not one.notice.sent_on]
        self.fields["notice_ids"] = some_of("bureau.stay.send", rows)


def _named(letter: Letter) -> str:
    notice = letter.notice
    kind = say(f"enforcement.notice.{notice.kind}")
    return f"{kind} · {notice.court or notice.institution}"


class ReplyForm(ActForm):
    acknowledged_on = day("bureau.stay.acknowledged_on")
    reply = line("bureau.stay.reply", most=300, required=False)


class BookingForm(ActForm):
    what = line("bureau.stay.what")
    held = choice("bureau.stay.held", "enforcement.held", list(Held))
    since = day("bureau.stay.since")
    field_order = ("case_id", "what", "held", "fen", "since")

    def __init__(self, data: Any = None, *, cases: Sequence[EnforcementCase]) -> None:
        super().__init__(data, prefix="booking")
        rows = ((one.pk, one.number) for one in cases)
        self.fields["case_id"] = one_of("bureau.stay.case", rows)
        self.fields["fen"] = YuanField(label=say("bureau.stay.fen"))
        self.order_fields(self.field_order)

    def given(self, data: Given) -> Given:
        booking = Booking(
            what=data["what"], held=Held(data["held"]), fen=data["fen"], since=data["since"]
        )
        return {"case_id": data["case_id"], "booking": booking}


class PayForm(ActForm):
    paid_on = day("bureau.stay.paid_on")


class HandOverForm(ActForm):
    handed_over_on = day("bureau.stay.handed_over_on")
    is_sure = tick("bureau.stay.sure_hand_over")
    field_order = ("proceeds_ids",)

    def __init__(self, data: Any = None, *, holdings: Sequence[Holding]) -> None:
        super().__init__(data)
        rows = [
            (one.proceeds.pk, f"{one.proceeds.what} {yuan_text(one.proceeds.fen)}")
            for one in holdings
            if one.is_estate and one.proceeds.handed_over_on is None
        ]
        self.fields["proceeds_ids"] = some_of("bureau.stay.hand_over_what", rows)
        self.order_fields(self.field_order)

    def given(self, data: Given) -> Given:
        return {name: data[name] for name in ("proceeds_ids", "handed_over_on")}


class CostForm(ActForm):
    kind = choice("bureau.stay.cost", "enforcement.cost", list(EnforcementCost))
    note = line("bureau.stay.note", required=False)
    field_order = ("case_id", "kind", "fen", "note")

    def __init__(self, data: Any = None, *, cases: Sequence[EnforcementCase]) -> None:
        super().__init__(data, prefix="cost")
        rows = ((one.pk, one.number) for one in cases)
        self.fields["case_id"] = one_of("bureau.stay.case", rows)
        self.fields["fen"] = YuanField(label=say("bureau.stay.fen"))
        self.order_fields(self.field_order)

    def given(self, data: Given) -> Given:
        return {**data, "kind": EnforcementCost(data["kind"])}


class RulingReceivedForm(ActForm):
    received_on = day("bureau.stay.received_on")


class PlaceForm(ActForm):
    """A freeze that came back, or one that its court gives up."""

    what = choice("bureau.stay.place", "bureau.stay.place", ("restore", "give_up"))
    on = day("bureau.stay.place_on")
