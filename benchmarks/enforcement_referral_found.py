"""What is wrong after a referral under fire: empty lists where nothing is."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING

from zhipo.accounts.roles import Role
from zhipo.audit.trail import first_broken_link
from zhipo.cases.models import Case
from zhipo.cases.models import Clock as CaseClock
from zhipo.claims.models import Holder
from zhipo.documents.models import Document
from zhipo.enforcement.actions.reviews import supplement_days
from zhipo.enforcement.bundle.reading import open_bundle
from zhipo.enforcement.bundle.storing import below_files
from zhipo.enforcement.clocks import RIGHTS, is_unverified
from zhipo.enforcement.models import (
    Asset,
    BureauNotice,
    Debtor,
    Freeze,
    Proceeds,
    Property,
    Referral,
    ReferralClock,
    TakeOver,
)
from zhipo.enforcement.policies.stays import is_estate
from zhipo.enforcement.queries.debtors import chain_of
from zhipo.enforcement.referral_states import ReferralState
from zhipo.enforcement.states import HOLDS, Stage
from zhipo.gateways.institutions.keys import read_directory
from zhipo.gateways.institutions.moments import china_day
from zhipo.kernel.faults import Refused
from zhipo.law.deadlines.table import deadline_of
from zhipo.law.referral.conditions import PANEL_JUDGES
from zhipo.law.referral.transfer import review_ends_on

if TYPE_CHECKING:
    from enforcement_referral import Sent

ALWAYS = frozenset({"D32", "D33"})
THEN = {
    True: frozenset({"D33b", "D35b"}),
    False: frozenset({"D08", "D08b", "D33b", "D36"}),
}
"""Deadlines that every referral starts, and those of its acceptance or refusal."""


def clocks_untold(referral: Referral, now: datetime) -> list[str]:
    """After a watch: missed duties of which the court's president does not know."""
    day = china_day(now)
    missed = referral.clocks.filter(done_on=None, last_day__lt=day).exclude(
        deadline__in=RIGHTS
    )
    if referral.state == ReferralState.SUPPLEMENTING:
        missed = missed.exclude(deadline="D33")
    return [
        f"{one.deadline} missed on {one.last_day}, nobody was told on {day}"
        for one in missed
        if one.escalated_on is None or not _president_knows(one)
    ]


def referral_faults(sent: "Sent", now: datetime) -> list[str]:
    """One referral, one bundle a sending, one case on acceptance, every day the law's."""
    referrals = list(Referral.objects.select_related("debtor", "case"))
    if [one.pk for one in referrals] != [sent.referral]:
        return [f"{len(referrals)} referrals for one"]
    (referral,) = referrals
    return [
        *_chain(referral),
        *_letters(referral),
        *_bundles(referral, sent.versions),
        *_outcome(referral, sent),
        *_last_days(referral, sent, china_day(now)),
        *_trail(referral),
    ]


def _president_knows(clock: ReferralClock) -> bool:
    key = f"referral_clock-{clock.pk}:{Role.COURT_PRESIDENT}"
    return BureauNotice.objects.filter(key=key).exists()


def _chain(referral: Referral) -> Iterator[str]:
    """Each has signed once, one decision was made, everybody was served."""
    signed = Counter(referral.signatures.values_list("role", flat=True))
    wanted = {"handler": 1, "panel": PANEL_JUDGES.default - 1, "president": 1}
    if dict(signed) != wanted:
        yield f"signatures {dict(signed)}"
    unanswered = referral.consents.filter(answer="").count()
    unserved = referral.services.filter(served_on=None).count()
    if unanswered or unserved or not referral.services.exists():
        yield f"{unanswered} not answered, {unserved} not served"
    if _papers(referral, "referral_decision") != 1:
        yield f"{_papers(referral, 'referral_decision')} decisions were made"


def _letters(referral: Referral) -> Iterator[str]:
    """One paper for each letter that went out, none for another."""
    sent = referral.notices.exclude(sent_on=None)
    kinds = ("courts_notice", "suspension_notice", "lift_notice")
    made = sum(_papers(referral, one) for one in kinds)
    if made != sent.count() or sent.filter(document=None).exists():
        yield f"{made} papers for {sent.count()} letters"
    if waiting := referral.notices.filter(sent_on=None).count():
        yield f"{waiting} letters were never sent"


def _papers(referral: Referral, kind: str) -> int:
    chain = chain_of(referral.debtor)
    return Document.objects.filter(chain=chain, kind=kind).count()


