"""Petitions that came to the court directly: entered, answered, ruled on in their time."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from zhipo.accounts.roles import BANKRUPTCY_COURT, Role
from zhipo.enforcement.actions import notices, rulings
from zhipo.enforcement.actions import petitions as acts
from zhipo.enforcement.actions.accepting import accept_petition
from zhipo.enforcement.clocks import cite_of
from zhipo.enforcement.models import Notice, Petition
from zhipo.enforcement.petition_states import PetitionAct, Petitioner, PetitionOutcome
from zhipo.enforcement.policies.petitions import open_acts
from zhipo.enforcement.powers import Act, can_at
from zhipo.enforcement.queries.petitions import (
    courts_of,
    missed_petition_clocks,
    petitions_visible_to,
)
from zhipo.enforcement.queries.stays import Letter, letters_of
from zhipo.portals.access import for_roles, person
from zhipo.portals.acting import acts_shown, tried, with_failed
from zhipo.portals.bureau.forms_stay import LettersForm, ReplyForm
from zhipo.portals.court.forms_petitions import (
    AskForm,
    ExtensionForm,
    NotifiedForm,
    ObjectionForm,
    PetitionForm,
    RulingForm,
    SupplementedForm,
)
from zhipo.portals.court.forms_referrals import AcceptanceForm, DismissalForm, ServedForm
from zhipo.portals.desk.exports import handed_out
from zhipo.web.words import say

for_petitions = for_roles(*BANKRUPTCY_COURT, Role.COURT_PRESIDENT)
A = PetitionAct
Offered = Callable[[Petition], bool]


def _of_creditor(petition: Petition) -> bool:
    return petition.by_whom == Petitioner.CREDITOR


def _is_refused(petition: Petition) -> bool:
    return petition.outcome == PetitionOutcome.REFUSED


ACTS: dict[str, tuple[type[forms.Form], Callable[..., object], PetitionAct, Offered]] = {
    "notify": (NotifiedForm, acts.notify_debtor, A.NOTIFY_DEBTOR,
               lambda one: _of_creditor(one) and one.notified_on is None),
    "objection": (ObjectionForm, acts.take_objection, A.TAKE_OBJECTION,
                  lambda one: one.notified_on is not None and one.objected_on is None),
    "ask": (AskForm, acts.ask_petitioner, A.ASK_PETITIONER,
            lambda one: one.asked_on is None),
    "supplemented": (SupplementedForm, acts.take_supplement, A.TAKE_SUPPLEMENT,
                     lambda one: True),
    "extend": (ExtensionForm, acts.extend_ruling, A.EXTEND_RULING,
               lambda one: not one.extension),
    "accept": (AcceptanceForm, accept_petition, A.RULE_ON_PETITION, lambda one: True),
    "rule": (RulingForm, acts.rule_on_petition, A.RULE_ON_PETITION, lambda one: True),
    "appealed": (AcceptanceForm, accept_petition, A.ACCEPT_ON_APPEAL, _is_refused),
    "served": (ServedForm, acts.serve_refusal, A.SERVE_REFUSAL,
               lambda one: _is_refused(one) and one.refusal_served_on is None),
}  # fmt: skip
"""Name in the address -> form, act, power, whether it is offered now."""

DISMISS = "dismissed"
"""The act that may follow an acceptance: its power is of enforcement's table."""


@for_petitions
@require_GET
def petitions(request: HttpRequest) -> HttpResponse:
    """All that came to this court, what was missed first, and the form for a new one."""
    return _list(request)


@for_petitions
@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    """Enter a petition."""
    form = PetitionForm(request.POST, courts=list(courts_of(person(request))))
    done = tried(
        form, lambda: acts.receive_petition(**form.cleaned_data, by=person(request))
    )
    if done.result is None:
        return _list(request, form, status=done.status)
    messages.success(request, say("court.petitions.said.receive"))
    return redirect("court:petition", petition_id=done.result.pk)


@for_petitions
@require_GET
def petition(request: HttpRequest, petition_id: int) -> HttpResponse:
    """One petition: its days, its clocks, what may be done."""
    return _page(request, _own(request, petition_id))


@for_petitions
@require_POST
def act(request: HttpRequest, petition_id: int, name: str) -> HttpResponse:
    """One act on it; a refusal comes back with what was typed."""
    found = _own(request, petition_id)
    if name == DISMISS and found.debtor is not None:
        form: forms.Form = DismissalForm(request.POST)
        return _do(request, found, name, form, rulings.record_dismissal)
    if name not in ACTS:
        raise Http404
    form_class, doing, _, _ = ACTS[name]
    return _do(request, found, name, form_class(request.POST), doing)


@for_petitions
@require_POST
def send_letters(request: HttpRequest, petition_id: int) -> HttpResponse:
    """Set the chosen letters as documents and send them."""
    found = _own(request, petition_id)
    form = LettersForm(request.POST, letters=_unsent(found))
    return _do(request, found, "letters", form, notices.send_notices)


