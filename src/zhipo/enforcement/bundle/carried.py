"""Which model's rows stand in which table of a bundle, and what does not travel.

Every concrete field of every model of the enforcement stage is carried, made anew from
what is carried (HASHES), or named in STAYS with its reason: a test walks the models.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

from zhipo.accounts.models import Organisation, User
from zhipo.documents.models import Document
from zhipo.enforcement import models
from zhipo.enforcement.avoidance.searching import key_of
from zhipo.enforcement.bundle.tables import BY_NAME, TableKind


@dataclass(frozen=True)
class Carried:
    """One table's model.

    `debtor` is the way from a row to its debtor, empty where rows are found by those that
    refer to them. A row that the receiver has already under the same `natural` fields is
    taken for the same and stays as it is there. `once` are fields that belong to the
    receiver after the first time. `hashes` and `made` are columns that the receiver makes
    itself: with its own key, from a row's columns there.
    """

    table: str
    model: type[Model]
    debtor: str = ""
    natural: tuple[str, ...] = ()
    once: frozenset[str] = frozenset()
    hashes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    made: Mapping[str, Callable[[Mapping[str, Any]], Any]] = field(default_factory=dict)

    @property
    def kind(self) -> TableKind:
        return BY_NAME[self.table]

    @property
    def manager(self) -> Any:
        return self.model._default_manager

    def fields(self) -> list[str]:
        """The fields that travel, without the row's own number."""
        return [name for name in self.kind.row.model_fields if name != "id"]


OF_REFERRAL = "referral__debtor"
RULED = frozenset({
    "state", "received_on", "review_number", "ruled_on", "ruling_number",
    "refusal_grounds", "refusal_served_on", "effective_on", "returned_on", "dismissed_on",
})  # fmt: skip
"""What the receiving court writes: a later version of a bundle does not undo it."""


def _candidate_key(values: Mapping[str, Any]) -> str:
    """The name under which the receiver's own searches will find a candidate again."""
    entry = values["dealing_id"] or values["reported_id"] or 0
    return key_of(values["kind"], values["basis"], values["counterparty"], entry)


