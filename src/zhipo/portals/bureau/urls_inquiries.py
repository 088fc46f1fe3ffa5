"""Addresses of inquiries, freezes and property (查控)."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
