"""What the creditor's views share: the claim in hand, where to go next, answers."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header, url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from zhipo.accounts.sessions import is_fresh
from zhipo.cases.phases import Phase
from zhipo.claims.models import Claim
from zhipo.claims.policies.papers import LARGEST_FORM
from zhipo.claims.queries.creditor import own_claim
from zhipo.portals.access import person
from zhipo.portals.public.cases import case_of
from zhipo.web import errors
from zhipo.web.refusals import Declined
from zhipo.web.words import say

View = Callable[..., HttpResponseBase]
PAYING = frozenset({Phase.DISTRIBUTION, Phase.CLOSED})
"""From the first approved plan on there is something to see of payments."""


def claim_of(request: HttpRequest, slug: str, claim_id: int) -> Claim:
    """A claim that the person has taken. Raises Http404 for any other."""
    claim = own_claim(person(request), case_of(slug), claim_id)
    if claim is None:
        raise Http404
    return claim


def to_claim(claim: Claim) -> HttpResponse:
    """On to the claim's status, which is its receipt."""
    return redirect("creditor:claim", slug=claim.case.slug, claim_id=claim.pk)


def next_page(request: HttpRequest, slug: str) -> str:
    """Where to go after signing in: a page of this case, else the money."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    home = reverse("public:case", args=[slug])
    is_inside = is_ours and wanted.startswith(home) and wanted != home
    return wanted if is_inside else ""


def shown(
    request: HttpRequest, template: str, page: dict[str, Any], *, refused: Any = None
) -> HttpResponse:
    """A page; 400 with what was typed still in it where its form was not taken."""
    status = refused.status if isinstance(refused, Declined) else 400
    return render(request, template, page, status=status if refused else 200)


def as_file(content: bytes, content_type: str, name: str) -> HttpResponse:
    """A download that no browser interprets."""
    disposition = content_disposition_header(as_attachment=True, filename=name)
    headers = {"Content-Disposition": disposition or "attachment"}
    return HttpResponse(content, content_type=content_type, headers=headers)


def with_fresh_proof(view: View) -> View:
    """Acts on money ask for the code again after ten minutes (step-up)."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if is_fresh(request.signed_in):  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)
        query = urlencode({"next": request.path, "again": "1"})
        return redirect(f"{reverse('creditor:sign_in', args=[kwargs['slug']])}?{query}")

    return answer


def with_uploads(view: View) -> View:
    """Refuse a form that is too large before a byte of it is read.

    The check of the form's token reads the form, so it comes after the size.
    """
    checked = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_FORM:
            words = {"title": "web.error.declined.title",
                     "sentence": say("claims.paper.form_too_large")}  # fmt: skip
            return render(request, "error.html", words, status=413)
        return checked(request, *args, **kwargs)

    return answer


def not_found(request: HttpRequest) -> HttpResponse:
    """The page for what is not there, or not the reader's."""
    return errors.page(request, status=404, kind="not_found")
