"""Addresses of facts and the identification memo (识别)."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
