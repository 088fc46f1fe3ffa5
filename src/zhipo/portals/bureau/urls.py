"""/bureau/...: the enforcement bureau; one module of addresses a noun."""

from django.urls import path

from zhipo.portals.bureau import (
    urls_avoidance,
    urls_bundle,
    urls_cases,
    urls_inquiries,
    urls_institutions,
    urls_memo,
    urls_referral,
    views,
)

app_name = "bureau"
urlpatterns = [
    path("", views.overview, name="overview"),
    *urls_cases.urlpatterns,
    *urls_avoidance.urlpatterns,
    *urls_inquiries.urlpatterns,
    *urls_institutions.urlpatterns,
    *urls_memo.urlpatterns,
    *urls_referral.urlpatterns,
    *urls_bundle.urlpatterns,
    path("<slug:slug>/", views.debtor_page, name="debtor"),
]
