"""Things for tests, made as the system makes them; keyword arguments override."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from zhipo.accounts.models import Appointment, Organisation, User
from zhipo.accounts.roles import GIVEN_BY, OrganisationKind, Role
from zhipo.cases.models import Case
from zhipo.cases.phases import Phase
from zhipo.claims.models import Balance, Claim, Evidence, Holder
from zhipo.claims.search_hashes import make_findable
from zhipo.claims.states import EvidenceState
from zhipo.enforcement.models import Debtor, EnforcementCase
from zhipo.enforcement.states import ApplicantKind
from zhipo.kernel.working_days import is_working_day
from zhipo.privacy.columns import lookup_hash

_numbers = count(1)
TODAY = datetime.now(UTC).date()


def make_organisation(kind: OrganisationKind = OrganisationKind.COURT) -> Organisation:
    return Organisation.objects.create(kind=kind, name=f"{kind} {next(_numbers)}")


def make_case(**given: Any) -> Case:
    """A case open for filing since ten days, for thirty more."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "slug": f"case-{number}",
        "number": f"（2026）湘0302破{number}号",
        "debtor": "湘潭鲜享家电子商务有限公司",
        "brand": "鲜享家",
        "phase": Phase.FILING,
        "accepted_on": date(2025, 9, 1),
        "published_on": TODAY - timedelta(days=10),
        "filing_until": TODAY + timedelta(days=30),
        "meeting_on": TODAY + timedelta(days=44),
        "administrator_phone": "0731-55550000",
        "administrator_address": "湖南省湘潭市雨湖区",
    }
    case = {**values, **given}
    case.setdefault("court", make_organisation())
    case.setdefault("administrator", make_organisation(OrganisationKind.ADMINISTRATOR))
    return Case.objects.create(**case)


def make_staff(role: Role, organisation: Organisation | None = None) -> User:
    """Somebody who holds a role at an organisation (a new one of the right kind)."""
    user = User.objects.create(login=f"staff-{next(_numbers)}", is_staff_member=True)
    Appointment.objects.create(
        user=user,
        organisation=organisation or make_organisation(GIVEN_BY[role]),
        role=role,
        since=TODAY - timedelta(days=30),
    )
    return user


def make_creditor(phone: str = "+8613800138000") -> User:
    return User.objects.create(
        login=f"phone:{lookup_hash('phone', phone)}",
        phone=phone,
        phone_hash=lookup_hash("phone", phone),
        code_word="蓝色 · 松树",
    )


def make_evidence(case: Case, **given: Any) -> Evidence:
    """Sealed books, without files behind them."""
    by = make_staff(Role.ADMINISTRATOR_LEAD, case.administrator)
    now = datetime.now(UTC)
    values: dict[str, Any] = {
        "version": next(_numbers),
        "state": EvidenceState.SEALED,
        "folder": "none",
        "read_as": "xianxiangjia",
        "uploaded_by": by,
        "uploaded_at": now,
        "sealed_by": by,
        "sealed_at": now,
        "ledger_sha256": "0" * 64,
    }
    return Evidence.objects.create(case=case, **(values | given))


def make_holder(case: Case, phone: str = "+8613800138000", **given: Any) -> Holder:
    number = next(_numbers)
    values: dict[str, Any] = {
        "holder_id": f"M{number:08d}",
        "name": "王小明",
        "name_hash": lookup_hash("name", "王小明"),
        "phone": phone,
        "phone_hash": lookup_hash("phone", phone),
        "phone_tail_hash": lookup_hash("phone_tail", phone[-4:]),
        "payer_account": f"wx-{number}",
        "payer_hash": lookup_hash("account", f"wx-{number}"),
    }
    values["id_tail_hash"] = lookup_hash("id_tail", given.get("id_no", "")[-4:])
    return Holder.objects.create(case=case, **(values | given))


def make_balance(evidence: Evidence, holder: Holder, **given: Any) -> Balance:
    """500 paid, 50 given on top, 250.93 used: 271.88 left (the sheet of UX.md)."""
    values: dict[str, Any] = {
        "events": 5,
        "paid_fen": 50_000,
        "bonus_fen": 5_000,
        "used_fen": 25_093,
        "back_fen": 0,
        "ledger_fen": 27_188,
    }
    return Balance.objects.create(evidence=evidence, holder=holder, **(values | given))


def make_claim(case: Case, holder: Holder | None = None, **given: Any) -> Claim:
    """A pre-filled consumer claim; with `state` beyond that, filed an hour ago."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "number": f"A-{number // 1000:03d}-{number % 1000:03d}",
        "kind": "consumer",
        "holder": holder,
        "claimed_fen": 27_188,
        "ledger_fen": 27_188 if holder else None,
    }
    if given.get("state", "prefilled") != "prefilled":
        values |= {
            "filed_at": datetime.now(UTC) - timedelta(hours=1),
            "filed_through": "phone",
        }
    claim = Claim(case=case, **(values | given))
    make_findable(claim)
    claim.save()
    return claim


def make_debtor(**given: Any) -> Debtor:
    """A company against which nobody enforces yet."""
    number = next(_numbers)
    values = {
        "slug": f"debtor-{number}",
        "name": f"湘潭鲜享家电子商务有限公司{number}",
        "brand": "鲜享家",
    }
    return Debtor.objects.create(**{**values, **given})


def make_enforcement_case(**given: Any) -> EnforcementCase:
    """One supplier's case of 120,000 yuan before a court of its own."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "number": f"（2025）湘0302执{number}号",
        "applicant": f"湘潭供应商{number}有限公司",
        "applicant_kind": ApplicantKind.SUPPLIER,
        "title": f"（2025）湘0302民初{number}号民事判决书",
        "amount_fen": 12_000_000,
        "filed_on": date(2025, 3, 3),
    }
    case = {**values, **given}
    case.setdefault("debtor", make_debtor())
    case.setdefault("court", make_organisation())
    case.setdefault("applicant_hash", lookup_hash("name", case["applicant"]))
    return EnforcementCase.objects.create(**case)


def working_day_before(day: date) -> date:
    """The last working day before a day: a period that ended then is over."""
    before = day - timedelta(days=1)
    while not is_working_day(before):
        before -= timedelta(days=1)
    return before
