"""/desk/<case>/money...: accounts, money in, movements, bills."""

from django.urls import path

from zhipo.portals.desk.views import bills, money

urlpatterns = [
    path("<slug:slug>/money", money.money, name="money"),
    path("<slug:slug>/money/enter", money.enter, name="enter_money"),
    path("<slug:slug>/money/accounts", money.open_account, name="open_account"),
    path("<slug:slug>/money/pools", money.open_pool, name="open_pool"),
    path("<slug:slug>/money/movements", money.movements, name="movements"),
    path("<slug:slug>/money/movements/<int:entry_id>", money.movement, name="movement"),
    path("<slug:slug>/money/movements/<int:entry_id>/back", money.take_back,
         name="take_money_back"),
    path("<slug:slug>/money/bills", bills.bills, name="bills"),
    path("<slug:slug>/money/bills/read", bills.reconcile, name="reconcile"),
    path("<slug:slug>/money/bills/<int:bill_id>", bills.bill, name="bill"),
    path("<slug:slug>/money/bills/<int:bill_id>/export", bills.export,
         name="export_bill"),
]  # fmt: skip
