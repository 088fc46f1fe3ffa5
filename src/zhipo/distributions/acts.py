"""The names under which this app's acts stand in the ledger."""

MONEY_IN = "enter_money"
TAKEN_BACK = "take_money_back"
APPROVAL = "approve_plan"
