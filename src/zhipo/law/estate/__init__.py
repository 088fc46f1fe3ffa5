"""The debtor's property: what belongs to it, what comes back, what others take out."""

from datetime import date

EBL = date(2007, 6, 1)
BI2 = date(2021, 1, 1)
"""《破产法解释二》 as amended; its text of 2013 was not read."""
