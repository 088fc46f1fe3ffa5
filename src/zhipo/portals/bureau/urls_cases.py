"""Addresses of cases, clues, property reports and avoidable acts."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
