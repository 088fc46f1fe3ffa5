"""Turning property into money: the court's network auctions, the administrator's sales."""

from datetime import date

AUC = date(2017, 1, 1)
"""《网络司法拍卖规定》."""
AUCO = date(2021, 1, 1)
"""《拍卖变卖规定》 as amended; its text of 2005 was not read."""
PRICE = date(2018, 9, 1)
"""《参考价规定》."""
