"""All addresses: each portal under its own prefix."""

from django.urls import include, path

from zhipo.web.health import health

handler400 = "zhipo.web.errors.bad_request"
handler403 = "zhipo.web.errors.forbidden"
handler404 = "zhipo.web.errors.not_found"
handler500 = "zhipo.web.errors.broken"

urlpatterns = [
    path("health", health, name="health"),
    path("", include("zhipo.portals.urls")),
]
