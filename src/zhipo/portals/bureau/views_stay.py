"""The stay of one debtor: letters and their answers, money, costs, freezes to restore."""

from functools import partial
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from zhipo.accounts.queries import organisations_where
from zhipo.enforcement.actions import notices, proceeds, restoring
from zhipo.enforcement.models import Debtor, KeptPlace, Notice, Proceeds
from zhipo.enforcement.policies.origins import Origin, as_number, writer_of
from zhipo.enforcement.powers import open_acts_at
from zhipo.enforcement.queries.choices import own_open_cases
from zhipo.enforcement.queries.debtors import BUREAU
from zhipo.enforcement.queries.referrals import (
    is_stayed,
    latest_origin,
    latest_referral,
    waits_for_ruling,
)
from zhipo.enforcement.queries.stays import (
    Letter,
    costs_of,
    kinds_left,
    letters_of,
    money_of,
    places_of,
)
from zhipo.enforcement.states import Stage
from zhipo.portals.access import person
from zhipo.portals.acting import with_failed
from zhipo.portals.bureau.acting import do
from zhipo.portals.bureau.forms_stay import (
    BookingForm,
    CostForm,
    HandOverForm,
    LettersForm,
    PayForm,
    PlaceForm,
    ReplyForm,
    RulingReceivedForm,
)
from zhipo.portals.bureau.surroundings import bureau_page, debtor_of, for_bureau


@for_bureau
@require_GET
def stay_page(request: HttpRequest, slug: str) -> HttpResponse:
    """What is stayed, what is still to be told, lifted, handed over."""
    return _page(request, debtor_of(request, slug))


@for_bureau
@require_POST
def send_letters(request: HttpRequest, slug: str) -> HttpResponse:
    """Set the chosen letters as documents and send them."""
    debtor, origin = _origin(request, slug)
    form = LettersForm(request.POST, letters=_unsent(request, origin))
    act = partial(notices.send_notices, **as_number(origin))
    return _do(request, debtor, form, act, "sent")


@for_bureau
@require_POST
def reply(request: HttpRequest, slug: str, notice_id: int) -> HttpResponse:
    """Record the answer to a letter."""
    debtor, origin = _origin(request, slug)
    if notice_id not in {one.notice.pk for one in _letters(request, origin)}:
        raise Http404
    act = partial(notices.acknowledge_notice, notice_id=notice_id)
    return _do(request, debtor, ReplyForm(request.POST), act, "replied")


@for_bureau
@require_POST
def book(request: HttpRequest, slug: str) -> HttpResponse:
    """Enter money or a thing that this court holds."""
    debtor = debtor_of(request, slug)
    form = BookingForm(request.POST, cases=own_open_cases(person(request), debtor))
    return _do(request, debtor, form, proceeds.book_proceeds, "booked")


@for_bureau
@require_POST
def pay(request: HttpRequest, slug: str, proceeds_id: int) -> HttpResponse:
    """Pay money out to the applicant."""
    debtor = debtor_of(request, slug)
    own = _own_courts(request)
    held = Proceeds.objects.filter(pk=proceeds_id, case__debtor=debtor, case__court__in=own)
    if not held.exists():
        raise Http404
    act = partial(proceeds.pay_out, proceeds_id=proceeds_id)
    return _do(request, debtor, PayForm(request.POST), act, "paid")


@for_bureau
@require_POST
def hand_over(request: HttpRequest, slug: str) -> HttpResponse:
    """Hand what is estate to the administrator."""
    debtor, origin = _origin(request, slug)
    money = money_of(debtor, _own_courts(request))
    form = HandOverForm(request.POST, holdings=money.holdings)
    act = partial(proceeds.hand_over, **as_number(origin))
    return _do(request, debtor, form, act, "handed_over")


@for_bureau
@require_POST
def cost(request: HttpRequest, slug: str) -> HttpResponse:
    """Enter an unpaid cost of enforcement."""
    debtor = debtor_of(request, slug)
    form = CostForm(request.POST, cases=own_open_cases(person(request), debtor))
    return _do(request, debtor, form, proceeds.book_cost, "cost")


