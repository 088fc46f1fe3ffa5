"""Addresses of avoidable acts."""

from django.urls import URLPattern, path

from zhipo.portals.bureau import views_avoidance

LIST = "<slug:slug>/avoidance"
CANDIDATE = f"{LIST}/<int:candidate_id>"

urlpatterns: list[URLPattern] = [
    path(LIST, views_avoidance.avoidance, name="avoidance"),
    path(f"{LIST}/search", views_avoidance.search, name="search_avoidable"),
    path(f"{LIST}/export", views_avoidance.export, name="export_avoidable"),
    path(f"{LIST}/dealings", views_avoidance.enter, name="enter_dealing"),
    path(
        f"{LIST}/dealings/<int:dealing_id>",
        views_avoidance.withdraw,
        name="withdraw_dealing",
    ),
    path(CANDIDATE, views_avoidance.candidate, name="candidate"),
    path(f"{CANDIDATE}/judge", views_avoidance.judge, name="judge_candidate"),
]
