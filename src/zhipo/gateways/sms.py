"""Text messages: one interface, the sandbox that keeps them, providers that send them."""

from typing import Protocol

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from zhipo.privacy.columns import lookup_hash


class SmsGateway(Protocol):
    """What the rest of the system needs of a provider of text messages."""

    def send_code(self, *, phone: str, code: str, minutes: int) -> None:
        """Send a sign-in code. Raises SmsNotSent."""

    def send_notice(self, *, phone: str, template: str, values: dict[str, str]) -> str:
        """Send a notice by the provider's approved template; the provider's reference."""


class SmsNotSent(RuntimeError):
    """The provider did not take the message; the reason is its own."""


class SandboxSms:
    """Keeps every message in the outbox that the demo shows."""

    def send_code(self, *, phone: str, code: str, minutes: int) -> None:
        self._keep(phone, f"验证码 {code}，{minutes} 分钟内有效。我们不会打电话要验证码。")

    def send_notice(self, *, phone: str, template: str, values: dict[str, str]) -> str:
        words = "，".join(f"{name} {value}" for name, value in values.items())
        return f"sandbox-{self._keep(phone, f'{template}：{words}')}"

    def _keep(self, phone: str, text: str) -> int:
        from zhipo.gateways.models import OutboxMessage

        kept = OutboxMessage.objects.create(
            phone_hash=lookup_hash("phone", phone),
            phone=phone,
            text=text,
            at=timezone.now(),
        )
        return int(kept.pk)


def sms_gateway() -> SmsGateway:
    """The gateway that ZHIPO_SMS names; the sandbox unless told."""
    gateway: SmsGateway = import_string(settings.SMS_GATEWAY)()
    return gateway