@for_bureau
@require_POST
def ruling(request: HttpRequest, slug: str) -> HttpResponse:
    """The acceptance ruling has come."""
    debtor = debtor_of(request, slug)
    referral = latest_referral(debtor)
    if referral is None:
        raise Http404
    act = partial(proceeds.receive_ruling, referral_id=referral.pk)
    return _do(request, debtor, RulingReceivedForm(request.POST), act, "ruling")


@for_bureau
@require_POST
def place(request: HttpRequest, slug: str, place_id: int) -> HttpResponse:
    """Restore a freeze in its old place, or give it up."""
    debtor, origin = _origin(request, slug)
    own = _own_courts(request)
    if not origin.kept_places.filter(pk=place_id, freeze__case__court__in=own).exists():
        raise Http404

    def act(*, what: str, on: Any, by: Any) -> KeptPlace:
        if what == "restore":
            return restoring.restore_freeze(place_id=place_id, restored_on=on, by=by)
        return restoring.give_up_freeze(place_id=place_id, declined_on=on, by=by)

    return _do(request, debtor, PlaceForm(request.POST), act, "place")


def _own_courts(request: HttpRequest) -> frozenset[int]:
    return organisations_where(person(request), BUREAU)


def _origin(request: HttpRequest, slug: str) -> tuple[Debtor, Origin]:
    """Debtor and what stays it, for every court that enforces. Raises Http404."""
    debtor = debtor_of(request, slug)
    origin = latest_origin(debtor)
    if origin is None:
        raise Http404
    return debtor, origin


def _letters(request: HttpRequest, origin: Origin) -> list[Letter]:
    """Letters that one's own court writes or that are written to it; sender: all."""
    own = _own_courts(request)
    found = letters_of(origin, timezone.localdate())
    if writer_of(origin).pk in own:
        return found
    return [one for one in found if _concerns(one.notice, own)]


def _concerns(notice: Notice, own: frozenset[int]) -> bool:
    is_addressee = notice.sent_on is not None and notice.court_id in own
    return notice.sender_id in own or is_addressee


def _unsent(request: HttpRequest, origin: Origin) -> list[Letter]:
    """What one's own court has still to send."""
    own = _own_courts(request)
    return [
        one
        for one in _letters(request, origin)
        if one.notice.sent_on is None and one.notice.sender_id in own
    ]


def _do(
    request: HttpRequest, debtor: Debtor, form: forms.Form, act: Any, said: str
) -> HttpResponse:
    return do(
        request,
        form,
        act,
        said=f"stay.said.{said}",
        onward=reverse("bureau:stay", args=[debtor.slug]),
        again=partial(_page, request, debtor),
    )


def _page(
    request: HttpRequest, debtor: Debtor, failed: forms.Form | None = None
) -> HttpResponse:
    own, by = _own_courts(request), person(request)
    origin = latest_origin(debtor)
    money = money_of(debtor, own)
    cases = own_open_cases(by, debtor)
    shown: dict[str, forms.Form] = {
        "booking_form": BookingForm(cases=cases),
        "cost_form": CostForm(cases=cases),
        "hand_over_form": HandOverForm(holdings=money.holdings),
        "ruling_form": RulingReceivedForm(),
        "reply_form": ReplyForm(auto_id=False),
        "pay_form": PayForm(auto_id=False),
        "place_form": PlaceForm(auto_id=False),
    }
    content: dict[str, Any] = {
        "origin": origin,
        "is_stayed": is_stayed(origin),
        "is_accepted": debtor.stage == Stage.ACCEPTED,
        "money": money,
        "left": kinds_left(money),
        "costs": costs_of(debtor, own),
        "own_courts": own,
        "may": open_acts_at(debtor, by, own),
        "waits_for_ruling": waits_for_ruling(origin),
        "failed": failed,
    }
    if origin is not None:
        content |= {
            "letters": _letters(request, origin),
            "places": places_of(origin),
        }
        shown["letters_form"] = LettersForm(letters=_unsent(request, origin))
    content |= with_failed(shown, failed)
    return bureau_page(request, debtor, "bureau/stay.html", content,
                       tab="stay", status=400 if failed is not None else 200)  # fmt: skip
