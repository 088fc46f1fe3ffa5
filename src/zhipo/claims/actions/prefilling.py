"""From sealed books to claims: balances by the engine, one claim for each who is owed."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.cases.locking import locked_case
from zhipo.claims.actions import changed_books
from zhipo.claims.actions.evidence import FAULTS_KEPT, LEDGER, folder_of
from zhipo.claims.actions.holders import put_holders_in
from zhipo.claims.actions.telling import Telling
from zhipo.claims.jobs import later
from zhipo.claims.models import Evidence
from zhipo.claims.queries.books import change_counts
from zhipo.claims.states import EvidenceState
from zhipo.engine.outputs import work_folder
from zhipo.engine.review.held import BALANCES, write_balances
from zhipo.kernel.faults import Refused

CHUNK = 1 << 20
MAKE_BALANCES = """CREATE TEMP TABLE balances_in (holder_id text PRIMARY KEY, events bigint,
    paid bigint, bonus bigint, used bigint, back bigint, ledger_fen bigint,
    is_after boolean) ON COMMIT DROP"""
COPY_BALANCES = "COPY balances_in FROM STDIN (FORMAT csv, HEADER)"
PUT_HOLDERS = """INSERT INTO claims_holder (case_id, holder_id, name, name_hash, phone,
        phone_hash, phone_tail_hash, id_no, id_hash, payer_account, payer_hash)
    SELECT %(case)s, holder_id, ''::bytea, '', ''::bytea, '', '', ''::bytea, '', ''::bytea,
        '' FROM balances_in
    ORDER BY holder_id ON CONFLICT (case_id, holder_id) DO NOTHING"""
PUT_BALANCES = """INSERT INTO claims_balance (evidence_id, holder_id, events, paid_fen,
        bonus_fen, used_fen, back_fen, ledger_fen, has_events_after)
    SELECT %(evidence)s, holder.id, events, paid, bonus, used, back, ledger_fen, is_after
    FROM balances_in JOIN claims_holder AS holder USING (holder_id)
    WHERE holder.case_id = %(case)s
    ON CONFLICT (evidence_id, holder_id) DO UPDATE SET events = excluded.events,
        paid_fen = excluded.paid_fen, bonus_fen = excluded.bonus_fen,
        used_fen = excluded.used_fen, back_fen = excluded.back_fen,
        ledger_fen = excluded.ledger_fen, has_events_after = excluded.has_events_after"""
PUT_CLAIMS = r"""WITH owed AS (
        SELECT balance.holder_id, balance.ledger_fen,
            row_number() OVER (ORDER BY holder.holder_id) + (
                SELECT coalesce(max(replace(substr(number, 3), '-', '')::bigint), 0)
                FROM claims_claim
                WHERE case_id = %(case)s AND number ~ '^A-\d{3,}-\d{3}$') AS running
        FROM claims_balance AS balance
        JOIN claims_holder AS holder ON holder.id = balance.holder_id
        WHERE balance.evidence_id = %(evidence)s AND balance.ledger_fen > 0
            AND NOT EXISTS (SELECT FROM claims_claim AS claim
                WHERE claim.holder_id = balance.holder_id))
    INSERT INTO claims_claim (case_id, number, kind, state, holder_id, claimed_fen,
        ledger_fen, claimant, payout_account, set_off_fen, statement, is_disputed,
        details, form_key, filed_through, receipt, is_late, identity, payout_channel,
        payout_hash, decision, reasons, rules, is_decided_by_person, decision_text, ruling)
    SELECT %(case)s, 'A-' || lpad((running / 1000)::text,
            greatest(3, length((running / 1000)::text)), '0')
            || '-' || lpad((running %% 1000)::text, 3, '0'),
        'consumer', 'prefilled', holder_id, ledger_fen, ledger_fen, ''::bytea, ''::bytea,
        0, '', false, '{}'::jsonb, '', '', '', false, 'unproven', '', '', '',
        '{}'::varchar[], '{}'::varchar[], false, '', ''
    FROM owed"""


def prefill_claims(*, case_id: int) -> Evidence | None:
    """One pre-filled claim for each holder to whom the sealed books show a balance.

    Again it changes nothing; after a corrected export it brings claims up to date (see
    changed_books). None where no books are sealed. Raises Refused.
    """
    evidence = (
        Evidence.objects.select_related("case")
        .filter(case=case_id, state=EvidenceState.SEALED)
        .first()
    )
    if evidence is None:
        return None
    telling = Telling(evidence.pk).at("claims.evidence.stage.balances", start=0, end=40)
    folder = folder_of(evidence)
    with work_folder(folder) as work:
        _write_balances(evidence, folder / LEDGER, work / "out")
        telling.at("claims.evidence.stage.people", start=40, end=80)
        put_holders_in(case_id=case_id, folder=folder, progress=telling)
        telling.at("claims.evidence.stage.claims", start=80, end=100)
        with (work / "out" / BALANCES).open("rb") as file:
            return _put_in(evidence.pk, file)


def _write_balances(evidence: Evidence, ledger: Path, out: Path) -> None:
    """The engine's balances; what it refuses is shown with the version."""
    try:
        write_balances(ledger=ledger, accepted_on=evidence.case.accepted_on, out=out)
    except Refused as refused:
        evidence.faults = [asdict(fault) for fault in refused.faults[:FAULTS_KEPT]]
        evidence.progress = {}
        evidence.save(update_fields=["faults", "progress"])
        raise


@transaction.atomic
def _put_in(evidence_id: int, balances: Any) -> Evidence | None:
    """Balances and claims together; None where a later version is sealed by now."""
    case_id = Evidence.objects.values_list("case", flat=True).get(pk=evidence_id)
    case = locked_case(case_id)
    evidence = Evidence.objects.select_for_update().get(pk=evidence_id)
    if evidence.state != EvidenceState.SEALED:
        return None
    keys = {"case": case.pk, "evidence": evidence.pk}
    with connection.cursor() as cursor:
        cursor.execute(MAKE_BALANCES)
        with cursor.copy(COPY_BALANCES) as copy:
            while chunk := balances.read(CHUNK):
                copy.write(chunk)
        cursor.execute(PUT_HOLDERS, keys)
        cursor.execute(PUT_BALANCES, keys)
        cursor.execute("ANALYZE claims_holder, claims_balance")
        done = changed_books.bring_up_to_date(cursor, evidence)
        cursor.execute(PUT_CLAIMS, keys)
        done["new"] = cursor.rowcount
        cursor.execute("DROP TABLE balances_in")
    evidence.changes = {**change_counts(evidence), "claims": done}
    evidence.progress = {}
    evidence.save(update_fields=["changes", "progress"])
    later("review_filed", lock=f"case-{case.pk}", case_id=case.pk)

    record(Event.CLAIMS_PREFILLED, of=evidence, by=None, chain=case.number,
           version=evidence.version, claims=done)  # fmt: skip
    return evidence
