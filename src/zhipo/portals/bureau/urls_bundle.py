"""Addresses of the sealed bundle (移交)."""

from django.urls import URLPattern, path

from zhipo.portals.bureau import views_bundle as bundle

BUNDLE = "<slug:slug>/bundle"

urlpatterns: list[URLPattern] = [
    path(BUNDLE, bundle.bundle_page, name="bundle"),
    path(f"{BUNDLE}/seal", bundle.seal, name="seal_bundle"),
    path(f"{BUNDLE}/send", bundle.send, name="send_bundle"),
    path(f"{BUNDLE}/<int:bundle_id>", bundle.download, name="bundle_file"),
]
