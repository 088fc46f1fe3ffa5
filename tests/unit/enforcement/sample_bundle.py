"""A small whole bundle made of typed rows alone: no database, keys of its own."""

import io
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from zhipo.accounts.roles import OrganisationKind
from zhipo.enforcement.bundle.assembling import Draft, draft_of
from zhipo.enforcement.bundle.manifest import file_path, sign
from zhipo.enforcement.bundle.rows import findings, parties, referral
from zhipo.enforcement.bundle.tables import TABLES
from zhipo.enforcement.referral_states import (
    ConsentAnswer,
    ConsentForm,
    ReferralState,
    Signer,
)
from zhipo.enforcement.states import (
    ApplicantKind,
    EnforcementState,
    InstitutionKind,
    PropertyKind,
    Stage,
    Title,
)
from zhipo.gateways.institutions.keys import (
    Directory,
    Party,
    PrivateKey,
    new_private_key,
)
from zhipo.law.referral.conditions import Regime
from zhipo.law.triage.cause import Entity
from zhipo.law.triage.road import Road

DAY = date(2025, 8, 1)
NOON = datetime(2025, 8, 1, 4, tzinfo=UTC)
LATER = NOON + timedelta(days=3)
SENDER, RECEIVER = "湘潭市雨湖区人民法院", "湘潭市中级人民法院"
KEY = new_private_key("court-yuhu", "court-yuhu-1", seed=bytes(range(32)))
BANK_KEY = new_private_key("bank-one", "bank-one-1", seed=bytes(range(1, 33)))


def directory(*, until: datetime = NOON + timedelta(days=365)) -> Directory:
    """The sending court, the receiving one without a key, and a bank."""
    since = NOON - timedelta(days=365)

    def party(name: str, title: str, role: Any, *keys: PrivateKey) -> Party:
        public = tuple(one.public_key(since=since, until=until) for one in keys)
        return Party(party=name, name=title, role=role, address="", keys=public)

    return Directory(
        parties=(
            party("court-yuhu", SENDER, "court", KEY),
            party("court-xiangtan", RECEIVER, "court"),
            party("bank-one", "甲银行", "institution", BANK_KEY),
        )
    )


def history() -> bytes:
    """A transaction history of two rows, as Parquet."""
    sink = io.BytesIO()
    pq.write_table(pa.table({"fen": [100, 250], "counterparty": ["甲", "乙"]}), sink)
    return sink.getvalue()


def tables(*, paper: bytes = b"PK decision", flow: bytes = b"") -> dict[str, Any]:
    """Every table: one debtor, one case, one property, one history, one document."""
    flow = flow or history()
    paper_sha256, flow_sha256 = sha256(paper).hexdigest(), sha256(flow).hexdigest()
    found: dict[str, Any] = {one.name: () for one in TABLES}
    return found | _about_the_referral() | {
        "courts": (
            parties.CourtRow(id=1, kind=OrganisationKind.COURT, name=SENDER),
            parties.CourtRow(id=2, kind=OrganisationKind.COURT, name=RECEIVER),
        ),
        "people": (parties.PersonRow(id=7, login="judge-7", name="李法官"),),
        "documents": (
            parties.DocumentRow(
                id=3, chain="debtor/xianxiangjia", kind="referral_decision", lang="zh",
                title="移送破产审查决定书", path=file_path(paper_sha256, "docx"),
                sha256=paper_sha256, size=len(paper), for_role="", made_by=7, made_at=NOON,
            ),
        ),
        "debtors": (
            parties.DebtorRow(
                id=1, slug="xianxiangjia", name="湘潭鲜享家电子商务有限公司",
                credit_code="91430302MA4PABCD1X", entity=Entity.COMPANY, brand="鲜享家",
                address="湘潭市雨湖区", representative="王某", founded_on=date(2018, 5, 1),
                stage=Stage.REFERRING,
            ),
        ),
        "cases": (
            parties.EnforcementCaseRow(
                id=11, debtor=1, court=1, number="（2025）湘0302执11号", judge=7,
                applicant="湘潭供应商有限公司", applicant_kind=ApplicantKind.SUPPLIER,
                applicant_phone="", applicant_address="湘潭市岳塘区",
                title="（2025）湘0302民初11号民事判决书", amount_fen=12_000_000,
                paid_fen=0, costs_fen=50_000, filed_on=date(2025, 3, 3),
                state=EnforcementState.OPEN, closed_on=None,
            ),
        ),
        "properties": (property_row(),),
        "histories": (
            findings.TransactionHistoryRow(
                id=5, debtor=1, target=21, order=31,
                path=file_path(flow_sha256, "parquet"),
                sha256=flow_sha256, rows=2, first_on=date(2024, 8, 1), last_on=DAY,
                opening_fen=0, closing_fen=350, as_of=NOON,
            ),
        ),
        "orders": (order_row(),),
    }  # fmt: skip


