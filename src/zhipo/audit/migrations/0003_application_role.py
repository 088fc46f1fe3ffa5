"""A role for the application that may add to the audit trail and can do nothing else to it.

The trigger that links entries runs with its owner's rights, so that the application needs
none on the heads of the chains. Where the migrating role may not create roles, whoever runs
the server creates one and calls `SELECT audit_let_in('its_name')` as the owner.
"""

from django.db import migrations

FORWARD = """
ALTER FUNCTION audit_link() SECURITY DEFINER SET search_path = public, pg_temp;

CREATE FUNCTION audit_let_in(application text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE kept text;
BEGIN
    EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', application);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public'
        ' TO %I', application);
    EXECUTE format('GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO %I',
        application);
    EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA public'
        ' GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO %I', application);
    EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA public'
        ' GRANT USAGE, SELECT ON SEQUENCES TO %I', application);
    IF current_setting('server_version_num')::int >= 170000 THEN
        -- Large set-based acts tell the planner what they have filled.
        EXECUTE format('GRANT MAINTAIN ON ALL TABLES IN SCHEMA public TO %I', application);
        EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA public'
            ' GRANT MAINTAIN ON TABLES TO %I', application);
    END IF;
    FOREACH kept IN ARRAY ARRAY['audit_entry', 'audit_chainhead', 'django_migrations'] LOOP
        EXECUTE format('REVOKE ALL ON %I FROM %I', kept, application);
        EXECUTE format('GRANT SELECT ON %I TO %I', kept, application);
    END LOOP;
    EXECUTE format('GRANT INSERT ON audit_entry TO %I', application);
END $$;
REVOKE ALL ON FUNCTION audit_let_in(text) FROM PUBLIC;

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'zhipo_app') THEN
        CREATE ROLE zhipo_app LOGIN;
    END IF;
    PERFORM audit_let_in('zhipo_app');
EXCEPTION
    WHEN insufficient_privilege THEN
        RAISE NOTICE 'no role zhipo_app: the owner may call audit_let_in(name) later';
    WHEN duplicate_object OR unique_violation THEN  -- another database made it just now
        PERFORM audit_let_in('zhipo_app');
END $$;
"""

BACKWARD = """
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'zhipo_app') THEN
        DROP OWNED BY zhipo_app;  -- its rights in this database; it owns nothing
    END IF;
END $$;
DROP FUNCTION audit_let_in(text);
ALTER FUNCTION audit_link() SECURITY INVOKER RESET search_path;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_chain")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
