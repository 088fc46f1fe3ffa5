"""Payments, starting from what the reader may see."""
