"""Addresses of the referral and the stay (移送)."""

from django.urls import URLPattern, path

from zhipo.portals.bureau import views_calendar as calendar
from zhipo.portals.bureau import views_papers as papers
from zhipo.portals.bureau import views_referral as referral
from zhipo.portals.bureau import views_stay as stay

REFERRAL = "<slug:slug>/referral"
STAY = "<slug:slug>/stay"

urlpatterns: list[URLPattern] = [
    path("calendar", calendar.calendar_page, name="calendar"),
    path("calendar.ics", calendar.calendar_download, name="calendar_file"),
    path("signing", calendar.signing, name="signing"),
    path("approvals/<int:referral_id>", calendar.approve, name="approve"),
    path("courts", calendar.court_table, name="courts"),
    path(REFERRAL, referral.referral_page, name="referral"),
    path(f"{REFERRAL}/open", referral.open_one, name="open_referral"),
    path(f"{REFERRAL}/ask", referral.ask, name="ask_consent"),
    path(
        f"{REFERRAL}/consents/<int:consent_id>",
        referral.consent_page,
        name="consent",
    ),
    path(f"{REFERRAL}/drop", referral.drop, name="drop_referral"),
    path(f"{REFERRAL}/sign/<slug:signer>", referral.sign, name="sign"),
    path(f"{REFERRAL}/serve", referral.serve, name="serve"),
    path(f"{REFERRAL}/sales", referral.sell, name="sell_perishable"),
    path(
        f"{REFERRAL}/supplements/<int:supplement_id>",
        referral.supplement,
        name="supplement",
    ),
    path(f"{REFERRAL}/complaints", referral.complain, name="complain"),
    path(
        f"{REFERRAL}/complaints/<int:complaint_id>",
        referral.above,
        name="court_above",
    ),
    path(f"{REFERRAL}/papers/<slug:paper>", papers.make, name="make_paper"),
    path(f"{REFERRAL}/kept/<int:document_id>", papers.download, name="paper"),
    path(STAY, stay.stay_page, name="stay"),
    path(f"{STAY}/letters", stay.send_letters, name="send_letters"),
    path(f"{STAY}/letters/<int:notice_id>", stay.reply, name="letter_reply"),
    path(f"{STAY}/proceeds", stay.book, name="book_proceeds"),
    path(f"{STAY}/proceeds/<int:proceeds_id>", stay.pay, name="pay_out"),
    path(f"{STAY}/hand-over", stay.hand_over, name="hand_over"),
    path(f"{STAY}/costs", stay.cost, name="book_cost"),
    path(f"{STAY}/ruling", stay.ruling, name="take_ruling"),
    path(f"{STAY}/places/<int:place_id>", stay.place, name="restore_place"),
]
