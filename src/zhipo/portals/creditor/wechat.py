"""Sign-in through WeChat, where it is set up: out to WeChat and back with a code."""

import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe

from zhipo.accounts.creditors import link_wechat, user_of_wechat
from zhipo.accounts.models import User
from zhipo.accounts.sessions import start_session
from zhipo.cases.models import Case
from zhipo.gateways.wechat import WechatRefused, wechat_sign_in
from zhipo.portals.access import open_to_all
from zhipo.portals.public.cases import case_of
from zhipo.web.words import say

STATE = "zhipo_wechat"
UNLINKED = "zhipo_wechat_new"
STATE_SECONDS = 600


def wechat_link(slug: str) -> str:
    """The address of the WeChat button, empty where WeChat is not set up."""
    is_there = wechat_sign_in() is not None
    return reverse("creditor:wechat", args=[slug]) if is_there else ""


@open_to_all
@require_safe
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    """Out to WeChat, with a state that only this browser can bring back."""
    case, client = case_of(slug), wechat_sign_in()
    if client is None:
        return redirect("creditor:sign_in", slug=case.slug)
    state = secrets.token_urlsafe(16)
    back = request.build_absolute_uri(reverse("creditor:wechat_back", args=[slug]))
    response = redirect(client.address(back_to=back, state=state))
    response.set_cookie(
        STATE, state, max_age=STATE_SECONDS, httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return response


@open_to_all
@require_safe
def come_back(request: HttpRequest, slug: str) -> HttpResponse:
    """Sign in whoever linked this WeChat before; others prove their phone first."""
    case, openid = case_of(slug), _openid(request)
    user = user_of_wechat(openid=openid) if openid else None
    response: HttpResponse
    if user is not None:
        response = redirect("creditor:money", slug=case.slug)
        start_session(request, response, user=user)
    else:
        response = _ask_phone(request, case, openid)
    response.delete_cookie(STATE)
    return response


def link_if_asked(request: HttpRequest, response: HttpResponse, *, user: User) -> None:
    """Link the WeChat that the person came with, if the form they sent says so.

    The cookie alone is not enough: somebody else may sign in on the same device within
    its ten minutes, who was not told of any link.
    """
    openid = request.get_signed_cookie(UNLINKED, default="", max_age=STATE_SECONDS)
    if openid and is_linking(request):
        link_wechat(openid=str(openid), by=user)
    if openid:
        response.delete_cookie(UNLINKED)


def is_linking(request: HttpRequest) -> bool:
    """Whether this form comes from the page that says the WeChat will be linked."""
    return request.POST.get("link") == "1"


def _openid(request: HttpRequest) -> str:
    """The openid of a return that this browser began; empty for anything else."""
    client, kept = wechat_sign_in(), request.COOKIES.get(STATE, "")
    is_begun = kept and constant_time_compare(kept, request.GET.get("state", ""))
    if client is None or not is_begun:
        return ""
    try:
        return client.openid_of(request.GET.get("code", ""))
    except WechatRefused:
        return ""


def _ask_phone(request: HttpRequest, case: Case, openid: str) -> HttpResponse:
    """The phone is asked for once to link a new WeChat, or for want of an answer."""
    key = "wechat_unknown" if openid else "wechat_refused"
    page = {
        "case": case,
        "notice": say(f"creditor.sign_in.{key}"),
        "is_refused": not openid,
        "is_linking": bool(openid),
        "wechat": "" if openid else wechat_link(case.slug),
    }
    status = 200 if openid else 400
    response = render(request, "creditor/sign_in.html", page, status=status)
    _keep(response, openid)
    return response


def _keep(response: HttpResponse, openid: str) -> None:
    """Keep a new WeChat for the code's page; one from before is forgotten."""
    if not openid:
        response.delete_cookie(UNLINKED)
    else:
        response.set_signed_cookie(
            UNLINKED, openid, max_age=STATE_SECONDS, httponly=True, samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )  # fmt: skip
