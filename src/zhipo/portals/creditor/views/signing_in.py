"""In by phone and code; devices; out, here or everywhere."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhipo.accounts.actions import sign_out_everywhere as end_everywhere
from zhipo.accounts.codes import MINUTES, WrongCode, send_code, user_of_code
from zhipo.accounts.limits import TooMany
from zhipo.accounts.models import Session
from zhipo.accounts.sessions import end_session, start_session
from zhipo.cases.models import Case
from zhipo.gateways.sms import SmsNotSent, sms_gateway
from zhipo.kernel.identifiers import IdentifierError, mask, parse_phone
from zhipo.portals.access import for_creditors, open_to_all, person
from zhipo.portals.creditor.pages import next_page
from zhipo.portals.creditor.wechat import is_linking, link_if_asked, wechat_link
from zhipo.portals.public.cases import case_of
from zhipo.web.words import say


@open_to_all
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for the phone; whether it has a claim is not told before the code."""
    case = case_of(slug)
    phone, error = request.POST.get("phone", "").strip(), ""
    if request.method == "POST":
        error = _sent(request, phone)
        if not error:
            return _ask_code(request, case, phone)
    page = {
        "case": case,
        "phone": phone,
        "error": error,
        "next": next_page(request, slug),
        "is_again": request.GET.get("again") == "1",
        "wechat": wechat_link(slug),
        "is_linking": is_linking(request),
    }
    return render(request, "creditor/sign_in.html", page, status=400 if error else 200)


@open_to_all
@never_cache
@require_POST
def code(request: HttpRequest, slug: str) -> HttpResponse:
    """Let in whoever has the code."""
    phone = request.POST.get("phone", "").strip()
    try:
        user = user_of_code(phone=phone, code=request.POST.get("code", ""))
    except IdentifierError:
        return redirect("creditor:sign_in", slug=slug)
    except WrongCode:
        wrong = say("creditor.code.wrong")
        return _ask_code(request, case_of(slug), phone, error=wrong)
    onward = next_page(request, slug)
    response = redirect(onward) if onward else redirect("creditor:money", slug=slug)
    start_session(request, response, user=user)
    link_if_asked(request, response, user=user)
    return response


@for_creditors
@require_safe
def me(request: HttpRequest, slug: str) -> HttpResponse:
    """My code word, my phone (masked), my devices, the way out."""
    user = person(request)
    page = {
        "case": case_of(slug),
        "phone": mask(user.phone.removeprefix("+86")),
        "devices": Session.objects.filter(user=user).order_by("-created_at"),
    }
    return render(request, "creditor/me.html", page)


@for_creditors
@require_POST
def sign_out(request: HttpRequest, slug: str) -> HttpResponse:
    """Out, on this device."""
    response = redirect("public:case", slug=slug)
    end_session(request, response)
    return response


@for_creditors
@require_POST
def sign_out_everywhere(request: HttpRequest, slug: str) -> HttpResponse:
    """Out, on every device."""
    end_everywhere(by=person(request))
    return redirect("public:case", slug=slug)


def _sent(request: HttpRequest, phone: str) -> str:
    """Send a code; what went wrong in words, empty if nothing did."""
    address = str(request.META.get("REMOTE_ADDR", ""))
    try:
        send_code(phone=phone, address=address, sms=sms_gateway())
    except IdentifierError:
        return say("creditor.sign_in.not_a_phone")
    except TooMany as limit:
        return say("creditor.sign_in.too_many", minutes=limit.minutes)
    except SmsNotSent:
        return say("creditor.sign_in.not_sent")
    return ""


def _ask_code(
    request: HttpRequest, case: Case, phone: str, *, error: str = ""
) -> HttpResponse:
    page = {
        "case": case,
        "phone": phone,
        "shown": mask(parse_phone(phone).removeprefix("+86")),
        "minutes": MINUTES,
        "error": error,
        "next": next_page(request, case.slug),
        "is_linking": is_linking(request),
    }
    return render(request, "creditor/code.html", page, status=400 if error else 200)
