"""Every address of the API, version 1."""

from django.urls import path, re_path

from cases.api.root import DocsView, RootView, SchemaView, UnknownAddressView
from cases.api.urls import urlpatterns as texts
from metrics.api.urls import urlpatterns as data
from partners.api.taken import TakenView

app_name = "api"
urlpatterns = [
    path("", RootView.as_view(), name="root"),
    path("verify/taken", TakenView.as_view(), name="taken"),
    *texts,
    *data,
    path("schema", SchemaView.as_view(), name="schema"),
    path("docs", DocsView.as_view(), name="docs"),
    re_path("", UnknownAddressView.as_view()),
]
