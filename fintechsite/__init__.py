"""The site: settings, addresses and everything that starts and stops it."""

from fintechsite.celery import app as celery_app

__all__ = ["celery_app"]
