"""Money from outside that keeps a case going: what it may pay, how it comes back."""

from datetime import date

EBL = date(2007, 6, 1)
MFEE = date(2007, 6, 1)
MINUTES_2018 = date(2018, 3, 4)
CIVIL_CODE = date(2021, 1, 1)
