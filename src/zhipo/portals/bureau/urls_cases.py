"""Addresses of cases, clues, property reports and avoidable acts."""

from django.urls import URLPattern, path

from zhipo.portals.bureau import views_cases

urlpatterns: list[URLPattern] = [
    path("register", views_cases.register, name="register"),
    path("register/file", views_cases.register_file, name="register_file"),
    path("register/template", views_cases.template, name="register_template"),
    path("joinings", views_cases.joinings, name="joinings"),
    path("joinings/join", views_cases.join, name="join"),
    path("joinings/apart", views_cases.apart, name="keep_apart"),
    path("joinings/<int:joining_id>/undo", views_cases.undo, name="undo_joining"),
    path("<slug:slug>/cases", views_cases.cases, name="cases"),
]
