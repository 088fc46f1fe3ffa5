"""The tables of the enforcement stage, one module a noun."""

from zhipo.enforcement.models.avoidance import AvoidanceSearch, Candidate, Dealing
from zhipo.enforcement.models.bundles import CarriedRow, ReceivedBundle, SealedBundle
from zhipo.enforcement.models.closings import ClosingForNow, Requery
from zhipo.enforcement.models.clues import Clue, PropertyReport, ReportedItem
from zhipo.enforcement.models.debtors import Debtor, EnforcementCase, OtherName
from zhipo.enforcement.models.estates import Asset, Exhibit, TakeOver
from zhipo.enforcement.models.histories import TransactionHistory
from zhipo.enforcement.models.inquiries import (
    InquiryAnswer,
    InquiryOrder,
    Institution,
    InstitutionKey,
)
from zhipo.enforcement.models.joinings import Joining, LinkageKey
from zhipo.enforcement.models.memos import Fact, Memo, OrderBook
from zhipo.enforcement.models.nonces import SeenNonce
from zhipo.enforcement.models.notices import BureauNotice
from zhipo.enforcement.models.objections import InquiryObjection
from zhipo.enforcement.models.petitions import Petition, PetitionClock
from zhipo.enforcement.models.properties import (
    Freeze,
    FreezeAlert,
    OwnershipCheck,
    Property,
    Protection,
)
from zhipo.enforcement.models.referrals import (
    Approval,
    Complaint,
    Consent,
    CourtRank,
    Referral,
    Service,
    Signature,
    Supplement,
)
from zhipo.enforcement.models.stays import (
    CostItem,
    KeptPlace,
    Notice,
    Proceeds,
    ReferralClock,
    SaleOfPerishable,
)

__all__ = [
    "Approval",
    "Asset",
    "AvoidanceSearch",
    "BureauNotice",
    "Candidate",
    "CarriedRow",
    "ClosingForNow",
    "Clue",
    "Complaint",
    "Consent",
    "CostItem",
    "CourtRank",
    "Dealing",
    "Debtor",
    "EnforcementCase",
    "Exhibit",
    "Fact",
    "Freeze",
    "FreezeAlert",
    "InquiryAnswer",
    "InquiryObjection",
    "InquiryOrder",
    "Institution",
    "InstitutionKey",
    "Joining",
    "KeptPlace",
    "LinkageKey",
    "Memo",
    "Notice",
    "OrderBook",
    "OtherName",
    "OwnershipCheck",
    "Petition",
    "PetitionClock",
    "Proceeds",
    "Property",
    "PropertyReport",
    "Protection",
    "ReceivedBundle",
    "Referral",
    "ReferralClock",
    "ReportedItem",
    "Requery",
    "SaleOfPerishable",
    "SealedBundle",
    "SeenNonce",
    "Service",
    "Signature",
    "Supplement",
    "TakeOver",
    "TransactionHistory",
]
