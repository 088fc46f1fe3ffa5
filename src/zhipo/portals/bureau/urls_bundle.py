"""Addresses of the sealed bundle (移交)."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
