"""/hooks/...: what payment channels call."""

from django.urls import path

from zhipo.portals.hooks import views

app_name = "hooks"
urlpatterns = [path("payouts/<slug:channel>", views.payouts, name="payouts")]
