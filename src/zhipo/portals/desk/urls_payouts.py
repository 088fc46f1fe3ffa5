"""/desk/<case>/payouts...: releases, orders, bank files, deposits."""

from django.urls import path

from zhipo.portals.desk.views import deposits, orders, payouts, releases, ways

ROOT = "<slug:slug>/payouts"
urlpatterns = [
    path(ROOT, payouts.payouts, name="payouts"),
    path(f"{ROOT}/do/fill", payouts.fill, name="fill_account"),
    path(f"{ROOT}/plans/<int:plan_id>/prepare", payouts.prepare, name="prepare_release"),
    path(f"{ROOT}/releases/<int:release_id>", releases.release, name="release"),
    path(f"{ROOT}/releases/<int:release_id>/progress", releases.progress,
         name="release_progress"),
    path(f"{ROOT}/releases/<int:release_id>/do/<slug:name>", releases.act,
         name="release_act"),
    path(f"{ROOT}/files/<int:file_id>", releases.bank_file, name="bank_file"),
    path(f"{ROOT}/releases/<int:release_id>/do/files/<int:file_id>", releases.bank_return,
         name="bank_return"),
    path(f"{ROOT}/orders", orders.orders, name="orders"),
    path(f"{ROOT}/orders.csv", orders.orders_csv, name="orders_csv"),
    path(f"{ROOT}/orders/<int:order_id>", orders.order, name="order"),
    path(f"{ROOT}/orders/<int:order_id>/do/<slug:name>", orders.act, name="order_act"),
    path("<slug:slug>/ways", ways.ways, name="ways"),
    path("<slug:slug>/ways/do/hand-in", ways.hand_in, name="hand_in_ways"),
    path("<slug:slug>/ways/template", ways.template, name="ways_template"),
    path("<slug:slug>/ways/<int:way_id>/letter", ways.letter, name="way_letter"),
    path("<slug:slug>/ways/lists/<slug:batch>", ways.way_list, name="way_list"),
    path("<slug:slug>/ways/lists/<slug:batch>/do/<slug:name>", ways.act_on_list,
         name="act_on_way_list"),
    path("<slug:slug>/claims/<int:claim_id>/ways", ways.claim_ways, name="claim_ways"),
    path("<slug:slug>/claims/<int:claim_id>/ways/do/<slug:name>", ways.act_on_claim,
         name="act_on_claim_ways"),
    path("<slug:slug>/deposits", deposits.deposits, name="deposits"),
    path("<slug:slug>/deposits/do/share-out/<slug:name>", deposits.share_out,
         name="share_out"),
    path("<slug:slug>/deposits/do/plans/<int:plan_id>", deposits.unclaimed,
         name="deposit_unclaimed"),
    path("<slug:slug>/deposits/<int:deposit_id>", deposits.deposit, name="deposit"),
    path("<slug:slug>/deposits/<int:deposit_id>/do/<slug:name>", deposits.act,
         name="deposit_act"),
]  # fmt: skip
