"""The chain is made and kept by the database: hashes on insert, no change afterwards."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION audit_content(e audit_entry) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT concat_ws(chr(31), e.chain, e.position,
        to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
        e.event, e.actor, e.role, e.subject, e.detail::text, e.previous_hash)
$$;

CREATE FUNCTION audit_link() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE head audit_chainhead;
BEGIN
    INSERT INTO audit_chainhead (chain, position, hash) VALUES (NEW.chain, 0, '')
        ON CONFLICT (chain) DO NOTHING;
    SELECT * INTO head FROM audit_chainhead WHERE chain = NEW.chain FOR UPDATE;
    NEW.position := head.position + 1;
    NEW.previous_hash := head.hash;
    NEW.hash := encode(sha256(convert_to(audit_content(NEW), 'UTF8')), 'hex');
    UPDATE audit_chainhead SET position = NEW.position, hash = NEW.hash
        WHERE chain = NEW.chain;
    RETURN NEW;
END $$;

CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is append-only';
END $$;

CREATE TRIGGER audit_link BEFORE INSERT ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION audit_link();
CREATE TRIGGER audit_refuse BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_refuse_truncate BEFORE TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
"""

BACKWARD = """
DROP TRIGGER audit_refuse_truncate ON audit_entry;
DROP TRIGGER audit_refuse ON audit_entry;
DROP TRIGGER audit_link ON audit_entry;
DROP FUNCTION audit_refuse();
DROP FUNCTION audit_link();
DROP FUNCTION audit_content(audit_entry);
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
