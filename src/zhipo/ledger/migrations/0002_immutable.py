"""What is written stays written, and balances: kept by the database."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only';
END $$;

CREATE FUNCTION ledger_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE found record;
BEGIN
    SELECT count(*) AS lines, sum(fen) AS fen INTO found
        FROM ledger_entry WHERE transaction_id = NEW.transaction_id;
    IF found.lines < 2 OR found.fen <> 0 THEN
        RAISE EXCEPTION 'transaction % has % entries that sum to % fen',
            NEW.transaction_id, found.lines, found.fen;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION ledger_has_entries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM ledger_entry WHERE transaction_id = NEW.id) THEN
        RAISE EXCEPTION 'transaction % moves nothing', NEW.id;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION ledger_one_book() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT book FROM ledger_transaction WHERE id = NEW.transaction_id)
        <> (SELECT book FROM ledger_account WHERE id = NEW.account_id) THEN
        RAISE EXCEPTION 'account % is of another book', NEW.account_id;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER ledger_refuse BEFORE UPDATE OR DELETE ON ledger_entry
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_refuse BEFORE UPDATE OR DELETE ON ledger_transaction
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_one_book BEFORE INSERT ON ledger_entry
    FOR EACH ROW EXECUTE FUNCTION ledger_one_book();
CREATE CONSTRAINT TRIGGER ledger_balanced AFTER INSERT ON ledger_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_balanced();
CREATE CONSTRAINT TRIGGER ledger_has_entries AFTER INSERT ON ledger_transaction
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_has_entries();
"""

BACKWARD = """
DROP TRIGGER ledger_has_entries ON ledger_transaction;
DROP TRIGGER ledger_balanced ON ledger_entry;
DROP TRIGGER ledger_one_book ON ledger_entry;
DROP TRIGGER ledger_refuse ON ledger_transaction;
DROP TRIGGER ledger_refuse ON ledger_entry;
DROP FUNCTION ledger_one_book();
DROP FUNCTION ledger_has_entries();
DROP FUNCTION ledger_balanced();
DROP FUNCTION ledger_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
