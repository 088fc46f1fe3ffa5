"""The review queue: a list, the claim with its reasons, the evidence; decide, next."""

from typing import Any, cast

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from zhipo.cases.models import Case
from zhipo.claims.actions import deciding, unmasking
from zhipo.claims.actions.papers import path_of
from zhipo.claims.actions.unmasking import Purpose
from zhipo.claims.models import Balance, Claim, Paper
from zhipo.claims.policies.deciding import DECIDABLE, needs_two
from zhipo.claims.policies.doubts import Doubt, doubts
from zhipo.claims.queries import desk, timeline
from zhipo.claims.queries.creditor import text_of
from zhipo.claims.states import PREFILLED, EvidenceState
from zhipo.kernel.money import yuan_text
from zhipo.kernel.rules import all_rules
from zhipo.law.register.states import ClaimState
from zhipo.law.registry import import_all
from zhipo.law.review.decision import Decision
from zhipo.portals.access import person
from zhipo.portals.desk.doubts import doubt_words
from zhipo.portals.desk.forms import AskForm, DecisionForm
from zhipo.portals.desk.people import masked, whole
from zhipo.portals.desk.surroundings import case_of, desk_page, for_desk
from zhipo.web.words import say

LISTED = 40
import_all()
CITES = {rule.id: rule.cite for rule in all_rules()}


@for_desk
@require_GET
def queue(request: HttpRequest, slug: str) -> HttpResponse:
    """The first claim that waits; an empty desk says so."""
    case = case_of(request, slug)
    first = desk.queue(case, by=person(request)).values_list("pk", flat=True).first()
    if first is not None:
        return redirect("desk:claim", slug=slug, claim_id=first)
    content = {"last": last_decided(request)}
    return desk_page(request, case, "desk/queue_empty.html", content, stage="queue")


@for_desk
@require_GET
@vary_on_headers("HX-Request")
def claim(request: HttpRequest, slug: str, claim_id: int) -> HttpResponse:
    """One claim between its neighbours in the queue."""
    case = case_of(request, slug)
    return claim_page(request, case, _claim_in(case, claim_id))


@for_desk
@require_POST
def decide(request: HttpRequest, slug: str, claim_id: int) -> HttpResponse:
    """Take a decision and go on to the next claim; wrong input comes back as it was."""
    case = case_of(request, slug)
    found = _claim_in(case, claim_id)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return claim_page(request, case, found, form=form, status=422)
    _, onward = desk.neighbours(case, found, by=person(request))
    decided = deciding.decide_claim(
        claim_id=found.pk,
        decision=Decision(form.cleaned_data["decision"]),
        admitted_fen=form.admitted_fen(found.claimed_fen),
        text=form.cleaned_data["text"].strip(),
        by=person(request),
    )
    told = _told(decided)
    if "HX-Request" in request.headers:
        return HttpResponse(told, content_type="text/plain; charset=utf-8")
    messages.success(request, told)
    address = (
        reverse("desk:claim", args=[slug, onward])
        if onward
        else reverse("desk:queue", args=[slug])
    )
    return redirect(f"{address}?last={found.pk}")


@for_desk
@require_POST
def undo(request: HttpRequest, slug: str, claim_id: int) -> HttpResponse:
    """Take back the last decision on a claim and show it again."""
    case = case_of(request, slug)
    undone = deciding.undo_decision(
        claim_id=_claim_in(case, claim_id).pk, by=person(request)
    )
    messages.success(request, say("desk.queue.undone", number=undone.number))
    return redirect("desk:claim", slug=slug, claim_id=claim_id)


@for_desk
@require_POST
def ask(request: HttpRequest, slug: str, claim_id: int) -> HttpResponse:
    """Send a question to the creditor."""
    case = case_of(request, slug)
    found = _claim_in(case, claim_id)
    form = AskForm(request.POST)
    if not form.is_valid():
        return claim_page(request, case, found, ask_form=form, status=422)
    deciding.ask_creditor(claim_id=found.pk, **form.cleaned_data, by=person(request))
    messages.success(request, say("desk.queue.asked", number=found.number))
    return redirect("desk:claim", slug=slug, claim_id=claim_id)


@for_desk
@require_POST
def unmask(request: HttpRequest, slug: str, claim_id: int) -> HttpResponse:
    """Show a creditor's data in full, this once, for a purpose that is recorded."""
    case = case_of(request, slug)
    found = _claim_in(case, claim_id)
    purpose = request.POST.get("purpose", "")
    if purpose not in set(Purpose):
        raise Http404
    shown = unmasking.unmask(
        claim_id=found.pk, purpose=Purpose(purpose), by=person(request)
    )
    return claim_page(request, case, found, creditor=whole(shown), is_unmasked=True)


