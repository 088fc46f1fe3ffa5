"""The running case brought to a confirmed register: what plans begin with.

Run as a process of its own after prepare_case.py. The ruling is entered by hand, since what
follows it is walked: the journey of the register itself is another.
"""

import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any


def main(out: Path) -> None:
    os.environ["ZHIPO_DEMO"] = "1"
    from zhipo.web.server import prepare

    prepare(out / "home")
    from django.db import transaction

    from zhipo.cases.models import Case
    from zhipo.claims.models import Claim

    case = Case.objects.get(slug="xianxiangjia")
    filed = Claim.objects.filter(case=case, filed_at__isnull=False).exclude(
        state__in=("withdrawn", "rejected")
    )
    with transaction.atomic():
        confirm_by_hand(case, filed)


def confirm_by_hand(case: Any, claims: Any, **more: str) -> None:
    """The court's ruling, entered as it stands: everybody's claim as they filed it."""
    from django.db.models import F
    from django.utils import timezone

    from zhipo.cases.models import Case

    claims.update(
        state="confirmed", admitted_fen=F("claimed_fen"), confirmed_fen=F("claimed_fen"),
        ruling="（2025）湘0302破3号之二", identity="trail",
        filed_at=timezone.now() - timedelta(days=40), **more,
    )  # fmt: skip
    today = timezone.localdate()
    Case.objects.filter(pk=case.pk).update(phase="confirmed", confirmed_on=today)
    case.refresh_from_db()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
