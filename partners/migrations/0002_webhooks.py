"""Where partners are told of releases, and what became of each message."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('partners', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('release', 'release'), ('correction', 'correction'), ('withdrawal', 'withdrawal'), ('redefinition', 'redefinition'), ('test', 'test')], max_length=16, verbose_name='kind')),
                ('seq', models.BigIntegerField(blank=True, null=True, verbose_name='change')),
                ('message_id', models.CharField(max_length=40, unique=True, verbose_name='message')),
                ('created_at', models.DateTimeField(verbose_name='created at')),
                ('started_at', models.DateTimeField(verbose_name='tried since')),
                ('attempts', models.PositiveIntegerField(default=0, verbose_name='attempts')),
                ('next_attempt_at', models.DateTimeField(blank=True, null=True, verbose_name='next attempt')),
                ('delivered_at', models.DateTimeField(blank=True, null=True, verbose_name='arrived at')),
                ('gave_up_at', models.DateTimeField(blank=True, null=True, verbose_name='given up at')),
                ('last_status', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='status')),
                ('last_error', models.CharField(blank=True, choices=[('refused', 'the answer is no success'), ('redirected', 'a redirect, which is not followed'), ('gone', 'the answer is 410: it is not wanted any more'), ('forbidden', 'the address is not a public one'), ('unknown-name', 'the name of the host leads nowhere'), ('timeout', 'no answer in time'), ('unreachable', 'no connection'), ('unsafe', 'the connection is not safe (certificate)'), ('unreadable', 'the answer is no HTTP'), ('failed', 'it could not be made')], max_length=16, verbose_name='fault')),
            ],
            options={
                'verbose_name': 'delivery',
                'verbose_name_plural': 'deliveries',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('milliseconds', models.PositiveIntegerField(verbose_name='milliseconds')),
                ('status', models.PositiveSmallIntegerField(null=True, verbose_name='status')),
                ('error', models.CharField(blank=True, choices=[('refused', 'the answer is no success'), ('redirected', 'a redirect, which is not followed'), ('gone', 'the answer is 410: it is not wanted any more'), ('forbidden', 'the address is not a public one'), ('unknown-name', 'the name of the host leads nowhere'), ('timeout', 'no answer in time'), ('unreachable', 'no connection'), ('unsafe', 'the connection is not safe (certificate)'), ('unreadable', 'the answer is no HTTP'), ('failed', 'it could not be made')], max_length=16, verbose_name='fault')),
                ('excerpt', models.CharField(blank=True, max_length=500, verbose_name='answer')),
                ('delivery', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='log', to='partners.delivery')),
            ],
            options={
                'verbose_name': 'attempt',
                'verbose_name_plural': 'attempts',
                'ordering': ['-id'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Webhook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('url', models.CharField(max_length=500, verbose_name='address')),
                ('kinds', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('release', 'release'), ('correction', 'correction'), ('withdrawal', 'withdrawal'), ('redefinition', 'redefinition')], max_length=16), size=None, verbose_name='is told of')),
                ('secret', models.CharField(editable=False, max_length=80)),
                ('old_secret', models.CharField(blank=True, editable=False, max_length=80)),
                ('old_secret_until', models.DateTimeField(editable=False, null=True)),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('disabled_at', models.DateTimeField(blank=True, null=True, verbose_name='switched off at')),
                ('disabled_reason', models.CharField(blank=True, choices=[('staff', 'switched off by staff'), ('gone', 'the answer was 410: it is not wanted any more')], max_length=16, verbose_name='why it is off')),
                ('seen_seq', models.BigIntegerField(verbose_name='told up to change')),
                ('created_at', models.DateTimeField(verbose_name='created at')),
                ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='webhooks', to='partners.partner', verbose_name='partner')),
            ],
            options={
                'verbose_name': 'webhook',
                'verbose_name_plural': 'webhooks',
                'ordering': ['partner', 'id'],
            },
        ),
        migrations.AddField(
            model_name='delivery',
            name='webhook',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='partners.webhook', verbose_name='webhook'),
        ),
        migrations.AddConstraint(
            model_name='webhook',
            constraint=models.CheckConstraint(condition=models.Q(('kinds', []), _negated=True), name='webhook_has_kind'),
        ),
        migrations.AddConstraint(
            model_name='webhook',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('disabled_at__isnull', True), ('disabled_reason', ''), ('is_active', True)), models.Q(('disabled_at__isnull', False), ('is_active', False), models.Q(('disabled_reason', ''), _negated=True)), _connector='OR'), name='webhook_off_says_why'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('next_attempt_at__isnull', False)), fields=['next_attempt_at'], name='delivery_due'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(fields=['webhook', '-id'], name='delivery_of_webhook'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.UniqueConstraint(condition=models.Q(('seq__isnull', False)), fields=('webhook', 'seq'), name='delivery_once'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('delivered_at', None), ('gave_up_at', None), ('next_attempt_at__isnull', False)), models.Q(('delivered_at__isnull', False), ('gave_up_at', None), ('next_attempt_at', None)), models.Q(('delivered_at', None), ('gave_up_at__isnull', False), ('next_attempt_at', None)), _connector='OR'), name='delivery_waits_or_ended'),
        ),
    ]
