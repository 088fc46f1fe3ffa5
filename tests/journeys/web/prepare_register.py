"""The running case brought to a confirmed register: what plans begin with.

Run as a process of its own after prepare_case.py. The ruling is entered by hand, since what
follows it is walked: the journey of the register itself is another.
"""

import os
import sys
from datetime import timedelta
from pathlib import Path


def main(out: Path) -> None:
    os.environ["ZHIPO_DEMO"] = "1"
    from zhipo.web.server import prepare

    prepare(out / "home")
    from django.db import transaction
    from django.db.models import F
    from django.utils import timezone

    from zhipo.cases.models import Case
    from zhipo.cases.phases import Phase
    from zhipo.claims.models import Claim

    case, today = Case.objects.get(slug="xianxiangjia"), timezone.localdate()
    filed = Claim.objects.filter(case=case, filed_at__isnull=False).exclude(
        state__in=("withdrawn", "rejected")
    )
    with transaction.atomic():
        filed.update(
            state="confirmed", admitted_fen=F("claimed_fen"), identity="trail",
            confirmed_fen=F("claimed_fen"), ruling="（2025）湘0302破3号之二",
            filed_at=timezone.now() - timedelta(days=40),
        )  # fmt: skip
        Case.objects.filter(pk=case.pk).update(phase=Phase.CONFIRMED, confirmed_on=today)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
