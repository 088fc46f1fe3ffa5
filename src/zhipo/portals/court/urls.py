"""/court/...: the bankruptcy court, and the administrator where it answers to it."""

from django.urls import path

from zhipo.portals.court import audit, documents, plans, referrals, urls_petitions, views

app_name = "court"
urlpatterns = [
    path("", views.home, name="home"),
    *urls_petitions.urlpatterns,
    path("referrals/", referrals.referrals, name="referrals"),
    path("referrals/file", referrals.receive_file, name="receive_file"),
    path("referrals/<int:referral_id>/", referrals.referral, name="referral"),
    path(
        "referrals/<int:referral_id>/bundles/<int:bundle_id>",
        referrals.bundle,
        name="received_bundle",
    ),
    path("referrals/<int:referral_id>/<slug:name>", referrals.act, name="referral_act"),
    path("<slug:slug>/", views.case_page, name="case"),
    path("<slug:slug>/served", views.served, name="served"),
    path("<slug:slug>/publish", views.publish, name="publish"),
    path("<slug:slug>/phase", views.move, name="move"),
    path("<slug:slug>/checked", views.checked, name="checked"),
    path("<slug:slug>/ruling", views.ruling, name="ruling"),
    path("<slug:slug>/ask", views.ask, name="ask"),
    path("<slug:slug>/questions/<int:question_id>", views.answer, name="answer"),
    path("<slug:slug>/clocks/<int:clock_id>", views.done, name="done"),
    path("<slug:slug>/documents/notice", documents.notice, name="make_notice"),
    path("<slug:slug>/documents/draft", documents.draft, name="make_draft"),
    path("<slug:slug>/documents/<int:document_id>", documents.whole, name="document"),
    path("<slug:slug>/plans", plans.plans, name="plans"),
    path("<slug:slug>/plans/<int:number>", plans.plan, name="plan"),
    path("<slug:slug>/plans/<int:number>/publish", plans.publish, name="publish_plan"),
    path("<slug:slug>/plans/<int:number>/<slug:name>", plans.rule, name="rule_plan"),
    path("<slug:slug>/audit", audit.trail, name="audit"),
    path("<slug:slug>/audit/verify", audit.verify, name="verify"),
    path("<slug:slug>/audit/export", audit.export, name="export_audit"),
]
