"""Review of a few claims, one by one, by the law's own function."""

from collections import Counter
from collections.abc import Iterator, Sequence

from zhipo.claims.policies.reviewing import Asked, Verdict, verdict
from zhipo.law.review.decision import Facts, decide


def judge_by_law(
    asked: Sequence[Asked], *, among: Sequence[Asked], tolerance_fen: int
) -> Iterator[Verdict]:
    """What the law's table says of each claim.

    `among` are all live claims on the same accounts of the books and on the same payout
    accounts, those asked about included: they decide who came last and who shares.
    """
    live = _last_of_each_holder(among)
    sharers = Counter(one.payout_hash for one in among if one.claim_id in live)
    for one in asked:
        facts = Facts(
            claimed_fen=one.claimed_fen,
            ledger_fen=one.ledger_fen,
            is_live=one.claim_id in live,
            is_other_person=_differs(one),
            account_sharers=sharers[one.payout_hash] if one.payout_hash else 1,
            has_events_after_acceptance=one.has_events_after,
        )
        decided = decide(facts=facts, tolerance_fen=tolerance_fen)
        yield verdict(
            one,
            decision=decided.decision,
            admitted_fen=decided.admitted_fen,
            reasons=decided.reasons,
        )


def _last_of_each_holder(among: Sequence[Asked]) -> set[int]:
    """The claims that count: of each holder the latest, then the one numbered last."""
    in_order = sorted(among, key=lambda one: (one.filed_at, one.claim_id))
    return set({one.holder_id: one.claim_id for one in in_order}.values())


def _differs(one: Asked) -> bool:
    """Whether both sides give an identity number, and not the same."""
    return bool(one.id_hash and one.known_id_hash) and one.id_hash != one.known_id_hash
