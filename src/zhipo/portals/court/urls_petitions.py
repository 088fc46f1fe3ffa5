"""Addresses of petitions."""

from django.urls import URLPattern, path

from zhipo.portals.court import petitions

ONE = "petitions/<int:petition_id>/"

urlpatterns: list[URLPattern] = [
    path("petitions/", petitions.petitions, name="petitions"),
    path("petitions/receive", petitions.receive, name="receive_petition"),
    path(ONE, petitions.petition, name="petition"),
    path(f"{ONE}letters/send", petitions.send_letters, name="send_petition_letters"),
    path(
        f"{ONE}letters/<int:notice_id>/reply", petitions.reply, name="petition_letter_reply"
    ),
    path(f"{ONE}letters/<int:notice_id>/paper", petitions.paper, name="petition_letter"),
    path(f"{ONE}<slug:name>", petitions.act, name="petition_act"),
]
