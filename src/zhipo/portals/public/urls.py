"""/ and /c/<slug>/: pages for anybody."""

from django.urls import path

from zhipo.portals.public import distributions, views

app_name = "public"
urlpatterns = [
    path("", views.home, name="home"),
    path("settings", views.settings, name="settings"),
    path("c/<slug:slug>/", views.case_page, name="case"),
    path("c/<slug:slug>/real", views.real, name="real"),
    path("c/<slug:slug>/privacy", views.privacy, name="privacy"),
    path("c/<slug:slug>/help", views.help_page, name="help"),
    path("c/<slug:slug>/help/<slug:topic>", views.help_topic, name="help_topic"),
    path("c/<slug:slug>/distributions", distributions.distributions, name="distributions"),
    path(
        "c/<slug:slug>/distributions/<int:number>",
        distributions.distribution,
        name="distribution",
    ),
    path(
        "c/<slug:slug>/distributions/<int:number>/<str:name>",
        distributions.published,
        name="published",
    ),
    path("c/<slug:slug>/form", views.printable_form, name="form"),
]
