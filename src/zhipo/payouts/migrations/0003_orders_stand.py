"""What an order says stands, and what has ended does not begin again; kept by the database."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION payouts_order_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'an order is kept for life';
    END IF;
    IF (NEW.share_id, NEW.part, NEW.fen, NEW.reference, NEW.channel, NEW.payee_kind,
        NEW.payee_account, NEW.payee_name, NEW.payee_bank, NEW.payee_hash, NEW.follows_id)
        IS DISTINCT FROM
       (OLD.share_id, OLD.part, OLD.fen, OLD.reference, OLD.channel, OLD.payee_kind,
        OLD.payee_account, OLD.payee_name, OLD.payee_bank, OLD.payee_hash, OLD.follows_id)
    THEN
        RAISE EXCEPTION 'an order says what it said: another payment is another order';
    END IF;
    IF OLD.state IN ('failed', 'returned', 'deposited') AND NEW.state <> OLD.state
        OR OLD.state = 'paid' AND NEW.state NOT IN ('paid', 'returned')
    THEN
        RAISE EXCEPTION 'an order that has ended does not begin again';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER payouts_order_stands BEFORE UPDATE OR DELETE ON payouts_order
    FOR EACH ROW EXECUTE FUNCTION payouts_order_stands();
"""

BACKWARD = """
DROP TRIGGER payouts_order_stands ON payouts_order;
DROP FUNCTION payouts_order_stands();
"""


class Migration(migrations.Migration):
    dependencies = [("payouts", "0002_hand_bank_ways")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
