"""Observations are append-only, and the database holds it: only `seq_to` may be closed, once."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION observation_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'observations are append-only: withdraw by a release instead'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.seq_to IS NOT NULL OR NEW.seq_to IS NULL
        OR to_jsonb(NEW) - 'seq_to' <> to_jsonb(OLD) - 'seq_to' THEN
        RAISE EXCEPTION 'observations are append-only: only an open seq_to may be closed'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER observation_append_only
    BEFORE UPDATE OR DELETE ON metrics_observation
    FOR EACH ROW EXECUTE FUNCTION observation_append_only();
"""

BACKWARD = """
DROP TRIGGER observation_append_only ON metrics_observation;
DROP FUNCTION observation_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("metrics", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
