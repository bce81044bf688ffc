"""Redefinitions of indicators; why a summary has no mean."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('metrics', '0011_series_of_observations'),
    ]

    operations = [
        migrations.AddField(
            model_name='seriessummary',
            name='mean_reason',
            field=models.CharField(blank=True, max_length=24),
        ),
        migrations.RunSQL(
            "UPDATE metrics_seriessummary SET mean_reason = 'insufficient_history'"
            " WHERE mean IS NULL",
            migrations.RunSQL.noop,
        ),
        migrations.CreateModel(
            name='Redefinition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(verbose_name='definition version')),
                ('since', models.CharField(db_collation='C', max_length=32, verbose_name='first period')),
                ('since_on', models.DateField(verbose_name='first day')),
                ('before_zh_hans', models.TextField(blank=True, verbose_name='definition before')),
                ('before_en', models.TextField(blank=True, verbose_name='definition before')),
                ('comparable_zh_hans', models.TextField(blank=True, verbose_name='why values before and since may be compared')),
                ('comparable_en', models.TextField(blank=True, verbose_name='why values before and since may be compared')),
                ('seq_from', models.BigIntegerField(verbose_name='visible from seq')),
                ('seq_to', models.BigIntegerField(blank=True, null=True, verbose_name='visible until seq')),
                ('indicator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='redefinitions', to='metrics.indicator', verbose_name='indicator')),
            ],
            options={
                'verbose_name': 'redefinition',
                'verbose_name_plural': 'redefinitions',
                'ordering': ['indicator', 'version', '-seq_from'],
                'default_permissions': ('view',),
                'constraints': [models.UniqueConstraint(condition=models.Q(('seq_to__isnull', True)), fields=('indicator', 'version'), name='redefinition_one_current'), models.CheckConstraint(condition=models.Q(('version__gte', 2)), name='redefinition_begins_a_further_version'), models.CheckConstraint(condition=models.Q(('seq_to__isnull', True), ('seq_to__gt', models.F('seq_from')), _connector='OR'), name='redefinition_interval_not_empty')],
            },
        ),
    ]
