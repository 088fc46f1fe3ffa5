"""The referral of one debtor: what is next, by whom, until when, and every act on it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhipo.accounts.queries import organisations_where
from zhipo.accounts.roles import Role
from zhipo.enforcement.actions import (
    complaints,
    decisions,
    proceeds,
    referrals,
    reviews,
    services,
)
from zhipo.enforcement.documents import addressee_of
from zhipo.enforcement.models import Complaint, Consent, Debtor, Referral, Supplement
from zhipo.enforcement.policies.referrals import missing_conditions, signed_by
from zhipo.enforcement.powers import open_acts_at
from zhipo.enforcement.queries.choices import (
    courts_that_receive,
    goods_of,
    own_open_cases,
)
from zhipo.enforcement.queries.debtors import BUREAU
from zhipo.enforcement.queries.papers import papers_of
from zhipo.enforcement.queries.referrals import (
    consent_counts,
    latest_referral,
    next_steps,
    past_of,
    referrals_visible_to,
)
from zhipo.enforcement.referral_states import ENDED, ReferralState, Signer
from zhipo.portals.access import person
from zhipo.portals.acting import with_failed
from zhipo.portals.bureau.acting import do
from zhipo.portals.bureau.forms_referral import (
    AboveForm,
    AnswerForm,
    ComplaintForm,
    DropForm,
    OpenForm,
    PlainForm,
    PresidentForm,
    SaleForm,
    ServeForm,
    SignForm,
    SupplementForm,
)
from zhipo.portals.bureau.surroundings import bureau_page, debtor_of, for_bureau

CONSENTS_SHOWN = 50
R = ReferralState
SIGNING: dict[Signer, Callable[..., object]] = {
    Signer.HANDLER: decisions.sign_as_handler,
    Signer.PANEL: decisions.sign_as_panel,
    Signer.PRESIDENT: decisions.sign_as_president,
}


@for_bureau
@require_GET
def referral_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The referral as it stands."""
    return _page(request, debtor_of(request, slug))


