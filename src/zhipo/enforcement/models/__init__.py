"""The tables of the enforcement stage, one module a noun."""

from zhipo.enforcement.models.debtors import Debtor, EnforcementCase, OtherName
from zhipo.enforcement.models.histories import TransactionHistory
from zhipo.enforcement.models.inquiries import InquiryAnswer, InquiryOrder, Institution
from zhipo.enforcement.models.nonces import SeenNonce
from zhipo.enforcement.models.notices import BureauNotice
from zhipo.enforcement.models.objections import InquiryObjection
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
    "BureauNotice",
    "Complaint",
    "Consent",
    "CostItem",
    "CourtRank",
    "Debtor",
    "EnforcementCase",
    "Freeze",
    "FreezeAlert",
    "InquiryAnswer",
    "InquiryObjection",
    "InquiryOrder",
    "Institution",
    "KeptPlace",
    "Notice",
    "OtherName",
    "OwnershipCheck",
    "Proceeds",
    "Property",
    "Protection",
    "Referral",
    "ReferralClock",
    "SaleOfPerishable",
    "SeenNonce",
    "Service",
    "Signature",
    "Supplement",
    "TransactionHistory",
]
