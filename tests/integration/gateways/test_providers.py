"""The real clients against sandboxes that check what a provider checks."""

from collections.abc import Iterator

import pytest

from zhipo.gateways.aliyun_sms import AliyunSms
from zhipo.gateways.sandbox import SmsProvider, WechatProvider, running
from zhipo.gateways.sms import SmsNotSent
from zhipo.gateways.wechat import WechatRefused, WechatSignIn, wechat_sign_in

TEMPLATES = '{"code": "SMS_1", "reminder": "SMS_2"}'


@pytest.fixture
def provider() -> SmsProvider:
    return SmsProvider(key_id="id", secret="secret")


@pytest.fixture
def sms(provider: SmsProvider) -> Iterator[AliyunSms]:
    with running(provider) as address:
        yield client(address)


def client(address: str, secret: str = "secret") -> AliyunSms:
    return AliyunSms(
        {
            "ZHIPO_SMS_KEY_ID": "id",
            "ZHIPO_SMS_KEY_SECRET": secret,
            "ZHIPO_SMS_SIGN_NAME": "执破 案件",
            "ZHIPO_SMS_TEMPLATES": TEMPLATES,
            "ZHIPO_SMS_ENDPOINT": address,
        }
    )


def test_code_arrives_with_its_template(sms: AliyunSms, provider: SmsProvider) -> None:
    sms.send_code(phone="+8613800138000", code="123456", minutes=5)

    assert provider.sent == [
        {
            "PhoneNumbers": "13800138000",
            "SignName": "执破 案件",
            "TemplateCode": "SMS_1",
            "TemplateParam": '{"code": "123456", "minutes": "5"}',
        }
    ]


def test_notice_returns_the_providers_reference(sms: AliyunSms) -> None:
    values = {"case": "鲜享家 & 其他 (湘)"}

    assert sms.send_notice(phone="+8613800138000", template="reminder", values=values)


def test_wrong_key_is_refused_by_signature(provider: SmsProvider) -> None:
    with running(provider) as address, pytest.raises(SmsNotSent, match="Signature"):
        client(address, secret="other").send_code(phone="+86138", code="1", minutes=5)

    assert not provider.sent


def test_providers_refusal_is_told_as_it_is(sms: AliyunSms, provider: SmsProvider) -> None:
    provider.refuse_with = "isv.BUSINESS_LIMIT_CONTROL"

    with pytest.raises(SmsNotSent, match="BUSINESS_LIMIT"):
        sms.send_code(phone="+8613800138000", code="123456", minutes=5)


def test_silent_provider_is_not_sent() -> None:
    with pytest.raises(SmsNotSent):
        client("http://127.0.0.1:9").send_code(phone="+86138", code="1", minutes=5)


def test_wechat_code_is_good_once() -> None:
    provider = WechatProvider("app", "secret", {"code-1": "openid-1"})
    with running(provider) as address:
        wechat = WechatSignIn("app", "secret", api=address)

        assert wechat.openid_of("code-1") == "openid-1"
        with pytest.raises(WechatRefused, match="40029"):
            wechat.openid_of("code-1")


def test_wechat_with_a_wrong_secret_is_refused() -> None:
    provider = WechatProvider("app", "secret", {"c": "o"})

    with running(provider) as address, pytest.raises(WechatRefused, match="40125"):
        WechatSignIn("app", "wrong", api=address).openid_of("c")


def test_wechat_is_off_unless_configured() -> None:
    assert wechat_sign_in({}) is None


def test_wechat_address_carries_state_and_return() -> None:
    address = WechatSignIn("app", "s").address(back_to="https://x.cn/back", state="abc")

    assert "redirect_uri=https%3A%2F%2Fx.cn%2Fback" in address
    assert address.endswith("state=abc#wechat_redirect")
