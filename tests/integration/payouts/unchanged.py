"""What an act that is refused, or that fails, must leave as it was."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

import pytest
from django.db import connection, transaction

TABLES = (
    "distributions_costpayment",
    "payouts_release", "payouts_order", "payouts_bankfile", "payouts_answer",
    "payouts_deposit", "distributions_lapse", "distributions_plan",
    "payouts_handpayment", "payouts_furtherway",
    "payouts_enteredway", "claims_paper", "claims_adjustment", "ledger_entry",
    "ledger_transaction", "claims_claim", "claims_message", "audit_entry",
)  # fmt: skip


def content() -> dict[str, tuple[int, str]]:
    """Table -> how many rows, and a digest of them."""
    found = {}
    with connection.cursor() as cursor:
        for name in TABLES:
            cursor.execute(
                "SELECT count(*), md5(coalesce(string_agg(t::text, '|' ORDER BY t::text),"
                f" '')) FROM {name} t"
            )
            found[name] = cursor.fetchone()
    return found


@contextmanager
def nothing_changes() -> Iterator[None]:
    """The block leaves orders, book, claims, messages and the trail as they were."""
    before = content()
    yield
    after = content()
    assert [name for name in TABLES if after[name] != before[name]] == []


@contextmanager
def refused(kind: type[Exception], key: str = "") -> Iterator[None]:
    """The block is refused, with this sentence, and has changed nothing."""
    with nothing_changes(), pytest.raises(kind) as refusal, transaction.atomic():
        yield
    assert not key or refusal.value.key.endswith(f".refused.{key}")  # type: ignore[attr-defined]


@contextmanager
def failing_record(monkeypatch: pytest.MonkeyPatch, module: ModuleType) -> Iterator[None]:
    """The audit trail of an act's module fails in the block; the act is undone."""

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the trail is full")

    with nothing_changes(), monkeypatch.context() as patched:
        patched.setattr(module, "record", fail)
        with pytest.raises(RuntimeError), transaction.atomic():
            yield
