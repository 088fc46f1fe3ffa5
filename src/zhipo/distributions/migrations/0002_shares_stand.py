"""A share is what the court approved: written once, never changed; kept by the database."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION distributions_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an approved share stands';
END $$;

CREATE TRIGGER distributions_refuse BEFORE UPDATE OR DELETE ON distributions_share
    FOR EACH ROW EXECUTE FUNCTION distributions_refuse();
"""

BACKWARD = """
DROP TRIGGER distributions_refuse ON distributions_share;
DROP FUNCTION distributions_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("distributions", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
