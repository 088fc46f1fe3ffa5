"""Addresses of avoidable acts at the desk."""

from django.urls import URLPattern, path

from zhipo.portals.desk.views import avoidance

LIST = "<slug:slug>/avoidance"
CANDIDATE = f"{LIST}/<int:candidate_id>"

urlpatterns: list[URLPattern] = [
    path(LIST, avoidance.avoidance, name="avoidance"),
    path(f"{LIST}/search", avoidance.search, name="search_avoidable"),
    path(f"{LIST}/export", avoidance.export, name="export_avoidable"),
    path(f"{LIST}/dealings", avoidance.enter, name="enter_dealing"),
    path(f"{LIST}/dealings/<int:dealing_id>", avoidance.withdraw, name="withdraw_dealing"),
    path(CANDIDATE, avoidance.candidate, name="candidate"),
    path(f"{CANDIDATE}/judge", avoidance.judge, name="judge_candidate"),
]
