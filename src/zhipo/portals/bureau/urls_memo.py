"""Addresses of facts and the identification memo (识别)."""

from django.urls import URLPattern, path

from zhipo.portals.bureau import views_facts, views_memo

urlpatterns: list[URLPattern] = [
    path("<slug:slug>/memo", views_memo.result, name="memo"),
    path("<slug:slug>/memo/make", views_memo.make, name="make_memo"),
    path("<slug:slug>/memo/creditors", views_memo.creditors, name="memo_creditors"),
    path("<slug:slug>/memo/what-if", views_memo.what_if, name="what_if"),
    path("<slug:slug>/memo/facts", views_facts.facts, name="facts"),
    path("<slug:slug>/memo/facts/<slug:fact_key>", views_facts.fact, name="fact"),
    path(
        "<slug:slug>/memo/facts/<slug:fact_key>/withdraw",
        views_facts.withdraw,
        name="withdraw_fact",
    ),
    path("<slug:slug>/memo/orders", views_facts.add_orders, name="add_orders"),
    path("<slug:slug>/memo/<int:memo_version>", views_memo.version, name="memo_version"),
    path(
        "<slug:slug>/memo/<int:memo_version>/document",
        views_memo.document,
        name="memo_document",
    ),
]
