"""Staff sign in: name and password, then the six digits of their app."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from segno import make_qr

from zhipo.accounts import actions
from zhipo.accounts.actions import WrongCredentials
from zhipo.accounts.limits import TooMany
from zhipo.accounts.models import ApiToken, Session
from zhipo.accounts.queries import offices_of
from zhipo.accounts.roles import ADMINISTRATOR, BANKRUPTCY_COURT, STAFF
from zhipo.accounts.sessions import end_session, start_session
from zhipo.enforcement.queries.debtors import BUREAU
from zhipo.portals.access import for_roles, open_to_all, person
from zhipo.portals.entry.forms import (
    CodeForm,
    NewPasswordForm,
    PasswordForm,
    TokenForm,
    add_sentence,
)
from zhipo.web.words import say

for_staff = for_roles(*STAFF)


@open_to_all
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Name and password; the second factor is the next page."""
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = actions.staff_of_password(**form.cleaned_data, address=address(request))
        except WrongCredentials:
            add_sentence(form, "entry.wrong_password")
        except TooMany as limit:
            add_sentence(form, "entry.locked", minutes=limit.minutes)
        else:
            onward = redirect(f"/enter/code?next={next_page(request)}")
            start_session(request, onward, user=user)
            return onward
    status = 400 if form.errors else 200
    return render(request, "entry/sign_in.html", {"form": form}, status=status)


@open_to_all
@never_cache
@require_http_methods(["GET", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """Six digits; the first time, the secret to put into the app."""
    session: Session | None = request.signed_in  # type: ignore[attr-defined]
    if session is None or not session.user.is_staff_member:
        return redirect("/enter/")
    is_new = not actions.has_second_factor(session.user)
    form = CodeForm(request.POST or None)
    is_sent = request.method == "POST" and form.is_valid()
    if is_sent and _is_passed(request, form, session, is_new=is_new):
        return redirect(next_page(request) or home_of(session))
    page = {"form": form, "is_new": is_new}
    if is_new:
        page |= _enrolment(session, fresh=request.method == "GET")
    status = 400 if form.errors else 200
    return render(request, "entry/second_factor.html", page, status=status)


@open_to_all
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign this device out."""
    response = redirect("/")
    end_session(request, response)
    return response


@for_staff
@require_http_methods(["GET", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Devices, password and tokens of the person signed in."""
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_password(session=request.signed_in, **form.cleaned_data)  # type: ignore[attr-defined]
        except WrongCredentials:
            add_sentence(form, "entry.wrong_password")
        except ValidationError as weak:
            form.add_error("new", weak)
        else:
            messages.success(request, say("entry.password_changed"))
            return redirect("/enter/account")
    return _account_page(request, form=form)


@for_staff
@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End every session, this one included."""
    actions.sign_out_everywhere(by=person(request))
    return redirect("/enter/")


@for_staff
@require_POST
def issue_token(request: HttpRequest) -> HttpResponse:
    """Make a token and show it, this once."""
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _account_page(request, token_form=form, status=400)
    key = actions.issue_token(**form.cleaned_data, by=person(request))
    return _account_page(request, new_key=key)


@for_staff
@require_POST
def revoke_token(request: HttpRequest, token_id: int) -> HttpResponse:
    """End a token at once."""
    if not ApiToken.objects.filter(pk=token_id, user=person(request)).exists():
        return redirect("/enter/account")
    actions.revoke_token(token_id=token_id, by=person(request))
    return redirect("/enter/account")


def address(request: HttpRequest) -> str:
    """The address that limits count; behind a proxy the proxy must set it."""
    return str(request.META.get("REMOTE_ADDR", ""))


def next_page(request: HttpRequest) -> str:
    """Where to go afterwards: an address of this site, or nothing."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_ours and wanted.startswith("/") else ""


def home_of(session: Session) -> str:
    """The first page of a person's portal."""
    roles = offices_of(session.user).keys()
    if roles & BANKRUPTCY_COURT:
        return "/court/"
    if roles & BUREAU:
        return "/bureau/"
    return "/desk/" if roles & ADMINISTRATOR else "/enter/account"


def _is_passed(
    request: HttpRequest, form: CodeForm, session: Session, *, is_new: bool
) -> bool:
    code = form.cleaned_data["code"]
    try:
        if is_new:
            actions.finish_enrolment(session=session, code=code)
        else:
            actions.pass_second_factor(session=session, code=code, address=address(request))
    except WrongCredentials:
        actions.count_failure(login=session.user.login, address=address(request))
        add_sentence(form, "entry.wrong_code")
    except TooMany as limit:
        add_sentence(form, "entry.locked", minutes=limit.minutes)
    return form.is_valid()


def _enrolment(session: Session, *, fresh: bool) -> dict[str, str]:
    """The secret as a picture and as text."""
    device = actions.enrolment_of(user=session.user, fresh=fresh)
    return {
        "picture": make_qr(device.config_url).svg_data_uri(scale=5),
        "secret": device.config_url.split("secret=")[1].split("&")[0],
    }


def _account_page(
    request: HttpRequest, *, status: int | None = None, **page: object
) -> HttpResponse:
    form = page.setdefault("form", NewPasswordForm())
    page.setdefault("token_form", TokenForm())
    failed = status or (400 if form.errors else 200)  # type: ignore[attr-defined]
    page |= {
        "sessions": Session.objects.filter(user=person(request)).order_by("-created_at"),
        "tokens": ApiToken.objects.filter(user=person(request)).order_by("-created_at"),
    }
    return render(request, "entry/account.html", page, status=failed)
