"""The papers of a debtor's referral or stay, to download."""

from typing import Any

from django.db.models import QuerySet

from zhipo.accounts.queries import organisations_where
from zhipo.documents.kinds import DocumentKind, KeptKind
from zhipo.documents.models import Document
from zhipo.documents.queries import documents_of
from zhipo.enforcement.models import Debtor, Notice, Referral
from zhipo.enforcement.queries.debtors import BUREAU, chain_of

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


def letters_after_petition(debtor: Debtor, user: Any) -> QuerySet[Document]:
    """Letters that the reader's own court wrote because a petition was accepted."""
    own = organisations_where(user, BUREAU)
    letters = Notice.objects.filter(petition__debtor=debtor, sender__in=own)
    return Document.objects.filter(pk__in=letters.values("document"))