def _bundles(referral: Referral, versions: int) -> Iterator[str]:
    """As many versions as sendings, each whole on disk, each received once."""
    sealed = {one.version: one for one in referral.bundles.all()}
    if sorted(sealed) != list(range(1, versions + 1)):
        yield f"bundles {sorted(sealed)} for {versions} sendings"
    received = list(referral.received_bundles.values_list("sha256", flat=True))
    if sorted(received) != sorted(one.sha256 for one in sealed.values()):
        yield f"{len(received)} bundles received of {len(sealed)}"
    for one in sealed.values():
        path = below_files(one.path)
        if hashlib.sha256(path.read_bytes()).hexdigest() != one.sha256:
            yield f"bundle {one.version} is another file"
        try:
            open_bundle(path, read_directory())
        except Refused as refused:
            yield f"bundle {one.version}: {len(refused.faults)} faults"


def _outcome(referral: Referral, sent: "Sent") -> Iterator[str]:
    state = ReferralState.ACCEPTED if sent.is_accepted else ReferralState.RETURNED
    stage = Stage.ACCEPTED if sent.is_accepted else Stage.RETURNED
    debtor = Debtor.objects.get(pk=referral.debtor_id)
    if (referral.state, debtor.stage) != (state, stage):
        yield f"referral {referral.state}, debtor {debtor.stage}, wanted {state}"
    cases = Case.objects.filter(number=sent.number)
    if cases.count() != sent.is_accepted or TakeOver.objects.count() != sent.is_accepted:
        yield f"{cases.count()} cases, {TakeOver.objects.count()} taken over"
    states = set(debtor.cases.values_list("state", flat=True))
    if states != {"suspended" if sent.is_accepted else "open"}:
        yield f"enforcement is {sorted(states)}"
    if sent.is_accepted and referral.case is not None:
        yield from _taken_over(debtor, referral.case)


def _taken_over(debtor: Debtor, case: Case) -> Iterator[str]:
    """What enforcement had stands in the case, once; its money is with the estate."""
    assets = sorted(Asset.objects.filter(case=case).values_list("target", flat=True))
    if assets != sorted(Property.objects.values_list("pk", flat=True)):
        yield f"{len(assets)} assets of {Property.objects.count()}"
    known = sorted(Holder.objects.filter(case=case).values_list("holder_id", flat=True))
    if known != sorted(debtor.cases.values_list("number", flat=True)):
        yield f"known creditors {known}"
    ends = set(CaseClock.objects.filter(case=case, deadline="D37").values_list("last_day"))
    held = Freeze.objects.filter(state__in=HOLDS, until__gte=case.accepted_on)
    if ends != set(held.values_list("until")):
        yield f"freezes end on {held.count()} days, {len(ends)} clocks"
    owed = [one for one in Proceeds.objects.filter(handed_over_on=None) if is_estate(one)]
    if owed:
        yield f"{len(owed)} sums were not handed over"


def _last_days(referral: Referral, sent: "Sent", today: date) -> Iterator[str]:
    """Every deadline once, on the law's day; met, or known to the president."""
    clocks = list(referral.clocks.all())
    wanted = Counter(ALWAYS | THEN[sent.is_accepted]) + Counter({"D34": sent.supplements})
    if (started := Counter(one.deadline for one in clocks)) != wanted:
        yield f"clocks {dict(started)}, wanted {dict(wanted)}"
    for one in clocks:
        if one.last_day != (law := _law(referral, one, today)):
            yield f"{one.deadline} from {one.event_on}: {one.last_day}, law {law}"
        if one.done_on is None:
            yield f"{one.deadline} from {one.event_on}: never met"


def _law(referral: Referral, clock: ReferralClock, today: date) -> date:
    if clock.deadline == "D33":
        days = supplement_days(referral, today=today)
        return review_ends_on(
            received_on=clock.event_on, supplement_days=days, needs_lawyer_check=True
        ).last_day
    risk = {"needs_lawyer_check": True} if is_unverified(clock.deadline) else {}
    return deadline_of(clock.deadline, event_on=clock.event_on, **risk).last_day


def _trail(referral: Referral) -> Iterator[str]:
    chains = [chain_of(referral.debtor)]
    chains += [referral.case.number] if referral.case else []
    for chain in chains:
        if first_broken_link(chain) is not None:
            yield f"the trail of {chain} does not hold"
