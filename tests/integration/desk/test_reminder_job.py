"""Ordering a round from the page puts one job in line, for after the night."""

from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from factories import make_claim, make_holder
from zhipo.claims.models import ReminderRound

pytestmark = pytest.mark.django_db


def test_two_clicks_are_one_round_and_one_job(case: Any, lead: Any, signed_in: Any) -> None:
    make_claim(case, make_holder(case))
    client = signed_in(lead)

    for _ in range(2):
        answer = client.post(f"/desk/{case.slug}/silent/remind", {"channel": "sms"})
        assert answer.status_code == 302

    ordered = ReminderRound.objects.get()
    jobs = ProcrastinateJob.objects.filter(task_name="zhipo.claims.tasks.send_reminders")
    assert [job.args for job in jobs] == [{"round_id": ordered.pk}]
    assert jobs[0].scheduled_at == ordered.not_before


@pytest.mark.parametrize(("version", "has_names"), [("meeting", False), ("court", True)])
@pytest.mark.parametrize("kind", ["xlsx", "docx"])
def test_register_goes_out_masked_to_the_meeting_whole_to_the_court(
    case: Any, lead: Any, signed_in: Any, version: str, has_names: bool, kind: str
) -> None:
    from io import BytesIO
    from zipfile import ZipFile

    make_claim(case, make_holder(case), state="tabled", decision="admit", admitted_fen=5)

    answer = signed_in(lead).post(f"/desk/{case.slug}/register/{version}", {"as": kind})

    with ZipFile(BytesIO(b"".join(answer.streaming_content))) as archive:
        text = "".join(archive.read(name).decode("utf-8", "ignore")
                       for name in archive.namelist())  # fmt: skip
    assert ("王小明" in text) is has_names
    assert ("王**" in text) is not has_names
