"""Past vintages: their permission, and intervals of seqs that may be empty."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('metrics', '0003_summary_nature'),
    ]

    operations = [
        migrations.CreateModel(
            name='ConsistencyCheck',
            fields=[
            ],
            options={
                'verbose_name': 'consistency check',
                'verbose_name_plural': 'consistency checks',
                'proxy': True,
                'default_permissions': (),
                'indexes': [],
                'constraints': [],
            },
            bases=('metrics.derivedvalue',),
        ),
        migrations.AlterModelOptions(
            name='observation',
            options={'ordering': ['series', 'period_end', 'id'], 'permissions': [('backfill_vintage', 'Can backfill past vintages')], 'verbose_name': 'observation', 'verbose_name_plural': 'observations'},
        ),
        migrations.RemoveConstraint(
            model_name='observation',
            name='observation_interval_not_empty',
        ),
        migrations.AddConstraint(
            model_name='observation',
            constraint=models.CheckConstraint(condition=models.Q(('seq_to__isnull', True), ('seq_to__gte', models.F('seq_from')), _connector='OR'), name='observation_interval_ordered'),
        ),
    ]
