"""/desk/<case>/plans...: plans drawn up, tried, compared, put forward."""

from django.urls import path

from zhipo.portals.desk.views import plans, what_if

urlpatterns = [
    path("<slug:slug>/plans", plans.plans, name="plans"),
    path("<slug:slug>/plans/what-if", what_if.what_if, name="what_if"),
    path("<slug:slug>/plans/what-if/creditors", what_if.creditors_of_terms,
         name="what_if_creditors"),
    path("<slug:slug>/plans/what-if/creditors/export", what_if.export_terms,
         name="export_what_if"),
    path("<slug:slug>/plans/keep", what_if.keep, name="keep_plan"),
    path("<slug:slug>/plans/compare", plans.compare, name="compare_plans"),
    path("<slug:slug>/plans/<int:number>", plans.plan, name="plan"),
    path("<slug:slug>/plans/<int:number>/creditors", plans.creditors,
         name="plan_creditors"),
    path("<slug:slug>/plans/<int:number>/workbook", plans.workbook, name="plan_workbook"),
    path("<slug:slug>/plans/<int:number>/document", plans.document, name="plan_document"),
    path("<slug:slug>/plans/<int:number>/do/<slug:name>", plans.act, name="plan_act"),
]  # fmt: skip
