"""Staged refunds (分阶段清退): small sums at once, larger ones in parts."""
