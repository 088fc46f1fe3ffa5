"""The papers of a debtor's referral, to download."""

from django.db.models import QuerySet

from zhipo.documents.kinds import DocumentKind, KeptKind
from zhipo.documents.models import Document
from zhipo.documents.queries import documents_of
from zhipo.enforcement.models import Referral
from zhipo.enforcement.queries.debtors import chain_of

K = DocumentKind
REFERRAL_PAPERS = (
    K.REFERRAL_DECISION, K.REFERRAL_LETTER, K.COURTS_NOTICE, K.SUSPENSION_NOTICE,
    K.LIFT_NOTICE, K.RESTORE_NOTICE, K.REFUSAL_RETURN, KeptKind.CONSENT_PAPER,
    KeptKind.LETTERS,
)  # fmt: skip
"""Memos and others lie in the same chain and have doors of their own."""


def papers_of(referral: Referral) -> QuerySet[Document]:
    """What was made or kept in the debtor's referrals, newest first.

    For whoever may see the referral whole (`queries.referrals.referrals_visible_to`).
    """
    return documents_of(chain_of(referral.debtor)).filter(kind__in=REFERRAL_PAPERS)