@for_desk
@require_GET
def paper(request: HttpRequest, slug: str, paper_id: int) -> HttpResponse:
    """A paper of a claim, under the name we gave it."""
    case = case_of(request, slug)
    found = get_object_or_404(Paper, pk=paper_id, claim__case=case)
    path = path_of(found)
    if not path.is_file():
        raise Http404
    sent = FileResponse(
        path.open("rb"),
        content_type=found.content_type,
        filename=f"paper-{found.pk}{path.suffix}",
    )
    return cast(HttpResponse, sent)


def claim_page(
    request: HttpRequest, case: Case, found: Claim, *, status: int = 200, **given: Any
) -> HttpResponse:
    """The three columns, or their partial for the script."""
    by = person(request)
    before, after = desk.neighbours(case, found, by=by)
    content = {
        "claim": found,
        "creditor": masked(found),
        "waiting": list(desk.queue(case, by=by)[:LISTED]),
        "before": before,
        "after": after,
        "last": last_decided(request),
        "rules": [(rule, CITES.get(rule, "")) for rule in found.rules],
        "events": timeline.events_of(found),
        "balance": _balance_of(found),
        "papers": list(found.papers.order_by("pk")),
        "history": list(found.adjustments.select_related("by").order_by("-pk")[:20]),
        "messages_sent": _messages(found),
        "form": _decision_form(found),
        "ask_form": AskForm(),
        "purposes": list(Purpose),
        "doubts": _doubts(found),
        "is_decidable": found.state in DECIDABLE,
        "is_on_paper": found.creditor_id is None and found.state != PREFILLED,
        "is_undoable": found.state == ClaimState.REVIEWED and found.is_decided_by_person,
        **_entries(found, by),
        **given,
    }
    is_partial = "HX-Request" in request.headers
    template = "desk/_claim.html" if is_partial else "desk/claim.html"
    return desk_page(request, case, template, content, stage="queue", status=status)


def last_decided(request: HttpRequest) -> int | None:
    """The claim decided just before, for undoing it."""
    last = request.GET.get("last", "")
    return int(last) if last.isdecimal() and len(last) < 19 else None


def _claim_in(case: Case, claim_id: int) -> Claim:
    return get_object_or_404(desk.claims_in(case), pk=claim_id)


def _doubts(found: Claim) -> list[str]:
    """Why it waits, as far as the reasons beside it do not say so themselves."""
    if found.state == PREFILLED or found.is_decided_by_person:
        return []
    known = {*found.reasons, Doubt.SECOND_ENTRY, Doubt.ENTRIES_DIFFER}
    return [doubt_words(one) for one in doubts(desk.waiting_of(found)) if one not in known]


def _decision_form(found: Claim) -> DecisionForm:
    """The ledger's figure stands ready where it is lower than the claim."""
    ledger = found.ledger_fen
    is_lower = ledger is not None and 0 < ledger < found.claimed_fen
    admitted = yuan_text(ledger or 0, sign="") if is_lower else ""
    return DecisionForm(initial={"admitted": admitted})


def _entries(found: Claim, by: Any) -> dict[str, Any]:
    """Where the double entry stands; the first figure stays unseen by the second."""
    entry = getattr(found, "first_entry", None)
    is_split = entry is not None and entry.other_by_id is not None
    is_one = entry is not None and not is_split
    is_mine = entry is not None and is_one and entry.entered_by_id == by.pk
    return {
        "needs_two": needs_two(found),
        "is_mine_entered": is_mine,
        "is_other_entered": is_one and not is_mine,
        "split": entry if is_split else None,
    }


def _balance_of(found: Claim) -> Balance | None:
    if found.holder_id is None:
        return None
    return Balance.objects.filter(
        holder=found.holder_id, evidence__state=EvidenceState.SEALED
    ).first()


def _messages(found: Claim) -> list[dict[str, Any]]:
    rows = found.messages.order_by("-sent_at", "-pk")[:10]
    return [{"at": row.sent_at, "text": text_of(row), "ours": row.from_administrator}
            for row in rows]  # fmt: skip


def _told(decided: Claim) -> str:
    """What became of the decision, for the bar above the next claim."""
    is_done = decided.state == ClaimState.REVIEWED and decided.is_decided_by_person
    key = "desk.queue.decided" if is_done else "desk.queue.entered"
    return say(key, number=decided.number)
