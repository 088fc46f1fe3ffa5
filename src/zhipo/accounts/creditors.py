"""What creditors set for themselves: a linked WeChat, the size of type."""

from django.db import transaction

from zhipo.accounts.models import User
from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.privacy.columns import lookup_hash


@transaction.atomic
def user_of_wechat(*, openid: str) -> User | None:
    """The person who linked this WeChat, None if nobody did."""
    key = lookup_hash("wechat", openid)
    user = User.objects.filter(wechat_hash=key, is_active=True).first()
    if user is not None:
        record(Event.USER_SIGNED_IN, of=user, by=user, chain=f"people:{key[:2]}",
               way="wechat")  # fmt: skip
    return user


@transaction.atomic
def link_wechat(*, openid: str, by: User) -> None:
    """Let this WeChat sign the person in; it belongs to whoever linked it last."""
    key = lookup_hash("wechat", openid)
    User.objects.filter(wechat_hash=key).exclude(pk=by.pk).update(wechat_hash="")
    User.objects.filter(pk=by.pk).update(wechat_hash=key)
    record(Event.USER_SIGNED_IN, of=by, by=by, chain=f"people:{key[:2]}", way="linked")


def set_large_type(*, is_large: bool, by: User) -> None:
    """Keep the size of type with the person, so that it comes along to other devices."""
    User.objects.filter(pk=by.pk).update(is_large_type=is_large)
