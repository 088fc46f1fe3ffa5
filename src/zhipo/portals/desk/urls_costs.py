"""/desk/<case>/payouts/costs...: costs of plans, advances, payments of both."""

from django.urls import path

from zhipo.portals.desk.views import cost_payments, costs

ROOT = "<slug:slug>/payouts/costs"
urlpatterns = [
    path(ROOT, costs.costs, name="costs"),
    path(f"{ROOT}/export", costs.export, name="export_costs"),
    path(f"{ROOT}/plans/<int:plan_id>/<slug:cost_id>", costs.cost, name="cost"),
    path(f"{ROOT}/plans/<int:plan_id>/<slug:cost_id>/do/enter", costs.enter,
         name="enter_cost"),
    path(f"{ROOT}/advance", costs.advance, name="advance"),
    path(f"{ROOT}/advance/do/<slug:name>", costs.advance_act, name="advance_act"),
    path(f"{ROOT}/paid/<int:payment_id>", cost_payments.payment, name="cost_payment"),
    path(f"{ROOT}/paid/<int:payment_id>/paper", cost_payments.paper, name="cost_paper"),
    path(f"{ROOT}/paid/<int:payment_id>/do/<slug:name>", cost_payments.act,
         name="cost_payment_act"),
]  # fmt: skip
