"""Enforcement before the case: freezes, their limits, orders of payment."""
