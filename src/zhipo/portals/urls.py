"""The addresses of every portal: public, creditor, administrator, courts, machines."""

from django.urls import URLPattern, URLResolver, include, path

from zhipo.gateways.institutions.messages import PREFIX

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("zhipo.portals.public.urls")),
    path("c/<slug:slug>/", include("zhipo.portals.creditor.urls")),
    path("enter/", include("zhipo.portals.entry.urls")),
    path("desk/", include("zhipo.portals.desk.urls")),
    path("api/v1/", include("zhipo.portals.api.urls")),
    path("court/", include("zhipo.portals.court.urls")),
    path("bureau/", include("zhipo.portals.bureau.urls")),
    path("hooks/", include("zhipo.portals.hooks.urls")),
    path(f"{PREFIX[1:]}/", include("zhipo.portals.network.urls")),
]
