"""The addresses of every portal: public, creditor, administrator, court, machines."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