@for_bureau
@require_POST
def open_one(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin a referral."""
    debtor = debtor_of(request, slug)
    act = partial(referrals.open_referral, debtor_id=debtor.pk)
    return _do(request, debtor, _open_form(request, debtor), act, "opened")


@for_bureau
@require_POST
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask the debtor and all applicants of this court."""
    debtor, referral = own_referral(request, slug)
    act = partial(referrals.ask_consent, referral_id=referral.pk)
    return _do(request, debtor, PlainForm(request.POST), act, "asked")


@for_bureau
@require_http_methods(["GET", "HEAD", "POST"])
def consent_page(request: HttpRequest, slug: str, consent_id: int) -> HttpResponse:
    """What one of those asked has answered."""
    debtor, referral = own_referral(request, slug)
    consent = _of(Consent, referral, consent_id, "case", "referral__debtor")

    def page(form: forms.Form) -> HttpResponse:
        content = {"form": form, "consent": consent, "name": addressee_of(consent)}
        status = 400 if form.is_bound else 200
        return bureau_page(request, debtor, "bureau/referral_consent.html", content,
                           tab="referral", status=status)  # fmt: skip

    if request.method != "POST":
        return page(AnswerForm(consent=consent))
    form = AnswerForm(request.POST, request.FILES)
    act = partial(referrals.record_answer, consent_id=consent.pk)
    return do(request, form, act, said="referral.said.answered",
              onward=reverse("bureau:referral", args=[slug]), again=page)  # fmt: skip


@for_bureau
@require_POST
def drop(request: HttpRequest, slug: str) -> HttpResponse:
    """Nobody consents: enforcement goes on."""
    debtor, referral = own_referral(request, slug)
    act = partial(referrals.drop_referral, referral_id=referral.pk)
    return _do(request, debtor, DropForm(request.POST), act, "dropped")


@for_bureau
@require_POST
def sign(request: HttpRequest, slug: str, signer: str) -> HttpResponse:
    """Handler, panel or president sign."""
    debtor, referral = own_referral(request, slug)
    if signer not in list(Signer):
        raise Http404
    form_class = PresidentForm if signer == Signer.PRESIDENT else SignForm
    act = partial(SIGNING[Signer(signer)], referral_id=referral.pk)
    return _do(request, debtor, form_class(request.POST), act, "signed")


@for_bureau
@require_POST
def serve(request: HttpRequest, slug: str) -> HttpResponse:
    """Record service of the decision."""
    debtor, referral = own_referral(request, slug)
    form = ServeForm(request.POST, services=_services(referral))
    act = partial(services.record_service, referral_id=referral.pk)
    return _do(request, debtor, form, act, "served")


@for_bureau
@require_POST
def sell(request: HttpRequest, slug: str) -> HttpResponse:
    """Record the sale of what cannot be kept."""
    debtor, referral = own_referral(request, slug)
    form = SaleForm(request.POST, goods=goods_of(debtor))
    act = partial(proceeds.sell_perishable, referral_id=referral.pk)
    return _do(request, debtor, form, act, "sold")


@for_bureau
@require_POST
def supplement(request: HttpRequest, slug: str, supplement_id: int) -> HttpResponse:
    """Hand in what the receiving court has asked for."""
    debtor, referral = own_referral(request, slug)
    asked = _of(Supplement, referral, supplement_id)
    act = partial(reviews.hand_in_supplement, supplement_id=asked.pk)
    return _do(request, debtor, SupplementForm(request.POST), act, "supplemented")


@for_bureau
@require_POST
def complain(request: HttpRequest, slug: str) -> HttpResponse:
    """Write to the court above the receiving one."""
    debtor, referral = own_referral(request, slug)
    act = partial(complaints.complain, referral_id=referral.pk)
    return _do(request, debtor, ComplaintForm(request.POST), act, "complained")


@for_bureau
@require_POST
def above(request: HttpRequest, slug: str, complaint_id: int) -> HttpResponse:
    """What the court above did: it ordered, or it took the case."""
    debtor, referral = own_referral(request, slug)
    complaint = _of(Complaint, referral, complaint_id)

    def act(*, what: str, on: Any, by: Any) -> object:
        if what == "take":
            return complaints.take_jurisdiction(
                complaint_id=complaint.pk, taken_on=on, by=by
            )
        return complaints.record_order(complaint_id=complaint.pk, ordered_on=on, by=by)

    return _do(request, debtor, AboveForm(request.POST), act, "above")


def referral_of(request: HttpRequest, debtor: Debtor) -> Referral | None:
    """The debtor's referral, if the reader's court has to do with it."""
    latest = latest_referral(debtor)
    if latest is None:
        return None
    return referrals_visible_to(person(request)).filter(pk=latest.pk).first()


def own_referral(request: HttpRequest, slug: str) -> tuple[Debtor, Referral]:
    """Debtor and referral of an act. Raises Http404."""
    debtor = debtor_of(request, slug)
    referral = referral_of(request, debtor)
    if referral is None:
        raise Http404
    return debtor, referral


def _of(model: Any, referral: Referral, pk: int, *related: str) -> Any:
    """A thing of this referral. Raises Http404."""
    found = model.objects.filter(pk=pk, referral=referral)
    found = found.select_related(*related).first() if related else found.first()
    if found is None:
        raise Http404
    return found


def _do(
    request: HttpRequest, debtor: Debtor, form: forms.Form, act: Any, said: str
) -> HttpResponse:
    return do(
        request,
        form,
        act,
        said=f"referral.said.{said}",
        onward=reverse("bureau:referral", args=[debtor.slug]),
        again=partial(_page, request, debtor),
    )


def _page(
    request: HttpRequest, debtor: Debtor, failed: forms.Form | None = None
) -> HttpResponse:
    referral = referral_of(request, debtor)
    known = latest_referral(debtor)
    content: dict[str, Any] = {"referral": referral, "failed": failed, "known": known}
    if referral is not None:
        content |= _standing(request, referral, failed)
    if known is None or known.state in ENDED:
        content["open_form"] = (
            failed if isinstance(failed, OpenForm) else _open_form(request, debtor)
        )
    return bureau_page(request, debtor, "bureau/referral.html", content, tab="referral",
                       status=400 if failed is not None else 200)  # fmt: skip


def _standing(
    request: HttpRequest, referral: Referral, failed: forms.Form | None
) -> dict[str, Any]:
    """What the page says of a referral, and the forms of what may be done now."""
    debtor, by = referral.debtor, person(request)
    consents = referral.consents.select_related("case", "referral__debtor").order_by("pk")
    shown = {
        "sign_form": SignForm(),
        "president_form": PresidentForm(),
        "drop_form": DropForm(),
        "serve_form": ServeForm(services=_services(referral)),
        "sale_form": SaleForm(goods=goods_of(debtor)),
        "supplement_form": SupplementForm(auto_id=False),
        "complaint_form": ComplaintForm(),
        "above_form": AboveForm(auto_id=False),
    }
    return {
        **with_failed(shown, failed),
        **_signing(referral, by),
        "may": open_acts_at(debtor, by, [referral.sending_id]),
        "steps": next_steps(referral),
        "past": past_of(referral),
        "missing": missing_conditions(referral) if referral.state == R.COLLECTING else (),
        "counts": consent_counts(referral),
        "consents": Paginator(consents, CONSENTS_SHOWN).get_page(request.GET.get("page")),
        "signatures": referral.signatures.select_related("by").order_by("pk"),
        "services": _services(referral),
        "supplements": referral.supplements.order_by("asked_on", "pk"),
        "complaints": referral.complaints.select_related("court").order_by("pk"),
        "sales": referral.sales.select_related("target", "price").order_by("pk"),
        "clocks": referral.clocks.select_related("court").order_by("last_day"),
        "is_sender": referral.sending_id in organisations_where(by, BUREAU),
        "can_complain": referral.state in (R.SENT, R.UNDER_REVIEW),
        "papers": papers_of(referral),
    }


def _signing(referral: Referral, by: Any) -> dict[str, bool]:
    """Whose turn it is to sign, and whether the reader is one of those."""
    at = referral.sending_id
    is_panel_done = Signer.PANEL in signed_by(referral)
    return {
        "is_judge": at in organisations_where(by, {Role.ENFORCEMENT_JUDGE}),
        "is_president": at in organisations_where(by, {Role.COURT_PRESIDENT}),
        "has_signed": referral.signatures.filter(by=by).exists(),
        "panel_done": is_panel_done,
        "president_next": referral.state == R.APPROVED
        or (referral.state == R.DECIDING and is_panel_done),
    }


def _services(referral: Referral) -> list[tuple[Any, str]]:
    found = referral.services.select_related("case", "referral__debtor").order_by("pk")
    return [(one, addressee_of(one)) for one in found]


def _open_form(request: HttpRequest, debtor: Debtor) -> OpenForm:
    data = request.POST if request.method == "POST" else None
    return OpenForm(
        data,
        cases=own_open_cases(person(request), debtor),
        courts=courts_that_receive(),
        domicile=debtor.address,
    )
