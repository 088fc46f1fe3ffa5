"""Which account a way of being paid takes: one rule for forms and files."""

from zhipo.claims.states import PayoutChannel

NEEDS_ACCOUNT = frozenset({PayoutChannel.ALIPAY, PayoutChannel.BANK})
CARD_DIGITS = range(12, 25)


def clean_account(text: str) -> str:
    """An account without the spaces in which people write it."""
    return "".join(text.split())


def account_fault(channel: str, account: str) -> str:
    """Why this account cannot be paid so: `account_missing`, `not_a_card`, or none."""
    if channel in NEEDS_ACCOUNT and not account:
        return "account_missing"
    is_card = account.isascii() and account.isdigit() and len(account) in CARD_DIGITS
    return "not_a_card" if channel == PayoutChannel.BANK and not is_card else ""
