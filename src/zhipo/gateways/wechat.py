"""Sign-in inside WeChat: OAuth 2.0 of official accounts, scope `snsapi_base`.

The openid alone says who holds the phone in hand, not whose claim it is: the first time a
person proves their phone as well, and the two are kept together.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx

SECONDS = 10
OPENID = re.compile(r"[A-Za-z0-9_-]{1,128}")


class WechatRefused(RuntimeError):
    """WeChat did not answer, or did not accept the code; the reason is its own."""


@dataclass(frozen=True)
class WechatSignIn:
    """The client; `open` and `api` are the two hosts of the protocol."""

    app_id: str
    secret: str
    open: str = "https://open.weixin.qq.com"
    api: str = "https://api.weixin.qq.com"

    def address(self, *, back_to: str, state: str) -> str:
        """Where to send the person's browser; WeChat sends it back with a code."""
        query = urlencode(
            {
                "appid": self.app_id,
                "redirect_uri": back_to,
                "response_type": "code",
                "scope": "snsapi_base",
                "state": state,
            }
        )
        return f"{self.open}/connect/oauth2/authorize?{query}#wechat_redirect"

    def openid_of(self, code: str) -> str:
        """The person's openid for a code that came back. Raises WechatRefused."""
        query = {
            "appid": self.app_id,
            "secret": self.secret,
            "code": code,
            "grant_type": "authorization_code",
        }
        try:
            response = httpx.get(
                f"{self.api}/sns/oauth2/access_token", params=query, timeout=SECONDS
            )
            answer = response.raise_for_status().json()
        except (httpx.HTTPError, ValueError) as error:
            raise WechatRefused(type(error).__name__) from error
        return _openid_in(answer)


def _openid_in(answer: Any) -> str:
    """The openid that an answer gives. Raises WechatRefused for anything not like one."""
    if not isinstance(answer, dict):
        raise WechatRefused("not an object")
    openid = answer.get("openid")
    if not openid:
        raise WechatRefused(f"{answer.get('errcode')}: {answer.get('errmsg')}")
    if not isinstance(openid, str) or not OPENID.fullmatch(openid):
        raise WechatRefused("not an openid")
    return openid


def wechat_sign_in(environment: Mapping[str, str] = os.environ) -> WechatSignIn | None:
    """The client that the environment configures, None where WeChat is not set up."""
    app_id = environment.get("ZHIPO_WECHAT_APP_ID", "")
    if not app_id:
        return None
    return WechatSignIn(
        app_id=app_id,
        secret=environment["ZHIPO_WECHAT_SECRET"],
        open=environment.get("ZHIPO_WECHAT_OPEN", WechatSignIn.open),
        api=environment.get("ZHIPO_WECHAT_API", WechatSignIn.api),
    )
