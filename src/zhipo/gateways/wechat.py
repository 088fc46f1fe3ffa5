"""Sign-in inside WeChat: OAuth 2.0 of official accounts, scope `snsapi_base`.

The openid alone says who holds the phone in hand, not whose claim it is: the first time a
person proves their phone as well, and the two are kept together.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

import httpx

SECONDS = 10


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
            answer = httpx.get(
                f"{self.api}/sns/oauth2/access_token", params=query, timeout=SECONDS
            ).json()
        except (httpx.HTTPError, ValueError) as error:
            raise WechatRefused(type(error).__name__) from error
        if not answer.get("openid"):
            raise WechatRefused(f"{answer.get('errcode')}: {answer.get('errmsg')}")
        return str(answer["openid"])


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
