"""Claims that came on paper, and the employees' list."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from zhipo.cases.models import Case
from zhipo.claims.actions import entering
from zhipo.claims.actions.entering import Arrival
from zhipo.claims.actions.others import Statement
from zhipo.claims.models import Claim
from zhipo.claims.queries import desk
from zhipo.claims.states import ClaimKind, FiledThrough
from zhipo.portals.access import person
from zhipo.portals.desk.forms import CorrectionForm, EntryForm, ListingForm
from zhipo.portals.desk.lists import LISTS
from zhipo.portals.desk.surroundings import case_of, desk_page, for_desk
from zhipo.portals.desk.tables import table_view
from zhipo.web.words import say


@for_desk
@require_http_methods(["GET", "HEAD", "POST"])
def entering_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The form for a paper; below it the employees' list."""
    case = case_of(request, slug)
    form = EntryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        entered = _enter(request, case, form)
        if entered is not None:
            messages.success(request, say("desk.entering.done", receipt=entered.receipt))
            return redirect("desk:entering", slug=slug)
    return _page(request, case, form=form)


@for_desk
@require_POST
def list_employee(request: HttpRequest, slug: str) -> HttpResponse:
    """One more employee on the list."""
    case = case_of(request, slug)
    form = ListingForm(request.POST)
    if not form.is_valid():
        return _page(request, case, listing_form=form)
    given = form.cleaned_data
    said = Statement(ClaimKind.EMPLOYEE, given["claimant"], given["claimed"], given["text"])
    listed = entering.list_employee(
        case_id=case.pk, said=said, form_key=given["form_key"], by=person(request)
    )
    messages.success(request, say("desk.entering.listed", number=listed.number))
    return redirect("desk:entering", slug=slug)


@for_desk
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, slug: str, claim_id: int) -> HttpResponse:
    """Correct a sum on the list."""
    case = case_of(request, slug)
    on_list = desk.claims_in(case).filter(filed_through=FiledThrough.LISTED)
    claim = get_object_or_404(on_list, pk=claim_id)
    form = CorrectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        entering.correct_listing(claim_id=claim.pk, claimed_fen=given["claimed"],
                                 text=given["text"], by=person(request))  # fmt: skip
        messages.success(request, say("desk.entering.corrected", number=claim.number))
        return redirect("desk:entering", slug=slug)
    content = {"claim": claim, "form": form}
    status = 422 if form.errors else 200
    return desk_page(
        request, case, "desk/correct.html", content, stage="entering", status=status
    )


def _enter(request: HttpRequest, case: Case, form: EntryForm) -> Claim | None:
    """File it; an unknown number comes back as an error of the form."""
    given, by = form.cleaned_data, person(request)
    arrival = Arrival(FiledThrough(given["through"]), given["received_on"])
    if not given["number"]:
        said = Statement(
            ClaimKind(given["kind"]), given["claimant"], given["claimed"], given["text"],
            details=form.details,
        )  # fmt: skip
        return entering.enter_statement(
            case_id=case.pk, said=said, form_key=given["form_key"], arrival=arrival, by=by
        )
    known = desk.claims_in(case).filter(number__iexact=given["number"].strip()).first()
    if known is None:
        form.add_error("number", say("desk.form.number_unknown"))
        return None
    return entering.enter_prefilled(
        claim_id=known.pk, claimed_fen=given["claimed"], text=given["text"],
        arrival=arrival, by=by,
    )  # fmt: skip


def _page(
    request: HttpRequest,
    case: Case,
    *,
    form: EntryForm | None = None,
    listing_form: ListingForm | None = None,
) -> HttpResponse:
    is_wrong = any(one is not None and one.errors for one in (form, listing_form))
    content = {
        "form": form if form is not None else EntryForm(),
        "listing_form": listing_form or ListingForm(),
        "table": table_view(request, case, LISTS["entering"]),
    }
    status = 422 if is_wrong else 200
    return desk_page(
        request, case, "desk/entering.html", content, stage="entering", status=status
    )
