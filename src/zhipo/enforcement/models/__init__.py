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

__all__ = [
    "Debtor",
    "EnforcementCase",
    "Freeze",
    "FreezeAlert",
    "InquiryAnswer",
    "InquiryOrder",
    "Institution",
    "OtherName",
    "OwnershipCheck",
    "Property",
    "Protection",
]
