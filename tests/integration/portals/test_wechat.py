"""Sign-in through WeChat, walked over HTTP against one that answers, lies or is dumb."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
import pytest
from django.core import signing
from django.test import Client

from factories import make_balance, make_case, make_claim, make_evidence, make_holder
from wechat_sandbox import Wechat, wechat_running
from zhipo.accounts.models import Session, User
from zhipo.audit.events import Event
from zhipo.audit.models import Entry
from zhipo.claims.models import Claim
from zhipo.gateways.models import OutboxMessage
from zhipo.gateways.sandbox import WechatProvider
from zhipo.portals.creditor import wechat as portal

pytestmark = pytest.mark.django_db
PHONE, OTHER = "13800138000", "13900139000"
LEAVE, BACK, MONEY = "/c/xian/wechat", "/c/xian/wechat/back", "/c/xian/money"
REFUSED = "微信没有确认是您本人"
NOT_LINKED = "这个微信还没有关联手机号"


@dataclass
class Lying(WechatProvider):
    """A token side that answers something else than it should."""

    says: Any = None
    status: int = 200

    def answer(self, path: str, headers: dict[str, str]) -> tuple[int, Any]:
        return self.status, self.says


@pytest.fixture
def wechat(monkeypatch: pytest.MonkeyPatch) -> Iterator[Wechat]:
    with wechat_running() as found:
        for name, value in found.settings.items():
            monkeypatch.setenv(name, value)
        yield found


@pytest.fixture
def claim() -> Claim:
    case = make_case(slug="xian")
    holder = make_holder(case, f"+86{PHONE}")
    make_balance(make_evidence(case), holder)
    return make_claim(case, holder)


def browser() -> Client:
    return Client(headers={"accept-language": "zh-CN"})


def sent_back(client: Client) -> str:
    """Out to WeChat, which sends the browser back to this address."""
    out = client.get(LEAVE)["Location"]
    answer = httpx.get(out.partition("#")[0])
    assert answer.status_code == 302, out
    return answer.headers["Location"].removeprefix("http://testserver")


def proves_phone(client: Client, page: str, phone: str = PHONE) -> Any:
    """Phone and code, with whatever else the forms of the pages send along."""
    page = sends(client, page, phone=phone)
    code = re.findall(r"\d{6}", OutboxMessage.objects.latest("pk").text)[0]
    return sends(client, page, code=code)


def sends(client: Client, page: str, **typed: str) -> Any:
    """Send the first form of a page that asks for what is typed."""
    asked = next(iter(typed))
    forms = re.findall(r'<form method="post" action="([^"]+)">(.*?)</form>', page, re.S)
    where, form = next(one for one in forms if f'name="{asked}"' in one[1])
    hidden = re.findall(r'type="hidden" name="([a-z]+)" value="([^"]*)"', form)
    answer = client.post(where, dict(hidden) | typed)
    return answer.content.decode() if answer.status_code == 200 else answer


def test_a_new_wechat_proves_the_phone_once_and_then_comes_straight_in(
    wechat: Wechat, claim: Claim
) -> None:
    wechat.openid = "oWang"
    client = browser()
    page = client.get(sent_back(client))
    assert page.status_code == 200
    assert NOT_LINKED in page.content.decode()
    assert proves_phone(client, page.content.decode())["Location"] == MONEY

    later = browser()
    came = later.get(sent_back(later))

    assert came["Location"] == MONEY
    assert "¥271.88" in later.get(MONEY).content.decode()
    user = creditor()
    assert Session.objects.filter(user=user).count() == 2
    entries = Entry.objects.filter(event=Event.USER_SIGNED_IN).order_by("pk")
    assert [one.detail["way"] for one in entries] == ["code", "linked", "wechat"]
    assert "oWang" not in str([one.detail for one in entries]) + user.wechat_hash


def test_a_linked_wechat_needs_no_text_message(wechat: Wechat, claim: Claim) -> None:
    client = browser()
    proves_phone(client, client.get(sent_back(client)).content.decode())
    sent = OutboxMessage.objects.count()

    later = browser()
    later.get(sent_back(later))

    assert OutboxMessage.objects.count() == sent


def test_the_address_of_return_is_ours_and_the_state_is_new_each_time(
    wechat: Wechat, claim: Claim
) -> None:
    client = browser()
    asked = [parse_qs(urlsplit(client.get(LEAVE)["Location"]).query) for _ in range(2)]

    assert asked[0]["redirect_uri"] == [f"http://testserver{BACK}"]
    assert asked[0]["scope"] == ["snsapi_base"]
    assert asked[0]["state"] != asked[1]["state"]
    cookie = client.cookies[portal.STATE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_a_code_of_a_return_nobody_began_lets_nobody_in(
    wechat: Wechat, claim: Claim
) -> None:
    """What somebody else's link would do: sign a victim in as the attacker."""
    client = browser()
    proves_phone(client, client.get(sent_back(client)).content.decode())
    victim = browser()

    planted = victim.get(BACK, {"code": wechat.code(), "state": "guessed"})

    assert is_refused(planted)
    assert wechat.provider.codes  # nothing was asked of WeChat either


def test_another_browsers_state_is_refused(wechat: Wechat, claim: Claim) -> None:
    theirs = sent_back(browser())
    ours = browser()
    ours.get(LEAVE)

    assert is_refused(ours.get(theirs))


