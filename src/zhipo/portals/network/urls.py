"""/zhipo-inquiry/v1/...: the court's side of the inquiry protocol."""

from django.urls import path

from zhipo.portals.network import views

app_name = "network"
urlpatterns = [path("answers/<uuid:order_id>", views.answers, name="answers")]
