"""Addresses of the table of institutions (协助机构)."""

from django.urls import URLPattern, path

from zhipo.portals.bureau import views_institutions as views

ONE = "institutions/<int:institution_id>"
KEY = f"{ONE}/keys/<int:key_id>"

urlpatterns: list[URLPattern] = [
    path("institutions", views.table, name="institutions"),
    path("institutions/add", views.add, name="add_institution"),
    path("institutions/file", views.from_file, name="institutions_file"),
    path("institutions/template", views.template, name="institutions_template"),
    path(ONE, views.one, name="institution"),
    path(f"{ONE}/describe", views.describe, name="describe_institution"),
    path(f"{ONE}/keys", views.add_key, name="enter_key"),
    path(f"{KEY}/confirm", views.confirm, name="confirm_key"),
    path(f"{KEY}/discard", views.discard, name="discard_key"),
    path(f"{ONE}/try", views.try_it, name="try_line"),
    path(f"{ONE}/switch", views.switch, name="switch_institution"),
]
