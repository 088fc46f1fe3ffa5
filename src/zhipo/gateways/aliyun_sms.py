"""Text messages through Alibaba Cloud SMS (dysmsapi 2017-05-25, signature ACS3).

The provider's approved templates carry the words; we send their codes and values. Which
template stands for which notice is configuration: ZHIPO_SMS_TEMPLATES, JSON.
"""

import hashlib
import hmac
import json
import os
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

import httpx

from zhipo.gateways.sms import SmsNotSent

ALGORITHM = "ACS3-HMAC-SHA256"
VERSION = "2017-05-25"
SECONDS = 10
EMPTY = hashlib.sha256(b"").hexdigest()


class AliyunSms:
    """The provider's client; key, sign name and templates come from the environment."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self.key_id = environment["ZHIPO_SMS_KEY_ID"]
        self.key_secret = environment["ZHIPO_SMS_KEY_SECRET"]
        self.sign_name = environment["ZHIPO_SMS_SIGN_NAME"]
        self.templates: dict[str, str] = json.loads(environment["ZHIPO_SMS_TEMPLATES"])
        self.endpoint = environment.get(
            "ZHIPO_SMS_ENDPOINT", "https://dysmsapi.aliyuncs.com"
        )

    def send_code(self, *, phone: str, code: str, minutes: int) -> None:
        """Send a sign-in code. Raises SmsNotSent."""
        self._send(phone, "code", {"code": code, "minutes": str(minutes)})

    def send_notice(self, *, phone: str, template: str, values: dict[str, str]) -> str:
        """Send a notice; the provider's BizId. Raises SmsNotSent."""
        return self._send(phone, template, values)

    def _send(self, phone: str, template: str, values: dict[str, str]) -> str:
        query = {
            "PhoneNumbers": phone.removeprefix("+86"),
            "SignName": self.sign_name,
            "TemplateCode": self.templates[template],
            "TemplateParam": json.dumps(values, ensure_ascii=False),
        }
        headers = signed_headers(
            query,
            host=urlsplit(self.endpoint).netloc,
            key=(self.key_id, self.key_secret),
            at=datetime.now(UTC),
            nonce=uuid.uuid4().hex,
        )
        try:
            answer = httpx.post(
                f"{self.endpoint}/?{canonical_query(query)}",
                headers=headers,
                timeout=SECONDS,
            ).json()
        except (httpx.HTTPError, ValueError) as error:
            raise SmsNotSent(type(error).__name__) from error
        if answer.get("Code") != "OK":
            raise SmsNotSent(f"{answer.get('Code')}: {answer.get('Message')}")
        return str(answer["BizId"])


def signed_headers(
    query: Mapping[str, str], *, host: str, key: tuple[str, str], at: datetime, nonce: str
) -> dict[str, str]:
    """The request's headers with their signature; `key` is (id, secret)."""
    headers = {
        "host": host,
        "x-acs-action": "SendSms",
        "x-acs-content-sha256": EMPTY,
        "x-acs-date": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": nonce,
        "x-acs-version": VERSION,
    }
    key_id, secret = key
    signature = signature_of(query, headers, secret=secret)
    names = ";".join(sorted(headers))
    credential = f"Credential={key_id},SignedHeaders={names},Signature={signature}"
    return {**headers, "Authorization": f"{ALGORITHM} {credential}"}


def signature_of(
    query: Mapping[str, str], headers: Mapping[str, str], *, secret: str
) -> str:
    """ACS3-HMAC-SHA256 over the canonical request (POST, no body)."""
    names = sorted(headers)
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in names)
    request = "\n".join(
        ("POST", "/", canonical_query(query), lines, ";".join(names), EMPTY)
    )
    text = f"{ALGORITHM}\n{hashlib.sha256(request.encode()).hexdigest()}"
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def canonical_query(query: Mapping[str, str]) -> str:
    """Sorted, percent-encoded as the signature wants it."""
    pairs = sorted((quote(name, safe=""), quote(query[name], safe="")) for name in query)
    return "&".join(f"{name}={value}" for name, value in pairs)
