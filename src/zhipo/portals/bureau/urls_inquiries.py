"""Addresses of inquiries, freezes and property (查控)."""

from django.urls import URLPattern, path

from zhipo.portals.bureau import views_freezes, views_inquiries, views_properties

ONE = "<slug:slug>/properties/<int:property_id>"
FREEZE = "<slug:slug>/freezes/<int:freeze_id>"
urlpatterns: list[URLPattern] = [
    path("freezes", views_freezes.freezes, name="freezes"),
    path("freezes/renew", views_freezes.renew_many, name="renew_many"),
    path("notices/<int:notice_id>/seen", views_inquiries.seen, name="see_notice"),
    path("<slug:slug>/inquiries", views_inquiries.inquiries, name="inquiries"),
    path("<slug:slug>/inquiries/ask", views_inquiries.inquire, name="inquire"),
    path("<slug:slug>/inquiries/<int:inquiry_id>", views_inquiries.inquiry, name="inquiry"),
    path(
        "<slug:slug>/objections/<int:objection_id>",
        views_inquiries.objection,
        name="objection",
    ),
    path("<slug:slug>/properties", views_properties.properties, name="properties"),
    path("<slug:slug>/properties/ask", views_properties.ask, name="ask_about"),
    path(
        "<slug:slug>/properties/register",
        views_properties.register_property,
        name="register_property",
    ),
    path(ONE, views_properties.property_page, name="property"),
    path(f"{ONE}/freeze", views_properties.freeze, name="freeze"),
    path(f"{ONE}/owner", views_properties.find, name="find_ownership"),
    path(f"{ONE}/description", views_properties.describe, name="describe"),
    path(f"{ONE}/protection", views_properties.protect, name="protect"),
    path(f"{FREEZE}/renew", views_freezes.renew, name="renew"),
    path(f"{FREEZE}/lift", views_freezes.lift, name="lift"),
    path(f"{FREEZE}/part", views_freezes.lift_part, name="lift_part"),
    path(f"{FREEZE}/deduct", views_freezes.deduct, name="deduct"),
]
