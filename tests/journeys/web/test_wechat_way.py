"""A consumer inside WeChat: the phone proven once, then in with one tap."""

import pytest

from journeys.web.conftest import Visit
from journeys.web.sites import Site

pytestmark = pytest.mark.browser
BUTTON = "a[href$='/wechat']"
SEND = "main form button.button"


@pytest.mark.parametrize(
    ("width", "lang", "new", "refused"),
    [
        ("phone", "zh", "这个微信还没有关联手机号", "微信没有确认是您本人"),
        ("desktop", "en", "not linked to a phone yet", "did not confirm that it is you"),
    ],
    ids=["phone", "desktop"],
)
def test_links_once_comes_straight_in_and_is_told_when_wechat_refuses(
    visit: Visit, site: Site, width: str, lang: str, new: str, refused: str
) -> None:
    site.wechat.openid, phone = f"oPerson-{width}", next(site.silent)
    first = visit(width, lang=lang).goes(site.phone("sign-in"), "wechat-offered")
    first.taps(BUTTON, "wechat-new").sees(new)
    assert "¥" not in first.text()
    first.types(phone=phone).taps(SEND, "wechat-code")
    first.types(code=first.code_of(phone)).taps(SEND, "wechat-linked").sees("¥")

    known = visit(width, lang=lang).goes(site.phone())
    known.taps(BUTTON, "wechat-known").sees("¥")
    assert "/money" in known.page.url

    site.wechat.openid = ""  # a sandbox without a person: its codes are good for nobody
    stranger = visit(width, lang=lang).goes(site.phone("sign-in"))
    stranger.taps(BUTTON).is_refused("wechat-refused").sees(refused)
    assert stranger.page.locator("[name=phone]").count() == 1
