"""The identification of a debtor: what the rules say, what if, the memo's versions."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from zhipo.enforcement.actions.memos import make_memo
from zhipo.enforcement.identification.assessment import proposed_by
from zhipo.enforcement.identification.paper import change_row
from zhipo.enforcement.models import Debtor, Memo
from zhipo.enforcement.queries.facts import ground_of
from zhipo.enforcement.queries.memos import (
    changes_in,
    content_if,
    content_now,
    digest_of,
    memos_of,
)
from zhipo.portals.access import person
from zhipo.portals.acting import tried
from zhipo.portals.bureau.forms_memo import ConclusionForm, SupposedForm
from zhipo.portals.bureau.memo_shown import compared, shown
from zhipo.portals.bureau.surroundings import bureau_page, debtor_of, for_bureau
from zhipo.portals.desk.exports import handed_out
from zhipo.web.words import say

PER_PAGE = 50


@for_bureau
@require_GET
def result(request: HttpRequest, slug: str) -> HttpResponse:
    """What the rules say of the facts as they are, and the form to conclude."""
    return _result_page(request, debtor_of(request, slug))


@for_bureau
@require_POST
def make(request: HttpRequest, slug: str) -> HttpResponse:
    """Make the next version with the judge's conclusion."""
    debtor = debtor_of(request, slug)
    form = ConclusionForm(request.POST)

    def conclude() -> Memo:
        conclusion = form.conclusion()
        return make_memo(debtor_id=debtor.pk, conclusion=conclusion, by=person(request))

    made = tried(form, conclude)
    memo = made.result
    if memo is None:
        return _result_page(request, debtor, form, status=made.status)
    messages.success(request, say("bureau.memo.made", version=memo.version))
    return redirect("bureau:memo_version", slug=slug, memo_version=memo.version)


@for_bureau
@require_GET
def creditors(request: HttpRequest, slug: str) -> HttpResponse:
    """Each creditor's expectation by either road, a page at a time."""
    debtor = debtor_of(request, slug)
    now = content_now(debtor, law_date=timezone.localdate())
    page = Paginator(now["recovery"]["lines"], PER_PAGE).get_page(request.GET.get("page"))
    content = {"page": page, "recovery": now["recovery"]}
    return bureau_page(request, debtor, "bureau/memo_creditors.html", content, tab="memo")


@for_bureau
@require_GET
def what_if(request: HttpRequest, slug: str) -> HttpResponse:
    """What would follow from other sums and answers; nothing is kept."""
    debtor = debtor_of(request, slug)
    ground = ground_of(debtor)
    form = SupposedForm(ground.values, request.GET or None)
    today = timezone.localdate()
    now = content_now(debtor, law_date=today, ground=ground)
    content: dict[str, Any] = {"form": form, "now": shown(now)}
    if request.GET and form.is_valid():
        then = content_if(ground, form.changed(), law_date=today)
        content["then"] = shown(then)
        content["classes"] = compared(now, then)
    return bureau_page(request, debtor, "bureau/memo_what_if.html", content, tab="memo")


@for_bureau
@require_GET
def version(request: HttpRequest, slug: str, memo_version: int) -> HttpResponse:
    """A memo as it was made, and what it has that the one before had not."""
    debtor = debtor_of(request, slug)
    memo = _memo_of(debtor, memo_version)
    content = {
        **shown(memo.content),
        "memo": memo,
        "changes": [change_row(one) for one in changes_in(memo)],
    }
    return bureau_page(request, debtor, "bureau/memo_version.html", content, tab="memo")


@for_bureau
@require_GET
def document(request: HttpRequest, slug: str, memo_version: int) -> HttpResponse:
    """The memo's paper, as it was recorded. Raises FileChanged."""
    return handed_out(_memo_of(debtor_of(request, slug), memo_version).document)


def _memo_of(debtor: Debtor, number: int) -> Memo:
    memo = memos_of(debtor).filter(version=number).first()
    if memo is None:
        raise Http404
    return memo


def _result_page(
    request: HttpRequest,
    debtor: Debtor,
    form: ConclusionForm | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    now = content_now(debtor, law_date=timezone.localdate())
    if form is None:
        road, is_fast = proposed_by(now)
        form = ConclusionForm(initial={"road": road, "is_fast": is_fast})
    content = {
        **shown(now),
        "form": form,
        "seen": digest_of(now),  # of what is shown now, whatever the form was sent with
        "memos": memos_of(debtor),
    }
    return bureau_page(
        request, debtor, "bureau/memo_result.html", content, tab="memo", status=status
    )
