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
from zhipo.enforcement.models import Debtor, KeptPlace, Notice, Proceeds, Referral
from zhipo.enforcement.powers import open_acts_at
from zhipo.enforcement.queries.choices import own_open_cases
from zhipo.enforcement.queries.debtors import BUREAU
from zhipo.enforcement.queries.referrals import has_ruling, is_stayed, latest_referral
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
    debtor, referral = _referral(request, slug)
    form = LettersForm(request.POST, letters=_unsent(request, referral))
    act = partial(notices.send_notices, referral_id=referral.pk)
    return _do(request, debtor, form, act, "sent")


@for_bureau
@require_POST
def reply(request: HttpRequest, slug: str, notice_id: int) -> HttpResponse:
    """Record the answer to a letter."""
    debtor, referral = _referral(request, slug)
    if notice_id not in {one.notice.pk for one in _letters(request, referral)}:
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
    debtor, referral = _referral(request, slug)
    money = money_of(debtor, _own_courts(request))
    form = HandOverForm(request.POST, holdings=money.holdings)
    act = partial(proceeds.hand_over, referral_id=referral.pk)
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
    debtor, referral = _referral(request, slug)
    act = partial(proceeds.receive_ruling, referral_id=referral.pk)
    return _do(request, debtor, RulingReceivedForm(request.POST), act, "ruling")


@for_bureau
@require_POST
def place(request: HttpRequest, slug: str, place_id: int) -> HttpResponse:
    """Restore a freeze in its old place, or give it up."""
    debtor, referral = _referral(request, slug)
    own = _own_courts(request)
    if not referral.kept_places.filter(pk=place_id, freeze__case__court__in=own).exists():
        raise Http404

    def act(*, what: str, on: Any, by: Any) -> KeptPlace:
        if what == "restore":
            return restoring.restore_freeze(place_id=place_id, restored_on=on, by=by)
        return restoring.give_up_freeze(place_id=place_id, declined_on=on, by=by)

    return _do(request, debtor, PlaceForm(request.POST), act, "place")


def _own_courts(request: HttpRequest) -> frozenset[int]:
    return organisations_where(person(request), BUREAU)


def _referral(request: HttpRequest, slug: str) -> tuple[Debtor, Referral]:
    """Debtor and referral, for every court that enforces. Raises Http404."""
    debtor = debtor_of(request, slug)
    referral = latest_referral(debtor)
    if referral is None:
        raise Http404
    return debtor, referral


def _letters(request: HttpRequest, referral: Referral) -> list[Letter]:
    """Letters that one's own court writes or that are written to it; sender: all."""
    own = _own_courts(request)
    found = letters_of(referral, timezone.localdate())
    if referral.sending_id in own:
        return found
    return [one for one in found if _concerns(one.notice, own)]


def _concerns(notice: Notice, own: frozenset[int]) -> bool:
    is_addressee = notice.sent_on is not None and notice.court_id in own
    return notice.sender_id in own or is_addressee


def _unsent(request: HttpRequest, referral: Referral) -> list[Letter]:
    """What one's own court has still to send."""
    own = _own_courts(request)
    return [
        one
        for one in _letters(request, referral)
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
    referral = latest_referral(debtor)
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
        "referral": referral,
        "is_stayed": is_stayed(referral),
        "is_accepted": debtor.stage == Stage.ACCEPTED,
        "money": money,
        "left": kinds_left(money),
        "costs": costs_of(debtor, own),
        "own_courts": own,
        "may": open_acts_at(debtor, by, own),
        "ruling_is_in": has_ruling(referral),
        "failed": failed,
    }
    if referral is not None:
        content |= {
            "letters": _letters(request, referral),
            "places": places_of(referral),
        }
        shown["letters_form"] = LettersForm(letters=_unsent(request, referral))
    content |= with_failed(shown, failed)
    return bureau_page(request, debtor, "bureau/stay.html", content,
                       tab="stay", status=400 if failed is not None else 200)  # fmt: skip
