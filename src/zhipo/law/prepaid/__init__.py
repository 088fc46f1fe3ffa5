"""Prepaid consumption (预付式消费解释 法释〔2025〕4号): what a consumer is owed back."""

from datetime import date

IN_FORCE = date(2025, 5, 1)
