"""The WSGI application that granian serves."""

import os

from django.core.wsgi import get_wsgi_application

from fintechsite.embedded import attach_for_process

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fintechsite.settings")
attach_for_process()

application = get_wsgi_application()
