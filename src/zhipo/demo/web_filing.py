"""Who of the generated case files on the web, and what: the right, the silent, the wrong.

case/claims.csv says it. Another figure than the books' is filed as a dispute; who stands in
no account with a balance files a claim without an account; a second filing is tried and
finds the first; those who share one payout account choose it. An identity planted wrong is
the number of another person with whom the same phone was proven elsewhere.
"""

import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction

from zhipo.accounts.codes import WORDS
from zhipo.accounts.models import User
from zhipo.cases.models import Case
from zhipo.claims.actions.filing import file_claims, file_disputed
from zhipo.claims.actions.others import Statement, file_statement
from zhipo.claims.actions.payout import choose_payout
from zhipo.claims.models import Claim
from zhipo.claims.states import PREFILLED, ClaimKind, PayoutChannel
from zhipo.demo.plans import rows_of
from zhipo.kernel.identifiers import parse_phone
from zhipo.privacy.columns import lookup_hash

BATCH = 200
"""People a transaction: one commit for many, and nobody else waits long for the trail."""
OTHER_FIGURE = frozenset({"inflated", "deflated"})
SAYS = "我自己记的账与平台账目不同。"
NO_ACCOUNT_SAYS = "我在鲜享家充值过，账目里查不到我。"


@dataclass(frozen=True)
class Person:
    """One person who files, as case/claims.csv and truth.csv have them; fen."""

    claim_id: str
    holder_id: str
    claimed_fen: int
    name: str
    id_no: str
    phone: str
    account: str
    wrong: str
    files_twice: bool


@dataclass(frozen=True)
class Waiting:
    """A claim that waits for its creditor."""

    pk: int
    is_filed: bool


def people_of(folder: Path) -> list[Person]:
    """Everybody who files, in the order of the file; second filings are marked on them."""
    rows = rows_of(folder / "claims.csv")
    wrongs = {row["claim_id"]: row["wrong"] for row in rows_of(folder / "truth.csv")}
    twice = {row["holder_id"] for row in rows if wrongs.get(row["claim_id"]) == "double"}
    return [
        Person(
            row["claim_id"],
            row["holder_id"],
            int(row["claimed_fen"]),
            row["name"],
            row["id_no"],
            row["phone"],
            row["payout_account"],
            wrongs.get(row["claim_id"], ""),
            row["holder_id"] in twice,
        )
        for row in rows
        if wrongs.get(row["claim_id"]) != "double"
    ]


def by_hand(people: Sequence[Person], count: int) -> list[Person]:
    """`count` of those with nothing planted, evenly through the case: they use phones."""
    right = [one for one in people if not one.wrong and not one.files_twice]
    step = max(1, len(right) // max(1, count))
    return right[::step][:count]


def file_in_bulk(
    case: Case, people: Sequence[Person], *, told: Callable[[int, int], None]
) -> None:
    """Have everybody file through the acts, BATCH to a transaction; again adds nothing."""
    users = users_of(people)
    claims = claims_of(case)
    for first in range(0, len(people), BATCH):
        with transaction.atomic():
            for one in people[first : first + BATCH]:
                _file(case, one, claims.get(one.holder_id), by=users[one.phone])
        told(min(first + BATCH, len(people)), len(people))


def users_of(people: Iterable[Person]) -> dict[str, User]:
    """Phone -> the person behind it, made where nobody has signed in with it yet."""
    keys = {one.phone: lookup_hash("phone", parse_phone(one.phone)) for one in people}
    numbers = {one.phone: one.id_no for one in people if one.wrong == "identity"}
    users = [_user(phone, key, numbers.get(phone, "")) for phone, key in keys.items()]
    User.objects.bulk_create(users, ignore_conflicts=True, batch_size=5_000)
    found = User.objects.filter(login__startswith="phone:").exclude(phone_hash="")
    by_key = {user.phone_hash: user for user in found.iterator(chunk_size=5_000)}
    return {phone: by_key[key] for phone, key in keys.items()}


def claims_of(case: Case) -> dict[str, Waiting]:
    """Holder id -> the claim that stands for the account."""
    rows = Claim.objects.filter(case=case, holder__isnull=False).values_list(
        "holder__holder_id", "pk", "state"
    )
    return {holder: Waiting(pk, state != PREFILLED) for holder, pk, state in rows}


def _user(phone: str, key: str, id_no: str) -> User:
    return User(
        login=f"phone:{key}",
        phone=parse_phone(phone),
        phone_hash=key,
        id_no=id_no,
        id_hash=lookup_hash("id_no", id_no),
        password=make_password(None),
        code_word=" · ".join(secrets.choice(words) for words in WORDS.values()),
    )


def _file(case: Case, one: Person, claim: Waiting | None, *, by: Any) -> None:
    if claim is None:
        said = Statement(ClaimKind.CONSUMER, one.name, one.claimed_fen, NO_ACCOUNT_SAYS)
        file_statement(case_id=case.pk, said=said, form_key=one.claim_id, by=by)
        return
    if not claim.is_filed:
        _file_own(one, claim.pk, by=by)
    if one.files_twice:
        file_claims(claim_ids=[claim.pk], by=by)
    if one.wrong == "shared":
        choose_payout(
            claim_id=claim.pk, channel=PayoutChannel.WECHAT, account=one.account, by=by
        )


def _file_own(one: Person, claim_id: int, *, by: Any) -> None:
    if one.wrong in OTHER_FIGURE:
        file_disputed(claim_id=claim_id, claimed_fen=one.claimed_fen, statement=SAYS, by=by)
    else:
        file_claims(claim_ids=[claim_id], by=by)
