"""Addresses of the referral and the stay (移送)."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
