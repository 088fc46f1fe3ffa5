"""The generated case in the database: people, sealed books, claims of all kinds.

Chosen, not taken from the paper: the books end before the acceptance of 2025-09-01
(demo/case.py), while the filing period must be open on the day of the demonstration. So
publication is set PUBLISHED_DAYS_AGO before today instead of within the twenty-five days of
《企业破产法》第十四条; from publication on every window is the law's: FILING_DAYS lies
between thirty days and three months (art. 45), the first meeting within fifteen days after
the period ends (art. 62). Deadlines that ran out before publication count as met.

Of the other creditors those are entered who file: suppliers, lender, tax and social
insurance; employees are listed by the administrator (art. 48). Late fees, punitive claims,
fines and common-benefit debts have no kind of their own on the web and stay in the files.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from zhipo.cases.actions import Opening, open_case, set_publication, stop_clock
from zhipo.cases.models import Case
from zhipo.claims.actions.entering import (
    Arrival,
    enter_prefilled,
    enter_statement,
    list_employee,
)
from zhipo.claims.actions.evidence import read_evidence, seal_evidence, upload_evidence
from zhipo.claims.actions.others import Statement
from zhipo.claims.actions.prefilling import prefill_claims
from zhipo.claims.actions.receiving import Handed, InboxFile
from zhipo.claims.models import Claim, Evidence
from zhipo.claims.states import ClaimKind, EvidenceState, FiledThrough
from zhipo.demo import case as inputs
from zhipo.demo.generate import generate_yuhu
from zhipo.demo.web_people import (
    ADMINISTRATOR,
    COURT,
    SignIn,
    organisations,
    staff,
    staff_member,
)
from zhipo.demo.words import words
from zhipo.kernel.faults import Fault, Refused
from zhipo.law.deadlines.table import deadline_of

SLUG = inputs.SLUG
NUMBER = inputs.NUMBER
PUBLISHED_DAYS_AGO = 10
FILING_DAYS = 60
KINDS = {"L": ClaimKind.SECURED, "S": ClaimKind.SUPPLIER, "E": ClaimKind.EMPLOYEE}
FORM_KEY = "demo-"
OFFICES = frozenset({"T0001", "T0002"})
"""Tax and social insurance; T0003 is the late fee, an ordinary claim."""


@dataclass(frozen=True)
class DemoCase:
    """The case as it stands, and how its people sign in."""

    case: Case
    evidence: Evidence
    sign_ins: list[SignIn]
    prefilled: int
    others: int


def open_demo_case(
    *, home: Path, out: Path, consumers: int, published_on: date | None = None
) -> DemoCase:
    """Bring the case of `out`/case (generated if missing) into the database.

    Through the same acts as any case; again it adds nothing. `home` keeps the sign-ins.
    Where enforcement has handed the debtor over (court_run), the case of that acceptance is
    taken; by itself it opens one.
    Raises Refused: outside of a demonstration, and where the books do not read.
    """
    if not settings.ENVIRONMENT.is_demo:
        raise Refused([Fault("", 0, "ZHIPO_DEMO", "", words("web.only_demo"))])
    folder = case_files(out, consumers=consumers)
    offices = organisations()
    sign_ins = staff(home, offices, since=inputs.ACCEPTED_ON)
    case = open_case(
        Opening(
            slug=SLUG,
            number=NUMBER,
            debtor=inputs.DEBTOR,
            brand=inputs.BRAND,
            accepted_on=inputs.ACCEPTED_ON,
            court=offices[COURT],
            administrator=offices[ADMINISTRATOR],
            administrator_phone=inputs.ADMINISTRATOR_PHONE,
            administrator_address=inputs.ADMINISTRATOR_ADDRESS,
        ),
        by=None,
    )
    _publish(case, published_on)
    evidence = _take_in(case, folder)
    others = _enter_others(case, folder)
    prefilled = Claim.objects.filter(case=case, ledger_fen__isnull=False).count()
    case.refresh_from_db()
    return DemoCase(case, evidence, sign_ins, prefilled, others)


def case_files(out: Path, *, consumers: int) -> Path:
    """The folder of the generated case below `out`, generated if missing."""
    folder = out / "case"
    if not (folder / "case.json").exists():
        generate_yuhu(consumers=consumers, seed=1, out=folder)
    return folder


def _publish(case: Case, published_on: date | None) -> None:
    """Open the filing period, and put the clocks behind that ran out before it."""
    if case.published_on is not None:
        return
    day = published_on or timezone.localdate() - timedelta(days=PUBLISHED_DAYS_AGO)
    until = day + timedelta(days=FILING_DAYS)
    set_publication(
        case_id=case.pk,
        published_on=day,
        filing_until=until,
        meeting_on=deadline_of("D12", event_on=until).last_day,
        by=staff_member("judge"),
    )
    stop_past_clocks(case, before=day)


def stop_past_clocks(case: Case, *, before: date) -> None:
    """What was due before that day was done: the demonstration is late with nothing."""
    for clock in case.clocks.filter(done_at=None, last_day__lt=before):
        stop_clock(clock_id=clock.pk, by=staff_member("judge"))


def _take_in(case: Case, folder: Path) -> Evidence:
    """The books: handed in by the administrator, read, sealed, claims pre-filled."""
    books = [InboxFile(path) for path in sorted((folder / "books").iterdir())]
    evidence = upload_evidence(
        case_id=case.pk,
        handed=Handed(books, InboxFile(folder / "holders.csv"), most_bytes=None),
        read_as="xianxiangjia",
        form_key="demo",
        by=staff_member("lead"),
    )
    evidence = read_evidence(evidence_id=evidence.pk)
    if evidence.state == EvidenceState.REFUSED:
        raise Refused([Fault(**fault) for fault in evidence.faults])
    if evidence.state == EvidenceState.READ:
        evidence = seal_evidence(evidence_id=evidence.pk, by=staff_member("lead"))
    if not evidence.changes:
        prefill_claims(case_id=case.pk)
        evidence.refresh_from_db()
    return evidence


def _enter_others(case: Case, folder: Path) -> int:
    """The other creditors; how many stand there now.

    A supplier who came with the hand-over has its claim there already: it is filed as it
    stands, not entered a second time.
    """
    by = staff_member("reviewer-1")
    arrival = Arrival(FiledThrough.COUNTER, timezone.localdate())
    known = _known_creditors(case)
    for form_key, said in _others(folder):
        if said.kind == ClaimKind.EMPLOYEE:
            list_employee(case_id=case.pk, said=said, form_key=form_key, by=by)
        elif said.claimant in known:
            enter_prefilled(
                claim_id=known[said.claimant], claimed_fen=said.claimed_fen, text="",
                arrival=arrival, by=by,
            )  # fmt: skip
        else:
            enter_statement(
                case_id=case.pk, said=said, form_key=form_key, arrival=arrival, by=by
            )
    return Claim.objects.filter(case=case).exclude(kind=ClaimKind.CONSUMER).count()


def _known_creditors(case: Case) -> dict[str, int]:
    """Name -> claim of the suppliers who enforced before the bankruptcy."""
    claims = Claim.objects.filter(case=case, kind=ClaimKind.SUPPLIER, holder__isnull=False)
    return {
        one.holder.name: one.pk
        for one in claims.select_related("holder")
        if one.holder is not None
    }


def _others(folder: Path) -> Iterator[tuple[str, Statement]]:
    with (folder / "other_claims.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            kind = _kind_of(row["claim_id"])
            if kind is not None:
                said = Statement(kind, row["name"], int(row["fen"]), "")
                yield f"{FORM_KEY}{row['claim_id']}", said


def id_in_files(claim: Claim) -> str:
    """The claim's id in the generated case, its number where it has none there."""
    is_entered = claim.form_key.startswith(FORM_KEY)
    return claim.form_key.removeprefix(FORM_KEY) if is_entered else claim.number


def is_on_web(claim_id: str) -> bool:
    """Whether a row of other_claims.csv is of a kind that is entered."""
    return _kind_of(claim_id) is not None


def _kind_of(claim_id: str) -> ClaimKind | None:
    return ClaimKind.SOCIAL_TAX if claim_id in OFFICES else KINDS.get(claim_id[0])
