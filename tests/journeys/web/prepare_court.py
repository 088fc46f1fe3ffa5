"""A small running court for the journeys: its people, institutions, a referral asked about.

Run as a process of its own, because a process has one database; the environment names the
institutions' directory and the court's keys. One institution is left for the clerk.
"""

import os
import sys
from datetime import timedelta
from pathlib import Path

LEFT = "platform-video"
NUMBERS = ("（2026）湘0302执801号", "（2026）湘0302执802号")
REFERRED = "湘潭云店科技有限公司"
APPROVAL = "湘高法〔2026〕第3号（指定基层法院管辖破产案件）"
LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def main(out: Path) -> None:
    os.environ["ZHIPO_DEMO"] = "1"
    from zhipo.web.server import prepare

    prepare(out / "home")
    from django.utils import timezone

    from zhipo.demo.court_people import know_institutions, people_since, rank_courts
    from zhipo.enforcement.courts import written_directory

    people = people_since(timezone.localdate() - timedelta(days=60), home=out / "home")
    rank_courts(people)
    known = written_directory()
    kept = tuple(one for one in known.parties if one.party != LEFT)
    know_institutions(known.model_copy(update={"parties": kept}), by=people["clerk"])
    refer(people)


def refer(people: object) -> None:
    """Two suppliers' cases and a referral to which everybody has agreed."""
    from django.utils import timezone

    from zhipo.demo.web_people import COURT
    from zhipo.enforcement.actions.referrals import (
        Answer,
        ReferralPlan,
        ask_consent,
        open_referral,
        record_answer,
    )
    from zhipo.enforcement.actions.registering import register_cases
    from zhipo.enforcement.entries import ApplicantEntry, CaseEntry, DebtorEntry
    from zhipo.enforcement.referral_states import ConsentAnswer, ConsentForm
    from zhipo.enforcement.states import ApplicantKind
    from zhipo.kernel.identifiers import is_uscc
    from zhipo.law.triage.road import Road

    today = timezone.localdate()
    court = people.offices[COURT]  # type: ignore[attr-defined]
    judge, clerk = people["enforcement"], people["clerk"]  # type: ignore[index]
    begun = "91430302MA4XK9001"
    debtor = DebtorEntry(
        REFERRED, next(begun + one for one in LETTERS if is_uscc(begun + one)),
        address="湖南省湘潭市雨湖区韶山路9号",
    )  # fmt: skip
    entries = [
        CaseEntry(
            court_id=court.pk, number=number, debtor=debtor,
            applicant=ApplicantEntry(f"湘潭供货{place}商行", ApplicantKind.SUPPLIER),
            title="（2026）湘0302民初1号民事判决书", amount_fen=12_000_000,
            filed_on=today - timedelta(days=30),
        )
        for place, number in enumerate(NUMBERS, start=1)
    ]  # fmt: skip
    cases = register_cases(entries=entries, by=clerk).cases
    plan = ReferralPlan(
        leading_id=cases[0].pk, receiving_id=court.pk, road=Road.REFER_LIQUIDATION,
        domicile=debtor.address, is_at_domicile=True, cause="到期债务不能清偿。",
        high_court_approval=APPROVAL,
    )  # fmt: skip
    referral = open_referral(debtor_id=cases[0].debtor_id, plan=plan, by=judge)
    ask_consent(referral_id=referral.pk, by=clerk)
    answer = Answer(ConsentAnswer.AGREES, ConsentForm.WRITTEN, today, "卷宗第12页")
    for consent in referral.consents.all():
        record_answer(consent_id=consent.pk, answer=answer, by=clerk)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