def test_a_return_is_good_once(wechat: Wechat, claim: Claim) -> None:
    client = browser()
    proves_phone(client, client.get(sent_back(client)).content.decode())
    later = browser()
    back = sent_back(later)
    assert later.get(back)["Location"] == MONEY
    later.cookies.pop("zhipo_session")

    wechat.provider.codes[dict(parse_qsl(urlsplit(back).query))["code"]] = wechat.openid
    again = later.get(back)

    assert is_refused(again)


def test_an_expired_code_is_refused_with_another_way_in(
    wechat: Wechat, claim: Claim
) -> None:
    client = browser()
    back = sent_back(client)
    wechat.provider.codes.clear()

    page = client.get(back)

    assert is_refused(page)
    assert f'href="{LEAVE}"' in page.content.decode()
    assert 'name="phone"' in page.content.decode()


def test_the_person_may_decline_at_wechat(wechat: Wechat, claim: Claim) -> None:
    """WeChat then sends back without a code (and with the state)."""
    client = browser()
    query = dict(parse_qsl(urlsplit(sent_back(client)).query))

    assert is_refused(client.get(BACK, {"state": query["state"]}))


@pytest.mark.parametrize(
    ("status", "says"),
    [
        (200, []),
        (200, "oWang"),
        (200, None),
        (200, {}),
        (200, {"openid": ""}),
        (200, {"openid": ["oWang"]}),
        (200, {"openid": {"$ne": ""}}),
        (200, {"openid": "o" * 5000}),
        (200, {"openid": "oWang\r\nSet-Cookie: x=1"}),
        (500, {"openid": "oWang"}),
        (302, {"openid": "oWang"}),
    ],
)
def test_a_lying_answer_is_refused(
    wechat: Wechat, claim: Claim, status: int, says: Any
) -> None:
    wechat.openid = "oWang"
    linked = browser()
    proves_phone(linked, linked.get(sent_back(linked)).content.decode())
    client = browser()
    back = sent_back(client)
    wechat.provider = Lying("app", "key", says=says, status=status)

    assert is_refused(client.get(back))


def test_a_dumb_wechat_is_refused(
    wechat: Wechat, claim: Claim, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browser()
    back = sent_back(client)
    monkeypatch.setenv("ZHIPO_WECHAT_API", "http://127.0.0.1:9")

    assert is_refused(client.get(back))


def test_a_wechat_signs_in_whoever_linked_it_last(wechat: Wechat, claim: Claim) -> None:
    """Two have come with one WeChat before either proved a phone."""
    both = [browser(), browser()]
    pages = [client.get(sent_back(client)).content.decode() for client in both]
    for client, page, phone in zip(both, pages, (PHONE, OTHER), strict=True):
        proves_phone(client, page, phone)

    later = browser()
    later.get(sent_back(later))

    assert User.objects.exclude(wechat_hash="").get().phone == f"+86{OTHER}"
    assert Session.objects.latest("created_at").user.phone == f"+86{OTHER}"


def test_somebody_else_at_the_same_device_is_not_linked(
    wechat: Wechat, claim: Claim
) -> None:
    """The first came by WeChat and gave up; the next signs in by phone from the start."""
    device = browser()
    device.get(sent_back(device))

    page = device.get("/c/xian/sign-in").content.decode()
    answer = proves_phone(device, page, OTHER)

    assert answer["Location"] == MONEY
    assert creditor().wechat_hash == ""
    assert device.cookies[portal.UNLINKED].value == ""


def test_a_link_cannot_be_asked_for_without_wechats_answer(
    wechat: Wechat, claim: Claim
) -> None:
    client = browser()
    forged = signing.get_cookie_signer(salt="another").sign("oWang")
    client.cookies[portal.UNLINKED] = forged
    page = client.get("/c/xian/sign-in").content.decode()
    page = page.replace("</form>", '<input type="hidden" name="link" value="1"></form>')

    proves_phone(client, page)

    assert creditor().wechat_hash == ""


def test_a_wrong_code_keeps_the_link_for_the_right_one(
    wechat: Wechat, claim: Claim
) -> None:
    client = browser()
    page = sends(client, client.get(sent_back(client)).content.decode(), phone=PHONE)
    code = re.findall(r"\d{6}", OutboxMessage.objects.latest("pk").text)[0]
    wrong = sends(client, page, code=f"{(int(code) + 1) % 1_000_000:06d}")
    assert wrong.status_code == 400
    assert not User.objects.filter(is_staff_member=False).exists()

    sends(client, wrong.content.decode(), code=code)

    assert creditor().wechat_hash


def test_without_wechat_there_is_no_button_and_no_way(
    claim: Claim, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ZHIPO_WECHAT_APP_ID", raising=False)
    client = browser()

    assert LEAVE not in client.get("/c/xian/sign-in").content.decode()
    assert client.get(LEAVE)["Location"] == "/c/xian/sign-in"
    assert is_refused(client.get(BACK, {"code": "c", "state": "s"}))


def is_refused(page: Any) -> bool:
    """Told in words, nobody signed in by it, and no WeChat kept for a link."""
    client = page.client
    return (
        page.status_code == 400
        and REFUSED in page.content.decode()
        and not client.cookies.get("zhipo_session")
        and not getattr(client.cookies.get(portal.UNLINKED), "value", "")
        and client.get(MONEY)["Location"].startswith("/c/xian/sign-in")
    )


def creditor() -> User:
    """The one person who has signed in."""
    return User.objects.get(is_staff_member=False)
