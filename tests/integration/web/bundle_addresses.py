"""A bundle sealed, one received, and an estate taken over: one of each in an address."""

from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings

from factories import make_debtor, make_enforcement_case, make_organisation, make_staff
from factories_avoidance import make_candidates
from unit.enforcement.sample_bundle import DAY, NOON, draft, tables, write
from zhipo.accounts.models import Organisation
from zhipo.accounts.roles import Role
from zhipo.cases.models import Case
from zhipo.documents.kinds import DocumentKind
from zhipo.documents.models import Document
from zhipo.enforcement.actions.petitions import PetitionGiven, receive_petition
from zhipo.enforcement.models import (
    Asset,
    Notice,
    Petition,
    Property,
    ReceivedBundle,
    Referral,
    SealedBundle,
    TakeOver,
)
from zhipo.enforcement.petition_states import Petitioner
from zhipo.law.referral.conditions import Regime
from zhipo.law.triage.road import Road

BUNDLE_THINGS = {"bundle_id", "asset_id", "petition_id"}
GAPS = [
    {"code": "item_2", "item": 2, "count": 1, "rule": "cn.refop.10", "status": "U",
     "cite": "《执转破意见》第十条"},
]  # fmt: skip


def make_bundles(case: Case, own: Referral) -> dict[str, Any]:
    """Values for the gaps of the bundle's pages: `own` is the bureau's referral."""
    path = _file()
    received = _received(make_referral(case.court), path)
    taken = make_referral(case.court, state="accepted", case=case)
    judge = make_staff(Role.ENFORCEMENT_JUDGE, taken.sending)
    found = make_candidates(taken.leading, judge)
    _received(taken, path, sha256="5" * 64)
    by = make_staff(Role.BANKRUPTCY_JUDGE, case.court)
    TakeOver.objects.create(referral=taken, case=case, by=by, at=NOON)
    asset = Asset.objects.create(
        case=case, target=_property(taken), belongs="estate", rule="cn.ebl.30", value_fen=9
    )
    sealed = SealedBundle.objects.create(
        referral=own, version=1, path=path, sha256="3" * 64, manifest_sha256="4" * 64,
        size=9, parts=30, gaps=GAPS, key_id="k", sealed_at=NOON,
        sealed_by=make_staff(Role.ENFORCEMENT_JUDGE, own.sending),
    )  # fmt: skip
    petition = _petition(case.court)
    return {
        "bureau:bundle_id": sealed.pk,
        "court:petition_id": petition.pk,
        "court:notice_id": _letter(petition).pk,
        "court:petition_act:name": "notify",
        "court:referral_id": received.referral_id,
        "court:bundle_id": received.pk,
        "court:referral_act:name": "supplement",
        "desk:asset_id": asset.pk,
        **{f"desk:{name}": pk for name, pk in found.items()},
    }


def _petition(court: Organisation) -> Petition:
    """A creditor's, of which nobody has told the debtor."""
    given = PetitionGiven("（2025）湘03破申9号", "鲜享家", Petitioner.CREDITOR, "甲", DAY)
    return receive_petition(
        court_id=court.pk, given=given, form_key=f"petition-{court.pk}",
        by=make_staff(Role.COURT_CLERK, court),
    )  # fmt: skip


def _letter(petition: Petition) -> Notice:
    """A letter that has gone out after its acceptance."""
    content = b"PK a letter"
    digest = sha256(content).hexdigest()
    file = Path(settings.ENVIRONMENT.files) / "documents" / f"{digest}.docx"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    document = Document.objects.create(
        chain="debtor/of-a-petition", kind=DocumentKind.SUSPENSION_NOTICE, title="通知书",
        path=f"documents/{digest}.docx", sha256=digest, size=len(content), made_at=NOON,
    )  # fmt: skip
    return petition.notices.create(
        kind="suspend", sender=petition.court, court=make_organisation(), made_on=DAY,
        sent_on=DAY, reply_by=DAY, document=document,
    )  # fmt: skip


def make_referral(receiving: Organisation, **given: Any) -> Referral:
    """A referral under review at a court, of a debtor of its own."""
    sending = make_organisation()
    debtor = make_debtor(stage="under_review")
    leading = make_enforcement_case(debtor=debtor, court=sending)
    values: dict[str, Any] = {
        "state": "under_review", "regime": Regime.REFOP_2017, "domicile": "雨湖区",
        "road": Road.REFER_LIQUIDATION, "is_at_domicile": True, "has_cause": True,
        "cause": "不能清偿", "opened_on": DAY, "decided_on": DAY, "sent_on": DAY,
        "received_on": DAY, "review_number": "1", "bundle_sha256": "5" * 64,
        "opened_by": make_staff(Role.ENFORCEMENT_JUDGE, sending),
    }  # fmt: skip
    return Referral.objects.create(
        debtor=debtor, leading=leading, sending=sending, receiving=receiving,
        **(values | given),
    )  # fmt: skip


def _received(referral: Referral, path: str, *, sha256: str = "6" * 64) -> ReceivedBundle:
    by = make_staff(Role.COURT_CLERK, referral.receiving)
    return ReceivedBundle.objects.create(
        referral=referral, origin="o", path=path, sha256=sha256, size=9,
        signer=referral.sending.name, signed_at=NOON, gaps=GAPS, received_by=by,
        received_at=NOON,
    )  # fmt: skip


def _property(referral: Referral) -> Property:
    return Property.objects.create(
        debtor=referral.debtor, kind="goods", label="货物", as_of=NOON, found_by="clue 1",
        reference_hash="7" * 64, title="debtors", value_fen=9,
    )  # fmt: skip


def _file() -> str:
    """A real bundle below the folder of files."""
    target = Path(settings.ENVIRONMENT.files) / "matrix" / "a.zhipo"
    target.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        write(draft(Path(folder), tables()), target)
    return str(target.relative_to(settings.ENVIRONMENT.files))
