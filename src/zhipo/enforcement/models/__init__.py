"""The tables of the enforcement stage, one module a noun."""

from zhipo.enforcement.models.debtors import Debtor, EnforcementCase, OtherName
from zhipo.enforcement.models.inquiries import InquiryAnswer, InquiryOrder, Institution
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
    "Complaint",
    "Consent",
    "CostItem",
    "CourtRank",
    "Debtor",
    "EnforcementCase",
    "Freeze",
    "FreezeAlert",
    "InquiryAnswer",
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
    "Service",
    "Signature",
    "Supplement",
]
