"""Finding claims of a case by what people say on the telephone or write in a letter.

By keyed hashes alone: nothing is decrypted to be compared.
"""

import re

from django.db.models import Q, QuerySet

from zhipo.cases.models import Case
from zhipo.claims.models import Claim
from zhipo.claims.queries.desk import claims_in
from zhipo.claims.search_hashes import claimant_hash, credit_code_hash
from zhipo.kernel.identifiers import IdentifierError, is_id_no, is_uscc, parse_phone
from zhipo.privacy.columns import lookup_hash

FOUND_AT_MOST = 50
NUMBER = re.compile(r"[A-Za-z]-[\d-]+(/\d+)?")
TAIL = re.compile(r"\d{3}[\dXx]")
PHONE = re.compile(r"[+\d][\d -]{6,}")


def found(case: Case, text: str) -> QuerySet[Claim]:
    """Claims by number, receipt, phone, identity number, the tail of either, credit code,
    a person's whole name, or a firm's name with or without its legal form."""
    text = text.strip()
    if not text:
        return Claim.objects.none()
    return claims_in(case).filter(_meaning(text)).order_by("number")[:FOUND_AT_MOST]


def _meaning(text: str) -> Q:
    if NUMBER.fullmatch(text):
        return Q(number__istartswith=text) | Q(receipt=text.upper())
    if is_id_no(text):
        known = lookup_hash("id_no", text.upper())
        return Q(holder__id_hash=known) | Q(creditor__id_hash=known)
    if TAIL.fullmatch(text):
        tail = text.upper()
        return Q(holder__phone_tail_hash=lookup_hash("phone_tail", tail)) | Q(
            holder__id_tail_hash=lookup_hash("id_tail", tail)
        )
    if is_uscc(text):
        return Q(credit_code_hash=credit_code_hash(text))
    if PHONE.fullmatch(text):
        return _by_phone(text)
    return _by_name(text)


def _by_phone(text: str) -> Q:
    try:
        known = lookup_hash("phone", parse_phone(text))
    except IdentifierError:
        return Q(pk=None)
    return Q(holder__phone_hash=known) | Q(creditor__phone_hash=known)


def _by_name(text: str) -> Q:
    known = lookup_hash("name", text)
    return (
        Q(holder__name_hash=known)
        | Q(claimant_hash=claimant_hash(text))
        | Q(receipt=text.upper())
    )
