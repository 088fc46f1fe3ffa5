"""/c/<slug>/...: the creditor's pages."""

from django.urls import path

from zhipo.portals.creditor import wechat
from zhipo.portals.creditor.views import (
    changing,
    filing,
    others,
    paying,
    payments,
    register,
    signing_in,
    status,
    writing,
)

CLAIM = "claims/<int:claim_id>"
app_name = "creditor"
urlpatterns = [
    path("sign-in", signing_in.sign_in, name="sign_in"),
    path("code", signing_in.code, name="code"),
    path("wechat", wechat.leave, name="wechat"),
    path("wechat/back", wechat.come_back, name="wechat_back"),
    path("me", signing_in.me, name="me"),
    path("sign-out", signing_in.sign_out, name="sign_out"),
    path("sign-out-everywhere", signing_in.sign_out_everywhere, name="everywhere"),
    path("money", filing.money, name="money"),
    path("file", filing.file, name="file"),
    path(f"{CLAIM}/why", filing.why, name="why"),
    path(f"{CLAIM}/dispute", filing.dispute, name="dispute"),
    path(CLAIM, status.claim_page, name="claim"),
    path(f"{CLAIM}/amend", changing.amend, name="amend"),
    path(f"{CLAIM}/withdraw", changing.withdraw, name="withdraw"),
    path(f"{CLAIM}/again", changing.again, name="again"),
    path(f"{CLAIM}/papers", changing.papers, name="papers"),
    path("papers/<int:paper_id>", changing.paper, name="paper"),
    path(f"{CLAIM}/payout", paying.payout, name="payout"),
    path(f"{CLAIM}/payout/<int:place>", paying.further_way, name="further_way"),
    path("payment", payments.overview, name="payments"),
    path(f"{CLAIM}/payment", payments.payment, name="payment"),
    path(f"{CLAIM}/payment/<int:number>/proof.json", payments.proof, name="proof"),
    path(f"{CLAIM}/payment/orders/<int:order_id>", payments.receipt, name="receipt"),
    path(
        f"{CLAIM}/payment/orders/<int:order_id>/receipt.docx",
        payments.receipt_file,
        name="receipt_file",
    ),
    path(f"{CLAIM}/identity", paying.identity, name="identity"),
    path(f"{CLAIM}/objection", writing.objection, name="objection"),
    path(f"{CLAIM}/messages", writing.messages_page, name="messages"),
    path("register", register.register, name="register"),
    path("register/<int:claim_id>", register.entry, name="entry"),
    path("other", others.choose, name="other"),
    path("other/<slug:kind>", others.file_other, name="other_kind"),
]
