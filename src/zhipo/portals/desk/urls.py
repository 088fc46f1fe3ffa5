"""/desk/...: the administrator's workbench."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from zhipo.portals.desk import (
    urls_avoidance,
    urls_costs,
    urls_money,
    urls_payouts,
    urls_plans,
)
from zhipo.portals.desk.views import (
    background,
    bulk,
    dashboard,
    effect,
    entering,
    estate,
    language,
    letters,
    objections,
    queue,
    register,
    silent,
    tables,
)

app_name = "desk"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", dashboard.cases, name="cases"),
    path("language", language.switch, name="language"),
    path("<slug:slug>/", dashboard.dashboard, name="dashboard"),
    path("<slug:slug>/tasks", background.tasks, name="tasks"),
    path("<slug:slug>/tasks/<int:task_id>", background.task, name="task"),
    path(
        "<slug:slug>/tasks/<int:task_id>/progress",
        background.progress,
        name="task_progress",
    ),
    path("<slug:slug>/tasks/<int:task_id>/file", background.made, name="task_file"),
    path("<slug:slug>/effect", effect.effect, name="effect"),
    path("<slug:slug>/silent", silent.silent, name="silent"),
    path("<slug:slug>/silent/remind", silent.remind, name="remind"),
    path("<slug:slug>/silent/<int:round_id>/letters", letters.letters, name="letters"),
    path("<slug:slug>/silent/letter/<int:claim_id>", letters.letter, name="letter"),
    path("<slug:slug>/entering", entering.entering_page, name="entering"),
    path("<slug:slug>/employees", entering.list_employee, name="list_employee"),
    path("<slug:slug>/employees/<int:claim_id>", entering.correct, name="correct"),
    path("<slug:slug>/estate", estate.estate, name="estate"),
    path("<slug:slug>/estate/export", estate.export, name="export_estate"),
    path("<slug:slug>/estate/<int:asset_id>", estate.take, name="take_asset"),
    *urls_avoidance.urlpatterns,
    path("<slug:slug>/queue", queue.queue, name="queue"),
    path("<slug:slug>/claims", tables.claims, name="claims"),
    path("<slug:slug>/claims/<int:claim_id>", queue.claim, name="claim"),
    path("<slug:slug>/claims/<int:claim_id>/decide", queue.decide, name="decide"),
    path("<slug:slug>/claims/<int:claim_id>/undo", queue.undo, name="undo"),
    path("<slug:slug>/claims/<int:claim_id>/ask", queue.ask, name="ask"),
    path("<slug:slug>/claims/<int:claim_id>/unmask", queue.unmask, name="unmask"),
    path("<slug:slug>/papers/<int:paper_id>", queue.paper, name="paper"),
    path("<slug:slug>/bulk", bulk.bulk, name="bulk"),
    path("<slug:slug>/bulk/confirm", bulk.confirm, name="bulk_confirm"),
    path("<slug:slug>/bulk/<slug:batch>/undo", bulk.undo, name="bulk_undo"),
    path("<slug:slug>/search", tables.search, name="search"),
    path("<slug:slug>/lists/<slug:name>/export", tables.export, name="export_list"),
    path("<slug:slug>/late", tables.late, name="late"),
    path("<slug:slug>/objections", objections.objections, name="objections"),
    path(
        "<slug:slug>/objections/<int:objection_id>", objections.objection, name="objection"
    ),
    path(
        "<slug:slug>/objections/<int:objection_id>/suit", objections.sue, name="record_suit"
    ),
    path(
        "<slug:slug>/objections/<int:objection_id>/judgment",
        objections.judge,
        name="enter_judgment",
    ),
    path("<slug:slug>/objections/<int:objection_id>/reply", letters.reply, name="reply"),
    *urls_money.urlpatterns,
    *urls_plans.urlpatterns,
    *urls_payouts.urlpatterns,
    *urls_costs.urlpatterns,
    path("<slug:slug>/register", register.register_page, name="register"),
    path("<slug:slug>/register/table", register.table, name="table_register"),
    path("<slug:slug>/register/<slug:version>", register.export, name="export_register"),
]
if find_spec("zhipo.portals.desk.urls_evidence"):
    urlpatterns.append(path("", include("zhipo.portals.desk.urls_evidence")))