def _about_the_referral() -> dict[str, Any]:
    """The referral, and the institution that answered."""
    return {
        "institutions": (
            parties.InstitutionRow(
                id=1, party="bank-one", name="甲银行", kind=InstitutionKind.BANK,
                is_active=True,
            ),
        ),
        "referrals": (referral_row(),),
        "signatures": (
            referral.SignatureRow(
                id=1, referral=41, role=Signer.PRESIDENT, by=7, at=NOON, agrees=True,
                opinion="同意移送",
            ),
        ),
        "consents": (
            referral.ConsentRow(
                id=1, referral=41, case=11, asked_on=DAY, asked_by=7,
                answer=ConsentAnswer.AGREES, form=ConsentForm.WRITTEN,
                reference="执行卷第 12 页", paper=None, answered_on=DAY, answered_at=NOON,
                recorded_by=7,
            ),
        ),
    }  # fmt: skip


def property_row() -> findings.PropertyRow:
    return findings.PropertyRow(
        id=21, debtor=1, institution=1, kind=PropertyKind.BANK_ACCOUNT,
        reference="6222020000000001", label="甲银行 尾号 0001", holder="鲜享家", control="",
        loses_value_if="", value_fen=350, available_fen=350, as_of=NOON,
        title=Title.DEBTORS, found_by="order", queue=[], exempt_as="",
    )  # fmt: skip


def order_row() -> findings.InquiryOrderRow:
    values = {
        "id": 31, "order_id": "5f0c0f6e-0000-4000-8000-000000000001",
        "act_key": "history/21", "case": 11, "institution": 1, "act": "history",
        "target": 21, "freeze_order": None, "fen": None, "body": "{}",
        "body_sha256": "0" * 64, "state": "answered", "ordered_by": 7, "ordered_at": NOON,
        "answer_by": NOON, "ask_at": NOON, "tries": 1, "receipt": None,
        "escalated_at": None, "finished_at": NOON, "settled_at": None, "told_at": NOON,
        "told_parts": 1,
    }  # fmt: skip
    return findings.InquiryOrderRow.model_validate(values, strict=False)


def referral_row() -> referral.ReferralRow:
    return referral.ReferralRow(
        id=41, debtor=1, leading=11, sending=1, receiving=2, regime=Regime.REFOP_2017,
        road=Road.REFER_LIQUIDATION, state=ReferralState.SERVED, domicile="湘潭市雨湖区",
        is_at_domicile=True, high_court_approval="", has_cause=True, cause="不能清偿",
        opened_on=DAY, opened_by=7, decided_on=DAY, decision_number="（2025）湘0302执移1号",
        served_on=DAY, sent_on=None, received_on=None, review_number="", ruled_on=None,
        ruling_number="", refusal_grounds="", refusal_served_on=None, effective_on=None,
        returned_on=None, dismissed_on=None,
    )  # fmt: skip


def draft(folder: Path, given: dict[str, Any] | None = None) -> Draft:
    """The sample's draft; its two files lie in `folder`."""
    found = given if given is not None else tables()
    files = {}
    for ending, content in (("docx", b"PK decision"), ("parquet", history())):
        path = folder / f"file.{ending}"
        path.write_bytes(content)
        files[file_path(sha256(content).hexdigest(), ending)] = path
    return draft_of(found, files=files, source="yuhu/xianxiangjia", directory=directory())


def write(draft: Draft, path: Path, *, key: PrivateKey = KEY, at: datetime = NOON) -> Path:
    """The bundle as a file, signed."""
    with path.open("wb") as sink:
        draft.write(sign(draft.manifest, key=key, at=at), sink)
    return path
