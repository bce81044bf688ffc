"""Partners, their keys, and the windows that requests are counted in."""

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Partner',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, unique=True, verbose_name='name')),
                ('contact_email', models.EmailField(max_length=254, verbose_name='contact e-mail')),
                ('note', models.TextField(blank=True, max_length=2000, verbose_name='note')),
                ('is_active', models.BooleanField(default=True, help_text='Without it every key is refused and nothing is sent, at once.', verbose_name='active')),
            ],
            options={
                'verbose_name': 'partner',
                'verbose_name_plural': 'partners',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Window',
            fields=[
                ('pk', models.CompositePrimaryKey('subject', 'starts_at', blank=True, editable=False, primary_key=True, serialize=False)),
                ('subject', models.CharField(db_collation='C', max_length=40)),
                ('starts_at', models.DateTimeField()),
                ('used', models.PositiveIntegerField()),
            ],
            options={
                'verbose_name': 'window of a quota',
                'verbose_name_plural': 'windows of quotas',
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='ApiKey',
            fields=[
                ('hashed_key', models.CharField(editable=False, max_length=150)),
                ('created', models.DateTimeField(auto_now_add=True, db_index=True)),
                ('name', models.CharField(default=None, help_text='A free-form name for the API key. Need not be unique. 50 characters max.', max_length=50)),
                ('revoked', models.BooleanField(blank=True, default=False, help_text='If the API key is revoked, clients cannot use it anymore. (This cannot be undone.)')),
                ('expiry_date', models.DateTimeField(blank=True, help_text='Once API key expires, clients cannot use it anymore.', null=True, verbose_name='Expires')),
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('prefix', models.CharField(editable=False, max_length=40, unique=True, verbose_name='begins with')),
                ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('read', 'read data and texts'), ('verify', 'check figures against the record'), ('bulk', 'take everything at once')], max_length=16), size=None, verbose_name='scopes')),
                ('quota', models.PositiveIntegerField(blank=True, help_text='Requests in a window; empty: what the site gives every key.', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(10000000)], verbose_name='quota')),
                ('last_used_at', models.DateTimeField(blank=True, null=True, verbose_name='last used')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='revoked at')),
                ('counts_as', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='rotations', to='partners.apikey', verbose_name='counts as')),
                ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
                ('revoked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='revoked by')),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='keys', to='partners.partner', verbose_name='partner')),
            ],
            options={
                'verbose_name': 'API key',
                'verbose_name_plural': 'API keys',
                'ordering': ['-created', '-id'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='KeyDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='day')),
                ('requests', models.PositiveBigIntegerField(verbose_name='requests')),
                ('key', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='days', to='partners.apikey', verbose_name='API key')),
            ],
            options={
                'verbose_name': 'day of a key',
                'verbose_name_plural': 'days of keys',
                'ordering': ['-day'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('key', 'day'), name='key_day_once')],
            },
        ),
        migrations.AddConstraint(
            model_name='apikey',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('revoked', False), ('revoked_at__isnull', True)), models.Q(('revoked', True), ('revoked_at__isnull', False)), _connector='OR'), name='api_key_revoked_has_time'),
        ),
        migrations.AddConstraint(
            model_name='apikey',
            constraint=models.CheckConstraint(condition=models.Q(('scopes', []), _negated=True), name='api_key_has_scope'),
        ),
        migrations.AddConstraint(
            model_name='apikey',
            constraint=models.CheckConstraint(condition=models.Q(('quota__isnull', True), ('quota__gte', 1), _connector='OR'), name='api_key_quota_positive'),
        ),
        # What is counted needs no log, and a row of it is written again and again: room on its page.
        migrations.RunSQL(
            'ALTER TABLE partners_window SET UNLOGGED;'
            'ALTER TABLE partners_window SET (fillfactor = 50)',
            'ALTER TABLE partners_window RESET (fillfactor)',
        ),
    ]
