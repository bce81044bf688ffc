"""Derived values without constraints and indexes that bulk writing cannot afford."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('metrics', '0006_imports'),
    ]

    operations = [
        migrations.AddField(
            model_name='refreshrun',
            name='read',
            field=models.PositiveIntegerField(default=0, verbose_name='values read'),
        ),
        migrations.AlterField(
            model_name='derivedvalue',
            name='rule_version',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='metrics.ruleversion'),
        ),
        migrations.AlterField(
            model_name='derivedvalue',
            name='series',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='derived_values', to='metrics.series', verbose_name='series'),
        ),
        # Room on a page for the next value of a row: updates then leave the indexes alone.
        migrations.RunSQL(
            'ALTER TABLE metrics_derivedvalue SET (fillfactor = 90)',
            'ALTER TABLE metrics_derivedvalue RESET (fillfactor)',
        ),
    ]
