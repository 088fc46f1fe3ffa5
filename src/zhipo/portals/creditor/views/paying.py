"""Where the money goes, and who I am above the limit."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from zhipo.accounts.limits import TooMany
from zhipo.claims.actions.payout import shown_payout
from zhipo.claims.actions.proving import NotTheSame, prove_identity
from zhipo.claims.policies.filing import check_can_choose_payout
from zhipo.claims.states import PayoutChannel
from zhipo.payouts.actions.changing import PLACES, change_payout, choose_further_way
from zhipo.payouts.queries.creditor import further_ways
from zhipo.portals.access import for_creditors, person
from zhipo.portals.creditor.forms import (
    NO_WAY,
    FurtherWayForm,
    IdentityForm,
    PayoutForm,
)
from zhipo.portals.creditor.pages import claim_of, shown, to_claim, with_fresh_proof
from zhipo.web.words import say


@for_creditors
@with_fresh_proof
@require_http_methods(["GET", "POST"])
def payout(request: HttpRequest, slug: str, claim_id: int) -> HttpResponse:
    """Choose the account; every change is kept and shown."""
    claim = claim_of(request, slug, claim_id)
    check_can_choose_payout(person(request), claim)
    form = PayoutForm(request.POST or None, initial={"channel": claim.payout_channel})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        changed = change_payout(
            claim_id=claim.pk,
            channel=PayoutChannel(said["channel"]),
            account=said["account"],
            by=person(request),
        )
        return to_claim(changed)
    page = {
        "case": claim.case,
        "claim": claim,
        "form": form,
        "payout": shown_payout(claim),
        "history": list(claim.adjustments.filter(act="payout_chosen").order_by("-at")),
    }
    return shown(request, "creditor/payout.html", page, refused=form.errors)


@for_creditors
@with_fresh_proof
@require_http_methods(["GET", "POST"])
def further_way(request: HttpRequest, slug: str, claim_id: int, place: int) -> HttpResponse:
    """Name the second or third way, for when the first one fails; or take it back."""
    claim = claim_of(request, slug, claim_id)
    if place not in PLACES:
        raise Http404
    check_can_choose_payout(person(request), claim)
    known = further_ways(claim).filter(place=place).first()
    initial = {"channel": known.channel if known is not None else NO_WAY}
    form = FurtherWayForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        channel = PayoutChannel(said["channel"]) if said["channel"] else None
        choose_further_way(
            claim_id=claim.pk, place=place, channel=channel, account=said["account"],
            by=person(request),
        )  # fmt: skip
        return redirect("creditor:payment", slug=slug, claim_id=claim.pk)
    page = {"case": claim.case, "claim": claim, "form": form, "place": place}
    return shown(request, "creditor/further_way.html", page, refused=form.errors)


@for_creditors
@require_http_methods(["GET", "POST"])
def identity(request: HttpRequest, slug: str, claim_id: int) -> HttpResponse:
    """Name and identity number against the books; a failure loses nothing."""
    claim = claim_of(request, slug, claim_id)
    form = IdentityForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            proven = prove_identity(
                claim_id=claim.pk, **form.cleaned_data, by=person(request)
            )
            return to_claim(proven)
        except NotTheSame as refused:
            form.add_error(None, refused.sentence)
        except TooMany as limit:
            form.add_error(None, say("creditor.sign_in.too_many", minutes=limit.minutes))
    page = {"case": claim.case, "claim": claim, "form": form}
    return shown(request, "creditor/identity.html", page, refused=form.errors)
