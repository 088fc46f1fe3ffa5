"""How long a freeze of each kind of object may last: law's limits by the wire's kinds."""

from datetime import date

from zhipo.gateways.institutions.messages import ObjectKind
from zhipo.law.enforcement.freezes import Kind, freeze_ends

LIMIT_OF = {
    ObjectKind.BANK_ACCOUNT: Kind.BANK_DEPOSIT,
    ObjectKind.PAYMENT_ACCOUNT: Kind.PAYMENT_ACCOUNT,
    ObjectKind.PLATFORM_DEPOSIT: Kind.PAYMENT_ACCOUNT,
    ObjectKind.SETTLEMENT_BALANCE: Kind.PAYMENT_ACCOUNT,
    ObjectKind.SHOP: Kind.IMMOVABLE_OR_OTHER,
    ObjectKind.TRAFFIC_ACCOUNT: Kind.IMMOVABLE_OR_OTHER,
    ObjectKind.DOMAIN: Kind.IMMOVABLE_OR_OTHER,
}
"""Money at a platform is no 银行存款 either: it takes the shorter limit of a payment
account, for the reason given there (an interpretation, LAW.md ENF-03)."""


def longest_freeze(kind: ObjectKind, *, frozen_on: date) -> date:
    """The last day that a freeze or a renewal made on that day may name.

    KeyError for the reserve account of a payment institution, which nobody may freeze.
    """
    return freeze_ends(kind=LIMIT_OF[kind], frozen_on=frozen_on)
