"""The letter by which a creditor on paper is told how they will be paid."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.cases.documents import make_case_document
from zhipo.cases.powers import Act, check_power
from zhipo.claims.actions.unmasking import Purpose
from zhipo.documents.kinds import DocumentKind
from zhipo.documents.models import Document
from zhipo.kernel.identifiers import mask
from zhipo.payouts.models import EnteredWay
from zhipo.payouts.states import WayState
from zhipo.web.refusals import NotInState
from zhipo.web.words import say


@transaction.atomic
def make_way_letter(*, way_id: int, by: Any) -> Document:
    """Tell the creditor which way was entered from which paper, and checked.

    Dated on the day of the check, so that it is the same document made again; kept for
    the role that made it, with the name whole and the account masked. Raises NotAllowed,
    NotInState before it is checked, FieldsMissing.
    """
    way = EnteredWay.objects.select_related("claim__case", "claim__holder").get(pk=way_id)
    claim, case = way.claim, way.claim.case
    check_power(case, Act.MAKE_ADMINISTRATOR_DOCUMENT, by)
    role = check_power(case, Act.UNMASK, by)
    if way.state != WayState.CHECKED:
        raise NotInState("payouts.refused.way_not_checked")

    document = make_case_document(
        case_id=case.pk, kind=DocumentKind.WAY_LETTER, fields=_fields(way), by=by,
        is_private=True,
    )  # fmt: skip

    record(Event.DATA_UNMASKED, of=claim, by=by, chain=case.number, role=role,
           purpose=Purpose.LETTER, count=1)  # fmt: skip
    return document


def _fields(way: EnteredWay) -> dict[str, Any]:
    assert way.ended_at is not None
    claim = way.claim
    name = claim.holder.name if claim.holder is not None else ""
    return {
        "addressee": name or claim.claimant,
        "claim_number": claim.number,
        "way_place": say(f"payouts.ways.place_{way.place}", lang="zh"),
        "paid_through": say(f"claims.channel.{way.channel}", lang="zh"),
        "payee_account": mask(way.account, head=0, tail=4) if way.account else "",
        "source": way.source,
        "dated_on": timezone.localdate(way.ended_at),
    }
