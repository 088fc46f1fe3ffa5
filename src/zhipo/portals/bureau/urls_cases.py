"""Addresses of cases, clues, property reports and avoidable acts."""

from django.urls import URLPattern, path

from zhipo.portals.bureau import views_cases, views_closing, views_clues

CASE = "<slug:slug>/cases/<int:case_id>"
CLUE = "<slug:slug>/clues/<int:clue_id>"
REPORT = "<slug:slug>/reports/<int:report_id>"

urlpatterns: list[URLPattern] = [
    path("register", views_cases.register, name="register"),
    path("register/file", views_cases.register_file, name="register_file"),
    path("register/template", views_cases.template, name="register_template"),
    path("joinings", views_cases.joinings, name="joinings"),
    path("joinings/join", views_cases.join, name="join"),
    path("joinings/apart", views_cases.apart, name="keep_apart"),
    path("joinings/<int:joining_id>/undo", views_cases.undo, name="undo_joining"),
    path("<slug:slug>/cases", views_cases.cases, name="cases"),
    path(CASE, views_closing.case_page, name="case"),
    path(f"{CASE}/close", views_closing.close, name="close_for_now"),
    path(f"{CASE}/resume", views_closing.resume, name="take_up_again"),
    path(f"{CASE}/queries/<int:requery_id>", views_closing.requery, name="record_requery"),
    path("<slug:slug>/clues", views_clues.clues, name="clues"),
    path("<slug:slug>/clues/take", views_clues.take, name="take_clue"),
    path(f"{CLUE}/complete", views_clues.complete, name="complete_clue"),
    path(f"{CLUE}/check", views_clues.check, name="check_clue"),
    path("<slug:slug>/reports/order", views_clues.order, name="order_report"),
    path(f"{REPORT}/receive", views_clues.receive, name="receive_report"),
    path(f"{REPORT}/enter", views_clues.enter, name="enter_item"),
    path(f"{REPORT}/judge", views_clues.judge, name="judge_report"),
    path(
        "<slug:slug>/reports/items/<int:item_id>/reported",
        views_clues.reported,
        name="report_change",
    ),
]