@for_petitions
@require_POST
def reply(request: HttpRequest, petition_id: int, notice_id: int) -> HttpResponse:
    """Record the answer to a letter of this court's."""
    found = _own(request, petition_id)
    letter = _letter(found, notice_id)

    def answered(*, petition_id: int, **given: Any) -> object:
        return notices.acknowledge_notice(notice_id=letter.pk, **given)

    return _do(request, found, "reply", ReplyForm(request.POST), answered)


@for_petitions
@require_GET
def paper(request: HttpRequest, petition_id: int, notice_id: int) -> HttpResponse:
    """A letter of this court's as it went out. Raises FileChanged."""
    letter = _letter(_own(request, petition_id), notice_id)
    if letter.document is None:
        raise Http404
    return handed_out(letter.document)


def _do(
    request: HttpRequest,
    found: Petition,
    name: str,
    form: forms.Form,
    act: Callable[..., object],
) -> HttpResponse:
    """One act of a form; a refusal comes back with what was typed."""
    doing = partial(act, petition_id=found.pk, by=person(request))
    done = tried(form, lambda: doing(**form.cleaned_data))
    if not done.is_done:
        return _page(request, found, failed=(name, form), status=done.status)
    messages.success(request, say(f"court.petitions.said.{name}"))
    return redirect("court:petition", petition_id=found.pk)


def _letter(petition: Petition, notice_id: int) -> Notice:
    """A letter that this court writes. Raises Http404."""
    own = petition.notices.filter(sender=petition.court).select_related("document")
    return get_object_or_404(own, pk=notice_id)


def _unsent(petition: Petition) -> list[Letter]:
    """What this court has still to send."""
    letters = letters_of(petition, timezone.localdate())
    own = (one for one in letters if one.notice.sender_id == petition.court_id)
    return [one for one in own if one.notice.sent_on is None]


def _own(request: HttpRequest, petition_id: int) -> Petition:
    found = petitions_visible_to(person(request)).filter(pk=petition_id).first()
    if found is None:
        raise Http404
    return found


def _list(
    request: HttpRequest, failed: PetitionForm | None = None, *, status: int = 200
) -> HttpResponse:
    by, today = person(request), timezone.localdate()
    courts = list(courts_of(by))
    fresh = PetitionForm(courts=courts, initial={"received_on": today.isoformat()})
    content = {
        "petitions": petitions_visible_to(by).prefetch_related("clocks"),
        "missed": missed_petition_clocks(by, today),
        "form": (failed or fresh) if courts else None,
        "today": today,
    }
    return render(request, "court/petitions.html", content, status=status)


def _page(
    request: HttpRequest,
    found: Petition,
    *,
    failed: tuple[str, forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    clocks = found.clocks.order_by("last_day", "deadline")
    shown: dict[str, forms.Form] = {
        "letters_form": LettersForm(letters=_unsent(found)),
        "reply_form": ReplyForm(auto_id=False),
    }
    content = {
        "petition": found,
        "clocks": [(one, cite_of(one.deadline)) for one in clocks],
        "acts": _offered(request, found, failed),
        "letters": letters_of(found, timezone.localdate()),
        "may_write": _may_write(request, found),
        "failed": failed[1] if failed else None,
        "today": timezone.localdate(),
        **with_failed(shown, failed[1] if failed else None),
    }
    return render(request, "court/petition.html", content, status=status)


def _offered(
    request: HttpRequest, found: Petition, failed: tuple[str, forms.Form] | None
) -> list[dict[str, Any]]:
    """The acts that the reader may do now, each with its form."""
    may = open_acts(found, person(request))
    today = timezone.localdate().isoformat()
    days = {"notified_on": today, "objected_on": today, "asked_on": today,
            "supplemented_on": today, "ruled_on": today, "served_on": today}  # fmt: skip
    fresh = {
        name: form_class(initial=days)
        for name, (form_class, _, power, is_offered) in ACTS.items()
        if may[power] and is_offered(found)
    }
    if found.debtor and found.case and _may(request, found, Act.RECORD_DISMISSAL):
        fresh[DISMISS] = DismissalForm(initial={"dismissed_on": today})
    return acts_shown(fresh, failed)


def _may_write(request: HttpRequest, found: Petition) -> bool:
    """Whether the reader sends the letters that wait now."""
    act = Act.NOTIFY_STAY if found.dismissed_on is None else Act.NOTIFY_RESTORE
    return _may(request, found, act)


def _may(request: HttpRequest, found: Petition, act: Act) -> bool:
    """Whether the reader may do an act of enforcement's table at this court."""
    if found.debtor is None:
        return False
    return can_at(found.debtor, act, person(request), found.court_id)
