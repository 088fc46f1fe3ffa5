"""The names under which acts on pools, plans and costs stand in the ledger."""

MONEY_IN = "enter_money"
TAKEN_BACK = "take_money_back"
APPROVAL = "approve_plan"
RELEASING = "release_deposit"
COST_PAID = "pay_cost"
SPENT_ADVANCE = "spend_advance"
UNUSED_BACK = "give_back_unused"
