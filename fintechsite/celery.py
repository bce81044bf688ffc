"""The Celery application. Settings come from Django, names prefixed CELERY_."""

import os

from celery import Celery
from django_structlog.celery.steps import DjangoStructLogInitStep
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fintechsite.settings")

# `filesystem://` with messages that appear whole (see broker.py).
TRANSPORT_ALIASES["filesystem"] = "fintechsite.broker:Transport"

app = Celery("fintechsite")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.steps["worker"].add(DjangoStructLogInitStep)
app.autodiscover_tasks()
