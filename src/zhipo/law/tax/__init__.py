"""Taxes in and around bankruptcy: value-added tax, income tax, the tax office.

Reliefs from deed tax, stamp duty and land value tax on restructuring (TAX-07) are not
here: unverified, and rare for a trader without land.
"""

from datetime import date

VAT = date(2026, 1, 1)
"""《增值税法》; the rates before it were not read."""
VAT_RELIEF_ENDS = date(2028, 1, 1)
"""The first day without the small-scale relief of 2026 and 2027."""
CIT = date(2008, 1, 1)
"""《企业所得税法》 and 《企业所得税法实施条例》."""
TCL = date(2001, 5, 1)
"""《税收征收管理法》."""
TCR = date(2002, 10, 15)
"""《税收征收管理法实施细则》."""
T24 = date(2025, 11, 27)
"""国家税务总局 最高人民法院公告2025年第24号."""
