"""A small running case for the journeys: most are silent, the planted wrongs have filed.

Run as a process of its own, because a process has one database. Writes people.json:
phones of those who have not filed and of those who have.
"""

import json
import os
import sys
from datetime import timedelta
from pathlib import Path

FILED = 60
"""How many of those with nothing planted have filed before the journeys begin."""


def main(out: Path, consumers: int, days_ago: int) -> None:
    os.environ["ZHIPO_DEMO"] = "1"
    from zhipo.web.server import prepare

    prepare(out / "home")
    from django.utils import timezone

    from zhipo.claims.actions.reviewing import review_filed
    from zhipo.demo.web_case import open_demo_case
    from zhipo.demo.web_filing import file_in_bulk, people_of

    published_on = timezone.localdate() - timedelta(days=days_ago)
    demo = open_demo_case(
        home=out / "home", out=out, consumers=consumers, published_on=published_on
    )
    people = people_of(out / "case")
    right = [one for one in people if not one.wrong and not one.files_twice]
    wrong = [one for one in people if one.wrong or one.files_twice]
    file_in_bulk(demo.case, right[:FILED] + wrong, told=lambda done, total: None)
    review_filed(case_id=demo.case.pk)
    phones = {
        "silent": [one.phone for one in right[FILED:]],
        "filed": [one.phone for one in right[:FILED]],
    }
    (out / "people.json").write_text(json.dumps(phones), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
