"""The running case brought to an approved plan in two parts: what a cashier begins with.

Run as a process of its own after prepare_case.py. Most creditors are paid into WeChat, some
by the bank, some have named no account.
"""

import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

TESTS = Path(__file__).resolve().parents[2]
BY_BANK, AT_THE_DESK = 3, 5
MONEY_FEN = 6_000_000


def main(out: Path) -> None:
    os.environ["ZHIPO_DEMO"] = "1"
    sys.path.insert(0, str(TESTS))
    from zhipo.web.server import prepare

    prepare(out / "home")
    from django.db import transaction

    from zhipo.cases.models import Case

    with transaction.atomic():
        approve(Case.objects.get(slug="xianxiangjia"))


def approve(case: Any) -> None:
    """Confirm the consumers' claims, name their ways, have the plan approved."""
    from prepare_payments import staff

    from factories_plans import TODAY, make_approved, put_money
    from zhipo.claims.models import Claim
    from zhipo.privacy.columns import lookup_hash

    claims = list(
        Claim.objects.filter(case=case, kind="consumer", filed_at__isnull=False)
        .exclude(holder=None)
        .order_by("pk")
    )
    confirm(case, claims)
    for place, claim in enumerate(claims):
        claim.payout_channel, claim.payout_account = way(place)
        claim.payout_hash = lookup_hash("account", claim.payout_account)
        claim.save(update_fields=["payout_channel", "payout_account", "payout_hash"])
    people = staff()
    put_money(case, people, MONEY_FEN)
    days = (TODAY, TODAY + timedelta(days=90))
    make_approved(case, people, procedure="reorganisation", due_days=days)


def confirm(case: Any, claims: list[Any]) -> None:
    """The ruling on these claims; each as it then stands."""
    from prepare_register import confirm_by_hand

    from zhipo.claims.models import Claim

    confirm_by_hand(case, Claim.objects.filter(pk__in=[one.pk for one in claims]))
    for claim in claims:
        claim.refresh_from_db()


def way(place: int) -> tuple[str, str]:
    """How the creditor of this place is paid, and where to."""
    if place < BY_BANK:
        return "bank", f"62220200{place:011d}"
    if place < AT_THE_DESK:
        return "cash", ""
    return "wechat", f"oPayee{place:06d}"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
