"""/enter/...: staff sign-in."""

from django.urls import path

from zhipo.portals.entry import outbox, views

app_name = "entry"
urlpatterns = [
    path("", views.sign_in, name="sign_in"),
    path("code", views.second_factor, name="second_factor"),
    path("out", views.sign_out, name="sign_out"),
    path("account", views.account, name="account"),
    path("everywhere", views.sign_out_everywhere, name="sign_out_everywhere"),
    path("tokens", views.issue_token, name="issue_token"),
    path("tokens/<int:token_id>/revoke", views.revoke_token, name="revoke_token"),
    path("outbox", outbox.outbox, name="outbox"),
]
