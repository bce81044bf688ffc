"""The reference of observations to their series, checked once a statement, not once a row.

The row by row check of a foreign key is half of the cost of a bulk insert. These triggers hold the
same promise by sets: what was inserted locks its series against deletion and must find each of
them; what is deleted of the series must be without observations. 0002 refuses any update of an
observation's series.
"""

import django.db.models.deletion
from django.db import migrations, models

FORWARD = """
CREATE FUNCTION metrics_observation_has_series() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    orphan bigint;
BEGIN
    -- waits for a transaction that is deleting one of them, and makes later ones wait
    PERFORM FROM metrics_series s
    WHERE s.id IN (SELECT DISTINCT series_id FROM added) FOR KEY SHARE;
    SELECT a.series_id INTO orphan FROM (SELECT DISTINCT series_id FROM added) a
    WHERE NOT EXISTS (SELECT FROM metrics_series s WHERE s.id = a.series_id) LIMIT 1;
    IF FOUND THEN
        RAISE foreign_key_violation USING
            MESSAGE = format('observation of series %s, which does not exist', orphan),
            TABLE = 'metrics_observation', CONSTRAINT = 'observation_has_series';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER observation_has_series AFTER INSERT ON metrics_observation
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION metrics_observation_has_series();

CREATE FUNCTION metrics_series_without_observations() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    used bigint;
BEGIN
    SELECT r.id INTO used FROM removed r
    WHERE EXISTS (SELECT FROM metrics_observation o WHERE o.series_id = r.id) LIMIT 1;
    IF FOUND THEN
        RAISE foreign_key_violation USING
            MESSAGE = format('series %s still has observations', used),
            TABLE = 'metrics_series', CONSTRAINT = 'observation_has_series';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER series_without_observations AFTER DELETE ON metrics_series
    REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION metrics_series_without_observations();

CREATE FUNCTION metrics_series_keeps_id() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE integrity_constraint_violation USING MESSAGE = 'the id of a series never changes';
END $$;
CREATE TRIGGER series_keeps_id BEFORE UPDATE OF id ON metrics_series
    FOR EACH ROW WHEN (OLD.id <> NEW.id) EXECUTE FUNCTION metrics_series_keeps_id();
"""
BACKWARD = """
DROP TRIGGER series_keeps_id ON metrics_series;
DROP TRIGGER series_without_observations ON metrics_series;
DROP TRIGGER observation_has_series ON metrics_observation;
DROP FUNCTION metrics_series_keeps_id();
DROP FUNCTION metrics_series_without_observations();
DROP FUNCTION metrics_observation_has_series();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('metrics', '0010_preferences'),
    ]

    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.AlterField(
            model_name='observation',
            name='series',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='observations', to='metrics.series', verbose_name='series'),
        ),
    ]
