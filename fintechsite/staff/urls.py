"""Addresses of the second factor, inside the admin's namespace."""

from django.urls import path

from fintechsite.staff import views

urlpatterns = [
    path("", views.show, name="second_factor"),
    path("set-up/", views.set_up, name="second_factor_set_up"),
    path("recovery-codes/", views.codes, name="second_factor_codes"),
    path("leave/", views.leave, name="second_factor_leave"),
]