C = Carried
CARRIED: tuple[Carried, ...] = (
    C("courts", Organisation, natural=("name",)),
    C("people", User, natural=("login",)),
    C("documents", Document, natural=("chain", "kind", "sha256", "for_role")),
    C("institutions", models.Institution, natural=("party",)),
    C("debtors", models.Debtor, debtor="pk", natural=("credit_code",),
      once=frozenset({"stage", "slug"})),
    C("other_names", models.OtherName, debtor="debtor", natural=("debtor", "name")),
    C("cases", models.EnforcementCase, debtor="debtor", natural=("number",),
      hashes={"applicant_hash": ("name", "applicant")}),
    C("properties", models.Property, debtor="debtor",
      natural=("debtor", "institution", "kind", "reference_hash"),
      hashes={"reference_hash": ("account", "reference")}),
    C("orders", models.InquiryOrder, debtor="case__debtor", natural=("order_id",)),
    C("answers", models.InquiryAnswer, debtor="order__case__debtor",
      natural=("order", "sha256")),
    C("objections", models.InquiryObjection, debtor="order__case__debtor",
      natural=("order", "part")),
    C("histories", models.TransactionHistory, debtor="debtor", natural=("order",)),
    C("freezes", models.Freeze, debtor="target__debtor", natural=("order",)),
    C("freeze_alerts", models.FreezeAlert, debtor="freeze__target__debtor",
      natural=("freeze", "until", "days_before")),
    C("ownership_checks", models.OwnershipCheck, debtor="target__debtor"),
    C("protections", models.Protection, debtor="target__debtor"),
    C("clues", models.Clue, debtor="debtor", natural=("form_key",)),
    C("reports", models.PropertyReport, debtor="debtor",
      natural=("case", "notice_received_on", "due_on")),
    C("reported_items", models.ReportedItem, debtor="report__debtor",
      natural=("form_key",)),
    C("dealings", models.Dealing, debtor="debtor", natural=("form_key",),
      hashes={"counterparty_hash": ("name", "counterparty")}),
    C("searches", models.AvoidanceSearch, debtor="debtor"),
    C("candidates", models.Candidate, debtor="debtor", natural=("debtor", "key"),
      made={"key": _candidate_key}),
    C("closings", models.ClosingForNow, debtor="case__debtor"),
    C("requeries", models.Requery, debtor="closing__case__debtor",
      natural=("closing", "due_on")),
    C("facts", models.Fact, debtor="debtor"),
    C("order_books", models.OrderBook, debtor="debtor", natural=("debtor", "sha256")),
    C("memos", models.Memo, debtor="debtor", natural=("debtor", "version")),
    C("referrals", models.Referral, debtor="debtor", once=RULED),
    C("signatures", models.Signature, debtor=OF_REFERRAL, natural=("referral", "by")),
    C("approvals", models.Approval, debtor=OF_REFERRAL, natural=("referral",)),
    C("consents", models.Consent, debtor=OF_REFERRAL, natural=("referral", "case")),
    C("services", models.Service, debtor=OF_REFERRAL, natural=("referral", "case")),
    C("supplements", models.Supplement, debtor=OF_REFERRAL),
    C("complaints", models.Complaint, debtor=OF_REFERRAL, natural=("referral", "ground")),
    C("clocks", models.ReferralClock, debtor=OF_REFERRAL,
      natural=("referral", "deadline", "subject", "event_on")),
    C("notices", models.Notice, debtor=OF_REFERRAL,
      natural=("referral", "kind", "sender", "court", "institution")),
    C("kept_places", models.KeptPlace, debtor=OF_REFERRAL, natural=("referral", "freeze")),
    C("proceeds", models.Proceeds, debtor="case__debtor"),
    C("cost_items", models.CostItem, debtor="case__debtor",
      natural=("case", "kind", "fen", "note")),
    C("sales", models.SaleOfPerishable, debtor=OF_REFERRAL,
      natural=("referral", "target", "what")),
)  # fmt: skip
BY_TABLE = {one.table: one for one in CARRIED}
NAMED = ("courts", "people", "documents", "institutions")
"""Tables whose rows come along because others refer to them."""

STAYS: dict[str, str] = {
    "enforcement.CourtRank": "each installation's own table of the courts it deals with",
    "enforcement.SeenNonce": "guards this installation's own door against replays",
    "enforcement.BureauNotice": "what this court's own people were told to look at",
    "enforcement.Petition": "came to the bankruptcy court itself, not by referral",
    "enforcement.PetitionClock": "of a petition",
    "enforcement.LinkageKey": "each installation compares names with its own debtors'",
    "enforcement.Joining": "its outcome is carried: one debtor, and its other names",
    "enforcement.SealedBundle": "the sending side's record of this very bundle",
    "enforcement.ReceivedBundle": "the receiving side's record of this very bundle",
    "enforcement.CarriedRow": "which row here a row of a bundle is",
    "enforcement.TakeOver": "made at acceptance, on the receiving side",
    "enforcement.Asset": "made at acceptance, on the receiving side",
    "enforcement.Exhibit": "made at acceptance, on the receiving side",
    "enforcement.InstitutionKey": "each court trusts keys that its own president confirmed",
    "enforcement.Institution.address": "each installation's own line to an institution",
    "enforcement.Institution.holds": "each installation's own entry",
    "enforcement.Institution.contact": "whom this court's own people call",
    "enforcement.Institution.tested_at": "of this installation's own line",
    "enforcement.Institution.test_result": "of this installation's own line",
    "enforcement.Notice.petition": "of a petition, which has no bundle",
    "enforcement.KeptPlace.petition": "of a petition, which has no bundle",
    "enforcement.Referral.case": "the bankruptcy case is the receiving side's to open",
    "enforcement.Referral.bundle_sha256": "a bundle cannot hold its own digest",
}
"""Models and fields that do not travel, each with its reason."""
