"""Every address is a page of Wagtail's tree."""

from django.urls import include, path
from wagtail import urls

urlpatterns = [path("", include(urls))]
